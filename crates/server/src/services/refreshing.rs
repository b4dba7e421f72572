//! Reading connections anew without their person.

use banklink_connectors::Step;
use banklink_domain::{
    activity::Change,
    connection::Connection,
    idempotency::Claim,
    reauthorisation::{ReauthorisationPurpose, ReauthorisationToken},
    refresh::{Refreshed, after_failure, next_night},
    sealed::Sealed,
};
use banklink_protocol::{failures::FailureCode, ids::InstitutionId, problem::ProblemCode};
use banklink_store::{RefreshClaim, TakeToRefresh};
use jiff::Timestamp;
use serde_json::json;
use tracing::Instrument as _;

use crate::{
    problem::ApiError,
    random,
    seal::Purpose,
    services::{connections, reauthorisation},
    state::AppState,
};

/// Spreads what would happen at once.
pub fn spread() -> u16 {
    u16::from_be_bytes(random::bytes())
}

/// Says whether a connection is refreshed by itself.
pub async fn schedule(
    state: &AppState,
    connection: &Connection,
    scheduled: bool,
    change: &Change,
) -> Result<Connection, ApiError> {
    let due = scheduled.then(|| connection.refresh.due.unwrap_or_else(|| next_night(change.at, spread())));
    let changed = state.store.connections().schedule(connection.app_id, &connection.id, due, change).await?;
    changed.ok_or_else(connections::not_found)
}

/// Refreshes a connection now, and gives it as it is then.
pub async fn refresh_now(state: &AppState, connection: &Connection, change: &Change) -> Result<Connection, ApiError> {
    let (app, id, claim) = (connection.app_id, &connection.id, Claim::new(random::bytes()));
    let conflict = |detail: &str| ApiError::new(ProblemCode::Conflict, detail);
    if !connections::is_covered(state, connection).await? {
        return Err(conflict("The person's consent is over: send them through the widget once more to renew it."));
    }
    let taken = state.store.connections().take_one(app, id, claim, change.at, change.of_operator()).await?;
    let TakeToRefresh::Taken(taken) = taken else {
        let detail = "The connection waits for its person, or is being refreshed: read it again.";
        return Err(conflict(detail));
    };
    // A caller that goes away leaves the institution's answer to be kept.
    let own = state.clone();
    let refreshed = tokio::spawn(async move { refresh(&own, &taken).await }.in_current_span());
    match refreshed.await.map_err(ApiError::internal)?? {
        Some(connection) => Ok(connection),
        // The person was faster, or the connection is gone.
        None => state.store.connections().get(app, id).await?.ok_or_else(connections::not_found),
    }
}

/// Institutions at which something is due.
pub async fn institutions_due(state: &AppState, limit: u64) -> Result<Vec<InstitutionId>, ApiError> {
    Ok(state.store.connections().institutions_due(limit, state.clock.now()).await?)
}

/// Takes connections of an institution that are due.
pub async fn take_due(
    state: &AppState,
    institution: &InstitutionId,
    limit: u64,
) -> Result<Vec<RefreshClaim>, ApiError> {
    Ok(state.store.connections().take_due(institution, limit, Claim::new(random::bytes()), state.clock.now()).await?)
}

/// Refreshes a connection that was taken, and gives it as it is then, unless somebody else had the last word.
pub async fn refresh(state: &AppState, taken: &RefreshClaim) -> Result<Option<Connection>, ApiError> {
    let connection = &taken.connection;
    let refreshed = if connections::is_covered(state, connection).await? {
        ask(state, connection).await?
    } else {
        Refreshed::NotCovered
    };
    state.metrics.refreshed(match &refreshed {
        Refreshed::Done(_) => "done",
        Refreshed::NeedsReauthorisation(_) => "needs_reauthorisation",
        Refreshed::Failed(_) => "failed",
        Refreshed::NotCovered => "not_covered",
    });
    let now = state.clock.now();
    let due = next(&refreshed, now);
    let issued = match &refreshed {
        Refreshed::NeedsReauthorisation(purpose) => Some(way_back(state, connection, *purpose, now)?),
        Refreshed::Done(_) | Refreshed::Failed(_) | Refreshed::NotCovered => None,
    };
    let token = issued.as_ref().map(|(token, sealed)| (token, sealed));
    Ok(state.store.connections().settle_refresh(taken, &refreshed, due, token, now).await?)
}

/// When a connection is refreshed next; one whose person has to come first is when they were here.
fn next(refreshed: &Refreshed, now: Timestamp) -> Option<Timestamp> {
    match refreshed {
        Refreshed::Done(_) => Some(next_night(now, spread())),
        Refreshed::Failed(_) => Some(after_failure(now, spread())),
        Refreshed::NeedsReauthorisation(_) | Refreshed::NotCovered => None,
    }
}

/// Asks the institution. Nobody is there to answer what it asks, so a question is as good as no.
async fn ask(state: &AppState, connection: &Connection) -> Result<Refreshed, ApiError> {
    let Some(access) = connection.access() else { return Ok(Refreshed::Failed(FailureCode::InternalError)) };
    let directory = state.directory().await?;
    let Some(listed) = directory.get(&connection.institution_id) else {
        return Ok(Refreshed::Failed(FailureCode::RetryLater));
    };
    let Ok(saved) = connections::open_saved(state, access) else {
        return Ok(Refreshed::Failed(FailureCode::InternalError));
    };
    let language = state.locales.language("en");
    let step = state.connectors.refresh(listed.connector, saved, language, state.clock.now()).await;
    Ok(match step {
        Step::Done(done) => {
            let sealed = state.sealer.seal(Purpose::Connection, done.saved.as_bytes()).map_err(ApiError::internal)?;
            Refreshed::Done(Sealed::new(sealed))
        }
        Step::Challenge(_) | Step::Waiting => Refreshed::NeedsReauthorisation(ReauthorisationPurpose::Access),
        Step::Rejected(_) => Refreshed::NeedsReauthorisation(ReauthorisationPurpose::Credentials),
        Step::Failed(FailureCode::UserInteractionNeeded) => {
            Refreshed::NeedsReauthorisation(ReauthorisationPurpose::Access)
        }
        Step::Failed(code) => Refreshed::Failed(code),
    })
}

/// A token that brings the person back, and what webhooks are told of it, sealed.
fn way_back(
    state: &AppState,
    connection: &Connection,
    purpose: ReauthorisationPurpose,
    now: Timestamp,
) -> Result<(ReauthorisationToken, Sealed), ApiError> {
    let (secret, token) = reauthorisation::mint(state, connection, purpose, now)?;
    let told = json!({
        "token": secret,
        "purpose": purpose.as_str(),
        "parameters": reauthorisation::page_parameters(connection, purpose, &secret),
        "expires_at": token.expires_at,
    });
    let sealed = state.sealer.seal(Purpose::WebhookSecret, told.to_string().as_bytes()).map_err(ApiError::internal)?;
    Ok((token, Sealed::new(sealed)))
}
