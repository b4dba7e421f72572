//! The focus where a control goes away, or waits: it is kept, or goes to what takes the control's place (WCAG 2.4.3,
//! 3.2.2).

use banklink_journey::{JourneyError, Person, SandboxOptions, person::Card};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::stage::{Allowed, Outcome, journey, journey_with};

async fn focused(person: Person<'_>) -> Result<Value, JourneyError> {
    let script =
        "const focus = document.activeElement; return focus === document.body ? 'nothing' : focus.id || focus.name";
    person.browser().await?.run(script, vec![]).await
}

#[tokio::test]
async fn who_searches_again_is_back_in_the_search_box() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::NoServer, async |stage| {
        let (_, person) = stage.opens_and_agrees("").await?;
        person.finds("TestBank").await?;
        stage.browser.blocks(&["/link/api/1/institutions"]).await?;
        person.searches("caixa").await?;
        person.reads("button-search-again").await?;
        stage.browser.blocks(&[]).await?;
        person.clicks("button-search-again").await?;
        person.finds("Caixa Marina").await?;
        assert_eq!(focused(person).await?, "input-search-bank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_choice_keeps_the_focus_while_it_is_sent() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::NoNetwork, async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank&accountSelectorEnable=true").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        person.chooses_account(0).await?;
        stage.browser.goes_offline().await?;
        person.browser().await?.press(&Key::Enter.to_string()).await?;
        person.reads("message-network").await?;
        assert_eq!(focused(person).await?, "account");
        stage.browser.goes_online().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_stays_after_the_host_asked_to_close_is_at_the_title_where_there_is_no_close_button() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank&closeEnable=false").await?;
        person.sees(Card::Credentials).await?;
        stage.browser.enter_top().await?;
        let command = "document.querySelector('iframe').contentWindow
            .postMessage({ banklink: 1, command: 'close' }, arguments[0])";
        stage.browser.run(command, vec![json!(stage.sandbox.widget())]).await?;
        person.clicks("button-stay").await?;
        let closed = async || Ok((!person.browser().await?.shows("#dialog-leave").await?).then_some(()));
        stage.browser.until("the question to close", closed).await?;
        assert_eq!(focused(person).await?, "title-credentials");
        Ok(())
    })
    .await
}
