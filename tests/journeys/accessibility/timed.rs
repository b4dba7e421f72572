//! Who needs more time than others (WCAG 2.2.1).

use banklink_journey::{person::Card, tour};

use crate::stage::{Outcome, journey};

#[tokio::test]
async fn a_minute_before_a_session_ends_the_person_is_asked_and_goes_on_with_what_they_typed() -> Outcome {
    journey(async |stage| {
        stage.browser.runs_first(tour::MINUTES_IN_SECONDS).await?;
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        let browser = person.browser().await?;
        browser.sees("#message-session").await?;
        assert_eq!(person.accessibility_findings().await?, Vec::<String>::new());
        let is_said = "return !!document.querySelector('#message-session').closest('[role=status]')";
        assert_eq!(browser.run(is_said, vec![]).await?, true, "screen readers say it");

        person.clicks("button-keep-going").await?;
        let gone = async || Ok((!browser.shows("#message-session").await?).then_some(()));
        browser.until("the question to be answered", gone).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.typed_username().await?, "ana");
        person.continues().await?;
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}
