//! The site against a platform API that answers as documented, over real HTTP.

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
use rstest::rstest;
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

use super::{HostPageConfig, front_door, router};

type Outcome = Result<(), Box<dyn Error>>;

const SECRET: &str = "secret-of-the-app";

/// A browser's cookie, and who that is to the link server: the hash of its value.
const COOKIE: &str = "tuppence_visitor=000102030405060708090a0b0c0d0e0f";
const VISITOR: &str = "d65df89f702eec58ca3c7bf2001c9ffc7cd80553ae01d42a799ba26756142d96";

/// What the platform API was asked, in order: method and path with query, authorization, body.
type Asked = Arc<Mutex<Vec<(String, Option<String>, Value)>>>;

#[derive(Clone, Default)]
struct FakePlatform {
    asked: Asked,
    /// Who the connection is said to belong to.
    person: Option<&'static str>,
    data: Data,
}

/// Whether the institution gives the connection's data.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Data {
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

    fn paths(&self) -> Vec<String> {
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
async fn site(fake: FakePlatform) -> Result<(Router, FakePlatform), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let api_base = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    tokio::spawn(axum::serve(listener, fake.clone().router()).into_future());
    Ok((site_with_api(api_base)?, fake))
}

/// Where the connection is the visitor's.
async fn own_site() -> Result<(Router, FakePlatform), Box<dyn Error>> {
    site(FakePlatform { person: Some(VISITOR), ..FakePlatform::default() }).await
}

fn site_with_api(api_base: Url) -> Result<Router, Box<dyn Error>> {
    let widget_base = Url::parse("http://127.0.0.1:8080/")?;
    Ok(router(HostPageConfig {
        widget_base,
        api_base,
        client_secret: Secret::new(SECRET),
        link_token: "the-link".to_owned(),
    }))
}

fn call(path: &str, body: &str) -> Result<Request<Body>, axum::http::Error> {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "localhost:8081")
        .header(header::COOKIE, format!("other=1; {COOKIE}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.to_owned()))
}

async fn json_of(response: Response) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await?)?)
}

#[tokio::test]
async fn a_token_is_asked_for_with_the_secret_and_bound_to_the_person() -> Outcome {
    let (site, fake) = own_site().await?;
    let response = site.oneshot(call("/api/token", "{}")?).await?;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let answer = json_of(response).await?;
    assert_eq!(answer["token"], "at_1&2");
    assert_eq!(answer["widget_url"], "http://127.0.0.1:8080/v2/?demo=true&authorizeToken=at_1%262&jsRedirect=true");
    let asked = fake.asked.lock().map_err(|error| error.to_string())?.clone();
    let bound = json!({ "parameters": { "external_id": VISITOR } });
    assert_eq!(asked, [("POST /authorize_tokens".to_owned(), Some(format!("Bearer {SECRET}")), bound)]);
    Ok(())
}

#[tokio::test]
async fn an_exchange_shows_accounts_and_the_newest_transactions_of_all_of_them() -> Outcome {
    let (site, fake) = own_site().await?;
    let response = site.oneshot(call("/api/exchange", r#"{"code":"good"}"#)?).await?;
    assert_eq!(response.status(), StatusCode::OK);
    let answer = json_of(response).await?;
    assert_eq!(answer["institution"]["name"], "TestBank");
    assert_eq!(answer["status"], "active");
    assert_eq!(
        answer["data"]["accounts"],
        json!([
            { "name": "Account a/1", "last_digits": "4421", "balance": "1234.50", "currency": "EUR" },
            { "name": "Account a2", "last_digits": "4421", "balance": "-3.10", "currency": "EUR" },
        ])
    );
    let dates: Vec<&str> = answer["data"]["transactions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["date"].as_str())
        .collect();
    let newest: Vec<String> = (15..20).rev().flat_map(|day| [day, day]).map(|day| format!("2026-01-{day}")).collect();
    assert_eq!(dates, newest);
    assert_eq!(
        fake.paths(),
        ["POST /link_codes/exchange", "GET co 1 accounts", "GET co 1 a/1 limit=10", "GET co 1 a2 limit=10"]
    );
    Ok(())
}

#[tokio::test]
async fn what_the_browser_gets_holds_no_secret_and_no_full_number() -> Outcome {
    let (site, _) = own_site().await?;
    for (path, body) in
        [("/api/token", "{}"), ("/api/exchange", r#"{"code":"good"}"#), ("/api/exchange", r#"{"code":"x"}"#)]
    {
        let text = json_of(site.clone().oneshot(call(path, body)?).await?).await?.to_string();
        for kept in [SECRET, "token-of-the-connection", "ES0012344421"] {
            assert!(!text.contains(kept), "{path} answers {kept}");
        }
    }
    Ok(())
}

#[rstest]
#[case::of_somebody_else(Some("6d5e2a3cd8dc1da3"))]
#[case::of_a_link_that_was_opened_by_itself(None)]
#[tokio::test]
async fn a_code_that_the_visitor_did_not_begin_is_not_theirs(#[case] person: Option<&'static str>) -> Outcome {
    let (site, fake) = site(FakePlatform { person, ..FakePlatform::default() }).await?;
    let response = site.clone().oneshot(call("/api/exchange", r#"{"code":"good"}"#)?).await?;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let message = json_of(response).await?["message"].to_string();
    assert!(message.contains("connect it from here"), "{message}");
    assert_eq!(fake.paths(), ["POST /link_codes/exchange"]);

    let response = site.oneshot(call("/api/arrived", r#"{"login_id":"co 1"}"#)?).await?;
    assert_eq!((response.status(), json_of(response).await?), (StatusCode::OK, Value::Null));
    assert_eq!(fake.paths()[1..], ["GET co 1"], "its code is left alone");
    Ok(())
}

#[rstest]
#[case::no_cookie("")]
#[case::of_another_browser("tuppence_visitor=ffffffffffffffffffffffffffffffff")]
#[case::made_up("tuppence_visitor=6d5e2a3cd8dc1da3")]
#[tokio::test]
async fn another_browser_is_another_visitor(#[case] cookie: &str) -> Outcome {
    let (site, _) = own_site().await?;
    let mut request = call("/api/exchange", r#"{"code":"good"}"#)?;
    request.headers_mut().insert(header::COOKIE, cookie.parse()?);
    assert_eq!(site.oneshot(request).await?.status(), StatusCode::FORBIDDEN);
    Ok(())
}

#[tokio::test]
async fn a_new_browser_gets_a_cookie_of_its_own_that_scripts_cannot_read() -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let mut cookies = Vec::new();
    for _ in 0..2 {
        let response = site.clone().oneshot(Request::get("/").body(Body::empty())?).await?;
        let cookie = response.headers()[header::SET_COOKIE].to_str()?.to_owned();
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
        cookies.push(cookie);
    }
    assert_ne!(cookies[0], cookies[1]);
    let known = Request::get("/").header(header::COOKIE, COOKIE).body(Body::empty())?;
    assert!(!site.oneshot(known).await?.headers().contains_key(header::SET_COOKIE));
    Ok(())
}

#[tokio::test]
async fn the_link_is_opened_with_a_token_for_the_visitor() -> Outcome {
    let (site, fake) = own_site().await?;
    let request = Request::get("/start-link").header(header::COOKIE, COOKIE).body(Body::empty())?;
    let response = site.oneshot(request).await?;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let address = "http://127.0.0.1:8080/link?token=the-link&authorizeToken=at_1%262";
    assert_eq!(response.headers()[header::LOCATION], address);
    let asked = fake.asked.lock().map_err(|error| error.to_string())?.clone();
    assert_eq!(asked[0].2, json!({ "parameters": { "external_id": VISITOR } }));
    Ok(())
}

#[tokio::test]
async fn a_link_that_cannot_be_opened_leads_back_with_an_error() -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let response = site.oneshot(Request::get("/start-link").body(Body::empty())?).await?;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/callback?error=RETRY_LATER");
    Ok(())
}

#[tokio::test]
async fn who_comes_back_without_a_code_gets_the_connection_that_waits() -> Outcome {
    let (site, fake) = own_site().await?;
    let response = site.oneshot(call("/api/arrived", r#"{"login_id":"co 1"}"#)?).await?;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(json_of(response).await?["institution"]["name"], "TestBank");
    let expected = ["GET co 1", "GET /link_codes ", "GET /link_codes cursor=p%262", "POST /link_codes/exchange"];
    assert_eq!(fake.paths()[..4], expected);
    Ok(())
}

#[rstest]
#[case::unknown("x", StatusCode::OK)]
#[case::nothing("", StatusCode::OK)]
#[case::the_platform_is_down("down", StatusCode::BAD_GATEWAY)]
#[tokio::test]
async fn an_id_in_an_address_proves_nothing(#[case] id: &str, #[case] status: StatusCode) -> Outcome {
    let (site, fake) = own_site().await?;
    let response = site.oneshot(call("/api/arrived", &json!({ "login_id": id }).to_string())?).await?;
    assert_eq!(response.status(), status);
    let answer = json_of(response).await?;
    assert!(status != StatusCode::OK || answer.is_null(), "{answer}");
    assert!(!fake.paths().contains(&"POST /link_codes/exchange".to_owned()));
    Ok(())
}

#[tokio::test]
async fn a_bank_whose_data_cannot_be_read_is_connected_all_the_same() -> Outcome {
    let (site, _) =
        site(FakePlatform { person: Some(VISITOR), data: Data::Refused, ..FakePlatform::default() }).await?;
    let response = site.oneshot(call("/api/exchange", r#"{"code":"good"}"#)?).await?;
    assert_eq!(response.status(), StatusCode::OK);
    let expected = json!({ "institution": { "name": "TestBank", "country": "ES" }, "status": "active", "data": null });
    assert_eq!(json_of(response).await?, expected);
    Ok(())
}

#[rstest]
#[case("/api/exchange", r#"{"code":"used"}"#)]
#[case("/api/arrived", r#"{"login_id":"down"}"#)]
#[tokio::test]
async fn what_the_platform_says_is_not_for_customers(#[case] path: &str, #[case] body: &str) -> Outcome {
    let (site, _) = own_site().await?;
    let message = json_of(site.oneshot(call(path, body)?).await?).await?["message"].to_string();
    assert!(!message.is_empty() && !message.contains("those who run the app"), "{message}");
    Ok(())
}

#[rstest]
#[case("/", "http://localhost:8081/")]
#[case("/favicon.ico", "http://localhost:8081/icon.svg")]
#[tokio::test]
async fn the_widgets_own_front_door_leads_to_the_page(#[case] path: &str, #[case] expected: &str) -> Outcome {
    let door = front_door(&Url::parse("http://localhost:8081")?);
    let response = door.oneshot(Request::get(path).body(Body::empty())?).await?;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(response.headers()[header::LOCATION], expected);
    Ok(())
}

#[tokio::test]
async fn a_used_code_is_explained_to_the_person() -> Outcome {
    let (site, _) = own_site().await?;
    let response = site.oneshot(call("/api/exchange", r#"{"code":"used"}"#)?).await?;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    let message = json_of(response).await?["message"].to_string();
    assert!(message.contains("connect again"), "{message}");
    Ok(())
}

#[tokio::test]
async fn a_link_server_that_is_down_is_said_so() -> Outcome {
    // A port that was free a moment ago, and that nobody listens on.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let api_base = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    drop(listener);
    let response = site_with_api(api_base)?.oneshot(call("/api/token", "{}")?).await?;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let message = json_of(response).await?["message"].to_string();
    assert!(message.contains("try again later"), "{message}");
    Ok(())
}

#[rstest]
#[case::fetch_metadata_of_another_site(&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8081")])]
#[case::fetch_metadata_of_a_sibling(&[("sec-fetch-site", "same-site")])]
#[case::typed_into_the_address_bar(&[("sec-fetch-site", "none")])]
#[case::foreign_origin(&[("origin", "http://evil.example")])]
#[case::other_port(&[("origin", "http://localhost:8082")])]
#[case::opaque_origin(&[("origin", "null")])]
#[case::no_origin_at_all(&[])]
#[tokio::test]
async fn a_request_from_elsewhere_is_refused(#[case] headers: &[(&str, &str)]) -> Outcome {
    let (site, fake) = own_site().await?;
    for path in ["/api/token", "/api/exchange", "/api/arrived"] {
        let mut request = call(path, r#"{"code":"good"}"#)?;
        request.headers_mut().remove("sec-fetch-site");
        for (name, value) in headers {
            request.headers_mut().insert(header::HeaderName::from_bytes(name.as_bytes())?, value.parse()?);
        }
        assert_eq!(site.clone().oneshot(request).await?.status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert!(fake.paths().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_browser_without_fetch_metadata_is_known_by_its_origin() -> Outcome {
    let (site, _) = own_site().await?;
    let mut request = call("/api/token", "{}")?;
    request.headers_mut().remove("sec-fetch-site");
    request.headers_mut().insert(header::ORIGIN, "http://localhost:8081".parse()?);
    assert_eq!(site.oneshot(request).await?.status(), StatusCode::OK);
    Ok(())
}

#[rstest]
#[case::form("application/x-www-form-urlencoded", "code=good", StatusCode::UNSUPPORTED_MEDIA_TYPE)]
#[case::text("text/plain", r#"{"code":"good"}"#, StatusCode::UNSUPPORTED_MEDIA_TYPE)]
#[case::broken("application/json", "{", StatusCode::BAD_REQUEST)]
#[case::without_code("application/json", "{}", StatusCode::UNPROCESSABLE_ENTITY)]
#[tokio::test]
async fn a_body_that_is_not_the_documented_json_is_refused(
    #[case] content_type: &str,
    #[case] body: &str,
    #[case] status: StatusCode,
) -> Outcome {
    let (site, fake) = own_site().await?;
    let mut request = call("/api/exchange", body)?;
    request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse()?);
    let response = site.oneshot(request).await?;
    assert_eq!(response.status(), status);
    assert!(json_of(response).await?["message"].is_string());
    assert!(fake.paths().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_body_without_end_is_refused() -> Outcome {
    let (site, _) = own_site().await?;
    let body = format!(r#"{{"code":"{}"}}"#, "x".repeat(10_000));
    let response = site.oneshot(call("/api/exchange", &body)?).await?;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    Ok(())
}

#[rstest]
#[case("/", "text/html; charset=utf-8")]
#[case("/callback", "text/html; charset=utf-8")]
#[case("/host.js", "text/javascript; charset=utf-8")]
#[case("/host.css", "text/css; charset=utf-8")]
#[case("/icon.svg", "image/svg+xml")]
#[tokio::test]
async fn files_come_with_their_type_and_a_policy_that_frames_the_widget_only(
    #[case] path: &str,
    #[case] content_type: &str,
) -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let response = site.oneshot(Request::get(path).body(Body::empty())?).await?;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], content_type);
    assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str()?.to_owned();
    assert!(policy.contains("frame-src http://127.0.0.1:8080;"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!to_bytes(response.into_body(), 1 << 20).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_page_holds_no_inline_script_or_style() -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let response = site.oneshot(Request::get("/").body(Body::empty())?).await?;
    let html = String::from_utf8(to_bytes(response.into_body(), 1 << 20).await?.to_vec())?;
    assert!(html.contains("<script type=\"module\" src=\"/host.js\"></script>"));
    for inline in ["<style", "style=", "onclick=", "javascript:", "<script>"] {
        assert!(!html.contains(inline), "{inline}");
    }
    Ok(())
}
