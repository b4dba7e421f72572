//! The whole way without a mouse.

use banklink_journey::{Browser, Host, JourneyError, Person, host::FRAME, person::Card, tour::FLINKS_ANSWERS};
use fantoccini::key::Key;

use crate::stage::{Outcome, journey};

#[tokio::test]
async fn a_bank_is_linked_with_the_keyboard_alone() -> Outcome {
    journey(async |stage| {
        let browser = &stage.browser;
        let host = Host::load(browser, &stage.sandbox, "").await?;
        browser.sees("#connect").await?;
        tabs_to(browser, "#connect").await?;
        press(browser, Key::Enter).await?;
        let person = host.person();

        // The first screen leaves the focus with the host's page; every later one takes it to its title.
        person.sees(Card::Consent).await?;
        tabs_to(person.browser().await?, "#button-continue").await?;
        press(browser, Key::Enter).await?;

        person.finds("Flinks Capital").await?;
        is_focused(person, "title-select-bank").await?;
        tabs_to(person.browser().await?, "#input-search-bank").await?;
        browser.press("flinks").await?;
        person.finds("Flinks Capital").await?;
        stage
            .browser
            .until("one result", async || Ok((person.listed_institutions().await?.len() == 1).then_some(())))
            .await?;
        person.browser().await?;
        press(browser, Key::Down).await?;
        press(browser, Key::Enter).await?;

        person.sees(Card::Credentials).await?;
        is_focused(person, "title-credentials").await?;
        tabs_to(person.browser().await?, "input[autocomplete~='username']").await?;
        browser.press("Greatday").await?;
        tabs_to(browser, "input[autocomplete~='current-password']").await?;
        browser.press("Everyday").await?;
        press(browser, Key::Enter).await?;

        person.sees(Card::Challenge).await?;
        is_focused(person, "title-sca").await?;
        for (field, prompt) in person.questions().await? {
            let (_, answer) = FLINKS_ANSWERS
                .into_iter()
                .find(|(question, _)| prompt.starts_with(question))
                .unwrap_or_else(|| panic!("no answer to {prompt}"));
            tabs_to(person.browser().await?, &format!("#input-question-{field}")).await?;
            browser.press(answer).await?;
        }
        press(browser, Key::Enter).await?;

        assert_eq!(host.connection().await?.title, "Flinks Capital");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_question_whether_to_leave_keeps_the_focus_and_gives_it_back() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.sees(Card::Credentials).await?;
        let browser = person.browser().await?;
        tabs_to(browser, "#button-close").await?;
        press(browser, Key::Enter).await?;
        person.reads("title-leave").await?;
        for _ in 0..6 {
            press(browser, Key::Tab).await?;
            // On its way round the focus passes the browser's own buttons, where the page has nothing focused.
            let script = "const focus = document.activeElement;
                return focus === document.body || focus.closest('#dialog-leave') !== null";
            assert_eq!(browser.run(script, vec![]).await?, true, "the focus came to what lies behind the question");
        }
        press(browser, Key::Escape).await?;
        stage
            .browser
            .until("the question to close", async || Ok((!browser.shows("#dialog-leave").await?).then_some(())))
            .await?;
        is_focused(person, "button-close").await
    })
    .await
}

async fn press(browser: &Browser, key: Key) -> Outcome {
    browser.press(&key.to_string()).await
}

/// Presses Tab until an element has the focus.
async fn tabs_to(browser: &Browser, selector: &str) -> Outcome {
    let mut passed = Vec::new();
    for _ in 0..40 {
        let script = "const focus = document.activeElement;
            return [focus.matches(arguments[0]), focus.id || focus.outerHTML.slice(0, 80)]";
        let focus = browser.run(script, vec![selector.into()]).await?;
        if focus[0] == true {
            return Ok(());
        }
        passed.push(focus[1].to_string());
        press(browser, Key::Tab).await?;
    }
    let answer = format!("Tab never came to {selector}, but passed {passed:?}");
    Err(JourneyError::Unexpected { asked: "Tab", answer })
}

/// Waits until an element of the widget has the focus.
async fn is_focused(person: Person<'_>, id: &str) -> Outcome {
    let browser = person.browser().await?;
    browser
        .until(&format!("the focus on {id} in {FRAME}"), async || {
            Ok((browser.run("return document.activeElement.id", vec![]).await? == id).then_some(()))
        })
        .await
}
