//! Institutions' marks: a logo where there is one, a monogram where there is none or it does not come.

use banklink_journey::{Browser, JourneyError, SandboxOptions, person::by_id};
use serde_json::{Value, json};

use crate::stage::{Allowed, Outcome, journey, journey_with};

/// Whether an institution of the list shows a picture, once it knows.
async fn shows_logo(browser: &Browser, name: &str) -> Result<bool, JourneyError> {
    let look = "
        const box = [...document.querySelectorAll('[data-part=bank-box]')].find((box) => box.innerText.includes(arguments[0]));
        const picture = box.querySelector('[data-part=bank-img] img');
        if (!picture) return false;
        picture.scrollIntoView();
        return picture.complete ? picture.checkVisibility?.() ?? !picture.hidden : null";
    let looks = async || Ok(browser.run(look, vec![name.into()]).await?.as_bool());
    browser.until(&format!("the mark of {name}"), looks).await
}

#[tokio::test]
async fn institutions_show_their_logos_in_the_list_and_beside_the_form_and_come_from_us_alone() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("").await?;
        person.finds("TestBank").await?;
        let browser = person.browser().await?;
        assert!(shows_logo(browser, "TestBank").await?);
        assert!(!shows_logo(browser, "Flinks Capital").await?, "it has none");
        let in_the_way = "
            const entries = performance.getEntriesByType('resource');
            const { responseEnd } = entries.find(({ name }) => name.endsWith('/open'));
            return entries.some(({ name, startTime }) => name.includes('/logos/') && startTime < responseEnd)";
        assert_eq!(browser.run(in_the_way, vec![]).await?, false, "they wait until the session is open");
        // A search's reply names them too.
        person.searches("sonnental").await?;
        person.finds("Sonnentalbank").await?;
        assert!(shows_logo(browser, "Sonnentalbank").await?);

        person.chooses_institution("Sonnentalbank").await?;
        browser.sees(&by_id("form-credentials")).await?;
        let width = "return document.querySelector('#institution-img img').naturalWidth";
        assert_eq!(browser.run(width, vec![]).await?, json!(96));
        let elsewhere = "return performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)
            .filter((origin) => origin !== location.origin)";
        assert_eq!(browser.run(elsewhere, vec![]).await?, json!([]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn where_a_logo_does_not_come_is_a_monogram() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let (_, person) = stage.opens_and_agrees("").await?;
        person.finds("TestBank").await?;
        let browser = person.browser().await?;
        let turn = async |to: Value| {
            let script = "const picture = document.querySelector('[data-part=bank-img] img');
                const before = picture.src;
                picture.src = arguments[0];
                return [before, picture.closest('[data-part=bank-box]').innerText]";
            browser.run(script, vec![to]).await
        };
        let said = turn("/logos/000000000000000000000000".into()).await?;
        let is_gone = async |gone: bool| {
            let script = "return document.querySelector('[data-part=bank-img] img').hidden";
            let looks = async || Ok((browser.run(script, vec![]).await? == gone).then_some(()));
            browser.until("the picture to come or go", looks).await
        };
        is_gone(true).await?;
        assert!(said[1].as_str().is_some_and(|text| text.starts_with('T')), "{said}");
        // The place may be another institution's later.
        turn(said[0].clone()).await?;
        is_gone(false).await
    })
    .await
}
