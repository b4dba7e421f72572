//! How the widget talks to the page around it.

use banklink_journey::{Engine, JourneyError, Person, person::Card};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::ground::{AT_TESTBANK, Row, SCHEME};
use crate::stage::{Outcome, assert_in_order};

/// What React Native puts into the pages of its webviews.
const BRIDGE: &str = "window.told = []; window.ReactNativeWebView = { postMessage: (text) => window.told.push(text) }";

pub(super) async fn webview(row: Row<'_>) -> Outcome {
    let (ground, browser) = (row.ground, &row.ground.stage.browser);
    let first = browser.runs_first(BRIDGE).await?;
    for (value, is_bridged) in [("true", true), ("false", false)] {
        let person = row.opens(value, AT_TESTBANK).await?;
        ground.signs_in(person, "SCA_SMS").await?;
        person.reads("input-sca").await?;
        let told = person.browser().await?.run("return window.told", vec![]).await?;
        let told: Vec<Value> = told.as_array().into_iter().flatten().map(parsed).collect();
        let heard = ground.heard().await?;
        let (those_who_hear, others) = if is_bridged { (told, heard) } else { (heard, told) };
        for step in ["APP_MOUNTED", "SUBMIT_CREDENTIAL", "COMPONENT_LOAD_MFA"] {
            assert!(those_who_hear.iter().any(|message| message["step"] == step), "{value}: {those_who_hear:?}");
        }
        assert_eq!(others, Vec::<Value>::new(), "{value}");
    }
    browser.runs_first_no_more(first).await
}

/// Writes down where a page wants to go, and stops what is not for a browser, as an app does. Only some browsers tell.
const NAVIGATIONS: &str = "
    window.went = [];
    window.navigation.addEventListener('navigate', (event) => {
        window.went.push(event.destination.url);
        if (!event.destination.url.startsWith('http')) event.preventDefault();
    })";

pub(super) async fn webview_scheme(row: Row<'_>) -> Outcome {
    let (ground, browser) = (row.ground, &row.ground.stage.browser);
    if browser.engine() != Engine::Chromium {
        let reason = "it does not tell where a page wants to go, or waits until the page is there";
        return Err(JourneyError::Unable { engine: browser.engine(), reason });
    }
    let first = browser.runs_first(NAVIGATIONS).await?;
    let in_webview = format!("{AT_TESTBANK}&webview=true");
    let person = ground.opens_alone(&row.with(SCHEME, &in_webview)).await?;
    person.sees(Card::Credentials).await?;
    ground.signs_in(person, "any other password").await?;
    let told = async || Ok(Some(told(person).await?).filter(|told| told.iter().any(|step| step == "REDIRECT")));
    let told = browser.until("the navigation that tells the end", told).await?;
    assert_in_order(&told, &["APP_MOUNTED", "COMPONENT_LOAD_CREDENTIAL", "SUBMIT_CREDENTIAL", "REDIRECT"]);

    // Nobody else's scheme, and none at all without `webview`.
    for (value, others) in [("somebodyelses", in_webview.as_str()), (SCHEME, AT_TESTBANK)] {
        let person = ground.opens_alone(&row.with(value, others)).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(self::told(person).await?, Vec::<String>::new(), "{value} {others}");
    }
    browser.runs_first_no_more(first).await
}

/// The steps of the messages that the page told by navigations.
async fn told(person: Person<'_>) -> Result<Vec<String>, JourneyError> {
    let went = person.browser().await?.run("return window.went", vec![]).await?;
    let beginning = format!("{SCHEME}://message?data=");
    let data = went.as_array().into_iter().flatten().filter_map(|url| url.as_str()?.strip_prefix(&beginning));
    let messages =
        data.filter_map(|data| serde_json::from_str::<Value>(&percent_decode_str(data).decode_utf8_lossy()).ok());
    Ok(messages.filter_map(|message| message["step"].as_str().map(str::to_owned)).collect())
}

pub(super) async fn stringify(row: Row<'_>) -> Outcome {
    for (value, is_text) in [("true", true), ("false", false)] {
        let person = row.opens(value, AT_TESTBANK).await?;
        row.ground.signs_in(person, "SCA_SMS").await?;
        person.reads("input-sca").await?;
        let heard = row.ground.heard().await?;
        assert!(heard.iter().all(|message| message.is_string() == is_text), "{value}: {heard:?}");
        let mut steps = heard.iter().map(|message| if is_text { parsed(message) } else { message.clone() });
        assert!(steps.any(|message| message["step"] == "COMPONENT_LOAD_MFA"), "{value}: {heard:?}");
    }
    Ok(())
}

/// A message that came as text.
fn parsed(text: &Value) -> Value {
    text.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(json!("not JSON text"))
}
