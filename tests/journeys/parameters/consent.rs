//! What the consent screen says. Who asks, for what and on which terms is not for the address to say: anybody can write
//! that.

use banklink_journey::person::Card;
use serde_json::json;

use super::ground::{APP, Row};
use crate::stage::Outcome;

const JS_REDIRECT: &str = "jsRedirect=true&bank=testbank";

pub(super) async fn consent_enable(row: Row<'_>) -> Outcome {
    for (value, card) in [("true", Card::Consent), ("false", Card::Credentials), ("0", Card::Credentials)] {
        row.opens(value, JS_REDIRECT).await?.sees(card).await?;
    }
    // The app's own settings hold otherwise.
    row.ground.opens(JS_REDIRECT).await?.sees(Card::Consent).await
}

pub(super) async fn customer_name(row: Row<'_>) -> Outcome {
    let title = |customer: &str| format!("{customer} would like to connect to your bank");
    let person = row.opens("Pennywise for Teens", JS_REDIRECT).await?;
    assert_eq!(person.reads("title-consent").await?, title("Pennywise for Teens"));
    let person = row.opens_by_url("Your Bank", JS_REDIRECT).await?;
    assert_eq!(person.reads("title-consent").await?, title(APP), "forged");
    Ok(())
}

pub(super) async fn terms_url(row: Row<'_>) -> Outcome {
    let terms = "https://pennywise.example/terms";
    let person = row.opens(terms, JS_REDIRECT).await?;
    person.reads("link-terms").await?;
    let link = "return document.getElementById('link-terms')?.href";
    assert_eq!(person.browser().await?.run(link, vec![]).await?, terms);
    let person = row.opens_by_url("https://evil.example/terms", JS_REDIRECT).await?;
    person.sees(Card::Consent).await?;
    assert!(person.browser().await?.all("#link-terms, a[href*='evil']").await?.is_empty(), "forged");
    Ok(())
}

pub(super) async fn features(row: Row<'_>) -> Outcome {
    const NAMED: &str = "#list-scopes li";
    let ground = row.ground;
    let person = row.opens_by_url("accounts", JS_REDIRECT).await?;
    person.sees(Card::Consent).await?;
    let all = person.texts(NAMED).await?;
    assert_eq!(all.len(), 3, "forged: {all:?}");

    for (value, is_named, scopes) in [
        ("accounts", [true, false, false], json!(["accounts"])),
        ("accounts,transactions", [true, true, false], json!(["accounts", "transactions"])),
        ("AccountNumber,TransactionHistory", [true, true, false], json!(["accounts", "transactions"])),
    ] {
        let person = row.opens(value, JS_REDIRECT).await?;
        person.sees(Card::Consent).await?;
        let named: Vec<_> =
            all.iter().zip(is_named).filter(|(_, is_named)| *is_named).map(|(scope, _)| scope).collect();
        assert_eq!(person.texts(NAMED).await?.iter().collect::<Vec<_>>(), named, "{value}");
        person.continues().await?;
        let connection = ground.connects(person).await?;
        let id = connection["id"].as_str().unwrap_or_default();
        assert_eq!(ground.app.get(&format!("connections/{id}/consent")).await?["scopes"], scopes);
        let accounts = ground.app.get(&format!("connections/{id}/accounts")).await?;
        let account = accounts["items"][0]["id"].as_str().unwrap_or_default();
        let read = ground.app.get(&format!("connections/{id}/accounts/{account}/transactions")).await?;
        let (may_read, code) = (is_named[1], &read["code"]);
        assert!(if may_read { read["items"].is_array() } else { code == "CONFLICT" }, "{value}: {read}");
    }
    Ok(())
}
