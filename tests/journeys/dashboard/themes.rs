//! An app's own stylesheet.

use banklink_journey::{Person, Place, person::Card};

use super::of_an_operator;
use crate::stage::Outcome;

/// One rule that is good, and one that is left out.
const SOURCE: &str = "#title-select-bank { color: #8b0000 }\n#nobody { color: red }";

/// The colour of the title of the list of banks.
const COLOR: &str = "const title = document.getElementById('title-select-bank');
    return title && getComputedStyle(title).color";

#[tokio::test]
async fn a_theme_is_tried_on_the_real_screens_kept_and_taken_back() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.makes_an_app("Corner shop").await?;
        browser.click("main a.bl-button").await?;
        operator.lets_links_open().await?;
        operator.goes_to("links").await?;
        let link = operator.makes_a_link("Shop window").await?;
        operator.goes_to("theme").await?;
        let page = browser.address().await?;
        let drops = "const file = new File([arguments[0]], 'red.css', { type: 'text/css' });
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(file);
            document.getElementById('theme-drop').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
        browser.run(drops, vec![SOURCE.into()]).await?;
        browser.sees("#theme-findings li").await?;
        assert_eq!(browser.all("#theme-findings li").await?.len(), 1);
        browser.click("#theme-findings li button").await?;
        let selected = "const { value, selectionStart, selectionEnd } = document.getElementById('theme-source');
            return value.slice(selectionStart, selectionEnd)";
        assert_eq!(browser.run(selected, vec![]).await?, "#nobody { color: red }");

        let frame = format!("const document = window.document.getElementById('preview').contentDocument; {COLOR}");
        let is_dressed = async || Ok((browser.run(&frame, vec![]).await? == "rgb(139, 0, 0)").then_some(()));
        browser.until("the preview in red", is_dressed).await?;
        let steps = browser.run("return history.length", vec![]).await?;
        let shows = "const list = document.getElementById('preview-screen'); list.value = arguments[0];
            list.dispatchEvent(new Event('change', { bubbles: true }))";
        for (screen, id) in [("code", "div-sca"), ("qr", "div-sca"), ("accounts", "div-accounts"), ("failed", "div-failure")] {
            browser.run(shows, vec![screen.into()]).await?;
            let there = "return !!document.getElementById('preview').contentDocument?.getElementById(arguments[0])";
            let is_there = async || Ok((browser.run(there, vec![id.into()]).await? == true).then_some(()));
            browser.until(&format!("the screen {screen}"), is_there).await?;
        }

        // Screens that were looked at are no steps that one goes back.
        assert_eq!(browser.run("return history.length", vec![]).await?, steps);
        // Nor does a file replace what was edited, unless the person says so; and what is no text is none.
        browser.run(drops, vec!["\u{0}\u{1}".into()]).await?;
        assert!(browser.text_of("#theme-file-fault").await?.contains("can’t be read"));
        operator.types("theme-source", "#title-sca { color: #222 }").await?;
        browser.run(drops, vec![SOURCE.into()]).await?;
        browser.sees("dialog[open]").await?;
        browser.click("dialog .db-buttons [type=button]").await?;
        let typed = "return document.getElementById('theme-source').value";
        assert_eq!(browser.run(typed, vec![]).await?, "#title-sca { color: #222 }");
        browser.run(drops, vec![SOURCE.into()]).await?;
        browser.sees("dialog[open]").await?;
        operator.sends().await?;
        let is_replaced = async || Ok((browser.run(typed, vec![]).await? == SOURCE).then_some(()));
        browser.until("the file in the field", is_replaced).await?;

        let color_of_the_widget = async || {
            browser.goto(&format!("{link}&consentEnable=false")).await?;
            Person::new(browser, Place::Page).sees(Card::Institutions).await?;
            let shown = async || Ok(Some(browser.run(COLOR, vec![]).await?).filter(|color| !color.is_null()));
            let color = browser.until("the title's colour", shown).await?;
            browser.goto(&page).await?;
            operator.sees_page().await?;
            Ok::<_, banklink_journey::JourneyError>(color)
        };
        let before = color_of_the_widget().await?;
        browser.run(drops, vec![SOURCE.into()]).await?;
        browser.sees("#theme-findings li").await?;
        operator.sends_form("form-theme").await?;
        browser.sees("#theme-restore").await?;
        assert_eq!(color_of_the_widget().await?, "rgb(139, 0, 0)");
        browser.click("#theme-restore").await?;
        operator.sends().await?;
        let is_restored = async || Ok(browser.all("#theme-restore").await?.is_empty().then_some(()));
        browser.until("the default theme", is_restored).await?;
        assert_eq!(color_of_the_widget().await?, before);
        Ok(())
    })
    .await
}
