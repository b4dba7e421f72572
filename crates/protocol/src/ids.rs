//! Ids as types of their own, so that one kind can't be passed for another.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as it is.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    };
}

id!(
    /// An institution, as in `bank=testbank`.
    InstitutionId
);
id!(
    /// An institution's logo, served at `/logos/{name}` to be cached for ever: the first 12 bytes of its content's SHA-256
    /// hash in hexadecimal. Two thirds of a hash would be wasted on every row of a phone's first list.
    LogoName
);
id!(
    /// An account at an institution.
    AccountId
);
id!(
    /// One person's way through the flow; public, worth nothing without its key. Flinks calls it `RequestId`.
    SessionId
);
id!(
    /// The lasting result of a flow. Flinks calls it `LoginId`.
    ConnectionId
);
id!(
    /// A field of a credentials form, as in `#input-credential-username`.
    FieldId
);
id!(
    /// A security question within a challenge.
    QuestionId
);
id!(
    /// An option of a select field, of a question with options, a method or a picture.
    ChoiceId
);
id!(
    /// An origin as the HTML standard serialises it: `https://host[:port]`, lower case, no path.
    Origin
);

impl AccountId {
    /// Several as one value, with commas between: how `accountId` names them in redirects and messages.
    pub fn joined(ids: &[Self]) -> String {
        let ids: Vec<&str> = ids.iter().map(Self::as_str).collect();
        ids.join(",")
    }
}
