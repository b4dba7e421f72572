//! Where the person goes.

use banklink_journey::person::Card;

use super::ground::{AT_TESTBANK, Row};
use crate::stage::Outcome;

/// At TestBank's form, with the end as it is by itself.
const PLAIN: &str = "consentEnable=false&bank=testbank";

pub(super) async fn redirect_url(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    let person = row.opens(&ground.elsewhere(), PLAIN).await?;
    ground.signs_in(person, "any other password").await?;
    ground.goes_to(&format!("{}?loginId=", ground.elsewhere())).await?;

    let person = ground.opens(PLAIN).await?;
    ground.signs_in(person, "any other password").await?;
    ground.goes_to(&format!("{}?loginId=", ground.back())).await?;

    // To the letter.
    for address in ["https://evil.example/", &format!("{}/more", ground.back())] {
        let person = row.opens(address, PLAIN).await?;
        ground.is_refused(person, row.spelling).await?;
    }
    Ok(())
}

pub(super) async fn inner_redirect(row: Row<'_>) -> Outcome {
    let (ground, browser) = (row.ground, &row.ground.stage.browser);
    let person = row.opens("true", PLAIN).await?;
    let page = browser.address().await?;
    ground.signs_in(person, "any other password").await?;
    let back = format!("{}?loginId=", ground.back());
    let arrived = async || {
        let address = person.browser().await?.run("return location.href", vec![]).await?;
        Ok(address.as_str().is_some_and(|address| address.starts_with(&back)).then_some(()))
    };
    browser.until("the app's page in the frame", arrived).await?;
    ground.hears("REDIRECT").await?;
    assert_eq!(browser.address().await?, page, "the page around it stays");

    let person = row.opens("false", PLAIN).await?;
    ground.signs_in(person, "any other password").await?;
    ground.goes_to(&back).await.map(|_| ())
}

pub(super) async fn js_redirect(row: Row<'_>) -> Outcome {
    let (ground, browser) = (row.ground, &row.ground.stage.browser);
    let person = row.opens("true", PLAIN).await?;
    let page = browser.address().await?;
    let redirect = ground.links(person).await?;
    let url = redirect["url"].as_str().unwrap_or_default();
    assert!(url.starts_with(&format!("{}?loginId=", ground.back())), "the host knows where to: {url}");
    person.sees(Card::Success).await?;
    // Longer than it takes to go, and than the widget waits until it offers a link.
    person.browser().await?.run(STANDS, vec![]).await?;
    assert!(!person.browser().await?.shows("#link-continue").await?);
    assert_eq!(browser.address().await?, page);

    let person = row.opens("false", PLAIN).await?;
    ground.signs_in(person, "any other password").await?;
    ground.goes_to(&ground.back()).await.map(|_| ())
}

const STANDS: &str = "return new Promise((stands) => setTimeout(stands, 1200))";

pub(super) async fn oauth_window_redirect(row: Row<'_>) -> Outcome {
    const AT_OAUTH_BANK: &str = "consentEnable=false&bank=oauthbank";
    let (ground, browser) = (row.ground, &row.ground.stage.browser);
    let client = browser.client();
    let person = ground.opens_alone(&row.with("true", AT_OAUTH_BANK)).await?;
    person.clicks("button-bank-page").await?;
    browser.sees("#allow").await?;
    assert_eq!(client.windows().await?.len(), 1, "in the place of the page");

    let person = ground.opens_alone(&row.with("false", AT_OAUTH_BANK)).await?;
    person.clicks("button-bank-page").await?;
    let own = client.window().await?;
    let bank = async || Ok(client.windows().await?.into_iter().find(|window| *window != own));
    let bank = browser.until("a window of its own", bank).await?;
    client.switch_to_window(bank).await?;
    browser.sees("#allow").await?;
    client.close_window().await?;
    client.switch_to_window(own).await?;
    Ok(())
}

pub(super) async fn rollback(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    for value in ["true", "INVALID_SCA,INTERNAL_ERROR"] {
        let person = row.opens(value, &format!("{PLAIN}&user=42")).await?;
        ground.signs_in(person, "INTERNAL_ERROR").await?;
        let address = ground.goes_to(&ground.back()).await?;
        assert_eq!(address, format!("{}?error=INTERNAL_ERROR&user=42", ground.back()), "{value}");
        assert_eq!(ground.hears("EXIT").await?["reason"], "failed");
    }
    for value in ["false", "INVALID_SCA"] {
        let person = row.opens(value, AT_TESTBANK).await?;
        ground.signs_in(person, "INTERNAL_ERROR").await?;
        person.sees(Card::Failure).await?;
    }
    Ok(())
}
