//! Refreshes connections that are due, until the server stops.
//!
//! Each institution has a few places of its own, so that one that is slow keeps nobody from the others.

use std::time::Duration;

use banklink_protocol::ids::InstitutionId;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, warn};

use crate::{
    logging::WithCauses, places::Places, problem::ApiError, serve::Stop, services::refreshing, state::AppState,
};

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(5);

/// Most connections that are refreshed at once, in all.
const AT_ONCE: usize = 32;

/// Most of them of one institution.
const OF_EACH: u64 = 4;

/// Most institutions that are looked at in one go.
const MOST_INSTITUTIONS: u64 = 500;

/// Refreshes what is due, until `stop`; then waits for what is under way.
pub async fn refresh_nightly(state: AppState, mut stop: Stop) {
    let mut under_way = Places::new(OF_EACH);
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let begun = tokio::select! {
            done = under_way.one_is_done(), if !under_way.is_idle() => match done {
                Some(institution) => begin(&state, &mut under_way, institution).await,
                None => Ok(()),
            },
            _ = looks.tick() => begin_due(&state, &mut under_way).await,
            () = stop.asked() => break,
        };
        if let Err(error) = begun {
            warn!(error = %WithCauses(&error), "what is to be refreshed can't be read");
        }
    }
    while !under_way.is_idle() {
        under_way.one_is_done().await;
    }
}

async fn begin_due(state: &AppState, under_way: &mut Places<InstitutionId>) -> Result<(), ApiError> {
    for institution in refreshing::institutions_due(state, MOST_INSTITUTIONS).await? {
        begin(state, under_way, institution).await?;
    }
    Ok(())
}

/// Refreshes what is due of an institution, as far as there are places.
async fn begin(
    state: &AppState,
    under_way: &mut Places<InstitutionId>,
    institution: InstitutionId,
) -> Result<(), ApiError> {
    let left = u64::try_from(AT_ONCE.saturating_sub(under_way.taken())).unwrap_or(0);
    let places = under_way.left_to(&institution).min(left);
    if places == 0 {
        return Ok(());
    }
    for taken in refreshing::take_due(state, &institution, places).await? {
        let state = state.clone();
        under_way.begin(institution.clone(), async move {
            if let Err(error) = refreshing::refresh(&state, &taken).await {
                error!(error = %WithCauses(&error), "a connection is not refreshed for now");
            }
        });
    }
    Ok(())
}
