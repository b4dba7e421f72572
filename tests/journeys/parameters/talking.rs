//! How the widget talks to the page around it.

use serde_json::{Value, json};

use super::ground::{AT_TESTBANK, Row};
use crate::stage::Outcome;

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
