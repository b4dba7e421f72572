//! How the sandbox's institutions differ.

use core::time::Duration;

use banklink_protocol::{failures::FailureCode, ids::InstitutionId};

use super::{
    challenges::Asked,
    flinks_capital,
    form::Credentials,
    institutions::{
        APPROVAL_BANK, DEGRADED_BANK, DOWN_BANK, DUPLICATE_BANK, FLINKS_CAPITAL, LOCKED_BANK, OAUTH_BANK, QR_BANK,
        SLOW_BANK, SOON_BANK, TESTBANK,
    },
    login::Opening,
    testbank,
};

/// How an institution behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behaviour {
    FlinksCapital,
    TestBank,
    /// As TestBank, with codes as real banks have them; so are the further ones, as far as they let anyone in.
    Named,
    /// Every answer takes that long.
    Takes(Duration),
    /// Every login needs this at least.
    Always(Asked),
    /// Every login fails.
    Never(FailureCode),
    /// People log in on its own page.
    OwnPage,
}

/// What codes look like at an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codes {
    /// Anything can be typed.
    Free,
    /// A number of digits, where the kind has one.
    Strict,
}

impl Behaviour {
    pub(super) fn of(institution: &InstitutionId) -> Self {
        match institution.as_str() {
            FLINKS_CAPITAL => Self::FlinksCapital,
            TESTBANK => Self::TestBank,
            OAUTH_BANK => Self::OwnPage,
            SLOW_BANK => Self::Takes(Duration::from_secs(9)),
            DEGRADED_BANK => Self::Takes(Duration::from_secs(2)),
            APPROVAL_BANK => Self::Always(Asked::App),
            QR_BANK => Self::Always(Asked::UpdatableQr),
            DOWN_BANK | SOON_BANK => Self::Never(FailureCode::RetryLater),
            LOCKED_BANK => Self::Never(FailureCode::DisabledLogin),
            DUPLICATE_BANK => Self::Never(FailureCode::CredentialsAlreadyExist),
            _ => Self::Named,
        }
    }

    pub(super) const fn codes(self) -> Codes {
        match self {
            Self::TestBank => Codes::Free,
            _ => Codes::Strict,
        }
    }

    /// What a login with these credentials leads to.
    pub(super) fn open(self, credentials: &Credentials) -> Opening {
        match self {
            Self::FlinksCapital => flinks_capital::open(credentials),
            Self::TestBank | Self::Named | Self::Takes(_) | Self::OwnPage => testbank::open(credentials),
            Self::Always(asked) => match testbank::open(credentials) {
                Opening::Welcome => Opening::Asks(asked),
                other => other,
            },
            Self::Never(code) => Opening::Fails(code),
        }
    }

    /// Takes the time that the institution takes.
    pub(super) async fn pause(self) {
        if let Self::Takes(time) = self {
            tokio::time::sleep(time).await;
        }
    }
}
