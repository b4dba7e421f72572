//! A connection to a browser's insides over a WebSocket: commands both ways, and what happens meanwhile. The DevTools
//! protocol and WebDriver BiDi have the same envelopes.

use std::collections::HashMap;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite};

use crate::JourneyError;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A connection to a browser. Dropping it closes it.
#[derive(Debug)]
pub(super) struct Connection {
    commands: mpsc::UnboundedSender<Command>,
    serving: JoinHandle<()>,
}

/// What is asked of the browser.
#[derive(Debug)]
pub(super) struct Command {
    method: &'static str,
    parameters: Value,
    /// Who waits for the answer, if anybody does.
    answers: Option<oneshot::Sender<Value>>,
}

impl Command {
    /// One whose answer nobody waits for.
    pub(super) fn without_answer(method: &'static str, parameters: Value) -> Self {
        Self { method, parameters, answers: None }
    }
}

impl Connection {
    /// Connects. `react` is told the name and the parameters of what happens, and may answer with a command.
    pub(super) async fn open(
        address: &str,
        react: impl Fn(&str, &Value) -> Option<Command> + Send + 'static,
    ) -> Result<Self, JourneyError> {
        let failed = |error: tungstenite::Error| JourneyError::Unexpected {
            asked: "a connection to the browser",
            answer: error.to_string(),
        };
        let (socket, _) = connect_async(address).await.map_err(failed)?;
        let (commands, queue) = mpsc::unbounded_channel();
        let serving = tokio::spawn(serve(socket, queue, react));
        Ok(Self { commands, serving })
    }

    /// Sends a command and waits for its result.
    pub(super) async fn command(&self, method: &'static str, parameters: Value) -> Result<Value, JourneyError> {
        let (answers, answer) = oneshot::channel();
        let command = Command { method, parameters, answers: Some(answers) };
        self.commands.send(command).map_err(|_| JourneyError::Lost(method))?;
        let mut answer = answer.await.map_err(|_| JourneyError::Lost(method))?;
        if answer.get("error").is_some() {
            return Err(JourneyError::Unexpected { asked: method, answer: answer.to_string() });
        }
        Ok(answer["result"].take())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Sends and hears until either end closes; who still waits for an answer hears of it then.
async fn serve(
    mut socket: Socket,
    mut queue: mpsc::UnboundedReceiver<Command>,
    react: impl Fn(&str, &Value) -> Option<Command> + Send,
) {
    let mut waiting = HashMap::new();
    let mut last_id = 0_u64;
    loop {
        let command = tokio::select! {
            command = queue.recv() => match command {
                Some(command) => Some(command),
                None => return,
            },
            message = socket.next() => match message {
                Some(Ok(message)) => hear(&message.into_data(), &mut waiting, &react),
                Some(Err(_)) | None => return,
            },
        };
        let Some(Command { method, parameters, answers }) = command else { continue };
        last_id += 1;
        waiting.extend(answers.map(|answers| (last_id, answers)));
        let command = json!({ "id": last_id, "method": method, "params": parameters });
        if socket.send(tungstenite::Message::text(command.to_string())).await.is_err() {
            return;
        }
    }
}

/// Hands an answer to who waits for it, and anything else to `react`.
fn hear(
    message: &[u8],
    waiting: &mut HashMap<u64, oneshot::Sender<Value>>,
    react: impl Fn(&str, &Value) -> Option<Command>,
) -> Option<Command> {
    let said = serde_json::from_slice::<Value>(message).ok()?;
    if let Some(event) = said["method"].as_str() {
        return react(event, &said["params"]);
    }
    let waits = waiting.remove(&said["id"].as_u64()?)?;
    // They may have stopped waiting.
    let _ = waits.send(said);
    None
}
