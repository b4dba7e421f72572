//! Accounts and transactions, which are those of every other dialect.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::World;

/// The connection as the platform API has it: its accounts, and the transactions of each.
async fn known(world: &World, index: usize) -> Vec<(Value, Vec<Value>)> {
    let connections = world.platform(Method::GET, "/platform/v1/connections", None).await.ok();
    let path = format!("/platform/v1/connections/{}", connections["items"][index]["id"].as_str().unwrap());
    let accounts = world.platform(Method::GET, &format!("{path}/accounts"), None).await.ok();
    let mut known = Vec::new();
    for account in accounts["items"].as_array().unwrap() {
        let path = format!("{path}/accounts/{}/transactions?", account["id"].as_str().unwrap());
        known.push((account.clone(), crate::support::pages(world, &path, 100).await));
    }
    known
}

fn amount(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn accounts_and_transactions_are_those_that_our_own_api_has() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    for (index, username) in ["anna", "ben"].into_iter().enumerate() {
        // The list has the older first.
        world.pass(1);
        let credentials = integration.linked(username, "anything", "").await;
        let ask = async |path: &str| {
            let body = json!({ "credentials_token": credentials, "query": {}, "ignore_data_error": false });
            integration.post(path, body).await.ok().as_array().unwrap().clone()
        };
        let (accounts, transactions) = (ask("bank/credentials/account").await, ask("bank/credentials/data").await);
        let known = known(&world, index).await;
        assert_eq!(accounts.len(), known.len());
        let mut rest = transactions.iter();
        for (shown, (account, booked)) in accounts.iter().zip(&known) {
            let id = &account["id"];
            let pays = ["chequing", "savings"].contains(&account["kind"].as_str().unwrap());
            let iban = shown["iban"].as_str();
            assert!(iban.map_or(!pays, |iban| iban.ends_with(account["number"].as_str().unwrap())), "{shown}");
            let expected = json!({ "_id": id, "account_id": id, "iban": iban,
                "number": account["number"], "entity": "TestBank", "alias": account["name"], "name": account["name"],
                "balance": amount(&account["balance"]["current"]), "currency": account["currency"],
                "description": account["kind"], "isOwner": true, "numOwners": 1, "owners": [account["holder"]] });
            assert_eq!(*shown, expected);
            for one in booked {
                let shown = rest.next().unwrap();
                let is_card = account["kind"] == "credit_card";
                let card = if is_card { account["number"].clone() } else { Value::Null };
                let nobody = json!({ "beneficiary": null, "ibanBeneficiary": null, "payer": null, "ibanPayer": null });
                assert!(shown["category"].is_string(), "{shown}");
                let expected = json!({ "_id": one["id"], "transaction_id": one["id"], "account_id": id,
                    "amount": amount(&one["amount"]), "balance": amount(&one["balance"]), "entity": "TestBank",
                    "cardNumber": card, "category": shown["category"], "currency": account["currency"],
                    "operationDate": one["date"], "valueDate": one["date"], "date": one["date"],
                    "description": one["description"], "productDescription": account["name"], "transfer": nobody });
                assert_eq!(*shown, expected);
            }
        }
        assert_eq!(rest.next(), None);
    }
}

#[tokio::test]
async fn a_query_says_which() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let credentials = integration.linked("anna", "anything", "").await;
    let ask = async |path: &str, query: Value| {
        let body = json!({ "credentials_token": credentials, "query": query });
        integration.post(&format!("bank/credentials/{path}"), body).await
    };
    let accounts = ask("account", json!({})).await.ok();
    let (first, second) = (&accounts[0]["_id"], &accounts[1]["_id"]);
    assert_eq!(ask("account", json!({ "_id": second })).await.ok(), json!([accounts[1]]));
    assert_eq!(ask("account", json!({ "account_id": [first] })).await.ok(), json!([accounts[0]]));
    assert_eq!(ask("account", json!({ "_id": { "$in": ["else"] } })).await.ok(), json!([]));

    let of_first = ask("data", json!({ "account_id": [first] })).await.ok();
    let of_first = of_first.as_array().unwrap();
    assert!(of_first.iter().all(|one| one["account_id"] == *first));
    let dates: Vec<&str> = of_first.iter().map(|one| one["operationDate"].as_str().unwrap()).collect();
    let middle = dates[dates.len() / 2];
    let count = async |query: Value| {
        let mut query = query;
        query["account_id"] = first.clone();
        ask("data", query).await.ok().as_array().unwrap().len()
    };
    let since = dates.iter().filter(|date| **date >= middle).count();
    let on = dates.iter().filter(|date| **date == middle).count();
    assert!(on > 0 && since > on && dates.len() > since);
    assert_eq!(count(json!({ "operationDate": { "$gte": middle } })).await, since);
    assert_eq!(count(json!({ "operationDate": { "$gt": middle } })).await, since - on);
    assert_eq!(count(json!({ "valueDate": { "$lt": middle } })).await, dates.len() - since);
    assert_eq!(count(json!({ "valueDate": { "$lte": middle } })).await, dates.len() - since + on);
    assert_eq!(count(json!({ "operationDate": middle })).await, on);
    let one = &of_first[0];
    assert_eq!(ask("data", json!({ "_id": one["_id"], "account_id": first })).await.ok(), json!([one]));

    refused(&ask("data", json!({ "amount": 4 })).await, "query.amount");
    refused(&ask("data", json!({ "operationDate": "yesterday" })).await, "query.operationDate");
}

#[tokio::test]
async fn holders_are_as_their_bank_has_them() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let credentials = integration.linked("anna", "anything", "").await;
    let body = json!({ "credentials_token": credentials });
    let holders = integration.post("bank/credentials/holder", body.clone()).await.ok();
    let accounts = integration.post("bank/credentials/account", body.clone()).await.ok();
    assert_eq!(holders[0]["name"], accounts[0]["owners"][0]);
    for path in ["auth", "auth/"] {
        assert_eq!(integration.post(&format!("bank/credentials/{path}"), body.clone()).await.ok(), holders[0]);
    }
}

/// What Flanks has besides accounts: all that has accounts of its own, and what moves on them.
const OTHER_KINDS: [&str; 7] = [
    "card",
    "card/transaction",
    "investment",
    "investment/transaction",
    "liability",
    "liability/transaction",
    "portfolio",
];

#[tokio::test]
async fn accounts_of_every_kind_are_accounts_so_that_there_is_nothing_of_another() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let credentials = integration.linked("anna", "anything", "").await;
    for path in OTHER_KINDS {
        let body = json!({ "credentials_token": credentials, "query": { "card_id": "4" }, "ignore_data_error": true });
        assert_eq!(integration.post(&format!("bank/credentials/{path}"), body).await.ok(), json!([]), "{path}");
    }
}

#[tokio::test]
async fn another_apps_credentials_are_not_there() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let other = Integration::toolbox(&world).await;
    let mut person = other.follows(&other.link_to_its_own().await, "bank=testbank").await;
    person.signs_in("anna", "anything").await;
    let exchanged = other.post("platform/link", json!({ "code": person.code() })).await.ok();
    let body = json!({ "credentials_token": exchanged["credentials_token"] });
    other.post("bank/credentials/account", body.clone()).await.ok();
    for path in ["status", "account", "data", "holder", "auth"].into_iter().chain(OTHER_KINDS) {
        let answer = integration.post(&format!("bank/credentials/{path}"), body.clone()).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn banks_are_those_of_the_app() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let banks = integration.call(Method::GET, "bank/available", None).await.ok();
    let listed = crate::support::pages(&world, "/platform/v1/institutions?", 5).await;
    let expected: Vec<Value> = listed
        .iter()
        .map(|bank| {
            json!({ "id": bank["id"], "name": bank["name"], "country": bank["country"], "logo_url": bank["logo_url"] })
        })
        .collect();
    assert_eq!(banks, json!(expected));
    assert!(expected.len() > 2);
}
