//! Every page of the dashboard in every state, in an order in which one leads to the next: what is checked for
//! accessibility, and what pictures are taken of.

use serde_json::json;

use crate::{Browser, JourneyError, Operator, Sandbox, Site, operator::PASSWORD};

/// Where nobody listens.
const NOBODY: &str = "http://localhost:9/told";

/// The states, in the order of the tour.
pub const SCENES: [&str; 63] = [
    "welcome",
    "welcome-wrong",
    "apps",
    "new-app",
    "new-app-wrong",
    "app-created",
    "overview",
    "settings",
    "settings-wrong",
    "redirect-uris",
    "redirect-uri-wrong",
    "redirect-uri-remove",
    "origins-none",
    "origins",
    "client-secrets",
    "secret-new",
    "secret-revoke",
    "secret-revoke-wrong",
    "data-key-replace",
    "theme-default",
    "theme-findings",
    "theme-file-unreadable",
    "theme-replace",
    "theme-restore",
    "links-none",
    "link",
    "link-parameters-wrong",
    "link-delete",
    "links",
    "institutions-none",
    "institutions",
    "webhooks-none",
    "webhook-new",
    "webhook",
    "webhook-key-rotate",
    "webhook-remove",
    "delivery",
    "delivery-arrived",
    "webhook-delivered",
    "connections-none",
    "connection-needs-reauthorisation",
    "connections",
    "connections-nobody",
    "connection",
    "connection-way-back",
    "connection-consent-revoke",
    "connection-delete",
    "app-activities",
    "app-activities-next",
    "loading",
    "read-failed",
    "operators",
    "operator-invited",
    "invitation-withdraw",
    "operator-remove",
    "activities",
    "activities-none",
    "you-wrong",
    "sign-in-again",
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
    browser.sees(".db-once #invitation").await?;
    look("operator-invited").await?;
    browser.click(".db-once > button").await?;
    browser.click("#invitations button").await?;
    browser.sees("dialog[open] form").await?;
    look("invitation-withdraw").await?;
    browser.click("dialog .db-buttons [type=button]").await?;
    another_comes(operator, browser).await?;
    browser.click("#operators button").await?;
    browser.sees("dialog[open] form").await?;
    look("operator-remove").await?;

    operator.opens("/activities").await?;
    browser.sees("#table-activities").await?;
    look("activities").await?;
    let narrows = "const list = document.getElementById('filter-action'); list.value = 'consent.revoked';
        list.dispatchEvent(new Event('change', { bubbles: true }))";
    browser.run(narrows, vec![]).await?;
    browser.sees("main .db-empty").await?;
    look("activities-none").await?;
    operator.opens("/you").await?;
    operator.types("password", PASSWORD).await?;
    operator.types("new_password", "too short").await?;
    operator.sends().await?;
    operator.reads_fault("new_password").await?;
    look("you-wrong").await?;
    browser.run("return fetch('/platform/v1/sessions', { method: 'DELETE' }).then(() => 1)", vec![]).await?;
    operator.types("new_password", "quite other words than before").await?;
    operator.sends().await?;
    browser.sees("#sign-in-again[open]").await?;
    look("sign-in-again").await?;
    operator.types("again_password", PASSWORD).await?;
    operator.sends().await?;
    let is_back = async || Ok(browser.all("#sign-in-again").await?.is_empty().then_some(()));
    browser.until("the dialog to be gone", is_back).await?;
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
    operator.goes_to("settings").await?;
    look("settings").await?;
    operator.types("consent_days", "a year").await?;
    operator.sends().await?;
    operator.reads_fault("consent_days").await?;
    look("settings-wrong").await?;
    operator.types("consent_days", "90").await?;
    operator.lets_links_open().await?;

    operator.goes_to("redirect-uris").await?;
    look("redirect-uris").await?;
    operator.types("uri", "javascript:alert(1)").await?;
    operator.sends().await?;
    operator.reads_fault("uri").await?;
    look("redirect-uri-wrong").await?;
    browser.click("#entries button").await?;
    browser.sees("dialog[open]").await?;
    look("redirect-uri-remove").await?;
    browser.click("dialog .db-buttons [type=button]").await?;

    operator.goes_to("origins").await?;
    browser.sees(".db-section .db-empty").await?;
    look("origins-none").await?;
    operator.types("origin", "https://shop.example.com").await?;
    operator.sends().await?;
    browser.sees("#entries").await?;
    look("origins").await?;

    of_secrets(operator, browser, look).await?;
    of_the_theme(operator, browser, look).await?;
    let link = of_links(operator, browser, look).await?;
    of_institutions(operator, browser, look).await?;
    of_webhooks(operator, browser, look).await?;
    of_people(operator, browser, &link, look).await?;
    of_the_log(operator, browser, look).await?;
    of_the_network(operator, browser, look).await
}

/// Somebody accepts an invitation, in a browser of their own.
async fn another_comes(operator: Operator<'_>, browser: &Browser) -> Result<(), JourneyError> {
    operator.types("email", "cleo@example.com").await?;
    operator.sends().await?;
    let address = browser.text_of("#invitation").await?;
    let token = address.split_once('#').map(|(_, token)| token).unwrap_or_default();
    let accepts = "return fetch('/platform/v1/invitations/accept', { method: 'POST', credentials: 'omit',
        headers: { 'Content-Type': 'application/json' }, body: arguments[0] }).then(answer => answer.status)";
    let body = json!({ "token": token, "name": "Cleo Marsh", "password": "a few words of her own" }).to_string();
    browser.run(accepts, vec![body.into()]).await?;
    operator.opens("/operators").await?;
    browser.sees("#operators li:nth-child(2)").await
}

async fn of_secrets(
    operator: Operator<'_>,
    browser: &Browser,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    operator.goes_to("client-secrets").await?;
    browser.sees("#client-secrets").await?;
    look("client-secrets").await?;
    operator.sends().await?;
    browser.sees(".db-once #client-secret").await?;
    look("secret-new").await?;
    browser.click(".db-once > button").await?;
    browser.click("#client-secrets button").await?;
    browser.sees("dialog[open] #password").await?;
    look("secret-revoke").await?;
    operator.types("password", &format!("{PASSWORD}, but not this")).await?;
    operator.sends().await?;
    operator.reads_fault("password").await?;
    look("secret-revoke-wrong").await?;
    browser.click("dialog .db-buttons [type=button]").await?;
    browser.click("#replace-data-key").await?;
    browser.sees("dialog[open] #password").await?;
    look("data-key-replace").await?;
    browser.click("dialog .db-buttons [type=button]").await
}

/// The look of links, and the address of the one that is made.
async fn of_links(
    operator: Operator<'_>,
    browser: &Browser,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<String, JourneyError> {
    operator.goes_to("links").await?;
    look("links-none").await?;
    let link = operator.makes_a_link("Shop window").await?;
    browser.click(".db-details summary").await?;
    look("link").await?;
    browser.click("#more-parameters summary").await?;
    operator.types("country", "Spain").await?;
    operator.reads_fault("country").await?;
    operator.types("extra-name-0", "code").await?;
    operator.reads_fault("extra-name-0").await?;
    look("link-parameters-wrong").await?;
    browser.click("#delete-link").await?;
    browser.sees("dialog[open]").await?;
    look("link-delete").await?;
    browser.click("dialog .db-buttons [type=button]").await?;
    operator.goes_to("links").await?;
    browser.sees("#table-links").await?;
    look("links").await?;
    Ok(link)
}

async fn of_the_theme(
    operator: Operator<'_>,
    browser: &Browser,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    operator.goes_to("theme").await?;
    browser.sees("#theme-findings").await?;
    look("theme-default").await?;
    operator.types("theme-source", "#div-select-bank { background-color: #fff4f4 }\n#nobody { color: red }").await?;
    browser.sees("#theme-findings li").await?;
    look("theme-findings").await?;
    let takes = "const file = new File([arguments[0]], 'theme.css', { type: 'text/css' });
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(file);
        const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
        document.getElementById('theme-drop').dispatchEvent(drop)";
    browser.run(takes, vec!["\u{0}".into()]).await?;
    browser.sees("#theme-file-fault p").await?;
    look("theme-file-unreadable").await?;
    browser.run(takes, vec!["#background { color: #222 }".into()]).await?;
    browser.sees("dialog[open]").await?;
    look("theme-replace").await?;
    browser.click("dialog .db-buttons [type=button]").await?;
    operator.sends_form("form-theme").await?;
    browser.click("#theme-restore").await?;
    browser.sees("dialog[open]").await?;
    look("theme-restore").await?;
    browser.click("dialog .db-buttons [type=button]").await
}

async fn of_institutions(
    operator: Operator<'_>,
    browser: &Browser,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    operator.goes_to("institutions").await?;
    look("institutions-none").await?;
    for bank in ["TestBank", "OAuth Bank"] {
        operator.types("search-institutions", bank).await?;
        browser.click(&format!("#found-institutions button[aria-label*=' {bank} (']")).await?;
    }
    look("institutions").await
}

async fn of_webhooks(
    operator: Operator<'_>,
    browser: &Browser,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    operator.goes_to("webhooks").await?;
    look("webhooks-none").await?;
    operator.types("url", NOBODY).await?;
    operator.sends_form("form-webhook").await?;
    browser.sees(".db-once #webhook-secret").await?;
    look("webhook-new").await?;
    browser.click(".db-once > button").await?;
    browser.click("#webhooks a").await?;
    browser.sees("#form-test").await?;
    operator.sends_form("form-test").await?;
    browser.sees("#table-deliveries").await?;
    look("webhook").await?;
    browser.click("#rotate-key").await?;
    browser.sees("dialog[open]").await?;
    look("webhook-key-rotate").await?;
    browser.click("dialog .db-buttons [type=button]").await?;
    browser.click("#remove-webhook").await?;
    browser.sees("dialog[open]").await?;
    look("webhook-remove").await?;
    browser.click("dialog .db-buttons [type=button]").await?;
    browser.click("#table-deliveries a").await?;
    let is_tried = async || {
        browser.click("#read-again").await?;
        operator.sees_page().await?;
        Ok((!browser.all("#attempts li").await?.is_empty()).then_some(()))
    };
    browser.until("a try", is_tried).await?;
    look("delivery").await?;

    // Somebody listens now.
    let receiver = Site::serve("localhost", String::new()).await?;
    browser.click("main a[href*='/webhooks/']").await?;
    browser.click("#change-webhook summary").await?;
    let url = format!("{}/told", receiver.origin());
    operator.types("url", &url).await?;
    operator.sends_form("form-webhook").await?;
    let is_told_there = async || Ok((browser.text_of("h1").await? == url).then_some(()));
    browser.until("the new address", is_told_there).await?;
    operator.sends_form("form-test").await?;
    browser.sees("#table-deliveries tr:nth-child(2)").await?;
    browser.click("#table-deliveries a").await?;
    let arrived = async || {
        browser.click("#read-again").await?;
        operator.sees_page().await?;
        Ok(browser.shows(".db-badge-live").await?.then_some(()))
    };
    browser.until("that it arrived", arrived).await?;
    look("delivery-arrived").await?;
    browser.click("main a[href*='/webhooks/']").await?;
    browser.sees("#table-deliveries").await?;
    look("webhook-delivered").await
}

async fn of_people(
    operator: Operator<'_>,
    browser: &Browser,
    link: &str,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    operator.goes_to("connections").await?;
    browser.sees("main .db-empty").await?;
    look("connections-none").await?;
    let address = browser.address().await?;
    // The bank will not know the second one's password any more.
    for person in ["ana-1", "changed-2"] {
        operator.links_a_bank_at(link, person).await?;
    }
    browser.goto(&address).await?;
    operator.sees_page().await?;
    browser.click("#table-connections a").await?;
    browser.sees("#accounts").await?;
    operator.sends_form("form-refresh").await?;
    let is_missed = async || {
        let status = browser.text_of(".db-heading .db-badge").await?;
        Ok((!browser.shows(".db-heading .db-badge-live").await? && !status.is_empty()).then_some(()))
    };
    browser.until("that the bank wants to see the person", is_missed).await?;
    look("connection-needs-reauthorisation").await?;
    operator.goes_to("connections").await?;
    browser.sees("#table-connections").await?;
    look("connections").await?;
    operator.types("external_id", "nobody-3").await?;
    operator.sends_form("form-search").await?;
    browser.sees("main .db-empty").await?;
    look("connections-nobody").await?;
    browser.goto(&address).await?;
    operator.sees_page().await?;
    browser.click("#table-connections tr:last-child a").await?;
    browser.sees("#accounts").await?;
    look("connection").await?;
    operator.sends_form("form-way-back").await?;
    browser.sees("#way-back").await?;
    look("connection-way-back").await?;
    browser.click("#revoke-consent").await?;
    browser.sees("dialog[open]").await?;
    look("connection-consent-revoke").await?;
    browser.click("dialog .db-buttons [type=button]").await?;
    browser.click("#delete-connection").await?;
    browser.sees("dialog[open]").await?;
    look("connection-delete").await?;
    browser.click("dialog .db-buttons [type=button]").await
}

/// More was done than a page holds.
async fn of_the_log(
    operator: Operator<'_>,
    browser: &Browser,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    let renames = "const app = location.pathname.split('/')[3];
        const headers = { 'Content-Type': 'application/json', 'Banklink-App': app };
        const rename = async at => { await fetch('/platform/v1/app', { method: 'PATCH', headers,
            body: JSON.stringify({ name: at > 1 ? `Corner shop ${at}` : 'Corner shop' }) }) };
        return (async () => { for (let at = 50; at > 0; at -= 1) await rename(at) })().then(() => 1)";
    browser.run(renames, vec![]).await?;
    operator.goes_to("activities").await?;
    browser.sees("#table-activities").await?;
    look("app-activities").await?;
    browser.click(".db-pages button:last-child").await?;
    browser.sees(".db-pages button:first-child:enabled").await?;
    look("app-activities-next").await
}

/// What a page says while it waits, and where nothing comes.
async fn of_the_network(
    operator: Operator<'_>,
    browser: &Browser,
    look: &mut impl AsyncFnMut(&'static str) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    operator.may_lose_reads().await?;
    operator.goes_to("settings").await?;
    operator.awaits_reads("/activities").await?;
    if browser.shows(".db-menu").await? {
        browser.click(".db-menu").await?;
    }
    browser.click(".db-tabs a[href$='/activities']").await?;
    browser.sees(".db-section .db-loading").await?;
    look("loading").await?;
    operator.loses_reads("/redirect_uris").await?;
    operator.goes_to("redirect-uris").await?;
    browser.sees(".db-section .bl-alert").await?;
    look("read-failed").await
}
