//! What a data recipient asks of a person by OAuth 2.0 (seed 004; RFC 6749, 4.1; RFC 7636).

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::consent::Scope;

/// What a data recipient may read (seed 004).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataScope {
    /// Which accounts there are. Every authorization has it.
    AccountBasic,
    /// Their balances.
    AccountDetailed,
    /// Their numbers, and the networks by which payments find them.
    AccountPayments,
    /// Accounts that hold funds, shares and pensions.
    Investments,
    /// What was booked.
    Transactions,
    /// The institution's own documents.
    Statements,
    /// Where the person is reached.
    CustomerContact,
    /// What the person is called.
    CustomerPersonal,
}

impl DataScope {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::AccountBasic,
        Self::AccountDetailed,
        Self::AccountPayments,
        Self::Investments,
        Self::Transactions,
        Self::Statements,
        Self::CustomerContact,
        Self::CustomerPersonal,
    ];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountBasic => "ACCOUNT_BASIC",
            Self::AccountDetailed => "ACCOUNT_DETAILED",
            Self::AccountPayments => "ACCOUNT_PAYMENTS",
            Self::Investments => "INVESTMENTS",
            Self::Transactions => "TRANSACTIONS",
            Self::Statements => "STATEMENTS",
            Self::CustomerContact => "CUSTOMER_CONTACT",
            Self::CustomerPersonal => "CUSTOMER_PERSONAL",
        }
    }

    /// What the consent screen calls it.
    pub const fn consent(self) -> Scope {
        match self {
            Self::AccountBasic | Self::AccountDetailed | Self::AccountPayments | Self::Investments => Scope::Accounts,
            Self::Transactions | Self::Statements => Scope::Transactions,
            Self::CustomerContact | Self::CustomerPersonal => Scope::Holder,
        }
    }
}

/// Why scopes are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidScopes {
    /// One that there is not.
    #[error("a scope is unknown")]
    Unknown,
    /// Without accounts there is nothing to read.
    #[error("ACCOUNT_BASIC is missing")]
    NotBasic,
}

/// Scopes of one authorization, each once, [`DataScope::AccountBasic`] among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DataScopes(Vec<DataScope>);

impl DataScopes {
    /// Scopes with a space between.
    pub fn parse(text: &str) -> Result<Self, InvalidScopes> {
        let named = |name: &str| DataScope::ALL.into_iter().find(|scope| scope.as_str() == name);
        let mut scopes: Vec<DataScope> =
            text.split_ascii_whitespace().map(named).collect::<Option<_>>().ok_or(InvalidScopes::Unknown)?;
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.contains(&DataScope::AccountBasic) { Ok(Self(scopes)) } else { Err(InvalidScopes::NotBasic) }
    }

    /// The one that every authorization has.
    pub fn basic() -> Self {
        Self(vec![DataScope::AccountBasic])
    }

    /// Whether this is one of them.
    pub fn contains(&self, scope: DataScope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether all of these are among `others`.
    pub fn are_among(&self, others: &Self) -> bool {
        self.0.iter().all(|scope| others.contains(*scope))
    }

    /// What the consent screen names for them, each once.
    pub fn consent(&self) -> Vec<Scope> {
        let mut named: Vec<Scope> = self.0.iter().map(|scope| scope.consent()).collect();
        named.sort_unstable();
        named.dedup();
        named
    }
}

impl fmt::Display for DataScopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(formatter, "{space}{}", scope.as_str())?;
        }
        Ok(())
    }
}

impl TryFrom<String> for DataScopes {
    type Error = InvalidScopes;

    fn try_from(text: String) -> Result<Self, InvalidScopes> {
        Self::parse(&text)
    }
}

impl From<DataScopes> for String {
    fn from(scopes: DataScopes) -> Self {
        scopes.to_string()
    }
}

/// The text is no challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not the SHA-256 of a verifier in 43 characters of base64url")]
pub struct InvalidChallenge;

/// The SHA-256 of what the recipient shows with the code, in base64url (RFC 7636, 4.2, `S256`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Takes 43 characters of base64url.
    pub fn parse(text: &str) -> Result<Self, InvalidChallenge> {
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = text.len() == 43 && text.bytes().all(is_base64url);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidChallenge) }
    }

    /// As it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CodeChallenge {
    type Error = InvalidChallenge;

    fn try_from(text: String) -> Result<Self, InvalidChallenge> {
        Self::parse(&text)
    }
}

impl From<CodeChallenge> for String {
    fn from(challenge: CodeChallenge) -> Self {
        challenge.0
    }
}

/// What a data recipient asked for when it sent the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// Where the person goes at the end; shown again with the code, to the letter.
    pub redirect_uri: String,
    /// Comes back with the person, as it was.
    pub state: String,
    /// What it wants to read.
    pub scopes: DataScopes,
    /// Its own name for what follows, which all answers carry.
    pub correlation_id: Option<String>,
    /// What the code has to be shown with, if anything.
    pub code_challenge: Option<CodeChallenge>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_in_any_order_and_written_in_one() {
        let scopes = DataScopes::parse("TRANSACTIONS  ACCOUNT_BASIC TRANSACTIONS STATEMENTS").unwrap();
        assert_eq!(scopes.to_string(), "ACCOUNT_BASIC TRANSACTIONS STATEMENTS");
        assert_eq!(scopes.consent(), [Scope::Accounts, Scope::Transactions]);
        let all = DataScopes::parse(&DataScope::ALL.map(DataScope::as_str).join(" ")).unwrap();
        assert!(scopes.are_among(&all) && !all.are_among(&scopes));
        assert_eq!(all.consent(), Scope::ALL);
    }

    #[test]
    fn unknown_scopes_and_those_without_accounts_are_refused() {
        assert_eq!(DataScopes::parse("ACCOUNT_BASIC openid"), Err(InvalidScopes::Unknown));
        assert_eq!(DataScopes::parse("account_basic"), Err(InvalidScopes::Unknown));
        assert_eq!(DataScopes::parse("TRANSACTIONS"), Err(InvalidScopes::NotBasic));
        assert_eq!(DataScopes::parse(" "), Err(InvalidScopes::NotBasic));
    }

    #[test]
    fn a_challenge_is_a_hash_in_base64url() {
        // RFC 7636, appendix B.
        assert!(CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").is_ok());
        for wrong in ["", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"] {
            assert_eq!(CodeChallenge::parse(wrong), Err(InvalidChallenge));
        }
    }
}
