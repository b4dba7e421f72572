//! How many flows a second the server carries through, from the token to the exchange, as JSON over HTTP.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use banklink_journey::{JourneyError, Sandbox, sandbox::TOOLBOX_SECRET};
use banklink_protocol::{
    ids::InstitutionId,
    secret::Secret,
    session::{FieldValue, Intent, OpenRequest, Opened, SESSION_KEY_PREFIX, SessionState, Step, Submission},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Flows in all.
const FLOWS: usize = 400;

/// Flows at once.
const AT_ONCE: usize = 16;

/// How it went.
pub(super) struct Flows {
    took: Duration,
}

impl fmt::Display for Flows {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_second = FLOWS as f64 / self.took.as_secs_f64();
        write!(
            formatter,
            "{per_second:.0} whole flows a second ({FLOWS} flows, {AT_ONCE} at once, from token to exchange)"
        )
    }
}

/// Carries them through; one that does not end in a connection fails the measurement.
#[expect(clippy::disallowed_methods, reason = "a benchmark takes the time")]
pub(super) async fn run(sandbox: &Sandbox) -> Result<Flows, JourneyError> {
    let address: Arc<str> = sandbox.widget().into();
    let client = reqwest::Client::new();
    let began = Instant::now();
    let mut workers = JoinSet::new();
    for worker in 0..AT_ONCE {
        let (client, address) = (client.clone(), Arc::clone(&address));
        workers.spawn(async move {
            let caller = Caller { client, address };
            for flow in (worker..FLOWS).step_by(AT_ONCE) {
                caller.flow(flow).await?;
            }
            Ok::<(), JourneyError>(())
        });
    }
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|error| JourneyError::Unexpected { asked: "a flow", answer: error.to_string() })??;
    }
    Ok(Flows { took: began.elapsed() })
}

struct Caller {
    client: reqwest::Client,
    address: Arc<str>,
}

impl Caller {
    async fn flow(&self, number: usize) -> Result<(), JourneyError> {
        let token = self.post::<Value>("/platform/v1/authorize_tokens", TOOLBOX_SECRET, &json!({})).await?;
        let token = token["token"].as_str().unwrap_or_default();
        let request = OpenRequest {
            path: "/v2/".to_owned(),
            query: Secret::new(format!("?authorizeToken={token}&demo=true")),
            session_key: Secret::new(token.replace("bl_at_", SESSION_KEY_PREFIX)),
            token: None,
            carry_on: None,
        };
        let opened: Opened = self.post("/link/api/1/open", "", &request).await?;
        let key = request.session_key.expose();
        let mut state = opened.state;
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
            state = self.post::<SessionState>("/link/api/1/session", key, &submission).await?;
        };
        let exchange = json!({ "code": code.expose() });
        self.post::<Value>("/platform/v1/link_codes/exchange", TOOLBOX_SECRET, &exchange).await.map(|_| ())
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        bearer: &str,
        body: &impl Serialize,
    ) -> Result<T, JourneyError> {
        let url = format!("{}{path}", self.address);
        let failed = |problem: String| JourneyError::Request { method: "POST", url: url.clone(), problem };
        let request = self.client.post(&url).bearer_auth(bearer).header("Accept", "application/json").json(body);
        let answer = request.send().await.map_err(|error| failed(error.to_string()))?;
        let body = answer.bytes().await.map_err(|error| failed(error.to_string()))?;
        serde_json::from_slice(&body).map_err(|_| failed(String::from_utf8_lossy(&body).into_owned()))
    }
}
