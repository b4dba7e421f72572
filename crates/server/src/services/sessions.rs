//! Link sessions: reading where one stands, and carrying out what the person did, once.
//!
//! A submission names the step that it answers. The session is claimed in the database before anything is done, and
//! moved on in one write; a repeat of a submission finds the session further on and is answered with where it stands.

use std::{sync::Arc, time::Duration};

use banklink_connectors::{BankReturn, Step as ConnectorStep};
use banklink_domain::{
    sealed::Sealed,
    session::{ChallengeStage, Opening, Outcome, SessionData, Stage, expires_at},
    time::after,
    token::TokenHash,
};
use banklink_protocol::{
    challenge::{Answer, Challenge, ChallengeStep},
    ids::{AccountId, ChoiceId, SessionId},
    institutions::SearchResults,
    problem::ProblemCode,
    secret::Secret,
    session::{
        AccountsStep, Ended, FailureStep, InstitutionsStep, Intent, Leaving, MAX_FIELD_LENGTH, SessionState, Step,
        Submission,
    },
};
use banklink_search::Country;
use banklink_store::{Advance, At, Claim, ClaimedSession, Effects, Finish, Move, SessionRow};
use jiff::{SignedDuration, Timestamp};
use tracing::{Instrument, warn};

use crate::{
    directory::Directory,
    problem::ApiError,
    seal::Purpose,
    services::{
        concluding,
        linking::{self, Linking, Next},
        opening,
    },
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
    /// The bank's own page, once somebody goes there.
    pub bank_page: Option<Challenge>,
}

/// Where the session of this key stands.
pub async fn read(state: &AppState, key: &Secret) -> Result<SessionState, ApiError> {
    let session = live_session(state, key).await?;
    view(state, &session).await
}

/// Institutions found within the session's scope, and within one country if that is wanted.
pub async fn search(
    state: &AppState,
    key: &Secret,
    text: &str,
    only: Option<&str>,
    limit: usize,
) -> Result<SearchResults, ApiError> {
    if text.len() > MAX_FIELD_LENGTH {
        return Err(ApiError::new(ProblemCode::InvalidParameter, "Search for something shorter.").parameter("q"));
    }
    let session = live_session(state, key).await?;
    let directory = state.directory().await?;
    let opening = &session.data.opening;
    let country = only.map_or(opening.country.as_deref().into(), Country::Only);
    Ok(directory.search(text, country, limit, opening.visible))
}

/// How long a caller who waits is kept waiting before they hear that nothing changed.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How often a connector is asked meanwhile.
const POLL: Duration = Duration::from_millis(700);

/// Where the session stands once its revision is beyond `after`, or after a while. Meanwhile the connector is asked
/// whether what is answered elsewhere was answered.
pub async fn wait(state: &AppState, key: &Secret, after: u32) -> Result<SessionState, ApiError> {
    let polls = LONGEST_WAIT.as_millis() / POLL.as_millis();
    for _ in 0..polls {
        let session = live_session(state, key).await?;
        if session.row.revision > after || session.row.end.is_some() {
            return view(state, &session).await;
        }
        if let Some(moved) = poll(state, session).await? {
            return view(state, &moved).await;
        }
        tokio::time::sleep(POLL).await;
    }
    read(state, key).await
}

/// The session, if the connector says that something changed.
async fn poll(state: &AppState, session: Session) -> Result<Option<Session>, ApiError> {
    let Stage::Challenge(stage) = &session.data.stage else { return Ok(None) };
    if !stage.challenge.is_awaited() || stage.connector_state.is_empty() {
        return Ok(None);
    }
    let step = linking::poll(state, stage).await?;
    if matches!(step, ConnectorStep::Waiting) {
        return Ok(None);
    }
    let at = At::Revision(session.row.revision);
    match take(state, &session.row.id, at, Work::Follow(step)).await {
        Ok(session) => Ok(Some(session)),
        // Somebody else was first, or the person did something meanwhile: the next look shows what.
        Err(error) if error.code() == ProblemCode::StepInProgress => Ok(None),
        Err(error) => Err(error),
    }
}

/// Carries out what the person did, and says where the session stands then.
pub async fn submit(state: &AppState, key: &Secret, submission: Submission) -> Result<SessionState, ApiError> {
    let session = live_session(state, key).await?;
    let number = session.row.number;
    if submission.number < number || session.row.end.is_some() {
        return view(state, &session).await;
    }
    check_sizes(&submission.intent)?;
    if submission.number > number || session.data.decide(submission.intent.clone()).is_err() {
        return Err(not_here());
    }
    let moved = take(state, &session.row.id, At::Number(number), Work::Intent(submission.intent)).await?;
    view(state, &moved).await
}

/// Ends a session because the person left, whatever is being done for it.
pub async fn leave(state: &AppState, key: &Secret, leaving: &Leaving) -> Result<SessionState, ApiError> {
    if leaving.searched.as_ref().is_some_and(|searched| searched.len() > MAX_FIELD_LENGTH) {
        return Err(ApiError::new(ProblemCode::InvalidRequest, "What was searched for is too long."));
    }
    let mut session = live_session(state, key).await?;
    if session.row.end.is_none() {
        let outcome = session.data.stage.left(leaving.reason);
        session.data.stage = Stage::Ended(Ended { outcome, url: linking::url_after_leaving(&session.data) });
        let sealed = seal(state, &session.data)?;
        let outcome = session.data.stage.outcome().unwrap_or(Outcome::Exited);
        let left = state.store.sessions().leave(&session.row.id, &sealed, outcome, state.clock.now()).await?;
        match left {
            Some(row) => session.row = row,
            // It ended in this very moment, in another way.
            None => return read(state, key).await,
        }
    }
    view(state, &session).await
}

/// The session that waits for somebody who comes back from the bank's own page with this.
pub async fn by_ticket(state: &AppState, ticket: &Secret) -> Result<Option<Session>, ApiError> {
    let row = state.store.sessions().by_return_hash(&TokenHash::of(ticket)).await?;
    match row {
        Some(row) => used(state, row).await.map(Some),
        None => Ok(None),
    }
}

/// Takes the person to the bank's own page, and says where that is.
pub async fn go_to_bank(state: &AppState, session: &Session) -> Result<Session, ApiError> {
    take(state, &session.row.id, At::Revision(session.row.revision), Work::GoToBank).await
}

/// Takes the person back from the bank's own page.
pub async fn come_back(state: &AppState, session: &Session, returned: BankReturn) -> Result<Session, ApiError> {
    take(state, &session.row.id, At::Number(session.row.number), Work::ComeBack(returned)).await
}

/// Claims a session and does this with it.
async fn take(state: &AppState, id: &SessionId, at: At, work: Work) -> Result<Session, ApiError> {
    let now = state.clock.now();
    let claim = state.store.sessions().claim(id, at, now + LEASE, now).await?;
    let Claim::Claimed(claim) = claim else { return Err(in_progress()) };
    // In a task of its own: a caller who goes away must not leave a step half done.
    let task = tokio::spawn(carry_out(state.clone(), claim, work).in_current_span());
    task.await.map_err(ApiError::internal)?
}

/// What is done with a claimed session.
#[derive(Debug)]
enum Work {
    /// What the person did.
    Intent(Intent),
    /// What the connector said when it was asked.
    Follow(ConnectorStep),
    /// The person goes to the bank's own page.
    GoToBank,
    /// The person comes back from there.
    ComeBack(BankReturn),
}

fn not_here() -> ApiError {
    ApiError::new(ProblemCode::Conflict, "The session is at another step: read it again.")
}

fn in_progress() -> ApiError {
    let detail = "This step is being carried out already: read the session again shortly.";
    ApiError::new(ProblemCode::StepInProgress, detail)
}

/// Does the work. Whatever goes wrong, the claim is given back, so that the person can try again at once.
async fn carry_out(state: AppState, claim: ClaimedSession, work: Work) -> Result<Session, ApiError> {
    let claim = Arc::new(claim);
    let step = take_step(state.clone(), Arc::clone(&claim), work);
    or_undo(step, async {
        if let Err(error) = state.store.sessions().release(&claim).await {
            warn!(%error, "a claim could not be given back and runs out by itself");
        }
    })
    .await
}

/// Does `work`; where it fails or panics, `undo` is done before that is told.
async fn or_undo<T: Send + 'static>(
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
    undo: impl Future<Output = ()>,
) -> Result<T, ApiError> {
    // A task of its own keeps a panic from taking this one along.
    let done = tokio::spawn(work.in_current_span()).await.map_err(ApiError::internal).flatten();
    if done.is_err() {
        undo.await;
    }
    done
}

/// The claimed row is what counts: it may have changed by itself since somebody looked.
async fn take_step(state: AppState, claim: Arc<ClaimedSession>, work: Work) -> Result<Session, ApiError> {
    let row = claim.row().clone();
    let Some(sealed) = &row.state else { return Err(expired()) };
    let data = state.sealer.open_value(Purpose::Session, sealed.as_bytes()).map_err(ApiError::internal)?;
    let mut session = Session { row, data, bank_page: None };
    // A number is answered once; what changes by itself leaves it open, so that a click made meanwhile still counts.
    let (next, answers) = match work {
        Work::Intent(intent) => {
            let decision = session.data.decide(intent).map_err(|_| not_here())?;
            (linking::carry_out(&state, &mut session, decision).await?, true)
        }
        Work::Follow(step) => {
            let again = matches!(&step, ConnectorStep::Challenge(challenged) if challenged.again);
            (linking::polled(&state, &mut session, step).await?, !again)
        }
        Work::GoToBank => (linking::go_to_bank(&state, &mut session).await?, false),
        Work::ComeBack(returned) => (linking::come_back(&state, &mut session, returned).await?, true),
    };
    match next {
        Next::Stage(stage) => {
            session.data.stage = linking::settle(&mut session.data, stage);
            move_on(&state, session, &claim, answers).await
        }
        Next::Link(linking) => link(&state, session, &claim, &linking).await,
    }
}

fn seal(state: &AppState, data: &SessionData) -> Result<Sealed, ApiError> {
    state.sealer.seal_value(Purpose::Session, data).map(Sealed::new).map_err(ApiError::internal)
}

/// Moves a session to the stage that it has now.
async fn move_on(
    state: &AppState,
    mut session: Session,
    claim: &ClaimedSession,
    answers: bool,
) -> Result<Session, ApiError> {
    let now = state.clock.now();
    let sealed = seal(state, &session.data)?;
    let link_sessions = state.store.sessions();
    session.row = match session.data.stage.outcome() {
        None => {
            let to = Move {
                state: sealed,
                answers,
                return_hash: session.data.stage.ticket().map(TokenHash::of),
                expires_at: ends_at(&session, now),
            };
            match link_sessions.advance(claim, &to, now).await? {
                Advance::Advanced(row) => row,
                Advance::ClaimLost => return Err(in_progress()),
            }
        }
        Some(outcome) => {
            let finished = link_sessions.finish(claim, &sealed, outcome, &Effects::default(), now).await;
            match finished? {
                Finish::Finished(row) => row,
                _ => return Err(in_progress()),
            }
        }
    };
    Ok(session)
}

/// When a session ends if nothing happens. While the bank waits for the person, its own time counts.
fn ends_at(session: &Session, now: Timestamp) -> Timestamp {
    let ends = expires_at(session.row.created_at, now);
    match &session.data.stage {
        Stage::Challenge(stage) => stage.expires_at.map_or(ends, |at| at.max(ends)),
        _ => ends,
    }
}

/// Ends a session with its connection. Another session of the same person may make or delete that connection at the
/// same moment: then this one looks again.
async fn link(
    state: &AppState,
    mut session: Session,
    claim: &ClaimedSession,
    linking: &Linking,
) -> Result<Session, ApiError> {
    const TRIES: usize = 5;
    for _ in 0..TRIES {
        let (stage, effects) = concluding::conclude(state, &session, linking).await?;
        session.data.stage = stage;
        let sealed = seal(state, &session.data)?;
        let (sessions, now) = (state.store.sessions(), state.clock.now());
        match sessions.finish(claim, &sealed, Outcome::Linked, &effects, now).await? {
            Finish::Finished(row) => return Ok(Session { row, ..session }),
            Finish::ClaimLost => return Err(in_progress()),
            Finish::TokenUsed => return Err(opening::token_invalid()),
            Finish::AlreadyConnected(_) | Finish::ConnectionGone => {}
        }
    }
    Err(ApiError::new(ProblemCode::Unavailable, "Try again."))
}

/// The session of a key, unless it is over; asking for it counts as using it. One that ended with a result can still be
/// read until its time is up, so that a reply lost on the way is not lost for the person.
pub async fn live_session(state: &AppState, key: &Secret) -> Result<Session, ApiError> {
    used(state, find(state, key).await?.ok_or_else(expired)?).await
}

/// The session of a key, over or not.
pub async fn find(state: &AppState, key: &Secret) -> Result<Option<SessionRow>, ApiError> {
    Ok(state.store.sessions().by_key_hash(&TokenHash::of(key)).await?)
}

/// How often it is noted that a session is used: a search for every key would else be a write for every key.
const NOTE_USE: SignedDuration = SignedDuration::from_secs(60);

/// A session that is used now, with its data opened, unless it is over.
pub async fn used(state: &AppState, mut row: SessionRow) -> Result<Session, ApiError> {
    let now = state.clock.now();
    if row.expires_at <= now {
        return Err(expired());
    }
    let Some(sealed) = &row.state else { return Err(expired()) };
    let data = state.sealer.open_value(Purpose::Session, sealed.as_bytes()).map_err(ApiError::internal)?;
    let until = expires_at(row.created_at, now);
    let is_due = row.end.is_none() && row.expires_at < until && after(row.last_activity_at, NOTE_USE) <= now;
    if is_due && state.store.sessions().touch(&row.id, until, now).await? {
        row.expires_at = until;
    }
    Ok(Session { row, data, bank_page: None })
}

fn expired() -> ApiError {
    ApiError::new(ProblemCode::SessionExpired, "Open a new session.")
}

/// Ends the sessions whose time is up, erases what nobody needs of those that ended, and forgets the old.
pub async fn expire_overdue(state: &AppState) -> Result<(), ApiError> {
    // Small enough that requests which write meanwhile wait for no more than a moment.
    const BATCH: u64 = 500;
    let now = state.clock.now();
    let sessions = state.store.sessions();
    while sessions.expire_due(BATCH, now).await?.len() as u64 == BATCH {}
    while sessions.erase_ended(BATCH, now).await? == BATCH {}
    while sessions.forget_old(BATCH, now).await? == BATCH {}
    state.store.link_codes().forget_old(now).await?;
    state.store.authorize_tokens().forget_old(now).await?;
    state.store.reauthorisation_tokens().forget_old(now).await?;
    Ok(())
}

/// Most values in one submission.
const MAX_VALUES: usize = 100;

/// Refuses what no screen sends, before any of it is kept.
fn check_sizes(intent: &Intent) -> Result<(), ApiError> {
    let values: Vec<&str> = match intent {
        Intent::AcceptConsent { text_hash } => vec![text_hash],
        Intent::ChooseInstitution(id) => vec![id.as_str()],
        Intent::SubmitCredentials(values) => {
            values.iter().flat_map(|value| [value.field.as_str(), value.value.expose()]).collect()
        }
        Intent::SubmitAnswer(Answer::Code(code)) => vec![code.expose()],
        Intent::SubmitAnswer(Answer::Questions(answers)) => {
            answers.iter().flat_map(|answer| [answer.question.as_str(), answer.answer.expose()]).collect()
        }
        Intent::ChooseAccounts(ids) => ids.iter().map(AccountId::as_str).collect(),
        Intent::SubmitAnswer(Answer::Choices(ids)) => ids.iter().map(ChoiceId::as_str).collect(),
        Intent::Retry
        | Intent::ChooseAnother
        | Intent::Back
        | Intent::Resend
        | Intent::SwitchMethod
        | Intent::Reauthorise => Vec::new(),
    };
    let fits = values.len() <= MAX_VALUES && values.iter().all(|value| value.len() <= MAX_FIELD_LENGTH);
    if fits {
        Ok(())
    } else {
        Err(ApiError::new(ProblemCode::InvalidRequest, "A value is too long, or there are too many."))
    }
}

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
    let popular = directory.popular(opening.country.as_deref().into(), POPULAR, opening.visible);
    let countries = if opening.offers_countries { directory.countries(opening.visible) } else { Vec::new() };
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    async fn is_undone(work: impl Future<Output = Result<(), ApiError>> + Send + 'static) -> bool {
        let undone = AtomicBool::new(false);
        let done = or_undo(work, async { undone.store(true, Ordering::Relaxed) }).await;
        assert_eq!(done.is_err(), undone.load(Ordering::Relaxed));
        done.is_err()
    }

    #[tokio::test]
    async fn a_step_that_fails_or_panics_gives_its_claim_back() {
        assert!(!is_undone(async { Ok(()) }).await);
        assert!(is_undone(async { Err(in_progress()) }).await);
        assert!(is_undone(async { panic!("on purpose") }).await);
    }
}
