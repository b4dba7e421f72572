//! WebDriver BiDi, the drivers' protocol over a WebSocket: commands both ways, and what happens meanwhile.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use super::Complaint;
use crate::JourneyError;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A connection to a browser. Dropping it closes it.
#[derive(Debug)]
pub(super) struct Bidi {
    shared: Arc<Shared>,
    commands: mpsc::UnboundedSender<Value>,
    tasks: [JoinHandle<()>; 2],
}

/// What both directions know.
#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    waiting: HashMap<u64, oneshot::Sender<Value>>,
    complaints: Vec<Complaint>,
    /// Requests whose address contains one of these are refused.
    blocked: Vec<String>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bidi {
    /// Connects to the address that the driver names, and listens to what consoles say.
    pub(super) async fn connect(address: &str) -> Result<Self, JourneyError> {
        let failed =
            |error: tokio_tungstenite::tungstenite::Error| unexpected("webSocketUrl", &error.to_string().into());
        let (socket, _) = connect_async(address).await.map_err(failed)?;
        let (sink, stream) = socket.split();
        let (commands, queue) = mpsc::unbounded_channel();
        let shared = Arc::<Shared>::default();
        let sends = tokio::spawn(send_all(sink, queue));
        let hears = tokio::spawn(hear_all(stream, Arc::clone(&shared), commands.clone()));
        let bidi = Self { shared, commands, tasks: [sends, hears] };
        let events = ["log.entryAdded", "network.beforeRequestSent"];
        bidi.command("session.subscribe", json!({ "events": events })).await?;
        Ok(bidi)
    }

    /// Sends a command and waits for its result.
    pub(super) async fn command(&self, method: &'static str, parameters: Value) -> Result<Value, JourneyError> {
        let (answers, answer) = oneshot::channel();
        let id = {
            let mut state = self.shared.state();
            state.last_id += 1;
            let id = state.last_id;
            state.waiting.insert(id, answers);
            id
        };
        let command = json!({ "id": id, "method": method, "params": parameters });
        self.commands.send(command).map_err(|_| JourneyError::Lost(method))?;
        let answer = answer.await.map_err(|_| JourneyError::Lost(method))?;
        if answer["type"] == "success" { Ok(answer["result"].clone()) } else { Err(unexpected(method, &answer)) }
    }

    /// The window that was there first.
    pub(super) async fn first_window(&self) -> Result<Value, JourneyError> {
        let tree = self.command("browsingContext.getTree", json!({ "maxDepth": 0 })).await?;
        Ok(tree["contexts"][0]["context"].clone())
    }

    /// What consoles complained about since this was last called.
    pub(super) fn complaints(&self) -> Vec<Complaint> {
        std::mem::take(&mut self.shared.state().complaints)
    }

    /// Refuses requests whose address contains one of these.
    pub(super) fn blocks(&self, parts: &[&str]) {
        self.shared.state().blocked = parts.iter().map(|&part| part.to_owned()).collect();
    }
}

impl Drop for Bidi {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn send_all(mut sink: SplitSink<Socket, Message>, mut queue: mpsc::UnboundedReceiver<Value>) {
    while let Some(command) = queue.recv().await {
        if sink.send(Message::text(command.to_string())).await.is_err() {
            return;
        }
    }
}

async fn hear_all(mut stream: SplitStream<Socket>, shared: Arc<Shared>, commands: mpsc::UnboundedSender<Value>) {
    while let Some(Ok(message)) = stream.next().await {
        let Ok(said) = serde_json::from_slice::<Value>(&message.into_data()) else { continue };
        match said["method"].as_str() {
            Some("log.entryAdded") => shared.state().complaints.extend(complaint(&said["params"])),
            Some("network.beforeRequestSent") if said["params"]["isBlocked"] == true => {
                let mut state = shared.state();
                state.last_id += 1;
                // It is closing if nobody takes the command.
                let _ = commands.send(let_pass_or_refuse(&said["params"]["request"], &state));
            }
            _ => {
                let waits = said["id"].as_u64().and_then(|id| shared.state().waiting.remove(&id));
                if let Some(waits) = waits {
                    let _ = waits.send(said);
                }
            }
        }
    }
}

fn let_pass_or_refuse(request: &Value, state: &State) -> Value {
    let address = request["url"].as_str().unwrap_or_default();
    let is_blocked = state.blocked.iter().any(|part| address.contains(part.as_str()));
    let method = if is_blocked { "network.failRequest" } else { "network.continueRequest" };
    json!({ "id": state.last_id, "method": method, "params": { "request": request["request"] } })
}

fn complaint(entry: &Value) -> Option<Complaint> {
    let message = entry["text"].as_str().unwrap_or_default().to_owned();
    let source = match entry["type"].as_str() {
        Some("javascript") if message.starts_with("Content-Security-Policy") => "security",
        Some("javascript") => "javascript",
        _ => "console-api",
    };
    (entry["level"] == "error").then(|| Complaint { source: source.to_owned(), message })
}

fn unexpected(asked: &'static str, answer: &Value) -> JourneyError {
    JourneyError::Unexpected { asked, answer: answer.to_string() }
}
