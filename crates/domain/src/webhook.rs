//! Webhooks: addresses of an app's own server that are told what happened (`server.md`, *Webhooks*).

use banklink_protocol::ids::{ConnectionId, InstitutionId, SessionId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

use crate::{
    app::AppMode,
    ids::{AppId, LinkId, SigningKeyId, WebhookId},
    sealed::Sealed,
    uri::{authority, has_only_uri_characters},
};

/// An address that is told what happens in an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Ours.
    pub id: WebhookId,
    /// Whose.
    pub app_id: AppId,
    /// Where.
    pub url: WebhookUrl,
    /// Of what.
    pub events: Subscription,
    /// How what is sent is signed.
    pub style: SignatureStyle,
    /// With what.
    pub keys: SigningKeys,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Webhook {
    /// How many an app has at most.
    pub const MAX: u64 = 5;
}

/// What is sent is signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeys {
    /// The key that counts.
    pub current: SigningKey,
    /// The one before, and until when it signs too, so that receivers have time to change theirs.
    pub previous: Option<(SigningKey, Timestamp)>,
}

impl SigningKeys {
    /// How long the key before goes on signing.
    pub const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

    /// The keys that sign now, the one that counts first.
    pub fn signing(&self, now: Timestamp) -> impl Iterator<Item = &SigningKey> {
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until).map(|(key, _)| key);
        std::iter::once(&self.current).chain(previous)
    }
}

/// A key, sealed by the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// Names it to receivers who look public keys up.
    pub id: SigningKeyId,
    /// The key.
    pub sealed: Sealed,
}

/// How what is sent is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureStyle {
    /// As `standardwebhooks.com` says: HMAC-SHA256 over id, time and body.
    #[default]
    Standard,
    /// As Flinks does: HMAC-SHA256 over the body (`vendor-apis.md`, 1.11).
    FlinksHmac,
    /// As Finlink does: a JWT signed with ES256, whose public key is looked up (`vendor-apis.md`, 3).
    FinlinkJwt,
}

impl SignatureStyle {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Standard, Self::FlinksHmac, Self::FinlinkJwt];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::FlinksHmac => "flinks_hmac",
            Self::FinlinkJwt => "finlink_jwt",
        }
    }

    /// The style of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.as_str() == name)
    }
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventKind {
    /// Somebody linked a bank, or renewed the link.
    #[serde(rename = "session.linked")]
    SessionLinked,
    /// Somebody left the widget.
    #[serde(rename = "session.exited")]
    SessionExited,
    /// Somebody gave up at a failure, or it left no way on.
    #[serde(rename = "session.failed")]
    SessionFailed,
    /// A session's time was up.
    #[serde(rename = "session.expired")]
    SessionExpired,
    /// There is a new connection.
    #[serde(rename = "connection.created")]
    ConnectionCreated,
    /// Its person was at the bank again, or it was refreshed.
    #[serde(rename = "connection.updated")]
    ConnectionUpdated,
    /// Its data can be read, and is as new as the bank has it.
    #[serde(rename = "connection.data_ready")]
    ConnectionDataReady,
    /// The bank wants to see the person again.
    #[serde(rename = "connection.needs_reauthorisation")]
    ConnectionNeedsReauthorisation,
    /// It could not be refreshed.
    #[serde(rename = "connection.failed")]
    ConnectionFailed,
    /// It is gone, with what it held.
    #[serde(rename = "connection.deleted")]
    ConnectionDeleted,
    /// Nothing happened: somebody tries the webhook.
    #[serde(rename = "webhook.test")]
    Test,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::SessionLinked,
        Self::SessionExited,
        Self::SessionFailed,
        Self::SessionExpired,
        Self::ConnectionCreated,
        Self::ConnectionUpdated,
        Self::ConnectionDataReady,
        Self::ConnectionNeedsReauthorisation,
        Self::ConnectionFailed,
        Self::ConnectionDeleted,
        Self::Test,
    ];

    /// As it is stored, shown and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionLinked => "session.linked",
            Self::SessionExited => "session.exited",
            Self::SessionFailed => "session.failed",
            Self::SessionExpired => "session.expired",
            Self::ConnectionCreated => "connection.created",
            Self::ConnectionUpdated => "connection.updated",
            Self::ConnectionDataReady => "connection.data_ready",
            Self::ConnectionNeedsReauthorisation => "connection.needs_reauthorisation",
            Self::ConnectionFailed => "connection.failed",
            Self::ConnectionDeleted => "connection.deleted",
            Self::Test => "webhook.test",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What a webhook is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// Whatever happens, of kinds that are yet to come too.
    All,
    /// These.
    Only(Vec<EventKind>),
}

impl Subscription {
    /// Whether this kind is among them. Whoever tries a webhook is told.
    pub fn includes(&self, kind: EventKind) -> bool {
        match self {
            Self::All => true,
            Self::Only(kinds) => kind == EventKind::Test || kinds.contains(&kind),
        }
    }
}

/// What an event tells of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionEvent {
    /// Flinks' `RequestId`.
    pub id: SessionId,
    /// `linked`, `exited`, `failed` or `expired`.
    pub outcome: &'static str,
    /// Why the person left, or at which failure.
    pub reason: Option<String>,
    /// What was made or renewed.
    pub connection: Option<ConnectionId>,
    /// Where the person was, if an institution was chosen.
    pub institution: Option<InstitutionId>,
    /// The link that the person came through, if one.
    pub link: Option<LinkId>,
}

/// What an event tells of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionEvent {
    /// Flinks' `LoginId`.
    pub id: ConnectionId,
    /// Where.
    pub institution: InstitutionId,
    /// `active`, `needs_reauthorisation` or `deleted`.
    pub status: &'static str,
    /// The app's own id of the person.
    pub external_id: Option<String>,
    /// What the page's `tag` carried.
    pub tag: Option<String>,
    /// Why it could not be refreshed, where it is told that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<&'static str>,
}

/// Something that is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Counts up: of two about one connection, the lower is sent first.
    pub number: i64,
    /// To whom.
    pub webhook: WebhookId,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// What of it, as JSON.
    pub data: String,
    /// What is a secret of it: the token that brings the person of a connection back.
    pub secret: Option<Sealed>,
}

impl Message {
    /// Names it to its receiver, who may get it twice. The time keeps it apart from what had the number before, should an
    /// older copy of the database be put in place.
    pub fn id(&self) -> String {
        format!("msg_{}_{}", self.at.as_millisecond(), self.number)
    }
}

/// Whether a message arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// Not yet.
    Pending {
        /// When it is tried next.
        next: Timestamp,
    },
    /// It did.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// Nobody took it for a day: it is not tried any more unless somebody asks for it.
    Parked {
        /// Since when.
        at: Timestamp,
    },
}

impl DeliveryState {
    /// Which it is, without when.
    pub const fn stage(self) -> DeliveryStage {
        match self {
            Self::Pending { .. } => DeliveryStage::Pending,
            Self::Delivered { .. } => DeliveryStage::Delivered,
            Self::Parked { .. } => DeliveryStage::Parked,
        }
    }
}

/// A state of deliveries, by which one looks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStage {
    /// Not yet.
    Pending,
    /// It arrived.
    Delivered,
    /// It is not tried any more.
    Parked,
}

impl DeliveryStage {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Parked];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Parked => "parked",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}

/// How long messages and what came of them are remembered.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Seconds from each attempt to the next; together a day.
const PAUSES: [i64; 9] = [10, 60, 5 * 60, 20 * 60, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 8 * 3600];

/// How long to wait after so many attempts that failed, spread by up to a tenth, so that what failed together is not
/// tried together; nothing once it is enough. `spread` is random.
pub fn pause_after(attempts: u32, spread: u8) -> Option<SignedDuration> {
    let place = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let seconds = PAUSES.get(place)?;
    Some(SignedDuration::from_millis(seconds * 1000 + seconds * 100 * i64::from(spread) / 255))
}

/// What was said back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer of this status, and the beginning of its body.
    Answered {
        /// HTTP.
        status: u16,
        /// At most [`Reply::MAX_BODY`] bytes of it.
        body: String,
    },
    /// None: why.
    Silent(Silence),
}

impl Reply {
    /// Most bytes of a body that are kept.
    pub const MAX_BODY: usize = 2048;

    /// Whether the receiver took the message.
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }
}

/// Why nobody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The name leads nowhere, or to addresses that messages are not sent to.
    NotPublic,
    /// No connection, or one without a certificate that is trusted, or one that broke.
    Unreachable,
    /// The time was up.
    TooSlow,
    /// Our own fault: it could not be opened or signed.
    Unsent,
}

impl Silence {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NotPublic, Self::Unreachable, Self::TooSlow, Self::Unsent];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotPublic => "not_public",
            Self::Unreachable => "unreachable",
            Self::TooSlow => "too_slow",
            Self::Unsent => "unsent",
        }
    }

    /// The reason of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|silence| silence.as_str() == name)
    }
}

/// Where messages are sent: `https` to a public host; in sandbox apps to this very machine too, by `http` if wished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrl(Url);

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WebhookUrlError {
    /// No absolute URL in the characters of one, or too long.
    #[error("not a well-formed absolute URL of at most {} bytes", WebhookUrl::MAX)]
    Malformed,
    /// Neither `https` nor `http`, or `http` to another machine.
    #[error("not https")]
    Insecure,
    /// A user name or a password.
    #[error("has a user name or a password")]
    UserInfo,
    /// A fragment, which no server sees.
    #[error("has a fragment")]
    Fragment,
    /// An address of this machine or its network.
    #[error("not a public host")]
    NotPublic,
}

impl WebhookUrl {
    /// Longest address, in bytes.
    pub const MAX: usize = 2000;

    /// Reads an address for an app of this mode. Where a name leads is looked at when something is sent there.
    pub fn parse(text: &str, mode: AppMode) -> Result<Self, WebhookUrlError> {
        let url = Self::read(text)?;
        match (url.0.scheme(), url.is_local(), mode) {
            ("http" | "https", true, AppMode::Sandbox) | ("https", false, _) => Ok(url),
            (_, true, _) => Err(WebhookUrlError::NotPublic),
            _ => Err(WebhookUrlError::Insecure),
        }
    }

    /// Reads an address that was taken before.
    pub fn read(text: &str) -> Result<Self, WebhookUrlError> {
        if text.len() > Self::MAX || !has_only_uri_characters(text) || authority(text).is_none_or(str::is_empty) {
            return Err(WebhookUrlError::Malformed);
        }
        let url = Url::parse(text).map_err(|_| WebhookUrlError::Malformed)?;
        if url.host().is_none() {
            return Err(WebhookUrlError::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WebhookUrlError::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(WebhookUrlError::Fragment);
        }
        Ok(Self(url))
    }

    /// Whether it names this very machine.
    fn is_local(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// The address.
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://app.example/hooks?a=1", AppMode::Live, Ok(()))]
    #[case("https://app.example:8443", AppMode::Sandbox, Ok(()))]
    #[case("http://localhost:3000/hooks", AppMode::Sandbox, Ok(()))]
    #[case("http://127.0.0.1/", AppMode::Sandbox, Ok(()))]
    #[case("https://[::1]:8443/", AppMode::Sandbox, Ok(()))]
    #[case("http://localhost:3000/hooks", AppMode::Live, Err(WebhookUrlError::NotPublic))]
    #[case("https://localhost./hooks", AppMode::Live, Err(WebhookUrlError::NotPublic))]
    #[case("https://127.1/", AppMode::Live, Err(WebhookUrlError::NotPublic))]
    #[case("http://app.example/hooks", AppMode::Sandbox, Err(WebhookUrlError::Insecure))]
    #[case("ftp://app.example/hooks", AppMode::Live, Err(WebhookUrlError::Insecure))]
    #[case("javascript:alert(1)", AppMode::Live, Err(WebhookUrlError::Malformed))]
    #[case("https:///hooks", AppMode::Live, Err(WebhookUrlError::Malformed))]
    #[case("https://a b.example", AppMode::Live, Err(WebhookUrlError::Malformed))]
    #[case("/hooks", AppMode::Live, Err(WebhookUrlError::Malformed))]
    #[case("https://user@app.example", AppMode::Live, Err(WebhookUrlError::UserInfo))]
    #[case("https://app.example/#part", AppMode::Live, Err(WebhookUrlError::Fragment))]
    fn messages_go_to_https_alone_but_for_sandbox_apps_to_this_machine(
        #[case] text: &str,
        #[case] mode: AppMode,
        #[case] expected: Result<(), WebhookUrlError>,
    ) {
        assert_eq!(WebhookUrl::parse(text, mode).map(drop), expected);
    }

    #[test]
    fn messages_are_tried_ten_times_within_a_day_and_then_parked() {
        let pauses = |spread| (1..).map_while(|attempts| pause_after(attempts, spread)).collect::<Vec<_>>();
        for spread in [0, 255] {
            let all: SignedDuration = pauses(spread).into_iter().sum();
            assert_eq!(pauses(spread).len(), 9);
            assert!((23..=26).contains(&all.as_hours()), "{all}");
            assert!(pauses(spread).is_sorted());
        }
        assert_eq!(pause_after(0, 0), None);
        assert!(pause_after(1, 255) > pause_after(1, 0));
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for style in SignatureStyle::ALL {
            assert_eq!(SignatureStyle::parse(style.as_str()), Some(style));
        }
        for silence in Silence::ALL {
            assert_eq!(Silence::parse(silence.as_str()), Some(silence));
        }
    }

    #[test]
    fn a_webhook_is_told_what_it_asked_for_and_when_somebody_tries_it() {
        let some = Subscription::Only(vec![EventKind::ConnectionDeleted]);
        let told: Vec<_> = EventKind::ALL.into_iter().filter(|kind| some.includes(*kind)).collect();
        assert_eq!(told, [EventKind::ConnectionDeleted, EventKind::Test]);
        assert!(EventKind::ALL.into_iter().all(|kind| Subscription::All.includes(kind)));
    }
}
