//! A platform API that answers as documented, and the site before it.

use std::{
    error::Error,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use banklink_protocol::secret::Secret;
use serde_json::{Value, json};
use url::Url;

use super::super::{HostPageConfig, router};

pub(super) type Outcome = Result<(), Box<dyn Error>>;

pub(super) const SECRET: &str = "secret-of-the-app";

/// A browser's cookie, and who that is to the link server: the hash of its value.
pub(super) const COOKIE: &str = "tuppence_visitor=000102030405060708090a0b0c0d0e0f";
pub(super) const VISITOR: &str = "d65df89f702eec58ca3c7bf2001c9ffc7cd80553ae01d42a799ba26756142d96";

/// What the platform API was asked, in order: method and path with query, authorization, body.
pub(super) type Asked = Arc<Mutex<Vec<(String, Option<String>, Value)>>>;

#[derive(Clone, Default)]
pub(super) struct FakePlatform {
    pub(super) asked: Asked,
    /// Who the connection is said to belong to.
    pub(super) person: Option<&'static str>,
    pub(super) data: Data,
}

/// Whether the institution gives the connection's data.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Data {
    #[default]
    Given,
    Refused,
}

impl FakePlatform {
    fn note(&self, what: String, headers: &HeaderMap, body: Value) {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if let Ok(mut asked) = self.asked.lock() {
            asked.push((what, authorization, body));
        }
    }

    pub(super) fn paths(&self) -> Vec<String> {
        self.asked.lock().map(|asked| asked.iter().map(|(what, ..)| what.clone()).collect()).unwrap_or_default()
    }

    fn router(self) -> Router {
        Router::new()
            .route("/platform/v1/authorize_tokens", post(create_token))
            .route("/platform/v1/link_codes/exchange", post(exchange))
            .route("/platform/v1/link_codes", get(unused_codes))
            .route("/platform/v1/connections/{connection}", get(connection))
            .route("/platform/v1/connections/{connection}/accounts", get(accounts))
            .route("/platform/v1/connections/{connection}/accounts/{account}/transactions", get(transactions))
            .with_state(self)
    }
}

async fn create_token(State(fake): State<FakePlatform>, headers: HeaderMap, Json(body): Json<Value>) -> Json<Value> {
    fake.note("POST /authorize_tokens".to_owned(), &headers, body);
    Json(json!({ "token": "at_1&2", "expires_at": "2026-01-01T00:30:00Z" }))
}

async fn exchange(State(fake): State<FakePlatform>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let code = body["code"].clone();
    fake.note("POST /link_codes/exchange".to_owned(), &headers, body);
    if code != "good" {
        return problem(StatusCode::BAD_REQUEST, "CODE_INVALID");
    }
    let connection = connection_of(fake.person);
    Json(json!({ "connection": connection, "connection_token": "token-of-the-connection", "extra": {} }))
        .into_response()
}

fn connection_of(person: Option<&str>) -> Value {
    json!({
        "id": "co 1", "institution": { "id": "testbank", "name": "TestBank", "country": "ES" }, "status": "active",
        "external_id": person, "tag": null, "created_at": "2026-01-01T00:00:00Z",
    })
}

fn problem(status: StatusCode, code: &str) -> Response {
    let problem = json!({
        "type": format!("/platform/docs/problems#{code}"), "title": "Words for those who run the app",
        "status": status.as_u16(), "code": code, "detail": "and more of them", "parameter": null, "request_id": "r",
    });
    (status, Json(problem)).into_response()
}

async fn connection(State(fake): State<FakePlatform>, headers: HeaderMap, Path(connection): Path<String>) -> Response {
    fake.note(format!("GET {connection}"), &headers, Value::Null);
    match connection.as_str() {
        "co 1" => Json(connection_of(fake.person)).into_response(),
        "down" => problem(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
        _ => problem(StatusCode::NOT_FOUND, "NOT_FOUND"),
    }
}

/// Two pages; the code of the connection is on the second.
async fn unused_codes(State(fake): State<FakePlatform>, headers: HeaderMap, RawQuery(query): RawQuery) -> Json<Value> {
    let query = query.unwrap_or_default();
    fake.note(format!("GET /link_codes {query}"), &headers, Value::Null);
    Json(match query.as_str() {
        "" => json!({ "items": [{ "code": "other", "connection_id": "co 2" }], "next": "p&2" }),
        _ => json!({ "items": [{ "code": "good", "connection_id": "co 1" }], "next": null }),
    })
}

async fn accounts(State(fake): State<FakePlatform>, headers: HeaderMap, Path(connection): Path<String>) -> Response {
    fake.note(format!("GET {connection} accounts"), &headers, Value::Null);
    if fake.data == Data::Refused {
        return problem(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL");
    }
    let account = |id: &str, current: &str| {
        json!({
            "id": id, "name": format!("Account {id}"), "kind": "checking", "currency": "EUR", "last_digits": "4421",
            "number": "ES0012344421", "balance": { "current": current, "available": null, "limit": null },
        })
    };
    Json(json!({ "items": [account("a/1", "1234.50"), account("a2", "-3.10")] })).into_response()
}

async fn transactions(
    State(fake): State<FakePlatform>,
    headers: HeaderMap,
    Path((connection, account)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    fake.note(format!("GET {connection} {account} {}", query.unwrap_or_default()), &headers, Value::Null);
    let items: Vec<Value> = (10..20)
        .map(|day| {
            json!({
                "id": format!("{account}-{day}"), "date": format!("2026-01-{day}"),
                "description": format!("{account} on {day}"), "amount": "-1.00", "balance": "9.00",
            })
        })
        .collect();
    Json(json!({ "items": items }))
}

/// The host page before a platform API of its own, served on a port of this machine.
pub(super) async fn site(fake: FakePlatform) -> Result<(Router, FakePlatform), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let api_base = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    tokio::spawn(axum::serve(listener, fake.clone().router()).into_future());
    Ok((site_with_api(api_base)?, fake))
}

/// Where the connection is the visitor's.
pub(super) async fn own_site() -> Result<(Router, FakePlatform), Box<dyn Error>> {
    site(FakePlatform { person: Some(VISITOR), ..FakePlatform::default() }).await
}

pub(super) fn site_with_api(api_base: Url) -> Result<Router, Box<dyn Error>> {
    let widget_base = Url::parse("http://127.0.0.1:8080/")?;
    Ok(router(HostPageConfig {
        widget_base,
        api_base,
        client_secret: Secret::new(SECRET),
        link_token: "the-link".to_owned(),
    }))
}

pub(super) fn call(path: &str, body: &str) -> Result<Request<Body>, axum::http::Error> {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "localhost:8081")
        .header(header::COOKIE, format!("other=1; {COOKIE}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.to_owned()))
}

pub(super) async fn json_of(response: Response) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await?)?)
}
