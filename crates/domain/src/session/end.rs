//! How a session ended, and where the person was then: what the app may know of it when all else is erased.

use banklink_protocol::{
    failures::FailureCode,
    ids::{ConnectionId, InstitutionId},
    messages::Screen,
    session::{LeaveReason, SessionOutcome},
};
use serde::{Deserialize, Serialize};

/// The one outcome that every session ends in, as API and webhooks name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A connection was made or renewed.
    Linked,
    /// The person left.
    Exited,
    /// The person gave up at a failure, or it left no way on.
    Failed,
    /// Nobody did anything for too long.
    Expired,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Linked, Self::Exited, Self::Failed, Self::Expired];

    /// As stored and as the API shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Exited => "exited",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// The outcome of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// How a session ended: its outcome, and what came of it or why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// This connection was made or renewed.
    Linked(ConnectionId),
    /// The person left for this reason.
    Exited(LeaveReason),
    /// The person gave up at this failure, or it left no way on.
    Failed(FailureCode),
    /// Nobody did anything for too long.
    Expired,
}

/// Every reason to leave.
const REASONS: [LeaveReason; 4] =
    [LeaveReason::Closed, LeaveReason::ConsentDenied, LeaveReason::InstitutionNotFound, LeaveReason::Failed];

impl End {
    /// Which outcome it is.
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Linked(_) => Outcome::Linked,
            Self::Exited(_) => Outcome::Exited,
            Self::Failed(_) => Outcome::Failed,
            Self::Expired => Outcome::Expired,
        }
    }

    /// What there is to know beside the outcome, as stored: the connection's id, the reason or the failure's code.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Linked(connection) => Some(connection.as_str()),
            Self::Exited(reason) => Some(reason.exit_reason().as_str()),
            Self::Failed(code) => Some(code.as_str()),
            Self::Expired => None,
        }
    }

    /// Reads an outcome with its [`Self::detail`].
    pub fn parse(outcome: &str, detail: Option<&str>) -> Option<Self> {
        match (Outcome::parse(outcome)?, detail) {
            (Outcome::Linked, Some(connection)) => Some(Self::Linked(ConnectionId::from(connection))),
            (Outcome::Exited, Some(name)) => {
                REASONS.into_iter().find(|reason| reason.exit_reason().as_str() == name).map(Self::Exited)
            }
            (Outcome::Failed, Some(name)) => {
                FailureCode::ALL.into_iter().find(|code| code.as_str() == name).map(Self::Failed)
            }
            (Outcome::Expired, None) => Some(Self::Expired),
            _ => None,
        }
    }
}

impl From<SessionOutcome> for End {
    fn from(outcome: SessionOutcome) -> Self {
        match outcome {
            SessionOutcome::Exited(reason) => Self::Exited(reason),
            SessionOutcome::Failed(code) => Self::Failed(code),
            SessionOutcome::Expired => Self::Expired,
        }
    }
}

/// Where a person is on their way, or was when it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The screen in front of them.
    pub screen: Screen,
    /// The institution that it is about, if one was chosen.
    pub institution: Option<InstitutionId>,
}

impl Place {
    /// Reads the name of a screen, as [`Screen::as_str`] gives it.
    pub fn parse(screen: &str, institution: Option<String>) -> Option<Self> {
        let screen = Screen::ALL.iter().copied().find(|known| known.as_str() == screen)?;
        Some(Self { screen, institution: institution.map(InstitutionId::new) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_reads_what_it_wrote_and_nothing_else() {
        let mut ends = vec![End::Linked("c".into()), End::Expired];
        ends.extend(REASONS.map(End::Exited));
        ends.extend(FailureCode::ALL.map(End::Failed));
        for end in ends {
            assert_eq!(End::parse(end.outcome().as_str(), end.detail()), Some(end));
        }
        for (outcome, detail) in
            [("linked", None), ("exited", Some("session_expired")), ("failed", Some("closed")), ("expired", Some("x"))]
        {
            assert_eq!(End::parse(outcome, detail), None, "{outcome} {detail:?}");
        }
        assert_eq!(End::parse("over", None), None);
    }

    #[test]
    fn a_place_reads_every_screen_and_no_other() {
        for screen in Screen::ALL {
            let place = Place { screen: *screen, institution: Some("bank".into()) };
            assert_eq!(Place::parse(screen.as_str(), Some("bank".to_owned())), Some(place));
        }
        assert_eq!(Place::parse("nowhere", None), None);
    }
}
