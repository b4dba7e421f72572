//! Reloads in mid-flow.

use banklink_journey::{SandboxOptions, person::Card};

use crate::stage::{Allowed, Outcome, endings, journey, journey_with};

#[tokio::test]
async fn a_reload_at_the_code_comes_back_to_the_code() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;

        person.reloads_the_widget().await?;
        person.sees(Card::Challenge).await?;
        assert!(!host.steps().await?.contains(&"TOKEN_INVALID".to_owned()));
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        assert_eq!(endings(&host.messages().await?).len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reload_at_the_form_comes_back_to_the_form_and_keeps_no_credential() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana-who-is-not-kept", "a-password-not-kept").await?;
        let kept =
            "return JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, history.state])";
        let before = person.browser().await?.run(kept, vec![]).await?.to_string();

        person.reloads_the_widget().await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.typed_username().await?, "");
        let after = person.browser().await?.run(kept, vec![]).await?.to_string();
        for storage in [before, after] {
            assert!(!storage.contains("not-kept"), "credentials in {storage}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reload_at_the_list_comes_back_to_the_list() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("").await?;
        person.finds("TestBank").await?;
        person.reloads_the_widget().await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn where_a_frame_is_denied_its_storage_linking_works_and_only_the_resume_is_lost() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let denied = "if (window !== top) for (const name of ['sessionStorage', 'localStorage'])
            Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } })";
        stage.browser.runs_first(denied).await?;
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        person.reloads_the_widget().await?;
        // The token is used and nothing says whose session it was: the host gives another, and the person begins again.
        host.hears("TOKEN_INVALID").await?;
        person.agrees().await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}
