//! axe on every screen, inside the frame, with all rules of WCAG 2.2 AA; and what no screen may have in its HTML.

mod announced;
mod enlarged;
mod filled;
mod in_sight;
mod kept;
mod preferences;
mod timed;

use std::path::Path;

use banklink_journey::{Browser, JourneyError, Place, SandboxOptions, Scheme, tour};
use serde_json::{Value, json};

use crate::stage::{Allowed, Outcome, journey, journey_with};

/// All that is looked at on one tour: to come to the screens takes longer than to look at them.
#[tokio::test]
async fn every_screen_is_without_findings_in_light_and_dark_and_stays_whole_when_it_is_enlarged() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let mut flaws = Vec::new();
        let mut scenes = Vec::new();
        stage.browser.prefer(Scheme::Light).await?;
        tour::of_every_screen(&stage.browser, &stage.sandbox, Place::Frame, async |scene, person| {
            scenes.push(scene);
            let mut found = in_its_html(person.browser().await?).await?;
            found.extend(person.accessibility_findings().await?);
            found.extend(enlarged::flaws(person).await?);
            stage.browser.prefer(Scheme::Dark).await?;
            found.extend(person.accessibility_findings().await?.into_iter().map(|finding| format!("dark: {finding}")));
            stage.browser.prefer(Scheme::Light).await?;
            flaws.extend(found.into_iter().map(|flaw| format!("{}: {flaw}", scene.as_str())));
            Ok(())
        })
        .await?;
        assert_eq!(scenes, tour::Scene::ALL);
        assert!(flaws.is_empty(), "{} flaws:\n{}", flaws.len(), flaws.join("\n"));
        Ok(())
    })
    .await
}

/// The ready-made theme, in the language that is written from right to left.
#[tokio::test]
async fn axe_finds_nothing_on_any_screen_in_high_contrast_and_from_right_to_left() -> Outcome {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/high-contrast.css");
    let options = SandboxOptions { theme: Some(theme), ..SandboxOptions::default() };
    journey_with(options, Allowed::RefusedRequests, async |stage| {
        stage.sandbox.gives_the_toolbox_the_theme().await?;
        stage.browser.prefer(Scheme::Light).await?;
        let mut findings = Vec::new();
        tour::of_every_screen_with(
            &stage.browser,
            &stage.sandbox,
            Place::Frame,
            "language=ar",
            async |scene, person| {
                let found = person.accessibility_findings().await?;
                findings.extend(found.into_iter().map(|finding| format!("{}: {finding}", scene.as_str())));
                Ok(())
            },
        )
        .await?;
        assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
        let page = stage.sandbox.widget_page("language=ar").await?;
        stage.browser.goto(&page).await?;
        let is_as_asked = "return [document.dir, getComputedStyle(document.body).backgroundColor]";
        assert_eq!(stage.browser.run(is_as_asked, vec![]).await?, json!(["rtl", "rgb(0, 0, 0)"]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn axe_finds_nothing_on_the_demos_pages_and_in_the_documentation() -> Outcome {
    journey(async |stage| {
        for scheme in Scheme::ALL {
            stage.browser.prefer(scheme).await?;
            let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
            person.types_credentials("ana", "any other password").await?;
            person.continues().await?;
            host.connection().await?;
            let (host, widget) = (stage.sandbox.host(), stage.sandbox.widget());
            let pages = [
                None,
                Some(format!("{host}/")),
                Some(format!("{host}/plain")),
                Some(format!("{widget}/platform/docs")),
                Some(format!("{widget}/platform/docs/problems")),
            ];
            for page in pages {
                if let Some(address) = &page {
                    stage.browser.goto(address).await?;
                }
                stage.browser.enter_top().await?;
                let findings = banklink_journey::axe::findings(&stage.browser).await?;
                let page = page.as_deref().unwrap_or("the connection");
                assert!(findings.is_empty(), "{page}, {}: {}", scheme.as_str(), findings.join("\n"));
            }
        }
        Ok(())
    })
    .await
}

/// Repeated ids, inline styles, inline handlers, inline scripts, fields that a password manager can't find, and
/// what the stylesheet forgot.
const FLAWS: &str = r##"
    const flaws = [];
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) flaws.push(`the id ${id} is repeated`);
    // axe leaves an empty one behind.
    for (const element of document.querySelectorAll("[style]:not([style='']), style")) flaws.push(element.outerHTML.slice(0, 160));
    for (const script of document.querySelectorAll("script:not([src])")) flaws.push(script.outerHTML.slice(0, 160));
    for (const element of document.querySelectorAll("*"))
        for (const { name } of element.attributes) if (name.startsWith("on")) flaws.push(element.outerHTML.slice(0, 160));
    for (const field of document.querySelectorAll("#form-credentials input, #form-sca:not(:has(#img-sca)) #input-sca"))
        if (["off", "", null].includes(field.getAttribute("autocomplete"))) flaws.push(`no autocomplete: ${field.outerHTML}`);
    const selectors = [];
    const collect = (rules) => {
        for (const rule of rules) {
            if (rule.selectorText) selectors.push(rule.selectorText);
            if (rule.cssRules) collect(rule.cssRules);
        }
    };
    for (const sheet of document.styleSheets) collect(sheet.cssRules);
    const styled = new Set(selectors.join(" ").match(/\.[\w-]+/g));
    for (const element of document.querySelectorAll("[class]"))
        for (const name of element.classList)
            if (!styled.has(`.${name}`)) flaws.push(`the class ${name} has no style`);
    for (const picture of document.querySelectorAll("svg, img")) {
        // What is to be looked at; the rest only accompanies a text.
        if (picture.closest("#qr-sca, #img-sca, [data-part='picture-box'], .db-qr")) continue;
        const { width, height } = picture.getBoundingClientRect();
        if (width > 96 || height > 96) flaws.push(`${width} × ${height}: ${picture.outerHTML.slice(0, 160)}`);
    }
    return flaws;
"##;

pub(crate) async fn in_its_html(browser: &Browser) -> Result<Vec<String>, JourneyError> {
    let found = browser.run(FLAWS, vec![]).await?;
    Ok(found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
}
