//! The page or app around us: who may hear of the flow, and what (`widget.md`, section 4).

use wasm_bindgen::JsValue;

use banklink_flow::Posting;
use banklink_protocol::{boot::AllowedOrigin, ids::SessionId, messages::Value};

use crate::browser;

/// Who hears of the flow: the parent or opener, if it is of one of these origins.
pub(crate) struct Host {
    /// Separated by spaces.
    origins: String,
}

impl Host {
    /// The origin is the nearest ancestor's where the browser tells it and the app allows it; where it is not known,
    /// every exact origin of the app is tried, of which the browser lets at most one hear.
    pub(crate) fn around(allowed: &[AllowedOrigin]) -> Self {
        let Some(known) = browser::host_origin() else {
            return Self { origins: allowed.iter().filter_map(exact).collect::<Vec<_>>().join(" ") };
        };
        let may_hear = allowed.iter().any(|origin| origin.allows(&known));
        Self { origins: if may_hear { known } else { String::new() } }
    }

    /// Posts a message.
    pub(crate) fn post(&self, posting: &Posting) {
        let session = posting.session.as_ref().map(SessionId::as_str);
        let mut fields = vec![JsValue::from_str("step"), JsValue::from_str(posting.message.step())];
        posting.message.payload(session.unwrap_or_default(), |name, value| {
            fields.push(JsValue::from_str(name));
            fields.push(match value {
                Value::Text(text) => JsValue::from_str(text),
                Value::Number(number) => JsValue::from_f64(f64::from(number)),
            });
        });
        browser::post(&self.origins, fields, session, posting.sequence);
    }
}

fn exact(origin: &AllowedOrigin) -> Option<&str> {
    match origin {
        AllowedOrigin::Exact(origin) => Some(origin.as_str()),
        AllowedOrigin::Localhost => None,
    }
}
