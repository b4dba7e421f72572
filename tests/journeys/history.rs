//! The browser's Back, and Android's, which is the same: where the widget is the page itself it walks the steps.

use banklink_journey::{JourneyError, Person, Place, SandboxOptions, Site, person::Card};
use rstest::rstest;

use crate::stage::{Allowed, Outcome, Stage, journey, journey_with};

/// The app's page, from which a person follows a link to the widget.
const APP: &str = r#"<!doctype html>
<html lang="en"><head><title>The app</title><link rel="icon" href="data:,"></head>
<body><h1 id="app">The app</h1><a id="connect" href="WIDGET">Connect a bank</a></body></html>"#;

/// Somebody who came from the app's page to the widget.
async fn comes_from_the_app<'stage>(stage: &'stage Stage, query: &str) -> Result<(Site, Person<'stage>), JourneyError> {
    let widget = stage.sandbox.widget_page(query).await?;
    let site = Site::serve("localhost", APP.replace("WIDGET", &widget)).await?;
    stage.browser.goto(site.origin()).await?;
    stage.browser.click("#connect").await?;
    Ok((site, Person::new(&stage.browser, Place::Page)))
}

async fn goes_back(stage: &Stage) -> Outcome {
    Ok(stage.browser.client().back().await?)
}

#[rstest]
#[case::as_a_page("")]
#[case::in_a_webview("webview=true")]
#[tokio::test]
async fn the_browsers_back_walks_the_steps_and_leaves_from_the_first(#[case] query: &str) -> Outcome {
    journey(async |stage| {
        let (_app, person) = comes_from_the_app(stage, query).await?;
        person.agrees().await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        goes_back(stage).await?;
        person.sees(Card::Credentials).await?;
        goes_back(stage).await?;
        person.sees(Card::Institutions).await?;
        // A consent that was given stays given, so this is the first step.
        goes_back(stage).await?;
        stage.browser.sees("#app").await
    })
    .await
}

#[tokio::test]
async fn who_left_by_back_comes_forward_to_where_they_were() -> Outcome {
    journey(async |stage| {
        let (_app, person) = comes_from_the_app(stage, "").await?;
        person.agrees().await?;
        person.finds("TestBank").await?;
        goes_back(stage).await?;
        stage.browser.sees("#app").await?;
        stage.browser.client().forward().await?;
        person.chooses_institution("TestBank").await?;
        person.sees(Card::Credentials).await
    })
    .await
}

#[tokio::test]
async fn back_answers_the_question_whether_to_leave() -> Outcome {
    journey(async |stage| {
        let (_app, person) = comes_from_the_app(stage, "bank=testbank").await?;
        person.agrees().await?;
        person.types_credentials("ana", "a password").await?;
        person.clicks("button-close").await?;
        person.reads("title-leave").await?;
        goes_back(stage).await?;
        let closed = async || Ok((!stage.browser.shows("#dialog-leave").await?).then_some(()));
        stage.browser.until("the question to go", closed).await?;
        assert_eq!(person.typed_username().await?, "ana", "nothing is lost");
        goes_back(stage).await?;
        person.sees(Card::Institutions).await
    })
    .await
}

#[tokio::test]
async fn a_reload_in_the_middle_changes_nothing_about_back() -> Outcome {
    journey(async |stage| {
        let (_app, person) = comes_from_the_app(stage, "bank=testbank").await?;
        person.agrees().await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        stage.browser.reload().await?;
        person.sees(Card::Challenge).await?;
        goes_back(stage).await?;
        person.sees(Card::Credentials).await
    })
    .await
}

#[tokio::test]
async fn who_comes_back_from_the_app_is_not_sent_there_again() -> Outcome {
    // The callback belongs to the demo's host page, which refuses a code of another app.
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let (_app, person) = comes_from_the_app(stage, "bank=testbank").await?;
        person.agrees().await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        let callback = format!("{}/callback", stage.sandbox.host());
        let arrived = async || Ok(stage.browser.address().await?.starts_with(&callback).then_some(()));
        stage.browser.until("the app's page", arrived).await?;
        stage.browser.sees("#connect").await?;
        goes_back(stage).await?;
        person.sees(Card::Success).await?;
        assert!(!person.reads("link-continue").await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_history_of_a_frame_stays_its_hosts() -> Outcome {
    journey(async |stage| {
        let length = async || Ok::<_, JourneyError>(stage.browser.run("return history.length", vec![]).await?.as_u64());
        let (_, person) = stage.opens_and_agrees("").await?;
        person.browser().await?;
        let before = length().await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        assert_eq!(length().await?, before);
        Ok(())
    })
    .await
}
