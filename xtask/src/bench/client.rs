//! An app and its people, as a client of the server.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use banklink_journey::{JourneyError, Sandbox, sandbox::TOOLBOX_SECRET};
use banklink_protocol::{
    ids::InstitutionId,
    secret::Secret,
    session::{FieldValue, Intent, OpenRequest, Opened, SESSION_KEY_PREFIX, SessionState, Step, Submission},
};
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::numbers::Milliseconds;

/// How much is done at once.
pub(super) const AT_ONCE: usize = 16;

/// A client.
#[derive(Clone)]
pub(super) struct Client {
    client: reqwest::Client,
    address: Arc<str>,
}

/// How something went that was done many times.
pub(super) struct Run {
    /// From the first beginning to the last end.
    pub(super) took: Duration,
    /// How long each took.
    pub(super) times: Vec<Milliseconds>,
}

impl Client {
    pub(super) fn of(sandbox: &Sandbox) -> Self {
        Self { client: reqwest::Client::new(), address: sandbox.widget().into() }
    }

    /// Does something so many times, [`AT_ONCE`] at once. What fails once fails the measurement.
    #[expect(clippy::disallowed_methods, reason = "a benchmark takes the time")]
    pub(super) async fn times<F>(&self, count: usize, does: fn(Self, usize) -> F) -> Result<Run, JourneyError>
    where
        F: Future<Output = Result<(), JourneyError>> + Send + 'static,
    {
        let began = Instant::now();
        let mut workers = JoinSet::new();
        for worker in 0..AT_ONCE {
            let client = self.clone();
            workers.spawn(async move {
                let mut times = Vec::new();
                for number in (worker..count).step_by(AT_ONCE) {
                    let began = Instant::now();
                    does(client.clone(), number).await?;
                    times.push(Milliseconds(began.elapsed().as_secs_f64() * 1e3));
                }
                Ok::<_, JourneyError>(times)
            });
        }
        let mut times = Vec::new();
        while let Some(ended) = workers.join_next().await {
            let ended = ended.map_err(|error| JourneyError::Unexpected { asked: "a run", answer: error.to_string() });
            times.append(&mut ended??);
        }
        Ok(Run { took: began.elapsed(), times })
    }

    /// Opens a session, which stays open.
    pub(super) async fn opens(self, _: usize) -> Result<(), JourneyError> {
        self.open().await.map(drop)
    }

    async fn open(&self) -> Result<(Secret, SessionState), JourneyError> {
        let token = self.platform::<Value>(Method::POST, "authorize_tokens", &json!({})).await?;
        let token = token["token"].as_str().unwrap_or_default();
        let request = OpenRequest {
            path: "/v2/".to_owned(),
            query: Secret::new(format!("?authorizeToken={token}&demo=true")),
            session_key: Secret::new(token.replace("bl_at_", SESSION_KEY_PREFIX)),
            token: None,
            carry_on: None,
        };
        let opened: Opened = self.send(Method::POST, "/link/api/1/open", "", &request).await?;
        Ok((request.session_key, opened.state))
    }

    /// Carries a flow through, from the token to the exchange.
    pub(super) async fn links(self, number: usize) -> Result<(), JourneyError> {
        let (key, mut state) = self.open().await?;
        let code = loop {
            let intent = match state.step {
                Step::Consent(consent) => Intent::AcceptConsent { text_hash: consent.text_hash },
                Step::Institutions(_) => Intent::ChooseInstitution(InstitutionId::from("testbank")),
                Step::Credentials(form) => Intent::SubmitCredentials(
                    form.fields
                        .into_iter()
                        .map(|field| FieldValue { field: field.id, value: Secret::new(format!("person-{number}")) })
                        .collect(),
                ),
                Step::Linked(ending) => break ending.code,
                other => {
                    return Err(JourneyError::Unexpected { asked: "the next step", answer: format!("{other:?}") });
                }
            };
            let submission = Submission { number: state.number, intent };
            state = self.send::<SessionState>(Method::POST, "/link/api/1/session", key.expose(), &submission).await?;
        };
        let exchange = json!({ "code": code.expose() });
        self.platform::<Value>(Method::POST, "link_codes/exchange", &exchange).await.map(drop)
    }

    /// Asks the platform API as the app.
    pub(super) async fn platform<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, JourneyError> {
        self.send(method, &format!("/platform/v1/{path}"), TOOLBOX_SECRET, body).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        bearer: &str,
        body: &impl Serialize,
    ) -> Result<T, JourneyError> {
        let url = format!("{}{path}", self.address);
        let failed = |problem: String| JourneyError::Request { method: "bench", url: url.clone(), problem };
        let request = self.client.request(method, &url).bearer_auth(bearer).header("Accept", "application/json");
        let answer = request.json(body).send().await.map_err(|error| failed(error.to_string()))?;
        let body = answer.bytes().await.map_err(|error| failed(error.to_string()))?;
        // An answer without a body says all by its status.
        let body = if body.is_empty() { "null".into() } else { body };
        serde_json::from_slice(&body).map_err(|_| failed(String::from_utf8_lossy(&body).into_owned()))
    }
}
