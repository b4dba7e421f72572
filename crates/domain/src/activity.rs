//! What was changed in an app or in the organisation, and by whom: the log that operators read.

use core::{fmt, str::FromStr};

use jiff::Timestamp;
use thiserror::Error;

use crate::ids::{AppId, ClientSecretId, OperatorId};

/// Who changes something, and when. Nothing is changed by nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

impl Change {
    /// The change, if a person makes it. What apps do all day, such as issuing tokens, is written down only of those.
    pub const fn of_operator(&self) -> Option<&Self> {
        if let Actor::Operator(_) = self.by { Some(self) } else { None }
    }
}

/// Who can change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever runs the program on the server's machine.
    CommandLine,
    /// An app's own server, by this secret.
    ClientSecret(ClientSecretId),
    /// An app's own server, by its data key, as Flinks integrations call.
    DataKey,
    /// A person who is signed in.
    Operator(OperatorId),
}

/// The text names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not who can change something")]
pub struct InvalidActor;

impl Actor {
    /// The client secret that it is, if it is one.
    pub const fn client_secret(self) -> Option<ClientSecretId> {
        if let Self::ClientSecret(id) = self { Some(id) } else { None }
    }

    /// What kind of actor it is, as it is stored and shown.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::CommandLine => "command_line",
            Self::ClientSecret(_) => "client_secret",
            Self::DataKey => "data_key",
            Self::Operator(_) => "operator",
        }
    }
}

/// As it is stored: `command_line`, `client_secret:<id>`, `data_key`, `operator:<id>`.
impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine | Self::DataKey => formatter.write_str(self.kind()),
            Self::ClientSecret(id) => write!(formatter, "{}:{id}", self.kind()),
            Self::Operator(id) => write!(formatter, "{}:{id}", self.kind()),
        }
    }
}

impl FromStr for Actor {
    type Err = InvalidActor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "command_line" => Ok(Self::CommandLine),
            None if text == "data_key" => Ok(Self::DataKey),
            Some(("client_secret", id)) => id.parse().map(Self::ClientSecret).map_err(|_| InvalidActor),
            Some(("operator", id)) => id.parse().map(Self::Operator).map_err(|_| InvalidActor),
            _ => Err(InvalidActor),
        }
    }
}

/// What can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The subject is its client id, the detail its name.
    AppCreated,
    /// Its name or its settings; the detail names which.
    AppChanged,
    /// There is a new one, and the old works no more.
    DataKeyReplaced,
    /// The subject is the secret's id.
    ClientSecretAdded,
    /// The subject is the secret's id.
    ClientSecretRevoked,
    /// The subject is the URI.
    RedirectUriAdded,
    /// The subject is the URI.
    RedirectUriRemoved,
    /// The subject is the origin.
    OriginAdded,
    /// The subject is the origin.
    OriginRemoved,
    /// The subject is the link's id, the detail its name.
    LinkCreated,
    /// The subject is the link's id, the detail names what of it.
    LinkChanged,
    /// The subject is the link's id, the detail its name.
    LinkDeleted,
    /// The subject is the hash of the stylesheet as it is served.
    ThemeSet,
    /// The default theme is back; there is no subject.
    ThemeRestored,
    /// The subject is the connection's id, the detail the institution's.
    ConnectionDeleted,
    /// The subject is the connection's id, the detail names what of it.
    ConnectionChanged,
    /// By an operator, out of its turn. The subject is the connection's id, the detail the institution's.
    ConnectionRefreshed,
    /// By an operator. The subject is the connection's id, the detail what it is for.
    ReauthorisationTokenIssued,
    /// By an operator. There is no subject.
    AuthorizeTokenIssued,
    /// The subject is the consent's id.
    ConsentRevoked,
    /// The subject is the webhook's id, the detail its address.
    WebhookAdded,
    /// The subject is the webhook's id, the detail names what of it.
    WebhookChanged,
    /// There is a new signing key. The subject is the webhook's id, the detail its address.
    WebhookKeyRotated,
    /// It was sent something that says nothing. The subject is the webhook's id, the detail its address.
    WebhookTested,
    /// It was sent something once more. The subject is the webhook's id, the detail the delivery's.
    DeliveryRepeated,
    /// The subject is the webhook's id, the detail its address.
    WebhookRemoved,
    /// The subject is its name.
    OrganisationNamed,
    /// The subject is the invitation's id, the detail whose it is.
    OperatorInvited,
    /// There is an address that gives them another password. The subject is the operator's id.
    OperatorRecoveryOffered,
    /// The subject is the invitation's id, the detail whose it is.
    InvitationWithdrawn,
    /// The subject is the operator's id, the detail their address.
    OperatorJoined,
    /// The same.
    OperatorRemoved,
    /// The same; every browser that they were signed in with is signed out.
    PasswordChanged,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 33] = [
        Self::AppCreated,
        Self::AppChanged,
        Self::DataKeyReplaced,
        Self::ClientSecretAdded,
        Self::ClientSecretRevoked,
        Self::RedirectUriAdded,
        Self::RedirectUriRemoved,
        Self::OriginAdded,
        Self::OriginRemoved,
        Self::LinkCreated,
        Self::LinkChanged,
        Self::LinkDeleted,
        Self::ThemeSet,
        Self::ThemeRestored,
        Self::ConnectionDeleted,
        Self::ConnectionChanged,
        Self::ConnectionRefreshed,
        Self::ReauthorisationTokenIssued,
        Self::AuthorizeTokenIssued,
        Self::ConsentRevoked,
        Self::WebhookAdded,
        Self::WebhookChanged,
        Self::WebhookKeyRotated,
        Self::WebhookTested,
        Self::DeliveryRepeated,
        Self::WebhookRemoved,
        Self::OrganisationNamed,
        Self::OperatorInvited,
        Self::OperatorRecoveryOffered,
        Self::InvitationWithdrawn,
        Self::OperatorJoined,
        Self::OperatorRemoved,
        Self::PasswordChanged,
    ];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppCreated => "app.created",
            Self::AppChanged => "app.changed",
            Self::DataKeyReplaced => "data_key.replaced",
            Self::ClientSecretAdded => "client_secret.added",
            Self::ClientSecretRevoked => "client_secret.revoked",
            Self::RedirectUriAdded => "redirect_uri.added",
            Self::RedirectUriRemoved => "redirect_uri.removed",
            Self::OriginAdded => "origin.added",
            Self::OriginRemoved => "origin.removed",
            Self::LinkCreated => "link.created",
            Self::LinkChanged => "link.changed",
            Self::LinkDeleted => "link.deleted",
            Self::ThemeSet => "theme.set",
            Self::ThemeRestored => "theme.restored",
            Self::ConnectionDeleted => "connection.deleted",
            Self::ConnectionChanged => "connection.changed",
            Self::ConnectionRefreshed => "connection.refreshed",
            Self::ReauthorisationTokenIssued => "reauthorisation_token.issued",
            Self::AuthorizeTokenIssued => "authorize_token.issued",
            Self::ConsentRevoked => "consent.revoked",
            Self::WebhookAdded => "webhook.added",
            Self::WebhookChanged => "webhook.changed",
            Self::WebhookKeyRotated => "webhook.key_rotated",
            Self::WebhookTested => "webhook.tested",
            Self::DeliveryRepeated => "delivery.repeated",
            Self::WebhookRemoved => "webhook.removed",
            Self::OrganisationNamed => "organisation.named",
            Self::OperatorInvited => "operator.invited",
            Self::OperatorRecoveryOffered => "operator.recovery_offered",
            Self::InvitationWithdrawn => "invitation.withdrawn",
            Self::OperatorJoined => "operator.joined",
            Self::OperatorRemoved => "operator.removed",
            Self::PasswordChanged => "password.changed",
        }
    }

    /// The action of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// Something that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Counts up; there may be gaps.
    pub number: i64,
    /// In which app; none for what concerns the organisation as a whole.
    pub app: Option<AppId>,
    /// Who, and when.
    pub change: Change,
    /// What was done.
    pub action: Action,
    /// To what; empty where the action says it all.
    pub subject: String,
    /// What of it, or what it is called; empty where the subject says it all.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_and_what_are_read_back_as_they_were_written() {
        let secret = ClientSecretId::new(Timestamp::UNIX_EPOCH, [7; 10]);
        let operator = OperatorId::new(Timestamp::UNIX_EPOCH, [8; 10]);
        for actor in [Actor::CommandLine, Actor::ClientSecret(secret), Actor::Operator(operator)] {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(action));
        }
        for nobody in ["", "command_line:", "client_secret", "client_secret:x", "operator"] {
            assert_eq!(nobody.parse::<Actor>(), Err(InvalidActor), "{nobody}");
        }
    }
}
