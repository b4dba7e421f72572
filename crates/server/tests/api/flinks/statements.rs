//! `GetStatements`.

use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rstest::rstest;
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::World;

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap()
}

/// The document, as text: nothing in it is compressed.
fn text(statement: &Value) -> String {
    let bytes = STANDARD.decode(statement["Base64Bytes"].as_str().unwrap()).unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.trim_ascii_end().ends_with(b"%%EOF"), "no document");
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[rstest]
#[case("MostRecent", 1)]
#[case("Months3", 3)]
#[case("Months12", 12)]
#[tokio::test]
async fn each_account_has_a_document_for_each_month_with_what_was_booked_in_it(
    #[case] number: &str,
    #[case] months: usize,
) {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let authorized = toolbox.authorized("greatday_nomfa").await;
    let body = json!({ "RequestId": authorized["RequestId"], "NumberOfStatements": number });
    let told = toolbox.ask(Method::POST, "GetStatements", Some(body)).await.ok();
    let detail = toolbox.detail(&authorized, json!({ "DateFrom": "2026-02-01", "DateTo": "2026-02-28" })).await.ok();
    assert_eq!((&told["Login"], &told["RequestId"]), (&authorized["Login"], &authorized["RequestId"]));
    assert_eq!(list(&told, "StatementsByAccount").len(), list(&detail, "Accounts").len());
    for (statements, account) in list(&told, "StatementsByAccount").iter().zip(list(&detail, "Accounts")) {
        assert_eq!(statements["AccountNumber"], account["AccountNumber"]);
        let statements = list(statements, "Statements");
        assert_eq!(statements.len(), months);
        assert!(statements.iter().all(|statement| statement["FileType"] == "pdf"));
        let ids: std::collections::BTreeSet<_> =
            statements.iter().map(|statement| statement["UniqueId"].as_str()).collect();
        assert_eq!(ids.len(), months);
        let february = text(&statements[0]);
        assert!(february.contains("2026-02-01 - 2026-02-28"), "{february}");
        for booked in list(account, "Transactions") {
            let date = booked["Date"].as_str().unwrap();
            assert!(february.contains(date), "{booked}");
        }
    }
}

#[tokio::test]
async fn statements_that_take_their_time_are_polled_for() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let authorized = toolbox.authorized("test_pending").await;
    let request = authorized["RequestId"].as_str().unwrap();
    let body = json!({ "RequestId": request, "NumberOfStatements": "Months3" });
    let later = toolbox.ask(Method::POST, "GetStatements", Some(body)).await;
    assert_eq!((later.status.as_u16(), &later.json()["Links"][0]["rel"]), (202, &json!("GetStatementsAsync")));
    world.pass_seconds(11);
    let told = toolbox.ask(Method::GET, &format!("GetStatementsAsync/{request}"), None).await.ok();
    assert_eq!(list(&told["StatementsByAccount"][0], "Statements").len(), 3);
}

#[tokio::test]
async fn statements_that_can_not_be_had_are_told() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let request = toolbox.authorized("greatday_nomfa").await["RequestId"].clone();
    let ask = async |body: Value| toolbox.ask(Method::POST, "GetStatements", Some(body)).await;
    refused(&ask(json!({ "RequestId": request, "NumberOfStatements": "Months99" })).await, 401, "INVALID_REQUEST");
    refused(&ask(json!({ "RequestId": "x" })).await, 400, "SESSION_NONEXISTENT");
    let none = ask(json!({ "RequestId": request, "AccountsFilter": ["x"] })).await.ok();
    assert_eq!(none["StatementsByAccount"], json!([]));
}
