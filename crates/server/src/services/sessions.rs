//! Link sessions: reading where one stands, and carrying out what the person did, once.
//!
//! A submission names the step that it answers. The session is claimed in the database before anything is done, and
//! moved on in one write; a repeat of a submission finds the session further on and is answered with where it stands.

use banklink_domain::{
    sealed::Sealed,
    session::{ChallengeStage, Decision, Opening, Outcome, SessionData, Stage, expires_at},
    token::TokenHash,
};
use banklink_protocol::{
    institutions::SearchResults,
    problem::ProblemCode,
    secret::Secret,
    session::{
        AccountsStep, ChallengeStep, FailureStep, InstitutionsStep, Intent, MAX_FIELD_LENGTH, SessionOutcome,
        SessionState, Step, Submission,
    },
};
use banklink_store::{Advance, Claim, ClaimedSession, Effects, Finish, SessionRow};
use jiff::{SignedDuration, Timestamp};

use crate::{
    directory::Directory,
    problem::ApiError,
    seal::Purpose,
    services::linking::{self, Linking, Next},
    state::AppState,
};

/// Institutions shown before anything is typed.
pub const POPULAR: usize = 12;

/// How long a step may be carried out before another request may take it over: longer than a connector may take.
const LEASE: SignedDuration = SignedDuration::from_secs(45);

/// A session with its data opened.
#[derive(Debug)]
pub struct Session {
    /// The row.
    pub row: SessionRow,
    /// What was sealed in it.
    pub data: SessionData,
}

/// Where the session of this key stands.
pub async fn read(state: &AppState, key: &Secret) -> Result<SessionState, ApiError> {
    let session = live_session(state, key).await?;
    view(state, &session).await
}

/// Institutions found within the session's scope.
pub async fn search(state: &AppState, key: &Secret, text: &str, limit: usize) -> Result<SearchResults, ApiError> {
    if text.len() > MAX_FIELD_LENGTH {
        return Err(ApiError::new(ProblemCode::InvalidParameter, "Search for something shorter.").parameter("q"));
    }
    let session = live_session(state, key).await?;
    let directory = state.directory().await?;
    let opening = &session.data.opening;
    Ok(directory.search(text, opening.country.as_deref(), limit, opening.visible))
}

/// Carries out what the person did, and says where the session stands then.
pub async fn submit(state: &AppState, key: &Secret, submission: Submission) -> Result<SessionState, ApiError> {
    let session = live_session(state, key).await?;
    let number = session.row.number;
    if submission.number < number || session.row.end.is_some() {
        return view(state, &session).await;
    }
    check_sizes(&submission.intent)?;
    let not_here = || ApiError::new(ProblemCode::Conflict, "The session is at another step: read it again.");
    if submission.number > number {
        return Err(not_here());
    }
    let decision = session.data.stage.decide(submission.intent).map_err(|_| not_here())?;

    let now = state.clock.now();
    let claim = state.store.sessions().claim(&session.row.id, number, now + LEASE, now).await;
    let Claim::Claimed(claim) = claim.map_err(ApiError::internal)? else { return Err(in_progress()) };
    // In a task of its own: a caller who goes away must not leave a step half done.
    let task = tokio::spawn(carry_out(state.clone(), session, claim, decision));
    let session = task.await.map_err(ApiError::internal)??;
    view(state, &session).await
}

fn in_progress() -> ApiError {
    let detail = "This step is being carried out already: read the session again shortly.";
    ApiError::new(ProblemCode::StepInProgress, detail)
}

async fn carry_out(
    state: AppState,
    mut session: Session,
    claim: ClaimedSession,
    decision: Decision,
) -> Result<Session, ApiError> {
    match linking::carry_out(&state, &mut session, decision).await {
        Ok(Next::Stage(stage)) => {
            session.data.stage = stage;
            move_on(&state, session, claim).await
        }
        Ok(Next::Link(linking)) => link(&state, session, claim, &linking).await,
        Err(error) => {
            // So that the person can try again at once.
            state.store.sessions().release(claim).await.map_err(ApiError::internal)?;
            Err(error)
        }
    }
}

fn seal(state: &AppState, data: &SessionData) -> Result<Sealed, ApiError> {
    state.sealer.seal_value(Purpose::Session, data).map(Sealed::new).map_err(ApiError::internal)
}

/// Moves a session to the stage that it has now.
async fn move_on(state: &AppState, mut session: Session, claim: ClaimedSession) -> Result<Session, ApiError> {
    let now = state.clock.now();
    let sealed = seal(state, &session.data)?;
    let link_sessions = state.store.sessions();
    session.row = match session.data.stage.outcome() {
        None => {
            let expires = expires_at(session.row.created_at, now);
            match link_sessions.advance(claim, &sealed, expires, now).await.map_err(ApiError::internal)? {
                Advance::Advanced(row) => row,
                Advance::ClaimLost => return Err(in_progress()),
            }
        }
        Some(outcome) => {
            let finished = link_sessions.finish(claim, &sealed, outcome, &Effects::default(), now).await;
            match finished.map_err(ApiError::internal)? {
                Finish::Finished(row) => row,
                _ => return Err(in_progress()),
            }
        }
    };
    Ok(session)
}

/// Ends a session with its connection. Another session of the same person may make or delete that connection at the
/// same moment: then this one looks again.
async fn link(
    state: &AppState,
    mut session: Session,
    mut claim: ClaimedSession,
    linking: &Linking,
) -> Result<Session, ApiError> {
    const TRIES: usize = 5;
    for _ in 0..TRIES {
        let (stage, effects) = linking::conclude(state, &session, linking).await?;
        session.data.stage = stage;
        let sealed = seal(state, &session.data)?;
        let (sessions, now) = (state.store.sessions(), state.clock.now());
        match sessions.finish(claim, &sealed, Outcome::Linked, &effects, now).await.map_err(ApiError::internal)? {
            Finish::Finished(row) => return Ok(Session { row, ..session }),
            Finish::ClaimLost => return Err(in_progress()),
            Finish::AlreadyConnected { claim: kept, .. } | Finish::ConnectionGone { claim: kept } => claim = *kept,
        }
    }
    state.store.sessions().release(claim).await.map_err(ApiError::internal)?;
    Err(ApiError::new(ProblemCode::Unavailable, "Try again."))
}

/// The session of a key, unless it is over. One that ended with a result can still be read until its time is up, so
/// that a reply lost on the way is not lost for the person.
pub async fn live_session(state: &AppState, key: &Secret) -> Result<Session, ApiError> {
    live(state, find(state, key).await?.ok_or_else(expired)?)
}

/// The session of a key, over or not.
pub async fn find(state: &AppState, key: &Secret) -> Result<Option<SessionRow>, ApiError> {
    state.store.sessions().by_key_hash(&TokenHash::of(key)).await.map_err(ApiError::internal)
}

/// A session with its data opened, unless it is over.
pub fn live(state: &AppState, row: SessionRow) -> Result<Session, ApiError> {
    if row.expires_at <= state.clock.now() {
        return Err(expired());
    }
    let data: SessionData =
        state.sealer.open_value(Purpose::Session, row.state.as_bytes()).map_err(ApiError::internal)?;
    if data.stage == Stage::Ended(SessionOutcome::Expired) {
        return Err(expired());
    }
    Ok(Session { row, data })
}

fn expired() -> ApiError {
    ApiError::new(ProblemCode::SessionExpired, "Open a new session.")
}

/// Ends the sessions whose time is up.
pub async fn expire_overdue(state: &AppState) -> Result<(), ApiError> {
    const BATCH: u64 = 500;
    let now = state.clock.now();
    state.store.sessions().expire_due(BATCH, now).await.map_err(ApiError::internal)?;
    state.store.link_codes().forget_old(now).await.map_err(ApiError::internal)?;
    state.store.authorize_tokens().forget_old(now).await.map_err(ApiError::internal)?;
    Ok(())
}

fn check_sizes(intent: &Intent) -> Result<(), ApiError> {
    use banklink_protocol::session::Answer;
    let too_long = |value: &Secret| value.expose().len() > MAX_FIELD_LENGTH;
    let refused = match intent {
        Intent::SubmitCredentials(values) => values.len() > 20 || values.iter().any(|value| too_long(&value.value)),
        Intent::SubmitAnswer(Answer::Code(code)) => too_long(code),
        Intent::SubmitAnswer(Answer::Questions(answers)) => {
            answers.len() > 20 || answers.iter().any(|answer| too_long(&answer.answer))
        }
        _ => false,
    };
    if refused { Err(ApiError::new(ProblemCode::InvalidRequest, "A value is too long.")) } else { Ok(()) }
}

/// The session as the widget sees it.
pub async fn view(state: &AppState, session: &Session) -> Result<SessionState, ApiError> {
    let now = state.clock.now();
    let directory = state.directory().await?;
    Ok(SessionState {
        number: session.row.number,
        step: step(&directory, &session.data, now),
        can_go_back: session.data.stage.back().is_some(),
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
        Stage::Ended(outcome) => Step::Ended(*outcome),
    }
}

/// The list before anything is typed.
fn institutions(directory: &Directory, opening: &Opening, not_found: Option<String>) -> InstitutionsStep {
    let popular = directory.popular(opening.country.as_deref(), POPULAR, opening.visible);
    InstitutionsStep { popular: popular.institutions, total: popular.total, not_found }
}

fn challenge(stage: &ChallengeStage, now: Timestamp) -> ChallengeStep {
    ChallengeStep {
        institution: stage.institution.clone(),
        challenge: stage.challenge.clone(),
        attempts_left: stage.attempts_left,
        expires_in: stage.expires_at.map(|at| seconds_until(at, now)),
        rejected: stage.rejected.clone(),
    }
}
