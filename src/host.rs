//! The page or app around us: what it hears of the flow (`widget.md`, section 4). Who may hear is decided in `boot.js`,
//! which must know it even where the widget can't run.

use wasm_bindgen::JsValue;

use banklink_flow::Posting;
use banklink_protocol::{ids::SessionId, messages::Value};

use crate::browser;

/// Posts a message.
pub(crate) fn post(posting: &Posting) {
    let session = posting.session.as_ref().map(SessionId::as_str);
    let mut fields = Vec::new();
    if let Some(step) = posting.message.step() {
        fields.extend([JsValue::from_str("step"), JsValue::from_str(step)]);
    }
    posting.message.payload(session.unwrap_or_default(), |name, value| {
        fields.push(JsValue::from_str(name));
        fields.push(match value {
            Value::Text(text) => JsValue::from_str(text),
            Value::Number(number) => JsValue::from_f64(f64::from(number)),
            Value::Flag(flag) => JsValue::from_bool(flag),
        });
    });
    browser::post(fields, session, posting.sequence, posting.screen.as_str());
}
