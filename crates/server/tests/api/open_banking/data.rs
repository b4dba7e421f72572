//! `/api/fdx/5/…`

use axum::{
    body::Body,
    http::{Method, Request},
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{ALL, Recipient};
use crate::support::{Answer, World};

/// Asserts an error as the vendor lists them.
#[track_caller]
fn refused(answer: &Answer, status: u16, code: u16) {
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), &body["code"]), (status, &json!(code)), "{body}");
    assert!(body["message"].is_string() && body.get("debugMessage").is_some(), "{body}");
}

/// The connection of a person, as the platform API has it: its accounts, and the transactions of each.
async fn known(world: &World, customer: &str) -> Vec<(Value, Vec<Value>)> {
    let path = format!("/platform/v1/connections/{customer}/accounts");
    let accounts = world.platform(Method::GET, &path, None).await.ok();
    let mut known = Vec::new();
    for account in accounts["items"].as_array().unwrap() {
        let path = format!("{path}/{}/transactions?", account["id"].as_str().unwrap());
        known.push((account.clone(), crate::support::pages(world, &path, 500).await));
    }
    known
}

/// An account by whatever name its category has.
fn inner(shape: &Value) -> (&str, &Value) {
    let (name, inner) = shape.as_object().unwrap().iter().next().unwrap();
    (name, inner)
}

fn day(timestamp: &Value) -> &str {
    timestamp.as_str().unwrap().strip_suffix("T00:00:00Z").unwrap()
}

#[rstest]
#[case("anna")]
#[case("ben")]
#[case("carla")]
#[case("dora")]
#[case("elsa")]
#[tokio::test]
async fn accounts_and_transactions_are_those_that_the_platform_api_shows(#[case] username: &str) {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let token = recipient.has_tokens(username, ALL).await["access_token"].clone();
    let customer = recipient.reads("customers/current", &token).await.ok()["customerId"].as_str().unwrap().to_owned();
    let known = known(&world, &customer).await;
    let details = recipient.reads("accounts?resultType=details", &token).await.ok();
    assert_eq!(details["page"], json!({ "totalElements": known.len() }));
    assert_eq!(details["links"], json!({}));
    let accounts = details["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), known.len());
    for (shape, (account, transactions)) in accounts.iter().zip(&known) {
        let (_, told) = inner(shape);
        assert_eq!((&told["accountId"], &told["productName"]), (&account["id"], &account["name"]));
        assert_eq!(told["currency"]["currencyCode"], account["currency"]);
        let balance = ["currentBalance", "principalBalance", "currentValue"].map(|name| &told[name]);
        let balance = balance.into_iter().find(|balance| !balance.is_null()).unwrap();
        let expected: f64 = account["balance"]["current"].as_str().unwrap().parse().unwrap();
        assert_eq!(balance.as_f64(), Some(expected));
        let number = told["accountNumber"].as_str().unwrap();
        assert!(number.ends_with(told["accountNumberDisplay"].as_str().unwrap()), "{told}");
        assert_eq!(
            recipient.reads(&format!("accounts/{}", told["accountId"].as_str().unwrap()), &token).await.ok(),
            *shape
        );

        let path = format!("accounts/{}/transactions?limit=1000", told["accountId"].as_str().unwrap());
        let found = recipient.reads(&path, &token).await.ok();
        let found: Vec<Value> = found["transactions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|shape| {
                let (name, one) = inner(shape);
                assert_eq!(
                    name.strip_suffix("Transaction"),
                    inner_kind(inner(accounts_shape(accounts, &one["accountId"])).0)
                );
                let sign = if one["debitCreditMemo"] == "DEBIT" { -1.0 } else { 1.0 };
                json!([
                    one["transactionId"],
                    day(&one["postedTimestamp"]),
                    one["description"],
                    sign * one["amount"].as_f64().unwrap()
                ])
            })
            .collect();
        let expected: Vec<Value> = transactions
            .iter()
            .take(1000)
            .map(|one| {
                let amount: f64 = one["amount"].as_str().unwrap().parse().unwrap();
                json!([one["id"], one["date"], one["description"], amount])
            })
            .collect();
        assert_eq!(found, expected);
    }
}

fn accounts_shape<'a>(accounts: &'a [Value], id: &Value) -> &'a Value {
    accounts.iter().find(|shape| inner(shape).1["accountId"] == *id).unwrap()
}

fn inner_kind(name: &str) -> Option<&str> {
    name.strip_suffix("Account")
}

#[tokio::test]
async fn an_account_has_the_fields_that_are_documented() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let token = recipient.has_tokens("anna", ALL).await["access_token"].clone();
    let light = recipient.reads("accounts", &token).await.ok();
    let (kind, account) = inner(&light["accounts"][0]);
    assert_eq!(kind, "depositAccount");
    let fields = [
        "accountCategory",
        "accountId",
        "accountNumberDisplay",
        "accountType",
        "currency",
        "description",
        "nickname",
        "productName",
        "status",
    ];
    let mut found: Vec<&str> = account.as_object().unwrap().keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, fields);
    assert_eq!((&account["accountCategory"], &account["status"]), (&json!("DEPOSIT_ACCOUNT"), &json!("OPEN")));
    assert_eq!(light, recipient.reads("accounts?resultType=lightweight", &token).await.ok());
    let details = recipient.reads("accounts?resultType=details", &token).await.ok();
    let account = inner(&details["accounts"][0]).1;
    assert_eq!((&account["balanceType"], &account["transactionsIncluded"]), (&json!("ASSET"), &json!(true)));
    assert_eq!(account["balanceAsOf"], json!(world.clock.now()));
    let newest = &account["transactions"][0];
    assert_eq!(newest["accountId"], account["accountId"]);
    assert_eq!(newest["status"], "POSTED");
    let known = ["CHECKING", "SAVINGS", "CREDITCARD", "LINEOFCREDIT", "LOAN", "MORTGAGE", "BROKERAGEPRODUCT"];
    for shape in details["accounts"].as_array().unwrap() {
        assert!(known.contains(&inner(shape).1["accountType"].as_str().unwrap()));
    }
}

/// What can be read of a person with a scope beside the basic one.
async fn readable(recipient: &Recipient<'_>, scope: &str) -> Vec<&'static str> {
    let token = recipient.has_tokens("anna", &format!("ACCOUNT_BASIC {scope}")).await["access_token"].clone();
    let accounts = recipient.reads("accounts", &token).await.ok();
    let id = inner(&accounts["accounts"][0]).1["accountId"].as_str().unwrap().to_owned();
    let mut readable = Vec::new();
    for (name, path) in [
        ("details", "accounts?resultType=details".to_owned()),
        ("account", format!("accounts/{id}")),
        ("transactions", format!("accounts/{id}/transactions")),
        ("statements", format!("accounts/{id}/statements")),
        ("networks", format!("accounts/{id}/payment-networks")),
        ("customer", "customers/current".to_owned()),
    ] {
        let answer = recipient.reads(&path, &token).await;
        if answer.status.is_success() {
            readable.push(name);
        } else {
            refused(&answer, 401, 602);
        }
    }
    readable
}

#[rstest]
#[case("ACCOUNT_BASIC", &[])]
#[case("ACCOUNT_DETAILED", &["details", "account"])]
#[case("ACCOUNT_PAYMENTS", &["networks"])]
#[case("INVESTMENTS", &[])]
#[case("TRANSACTIONS", &["transactions"])]
#[case("STATEMENTS", &["statements"])]
#[case("CUSTOMER_CONTACT", &["customer"])]
#[case("CUSTOMER_PERSONAL", &["customer"])]
#[tokio::test]
async fn each_scope_opens_what_it_names(#[case] scope: &str, #[case] expected: &[&str]) {
    let world = World::new().await;
    assert_eq!(readable(&Recipient::of(&world), scope).await, expected);
}

#[tokio::test]
async fn numbers_and_transactions_of_an_account_want_their_own_scopes() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let token = recipient.has_tokens("anna", "ACCOUNT_BASIC ACCOUNT_DETAILED").await["access_token"].clone();
    let details = recipient.reads("accounts?resultType=details", &token).await.ok();
    let account = inner(&details["accounts"][0]).1;
    assert!(account["currentBalance"].is_number());
    for absent in ["accountNumber", "routingTransitNumber", "transactions"] {
        assert!(account.get(absent).is_none(), "{account}");
    }
    assert_eq!(account["transactionsIncluded"], false);
}

#[tokio::test]
async fn investments_are_for_those_who_asked_for_them() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let mut differs = false;
    for username in ["anna", "ben", "carla", "dora", "elsa", "finn", "gina", "hugo"] {
        let kinds = async |scope: &str| -> Vec<String> {
            let token = recipient.has_tokens(username, scope).await["access_token"].clone();
            let accounts = recipient.reads("accounts", &token).await.ok();
            accounts["accounts"].as_array().unwrap().iter().map(|one| inner(one).0.to_owned()).collect()
        };
        let all = kinds("ACCOUNT_BASIC INVESTMENTS").await;
        let others: Vec<String> = all.iter().filter(|kind| *kind != "investmentAccount").cloned().collect();
        assert_eq!(kinds("ACCOUNT_BASIC").await, others);
        differs |= all != others;
    }
    assert!(differs, "somebody has one");
}

#[tokio::test]
async fn a_customer_is_told_by_scope() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let fields = async |scope: &str| -> Vec<String> {
        let token = recipient.has_tokens("anna", &format!("ACCOUNT_BASIC {scope}")).await["access_token"].clone();
        let customer = recipient.reads("customers/current", &token).await.ok();
        let mut fields: Vec<String> = customer.as_object().unwrap().keys().cloned().collect();
        fields.sort_unstable();
        fields
    };
    assert_eq!(fields("CUSTOMER_PERSONAL").await, ["customerId", "name"]);
    assert_eq!(fields("CUSTOMER_CONTACT").await, ["addresses", "customerId", "email", "telephones"]);
    let token = recipient.has_tokens("anna", ALL).await["access_token"].clone();
    let customer = recipient.reads("customers/current", &token).await.ok();
    let path = format!("/platform/v1/connections/{}/accounts", customer["customerId"].as_str().unwrap());
    let holder = world.platform(Method::GET, &path, None).await.ok()["items"][0]["holder"].clone();
    let name = ["first", "last"].map(|part| customer["name"][part].as_str().unwrap()).join(" ");
    assert_eq!(name, holder.as_str().unwrap());
    let address = &customer["addresses"][0];
    assert!(["line1", "city", "postalCode", "country"].iter().all(|part| address[part].is_string()), "{address}");
    assert!(customer["email"][0].as_str().unwrap().contains('@'));
    assert!(customer["telephones"][0]["number"].as_str().unwrap().starts_with('+'));
}

#[tokio::test]
async fn lists_go_on_where_the_page_before_ended() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let token = recipient.has_tokens("anna", ALL).await["access_token"].clone();
    let accounts = recipient.reads("accounts", &token).await.ok()["accounts"].clone();
    let id = inner(&accounts[0]).1["accountId"].as_str().unwrap().to_owned();
    for (list, path) in [
        ("accounts", "accounts".to_owned()),
        ("transactions", format!("accounts/{id}/transactions?startTime=2026-02-01&endTime=2026-02-28")),
        ("statements", format!("accounts/{id}/statements")),
    ] {
        let whole = recipient.reads(&path, &token).await.ok();
        let total = whole["page"]["totalElements"].as_u64().unwrap();
        assert_eq!(whole[list].as_array().unwrap().len() as u64, total);
        assert!(total > 1, "{list}");
        let (mut found, separator) = (Vec::new(), if path.contains('?') { '&' } else { '?' });
        let mut next = Some(format!("/api/fdx/5/{path}{separator}limit=1"));
        while let Some(path) = next {
            let page = world.call(Method::GET, &path, token.as_str().unwrap(), None).await.ok();
            assert_eq!(page["page"]["totalElements"], total);
            found.extend(page[list].as_array().unwrap().clone());
            next = page["links"]["next"]["href"].as_str().map(|href| {
                let href: url::Url = href.parse().unwrap();
                assert_eq!(super::parameter(&href, "offset").as_deref(), page["page"]["nextOffset"].as_str());
                format!("{}?{}", href.path(), href.query().unwrap())
            });
        }
        assert_eq!(json!(found), whole[list]);
    }
}

#[tokio::test]
async fn accounts_are_chosen_by_their_ids() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let token = recipient.has_tokens("anna", ALL).await["access_token"].clone();
    let all = recipient.reads("accounts", &token).await.ok()["accounts"].clone();
    let id = |index: usize| inner(&all[index]).1["accountId"].as_str().unwrap().to_owned();
    let two = recipient.reads(&format!("accounts?accountIds={},{}", id(0), id(1)), &token).await.ok();
    assert_eq!(two["accounts"], json!([all[0], all[1]]));
    let one = recipient.reads(&format!("accounts?accountId={}", id(1)), &token).await.ok();
    assert_eq!(one["accounts"], json!([all[1]]));
}

#[tokio::test]
async fn statements_are_listed_and_downloaded() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let token = recipient.has_tokens("anna", ALL).await["access_token"].clone();
    let accounts = recipient.reads("accounts", &token).await.ok();
    let id = inner(&accounts["accounts"][0]).1["accountId"].as_str().unwrap().to_owned();
    let list = recipient.reads(&format!("accounts/{id}/statements"), &token).await.ok();
    let statement = &list["statements"][0];
    assert_eq!((&statement["accountId"], &statement["status"]), (&json!(id), &json!("AVAILABLE")));
    let href: url::Url = statement["links"][0]["href"].as_str().unwrap().parse().unwrap();
    let download = async |accept: &str| {
        let request = Request::get(href.path())
            .header("authorization", format!("Bearer {}", token.as_str().unwrap()))
            .header("accept", accept);
        world.send(request.body(Body::empty()).unwrap()).await
    };
    for accept in ["application/pdf", "*/*", "image/png, application/pdf;q=0.5"] {
        let document = download(accept).await;
        assert_eq!((document.status.as_u16(), document.header("content-type")), (200, "application/pdf"));
        assert!(document.text.starts_with("%PDF-"));
    }
    refused(&download("image/png").await, 406, 1203);
    refused(&recipient.reads(&format!("accounts/{id}/statements/nothing"), &token).await, 404, 1107);
    let day = statement["statementDate"].as_str().unwrap();
    let path = format!("accounts/{id}/statements?startTime={day}&endTime={day}");
    let of_day = recipient.reads(&path, &token).await.ok();
    assert_eq!(of_day["statements"], json!([statement]));
}

#[rstest]
#[case("accounts?resultType=all", 400, 401)]
#[case("accounts?limit=0", 400, 401)]
#[case("accounts?limit=many", 400, 401)]
#[case("accounts?offset=nothing", 400, 401)]
#[case("accounts/nothing", 404, 701)]
#[case("accounts/nothing/transactions", 404, 701)]
#[case("accounts/nothing/statements", 404, 701)]
#[case("accounts/nothing/payment-networks", 404, 701)]
#[case("accounts/{id}/transactions?startTime=yesterday", 400, 401)]
#[case("accounts/{id}/transactions?startTime=2026-02-30", 400, 401)]
#[case("accounts/{id}/transactions?startTime=2026-02-02&endTime=2026-02-01", 400, 703)]
#[case("accounts/{id}/statements?startTime=2026-02-02", 400, 702)]
#[case("payees", 404, 1107)]
#[tokio::test]
async fn errors_are_those_that_the_vendor_lists(#[case] path: &str, #[case] status: u16, #[case] code: u16) {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let token = recipient.has_tokens("anna", ALL).await["access_token"].clone();
    let accounts = recipient.reads("accounts", &token).await.ok();
    let id = inner(&accounts["accounts"][0]).1["accountId"].as_str().unwrap().to_owned();
    refused(&recipient.reads(&path.replace("{id}", &id), &token).await, status, code);
    let other = world.call(Method::POST, "/api/fdx/5/accounts", token.as_str().unwrap(), Some(json!({}))).await;
    refused(&other, 405, 501);
}

#[tokio::test]
async fn without_an_access_token_there_is_a_message_alone() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let nothing = world.get("/api/fdx/5/accounts").await;
    for answer in [nothing, recipient.reads("accounts", &json!("nothing")).await] {
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), body.as_object().unwrap().len()), (401, 1), "{body}");
        assert!(body["message"].is_string());
    }
}

#[tokio::test]
async fn every_answer_names_the_authorization_and_the_request() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let back = recipient.has_linked("anna", &[("correlation_id", "c-1")]).await;
    let tokens = recipient.exchanges(&super::parameter(&back, "code").unwrap(), &[]).await.ok();
    let next = recipient.refreshes(tokens["refresh_token"].as_str().unwrap(), &[]).await;
    assert_eq!(next.header("ob-correlation-id"), "c-1");
    for path in ["accounts", "accounts/nothing", "nothing"] {
        let answer = recipient.reads(path, &next.ok()["access_token"]).await;
        assert_eq!(answer.header("ob-correlation-id"), "c-1");
        assert_eq!(answer.header("ob-trace-id"), answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn what_the_person_takes_back_is_not_read_any_more() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let wide = recipient.has_tokens("anna", ALL).await;
    // They come again, and agree to less.
    let narrow = recipient.has_tokens("anna", "ACCOUNT_BASIC").await;
    recipient.reads("accounts", &narrow["access_token"]).await.ok();
    recipient.reads("accounts", &wide["access_token"]).await.ok();
    refused(&recipient.reads("customers/current", &wide["access_token"]).await, 401, 602);
}

#[tokio::test]
async fn a_connection_of_another_apis_integration_is_the_same_one() {
    let world = World::new().await;
    let connection = world.connection("anna", "").await;
    let recipient = Recipient::of(&world);
    let token = recipient.has_tokens("anna", ALL).await["access_token"].clone();
    let customer = recipient.reads("customers/current", &token).await.ok();
    assert!(connection.ends_with(customer["customerId"].as_str().unwrap()), "{connection}");
}

#[rstest]
#[case("1000", ("greatday_nomfa", "Everyday"), "CA_ACSS")]
#[case("testbank", ("anna", "anything"), "EU_SEPA")]
#[tokio::test]
async fn payments_find_accounts_by_the_networks_of_their_country(
    #[case] provider: &str,
    #[case] login: (&str, &str),
    #[case] network: &str,
) {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let back = recipient.has_linked_at(provider, login, &[]).await;
    let tokens = recipient.exchanges(&super::parameter(&back, "code").unwrap(), &[]).await.ok();
    let token = &tokens["access_token"];
    let details = recipient.reads("accounts?resultType=details", token).await.ok();
    for shape in details["accounts"].as_array().unwrap() {
        let (kind, account) = inner(shape);
        let path = format!("accounts/{}/payment-networks", account["accountId"].as_str().unwrap());
        let found = recipient.reads(&path, token).await.ok();
        if kind != "depositAccount" {
            assert_eq!(found["paymentNetworks"], json!([]));
            continue;
        }
        let (identifier, kind) = if network == "CA_ACSS" {
            let transit = account["routingTransitNumber"].as_str().unwrap();
            assert!(transit.len() == 9 && transit.starts_with('0'), "{transit}");
            (account["accountNumber"].as_str().unwrap().to_owned(), "ACCOUNT_NUMBER")
        } else {
            let iban = found["paymentNetworks"][0]["identifier"].as_str().unwrap().to_owned();
            assert!(iban.starts_with("ES") && iban.ends_with(account["accountNumber"].as_str().unwrap()), "{iban}");
            (iban, "IBAN")
        };
        let mut expected = json!({ "identifier": identifier, "identifierType": kind, "type": network,
            "transferIn": true, "transferOut": true });
        if let Some(transit) = account.get("routingTransitNumber") {
            expected["bankId"] = transit.clone();
        }
        assert_eq!(found["paymentNetworks"], json!([expected]));
        assert_eq!(found["page"], json!({ "totalElements": 1 }));
    }
}
