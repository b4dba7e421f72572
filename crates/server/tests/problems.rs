//! What every problem carries, and what the log says of it.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    io::{Error, Write},
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
    middleware,
    routing::get,
};
use banklink_protocol::problem::ProblemCode;
use banklink_server::{
    problem::{self, ApiError},
    routes::docs,
};
use banklink_store::StoreError;
use serde_json::Value;
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;

/// Held by each test that answers: what is logged for the first time while another test begins to listen can be missed.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A route that always fails with this.
async fn answer(fail: fn() -> ApiError) -> (StatusCode, HeaderMap, Value) {
    let failing = async move || Err::<(), _>(fail());
    let router = Router::new().route("/", get(failing)).layer(middleware::from_fn(problem::render));
    let response = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 16).await.unwrap();
    (parts.status, parts.headers, serde_json::from_slice(&body).unwrap())
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_request_id_finds_the_cause_in_the_log() {
    let _alone = ALONE.lock().await;
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_writer(log.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let (status, _, problem) = answer(|| ApiError::internal(Error::other("the disk is on fire"))).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!problem.to_string().contains("fire"), "{problem}");

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = log.lines().find(|line| line.contains("the disk is on fire")).unwrap();
    assert!(line.contains(problem["request_id"].as_str().unwrap()), "{line}");
}

#[tokio::test]
async fn a_busy_database_asks_to_try_again_and_says_when() {
    let _alone = ALONE.lock().await;
    let (status, headers, problem) = answer(|| StoreError::Busy.into()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::SERVICE_UNAVAILABLE, &"UNAVAILABLE".into()));
    let seconds: u32 = headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..60).contains(&seconds));

    let corrupt = || StoreError::Corrupt { table: "apps", column: "name" }.into();
    assert_eq!(answer(corrupt).await.0, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn whoever_is_not_let_in_is_told_how_to_say_who_they_are() {
    let _alone = ALONE.lock().await;
    let (status, headers, _) = answer(|| ApiError::new(ProblemCode::Unauthorized, "Send a secret.")).await;
    assert_eq!((status, headers["www-authenticate"].to_str().unwrap()), (StatusCode::UNAUTHORIZED, "Bearer"));
}

/// `BANKLINK_WRITE_DOCS=1` writes the page anew.
#[test]
fn the_page_about_problems_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/problems.md");
    if std::env::var_os("BANKLINK_WRITE_DOCS").is_some() {
        fs::write(&file, docs::problems_markdown()).unwrap();
    }
    assert_eq!(fs::read_to_string(file).unwrap(), docs::problems_markdown());
}
