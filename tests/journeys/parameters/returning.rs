//! People of connections who come back: the connection keeps its id and its token.

use banklink_journey::{JourneyError, Person, person::Card};
use serde_json::Value;

use super::ground::{AT_TESTBANK, Ground, Row, SHORT};
use crate::stage::Outcome;

/// A connection that somebody has.
struct Connected {
    user: String,
    id: String,
    token: Value,
}

/// Somebody links TestBank, which asks for a code if the password is `SCA_SMS`.
async fn connects(ground: &Ground<'_>, password: &str, query: &str) -> Result<Connected, JourneyError> {
    let user = ground.somebody();
    let person = ground.opens(&format!("{AT_TESTBANK}&{query}")).await?;
    person.types_credentials(&user, password).await?;
    person.continues().await?;
    if password == "SCA_SMS" {
        person.answers_code("482913").await?;
    }
    let redirect = ground.hears("REDIRECT").await?;
    let exchanged = ground.exchanges(&redirect).await?;
    let id = exchanged["connection"]["id"].as_str().unwrap_or_default().to_owned();
    Ok(Connected { user, id, token: exchanged["connection_token"].clone() })
}

/// Waits for the end, which must be of the same connection.
async fn keeps_its_token(ground: &Ground<'_>, connected: &Connected) -> Outcome {
    let redirect = ground.hears("REDIRECT").await?;
    let again = ground.exchanges(&redirect).await?;
    assert_eq!(again["connection"]["id"], *connected.id);
    assert!(again["connection_token"].is_string() && again["connection_token"] == connected.token);
    Ok(())
}

/// Opens the widget with a token for this purpose, at the question whether to go on. Without `bank` it is refused.
async fn comes_back<'a>(row: Row<'a>, connected: &Connected, purpose: &str) -> Result<Person<'a>, JourneyError> {
    let token = row.ground.app.reauthorisation_token(&connected.id, purpose).await?;
    let person = row.opens(&token, SHORT).await?;
    row.ground.is_refused(person, "bank").await?;

    let person = row.opens(&token, AT_TESTBANK).await?;
    person.sees(Card::Reauthorise).await?;
    assert_eq!(person.reads("institution-name").await?, "TestBank");
    person.continues().await?;
    Ok(person)
}

pub(super) async fn sca_token(row: Row<'_>) -> Outcome {
    let connected = connects(row.ground, "SCA_SMS", "").await?;
    let person = comes_back(row, &connected, "access").await?;
    // Neither user name nor password is asked for.
    person.answers_code("482913").await?;
    keeps_its_token(row.ground, &connected).await
}

pub(super) async fn reset_token(row: Row<'_>) -> Outcome {
    let connected = connects(row.ground, "any other password", "").await?;
    let token = row.ground.app.reauthorisation_token(&connected.id, "credentials").await?;
    let person = row.opens(&token, SHORT).await?;
    person.sees(Card::Credentials).await?;
    assert_eq!(person.reads("institution-name").await?, "TestBank");
    person.types_credentials(&connected.user, "a new password").await?;
    person.continues().await?;
    keeps_its_token(row.ground, &connected).await
}

pub(super) async fn transaction_token(row: Row<'_>) -> Outcome {
    let connected = connects(row.ground, "any other password", "daysOfTransactions=30").await?;
    let accounts = row.ground.app.get(&format!("connections/{}/accounts", connected.id)).await?;
    let account = accounts["items"][0]["id"].as_str().unwrap_or_default();
    let path = format!("connections/{}/accounts/{account}/transactions?from=2020-01-01", connected.id);
    let read = async || {
        let read = row.ground.app.get(&path).await?;
        Ok::<_, JourneyError>(read["items"].as_array().cloned().unwrap_or_default())
    };
    let of_thirty_days = read().await?;
    comes_back(row, &connected, "transactions").await?;
    keeps_its_token(row.ground, &connected).await?;
    let of_ninety_days = read().await?;
    let day = |transactions: &[Value]| transactions.last().map(|oldest| oldest["date"].to_string());
    assert!(of_ninety_days.len() > of_thirty_days.len() && day(&of_ninety_days) < day(&of_thirty_days));
    let connection = row.ground.app.get(&format!("connections/{}", connected.id)).await?;
    assert_eq!(connection["days_of_transactions"], 90);
    Ok(())
}
