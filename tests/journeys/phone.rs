//! A small phone.

use banklink_journey::{Person, Place, SandboxOptions, Viewport, person::Card, tour};
use serde_json::{Value, json};

use crate::stage::{Allowed, Outcome, journey, journey_with};

/// What is wrong with a screen on a phone: content to the side of it, or targets smaller than a finger. Links inside a
/// sentence are as high as its lines, as WCAG 2.5.8 has it.
const FINDINGS: &str = r#"
    const findings = [];
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) findings.push(`scrolls sideways: ${page.scrollWidth} px`);
    const inSentence = (element) => element.tagName === "A" && getComputedStyle(element).display === "inline";
    const own = "a[href], button, input:not([type=hidden]), select, textarea, [role=option], [role=button], summary";
    for (const element of document.querySelectorAll(own)) {
        const target = element.matches("input[type=checkbox], input[type=radio]") ? element.closest("label") ?? element : element;
        const { width, height } = target.getBoundingClientRect();
        const style = getComputedStyle(target);
        const isHidden = !target.checkVisibility({ visibilityProperty: true, opacityProperty: true })
            || style.clipPath !== "none" || width <= 1 || height <= 1;
        if (isHidden || inSentence(target)) continue;
        // Layout rounds to fractions of a pixel.
        if (width < 43.9 || height < 43.9) findings.push(`${width} × ${height}: ${target.outerHTML.slice(0, 160)}`);
    }
    return findings;
"#;

#[tokio::test]
async fn every_screen_fits_a_phone_and_a_finger() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        stage.browser.set_viewport(Viewport::PHONE).await?;
        let mut findings = Vec::new();
        tour::of_every_screen(&stage.browser, &stage.sandbox, Place::Page, async |scene, person| {
            let found = person.browser().await?.run(FINDINGS, vec![]).await?;
            let found = found.as_array().into_iter().flatten().filter_map(Value::as_str);
            findings.extend(found.map(|finding| format!("{}: {finding}", scene.as_str())));
            Ok(())
        })
        .await?;
        assert!(findings.is_empty(), "{findings:#?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_typed_into_stays_in_sight_when_the_keyboard_comes() -> Outcome {
    const IN_SIGHT: &str = "
        const { top, bottom } = document.activeElement.getBoundingClientRect();
        return [document.activeElement.id, top >= 0 && bottom <= innerHeight]";
    journey(async |stage| {
        stage.browser.set_viewport(Viewport::PHONE).await?;
        stage.browser.goto(&stage.sandbox.widget_page("consentEnable=false&bank=testbank").await?).await?;
        let person = Person::new(&stage.browser, Place::Page);
        person.sees(Card::Credentials).await?;
        person.types_credentials("ana", "any other password").await?;
        stage.browser.set_viewport(Viewport { height: 320, ..Viewport::PHONE }).await?;
        let in_sight = async || {
            let seen = stage.browser.run(IN_SIGHT, vec![]).await?;
            Ok((seen == json!(["input-credential-password", true])).then_some(()))
        };
        stage.browser.until("the field to be in sight", in_sight).await
    })
    .await
}

#[tokio::test]
async fn a_bank_is_linked_on_a_phone_in_the_hosts_page() -> Outcome {
    journey(async |stage| {
        stage.browser.set_viewport(Viewport::PHONE).await?;
        let (host, person) = stage.opens_and_agrees("").await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        let sideways = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
        assert_eq!(stage.browser.run(sideways, vec![]).await?, false, "the host page scrolls sideways");
        Ok(())
    })
    .await
}
