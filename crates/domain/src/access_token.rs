//! Access tokens: what an app's own server gets for its client secret and shows with each request, where a vendor's API
//! works so (`vendor-apis.md`, 2.1, 3 and 4). Our own API takes the client secret itself.

use jiff::{SignedDuration, Timestamp};

use crate::{
    authorization::DataScopes,
    ids::{AppId, ClientSecretId},
    time::after,
    token::TokenHash,
};

/// Whose API a token opens; it opens no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// `/v0/…` (seed 000).
    Flanks,
    /// `/api/v1/…` (seed 003).
    Finlink,
    /// `/api/v1/providers` and `/api/fdx/5/…` (seed 004).
    OpenBanking,
}

impl Audience {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flanks => "flanks",
            Self::Finlink => "finlink",
            Self::OpenBanking => "open_banking",
        }
    }

    /// How long a token works (`vendor-apis.md`, 2.1, 3 and 4).
    pub const fn lifetime(self) -> SignedDuration {
        match self {
            Self::Flanks | Self::Finlink => SignedDuration::from_hours(1),
            Self::OpenBanking => SignedDuration::from_mins(5),
        }
    }
}

/// What a Finlink session may do (`vendor-apis.md`, 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinlinkScope {
    /// What is asked below `/api/v1/queries`.
    Read,
    /// What is done below `/api/v1/commands`.
    Write,
    /// What is deleted there.
    Delete,
}

impl FinlinkScope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Delete];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// What a token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// All that Flanks' API has.
    Flanks,
    /// Of Finlink's API, what these scopes name.
    Finlink(Vec<FinlinkScope>),
    /// Of Open Banking's, what concerns the data recipient itself.
    Recipient,
    /// Of Open Banking's, what these scopes name of the data of a person.
    Person {
        /// The refresh token that stands for the person's leave, and with which this ends.
        refresh_token: TokenHash,
        /// Of what that lets be read.
        scopes: DataScopes,
    },
}

impl Grant {
    /// Whose API it is of.
    pub const fn audience(&self) -> Audience {
        match self {
            Self::Flanks => Audience::Flanks,
            Self::Finlink(_) => Audience::Finlink,
            Self::Recipient | Self::Person { .. } => Audience::OpenBanking,
        }
    }

    /// The names of its scopes, a space between; nothing where there are none to tell apart.
    pub fn scopes(&self) -> Option<String> {
        match self {
            Self::Flanks | Self::Recipient => None,
            Self::Person { scopes, .. } => Some(scopes.to_string()),
            Self::Finlink(scopes) => Some(scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")),
        }
    }

    /// The refresh token that it ends with, if with one.
    pub const fn refresh_token(&self) -> Option<TokenHash> {
        if let Self::Person { refresh_token, .. } = self { Some(*refresh_token) } else { None }
    }

    /// The grant of these scopes, and of the person of this refresh token.
    pub fn parse(audience: &str, scopes: Option<&str>, refresh_token: Option<TokenHash>) -> Option<Self> {
        match (audience, scopes, refresh_token) {
            ("flanks", None, None) => Some(Self::Flanks),
            ("open_banking", None, None) => Some(Self::Recipient),
            ("open_banking", Some(scopes), Some(refresh_token)) => {
                DataScopes::parse(scopes).ok().map(|scopes| Self::Person { refresh_token, scopes })
            }
            ("finlink", Some(scopes), None) => {
                scopes.split_whitespace().map(FinlinkScope::parse).collect::<Option<_>>().map(Self::Finlink)
            }
            _ => None,
        }
    }
}

/// An access token; the token itself is never kept. It ends with the client secret that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// All that is kept of it.
    pub hash: TokenHash,
    /// Whose data it opens.
    pub app_id: AppId,
    /// What asked for it.
    pub client_secret: ClientSecretId,
    /// What it opens.
    pub grant: Grant,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it opens nothing any more.
    pub expires_at: Timestamp,
}

impl AccessToken {
    /// A token that works from now on.
    pub fn new(hash: TokenHash, app_id: AppId, client_secret: ClientSecretId, grant: Grant, now: Timestamp) -> Self {
        let expires_at = after(now, grant.audience().lifetime());
        Self { hash, app_id, client_secret, grant, created_at: now, expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_read_as_it_is_written() {
        let refresh_token = TokenHash::of_text("r");
        let person = Grant::Person { refresh_token, scopes: DataScopes::parse("ACCOUNT_BASIC STATEMENTS").unwrap() };
        let finlink = [Grant::Finlink(FinlinkScope::ALL.to_vec()), Grant::Finlink(Vec::new())];
        for grant in finlink.into_iter().chain([Grant::Flanks, Grant::Recipient, person]) {
            let read = Grant::parse(grant.audience().as_str(), grant.scopes().as_deref(), grant.refresh_token());
            assert_eq!(read, Some(grant));
        }
        for (audience, scopes) in [("flanks", Some("read")), ("finlink", None), ("finlink", Some("all")), ("", None)] {
            assert_eq!(Grant::parse(audience, scopes, None), None);
        }
        assert_eq!(Grant::parse("open_banking", Some("ACCOUNT_BASIC"), None), None);
        assert_eq!(Grant::parse("flanks", None, Some(refresh_token)), None);
    }
}
