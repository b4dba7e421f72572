//! Accessibility, checked by axe-core.

use std::{env, fs, path::PathBuf};

use serde_json::Value;

use crate::{Browser, JourneyError};

/// The rules that are on: all of WCAG 2.0, 2.1 and 2.2, levels A and AA, those included that axe leaves off by
/// itself.
const CHECK: &str = r#"
    const done = arguments[arguments.length - 1];
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const rules = {};
    for (const { ruleId } of axe.getRules(tags)) rules[ruleId] = { enabled: true };
    axe.run(document, { runOnly: { type: "tag", values: tags }, rules, resultTypes: ["violations"] }).then(
        ({ violations, passes }) => done({
            passes: passes.length,
            findings: violations.flatMap(({ id, help, nodes }) =>
                nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`)),
        }),
        (error) => done({ passes: 0, findings: [String(error)] }),
    );
"#;

/// What axe finds wrong in the frame that is entered. The script is the one that `BANKLINK_AXE` of the environment
/// names.
pub async fn findings(browser: &Browser) -> Result<Vec<String>, JourneyError> {
    let path = env::var_os("BANKLINK_AXE").map(PathBuf::from).unwrap_or_default();
    let script = fs::read_to_string(&path).map_err(|source| JourneyError::File { path, source })?;
    // Half a megabyte is parsed once for each document, not for each of its looks.
    if browser.run("return !window.axe", vec![]).await? == true {
        browser.run(&script, vec![]).await?;
    }
    let answer = browser.client().execute_async(CHECK, vec![]).await?;
    let findings = answer["findings"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let findings: Vec<String> = findings.collect();
    if findings.is_empty() && answer["passes"].as_u64().unwrap_or(0) == 0 {
        return Err(JourneyError::Unexpected { asked: "axe", answer: answer.to_string() });
    }
    Ok(findings)
}
