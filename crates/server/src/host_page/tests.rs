//! The site against a platform API that answers as documented, over real HTTP.

mod fake_platform;
mod pages;
mod visitors;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use rstest::rstest;
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

use self::fake_platform::{
    COOKIE, Data, FakePlatform, Outcome, SECRET, VISITOR, call, json_of, own_site, site, site_with_api,
};

#[tokio::test]
async fn a_token_is_asked_for_with_the_secret_and_bound_to_the_person() -> Outcome {
    let (site, fake) = own_site().await?;
    let response = site.oneshot(call("/api/token", "{}")?).await?;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(json_of(response).await?, json!({ "token": "at_1&2" }));
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

#[rstest]
#[case("/start-link")]
#[case("/plain")]
#[tokio::test]
async fn a_link_that_cannot_be_opened_leads_back_with_an_error(#[case] path: &str) -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let response = site.oneshot(Request::get(path).body(Body::empty())?).await?;
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
