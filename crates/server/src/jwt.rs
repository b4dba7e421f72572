//! Tokens in the shape of a JSON Web Token (RFC 7519), signed with HS256 under a key that is derived from the server's own:
//! as integrations of Finlink and Flinks Open Banking expect them. What one opens is asked of the database, as of every other token, so one that is
//! signed well can still be over.

use banklink_domain::ids::ClientId;
use banklink_protocol::secret::Secret;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{problem::ApiError, random, seal::Sealer};

#[derive(Serialize)]
struct Header {
    alg: &'static str,
    typ: &'static str,
}

/// What a token says of itself.
#[derive(Serialize)]
pub struct Claims {
    iss: &'static str,
    aud: &'static str,
    client_id: String,
    sub: String,
    iat: i64,
    exp: i64,
    /// No two are alike, and none can be guessed.
    jti: String,
}

impl Claims {
    /// For this audience, of this client, from now on.
    pub fn new(aud: &'static str, client: ClientId, now: Timestamp, lifetime: SignedDuration) -> Self {
        let (iat, jti) = (now.as_second(), hex::encode(random::bytes::<32>()));
        let client_id = client.to_string();
        Self { iss: "banklink", aud, sub: client_id.clone(), client_id, iat, exp: iat + lifetime.as_secs(), jti }
    }

    /// The same, about somebody else than the client.
    #[must_use]
    pub fn about(self, sub: impl Into<String>) -> Self {
        Self { sub: sub.into(), ..self }
    }
}

/// A new token.
pub fn mint(sealer: &Sealer, claims: &Claims) -> Result<Secret, ApiError> {
    let header = Header { alg: "HS256", typ: "JWT" };
    let signed = format!("{}.{}", part(&header)?, part(claims)?);
    let signature = sealer.sign(signed.as_bytes()).map_err(ApiError::internal)?;
    Ok(Secret::new(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))))
}

fn part(value: &impl Serialize) -> Result<String, ApiError> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).map_err(ApiError::internal)?))
}
