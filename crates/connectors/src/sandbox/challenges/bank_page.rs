//! The bank's own page (OAuth 2.0, RFC 6749, section 4.1). The server shows it; what it sends back means something here.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use banklink_protocol::{
    challenge::{BankPage, Challenge},
    failures::FailureCode,
    ids::InstitutionId,
    secret::Secret,
};

use super::elsewhere::{DENIED, EXPIRED};
use crate::{
    contract::{BankReturn, Challenged, ConnectorState, InstitutionRef, Language, ReturnTo, Step},
    sandbox::{
        WaitsFor, form,
        login::{Login, Opening},
    },
};

/// Where the page is, at the origin that the person comes back to.
pub const BANK_PAGE_PATH: &str = "/sandbox/bank/authorize";

/// The client that the bank knows the server as.
pub const BANK_PAGE_CLIENT: &str = "banklink";

/// How long the bank waits for the person.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// What a login on the bank's page comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BankPageLogin {
    /// Linked.
    Linked,
    /// Linked, but no account can be read.
    WithoutData,
}

/// A login on the bank's page.
#[derive(Serialize, Deserialize)]
pub(in crate::sandbox) struct AtBank {
    institution: InstitutionId,
    country: String,
    /// Of the page; it holds the `state`.
    url: Secret,
    asked_at: Timestamp,
}

impl AtBank {
    /// Sends the person there.
    pub(in crate::sandbox) fn open(
        institution: InstitutionRef,
        return_to: &ReturnTo,
        language: &Language,
        now: Timestamp,
    ) -> Step {
        let Some(url) = page(return_to, language) else { return Step::Failed(FailureCode::InternalError) };
        let InstitutionRef { id, country, .. } = institution;
        Self { institution: id, country, url, asked_at: now }.show(false)
    }

    /// Shows the way to the page again.
    pub(in crate::sandbox) fn show_again(self) -> Step {
        self.show(true)
    }

    /// Nobody but the person's browser knows what happens there.
    pub(in crate::sandbox) fn poll(&self, now: Timestamp) -> Step {
        if self.is_over(now) { Step::Failed(EXPIRED) } else { Step::Waiting }
    }

    /// Takes what they came back with.
    pub(in crate::sandbox) fn returned(&self, returned: &BankReturn, language: &Language, now: Timestamp) -> Step {
        if self.is_over(now) {
            return Step::Failed(EXPIRED);
        }
        let code = match returned {
            BankReturn::Code(code) => code.expose(),
            BankReturn::Error(error) if error == "access_denied" => return Step::Failed(DENIED),
            BankReturn::Error(_) => return Step::Failed(FailureCode::RetryLater),
        };
        match read(code) {
            Some((username, login)) => {
                let opening = match login {
                    BankPageLogin::Linked => Opening::Welcome,
                    BankPageLogin::WithoutData => Opening::WelcomeWithoutData,
                };
                Login::new(self.institution.clone(), self.country.clone(), username).open(opening, language, now)
            }
            None => Step::Failed(FailureCode::RetryLater),
        }
    }

    fn show(self, again: bool) -> Step {
        let challenge = Challenge::BankPage(BankPage { url: self.url.expose().to_owned() });
        let expires_at = self.expires_at();
        let Ok(state) = ConnectorState::write(&WaitsFor::Bank(self)) else {
            return Step::Failed(FailureCode::InternalError);
        };
        Step::Challenge(Challenged {
            challenge,
            again,
            attempts_left: None,
            expires_at,
            resend_at: None,
            can_switch: false,
            rejected: None,
            state,
        })
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.asked_at.checked_add(LIFETIME).ok()
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at().is_some_and(|expires_at| expires_at <= now)
    }
}

/// The page's address; `None`: there is no such origin. `ui_locales` tells the bank what the person reads
/// (`OpenID` Connect Core, section 3.1.2.1).
fn page(return_to: &ReturnTo, language: &Language) -> Option<Secret> {
    let origin = Url::parse(&return_to.url).ok()?.origin();
    let mut page = origin.is_tuple().then(|| Url::parse(&origin.ascii_serialization()))?.ok()?;
    page.set_path(BANK_PAGE_PATH);
    page.query_pairs_mut()
        .append_pair("client_id", BANK_PAGE_CLIENT)
        .append_pair("response_type", "code")
        .append_pair("redirect_uri", &return_to.url)
        .append_pair("state", return_to.state.expose())
        .append_pair("ui_locales", language.tag());
    Some(Secret::new(page))
}

/// What a code says.
#[derive(Serialize, Deserialize)]
struct Claims {
    username: Secret,
    login: BankPageLogin,
}

/// Bytes of the checksum by which a code is known.
const CHECKSUM: usize = 8;

/// The code that the bank's page sends the person back with who logged in under this name. It keeps nobody out who
/// reads this source, as everything in the sandbox; it only looks as codes do, so that nothing takes it apart.
pub fn authorization_code(username: &str, login: BankPageLogin) -> String {
    let claims = Claims { username: Secret::new(username), login };
    let mut bytes = serde_json::to_vec(&claims).unwrap_or_default();
    let checksum = checksum(&bytes);
    mask(checksum, &mut bytes);
    URL_SAFE_NO_PAD.encode([&checksum[..], &bytes].concat())
}

/// What a code says, if it is one.
fn read(code: &str) -> Option<(Secret, BankPageLogin)> {
    let bytes = URL_SAFE_NO_PAD.decode(code).ok()?;
    let (given, masked) = bytes.split_first_chunk::<CHECKSUM>()?;
    let mut bytes = masked.to_vec();
    mask(*given, &mut bytes);
    let Claims { username, login } = serde_json::from_slice(&bytes).ok()?;
    let is_ours = checksum(&bytes) == *given;
    is_ours.then_some((form::username(username.expose())?, login))
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let hash: [u8; 32] = Sha256::new().chain_update("banklink sandbox code").chain_update(bytes).finalize().into();
    let mut checksum = [0; CHECKSUM];
    checksum.copy_from_slice(&hash[..CHECKSUM]);
    checksum
}

/// Makes the bytes unreadable, or readable again.
fn mask(key: [u8; CHECKSUM], bytes: &mut [u8]) {
    for (block, chunk) in (0_u64..).zip(bytes.chunks_mut(32)) {
        let pad: [u8; 32] = Sha256::new().chain_update(key).chain_update(block.to_be_bytes()).finalize().into();
        for (byte, pad) in chunk.iter_mut().zip(pad) {
            *byte ^= pad;
        }
    }
}
