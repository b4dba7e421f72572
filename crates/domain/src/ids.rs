//! Ids of what only the server knows. Those that cross the wire are in `banklink_protocol::ids`.

use core::{fmt, str::FromStr};

use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::{Builder, Uuid};

/// The text is no UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a UUID")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a UUID that was made elsewhere.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self).map_err(|_| InvalidId)
            }
        }
    };
}

macro_rules! ordered_id {
    ($(#[$doc:meta])* $name:ident) => {
        id!($(#[$doc])* $name);

        impl $name {
            /// A new id (UUID version 7): ids made later sort after.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(ordered_uuid(now, random))
            }
        }
    };
}

ordered_id!(
    /// An app.
    AppId
);
ordered_id!(
    /// A client secret of an app; not the secret.
    ClientSecretId
);
ordered_id!(
    /// An operator.
    OperatorId
);
ordered_id!(
    /// An invitation of an operator; not its token.
    InvitationId
);
ordered_id!(
    /// A link; not its token.
    LinkId
);
ordered_id!(
    /// A consent.
    ConsentId
);
ordered_id!(
    /// A webhook.
    WebhookId
);
id!(
    /// A key that messages to a webhook are signed with; not the key.
    SigningKeyId
);
id!(
    /// How an app calls itself where it shows its secret. The Flinks dialect has it in the path, as `customerId`.
    ClientId
);

impl ClientId {
    /// A new id (UUID version 4).
    pub fn new(random: [u8; 16]) -> Self {
        Self(Builder::from_random_bytes(random).into_uuid())
    }
}

impl SigningKeyId {
    /// A new id (UUID version 4).
    pub fn new(random: [u8; 16]) -> Self {
        Self(Builder::from_random_bytes(random).into_uuid())
    }
}

/// A new session id (UUID version 7).
pub fn new_session_id(now: Timestamp, random: [u8; 10]) -> SessionId {
    SessionId::new(ordered_uuid(now, random).hyphenated().to_string())
}

/// A new connection id (UUID version 4, as Flinks' `LoginId` is).
pub fn new_connection_id(random: [u8; 16]) -> ConnectionId {
    ConnectionId::new(Builder::from_random_bytes(random).into_uuid().hyphenated().to_string())
}

fn ordered_uuid(now: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_sort_after() {
        let early = AppId::new(Timestamp::from_millisecond(1_000).unwrap(), [0xff; 10]);
        let late = AppId::new(Timestamp::from_millisecond(1_001).unwrap(), [0; 10]);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
        assert_eq!(early.as_uuid().get_version_num(), 7);
    }

    #[test]
    fn an_id_reads_what_it_prints_and_nothing_else() {
        let id = ClientId::new([3; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.as_uuid().get_version_num(), 4);
        assert_eq!("43387ca6-0391-4c82-857d".parse::<ClientId>(), Err(InvalidId));
    }

    #[test]
    fn session_and_connection_ids_are_uuids() {
        let session = new_session_id(Timestamp::UNIX_EPOCH, [9; 10]);
        assert_eq!(session.as_str().parse::<Uuid>().unwrap().get_version_num(), 7);
        let connection = new_connection_id([9; 16]);
        assert_eq!(connection.as_str().parse::<Uuid>().unwrap().get_version_num(), 4);
    }
}
