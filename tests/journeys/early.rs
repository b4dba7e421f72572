//! What people do before the widget is there: the first screen comes with the page.

use banklink_journey::{
    Browser, Engine, Host, JourneyError, Person, Place, Viewport,
    person::{Card, by_id},
    tour,
};
use rstest::rstest;
use serde_json::Value;

use crate::stage::{Outcome, Stage, journey};

/// The host page with the widget's page in its frame, and the widget on its way for as long as it takes.
async fn opens_held<'stage>(
    stage: &'stage Stage,
    query: &str,
    card: Card,
) -> Result<(Host<'stage>, Person<'stage>), JourneyError> {
    stage.browser.runs_first(tour::WIDGET_HELD).await?;
    let (host, person) = stage.opens(query).await?;
    page_shows(person, card).await?;
    Ok((host, person))
}

/// Waits until the page itself shows a card and listens.
async fn page_shows(person: Person<'_>, card: Card) -> Outcome {
    let browser = person.browser().await?;
    browser.sees(&by_id(card.id())).await?;
    let listens = async || Ok((browser.run("return !!globalThis.blWidget", vec![]).await? == true).then_some(()));
    browser.until("the page to listen", listens).await
}

/// The widget arrives.
async fn arrives(person: Person<'_>) -> Outcome {
    person.browser().await?.run("letGo()", vec![]).await.map(|_| ())
}

async fn taps(person: Person<'_>, words: &str) -> Outcome {
    let find =
        "return [...document.querySelectorAll('button')].find(({ innerText }) => innerText.includes(arguments[0]))";
    person.browser().await?.click_what(words, find, vec![words.into()]).await
}

async fn focused(browser: &Browser) -> Result<Value, JourneyError> {
    browser.run("return document.activeElement.id", vec![]).await
}

#[tokio::test]
async fn a_tap_on_a_bank_is_not_lost() -> Outcome {
    journey(async |stage| {
        let (host, person) = opens_held(stage, "consentEnable=false", Card::Institutions).await?;
        taps(person, "TestBank").await?;
        assert!(person.is_at(Card::Institutions).await?);
        arrives(person).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, "TestBank");
        assert_eq!(host.hears("INSTITUTION_SELECTED").await?["institution"], "testbank");
        Ok(())
    })
    .await
}

/// Does something, and says half a second later whether the page's own first screen is still there.
async fn is_still_there_after(person: Person<'_>, does: &str) -> Result<bool, JourneyError> {
    let later = "return new Promise((tell) => setTimeout(() => tell(window.own.isConnected), 500))";
    let still = person.browser().await?.run(&format!("{does}; letGo(); {later}"), vec![]).await?;
    Ok(still == true)
}

#[tokio::test]
async fn a_word_that_is_being_composed_is_not_broken_off() -> Outcome {
    journey(async |stage| {
        let (_, person) = opens_held(stage, "consentEnable=false", Card::Institutions).await?;
        let composes = "window.own = document.querySelector('#input-search-bank');
            window.own.focus();
            window.own.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
            window.own.value = 'tes'";
        assert!(is_still_there_after(person, composes).await?);
        let ends = "window.own.value = 'tesbank';
            window.own.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))";
        let browser = person.browser().await?;
        browser.run(ends, vec![]).await?;
        let listed = async || Ok((person.listed_institutions().await? == ["TestBank"]).then_some(()));
        browser.until("what was composed to be found", listed).await?;
        assert_eq!(browser.run("return window.own.isConnected", vec![]).await?, false);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_press_that_is_held_is_not_broken_off() -> Outcome {
    journey(async |stage| {
        let (_, person) = opens_held(stage, "consentEnable=false", Card::Institutions).await?;
        let presses = "window.own = [...document.querySelectorAll('button')]
                .find(({ textContent }) => textContent.includes('TestBank'));
            window.own.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))";
        assert!(is_still_there_after(person, presses).await?);
        let lets_go = "window.own.dispatchEvent(new PointerEvent('pointerup', { bubbles: true })); window.own.click()";
        person.browser().await?.run(lets_go, vec![]).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_yes_to_the_consent_is_not_lost_and_counts_once() -> Outcome {
    journey(async |stage| {
        let (host, person) = opens_held(stage, "", Card::Consent).await?;
        // Nothing seems to happen, so people tap again.
        taps(person, "Agree").await?;
        taps(person, "Agree").await?;
        arrives(person).await?;
        person.sees(Card::Institutions).await?;
        let steps = host.steps().await?;
        assert_eq!(steps.iter().filter(|step| *step == "COMPONENT_ACCEPT_CONSENT").count(), 1, "{steps:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_typed_into_the_search_stays_where_it_is_and_finds() -> Outcome {
    journey(async |stage| {
        let (_, person) = opens_held(stage, "consentEnable=false", Card::Institutions).await?;
        let browser = person.browser().await?;
        let search = by_id("input-search-bank");
        browser.type_into(&search, "tesbank").await?;
        let put_caret = "document.querySelector('#input-search-bank').setSelectionRange(3, 3)";
        browser.run(put_caret, vec![]).await?;
        arrives(person).await?;
        person.sees(Card::Institutions).await?;
        assert_eq!(focused(browser).await?, "input-search-bank");
        // Typing goes on where the caret was, though another element is there.
        let caret =
            "const { selectionStart, selectionEnd } = document.activeElement; return [selectionStart, selectionEnd]";
        assert_eq!(browser.run(caret, vec![]).await?, serde_json::json!([3, 3]));
        let listed = async || Ok((person.listed_institutions().await? == ["TestBank"]).then_some(()));
        browser.until("what was typed to be found", listed).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn enter_after_a_whole_name_chooses_it() -> Outcome {
    journey(async |stage| {
        let (_, person) = opens_held(stage, "consentEnable=false", Card::Institutions).await?;
        let browser = person.browser().await?;
        browser.type_into(&by_id("input-search-bank"), "TestBank\u{e007}").await?;
        arrives(person).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn credentials_sent_early_go_to_the_bank_and_nowhere_else() -> Outcome {
    journey(async |stage| {
        let (host, person) = opens_held(stage, "consentEnable=false&bank=testbank", Card::Credentials).await?;
        let browser = person.browser().await?;
        browser.type_into(&by_id("input-credential-username"), "ana").await?;
        // Enter sends a form.
        browser.type_into(&by_id("input-credential-password"), "SCA_SMS\u{e007}").await?;
        assert!(!host.frame_address().await?.contains("SCA_SMS"));
        page_shows(person, Card::Credentials).await?;
        arrives(person).await?;
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn close_is_heard_while_the_session_is_looked_for() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens("consentEnable=false").await?;
        person.chooses_institution("Flinks Capital").await?;
        person.sees(Card::Credentials).await?;
        stage.browser.runs_first(tour::WIDGET_HELD).await?;
        person.reloads_the_widget().await?;
        page_shows(person, Card::Loading).await?;
        person.clicks("button-close").await?;
        arrives(person).await?;
        assert_eq!(host.hears("EXIT").await?["reason"], "closed");
        Ok(())
    })
    .await
}

/// Where everything of the first screen is, but for the way back, which the session knows, what tells where a bank is,
/// which the browser knows, and logos, which lie over what is there.
const PLACES: &str = "return JSON.stringify([...document.querySelectorAll('#bl-app *')]
    .filter((element) => !element.closest('#button-back, #institution .bl-bank-words, .bl-monogram img'))
    .map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [element.tagName, element.id, element.className.baseVal ?? element.className, x, y, width, height];
    }))";

/// What moved since the page began, as the browser's own measure has it.
const SHIFTS: &str = "
    const done = arguments[0];
    new PerformanceObserver((list) => done(list.getEntries().map(({ value }) => value)))
        .observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done([]), 300)";

#[rstest]
#[case::consent("", Card::Consent)]
#[case::institutions("consentEnable=false", Card::Institutions)]
#[case::institutions_in_arabic("consentEnable=false&language=ar", Card::Institutions)]
#[case::credentials("consentEnable=false&bank=testbank", Card::Credentials)]
#[tokio::test]
async fn nothing_moves_when_the_widget_takes_over(#[case] query: &str, #[case] card: Card) -> Outcome {
    journey(async |stage| {
        stage.browser.runs_first(tour::WIDGET_HELD).await?;
        for viewport in [Viewport::PHONE, Viewport::DESKTOP] {
            stage.browser.set_viewport(viewport).await?;
            stage.browser.goto(&stage.sandbox.widget_page(query).await?).await?;
            let person = Person::new(&stage.browser, Place::Page);
            page_shows(person, card).await?;
            let before = stage.browser.run(PLACES, vec![]).await?;
            assert_eq!(person.accessibility_findings().await?, Vec::<String>::new());
            arrives(person).await?;
            person.sees(card).await?;
            let after = stage.browser.run(PLACES, vec![]).await?;
            assert_same_places(&before, &after);
            if stage.browser.engine() == Engine::Chromium {
                let shifts = stage.browser.client().execute_async(SHIFTS, vec![]).await?;
                assert_eq!(shifts, serde_json::json!([]), "{viewport:?}");
            }
        }
        Ok(())
    })
    .await
}

fn assert_same_places(before: &Value, after: &Value) {
    let parsed = |text: &Value| -> Vec<Value> {
        text.as_str().and_then(|text| serde_json::from_str(text).ok()).expect("a list of places")
    };
    let (before, after) = (parsed(before), parsed(after));
    assert!(before.len() > 10, "a screen is there: {before:?}");
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    assert_eq!(before.len(), after.len());
}
