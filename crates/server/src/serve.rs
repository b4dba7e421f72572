//! Listening, and stopping without losing what was begun.

use std::{future::Future, net::SocketAddr, time::Duration};

use axum::Router;
use thiserror::Error;
use tokio::{net::TcpListener, signal};
use tracing::{info, warn};

use crate::{services::sessions, state::AppState};

/// Why the server can't listen.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Another program has the port.
    #[error("{0} is taken by another program: stop it, or choose another address with --{1}")]
    Taken(String, &'static str),
    /// The address is not one of this machine's, or something else is wrong.
    #[error("can't listen on {0}")]
    Refused(String, #[source] std::io::Error),
}

/// Listens on an address; `flag` is the command-line flag that chooses it.
pub async fn listen(address: &str, flag: &'static str) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => ListenError::Taken(address.to_owned(), flag),
        _ => ListenError::Refused(address.to_owned(), error),
    })
}

/// The address that a listener got.
pub fn address(listener: &TcpListener) -> Result<SocketAddr, ListenError> {
    listener.local_addr().map_err(|error| ListenError::Refused("the chosen address".to_owned(), error))
}

/// How long requests that are under way may take once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Answers requests until `stop`, then drains.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send + 'static) {
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let signal = async move {
        stop.await;
        _ = stopping.send(());
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(signal).into_future();
    tokio::pin!(serving);
    tokio::select! {
        result = &mut serving => return log_end(result),
        _ = stopped => {}
    }
    if let Ok(result) = tokio::time::timeout(DRAIN, serving).await {
        log_end(result);
    } else {
        warn!("stopped with requests still open");
    }
}

fn log_end(result: std::io::Result<()>) {
    if let Err(error) = result {
        warn!(%error, "the listener failed");
    }
}

/// Ends when the process is asked to stop: Ctrl-C or SIGTERM.
pub async fn asked_to_stop() {
    let interrupt = async { drop(signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    info!("stopping");
}

/// How often overdue sessions are ended and old tokens forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(15);

/// Ends overdue sessions and forgets old tokens, for ever.
pub async fn keep_house(state: AppState) {
    let mut ticks = tokio::time::interval(HOUSEKEEPING);
    loop {
        ticks.tick().await;
        if let Err(error) = sessions::expire_overdue(&state).await {
            warn!(%error, "overdue sessions could not be ended");
        }
    }
}
