//! Going back, and going away.

use banklink_journey::person::Card;

use crate::stage::{Outcome, endings, journey};

#[tokio::test]
async fn closing_in_mid_flow_asks_once() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.sees(Card::Credentials).await?;
        person.clicks("button-close").await?;
        person.reads("title-leave").await?;
        person.clicks("button-stay").await?;
        person.sees(Card::Credentials).await?;
        assert!(endings(&host.messages().await?).is_empty());

        person.clicks("button-close").await?;
        person.clicks("button-leave").await?;
        let exit = host.hears("EXIT").await?;
        assert_eq!(exit["reason"], "closed");
        assert_eq!(exit["at"], "credentials");
        assert_eq!(endings(&host.messages().await?).len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn declining_the_consent_ends_the_flow() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens("").await?;
        person.declines().await?;
        let exit = host.hears("EXIT").await?;
        assert_eq!(exit["reason"], "consent_denied");
        assert_eq!(exit["at"], "consent");
        assert!(host.steps().await?.contains(&"COMPONENT_DENY_CONSENT".to_owned()));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_bank_that_is_not_listed_is_a_reason_to_leave() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("").await?;
        person.searches("qqqqqq").await?;
        person.finds_nothing().await?;
        person.clicks("button-bank-missing").await?;
        assert_eq!(host.hears("EXIT").await?["reason"], "institution_not_found");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn back_walks_the_steps() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("").await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        person.clicks("button-back").await?;
        person.sees(Card::Credentials).await?;
        person.clicks("button-back").await?;
        person.sees(Card::Institutions).await?;

        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}
