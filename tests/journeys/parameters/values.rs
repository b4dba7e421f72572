//! Values that can't be read, and names that are not ours.

use banklink_journey::{SandboxOptions, person::Card};
use serde_json::json;

use super::ground::{AT_TESTBANK, SHORT, on_ground};
use crate::stage::{Allowed, Outcome, journey_with};

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
    on_ground(Allowed::Nothing, async |ground| {
        let attack = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E";
        let person = ground.opens(&format!("{SHORT}&bank={attack}&tag={attack}&language={attack}")).await?;
        person.sees(Card::Institutions).await?;
        let browser = person.browser().await?;
        assert!(browser.all("img[src='x']").await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn anything_else_comes_back_with_the_code_but_never_under_a_name_of_ours() -> Outcome {
    on_ground(Allowed::Nothing, async |ground| {
        let person = ground.opens(&format!("{AT_TESTBANK}&user=4%2F2&loginId=forged&Demo=forged")).await?;
        let redirect = ground.links(person).await?;
        assert_eq!(ground.exchanges(&redirect).await?["extra"], json!({ "user": "4/2" }));
        let url = redirect["url"].as_str().unwrap_or_default();
        assert!(!url.contains("forged"), "{url}");
        let heard = ground.heard().await?;
        let refused = heard.iter().filter(|message| message["code"] == "INVALID_PARAMETER");
        assert_eq!(refused.map(|message| &message["parameter"]).collect::<Vec<_>>(), ["loginId", "Demo"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_path_names_an_institution_too() -> Outcome {
    on_ground(Allowed::Nothing, async |ground| {
        for path in ["/v2/Credential/FlinksCapital/", "/v2/credential/Flinks%20Capital"] {
            let token = ground.app.authorize_token(&[]).await?;
            let person = ground.opens_at(&format!("{path}?authorizeToken={token}&{SHORT}")).await?;
            person.sees(Card::Credentials).await?;
            assert_eq!(person.reads("institution-name").await?, "Flinks Capital");
        }
        Ok(())
    })
    .await
}
