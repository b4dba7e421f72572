//! Link sessions: reading where one stands, and carrying out what the person did, once.
//!
//! A submission names the step that it answers. The session is claimed in the database before anything is done, and
//! moved on in one write; a repeat of a submission finds the session further on and is answered with where it stands.

use std::time::Duration;

use banklink_connectors::{BankReturn, Step as ConnectorStep};
use banklink_domain::{
    session::{End, SessionData, Stage, expires_at},
    time::after,
    token::TokenHash,
};
use banklink_protocol::{
    challenge::{Answer, Challenge},
    ids::{AccountId, ChoiceId},
    institutions::SearchResults,
    problem::ProblemCode,
    secret::Secret,
    session::{Ended, Intent, Leaving, MAX_FIELD_LENGTH, SessionState, Submission},
};
use banklink_search::Country;
use banklink_store::{At, SessionRow, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::{
    directory::Shown,
    problem::ApiError,
    seal::Purpose,
    services::{endings, linking, searches},
    state::AppState,
};
use steps::{Work, seal, take};

pub use view::{first_step, view};

mod steps;
mod view;

/// Institutions shown before anything is typed.
pub const POPULAR: usize = 12;

/// A session with its data opened.
#[derive(Clone, Debug)]
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

/// The session of this key, after its connector was asked once whether what is answered elsewhere was answered.
pub async fn look(state: &AppState, key: &Secret) -> Result<Session, ApiError> {
    let session = live_session(state, key).await?;
    Ok(poll(state, session.clone()).await?.unwrap_or(session))
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
    Ok(directory.search(text, country, limit, Shown::to(opening)))
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
    let step = linking::poll(state, &session, stage).await?;
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
pub async fn submit(
    state: &AppState,
    key: &Secret,
    submission: Submission,
    language: Option<String>,
) -> Result<SessionState, ApiError> {
    let session = live_session(state, key).await?;
    let number = session.row.number;
    if submission.number < number || session.row.end.is_some() {
        return view(state, &session).await;
    }
    check_sizes(&submission.intent)?;
    if submission.number > number || session.data.decide(submission.intent.clone()).is_err() {
        return Err(not_here());
    }
    match take(state, &session.row.id, At::Number(number), Work::Intent(submission.intent, language)).await {
        Ok(moved) => view(state, &moved).await,
        Err(error) if error.code() == ProblemCode::StepInProgress => overtaken(state, key, number, error).await,
        Err(error) => Err(error),
    }
}

/// Where the session stands, if whoever was faster is done with it by now: it may even be over.
async fn overtaken(state: &AppState, key: &Secret, number: u32, error: ApiError) -> Result<SessionState, ApiError> {
    let session = live_session(state, key).await?;
    let is_done = session.row.number > number || session.row.end.is_some();
    if is_done { view(state, &session).await } else { Err(error) }
}

/// How often a session that changes by itself is looked at again before somebody leaves it.
const LOOKS: usize = 5;

/// Ends a session because the person left, whatever is being done for it. One that ended before stays as it ended.
pub async fn leave(state: &AppState, key: &Secret, leaving: &Leaving) -> Result<SessionState, ApiError> {
    if leaving.searched.as_ref().is_some_and(|searched| searched.len() > MAX_FIELD_LENGTH) {
        return Err(ApiError::new(ProblemCode::InvalidRequest, "What was searched for is too long."));
    }
    let searched = searches::sealed(state, leaving)?;
    for _ in 0..LOOKS {
        let mut session = live_session(state, key).await?;
        if session.row.end.is_some() {
            return view(state, &session).await;
        }
        let outcome = session.data.stage.left(leaving.reason);
        let url = endings::after_leaving(&session.data.opening, outcome, session.data.has_failed);
        session.data.stage = Stage::Ended(Ended { outcome, url });
        let sealed = seal(state, &session.data)?;
        let (end, now) = (End::from(outcome), state.clock.now());
        let left = state.store.sessions().leave(&session.row, &sealed, &end, searched.as_ref(), now).await?;
        if let Some(row) = left {
            session.row = row;
            return view(state, &session).await;
        }
    }
    Err(ApiError::new(ProblemCode::Unavailable, "Try again."))
}

/// The session that waits for somebody who comes back from the bank's own page with this.
pub async fn by_ticket(state: &AppState, ticket: &Secret) -> Result<Option<Session>, ApiError> {
    let row = state.store.sessions().by_return_hash(&TokenHash::of(ticket)).await?;
    match row {
        Some(row) => used(state, row).await.map(Some),
        None => Ok(None),
    }
}

/// How often a session is looked at that another request moves, and how long it takes then at most.
const LOOK: Duration = Duration::from_millis(200);
const MOST_LOOKS: usize = 150;

/// Takes the person to the bank's own page, and says where that is. Nothing if they are not to go there any more. Who
/// goes there twice at once goes there twice, one after the other, as who goes there again does.
pub async fn go_to_bank(state: &AppState, ticket: &Secret) -> Result<Option<Session>, ApiError> {
    let mut looks = 0;
    loop {
        let Some(session) = by_ticket(state, ticket).await? else { return Ok(None) };
        let at = At::Revision(session.row.revision);
        match take(state, &session.row.id, at, Work::GoToBank).await {
            Err(error) if error.code() == ProblemCode::StepInProgress && looks < MOST_LOOKS => {
                looks += 1;
                tokio::time::sleep(LOOK).await;
            }
            gone => return gone.map(Some),
        }
    }
}

/// Takes the person back from the bank's own page. Who comes back twice at once hears what came of the first time.
pub async fn come_back(state: &AppState, session: &Session, returned: BankReturn) -> Result<Session, ApiError> {
    let SessionRow { id, number, .. } = &session.row;
    match take(state, id, At::Number(*number), Work::ComeBack(returned)).await {
        Err(error) if error.code() == ProblemCode::StepInProgress => {
            for _ in 0..MOST_LOOKS {
                let Some(row) = state.store.sessions().get(id).await? else { break };
                if row.number > *number || row.end.is_some() {
                    return opened(state, row);
                }
                tokio::time::sleep(LOOK).await;
            }
            Err(error)
        }
        back => back,
    }
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
pub async fn used(state: &AppState, row: SessionRow) -> Result<Session, ApiError> {
    let now = state.clock.now();
    let mut session = opened(state, row)?;
    let row = &mut session.row;
    let until = expires_at(row.created_at, now);
    let is_due = row.end.is_none() && row.expires_at < until && after(row.last_activity_at, NOTE_USE) <= now;
    if is_due && state.store.sessions().touch(&row.id, until, now).await? {
        row.expires_at = until;
    }
    Ok(session)
}

/// A session with its data opened, unless its time is up.
pub fn opened(state: &AppState, row: SessionRow) -> Result<Session, ApiError> {
    let Some(sealed) = row.state.as_ref().filter(|_| row.expires_at > state.clock.now()) else { return Err(expired()) };
    let data = state.sealer.open_value(Purpose::Session, sealed.as_bytes()).map_err(ApiError::internal)?;
    Ok(Session { row, data, bank_page: None })
}

fn not_here() -> ApiError {
    ApiError::new(ProblemCode::Conflict, "The session is at another step: read it again.")
}

fn expired() -> ApiError {
    ApiError::new(ProblemCode::SessionExpired, "Open a new session.")
}

/// Small enough that requests which write meanwhile wait for no more than a moment.
const BATCH: u64 = 500;

/// Ends the sessions whose time is up, erases what nobody needs of those that ended, and forgets the old. What fails keeps
/// nothing else from being done.
pub async fn expire_overdue(state: &AppState) -> Result<(), ApiError> {
    let (store, now) = (&state.store, state.clock.now());
    let done = [
        end_overdue(state, now).await,
        forget_old_sessions(state, now).await,
        store.link_codes().forget_old(now).await.map(drop),
        store.authorize_tokens().forget_old(now).await.map(drop),
        store.reauthorisation_tokens().forget_old(now).await.map(drop),
        store.access_tokens().forget_old(now).await.map(drop),
        store.refresh_tokens().forget_old(now).await.map(drop),
        store.requests().forget_old(now).await.map(drop),
        store.data_requests().forget_old(now).await.map(drop),
        store.operators().forget_old(now).await,
        forget_old_messages(state, now).await,
    ];
    Ok(done.into_iter().collect::<Result<(), StoreError>>()?)
}

async fn end_overdue(state: &AppState, now: Timestamp) -> Result<(), StoreError> {
    while state.store.sessions().expire_due(BATCH, now).await?.len() as u64 == BATCH {}
    while state.store.sessions().erase_ended(BATCH, now).await? == BATCH {}
    Ok(())
}

async fn forget_old_sessions(state: &AppState, now: Timestamp) -> Result<(), StoreError> {
    while state.store.sessions().forget_old(BATCH, now).await? == BATCH {}
    Ok(())
}

async fn forget_old_messages(state: &AppState, now: Timestamp) -> Result<(), StoreError> {
    while state.store.webhooks().forget_old(BATCH, now).await? == BATCH {}
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
