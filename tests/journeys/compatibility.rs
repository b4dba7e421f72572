//! `docs/compatibility/`: the examples that need a person do what they say.

use std::process::Command;

use banklink_journey::{JourneyError, Person, Place, Site};

use crate::stage::{Outcome, Stage, journey};

const FINLINK: &str = include_str!("../../docs/compatibility/finlink.md");
const OPEN_BANKING: &str = include_str!("../../docs/compatibility/open-banking.md");
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

/// Follows a page's example as far as its person: where its shell was, what it printed last, and where the person came
/// back to.
async fn follows<'a>(
    stage: &Stage,
    site: &Site,
    text: &'a str,
) -> Result<(Vec<&'a str>, String, String), JourneyError> {
    let scripts = scripts(text);
    let printed = run(scripts[0])?;
    let address = printed.lines().last().unwrap_or_default().to_owned();
    stage.browser.goto(&address).await?;
    let person = Person::new(&stage.browser, Place::Page);
    person.agrees().await?;
    person.types_credentials("ana", "any other password").await?;
    person.continues().await?;
    let is_there = async || Ok(stage.browser.address().await?.starts_with(site.origin()).then_some(()));
    stage.browser.until("the app's own page", is_there).await?;
    Ok((scripts, address, stage.browser.address().await?))
}

/// What an address carries under a name.
fn carried<'a>(address: &'a str, name: &str) -> &'a str {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

/// A page's text, with the addresses of this sandbox and of an app's own page.
async fn page(stage: &Stage, text: &str) -> Result<(Site, String), JourneyError> {
    let linked = "<title>Linked</title><link rel='icon' href='data:,'><h1>Linked</h1>";
    let site = Site::serve("localhost", linked.to_owned()).await?;
    let text = text.replace("http://127.0.0.1:8080", stage.sandbox.widget());
    let text = text.replace("http://localhost:9000", site.origin());
    Ok((site, text))
}

#[tokio::test]
async fn a_flanks_integration_collects_the_code_of_somebody_who_followed_its_link() -> Outcome {
    journey(async |stage| {
        let (site, text) = page(stage, FLANKS).await?;
        let (scripts, address, back) = follows(stage, &site, &text).await?;
        assert!(!carried(&back, "code").is_empty(), "{back}");
        // The same shell, but for the link, which it made.
        let setup = scripts[0].split("LINK=$(").next().unwrap_or_default();
        let said = run(&format!("{setup}\nLINK={}\n{}", carried(&address, "token"), scripts[1]))?;
        assert!(said.contains(r#""extra":{"myuser":"7"}"#) && said.contains(r#""name":"testbank""#), "{said}");
        assert!(said.contains(r#""iban":"ES"#) && said.contains(r#""operationDate":"#), "{said}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_finlink_integration_exchanges_the_token_that_its_person_comes_back_with() -> Outcome {
    journey(async |stage| {
        let (site, text) = page(stage, FINLINK).await?;
        let (scripts, _, back) = follows(stage, &site, &text).await?;
        assert_eq!((carried(&back, "operation"), carried(&back, "entity")), ("CONNECT", "testbank"));
        let setup = scripts[0].split("# For one person").next().unwrap_or_default();
        let said = run(&format!("{setup}\nPUBLIC_TOKEN={}\n{}", carried(&back, "token"), scripts[1]))?;
        assert!(said.contains(r#""externalId":"customer-123""#) && said.contains(r#""status":"READY""#), "{said}");
        assert!(said.contains(r#""type":"CASH_ACCOUNT""#) && said.contains(r#""operationDate":"#), "{said}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_data_recipient_reads_what_its_person_agreed_to() -> Outcome {
    journey(async |stage| {
        let (site, text) = page(stage, OPEN_BANKING).await?;
        let (scripts, _, back) = follows(stage, &site, &text).await?;
        assert_eq!(carried(&back, "state"), "xyz");
        let setup = scripts[0].split("# Once").next().unwrap_or_default();
        let said = run(&format!("{setup}\nCODE={}\n{}", carried(&back, "code"), scripts[1]))?;
        assert!(said.contains(r#""name":{"first":"#) && said.contains(r#""depositTransaction":{"#), "{said}");
        assert!(said.contains(r#""page":{"nextOffset":"#), "{said}");
        Ok(())
    })
    .await
}
