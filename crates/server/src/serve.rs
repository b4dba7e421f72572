//! Listening, answering within bounds, and stopping without losing what was begun.

use std::{
    io::{Error, ErrorKind},
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use thiserror::Error;
use tokio::{
    net::{TcpListener, TcpStream},
    signal,
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::ServiceExt;
use tracing::{info, warn};

use crate::{
    address::ListenAddress, client_address::Peer, logging::WithCauses, router::MAX_TIME, services::sessions,
    state::AppState,
};

/// Why the server can't listen.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Another program has the port.
    #[error("{0} is taken by another program: stop it, or choose another address with --{1}")]
    Taken(ListenAddress, &'static str),
    /// The address is not one of this machine's, or something else is wrong.
    #[error("can't listen on {0}, given with --{1}")]
    Refused(ListenAddress, &'static str, #[source] Error),
}

/// Listens on an address; `flag` is the command-line flag that chooses it. Tells the port that it got, too.
pub async fn listen(address: &ListenAddress, flag: &'static str) -> Result<(TcpListener, SocketAddr), ListenError> {
    let refused = |error: Error| match error.kind() {
        ErrorKind::AddrInUse => ListenError::Taken(address.clone(), flag),
        _ => ListenError::Refused(address.clone(), flag, error),
    };
    let listener = TcpListener::bind(address.to_string()).await.map_err(refused)?;
    let got = listener.local_addr().map_err(refused)?;
    Ok((listener, got))
}

/// How long a request's header may take, and how long a connection may stay open with nothing asked.
pub const HEADER_TIME: Duration = Duration::from_secs(10);

/// Largest header of a request, its address included, in bytes. The address alone can have 65,534.
pub const MAX_HEADER: usize = 128 * 1024;

/// How long a connection is used: who reads its answers too slowly, or asks again and again, begins anew.
const MAX_LIFE: Duration = Duration::from_mins(5);

/// How long requests that are under way may take once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// How long a connection that never asked anything may go on then: its request may be just arriving.
const GRACE: Duration = Duration::from_secs(1);

/// After a connection could not be taken, as when there are no files left.
const PAUSE: Duration = Duration::from_millis(200);

/// Most connections of all listeners together, however many files the system allows.
const MOST_CONNECTIONS: usize = 4096;

/// How many connections each of so many listeners can have at once. Takes all files that the system allows this
/// process, and leaves half of them for the database and for calls to others: a flood of connections must not keep
/// those that are open from being answered.
pub fn most_connections(listeners: usize) -> usize {
    (files() / 2).min(MOST_CONNECTIONS) / listeners.max(1)
}

#[cfg(unix)]
fn files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok();
    let files = if raised { maximum } else { current };
    files.and_then(|files| usize::try_from(files).ok()).unwrap_or(usize::MAX)
}

#[cfg(not(unix))]
fn files() -> usize {
    usize::MAX
}

/// Tells everything that serves when to stop.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// One that has not come yet; `true` sends it.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Waits until it comes.
    pub async fn asked(&mut self) {
        // Nobody left to ask is as good as being asked.
        drop(self.0.wait_for(|stop| *stop).await);
    }
}

/// Answers requests until `stop`, over at most so many connections at once, then drains. Further ones wait their turn
/// in the system's queue.
pub async fn serve(listener: TcpListener, router: Router, most: usize, mut stop: Stop) {
    let places = Arc::new(Semaphore::new(most.max(1)));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = stop.asked() => break,
        };
        let Some((place, stream, peer)) = accepted else { break };
        connections.spawn(converse(stream, peer, router.clone(), place, stop.clone()));
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(OwnedSemaphorePermit, TcpStream, Peer)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Some((place, stream, Peer(peer))),
            Err(error) if is_of_peer(&error) => {}
            Err(error) => {
                warn!(%error, "a connection could not be taken");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Whether the other side was gone again before its connection was taken.
fn is_of_peer(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}

/// Answers one connection's requests until it is over, has lived long enough, or the server stops.
async fn converse(stream: TcpStream, peer: Peer, router: Router, place: OwnedSemaphorePermit, mut stop: Stop) {
    // Answers are small and written whole: nothing is gained by waiting for more. What fails leaves them slower.
    drop(stream.set_nodelay(true));
    let asked = Arc::new(AtomicBool::new(false));
    let asks = Arc::clone(&asked);
    let router = ServiceExt::<Request<Incoming>>::map_request(router, move |mut request: Request<Incoming>| {
        asks.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(peer);
        request
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(MAX_HEADER);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)));
    // A connection that fails concerns the other side alone: it went away, or does not speak HTTP.
    tokio::select! {
        _ = &mut connection => return,
        () = stop.asked() => {}
        () = sleep(MAX_LIFE) => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                _ = timeout(MAX_TIME, &mut connection) => return,
                () = stop.asked() => {}
            }
        }
    }
    connection.as_mut().graceful_shutdown();
    let left = if asked.load(Ordering::Relaxed) { DRAIN } else { GRACE };
    if timeout(left, connection).await.is_err() && asked.load(Ordering::Relaxed) {
        warn!("stopped with a request still open");
    }
    drop(place);
}

/// A part of the server is no more, without which it must not go on: whoever watches over it starts it anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a part of the server ended by itself; the log says why")]
pub struct EndedByItself;

/// The process being asked to stop: Ctrl-C or SIGTERM.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    interrupt: signal::unix::Signal,
    #[cfg(unix)]
    terminate: signal::unix::Signal,
}

impl Signals {
    /// Takes them from now on, in place of the sudden end that the system has for them.
    #[cfg(unix)]
    pub fn listen() -> Result<Self, Error> {
        use signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Takes them from now on.
    #[cfg(not(unix))]
    pub fn listen() -> Result<Self, Error> {
        Ok(Self {})
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        drop(signal::ctrl_c().await);
    }

    /// Stops what was given `stop` at the first signal, or when a part of it ends by itself, and waits for all to end; a
    /// second signal ends the waiting. Says whether it was asked to.
    pub async fn govern(mut self, stop: watch::Sender<bool>, mut serving: JoinSet<()>) -> Result<(), EndedByItself> {
        let asked = tokio::select! {
            () = self.next() => Ok(()),
            _ = serving.join_next() => Err(EndedByItself),
        };
        info!("stopping");
        stop.send_replace(true);
        let ended = async { while serving.join_next().await.is_some() {} };
        tokio::select! {
            () = ended => {}
            () = self.next() => warn!("stopped at once, with requests still open"),
        }
        asked
    }
}

/// How often overdue sessions are ended and old tokens forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(15);

/// Ends overdue sessions and forgets old tokens, until `stop`.
pub async fn keep_house(state: AppState, mut stop: Stop) {
    let mut ticks = tokio::time::interval(HOUSEKEEPING);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.asked() => return,
        }
        state.limits.forget_idle();
        if let Err(error) = sessions::expire_overdue(&state).await {
            warn!(error = %WithCauses(&error), "overdue sessions could not be ended");
        }
    }
}
