//! Apps and their own servers, which ask the platform API.

use std::process::Command;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::{JourneyError, Sandbox};

/// An app to be made by `banklink app create`.
#[derive(Clone, Copy, Debug)]
pub struct NewApp<'a> {
    /// As people see it.
    pub name: &'a str,
    /// Where people may go at the end; the first is where they go unless it is said.
    pub redirect_uris: &'a [String],
    /// Origins of the pages that embed the widget.
    pub origins: &'a [String],
    /// What else it is made with, as `--mode live`.
    pub flags: &'a [&'a str],
}

/// The server of an app: it has the client secret.
#[derive(Clone, Debug)]
pub struct App {
    platform: String,
    client_secret: String,
}

impl App {
    /// The app with this secret.
    pub fn with_secret(sandbox: &Sandbox, client_secret: &str) -> Self {
        let platform = format!("{}/platform/v1", sandbox.widget());
        Self { platform, client_secret: client_secret.to_owned() }
    }

    /// Makes an app in the sandbox's database, as whoever runs a server does.
    pub fn create(sandbox: &Sandbox, new: &NewApp<'_>) -> Result<Self, JourneyError> {
        let mut command = Command::new(sandbox.binary());
        command.args(["app", "create", "--name", new.name]).args(new.flags).arg("--database").arg(sandbox.database());
        for (flag, values) in [("--redirect-uri", new.redirect_uris), ("--origin", new.origins)] {
            for value in values {
                command.args([flag, value]);
            }
        }
        let program = sandbox.binary().to_owned();
        let output = command.output().map_err(|source| JourneyError::NotStarted { program, source })?;
        let said = String::from_utf8_lossy(&output.stdout);
        match said.lines().find_map(|line| line.strip_prefix("client secret")) {
            Some(secret) => Ok(Self::with_secret(sandbox, secret.trim())),
            None => Err(JourneyError::Unexpected {
                asked: "banklink app create",
                answer: format!("{said}{}", String::from_utf8_lossy(&output.stderr)),
            }),
        }
    }

    /// A token for one session, with parameters bound to it.
    pub async fn authorize_token(&self, bound: &[(&str, &str)]) -> Result<String, JourneyError> {
        let bound: serde_json::Map<_, _> =
            bound.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        let issued = self.post("authorize_tokens", json!({ "parameters": bound })).await?;
        Ok(text(&issued["token"]))
    }

    /// The token of a new link that leads to one of the app's redirect URIs.
    pub async fn link(&self, redirect_uri: &str) -> Result<String, JourneyError> {
        let link = self.post("links", json!({ "name": "A link", "redirect_uri": redirect_uri })).await?;
        Ok(text(&link["token"]))
    }

    /// Exchanges a code: the connection, its token, and the extras.
    pub async fn exchange(&self, code: &str) -> Result<Value, JourneyError> {
        self.post("link_codes/exchange", json!({ "code": code })).await
    }

    /// What brings the person of a connection back: `access`, `credentials` or `transactions`.
    pub async fn reauthorisation_token(&self, connection: &str, purpose: &str) -> Result<String, JourneyError> {
        let path = format!("connections/{connection}/reauthorisation_tokens");
        let issued = self.post(&path, json!({ "purpose": purpose })).await?;
        Ok(text(&issued["token"]))
    }

    /// Reads what is at a path. A refusal is an answer too: its `code` says why.
    pub async fn get(&self, path: &str) -> Result<Value, JourneyError> {
        let url = self.url(path);
        self.ask("GET", &url, Client::new().get(&url)).await
    }

    /// Sends something to a path.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value, JourneyError> {
        let url = self.url(path);
        self.ask("POST", &url, Client::new().post(&url).json(&body)).await
    }

    /// Changes what is at a path.
    pub async fn patch(&self, path: &str, body: Value) -> Result<Value, JourneyError> {
        let url = self.url(path);
        self.ask("PATCH", &url, Client::new().patch(&url).json(&body)).await
    }

    /// Puts something in place of what is at a path.
    pub async fn put(&self, path: &str, body: Value) -> Result<Value, JourneyError> {
        let url = self.url(path);
        self.ask("PUT", &url, Client::new().put(&url).json(&body)).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.platform)
    }

    async fn ask(&self, method: &'static str, url: &str, request: RequestBuilder) -> Result<Value, JourneyError> {
        let failed =
            |error: reqwest::Error| JourneyError::Request { method, url: url.to_owned(), problem: error.to_string() };
        let answer = request.bearer_auth(&self.client_secret).send().await.map_err(failed)?;
        answer.json().await.map_err(failed)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
