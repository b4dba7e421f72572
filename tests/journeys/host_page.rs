//! The example app around the widget.

use banklink_journey::{Host, Person, Place, SandboxOptions, Viewport, person::Card, tour::FLINKS_CAPITAL};
use serde_json::json;

use crate::stage::{Allowed, Outcome, Stage, journey, journey_with};

/// Links TestBank in a page of its own, from where the browser is now.
async fn links_alone(stage: &Stage) -> Outcome {
    let person = Person::new(&stage.browser, Place::Page);
    person.agrees().await?;
    person.searches("TestBank").await?;
    person.chooses_institution("TestBank").await?;
    person.types_credentials("ana", "any other password").await?;
    person.continues().await
}

#[tokio::test]
async fn a_bank_is_linked_by_the_apps_link_as_a_page_of_its_own() -> Outcome {
    journey(async |stage| {
        Host::load(&stage.browser, &stage.sandbox, "").await?;
        stage.browser.click("#alone").await?;
        links_alone(stage).await?;
        let host = Host::at(&stage.browser);
        assert_eq!(host.connection().await?.title, "TestBank");
        let address = stage.browser.address().await?;
        assert_eq!(address, format!("{}/callback", stage.sandbox.host()), "the code stays in the address");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_link_opened_by_itself_is_nobodys_and_the_page_says_what_to_do() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        stage.browser.goto(&format!("{}/start-link", stage.sandbox.host())).await?;
        // Without the token that says for whom.
        let address = stage.browser.address().await?;
        let link = address.split("&authorizeToken=").next().unwrap_or_default().to_owned();
        assert!(link.starts_with(&format!("{}/link?token=", stage.sandbox.widget())), "{link}");
        stage.browser.goto(&link).await?;
        links_alone(stage).await?;
        let said = Host::at(&stage.browser).says().await?;
        assert!(said.contains("connect it from here"), "{said}");
        assert!(!stage.browser.shows("#connection").await?);
        stage.browser.sees("#connect").await
    })
    .await
}

#[tokio::test]
async fn an_address_alone_connects_nothing() -> Outcome {
    journey(async |stage| {
        stage.browser.goto(&format!("{}/callback?loginId=made-up", stage.sandbox.host())).await?;
        let said = Host::at(&stage.browser).says().await?;
        assert!(said.starts_with("No new connection"), "{said}");
        stage.browser.sees("#connect").await
    })
    .await
}

#[tokio::test]
async fn a_bank_whose_accounts_cannot_be_read_is_shown_as_connected() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "DATA_ERROR_PRODUCT_ACCOUNT").await?;
        person.continues().await?;
        let connection = host.connection().await?;
        assert_eq!((connection.title.as_str(), connection.accounts.len()), ("TestBank", 0));
        assert_eq!(stage.browser.text_of("#no-data").await?, "We can’t read its accounts yet.");
        let notice = stage.browser.run("return document.getElementById('notice').textContent", vec![]).await?;
        assert_eq!(notice, "", "it is no failure");
        assert!(!stage.browser.shows("#accounts").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_frame_goes_when_the_connection_is_shown_and_no_code_is_seen() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        host.connection().await?;
        assert!(!host.has_widget().await?);
        let redirect = host.hears("REDIRECT").await?;
        let log = stage.browser.text_of("#messages").await?;
        assert!(log.contains("REDIRECT"), "{log}");
        assert!(!log.contains(redirect["code"].as_str().unwrap_or("REDIRECT")), "the code is shown: {log}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_bank_that_is_connected_already_is_not_called_a_failure() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "ALREADY_EXISTS").await?;
        person.continues().await?;
        person.sees(Card::Failure).await?;
        person.clicks("button-main").await?;
        assert_eq!(host.says().await?, "That bank is connected already. Nothing changed.");
        assert!(!host.has_widget().await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_failure_the_page_says_what_failed() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=flinks-capital").await?;
        person.types_credentials("test_disabled_account", FLINKS_CAPITAL.1).await?;
        person.continues().await?;
        person.sees(Card::Failure).await?;
        person.clicks("button-second").await?;
        assert_eq!(host.says().await?, "Your bank has locked your online access. Nothing was connected.");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_leaves_reads_why_nothing_was_connected() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.clicks("button-close").await?;
        person.clicks("button-leave").await?;
        assert_eq!(host.says().await?, "You closed the window. Nothing was connected.");
        assert!(!host.has_widget().await?);

        let (host, person) = stage.opens_and_agrees("").await?;
        person.searches("qqqqqq").await?;
        person.finds_nothing().await?;
        person.clicks("button-bank-missing").await?;
        assert_eq!(host.says().await?, "We’ll look into adding your bank. Nothing was connected.");
        assert!(!host.has_widget().await?);

        stage.browser.runs_first("delete globalThis.WebAssembly").await?;
        let (host, person) = stage.opens("").await?;
        assert_eq!(host.says().await?, "This browser can’t connect a bank. Please try another one.");
        // The frame says more.
        person.sees(Card::Unsupported).await
    })
    .await
}

#[tokio::test]
async fn who_declines_is_offered_the_same_beginning() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens("").await?;
        person.declines().await?;
        assert_eq!(host.says().await?, "You declined. Nothing was connected.");
        assert_eq!(stage.browser.text_of("#connect").await?, "Connect a bank account");
        let focused = stage.browser.run("return document.activeElement.id", vec![]).await?;
        assert_eq!(focused, "connect");
        assert!(!host.has_widget().await?);
        Ok(())
    })
    .await
}

/// Where the frame is, how wide, how high the window, and what is left and right of the frame.
const PLACE: &str = "
    const { top, bottom, left, right, width } = document.querySelector('iframe').getBoundingClientRect();
    return { top, bottom, window: innerHeight, width, left, right: document.documentElement.clientWidth - right };
";

#[tokio::test]
async fn the_frame_fits_the_window_and_has_a_phone_for_itself() -> Outcome {
    journey(async |stage| {
        for (width, height) in [(320, 568), (360, 740), (740, 360), (768, 1024), (1280, 720), (1440, 900)] {
            let size = format!("{width} × {height}");
            stage.browser.set_viewport(Viewport { width, height }).await?;
            let (host, person) = stage.opens_and_agrees("").await?;
            person.finds("TestBank").await?;
            host.hears("HEIGHT").await?;
            let fits = async || {
                let place = stage.browser.run(PLACE, vec![]).await?;
                let at = |name: &str| place[name].as_f64().unwrap_or(f64::NAN);
                assert!(at("bottom") <= at("window"), "{size}: {place}");
                let is_phone = width <= 480 || height <= 480;
                let gaps = [at("top"), at("left"), at("right"), at("window") - at("bottom")];
                let is_full = gaps.iter().all(|gap| gap.abs() < 0.5);
                assert_eq!(is_full, is_phone, "{size}: {place}");
                assert!(is_phone || at("width") <= 420.0, "{size}: {place}");
                assert!(width >= 960 || (at("left") - at("right")).abs() <= 2.0, "{size}: {place}");
                Outcome::Ok(())
            };
            fits().await?;
            stage.browser.set_viewport(Viewport { width, height: height - 100 }).await?;
            person.chooses_institution("TestBank").await?;
            person.sees(Card::Credentials).await?;
            stage.browser.enter_top().await?;
            fits().await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_word_of_the_connection_is_broken_on_a_small_phone() -> Outcome {
    journey(async |stage| {
        stage.browser.set_viewport(Viewport { width: 320, height: 640 }).await?;
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        host.connection().await?;
        // A word on two lines has two boxes.
        let script = r"
            const broken = [];
            const texts = document.createTreeWalker(document.getElementById('connection'), NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                for (const { 0: word, index } of texts.currentNode.data.matchAll(/\S+/g)) {
                    const range = document.createRange();
                    range.setStart(texts.currentNode, index);
                    range.setEnd(texts.currentNode, index + word.length);
                    const tops = new Set([...range.getClientRects()].map(({ top }) => top));
                    if (tops.size > 1 && !/[-–]/.test(word)) broken.push(word);
                }
            }
            const page = document.documentElement;
            return [broken, page.scrollWidth - page.clientWidth];
        ";
        assert_eq!(stage.browser.run(script, vec![]).await?, json!([[], 0]));
        Ok(())
    })
    .await
}

/// What the page says where connecting does not work, whatever the reason.
const NOT_NOW: &str = "Connecting a bank does not work just now. Please try again later.";

#[tokio::test]
async fn where_every_new_token_is_refused_the_page_says_so_and_stops() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let script = "if (self === top) fetch = async () => Response.json({ token: 'nobody-knows-this' })";
        stage.browser.runs_first(script).await?;
        let host = Host::load(&stage.browser, &stage.sandbox, "").await?;
        stage.browser.click("#connect").await?;
        assert_eq!(host.says().await?, NOT_NOW);
        assert!(!host.has_widget().await?);
        stage.browser.sees("#connect").await
    })
    .await
}

#[tokio::test]
async fn without_the_script_of_the_widget_the_page_says_so() -> Outcome {
    journey(async |stage| {
        stage.browser.blocks(&["/embed.js"]).await?;
        let host = Host::load(&stage.browser, &stage.sandbox, "").await?;
        let complaints = stage.browser.complaints().await?;
        assert!(complaints.iter().all(|complaint| complaint.message.contains("embed.js")), "{complaints:?}");
        stage.browser.click("#connect").await?;
        assert_eq!(host.says().await?, NOT_NOW);
        stage.browser.sees("#connect").await
    })
    .await
}

#[tokio::test]
async fn the_widgets_own_front_door_leads_to_the_host_page() -> Outcome {
    journey(async |stage| {
        stage.browser.goto(stage.sandbox.widget()).await?;
        assert_eq!(stage.browser.address().await?, format!("{}/", stage.sandbox.host()));
        stage.browser.sees("#connect").await
    })
    .await
}
