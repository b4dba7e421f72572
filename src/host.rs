//! The page or app around us: messages out, and the way on (`widget.md`, sections 4 and 5).

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Url, Window, console};

use banklink_flow::{Navigation, Posting, Target};
use banklink_protocol::{
    boot::AllowedOrigin,
    ids::SessionId,
    messages::{ErrorMessage, Message, Value},
};

use crate::dom;

/// Version of the messages' envelope.
const VERSION: u32 = 1;

/// Who hears of the flow: a window, and the origins that may hear.
pub(crate) struct Host {
    window: Option<Window>,
    origins: Vec<String>,
}

impl Host {
    /// The parent of the frame, else the opener. The origin is the nearest ancestor's where the browser tells it and
    /// the app allows it; where it is not known, every exact origin of the app is tried, of which the browser lets at
    /// most one hear.
    pub(crate) fn around(allowed: &[AllowedOrigin]) -> Self {
        let window = if dom::is_framed() { dom::window().parent().ok().flatten() } else { opener() };
        let origins = match known_origin() {
            Some(known) => allowed.iter().any(|origin| origin.allows(&known)).then_some(known).into_iter().collect(),
            None => allowed.iter().filter_map(exact).collect(),
        };
        Self { window, origins }
    }

    /// Posts a message, and leaves word for `boot.js` in case of a trap.
    pub(crate) fn post(&self, posting: &Posting) {
        let page = dom::window();
        match &posting.message {
            Message::ScreenLoaded(screen) => dom::set(&page, "banklinkScreen", &screen.as_str().into()),
            Message::Error(ErrorMessage::InvalidParameter(name)) => {
                console::warn_2(&"banklink: invalid parameter".into(), &name.as_str().into());
            }
            message if message.ends_flow() => dom::set(&page, "banklinkEnded", &JsValue::TRUE),
            _ => {}
        }
        dom::set(&page, "banklinkSequence", &posting.sequence.into());
        let Some(window) = &self.window else { return };
        let message = object(posting);
        for origin in &self.origins {
            // Fails only where the other window is gone.
            _ = window.post_message(&message, origin);
        }
    }
}

/// Goes on to the app. A browser that refuses leaves the page standing, and with it the link.
pub(crate) fn navigate(navigation: &Navigation) {
    let window = match navigation.target {
        Target::Own => Some(dom::window()),
        Target::Top => dom::window().top().ok().flatten(),
    };
    if let Some(window) = window {
        _ = window.location().set_href(&navigation.url);
    }
}

fn object(posting: &Posting) -> Object {
    let session = posting.session.as_ref().map(SessionId::as_str);
    let message = Object::new();
    dom::set(&message, "step", &posting.message.step().into());
    posting.message.payload(session.unwrap_or_default(), |name, value| match value {
        Value::Text(text) => dom::set(&message, name, &text.into()),
        Value::Number(number) => dom::set(&message, name, &number.into()),
    });
    let envelope = Object::new();
    dom::set(&envelope, "version", &VERSION.into());
    dom::set(&envelope, "session", &session.map_or(JsValue::NULL, JsValue::from_str));
    dom::set(&envelope, "sequence", &posting.sequence.into());
    dom::set(&envelope, "timestamp", &Date::now().into());
    dom::set(&message, "banklink", &envelope);
    message
}

fn opener() -> Option<Window> {
    let opener = dom::window().opener().ok()?;
    // A window of another origin is no instance of this one's `Window`, so its type can't be checked.
    (!opener.is_falsy()).then(|| opener.unchecked_into())
}

fn exact(origin: &AllowedOrigin) -> Option<String> {
    match origin {
        AllowedOrigin::Exact(origin) => Some(origin.as_str().to_owned()),
        AllowedOrigin::Localhost => None,
    }
}

/// The nearest ancestor's origin, else the referrer's. A page that was reached from our own says nothing.
fn known_origin() -> Option<String> {
    let location = dom::window().location();
    // Firefox has no such list.
    let ancestors = Reflect::get(&location, &"ancestorOrigins".into()).ok().filter(JsValue::is_object);
    let nearest = ancestors.and_then(|ancestors| Reflect::get_u32(&ancestors, 0).ok()?.as_string());
    let origin = nearest.or_else(|| {
        let referrer = Url::new(&dom::document().referrer()).ok()?;
        // An app's own page, as `capacitor://localhost`, has no origin that `URL` tells.
        let told = referrer.origin();
        Some(if told == "null" { [&referrer.protocol(), "//", &referrer.host()].concat() } else { told })
    })?;
    (location.origin().ok().as_ref() != Some(&origin)).then_some(origin)
}
