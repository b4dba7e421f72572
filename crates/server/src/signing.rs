//! How what is sent to webhooks is signed, in each style: keys, and headers.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use banklink_domain::{ids::SigningKeyId, webhook::SignatureStyle};
use banklink_protocol::secret::Secret;
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::random;

/// A key could not be made, or what was kept of it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("no signing key")]
pub struct SigningError;

/// A key that was just made.
pub struct NewKey {
    /// What is kept, sealed.
    pub key: Zeroizing<Vec<u8>>,
    /// What the receiver is told, once; nothing where public keys are looked up.
    pub shown: Option<Secret>,
}

impl NewKey {
    /// A key for signatures of this style.
    pub fn generate(style: SignatureStyle) -> Result<Self, SigningError> {
        let random = Zeroizing::new(random::bytes::<32>());
        Ok(match style {
            SignatureStyle::Standard => {
                let shown = format!("whsec_{}", BASE64_STANDARD.encode(random.as_ref()));
                Self { key: Zeroizing::new(random.to_vec()), shown: Some(Secret::new(shown)) }
            }
            SignatureStyle::FlinksHmac => {
                let shown = hex::encode(random.as_ref());
                Self { key: Zeroizing::new(shown.clone().into_bytes()), shown: Some(Secret::new(shown)) }
            }
            SignatureStyle::FinlinkJwt => {
                let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
                let made = made.map_err(|_| SigningError)?;
                Self { key: Zeroizing::new(made.as_ref().to_vec()), shown: None }
            }
        })
    }
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The message's id, the same however often it is sent.
    pub id: &'a str,
    /// When it is sent.
    pub at: Timestamp,
    /// As it is sent.
    pub body: &'a [u8],
}

/// A key that signs, opened.
pub struct OpenedKey {
    /// Its name.
    pub id: SigningKeyId,
    /// The key.
    pub key: Zeroizing<Vec<u8>>,
}

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
/// Flinks' documents disagree on the name: two say the first, one the second (`vendor-apis.md`, 1.11).
const FLINKS: [HeaderName; 2] =
    [HeaderName::from_static("flinks-authenticity-key"), HeaderName::from_static("x-flinks-signature")];
const FINLINK: HeaderName = HeaderName::from_static("vumi-verification");

/// The headers of a message. Id and time are told in every style; of several keys, the first counts, and those that fit
/// into the style sign too.
pub fn headers(style: SignatureStyle, keys: &[OpenedKey], signed: Signed<'_>) -> Result<HeaderMap, SigningError> {
    let mut headers = HeaderMap::new();
    let seconds = signed.at.as_second();
    headers.insert(WEBHOOK_ID, text(signed.id)?);
    headers.insert(WEBHOOK_TIMESTAMP, HeaderValue::from(seconds));
    let first = keys.first().ok_or(SigningError)?;
    match style {
        SignatureStyle::Standard => {
            let prefix = format!("{}.{seconds}.", signed.id);
            let signatures = keys.iter().map(|key| {
                let code = hmac_sha256(&key.key, &[prefix.as_bytes(), signed.body])?;
                Ok(format!("v1,{code}"))
            });
            let signatures: Vec<String> = signatures.collect::<Result<_, SigningError>>()?;
            headers.insert(WEBHOOK_SIGNATURE, text(&signatures.join(" "))?);
        }
        SignatureStyle::FlinksHmac => {
            let code = text(&hmac_sha256(&first.key, &[signed.body])?)?;
            headers.extend(FLINKS.map(|name| (name, code.clone())));
        }
        SignatureStyle::FinlinkJwt => {
            headers.insert(FINLINK, text(&jwt(first, signed)?)?);
        }
    }
    Ok(headers)
}

fn text(value: &str) -> Result<HeaderValue, SigningError> {
    HeaderValue::from_str(value).map_err(|_| SigningError)
}

fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Result<String, SigningError> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| SigningError)?;
    for part in parts {
        hmac.update(part);
    }
    Ok(BASE64_STANDARD.encode(hmac.finalize().into_bytes()))
}

#[derive(Serialize)]
struct JwtHeader {
    alg: &'static str,
    kid: String,
    typ: &'static str,
}

/// Finlink's claims are not documented: these bind the token to its time and its body.
#[derive(Serialize)]
struct Claims {
    iat: i64,
    exp: i64,
    request_body_sha256: String,
}

/// How long a token counts, in seconds.
const JWT_LIFETIME: i64 = 5 * 60;

fn jwt(key: &OpenedKey, signed: Signed<'_>) -> Result<String, SigningError> {
    let iat = signed.at.as_second();
    let request_body_sha256 = hex::encode(Sha256::digest(signed.body));
    let header = JwtHeader { alg: "ES256", kid: key.id.to_string(), typ: "JWT" };
    let claims = Claims { iat, exp: iat + JWT_LIFETIME, request_body_sha256 };
    let token = format!("{}.{}", part(&header)?, part(&claims)?);
    let signature = pair(&key.key)?.sign(&SystemRandom::new(), token.as_bytes()).map_err(|_| SigningError)?;
    Ok(format!("{token}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref())))
}

fn part(value: &impl Serialize) -> Result<String, SigningError> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).map_err(|_| SigningError)?))
}

fn pair(pkcs8: &[u8]) -> Result<EcdsaKeyPair, SigningError> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new()).map_err(|_| SigningError)
}

/// The public half of a key, as receivers look it up (`vendor-apis.md`, 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// The point's first coordinate.
    pub x: String,
    /// The point's second coordinate.
    pub y: String,
    /// `ES256`
    pub alg: &'static str,
    /// `P-256`
    pub crv: &'static str,
    /// `EC`
    pub kty: &'static str,
}

impl Jwk {
    /// Of a key that signs in Finlink's style.
    pub fn of(pkcs8: &[u8]) -> Result<Self, SigningError> {
        let pair = pair(pkcs8)?;
        // A point that is not compressed: 4, x, y.
        let point = pair.public_key().as_ref();
        let (x, y) = point.get(1..).ok_or(SigningError)?.split_at_checked(32).ok_or(SigningError)?;
        let [x, y] = [x, y].map(|number| BASE64_URL_SAFE_NO_PAD.encode(number));
        Ok(Self { x, y, alg: "ES256", crv: "P-256", kty: "EC" })
    }
}
