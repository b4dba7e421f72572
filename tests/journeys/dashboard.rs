//! Operators at the dashboard.

use banklink_journey::{
    Operator, SandboxOptions, Scheme, Viewport, axe,
    operator::{EMAIL, PASSWORD},
    operator_tour,
};
use rstest::rstest;
use serde_json::json;

use crate::{
    accessibility::in_its_html,
    stage::{Allowed, Outcome, Stage, journey_with},
};

mod apps;
mod institutions;
mod links;
mod names;
mod people;
mod themes;
mod together;
mod webhooks;

/// Where operators turn for help.
const SUPPORT: &str = "mailto:help@tuppence.example";

/// A journey of an operator. Whoever is not signed in yet hears so from the server.
async fn of_an_operator(go: impl AsyncFnOnce(&Stage, Operator<'_>) -> Outcome) -> Outcome {
    let options = SandboxOptions { support: Some(SUPPORT), ..SandboxOptions::default() };
    journey_with(options, Allowed::RefusedRequests, async |stage| {
        go(stage, Operator::new(&stage.browser, &stage.sandbox)).await
    })
    .await
}

#[tokio::test]
async fn the_first_operator_makes_themselves_one_once_and_signs_in_again() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.opens_the_first_invitation().await?;
        let help = "return document.getElementById('support').href";
        assert_eq!(browser.run(help, vec![]).await?, SUPPORT);
        operator.fills_in_the_first_invitation().await?;
        operator.types("password", "too short").await?;
        operator.sends().await?;
        assert!(operator.reads_fault("password").await?.contains("15"));
        let typed = "return ['organisation', 'name', 'email'].map((id) => document.getElementById(id).value)";
        assert_eq!(browser.run(typed, vec![]).await?, json!(["Tuppence Ltd", "Ana Ruiz", EMAIL]));
        assert_eq!(browser.run("return document.activeElement.id", vec![]).await?, "password");
        operator.types("password", PASSWORD).await?;
        operator.sends().await?;
        browser.sees("#table-apps").await?;
        assert!(!browser.address().await?.contains('#'), "the invitation is not in the address any more");
        assert_eq!(browser.run(help, vec![]).await?, SUPPORT);
        assert!(browser.text_of(".db-header").await?.contains("Tuppence Ltd"));

        operator.opens("/").await?;
        browser.sees("#table-apps").await?;
        browser.click("#sign-out").await?;
        operator.signs_in("some other password").await?;
        assert!(operator.reads_fault("password").await?.contains("wrong"));
        operator.signs_in(PASSWORD).await?;
        browser.sees("#table-apps").await?;

        operator.opens_the_first_invitation().await?;
        assert_eq!(browser.text_of("h1").await?, "This invitation no longer works");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_is_sent_to_sign_in_is_then_where_they_wanted_to_go() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        browser.click("#sign-out-everywhere").await?;
        browser.sees("#form-sign-in").await?;
        operator.opens("/new-app").await?;
        operator.signs_in(PASSWORD).await?;
        browser.sees("#form-new-app").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn whose_session_ends_meanwhile_signs_in_above_what_they_typed_and_goes_on() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.opens("/new-app").await?;
        operator.types("name", "Corner shop").await?;
        operator.types("redirect_uri", "https://shop.example.com/linked").await?;
        let signs_out = "return fetch('/platform/v1/sessions', { method: 'DELETE' }).then(() => 1)";
        browser.run(signs_out, vec![]).await?;
        operator.sends().await?;
        browser.sees("#sign-in-again[open]").await?;
        let flaws = axe::findings(browser).await?;
        assert!(flaws.is_empty(), "{flaws:#?}");
        assert_eq!(browser.run("return document.activeElement.id", vec![]).await?, "again_password");
        // Esc leaves nothing behind, however often.
        browser.press("\u{e00c}").await?;
        browser.press("\u{e00c}").await?;
        browser.sees("#sign-in-again[open]").await?;
        operator.types("again_password", "some other password").await?;
        operator.sends().await?;
        assert!(operator.reads_fault("again_password").await?.contains("wrong"));
        operator.types("again_password", PASSWORD).await?;
        operator.sends().await?;
        let is_back = async || Ok(browser.all("#sign-in-again").await?.is_empty().then_some(()));
        browser.until("the dialog to be gone", is_back).await?;
        operator.sends().await?;
        browser.sees("#client-secret").await?;

        // What a page was to show is fetched once somebody is there again.
        browser.run(signs_out, vec![]).await?;
        browser.click(".db-nav a[href$='/operators']").await?;
        operator.types("again_password", PASSWORD).await?;
        operator.sends().await?;
        browser.sees("#operators li").await
    })
    .await
}

#[tokio::test]
async fn a_list_that_cannot_be_read_anew_stays_and_nothing_is_said_to_be_none_that_was_not_read() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.makes_an_app("Corner shop").await?;
        browser.click("main a.bl-button").await?;
        operator.may_lose_reads().await?;
        operator.goes_to("redirect-uris").await?;
        browser.sees("#entries li").await?;
        operator.loses_reads("/platform/").await?;
        operator.types("uri", "cornershop://linked").await?;
        operator.sends().await?;
        assert!(browser.text_of(".db-empty .bl-alert").await?.contains("can’t be reached"));
        assert_eq!(browser.all("#entries li").await?.len(), 1);
        operator.loses_reads("").await?;
        browser.click(".db-empty button").await?;
        let are_two = async || Ok((browser.all("#entries li").await?.len() == 2).then_some(()));
        browser.until("both entries", are_two).await?;

        let app = browser.address().await?.replace("/redirect-uris", "");
        operator.loses_reads("/platform/").await?;
        operator.goes_to("links").await?;
        assert!(browser.text_of("main .bl-alert").await?.contains("can’t be reached"));
        browser.goto(&format!("{app}/links/lnk_of_nobody")).await?;
        operator.sees_page().await?;
        assert_eq!(browser.text_of("h1").await?, "There is nothing here");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_app_is_made_and_its_secrets_open_the_api_until_they_are_revoked() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        let secret = operator.makes_an_app("Corner shop").await?;
        let status = async |secret: &str| {
            let asks = "const headers = { authorization: `Bearer ${arguments[0]}` };
                return fetch('/platform/v1/app', { headers }).then(({ status }) => status)";
            browser.run(asks, vec![secret.into()]).await
        };
        assert_eq!(status(&secret).await?, 200);

        browser.click("main a.bl-button").await?;
        operator.goes_to("client-secrets").await?;
        browser.sees("#client-secrets").await?;
        operator.sends().await?;
        let second = browser.text_of(".db-once #client-secret").await?;
        assert_ne!(second, secret);
        // Another one takes the place of none that nobody has yet.
        operator.sends_form("form-new-secret").await?;
        let are_both = async || Ok((browser.all(".db-once").await?.len() == 2).then_some(()));
        browser.until("both secrets", are_both).await?;
        assert_eq!(browser.text_of(".db-once #client-secret").await?, second);
        let flaws = axe::findings(browser).await?;
        assert!(flaws.is_empty(), "{flaws:#?}");
        browser.click(".db-once > button").await?;
        browser.click(".db-once > button").await?;
        let is_second = async || Ok((browser.all("#client-secrets li").await?.len() == 3).then_some(()));
        browser.until("the new secrets in the list", is_second).await?;
        assert!(!browser.text_of("main").await?.contains(&second), "it is shown once");

        browser.click("#client-secrets li:first-child button").await?;
        operator.types("password", "some other password").await?;
        operator.sends().await?;
        assert_eq!(operator.reads_fault("password").await?, "This is not your password.");
        // What was wrong once is not said of the next question.
        browser.click("dialog .db-buttons [type=button]").await?;
        browser.click("#client-secrets li:first-child button").await?;
        browser.sees("dialog[open]").await?;
        assert!(browser.all("#password-fault").await?.is_empty());
        operator.types("password", PASSWORD).await?;
        operator.sends().await?;
        let is_revoked = async || {
            let rows = browser.text_of("#client-secrets").await?;
            Ok(rows.contains("Revoked on").then_some(()))
        };
        browser.until("a revoked secret", is_revoked).await?;
        let mut answers = [status(&secret).await?, status(&second).await?].map(|status| status.as_u64());
        answers.sort_unstable();
        assert_eq!(answers, [Some(200), Some(401)]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_app_that_is_meant_to_be_live_is_live_though_its_form_was_sent_twice() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.opens("/new-app").await?;
        browser.click("[name=mode][value=live]").await?;
        operator.types("name", "Corner shop").await?;
        operator.types("redirect_uri", "corner shop").await?;
        operator.sends().await?;
        operator.reads_fault("redirect_uri").await?;
        operator.types("redirect_uri", "https://shop.example.com/linked").await?;
        operator.sends().await?;
        browser.sees("#client-secret").await?;
        browser.click("main a.bl-button").await?;
        assert!(browser.text_of(".db-facts").await?.contains("Live"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn redirect_uris_are_added_and_removed_when_it_is_confirmed() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.makes_an_app("Corner shop").await?;
        browser.click("main a.bl-button").await?;
        operator.goes_to("redirect-uris").await?;
        let entries = async |expected: &[&str]| {
            let list = "return [...document.querySelectorAll('#entries code')].map(({ textContent }) => textContent)";
            let are = async || Ok((browser.run(list, vec![]).await? == json!(expected)).then_some(()));
            browser.until(&format!("{expected:?} in the list"), are).await
        };
        let first = "https://app.example.com/linked";
        entries(&[first]).await?;
        operator.types("uri", "http://example.com/plain").await?;
        operator.sends().await?;
        operator.reads_fault("uri").await?;
        operator.types("uri", "cornershop://linked").await?;
        operator.sends().await?;
        entries(&[first, "cornershop://linked"]).await?;
        assert_eq!(browser.run("return document.getElementById('uri').value", vec![]).await?, "");

        browser.click("#entries li:nth-child(2) button").await?;
        assert_eq!(browser.text_of("dialog code").await?, "cornershop://linked");
        browser.press("\u{e00c}").await?;
        let is_closed = async || Ok(browser.all("dialog").await?.is_empty().then_some(()));
        browser.until("the dialog to close by Esc", is_closed).await?;
        let focused = "return document.activeElement.getAttribute('aria-label')";
        assert_eq!(browser.run(focused, vec![]).await?, "Remove cornershop://linked");
        browser.click("#entries li:nth-child(2) button").await?;
        operator.sends().await?;
        entries(&[first]).await?;

        // The last one stays, and why is said.
        browser.click("#entries button").await?;
        operator.sends().await?;
        assert!(browser.text_of("dialog .bl-alert").await?.contains("stays"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_is_invited_becomes_an_operator_until_they_are_removed() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.opens("/operators").await?;
        operator.types("email", EMAIL).await?;
        operator.sends().await?;
        assert!(operator.reads_fault("email").await?.contains("already"));
        operator.types("email", "ben@example.com").await?;
        operator.sends().await?;
        let invitation = browser.text_of(".db-once #invitation").await?;
        browser.click(".db-once > button").await?;
        assert!(browser.text_of("#invitations").await?.contains("ben@example.com"));

        browser.click("#sign-out").await?;
        browser.sees("#form-sign-in").await?;
        browser.goto(&invitation).await?;
        operator.sees_page().await?;
        assert!(browser.text_of("main").await?.contains("Tuppence Ltd"));
        assert_eq!(browser.run("return document.getElementById('email').value", vec![]).await?, "ben@example.com");
        operator.types("name", "Ben").await?;
        operator.types("password", "other words that are long").await?;
        operator.sends().await?;
        browser.sees("#table-apps").await?;

        operator.opens("/operators").await?;
        browser.click("#operators button").await?;
        assert!(browser.text_of("dialog h2").await?.contains("Ana Ruiz"));
        operator.sends().await?;
        let are_alone = async || Ok((browser.all("#operators li").await?.len() == 1).then_some(()));
        browser.until("one operator", are_alone).await?;
        browser.click("#sign-out").await?;
        operator.signs_in(PASSWORD).await?;
        assert!(operator.reads_fault("password").await?.contains("wrong"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn back_and_forward_walk_the_pages_and_each_says_where_one_is() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        browser.click("#table-apps a").await?;
        browser.sees(".db-facts").await?;
        operator.goes_to("origins").await?;
        browser.sees("#origin").await?;
        let title = "return [document.title, document.activeElement.tagName]";
        assert_eq!(browser.run(title, vec![]).await?, json!(["Allowed origins · banklink", "H1"]));
        browser.run("history.go(-2)", vec![]).await?;
        browser.sees("#table-apps").await?;
        browser.run("history.forward()", vec![]).await?;
        browser.sees(".db-facts").await?;
        for nothing in ["/apps/00000000-0000-0000-0000-000000000000", "/apps/mistyped", "/apps/%C3%B1"] {
            operator.opens(nothing).await?;
            assert_eq!(browser.text_of("h1").await?, "There is nothing here", "{nothing}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_operator_changes_their_password_and_reads_in_another_language() -> Outcome {
    const OTHER: &str = "quite other words than before";
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        browser.click("a.db-name").await?;
        operator.types("password", OTHER).await?;
        operator.types("new_password", OTHER).await?;
        operator.sends().await?;
        assert_eq!(operator.reads_fault("password").await?, "This is not your password.");
        operator.types("password", PASSWORD).await?;
        operator.sends().await?;
        browser.sees(".db-done").await?;
        browser.click("#sign-out").await?;
        operator.signs_in(PASSWORD).await?;
        operator.reads_fault("password").await?;
        operator.signs_in(OTHER).await?;
        browser.sees("a.db-name").await?;

        browser.run("document.getElementById('site-language').value = 'de'", vec![]).await?;
        assert_eq!(browser.run("return document.documentElement.lang", vec![]).await?, "en");
        browser.click(".db-language button").await?;
        let is_german = async || {
            let tag = browser.run("return document.documentElement.lang", vec![]).await?;
            Ok((tag == "de").then_some(()))
        };
        browser.until("German", is_german).await
    })
    .await
}

/// On a desktop and on a phone, light, dark and from right to left.
#[rstest]
#[case("en", Scheme::Light, 1280)]
#[case("en", Scheme::Dark, 360)]
#[case("ar", Scheme::Light, 360)]
#[tokio::test]
async fn every_page_is_without_findings_and_fits_its_window(
    #[case] language: &str,
    #[case] scheme: Scheme,
    #[case] width: u32,
) -> Outcome {
    of_an_operator(async |stage, _| {
        let browser = &stage.browser;
        if scheme == Scheme::Dark {
            browser.prefer(scheme).await?;
        }
        browser.set_viewport(Viewport { width, height: 800 }).await?;
        let (mut scenes, mut flaws) = (Vec::new(), Vec::new());
        operator_tour::of_every_page(browser, &stage.sandbox, language, async |scene| {
            scenes.push(scene);
            let mut found = axe::findings(browser).await?;
            found.extend(in_its_html(browser).await?);
            let overflow = "return document.documentElement.scrollWidth - innerWidth";
            if browser.run(overflow, vec![]).await?.as_i64() > Some(0) {
                found.push("it is wider than its window".to_owned());
            }
            flaws.extend(found.into_iter().map(|flaw| format!("{scene}: {flaw}")));
            Ok(())
        })
        .await?;
        assert_eq!(scenes, operator_tour::SCENES);
        assert!(flaws.is_empty(), "{} flaws:\n{}", flaws.len(), flaws.join("\n"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_dashboard_that_cannot_start_says_so_and_why() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::Thrown, async |stage| {
        let browser = &stage.browser;
        let first = browser.runs_first("delete globalThis.WebAssembly").await?;
        browser.goto(stage.sandbox.dashboard()).await?;
        says_that_it_stopped(stage, "WebAssembly").await?;
        browser.runs_first_no_more(first).await
    })
    .await
}

/// What an extension of the browser may do to any page: put other elements around what is there.
const REARRANGE: &str = "for (const element of document.querySelectorAll('#db-app *')) {
    const children = [...element.childNodes];
    if (children.length > 1) element.append(...children.map(child => {
        const around = document.createElement('font');
        around.append(child);
        return around;
    }));
}";

#[tokio::test]
async fn a_dashboard_that_stops_says_so_and_why() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::Thrown, async |stage| {
        let operator = Operator::new(&stage.browser, &stage.sandbox);
        operator.opens_the_first_invitation().await?;
        operator.types("name", "Ana").await?;
        stage.browser.run(REARRANGE, vec![]).await?;
        operator.sends().await?;
        says_that_it_stopped(stage, "insert").await
    })
    .await
}

async fn says_that_it_stopped(stage: &Stage, why: &str) -> Outcome {
    let browser = &stage.browser;
    browser.sees("#db-why").await?;
    let said = browser.text_of("#db-why").await?;
    assert!(said.contains(why), "{said}");
    assert_eq!(browser.run("return document.activeElement.tagName", vec![]).await?, "H1");
    let flaws = axe::findings(browser).await?;
    assert!(flaws.is_empty(), "{flaws:#?}");
    assert!(!browser.text_of("h1").await?.is_empty());
    Ok(())
}
