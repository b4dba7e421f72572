//! The steps of a session: each is claimed, carried out once, and written.

use std::sync::Arc;

use banklink_connectors::{BankReturn, Step as ConnectorStep};
use banklink_domain::{
    sealed::Sealed,
    session::{End, SessionData, Stage, expires_at},
    token::TokenHash,
};
use banklink_protocol::{ids::SessionId, problem::ProblemCode, session::Intent};
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
    /// What the person did.
    Intent(Intent),
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
