//! The link API: postcard both ways, a bearer key, and one shape of error.

use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

use banklink_flow::CallError;
use banklink_protocol::{
    POSTCARD,
    institutions::SearchResults,
    problem::{Problem, ProblemCode},
    secret::Secret,
    session::{Intent, OpenRequest, Opened, SessionState, Submission},
};

use crate::dom;

const OPEN: &str = "/link/api/1/open";
const SESSION: &str = "/link/api/1/session";
const INSTITUTIONS: &str = "/link/api/1/institutions?q=";

/// Milliseconds after which an answer is given up: longer than a bank takes, shorter than a person waits.
const PATIENCE: u32 = 60_000;

/// Opens a session, or resumes the tab's own.
pub(crate) async fn open(session_key: Option<Secret>) -> Result<Box<Opened>, CallError> {
    let location = dom::window().location();
    let request = OpenRequest {
        path: location.pathname().unwrap_or_default(),
        query: Secret::new(location.search().unwrap_or_default()),
        session_key,
    };
    read(call(Call { address: OPEN, session_key: None, body: Some(write(&request)), outlives_page: false }).await)
}

/// Reads where the session stands.
pub(crate) async fn session(session_key: Secret) -> Result<Box<SessionState>, CallError> {
    read(call(Call { address: SESSION, session_key: Some(session_key), body: None, outlives_page: false }).await)
}

/// Sends what the person did. Leaving is sent even while the page goes away.
pub(crate) async fn submit(session_key: Secret, submission: Submission) -> Result<Box<SessionState>, CallError> {
    let outlives_page = matches!(submission.intent, Intent::Leave(_));
    let body = Some(write(&submission));
    read(call(Call { address: SESSION, session_key: Some(session_key), body, outlives_page }).await)
}

/// Searches institutions.
pub(crate) async fn search(session_key: Secret, text: String) -> Result<SearchResults, CallError> {
    let address = [INSTITUTIONS, &String::from(js_sys::encode_uri_component(&text))].concat();
    let call = call(Call { address: &address, session_key: Some(session_key), body: None, outlives_page: false });
    read(call.await).map(|results: Box<SearchResults>| *results)
}

/// Our own types always fit into memory that grows.
fn write(value: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

/// An answer that is ours and can't be read is one of another version.
fn read<T: DeserializeOwned>(bytes: Result<Vec<u8>, CallError>) -> Result<Box<T>, CallError> {
    postcard::from_bytes(&bytes?).map(Box::new).map_err(|_| CallError::Problem(ProblemCode::VersionMismatch))
}

struct Call<'a> {
    address: &'a str,
    session_key: Option<Secret>,
    /// Posted if there is one; without, it is a read.
    body: Option<Vec<u8>>,
    outlives_page: bool,
}

async fn call(call: Call<'_>) -> Result<Vec<u8>, CallError> {
    let (is_ok, bytes) = send(call).await.map_err(|_| CallError::Unreachable)?;
    if is_ok {
        return Ok(bytes);
    }
    let problem: Problem =
        postcard::from_bytes(&bytes).map_err(|_| CallError::Problem(ProblemCode::VersionMismatch))?;
    Err(CallError::Problem(problem.code))
}

/// Whether an answer of our server's is a good one, and its body. What a proxy or a hotel answers instead is an error.
async fn send(call: Call<'_>) -> Result<(bool, Vec<u8>), JsValue> {
    let controller = AbortController::new()?;
    let headers = Headers::new()?;
    let request = RequestInit::new();
    headers.set("Accept", POSTCARD)?;
    if let Some(key) = &call.session_key {
        headers.set("Authorization", &["Bearer ", key.expose()].concat())?;
    }
    if let Some(body) = &call.body {
        headers.set("Content-Type", POSTCARD)?;
        request.set_method("POST");
        request.set_body(&Uint8Array::from(body.as_slice()));
    }
    request.set_headers(&headers);
    request.set_signal(Some(&controller.signal()));
    dom::set(&request, "keepalive", &call.outlives_page.into());
    let patience = Timeout::new(PATIENCE, move || controller.abort());
    let response = JsFuture::from(dom::window().fetch_with_str_and_init(call.address, &request)).await?;
    let response: Response = response.unchecked_into();
    if response.headers().get("Content-Type")?.as_deref() != Some(POSTCARD) {
        return Err(JsValue::NULL);
    }
    let bytes = JsFuture::from(response.array_buffer()?).await?;
    drop(patience);
    Ok((response.ok(), Uint8Array::new(&bytes).to_vec()))
}
