//! Who looks at the page.
//!
//! The example has no sign-in, so each browser is a person of its own, known by a cookie. Your app has accounts: take
//! the id of the person who is signed in.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use sha2::{Digest, Sha256};

use crate::random;

/// A browser's cookie is like a password and stays between browser and server; what others hear of is [`Visitor::id`].
const COOKIE: &str = "tuppence_visitor";

/// Bytes of the cookie's value, which is hexadecimal.
const LENGTH: usize = 16;

/// Whoever sent a request.
#[derive(Clone)]
pub(super) struct Visitor {
    cookie: String,
}

impl Visitor {
    fn new() -> Self {
        Self { cookie: hex::encode(random::bytes::<LENGTH>()) }
    }

    fn known(headers: &HeaderMap) -> Option<Self> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, cookie) = pairs.find(|(name, _)| *name == COOKIE)?;
        let is_ours = hex::decode(cookie).is_ok_and(|bytes| bytes.len() == LENGTH);
        is_ours.then(|| Self { cookie: cookie.to_owned() })
    }

    /// The person's id, for the link server. It says nothing about the cookie.
    pub(super) fn id(&self) -> String {
        hex::encode(Sha256::digest(&self.cookie))
    }

    /// Not for scripts, and sent along when the bank's page leads back here. Yours is `Secure` too.
    fn set_cookie(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", self.cookie)).ok()
    }
}

/// Tells the handlers who asks, and gives newcomers a cookie.
pub(super) async fn recognise(mut request: Request, next: Next) -> Response {
    let known = Visitor::known(request.headers());
    let is_new = known.is_none();
    let visitor = known.unwrap_or_else(Visitor::new);
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    if let Some(cookie) = visitor.set_cookie().filter(|_| is_new) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
