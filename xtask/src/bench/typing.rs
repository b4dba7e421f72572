//! How long it takes from a key in the search box to its results.

use banklink_journey::{Browser, JourneyError, Sandbox, person::by_id};
use banklink_protocol::elements as ids;
use serde_json::Value;

use super::numbers::Milliseconds;
use crate::browsing;

/// What is typed, a key at a time.
const TEXT: &str = "banque populaire reykj";

/// Notes when a key goes down, and when the list next differs and is painted.
const WATCH: &str = r"
    const [list, input] = arguments;
    globalThis.keys = [];
    let down = null;
    addEventListener('keydown', (event) => (down = event.timeStamp), true);
    const answered = () => {
        if (down === null) return;
        const began = down;
        down = null;
        requestAnimationFrame((now) => setTimeout(() => globalThis.keys.push(performance.now() - began)));
    };
    new MutationObserver(answered)
        .observe(document.querySelector(list), { childList: true, subtree: true, characterData: true });
";

/// The time of each key whose results differ from those before.
pub(super) async fn times(browser: &Browser, sandbox: &Sandbox) -> Result<Vec<Milliseconds>, JourneyError> {
    let person = browsing::opens_widget_page(browser, sandbox, "demo=false&consentEnable=false").await?;
    browsing::list_is_usable(person).await?;
    let input = by_id(ids::INPUT_SEARCH_BANK);
    browser.run(WATCH, vec![by_id(ids::DIV_SELECT_BANK).into(), input.clone().into()]).await?;
    let mut answered = 0;
    for key in TEXT.chars() {
        browser.type_into(&input, &key.to_string()).await?;
        // As fast as a quick typist; slower than a burst that would only measure what is dropped.
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        answered += 1;
    }
    let times = browser.run("return globalThis.keys", vec![]).await?;
    let times: Vec<_> = times.as_array().into_iter().flatten().filter_map(Value::as_f64).map(Milliseconds).collect();
    if times.len() * 2 < answered {
        return Err(JourneyError::Unexpected { asked: "results of keys", answer: format!("{times:?}") });
    }
    Ok(times)
}
