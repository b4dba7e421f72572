//! Refreshes connections that are due, until the server stops.

use std::time::Duration;

use tokio::{task::JoinSet, time::sleep};
use tracing::{error, warn};

use crate::{logging::WithCauses, problem::ApiError, serve::Stop, services::refreshing, state::AppState};

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(5);

/// Most connections that are refreshed at once.
const AT_ONCE: usize = 8;

/// Refreshes what is due, until `stop`; then waits for what is under way.
pub async fn refresh_nightly(state: AppState, mut stop: Stop) {
    let mut under_way = JoinSet::new();
    loop {
        if let Err(error) = begin(&state, &mut under_way).await {
            warn!(error = %WithCauses(&error), "what is to be refreshed can't be read");
        }
        tokio::select! {
            Some(done) = under_way.join_next() => tell(done.err()),
            () = sleep(LOOK) => {}
            () = stop.asked() => break,
        }
    }
    while let Some(done) = under_way.join_next().await {
        tell(done.err());
    }
}

async fn begin(state: &AppState, under_way: &mut JoinSet<()>) -> Result<(), ApiError> {
    let places = AT_ONCE.saturating_sub(under_way.len());
    if places == 0 {
        return Ok(());
    }
    for taken in refreshing::take_due(state, u64::try_from(places).unwrap_or(1)).await? {
        let state = state.clone();
        under_way.spawn(async move {
            if let Err(error) = refreshing::refresh(&state, &taken).await {
                error!(error = %WithCauses(&error), "a connection is not refreshed for now");
            }
        });
    }
    Ok(())
}

fn tell(failed: Option<tokio::task::JoinError>) {
    if let Some(error) = failed {
        error!(%error, "refreshing a connection failed");
    }
}
