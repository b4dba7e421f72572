//! Ids, as they stand in JSON and in addresses. The server minted them; nobody else looks inside.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes an id as it is written.
            pub fn new(written: impl Into<String>) -> Self {
                Self(written.into())
            }

            /// As it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// Names an app to the API.
    AppId;
    /// How an app calls itself where it shows its secret.
    ClientId;
    /// Names a client secret, to revoke it.
    ClientSecretId;
    /// Names a consent.
    ConsentId;
    /// Names an invitation, to take it back.
    InvitationId;
    /// Names a link to the API.
    LinkId;
    /// Names an operator.
    OperatorId;
    /// Names a webhook to the API.
    WebhookId;
}
