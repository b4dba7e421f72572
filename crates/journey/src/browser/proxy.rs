//! Between a browser and its sites, for what its driver can't do: the network goes away, requests are refused, scripts
//! run before those of a page.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{
    HeaderMap, Request, Response,
    header::{ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING},
};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

use crate::JourneyError;

/// Where a page finds the scripts that run first, on its own origin, so that its policy allows them.
const FIRST: &str = "/scripts-of-the-journey.js";

/// A proxy on a free port, until dropped.
#[derive(Debug)]
pub(super) struct Proxy {
    port: u16,
    rules: Arc<Mutex<Rules>>,
    is_offline: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

/// What becomes of requests.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// Those whose address contains one of these do not.
    pub(super) blocked: Vec<String>,
    /// What runs first in every page. Places stay, so that they can be counted.
    pub(super) first: Vec<Option<String>>,
}

impl Rules {
    fn refuses(&self, address: &str) -> bool {
        self.blocked.iter().any(|part| address.contains(part.as_str()))
    }

    /// The scripts that run first, each in a block of its own; none if there is none.
    fn scripts(&self) -> Option<String> {
        let scripts: Vec<String> = self.first.iter().flatten().map(|script| format!("{{ {script}\n}}")).collect();
        (!scripts.is_empty()).then(|| scripts.join("\n"))
    }
}

/// Why a request was not answered. The connection is closed then, as by a network that is gone.
#[derive(Debug, thiserror::Error)]
enum Unanswered {
    #[error("it is refused")]
    Refused,
    #[error(transparent)]
    Site(#[from] reqwest::Error),
    #[error(transparent)]
    Browser(#[from] hyper::Error),
}

impl Proxy {
    /// Starts one.
    pub(super) async fn start() -> Result<Self, JourneyError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(JourneyError::NoPort)?;
        let port = listener.local_addr().map_err(JourneyError::NoPort)?.port();
        let rules = Arc::<Mutex<Rules>>::default();
        let policy = reqwest::redirect::Policy::none();
        let client =
            reqwest::Client::builder().redirect(policy).no_proxy().build().map_err(|error| not_started(&error))?;
        let (is_offline, offline) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, Service { client, rules: Arc::clone(&rules), offline }));
        Ok(Self { port, rules, is_offline, serving })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Lets nothing through any more, what is on its way included; or everything again.
    pub(super) fn set_offline(&self, is_offline: bool) {
        self.is_offline.send_replace(is_offline);
    }

    /// What becomes of requests from now on.
    pub(super) fn rules(&self) -> MutexGuard<'_, Rules> {
        locked(&self.rules)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn locked(rules: &Mutex<Rules>) -> MutexGuard<'_, Rules> {
    rules.lock().unwrap_or_else(PoisonError::into_inner)
}

fn not_started(error: &reqwest::Error) -> JourneyError {
    JourneyError::Unexpected { asked: "a client for the proxy", answer: error.to_string() }
}

/// What every connection has.
#[derive(Clone, Debug)]
struct Service {
    client: reqwest::Client,
    rules: Arc<Mutex<Rules>>,
    offline: watch::Receiver<bool>,
}

async fn serve(listener: TcpListener, service: Service) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(attend(stream, service.clone()));
    }
}

async fn attend(stream: TcpStream, service: Service) {
    let answers = service_fn(|request| service.clone().answer_or_cut(request));
    // A browser that goes away is no concern of the proxy, and a refused request ends the connection.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answers).await;
}

impl Service {
    async fn answer_or_cut(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Unanswered> {
        let mut offline = self.offline.clone();
        tokio::select! {
            biased;
            _ = offline.wait_for(|is_offline| *is_offline) => Err(Unanswered::Refused),
            answer = self.answer(request) => answer,
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Unanswered> {
        let address = request.uri().to_string();
        let scripts = {
            let rules = locked(&self.rules);
            if rules.refuses(&address) {
                return Err(Unanswered::Refused);
            }
            rules.scripts()
        };
        if request.uri().path() == FIRST {
            return Ok(script(scripts.unwrap_or_default()));
        }
        let (mut head, body) = request.into_parts();
        // What is to be changed must not come compressed.
        head.headers.remove(ACCEPT_ENCODING);
        forget_the_connection(&mut head.headers);
        let body = body.collect().await?.to_bytes();
        let sent = self.client.request(head.method, address).headers(head.headers).body(body).send().await?;
        let (status, mut headers) = (sent.status(), sent.headers().clone());
        let mut body = sent.bytes().await?;
        let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if is_page && scripts.is_some() {
            body = with_first_scripts(&body);
        }
        forget_the_connection(&mut headers);
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

/// Takes out what is said about the connection and the length, which are others on the other side.
fn forget_the_connection(headers: &mut HeaderMap) {
    for name in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
        headers.remove(name);
    }
}

fn with_first_scripts(page: &[u8]) -> Bytes {
    let page = String::from_utf8_lossy(page);
    let element = format!("<script src=\"{FIRST}\"></script>");
    let place = page.find("<head>").map_or(0, |head| head + "<head>".len());
    let (before, after) = page.split_at(place);
    [before, &element, after].concat().into()
}

fn script(text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("text/javascript; charset=utf-8"));
    response
}
