//! A session as the widget sees it.

use banklink_domain::session::{ChallengeStage, Opening, SessionData, Stage};
use banklink_protocol::{
    challenge::ChallengeStep,
    session::{AccountsStep, FailureStep, InstitutionsStep, SessionState, Step},
};
use jiff::Timestamp;

use super::{POPULAR, Session};
use crate::{
    directory::{Directory, Shown},
    problem::ApiError,
    state::AppState,
};

/// The session as the widget sees it.
pub async fn view(state: &AppState, session: &Session) -> Result<SessionState, ApiError> {
    let now = state.clock.now();
    let directory = state.directory().await?;
    Ok(SessionState {
        number: session.row.number,
        revision: session.row.revision,
        step: step(&directory, &session.data, now),
        can_go_back: session.data.back().is_some(),
        expires_in: seconds_until(session.row.expires_at, now),
    })
}

/// The first screen of a session that is not opened yet, for the page to carry.
pub async fn first_step(state: &AppState, data: &SessionData) -> Result<Step, ApiError> {
    Ok(step(&*state.directory().await?, data, state.clock.now()))
}

fn seconds_until(then: Timestamp, now: Timestamp) -> u32 {
    u32::try_from((then.as_second() - now.as_second()).max(0)).unwrap_or(u32::MAX)
}

fn step(directory: &Directory, data: &SessionData, now: Timestamp) -> Step {
    match &data.stage {
        Stage::Consent(step) => Step::Consent(step.clone()),
        Stage::Institutions { not_found } => {
            Step::Institutions(institutions(directory, &data.opening, not_found.clone()))
        }
        Stage::Reauthorise(step) => Step::Reauthorise(step.clone()),
        Stage::Credentials(form) => Step::Credentials((**form).clone()),
        Stage::Challenge(stage) => Step::Challenge(challenge(stage, now)),
        Stage::Accounts(stage) => Step::Accounts(AccountsStep {
            institution: stage.institution.clone(),
            accounts: stage.accounts.clone(),
            multiple: stage.multiple,
        }),
        Stage::Failed { institution, code } => {
            Step::Failed(FailureStep { institution: institution.clone(), code: *code })
        }
        Stage::Linked(ending) => Step::Linked((**ending).clone()),
        Stage::Ended(ended) => Step::Ended(ended.clone()),
    }
}

/// The list before anything is typed.
fn institutions(directory: &Directory, opening: &Opening, not_found: Option<String>) -> InstitutionsStep {
    let shown = Shown::to(opening);
    let popular = directory.popular(opening.country.as_deref().into(), POPULAR, shown);
    let countries = if opening.offers_countries { directory.countries(shown) } else { Vec::new() };
    InstitutionsStep { popular: popular.institutions, total: popular.total, countries, not_found }
}

fn challenge(stage: &ChallengeStage, now: Timestamp) -> ChallengeStep {
    ChallengeStep {
        institution: stage.institution.clone(),
        round: stage.round,
        challenge: stage.challenge.clone(),
        attempts_left: stage.attempts_left,
        expires_in: stage.expires_at.map(|at| seconds_until(at, now)),
        resend_in: stage.resend_at.map(|at| seconds_until(at, now)),
        resent: stage.resent,
        can_switch: stage.can_switch,
        rejected: stage.rejected.clone(),
    }
}
