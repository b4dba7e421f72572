//! Strong customer authentication in every kind, from the host page.

use banklink_journey::{Host, JourneyError, Person, Place, SandboxOptions, person::Card};

use crate::stage::{Allowed, Outcome, Stage, assert_in_order, endings, journey, journey_with};

/// Somebody at TestBank whose password chose the challenge.
async fn at<'a>(stage: &'a Stage, user: &str, password: &str) -> Result<(Host<'a>, Person<'a>), JourneyError> {
    let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
    person.types_credentials(user, password).await?;
    person.continues().await?;
    person.sees(Card::Challenge).await?;
    Ok((host, person))
}

/// How many elements a selector finds now.
async fn count(person: Person<'_>, selector: &str) -> Result<usize, JourneyError> {
    Ok(person.browser().await?.all(selector).await?.len())
}

/// Clicks the method whose text holds this.
async fn chooses_method(person: Person<'_>, text: &str) -> Outcome {
    let script = "return [...document.querySelectorAll(\"[data-part='method-box']\")]
        .find((box) => box.textContent.includes(arguments[0])) ?? null";
    person.browser().await?.click_what(&format!("the method {text}"), script, vec![text.into()]).await
}

#[tokio::test]
async fn a_method_is_chosen_and_another_one_after_all() -> Outcome {
    journey(async |stage| {
        let (host, person) = at(stage, "ana", "SCA_METHODS").await?;
        person.reads("list-methods").await?;
        chooses_method(person, "Text message").await?;
        person.reads("input-sca").await?;
        person.clicks("button-switch").await?;
        person.reads("list-methods").await?;
        chooses_method(person, "Approve").await?;
        person.reads("text-waiting").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_coordinate_card_is_answered_position_by_position() -> Outcome {
    journey(async |stage| {
        let (host, person) = at(stage, "ana", "SCA_COORDINATE_CARD").await?;
        let inputs = "[id^='input-coordinate-']";
        let positions = count(person, inputs).await?;
        assert!(positions > 1, "{positions} positions");
        person.continues().await?;
        let missing = count(person, "[id^='error-coordinate-']").await?;
        assert_eq!(missing, positions, "every empty position is pointed out");
        for input in person.browser().await?.all(inputs).await? {
            input.send_keys("7K").await?;
        }
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_picture_that_is_read_wrongly_is_shown_again() -> Outcome {
    journey(async |stage| {
        let (_, person) = at(stage, "ana", "SCA_CAPTCHA").await?;
        let image = "const { naturalWidth, alt } = document.getElementById('img-sca'); return [naturalWidth, alt]";
        let image = person.browser().await?.run(image, vec![]).await?;
        assert!(image[0].as_u64().is_some_and(|width| width > 0), "the picture is drawn: {image}");
        assert!(image[1].as_str().is_some_and(|alt| !alt.is_empty()), "the picture has a name: {image}");
        person.answers_code("INVALID_SCA").await?;
        person.is_told_what_was_wrong().await?;
        person.answers_code("SCA_SMS").await?;
        let text = async || Ok(person.reads("text-sca").await?.contains("text message").then_some(()));
        stage.browser.until("the next challenge", text).await
    })
    .await
}

#[tokio::test]
async fn pictures_are_picked() -> Outcome {
    journey(async |stage| {
        let (_, person) = at(stage, "ana", "SCA_PICTURES").await?;
        person.continues().await?;
        person.reads("error-sca").await?;
        let boxes = person.browser().await?.all("[data-part='picture-box']").await?;
        assert!(boxes.len() > 2);
        for picture in &boxes {
            picture.click().await?;
        }
        // All of them can't be right.
        person.continues().await?;
        person.is_told_what_was_wrong().await.map(|_| ())
    })
    .await
}

#[tokio::test]
async fn a_code_to_scan_is_renewed_while_it_is_shown() -> Outcome {
    journey(async |stage| {
        let (host, person) = at(stage, "slow", "SCA_UPDATABLE_QR").await?;
        let path = async || {
            let script = "return document.querySelector('#qr-sca path').getAttribute('d')";
            Ok::<_, JourneyError>(person.browser().await?.run(script, vec![]).await?.to_string())
        };
        let first = path().await?;
        // It is renewed every ten seconds, which is as long as a journey waits for anything.
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        let renewed = async || Ok((path().await? != first).then_some(()));
        stage.browser.until("another code", renewed).await?;
        let screens = host.steps().await?.iter().filter(|step| *step == "COMPONENT_LOAD_MFA").count();
        assert_eq!(screens, 1, "it is the same screen");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_approval_elsewhere_is_followed_and_survives_a_reload() -> Outcome {
    journey(async |stage| {
        let (host, person) = at(stage, "ana", "SCA_APP").await?;
        person.reads("text-compare").await?;
        person.reloads_the_widget().await?;
        person.sees(Card::Challenge).await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        assert_eq!(endings(&host.messages().await?).len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_approval_that_is_denied_is_told() -> Outcome {
    journey(async |stage| {
        let (_, person) = at(stage, "deny", "SCA_APP").await?;
        person.sees(Card::Failure).await
    })
    .await
}

/// Turns to the window that the bank's page opened in.
async fn turns_to_the_bank(stage: &Stage) -> Result<fantoccini::wd::WindowHandle, JourneyError> {
    let client = stage.browser.client();
    let own = client.window().await?;
    let windows = async || {
        let windows = client.windows().await?;
        Ok(windows.into_iter().find(|window| *window != own))
    };
    let bank = stage.browser.until("the bank's window", windows).await?;
    client.switch_to_window(bank).await?;
    stage.browser.sees("#allow").await?;
    Ok(own)
}

#[tokio::test]
async fn the_banks_own_page_is_a_window_and_its_end_comes_from_the_server() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=oauthbank").await?;
        person.clicks("button-bank-page").await?;
        let own = turns_to_the_bank(stage).await?;
        stage.browser.click("#allow").await?;
        stage.browser.client().switch_to_window(own).await?;
        assert_eq!(host.connection().await?.title, "OAuth Bank");
        let steps = host.steps().await?;
        assert_in_order(&steps, &["POPUP_OPENED", "REDIRECT"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_denies_at_the_banks_own_page_comes_back_and_can_try_again() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=oauthbank").await?;
        person.clicks("button-bank-page").await?;
        let own = turns_to_the_bank(stage).await?;
        stage.browser.click("#deny").await?;
        stage.browser.client().switch_to_window(own.clone()).await?;
        person.sees(Card::Failure).await?;
        host.hears("ERROR").await?;
        assert!(endings(&host.messages().await?).is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_window_that_the_browser_refuses_becomes_a_link() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=oauthbank").await?;
        person.sees(Card::Challenge).await?;
        person.browser().await?.run("window.open = () => null", vec![]).await?;
        person.clicks("button-bank-page").await?;
        person.reads("link-bank-page").await?;
        host.hears("POPUP_BLOCKED").await?;
        person.clicks("link-bank-page").await?;
        let own = turns_to_the_bank(stage).await?;
        stage.browser.click("#allow").await?;
        stage.browser.client().switch_to_window(own).await?;
        assert_eq!(host.connection().await?.title, "OAuth Bank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_banks_own_page_can_take_the_whole_page_and_give_it_back() -> Outcome {
    // The callback belongs to the demo's host page, which refuses a code of another app.
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let query = "bank=oauthbank&oauthWindowRedirect=true&accountSelectorEnable=true";
        stage.browser.goto(&stage.sandbox.widget_page(query).await?).await?;
        let person = Person::new(&stage.browser, Place::Page);
        person.agrees().await?;
        person.clicks("button-bank-page").await?;
        stage.browser.click("#allow").await?;
        person.sees(Card::Accounts).await?;
        let address = stage.browser.address().await?;
        assert!(!address.contains('#'), "the key has left the address: {address}");
        person.chooses_account(0).await?;
        person.continues().await?;
        let callback = format!("{}/callback", stage.sandbox.host());
        let arrived = async || Ok(stage.browser.address().await?.starts_with(&callback).then_some(()));
        stage.browser.until("the app's page", arrived).await
    })
    .await
}
