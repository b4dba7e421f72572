//! Operators: the people of the organisation who sign in to the dashboard, and how they come to be (`server.md`,
//! *Words*).

use core::fmt;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::{
    ids::{InvitationId, OperatorId},
    text::{OperatorName, bounded},
    time::after,
    token::TokenHash,
};

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Ours.
    pub id: OperatorId,
    /// What they sign in with; no two who can sign in have the same.
    pub email: Email,
    /// What the log calls them.
    pub name: OperatorName,
    /// What their password is compared with.
    pub password: PasswordHash,
    /// When they accepted their invitation.
    pub created_at: Timestamp,
    /// Whether they can sign in.
    pub state: OperatorState,
}

/// Whether an operator can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorState {
    /// They can.
    Active,
    /// They can't, and never again; the log still knows what they did.
    Removed {
        /// Since when.
        at: Timestamp,
    },
}

impl Operator {
    /// How many can sign in, or are invited to, at most.
    pub const MAX_ACTIVE: u64 = 200;
}

/// An address of e-mail, in small letters: something on both sides of one `@`, no space, at most 254 bytes. Whether
/// anybody reads what is sent there is not asked: nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

/// The text is no address of e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an address of e-mail")]
pub struct InvalidEmail;

impl Email {
    /// Longest address, in bytes (RFC 5321).
    pub const MAX: usize = 254;

    /// Reads an address, whatever the case of its letters.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        // Some letters are longer when they are small.
        let text = text.to_lowercase();
        let text = bounded(&text, Self::MAX).map_err(|_| InvalidEmail)?;
        let (local, domain) = text.split_once('@').ok_or(InvalidEmail)?;
        let is_good = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
        if is_good(local) && is_good(domain) { Ok(Self(text.to_owned())) } else { Err(InvalidEmail) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a password is compared with: how it was hashed, with which salt, and what came of it (the PHC's string format).
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash as the hash function writes it.
    pub const fn new(phc: String) -> Self {
        Self(phc)
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash")
    }
}

/// What passwords must be like: as NIST's SP 800-63B-4 (3.1.1.2) says for those that are all it takes to sign in. Long,
/// of any characters, and nobody has to change theirs.
pub mod password {
    use super::{Email, Error};

    /// Fewest characters.
    pub const MIN: usize = 15;

    /// Most bytes.
    pub const MAX: usize = 1024;

    /// Fewest different characters.
    pub const MIN_DIFFERENT: usize = 6;

    /// Why a password is refused.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
    pub enum WeakPassword {
        /// Fewer than [`MIN`] characters.
        #[error("shorter than {MIN} characters")]
        TooShort,
        /// More than [`MAX`] bytes.
        #[error("longer than {MAX} bytes")]
        TooLong,
        /// Among the first that anybody would try.
        #[error("easy to guess")]
        Guessable,
    }

    /// Whether an operator may have this password.
    pub fn check(password: &str, email: &Email) -> Result<(), WeakPassword> {
        if password.chars().count() < MIN {
            return Err(WeakPassword::TooShort);
        }
        if password.len() > MAX {
            return Err(WeakPassword::TooLong);
        }
        let mut different: Vec<char> = password.chars().collect();
        different.sort_unstable();
        different.dedup();
        if different.len() < MIN_DIFFERENT || password.to_lowercase().contains(email.as_str()) {
            return Err(WeakPassword::Guessable);
        }
        Ok(())
    }
}

/// A permission to become an operator, or to be the one again who one was; what is handed over is an address with its
/// token, which is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Names it, to take it back.
    pub id: InvitationId,
    /// All that is kept of its token.
    pub hash: TokenHash,
    /// Who is invited.
    pub guest: Guest,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it can't be accepted any more.
    pub expires_at: Timestamp,
}

/// Who is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guest {
    /// Whoever is handed it before there is anybody: the first operator. Void once there is one.
    First,
    /// Somebody of this address.
    New(Email),
    /// An operator who lost their password.
    Recovering(OperatorId),
}

impl Guest {
    /// How long an invitation can be accepted: a week to become an operator; an hour to recover, since whoever asks for
    /// that sits waiting.
    const fn time(&self) -> SignedDuration {
        match self {
            Self::First | Self::New(_) => SignedDuration::from_hours(24 * 7),
            Self::Recovering(_) => SignedDuration::from_hours(1),
        }
    }
}

impl Invitation {
    /// One that can be accepted from now on.
    pub fn new(id: InvitationId, hash: TokenHash, guest: Guest, now: Timestamp) -> Self {
        let expires_at = after(now, guest.time());
        Self { id, hash, guest, created_at: now, expires_at }
    }
}

/// Somebody who is signed in, in one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorSession {
    /// All that is kept of what the browser's cookie holds.
    pub hash: TokenHash,
    /// Who.
    pub operator: OperatorId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was used last, as far as that was noted.
    pub used_at: Timestamp,
}

impl OperatorSession {
    /// How long somebody stays signed in who does nothing.
    pub const IDLE: SignedDuration = SignedDuration::from_hours(12);

    /// How long somebody stays signed in at most.
    pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 7);

    /// How often it is noted that one is used.
    pub const NOTE_USE: SignedDuration = SignedDuration::from_mins(1);

    /// One that begins.
    pub const fn new(hash: TokenHash, operator: OperatorId, now: Timestamp) -> Self {
        Self { hash, operator, created_at: now, used_at: now }
    }

    /// Whether it still counts.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < after(self.used_at, Self::IDLE) && now < after(self.created_at, Self::LIFETIME)
    }

    /// Whether it is time to note its use.
    pub fn is_due(&self, now: Timestamp) -> bool {
        now >= after(self.used_at, Self::NOTE_USE)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{
        password::{WeakPassword, check},
        *,
    };

    #[test]
    fn an_address_is_the_same_in_any_case() {
        assert_eq!(Email::parse(" Ana@Example.COM "), Email::parse("ana@example.com"));
        for bad in ["", "ana", "@example.com", "ana@", "a@b@c", "a b@example.com", "a@exa mple.com", "a\n@example.com"]
        {
            assert_eq!(Email::parse(bad), Err(InvalidEmail), "{bad:?}");
        }
        assert_eq!(Email::parse(&format!("a@{}", "x".repeat(Email::MAX))), Err(InvalidEmail));
    }

    #[rstest]
    #[case("correct horse battery", Ok(()))]
    #[case("правильная лошадь", Ok(()))]
    #[case("short password", Err(WeakPassword::TooShort))]
    #[case("abababababababab", Err(WeakPassword::Guessable))]
    #[case("ANA@example.com!", Err(WeakPassword::Guessable))]
    fn a_password_is_long_and_not_the_first_guess(#[case] password: &str, #[case] expected: Result<(), WeakPassword>) {
        let email = Email::parse("ana@example.com").unwrap();
        assert_eq!(check(password, &email), expected);
        assert_eq!(check(&password.repeat(100), &email), Err(WeakPassword::TooLong));
    }

    #[test]
    fn a_session_ends_unused_after_hours_and_in_any_case_after_days() {
        let start = Timestamp::UNIX_EPOCH;
        let at = |hours| after(start, SignedDuration::from_hours(hours));
        let session = OperatorSession::new(TokenHash::of_text("t"), OperatorId::new(start, [0; 10]), start);
        assert!(session.is_live(at(11)) && !session.is_live(at(12)));
        let busy = OperatorSession { used_at: at(24 * 7 - 1), ..session };
        assert!(busy.is_live(after(at(24 * 7), SignedDuration::from_secs(-1))) && !busy.is_live(at(24 * 7)));
    }

    #[test]
    fn who_recovers_has_an_hour_and_who_is_new_a_week() {
        let start = Timestamp::UNIX_EPOCH;
        let until = |guest| {
            let invitation = Invitation::new(InvitationId::new(start, [0; 10]), TokenHash::of_text("t"), guest, start);
            invitation.expires_at.duration_since(start)
        };
        assert_eq!(until(Guest::Recovering(OperatorId::new(start, [0; 10]))), SignedDuration::from_hours(1));
        assert_eq!(until(Guest::First), SignedDuration::from_hours(24 * 7));
        assert_eq!(until(Guest::New(Email::parse("a@b").unwrap())), SignedDuration::from_hours(24 * 7));
    }

    #[test]
    fn a_password_hash_is_not_told() {
        assert_eq!(format!("{:?}", PasswordHash::new("$argon2id$secret".to_owned())), "PasswordHash");
    }
}
