//! What goes wrong, and how the person goes on.

use banklink_journey::{
    Engine, SandboxOptions,
    person::Card,
    tour::{FLINKS_ANSWERS, FLINKS_CAPITAL},
};

use crate::stage::{Allowed, Outcome, endings, journey, journey_with};

#[tokio::test]
async fn after_a_wrong_password_the_user_name_is_still_there() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=flinks-capital").await?;
        person.types_credentials("greatday_nomfa", "wrong").await?;
        person.continues().await?;
        assert!(!person.is_told_what_was_wrong().await?.is_empty());
        assert_eq!(person.typed_username().await?, "greatday_nomfa");

        person.types_password(FLINKS_CAPITAL.1).await?;
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "Flinks Capital");
        assert_eq!(host.hears("ERROR").await?["code"], "INVALID_CREDENTIALS");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_wrong_code_the_attempts_left_are_shown() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.answers_code("INVALID_SCA").await?;
        assert!(!person.is_told_what_was_wrong().await?.is_empty());
        assert_eq!(person.reads("text-attempts").await?, "2 attempts left");

        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        assert_eq!(host.hears("ERROR").await?["code"], "INVALID_SCA");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_wrong_answer_can_be_put_right() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=flinks-capital").await?;
        person.types_credentials(FLINKS_CAPITAL.0, FLINKS_CAPITAL.1).await?;
        person.continues().await?;
        person.answers_questions(&FLINKS_ANSWERS.map(|(question, _)| (question, "Square"))).await?;
        person.is_told_what_was_wrong().await?;
        person.answers_questions(&FLINKS_ANSWERS).await?;
        assert_eq!(host.connection().await?.title, "Flinks Capital");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn too_many_wrong_codes_end_the_try_but_not_the_flow() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        for attempts in ["2 attempts left", "1 attempt left"] {
            person.answers_code("INVALID_SCA").await?;
            stage
                .browser
                .until(attempts, async || Ok((person.reads("text-attempts").await? == attempts).then_some(())))
                .await?;
        }
        person.answers_code("INVALID_SCA").await?;
        person.sees(Card::Failure).await?;
        assert_eq!(host.hears("ERROR").await?["code"], "MAXIMUM_RETRY_REACHED");

        person.clicks("button-main").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_locked_account_leads_to_another_bank() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=flinks-capital").await?;
        person.types_credentials("test_disabled_account", FLINKS_CAPITAL.1).await?;
        person.continues().await?;
        person.sees(Card::Failure).await?;
        assert_eq!(host.hears("ERROR").await?["code"], "DISABLED_LOGIN");

        person.clicks("button-main").await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        assert_eq!(endings(&host.messages().await?).len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_failure_can_be_left_for_good() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_TYPE_NOT_ALLOWED").await?;
        person.continues().await?;
        person.sees(Card::Failure).await?;
        person.clicks("button-second").await?;
        let exit = host.hears("EXIT").await?;
        assert_eq!(exit["reason"], "failed");
        assert_eq!(exit["at"], "failure");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_lost_network_loses_nothing_that_was_typed() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::NoNetwork, async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "any other password").await?;
        let place = "return document.getElementById('button-continue').getBoundingClientRect().top";
        let before = person.browser().await?.run(place, vec![]).await?;
        stage.browser.goes_offline().await?;
        // WebKit's driver takes the network away and no more: there the page learns of it when it asks for something.
        if stage.browser.engine() != Engine::WebKit {
            assert!(!person.reads("message-network").await?.is_empty());
            // Nothing moves away from under a finger that is about to press.
            assert_eq!(person.browser().await?.run(place, vec![]).await?, before);
        }
        person.continues().await?;
        assert!(!person.reads("message-network").await?.is_empty());
        assert_eq!(person.typed_username().await?, "ana");

        stage.browser.goes_online().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        let submitted = host.steps().await?.into_iter().filter(|step| step == "SUBMIT_CREDENTIAL").count();
        assert_eq!(submitted, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_slow_bank_is_said_to_be_slow_and_waited_for() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=slowbank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        assert!(person.reads("message-network").await?.contains("longer than usual"));
        assert_eq!(host.connection().await?.title, "Slow Bank");
        let submitted = host.steps().await?.into_iter().filter(|step| step == "SUBMIT_CREDENTIAL").count();
        assert_eq!(submitted, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_impatient_double_click_sends_once() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        let script = "const button = document.getElementById('button-continue'); button.click(); button.click()";
        person.browser().await?.run(script, vec![]).await?;
        person.sees(Card::Challenge).await?;
        let submitted = host.steps().await?.into_iter().filter(|step| step == "SUBMIT_CREDENTIAL").count();
        assert_eq!(submitted, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_browser_without_webassembly_says_so_to_the_person_and_the_host() -> Outcome {
    journey(async |stage| {
        stage.browser.runs_first("delete globalThis.WebAssembly").await?;
        let (host, person) = stage.opens("").await?;
        person.sees(Card::Unsupported).await?;
        assert_eq!(host.hears("ERROR").await?["code"], "UNSUPPORTED");
        assert_eq!(host.hears("EXIT").await?["reason"], "unsupported");
        assert_eq!(host.steps().await?, ["ERROR", "EXIT"]);
        Ok(())
    })
    .await
}
