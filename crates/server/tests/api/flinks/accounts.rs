//! `GetAccountsSummary` and `GetAccountsDetail`, and how their data compares with what the platform API tells.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::World;

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap()
}

#[tokio::test]
async fn accounts_come_in_the_documented_shape_and_say_what_the_platform_api_says() {
    let world = World::new().await;
    let other = Integration::other(&world);
    for username in ["greatday_nomfa", "test_pending"] {
        let authorized = other.authorized(username).await;
        world.pass_seconds(11);
        let detail = other.detail(&authorized, json!({ "DaysOfTransactions": "Days365" })).await.ok();
        for name in ["HttpStatusCode", "InstitutionName", "Login", "InstitutionId", "Institution", "RequestId"] {
            assert_eq!(detail[name], authorized[name], "{name}");
        }
        let path = format!("/platform/v1/connections/{}/accounts", authorized["Login"]["Id"].as_str().unwrap());
        let told = world.platform(Method::GET, &path, None).await.ok();
        assert_eq!(list(&detail, "Accounts").len(), list(&told, "items").len());
        for (account, told) in list(&detail, "Accounts").iter().zip(list(&told, "items")) {
            assert_eq!((&account["Id"], &account["Title"]), (&told["id"], &told["name"]));
            assert_eq!(account["Balance"]["Current"], number(&told["balance"]["current"]));
            assert_eq!(account["Currency"], told["currency"]);
            let path = format!("{path}/{}/transactions?from=2025-03-02", told["id"].as_str().unwrap());
            let booked = world.platform(Method::GET, &path, None).await.ok();
            let transactions = list(account, "Transactions");
            assert_eq!(transactions.len(), list(&booked, "items").len());
            for (transaction, booked) in transactions.iter().zip(list(&booked, "items")) {
                assert_eq!((&transaction["Id"], &transaction["Date"]), (&booked["id"], &booked["date"]));
                let amount = number(&booked["amount"]).as_f64().unwrap();
                let (debit, credit) =
                    if amount < 0.0 { (json!(-amount), Value::Null) } else { (Value::Null, json!(amount)) };
                assert_eq!((&transaction["Debit"], &transaction["Credit"]), (&debit, &credit));
            }
        }
    }
}

fn number(text: &Value) -> Value {
    json!(text.as_str().unwrap().parse::<f64>().unwrap())
}

#[tokio::test]
async fn another_bank_of_another_country_says_its_own() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let login = json!({ "Institution": "TestBank", "Username": "ana", "Password": "any" });
    let authorized = toolbox.authorize(login).await.ok();
    assert_eq!((&authorized["InstitutionName"], &authorized["Institution"]), (&json!("TestBank"), &json!("testbank")));
    let detail = toolbox.detail(&authorized, json!({})).await.ok();
    let capital = toolbox.detail(&toolbox.authorized("greatday_nomfa").await, json!({})).await.ok();
    assert_ne!(detail["InstitutionId"], capital["InstitutionId"]);
    let account = &detail["Accounts"][0];
    assert_eq!((&account["Currency"], &account["TransitNumber"]), (&json!("EUR"), &Value::Null));
    assert_ne!(account["Holder"]["Name"], capital["Accounts"][0]["Holder"]["Name"]);
}

#[tokio::test]
async fn an_account_has_every_documented_field() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let authorized = toolbox.authorized("greatday_nomfa").await;
    let detail = toolbox.detail(&authorized, json!({})).await.ok();
    let account = &list(&detail, "Accounts")[0];
    let fields = [
        "AccountNumber",
        "AccountType",
        "Balance",
        "Category",
        "Currency",
        "Holder",
        "Id",
        "InstitutionNumber",
        "LastFourDigits",
        "OverdraftLimit",
        "Title",
        "Transactions",
        "TransitNumber",
        "Type",
    ];
    assert_eq!(account.as_object().unwrap().keys().collect::<Vec<_>>(), fields);
    assert_eq!(
        (&account["Category"], &account["Type"], &account["Currency"]),
        (&json!("Operations"), &json!("Chequing"), &json!("CAD"))
    );
    let holder = ["Address", "Email", "Name", "PhoneNumber"];
    assert_eq!(account["Holder"].as_object().unwrap().keys().collect::<Vec<_>>(), holder);
    let address = ["City", "CivicAddress", "Country", "POBox", "PostalCode", "Province"];
    assert_eq!(account["Holder"]["Address"].as_object().unwrap().keys().collect::<Vec<_>>(), address);
    let transaction = ["Balance", "Code", "Credit", "Date", "Debit", "Description", "Id"];
    assert_eq!(account["Transactions"][0].as_object().unwrap().keys().collect::<Vec<_>>(), transaction);
    assert!(account["LastFourDigits"].as_str().is_some_and(|digits| digits.len() == 4));
}

#[tokio::test]
async fn a_summary_has_ratios_and_no_transactions() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let request = toolbox.authorized("greatday_nomfa").await["RequestId"].clone();
    let body = json!({ "RequestId": request, "WithBalance": "false" });
    let summary = toolbox.ask(Method::POST, "GetAccountsSummary", Some(body)).await.ok();
    let account = &list(&summary, "Accounts")[0];
    assert!(account["EftEligibleRatio"].is_f64() && account["ETransferEligibleRatio"].is_f64(), "{account}");
    assert!(account.get("Transactions").is_none());
    assert_eq!(account["Balance"], json!({ "Available": null, "Current": null, "Limit": null }));
    let path = format!("GetAccountsSummaryAsync/{}", request.as_str().unwrap());
    let polled = toolbox.ask(Method::GET, &path, None).await.ok();
    assert!(polled["Accounts"][0]["Balance"]["Current"].is_f64());
}

#[tokio::test]
async fn only_what_is_asked_for_is_told() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let authorized = toolbox.authorized("greatday_nomfa").await;
    let detail = async |more: Value| toolbox.detail(&authorized, more).await.ok();
    let all = detail(json!({})).await;
    let (first, second) = (&all["Accounts"][0], &all["Accounts"][1]);

    let bare =
        json!({ "WithAccountIdentity": false, "WithKYC": false, "withtransactions": false, "WithBalance": false });
    let bare = detail(bare).await["Accounts"][0].clone();
    for name in ["AccountNumber", "TransitNumber", "InstitutionNumber", "Holder"] {
        assert!(bare[name].is_null() && !first[name].is_null(), "{name}");
    }
    assert_eq!((&bare["Transactions"], &bare["Balance"]["Current"]), (&json!([]), &Value::Null));

    let one = detail(json!({ "AccountsFilter": [second["Id"]] })).await;
    assert_eq!(one["Accounts"], json!([second]));

    let days = detail(json!({ "DateFrom": "2026-02-01", "DateTo": "2026-02-10T00:00:00" })).await;
    let dates: Vec<&str> =
        list(&days["Accounts"][0], "Transactions").iter().map(|booked| booked["Date"].as_str().unwrap()).collect();
    assert!(!dates.is_empty() && dates.iter().all(|date| ("2026-02-01"..="2026-02-10").contains(date)), "{dates:?}");

    let known = &first["Transactions"][2]["Id"];
    let newer = detail(json!({ "RefreshDelta": [{ "AccountId": first["Id"], "TransactionId": known }] })).await;
    assert_eq!(list(&newer["Accounts"][0], "Transactions"), &list(first, "Transactions")[..2]);
    let year = detail(json!({ "DaysOfTransactions": "Days360" })).await;
    assert!(list(&year["Accounts"][0], "Transactions").len() > list(first, "Transactions").len());
}

#[rstest]
#[case("test_pending", "OPERATION_PENDING", Method::GET)]
#[case("test_dispatched", "OPERATION_DISPATCHED", Method::POST)]
#[tokio::test]
async fn data_that_takes_its_time_is_polled_for_and_is_what_was_asked_for(
    #[case] username: &str,
    #[case] code: &str,
    #[case] method: Method,
) {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let authorized = toolbox.authorized(username).await;
    let request = authorized["RequestId"].as_str().unwrap();
    let later = toolbox.detail(&authorized, json!({ "WithTransactions": false })).await;
    assert_eq!(later.status.as_u16(), 202);
    let path = format!("/GetAccountsDetailAsync/{request}");
    let expected = json!({
        "FlinksCode": code,
        "Links": [{ "rel": "GetAccountsDetailAsync", "href": "/GetAccountsDetailAsync", "example": path }],
        "HttpStatusCode": 202,
        "Message": "Your operation is still processing",
        "RequestId": request,
    });
    assert_eq!(later.json(), expected);
    // A body on what takes none is ignored.
    let poll = async || toolbox.ask(method.clone(), path.trim_start_matches('/'), Some(json!("ignored"))).await;
    assert_eq!(poll().await.json(), expected);
    world.pass_seconds(11);
    let told = poll().await.ok();
    assert!(list(&told, "Accounts").iter().all(|account| account["Transactions"] == json!([])), "{told}");
}

#[tokio::test]
async fn who_may_not_read_is_told_why() {
    let world = World::new().await;
    let (toolbox, other) = (Integration::toolbox(&world), Integration::other(&world));
    let authorized = toolbox.authorized("greatday_nomfa").await;
    let body = json!({ "RequestId": authorized["RequestId"] });
    refused(&toolbox.call(Method::POST, "GetAccountsDetail", &[], Some(body.clone())).await, 401, "INVALID_REQUEST");
    let keys = [("x-api-key", other.api_key.as_str())];
    refused(&toolbox.call(Method::POST, "GetAccountsDetail", &keys, Some(body.clone())).await, 401, "ACCESS_DENIED");
    refused(&other.detail(&authorized, json!({})).await, 400, "SESSION_NONEXISTENT");
    refused(&toolbox.ask(Method::POST, "GetAccountsDetail", None).await, 401, "INVALID_REQUEST");
    refused(&toolbox.detail(&json!({ "RequestId": "x" }), json!({})).await, 400, "SESSION_NONEXISTENT");
    let days = toolbox.detail(&authorized, json!({ "DaysOfTransactions": "Days1" })).await;
    refused(&days, 401, "INVALID_REQUEST");

    let on_the_way = toolbox.authorize(super::login("Greatday")).await.json();
    refused(&toolbox.detail(&on_the_way, json!({})).await, 401, "UNAUTHORIZED");
    world.pass(31);
    refused(&toolbox.detail(&authorized, json!({})).await, 401, "SESSION_EXPIRED");
    refused(&toolbox.detail(&on_the_way, json!({})).await, 401, "SESSION_EXPIRED");
}
