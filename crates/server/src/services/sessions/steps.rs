//! The steps of a session: each is claimed, carried out once, and written.

use std::sync::Arc;

use banklink_connectors::{BankReturn, Step as ConnectorStep};
use banklink_domain::{
    sealed::Sealed,
    session::{Decision, End, SessionData, Stage, expires_at},
    token::TokenHash,
};
use banklink_protocol::{failures::FailureCode, ids::SessionId, problem::ProblemCode, session::Intent};
use banklink_store::{Advance, At, Claim, ClaimedSession, Effects, Finish, Move};
use jiff::{SignedDuration, Timestamp};
use tracing::{Instrument, warn};

use super::{Session, expired, not_here};
use crate::{
    problem::ApiError,
    seal::Purpose,
    services::{
        concluding,
        linking::{self, Linking, Next},
        opening,
    },
    state::AppState,
};

/// How long a step may be carried out before another request may take it over: longer than a connector may take.
const LEASE: SignedDuration = SignedDuration::from_secs(45);

/// Claims a session and does this with it.
pub(super) async fn take(state: &AppState, id: &SessionId, at: At, work: Work) -> Result<Session, ApiError> {
    let now = state.clock.now();
    let claim = state.store.sessions().claim(id, at, now + LEASE, now).await?;
    let Claim::Claimed(claim) = claim else { return Err(in_progress()) };
    // In a task of its own: a caller who goes away must not leave a step half done.
    let task = tokio::spawn(carry_out(state.clone(), claim, work).in_current_span());
    task.await.map_err(ApiError::internal)?
}

/// What is done with a claimed session.
#[derive(Debug)]
pub(super) enum Work {
    /// What the person did, and the language that they read now, if it is known.
    Intent(Intent, Option<String>),
    /// What the connector said when it was asked.
    Follow(ConnectorStep),
    /// The person goes to the bank's own page.
    GoToBank,
    /// The person comes back from there.
    ComeBack(BankReturn),
}

fn in_progress() -> ApiError {
    let detail = "This step is being carried out already: read the session again shortly.";
    ApiError::new(ProblemCode::StepInProgress, detail)
}

/// A claimed session, and what is to be done with it.
struct Begun {
    session: Session,
    task: Task,
}

/// [`Work`], once it is known what it means where the session stands.
enum Task {
    Decided(Decision, Option<String>),
    Follow(ConnectorStep),
    GoToBank,
    ComeBack(BankReturn),
}

impl Task {
    /// Whether the bank must not get it twice. Going to its own page begins another login each time.
    const fn is_given_to_the_bank(&self) -> bool {
        match self {
            Self::Decided(decision, _) => decision.is_given_to_the_institution(),
            Self::ComeBack(_) => true,
            Self::Follow(_) | Self::GoToBank => false,
        }
    }
}

/// Does the work, once. What was not given to the bank can be tried again at once where it goes wrong: the claim is given
/// back. What may have been is not given to it again: where its answer is lost, with the server that took the step before
/// or in this one, the session fails at the institution, and the person goes on from there.
async fn carry_out(state: AppState, claim: ClaimedSession, work: Work) -> Result<Session, ApiError> {
    let begun = match begin(&state, &claim, work) {
        Ok(begun) => begun,
        Err(error) => return give_back(&state, &claim, error).await,
    };
    let given = begun.task.is_given_to_the_bank().then(|| begun.session.clone());
    if let Some(session) = &given
        && claim.follows_lost_step()
    {
        return fail(&state, session.clone(), &claim).await;
    }
    let claim = Arc::new(claim);
    // A task of its own keeps a panic from taking this one along.
    let step = tokio::spawn(take_step(state.clone(), Arc::clone(&claim), begun).in_current_span());
    match (step.await.map_err(ApiError::internal).flatten(), given) {
        (Err(error), Some(session)) if is_ours(&error) => fail(&state, session, &claim).await,
        (Err(error), _) => give_back(&state, &claim, error).await,
        (Ok(session), _) => Ok(session),
    }
}

/// Whether we failed, rather than refused.
const fn is_ours(error: &ApiError) -> bool {
    matches!(error.code(), ProblemCode::Internal | ProblemCode::Unavailable)
}

async fn give_back<T>(state: &AppState, claim: &ClaimedSession, error: ApiError) -> Result<T, ApiError> {
    if let Err(error) = state.store.sessions().release(claim).await {
        warn!(%error, "a claim could not be given back and runs out by itself");
    }
    Err(error)
}

/// Ends a step whose answer is lost. A claim that can't even be used for that runs out by itself, and is one of a lost
/// step then.
async fn fail(state: &AppState, mut session: Session, claim: &ClaimedSession) -> Result<Session, ApiError> {
    warn!(session = session.row.id.as_str(), "what became of a step at the bank is not known: it is not repeated");
    let institution = session.data.stage.institution().cloned();
    let failed = Stage::Failed { institution, code: FailureCode::InternalError };
    session.data.stage = linking::settle(&mut session.data, failed);
    move_on(state, session, claim, true).await
}

/// Opens a claimed session. The claimed row is what counts: it may have changed by itself since somebody looked.
fn begin(state: &AppState, claim: &ClaimedSession, work: Work) -> Result<Begun, ApiError> {
    let row = claim.row().clone();
    let Some(sealed) = &row.state else { return Err(expired()) };
    let data: SessionData = state.sealer.open_value(Purpose::Session, sealed.as_bytes()).map_err(ApiError::internal)?;
    let task = match work {
        Work::Intent(intent, language) => Task::Decided(data.decide(intent).map_err(|_| not_here())?, language),
        Work::Follow(step) => Task::Follow(step),
        Work::GoToBank => Task::GoToBank,
        Work::ComeBack(returned) => Task::ComeBack(returned),
    };
    Ok(Begun { session: Session { row, data, bank_page: None }, task })
}

async fn take_step(state: AppState, claim: Arc<ClaimedSession>, begun: Begun) -> Result<Session, ApiError> {
    let Begun { mut session, task } = begun;
    // A number is answered once; what changes by itself leaves it open, so that a click made meanwhile still counts.
    let (next, answers) = match task {
        Task::Decided(decision, language) => {
            linking::note(&state, &mut session, &decision, language);
            (linking::carry_out(&state, &mut session, decision).await?, true)
        }
        Task::Follow(step) => {
            let again = matches!(&step, ConnectorStep::Challenge(challenged) if challenged.again);
            (linking::polled(&state, &mut session, step).await?, !again)
        }
        Task::GoToBank => (linking::go_to_bank(&state, &mut session).await?, false),
        Task::ComeBack(returned) => (linking::come_back(&state, &mut session, returned).await?, true),
    };
    match next {
        Next::Stage(stage) => {
            session.data.stage = linking::settle(&mut session.data, stage);
            move_on(&state, session, &claim, answers).await
        }
        Next::Link(linking) => link(&state, session, &claim, &linking).await,
        Next::Unchanged => {
            state.store.sessions().release(&claim).await?;
            Ok(session)
        }
    }
}

pub(super) fn seal(state: &AppState, data: &SessionData) -> Result<Sealed, ApiError> {
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
    session.row = match session.data.stage.end() {
        None => {
            let to = Move {
                state: sealed,
                place: session.data.stage.place(),
                answers,
                return_hash: session.data.stage.ticket().map(TokenHash::of),
                expires_at: ends_at(&session, now),
            };
            match link_sessions.advance(claim, &to, now).await? {
                Advance::Advanced(row) => row,
                Advance::ClaimLost => return Err(in_progress()),
            }
        }
        Some(end) => {
            let finished = link_sessions.finish(claim, &sealed, &end, &Effects::default(), now).await;
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
        let (ending, effects) = concluding::conclude(state, &session, linking).await?;
        let end = End::Linked(ending.login_id.clone());
        session.data.stage = Stage::Linked(Box::new(ending));
        let sealed = seal(state, &session.data)?;
        let (sessions, now) = (state.store.sessions(), state.clock.now());
        match sessions.finish(claim, &sealed, &end, &effects, now).await? {
            Finish::Finished(row) => return Ok(Session { row, ..session }),
            Finish::ClaimLost => return Err(in_progress()),
            Finish::TokenUsed => return Err(opening::token_invalid()),
            Finish::AlreadyConnected(_) | Finish::ConnectionGone => {}
        }
    }
    Err(ApiError::new(ProblemCode::Unavailable, "Try again."))
}
