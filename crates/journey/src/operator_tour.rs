//! Every page of the dashboard in every state, in an order in which one leads to the next: what is checked for
//! accessibility, and what pictures are taken of.

use crate::{Browser, JourneyError, Operator, Sandbox, operator::PASSWORD};

/// The states, in the order of the tour.
pub const SCENES: [&str; 23] = [
    "welcome",
    "welcome-wrong",
    "apps",
    "new-app",
    "new-app-wrong",
    "app-created",
    "overview",
    "redirect-uris",
    "redirect-uri-wrong",
    "redirect-uri-remove",
    "origins-none",
    "origins",
    "client-secrets",
    "secret-new",
    "secret-revoke",
    "secret-revoke-wrong",
    "operators",
    "operator-invited",
    "invitation-withdraw",
    "not-found",
    "sign-in",
    "sign-in-wrong",
    "invitation-over",
];

/// Goes through all of them as the first operator of a new sandbox, in this language.
pub async fn of_every_page(
    browser: &Browser,
    sandbox: &Sandbox,
    language: &str,
    mut look: impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    let operator = Operator::new(browser, sandbox);
    operator.opens_the_first_invitation().await?;
    let speak = "document.cookie = `banklink-language=${arguments[0]}; Path=/dashboard`; location.reload()";
    browser.run(speak, vec![language.into()]).await?;
    let is_spoken = "return document.readyState === 'complete' && document.documentElement.lang === arguments[0]";
    let spoken = async || Ok((browser.run(is_spoken, vec![language.into()]).await? == true).then_some(()));
    browser.until("the language", spoken).await?;
    operator.sees_page().await?;
    look("welcome").await?;
    operator.sends().await?;
    operator.reads_fault("organisation").await?;
    look("welcome-wrong").await?;
    operator.fills_in_the_first_invitation().await?;
    operator.sends().await?;
    browser.sees("#table-apps").await?;
    look("apps").await?;

    operator.opens("/new-app").await?;
    look("new-app").await?;
    operator.types("name", "Corner shop").await?;
    operator.types("redirect_uri", "corner shop").await?;
    operator.sends().await?;
    operator.reads_fault("redirect_uri").await?;
    look("new-app-wrong").await?;
    operator.types("redirect_uri", "https://shop.example.com/linked").await?;
    operator.sends().await?;
    browser.sees("#client-secret").await?;
    look("app-created").await?;
    browser.click("main a.bl-button").await?;
    browser.sees(".db-facts").await?;
    look("overview").await?;
    of_an_app(operator, browser, &mut look).await?;

    operator.opens("/operators").await?;
    look("operators").await?;
    operator.types("email", "ben@example.com").await?;
    operator.sends().await?;
    browser.sees("dialog[open] #invitation").await?;
    look("operator-invited").await?;
    browser.click("dialog > [type=button]").await?;
    browser.click("#invitations button").await?;
    browser.sees("dialog[open] form").await?;
    look("invitation-withdraw").await?;

    operator.opens("/nowhere/at-all").await?;
    look("not-found").await?;
    browser.click("#sign-out").await?;
    browser.sees("#form-sign-in").await?;
    look("sign-in").await?;
    operator.signs_in("not the right password").await?;
    operator.reads_fault("password").await?;
    look("sign-in-wrong").await?;
    operator.opens("/welcome#inv_of_nobody").await?;
    look("invitation-over").await
}

/// The sections of the app whose overview is there.
async fn of_an_app(
    operator: Operator<'_>,
    browser: &Browser,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    opens_section(browser, 3, "#entries").await?;
    look("redirect-uris").await?;
    operator.types("uri", "javascript:alert(1)").await?;
    operator.sends().await?;
    operator.reads_fault("uri").await?;
    look("redirect-uri-wrong").await?;
    browser.click("#entries button").await?;
    browser.sees("dialog[open]").await?;
    look("redirect-uri-remove").await?;
    browser.click("dialog [type=button]").await?;

    opens_section(browser, 4, ".db-section .db-empty").await?;
    look("origins-none").await?;
    operator.types("origin", "https://shop.example.com").await?;
    operator.sends().await?;
    browser.sees("#entries").await?;
    look("origins").await?;

    opens_section(browser, 2, "#client-secrets").await?;
    look("client-secrets").await?;
    operator.sends().await?;
    browser.sees("dialog[open] #client-secret").await?;
    look("secret-new").await?;
    browser.click("dialog > [type=button]").await?;
    browser.click("#client-secrets button").await?;
    browser.sees("dialog[open] #password").await?;
    look("secret-revoke").await?;
    operator.types("password", &format!("{PASSWORD}, but not this")).await?;
    operator.sends().await?;
    operator.reads_fault("password").await?;
    look("secret-revoke-wrong").await?;
    browser.click("dialog [type=button]").await
}

async fn opens_section(browser: &Browser, number: u8, shows: &str) -> Result<(), JourneyError> {
    browser.click(&format!(".db-tabs li:nth-child({number}) a")).await?;
    browser.sees(shows).await
}
