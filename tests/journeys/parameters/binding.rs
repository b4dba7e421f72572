//! What a token binds, and apps that take nothing else.

use banklink_journey::person::Card;
use serde_json::json;

use super::ground::{APP, on_ground};
use crate::stage::{Allowed, Outcome};

/// What is bound in these journeys, one of each kind of thing: where to begin, the looks, the end, what the app gets.
const BOUND: [(&str, &str); 7] = [
    ("institution", "testbank"),
    ("consentEnable", "false"),
    ("theme", "dark"),
    ("closeEnable", "false"),
    ("jsRedirect", "true"),
    ("tag", "bound"),
    ("plan", "bound"),
];

/// The same as an attacker would have it, under other spellings where there are some.
const ADDRESS: &str = "bank=FlinksCapital&entity=FlinksCapital&consentEnable=true&theme=light&closeEnable=true\
                       &jsRedirect=false&tag=forged&plan=forged";

/// What is seen of the looks.
const LOOKS: &str = "return [document.documentElement.dataset.theme, !!document.querySelector('#button-close')]";

#[tokio::test]
async fn what_a_token_binds_wins_over_the_address() -> Outcome {
    on_ground(Allowed::Nothing, async |ground| {
        let token = ground.app.authorize_token(&BOUND).await?;
        let person = ground.opens_with(&token, &format!("{ADDRESS}&user=42&backgroundColor=1f6b4a")).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, "TestBank");
        assert_eq!(person.browser().await?.run(LOOKS, vec![]).await?, json!(["dark", false]));
        // What is not bound is the address's.
        let background = "return getComputedStyle(document.getElementById('background')).backgroundColor";
        assert_eq!(person.browser().await?.run(background, vec![]).await?, "rgb(31, 107, 74)");
        let redirect = ground.links(person).await?;
        person.sees(Card::Success).await?;
        let exchanged = ground.exchanges(&redirect).await?;
        assert_eq!((&redirect["tag"], &exchanged["connection"]["tag"]), (&json!("bound"), &json!("bound")));
        assert_eq!(exchanged["extra"], json!({ "plan": "bound", "user": "42" }));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_app_that_forces_tokens_takes_nothing_from_the_address() -> Outcome {
    on_ground(Allowed::RefusedRequests, async |ground| {
        let app = ground.forcing_app()?;
        let forged = "demo=true&bank=FlinksCapital&country=CA&consentEnable=false&customerName=Your+Bank&theme=dark\
                      &backgroundColor=1f6b4a&headerEnable=false&closeEnable=false&stringify=true&jsRedirect=true\
                      &redirectUrl=https%3A%2F%2Fevil.example%2F&accountSelectorEnable=true&tag=forged&external_id=forged\
                      &daysOfTransactions=1&withTransactions=false&scheduleRefresh=true&plan=forged";
        let person = ground.opens_with(&app.authorize_token(&[]).await?, forged).await?;
        person.sees(Card::Consent).await?;
        assert!(person.reads("title-consent").await?.starts_with(APP));
        assert_eq!(person.browser().await?.run(LOOKS, vec![]).await?, json!(["auto", true]));
        assert!(person.reads("header").await?.contains(APP));
        person.continues().await?;
        person.chooses_institution("TestBank").await?;
        ground.signs_in(person, "any other password").await?;
        let address = ground.goes_to(&ground.back()).await?;
        assert!(!address.contains("forged") && !address.contains("demo"), "{address}");
        let exchanged = app.exchange(ground.hears("REDIRECT").await?["code"].as_str().unwrap_or_default()).await?;
        let connection = &exchanged["connection"];
        let names = ["tag", "external_id", "days_of_transactions", "with_transactions", "schedule_refresh"];
        assert_eq!(names.map(|name| &connection[name]), [&json!(null), &json!(null), &json!(null), &json!(true), &json!(false)]);
        assert_eq!(exchanged["extra"], json!({}));

        let person = ground.opens_with(&app.authorize_token(&BOUND).await?, ADDRESS).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, "TestBank");
        assert_eq!(person.browser().await?.run(LOOKS, vec![]).await?, json!(["dark", false]));

        // A link alone opens nothing.
        let link = app.link(&ground.back()).await?;
        let person = ground.opens_at(&format!("/link?token={link}")).await?;
        person.sees(Card::TokenInvalid).await?;
        ground.hears("TOKEN_INVALID").await.map(|_| ())
    })
    .await
}
