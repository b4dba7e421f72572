//! Parameters of the page's URL that don't parse, and some that do.

use banklink_journey::{SandboxOptions, person::Card};

use crate::stage::{Allowed, Outcome, journey, journey_with};

#[tokio::test]
async fn a_parameter_that_does_not_parse_is_reported_by_name_and_its_default_used() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::Nothing, async |stage| {
        let (host, person) = stage.opens_and_agrees("theme=a-purple-theme&country=Catalunya").await?;
        person.finds("TestBank").await?;
        host.hears("ERROR").await?;
        let messages = host.messages().await?;
        let errors: Vec<_> = messages.iter().filter(|message| message["step"] == "ERROR").collect();
        let mut parameters: Vec<&str> = errors.iter().filter_map(|error| error["parameter"].as_str()).collect();
        parameters.sort_unstable();
        assert_eq!(parameters, ["country", "theme"]);
        for error in errors {
            assert_eq!(error["code"], "INVALID_PARAMETER");
            let text = error.to_string();
            assert!(!text.contains("purple") && !text.contains("Catalunya"), "the value is in {text}");
        }
        let theme = person.browser().await?.run("return document.documentElement.dataset.theme", vec![]).await?;
        assert!(theme.is_null() || theme == "auto", "the default is used, not {theme}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn html_in_a_parameter_stays_text() -> Outcome {
    journey(async |stage| {
        let attack = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E";
        let (_, person) = stage.opens_and_agrees(&format!("bank={attack}&tag={attack}&language={attack}")).await?;
        person.sees(Card::Institutions).await?;
        let browser = person.browser().await?;
        assert!(browser.all("img[src='x']").await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_theme_parameter_wins_over_the_system() -> Outcome {
    journey(async |stage| {
        let background = "return getComputedStyle(document.getElementById('background')).backgroundColor";
        let mut backgrounds = Vec::new();
        for theme in ["light", "dark", "DARK"] {
            let (_, person) = stage.opens(&format!("theme={theme}")).await?;
            person.sees(Card::Consent).await?;
            backgrounds.push(person.browser().await?.run(background, vec![]).await?);
        }
        assert_ne!(backgrounds[0], backgrounds[1]);
        assert_eq!(backgrounds[1], backgrounds[2]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn parts_around_the_screens_can_be_left_out() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank&closeEnable=false&backEnable=false").await?;
        person.sees(Card::Credentials).await?;
        let browser = person.browser().await?;
        assert!(!browser.shows("#button-close").await?);
        assert!(!browser.shows("#button-back").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_institution_named_in_the_url_skips_the_list() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("institution=FlinksCapital").await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, "Flinks Capital");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_redirect_to_an_unregistered_address_is_refused() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let (host, person) = stage.opens("redirectUrl=https%3A%2F%2Fevil.example%2F").await?;
        person.sees(Card::Failure).await?;
        let error = host.hears("ERROR").await?;
        assert_eq!(error["code"], "INVALID_PARAMETER");
        assert_eq!(error["parameter"], "redirectUrl");
        Ok(())
    })
    .await
}
