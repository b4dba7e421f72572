//! `docs/compatibility/`: the examples that need a person do what they say.

use std::process::Command;

use banklink_journey::{JourneyError, Person, Place, Site};

use crate::stage::{Outcome, journey};

const FLANKS: &str = include_str!("../../docs/compatibility/flanks.md");

/// The shell's parts of a page, in order.
fn scripts(page: &str) -> Vec<&str> {
    page.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(script, _)| script).collect()
}

/// Runs a script, and returns what it prints.
fn run(script: &str) -> Result<String, JourneyError> {
    let ran = Command::new("sh").args(["-euc", script]).output();
    let ran = ran.map_err(|source| JourneyError::File { path: "sh".into(), source })?;
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
}

#[tokio::test]
async fn a_flanks_integration_collects_the_code_of_somebody_who_followed_its_link() -> Outcome {
    journey(async |stage| {
        let site = Site::serve("localhost", "<title>Linked</title><h1>Linked</h1>".to_owned()).await?;
        let (server, page) = (stage.sandbox.widget(), site.origin());
        let text = FLANKS.replace("http://127.0.0.1:8080", server).replace("http://localhost:9000", page);
        let [before, after] = scripts(&text)[..] else { panic!("two scripts with a person between them") };
        let printed = run(before)?;
        let address = printed.lines().last().unwrap_or_default();
        stage.browser.goto(address).await?;
        let person = Person::new(&stage.browser, Place::Page);
        person.agrees().await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        let is_there = async || Ok(stage.browser.address().await?.starts_with(page).then_some(()));
        stage.browser.until("the app's own page", is_there).await?;
        assert!(stage.browser.address().await?.contains("/linked?code="));

        // The same shell.
        let token = address.split_once("token=").and_then(|(_, rest)| rest.split_once('&')).map_or("", |(it, _)| it);
        let setup = before.split("LINK=$(").next().unwrap_or_default();
        let said = run(&format!("{setup}\nLINK={token}\n{after}"))?;
        assert!(said.contains(r#""extra":{"myuser":"7"}"#) && said.contains(r#""name":"testbank""#), "{said}");
        assert!(said.contains(r#""iban":"ES"#) && said.contains(r#""operationDate":"#), "{said}");
        Ok(())
    })
    .await
}
