//! WebDriver BiDi, as Firefox speaks it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::{
    Complaint,
    connection::{Command, Connection},
};
use crate::JourneyError;

/// A browser that speaks it.
#[derive(Debug)]
pub(super) struct Bidi {
    connection: Connection,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    complaints: Vec<Complaint>,
    /// Requests whose address contains one of these are refused.
    blocked: Vec<String>,
    /// What stops all requests, to be looked at, while there is something to refuse.
    stop: Option<Stop>,
    /// Scripts that run before those of pages.
    first: Vec<Value>,
}

/// What the browser calls the parts of stopping requests.
#[derive(Clone, Debug)]
struct Stop {
    subscription: Value,
    intercept: Value,
}

impl Bidi {
    /// Connects to the address that the driver names, and listens to what consoles say.
    pub(super) async fn connect(address: &str) -> Result<Self, JourneyError> {
        let state = Arc::<Mutex<State>>::default();
        let reacting = Arc::clone(&state);
        let connection = Connection::open(address, move |event, happened| react(event, happened, &reacting)).await?;
        connection.command("session.subscribe", json!({ "events": ["log.entryAdded"] })).await?;
        Ok(Self { connection, state })
    }

    /// Sends a command and waits for its result.
    pub(super) async fn command(&self, method: &'static str, parameters: Value) -> Result<Value, JourneyError> {
        self.connection.command(method, parameters).await
    }

    /// What consoles complained about since this was last called.
    pub(super) fn complaints(&self) -> Vec<Complaint> {
        std::mem::take(&mut locked(&self.state).complaints)
    }

    /// Refuses requests whose address contains one of these, until told otherwise.
    pub(super) async fn blocks(&self, parts: &[&str]) -> Result<(), JourneyError> {
        let stop = {
            let mut state = locked(&self.state);
            state.blocked = parts.iter().map(|&part| part.to_owned()).collect();
            state.stop.clone()
        };
        match stop {
            None if !parts.is_empty() => {
                let events = json!({ "events": ["network.beforeRequestSent"] });
                let subscribed = self.command("session.subscribe", events).await?;
                let phases = json!({ "phases": ["beforeRequestSent"] });
                let added = self.command("network.addIntercept", phases).await?;
                let (subscription, intercept) = (subscribed["subscription"].clone(), added["intercept"].clone());
                locked(&self.state).stop = Some(Stop { subscription, intercept });
            }
            Some(stop) if parts.is_empty() => {
                // What was stopped before is let pass: the browser told of it before it answers to this.
                self.command("network.removeIntercept", json!({ "intercept": stop.intercept })).await?;
                self.command("session.unsubscribe", json!({ "subscriptions": [stop.subscription] })).await?;
                locked(&self.state).stop = None;
            }
            Some(_) | None => {}
        }
        Ok(())
    }

    /// Runs a script before those of pages from now on, and returns what it is called.
    pub(super) async fn runs_first(&self, script: &str) -> Result<Value, JourneyError> {
        let function = json!({ "functionDeclaration": format!("() => {{ {script}\n}}") });
        let added = self.command("script.addPreloadScript", function).await?;
        let script = added["script"].clone();
        locked(&self.state).first.push(script.clone());
        Ok(script)
    }

    /// Ends that.
    pub(super) async fn runs_first_no_more(&self, script: &Value) -> Result<(), JourneyError> {
        self.command("script.removePreloadScript", json!({ "script": script })).await?;
        locked(&self.state).first.retain(|other| other != script);
        Ok(())
    }

    /// Ends that for every script.
    pub(super) async fn runs_nothing_first(&self) -> Result<(), JourneyError> {
        let scripts = locked(&self.state).first.clone();
        for script in &scripts {
            self.runs_first_no_more(script).await?;
        }
        Ok(())
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn react(event: &str, happened: &Value, state: &Mutex<State>) -> Option<Command> {
    match event {
        "log.entryAdded" => {
            locked(state).complaints.extend(complaint(happened));
            None
        }
        "network.beforeRequestSent" if happened["isBlocked"] == true => {
            let request = &happened["request"];
            let method = if is_blocked(request, state) { "network.failRequest" } else { "network.continueRequest" };
            Some(Command::without_answer(method, json!({ "request": request["request"] })))
        }
        _ => None,
    }
}

fn is_blocked(request: &Value, state: &Mutex<State>) -> bool {
    let address = request["url"].as_str().unwrap_or_default();
    locked(state).blocked.iter().any(|part| address.contains(part.as_str()))
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
