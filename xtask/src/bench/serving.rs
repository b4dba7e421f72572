//! What the server carries: flows, webhooks, open sessions.

use core::fmt;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use banklink_journey::{JourneyError, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
    time::sleep,
};

use super::{
    client::{AT_ONCE, Client, Run},
    numbers::{megabytes, percentile},
};

/// Flows in all, each time.
const FLOWS: usize = 400;

/// Sessions that are opened and stay so.
const SESSIONS: usize = 10_000;

/// Webhooks of the app, as many as it may have.
const WEBHOOKS: usize = 5;

/// How long nothing more has to arrive for all to have arrived.
const QUIET: Duration = Duration::from_secs(3);

/// How it went.
pub(super) struct Serving {
    flows: Run,
    /// With webhooks whose receiver answers.
    told: Run,
    deliveries: usize,
    delivered_in: Duration,
    /// With webhooks whose receiver takes everything and says nothing.
    hanging: Run,
    /// Without webhooks, by a server that waits for the disk.
    durable: Run,
    /// Before, and after so many sessions were opened, where the system tells.
    memory: Option<(u64, u64)>,
}

impl fmt::Display for Serving {
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_second = |count: usize, took: Duration| count as f64 / took.as_secs_f64();
        writeln!(formatter, "whole flows, {FLOWS} of them, {AT_ONCE} at once, from token to exchange")?;
        let runs = [
            ("no webhooks", &self.flows),
            ("told", &self.told),
            ("receivers hang", &self.hanging),
            ("synced to disk", &self.durable),
        ];
        let usual = percentile(&self.flows.times, 99);
        for (name, run) in runs {
            let p99 = percentile(&run.times, 99);
            let (rate, p50) = (per_second(FLOWS, run.took), percentile(&run.times, 50));
            writeln!(
                formatter,
                "{name:<16} {rate:>5.0} a second   p50 {p50:>7}   p99 {p99:>7}   {:.1} ×",
                p99.ratio(usual)
            )?;
        }
        let rate = per_second(self.deliveries, self.delivered_in);
        writeln!(
            formatter,
            "{rate:.0} webhook deliveries a second ({} to {WEBHOOKS} webhooks, while flows go on)",
            self.deliveries
        )?;
        match self.memory {
            Some((before, after)) => write!(
                formatter,
                "memory of the server: {}, with {SESSIONS} more open sessions {}",
                megabytes(before),
                megabytes(after)
            ),
            None => write!(formatter, "memory of the server: not told by this system"),
        }
    }
}

/// Measures all of it, in a sandbox that waits for no disk and, in part, in one that does. What does not end as it should
/// fails the measurement.
pub(super) async fn run(sandbox: &Sandbox, durable: &Sandbox) -> Result<Serving, JourneyError> {
    let client = Client::of(sandbox);
    // What is compiled, cached and connected at first is no part of it.
    client.times(AT_ONCE * 2, Client::links).await?;
    let flows = client.times(FLOWS, Client::links).await?;

    let receiver = Receiver::open(Manner::Answers).await?;
    let webhooks = receiver.subscribe(&client).await?;
    let told = client.times(FLOWS, Client::links).await?;
    let delivered_in = receiver.until_quiet(told.took).await;
    let deliveries = receiver.count();
    unsubscribe(&client, webhooks).await?;

    let hangs = Receiver::open(Manner::Hangs).await?;
    let webhooks = hangs.subscribe(&client).await?;
    let hanging = client.times(FLOWS, Client::links).await?;
    unsubscribe(&client, webhooks).await?;

    let before = sandbox.memory();
    client.times(SESSIONS, Client::opens).await?;
    let memory = before.zip(sandbox.memory());

    let client = Client::of(durable);
    client.times(AT_ONCE * 2, Client::links).await?;
    let durable = client.times(FLOWS, Client::links).await?;
    Ok(Serving { flows, told, deliveries, delivered_in, hanging, durable, memory })
}

async fn unsubscribe(client: &Client, webhooks: Vec<String>) -> Result<(), JourneyError> {
    for webhook in webhooks {
        client.platform::<Value>(Method::DELETE, &format!("app/webhooks/{webhook}"), &Value::Null).await?;
    }
    Ok(())
}

/// What a receiver does with what it is told.
#[derive(Clone, Copy, Debug)]
enum Manner {
    /// Thanks for it at once.
    Answers,
    /// Takes it, and says nothing.
    Hangs,
}

/// Takes what webhooks are told.
struct Receiver {
    address: SocketAddr,
    taken: Arc<AtomicUsize>,
    task: AbortHandle,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    async fn open(manner: Manner) -> Result<Self, JourneyError> {
        let failed = |source| JourneyError::File { path: "a port of this machine".into(), source };
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let taken = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn({
            let taken = Arc::clone(&taken);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(take(stream, manner, Arc::clone(&taken)));
                }
            }
        });
        Ok(Self { address, taken, task: task.abort_handle() })
    }

    fn count(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Adds as many webhooks as there may be, which are told of everything.
    async fn subscribe(&self, client: &Client) -> Result<Vec<String>, JourneyError> {
        let mut webhooks = Vec::new();
        for number in 0..WEBHOOKS {
            let webhook = json!({ "url": format!("http://{}/{number}", self.address) });
            let added = client.platform::<Value>(Method::POST, "app/webhooks", &webhook).await?;
            webhooks.push(added["webhook"]["id"].as_str().unwrap_or_default().to_owned());
        }
        Ok(webhooks)
    }

    /// Waits until nothing more comes; says how long that took after `already`, without the waiting at the end.
    #[expect(clippy::disallowed_methods, reason = "a benchmark takes the time")]
    async fn until_quiet(&self, already: Duration) -> Duration {
        let began = Instant::now();
        let (mut last, mut count) = (Duration::ZERO, self.count());
        while began.elapsed() < last + QUIET {
            sleep(Duration::from_millis(20)).await;
            if self.count() != count {
                (last, count) = (began.elapsed(), self.count());
            }
        }
        already + last
    }
}

async fn take(mut stream: TcpStream, manner: Manner, taken: Arc<AtomicUsize>) {
    let (mut got, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let Ok(read @ 1..) = stream.read(&mut part).await else { return };
        got.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&got);
        let is_whole = text.split_once("\r\n\r\n").is_some_and(|(_, body)| serde_json::from_str::<Value>(body).is_ok());
        if is_whole {
            break;
        }
    }
    taken.fetch_add(1, Ordering::Relaxed);
    match manner {
        // A sender that is gone by then counts it as it likes.
        Manner::Answers => {
            _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
        }
        Manner::Hangs => {
            _ = stream.read(&mut part).await;
        }
    }
}
