//! What the app gets.

use std::collections::BTreeSet;

use banklink_journey::{JourneyError, person::Card};
use serde_json::{Value, json};

use super::ground::{AT_TESTBANK, Ground, Row};
use crate::stage::Outcome;

const CHOOSING: &str = "consentEnable=false&jsRedirect=true&bank=testbank&accountSelectorEnable=true";

pub(super) async fn account_selector_enable(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    let person = row.opens("true", AT_TESTBANK).await?;
    ground.signs_in(person, "any other password").await?;
    person.chooses_account(1).await?;
    person.continues().await?;
    let redirect = ground.hears("REDIRECT").await?;
    let shared = accounts(ground, &ground.exchanges(&redirect).await?["connection"]).await?;
    assert_eq!(shared.iter().map(|account| &account["id"]).collect::<Vec<_>>(), [&redirect["accountId"]]);

    let person = row.opens("false", AT_TESTBANK).await?;
    let connection = ground.connects(person).await?;
    assert!(accounts(ground, &connection).await?.len() > 1, "all of them");
    Ok(())
}

pub(super) async fn account_selector_multiple(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    for (value, count) in [("true", 2), ("false", 1)] {
        let person = row.opens(value, CHOOSING).await?;
        ground.signs_in(person, "any other password").await?;
        for account in [0, 1] {
            person.chooses_account(account).await?;
        }
        person.continues().await?;
        let redirect = ground.hears("REDIRECT").await?;
        let chosen: BTreeSet<&str> = redirect["accountId"].as_str().unwrap_or_default().split(',').collect();
        let connection = &ground.exchanges(&redirect).await?["connection"];
        let shared = accounts(ground, connection).await?;
        let shared: BTreeSet<&str> = shared.iter().filter_map(|account| account["id"].as_str()).collect();
        assert_eq!((chosen.len(), chosen), (count, shared), "{value}");
    }
    Ok(())
}

pub(super) async fn account_selector_currency(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    // All accounts at TestBank are in euros.
    let person = row.opens("xau,eur", CHOOSING).await?;
    ground.signs_in(person, "any other password").await?;
    person.sees(Card::Accounts).await?;
    let balances = person.texts("[data-part='account-balance']").await?;
    assert!(balances.len() > 1 && balances.iter().all(|balance| balance.contains('€')), "{balances:?}");

    let person = row.opens("XAU", CHOOSING).await?;
    ground.signs_in(person, "any other password").await?;
    person.sees(Card::Failure).await?;
    assert_eq!(ground.hears("ERROR").await?["code"], "DATA_ERROR", "there is none to choose from");
    Ok(())
}

pub(super) async fn days_of_transactions(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    let mut oldest = Vec::new();
    for (value, days) in [("30", 30), ("Days90", 90), ("730", 730)] {
        let person = row.opens(value, AT_TESTBANK).await?;
        let connection = ground.connects(person).await?;
        assert_eq!(connection["days_of_transactions"], days, "{value}");
        let read = transactions(ground, &connection).await?;
        oldest.push(read["items"].as_array().and_then(|items| items.last()).map(|oldest| oldest["date"].to_string()));
    }
    assert!(oldest[0] > oldest[1] && oldest[1] > oldest[2] && oldest[2].is_some(), "{oldest:?}");
    let plain = ground.connects(ground.opens(AT_TESTBANK).await?).await?;
    assert_eq!(plain["days_of_transactions"], Value::Null, "as many as there are");
    Ok(())
}

pub(super) async fn with_transactions(row: Row<'_>) -> Outcome {
    for (value, are_read) in [("false", false), ("true", true)] {
        let person = row.opens(value, AT_TESTBANK).await?;
        let connection = row.ground.connects(person).await?;
        assert_eq!(connection["with_transactions"], are_read);
        let read = transactions(row.ground, &connection).await?;
        assert!(if are_read { read["items"].is_array() } else { read["code"] == "CONFLICT" }, "{value}: {read}");
    }
    Ok(())
}

pub(super) async fn schedule_refresh(row: Row<'_>) -> Outcome {
    for (value, is_scheduled) in [("true", true), ("false", false)] {
        let person = row.opens(value, AT_TESTBANK).await?;
        assert_eq!(row.ground.connects(person).await?["schedule_refresh"], is_scheduled, "{value}");
    }
    Ok(())
}

pub(super) async fn maximum_retry(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    let person = row.opens("2", AT_TESTBANK).await?;
    ground.signs_in(person, "INVALID_CREDENTIALS").await?;
    person.is_told_what_was_wrong().await?;
    person.types_password("INVALID_CREDENTIALS").await?;
    person.continues().await?;
    person.sees(Card::Failure).await?;
    let error = ground.hears("ERROR").await?;
    assert_eq!(error["code"], "MAXIMUM_RETRY_REACHED");
    ground.hears("MAXIMUM_RETRY_REACHED").await?;
    let session = error["banklink"]["session"].as_str().unwrap_or_default();
    assert_eq!(ground.app.get(&format!("link_sessions/{session}")).await?["outcome"], "failed");

    // As often as it takes, otherwise.
    let person = ground.opens(AT_TESTBANK).await?;
    ground.signs_in(person, "INVALID_CREDENTIALS").await?;
    for _ in 0..3 {
        person.is_told_what_was_wrong().await?;
        person.types_password("INVALID_CREDENTIALS").await?;
        person.continues().await?;
    }
    person.is_told_what_was_wrong().await?;
    person.types_password("any other password").await?;
    person.continues().await?;
    ground.hears("REDIRECT").await.map(|_| ())
}

pub(super) async fn tag(row: Row<'_>) -> Outcome {
    let value = "summer & <b>2026</b>";
    let person = row.opens(value, AT_TESTBANK).await?;
    let redirect = row.ground.links(person).await?;
    assert_eq!(redirect["tag"], value);
    let url = redirect["url"].as_str().unwrap_or_default();
    assert!(url.ends_with("&tag=summer+%26+%3Cb%3E2026%3C%2Fb%3E"), "{url}");
    assert_eq!(row.ground.exchanges(&redirect).await?["connection"]["tag"], value);
    Ok(())
}

pub(super) async fn external_id(row: Row<'_>) -> Outcome {
    let person = row.opens("4711/é", AT_TESTBANK).await?;
    assert_eq!(row.ground.connects(person).await?["external_id"], "4711/é");
    let person = row.ground.opens(AT_TESTBANK).await?;
    assert_eq!(row.ground.connects(person).await?["external_id"], json!(null));
    Ok(())
}

/// What the app's server reads of a connection's accounts.
async fn accounts(ground: &Ground<'_>, connection: &Value) -> Result<Vec<Value>, JourneyError> {
    let read =
        ground.app.get(&format!("connections/{}/accounts", connection["id"].as_str().unwrap_or_default())).await?;
    Ok(read["items"].as_array().cloned().unwrap_or_default())
}

/// What the app's server reads of the transactions of a connection's first account.
async fn transactions(ground: &Ground<'_>, connection: &Value) -> Result<Value, JourneyError> {
    let accounts = accounts(ground, connection).await?;
    let [connection, account] = [connection, &accounts[0]].map(|named| named["id"].as_str().unwrap_or_default());
    ground.app.get(&format!("connections/{connection}/accounts/{account}/transactions")).await
}
