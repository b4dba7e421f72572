//! `docs/compatibility/`: the examples that need a person, or a browser, do what they say.

use std::process::Command;

use banklink_journey::{JourneyError, Person, Place, Site};

use crate::stage::{Outcome, Stage, journey, linked_page};

const FLINKS: &str = include_str!("../../docs/compatibility/flinks.md");
const FINLINK: &str = include_str!("../../docs/compatibility/finlink.md");
const OPEN_BANKING: &str = include_str!("../../docs/compatibility/open-banking.md");
const FLANKS: &str = include_str!("../../docs/compatibility/flanks.md");

/// The parts of a page that are written in a language, in order.
fn parts<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let begins = format!("```{language}\n");
    page.split(&begins).skip(1).filter_map(|rest| rest.split_once("```")).map(|(part, _)| part).collect()
}

/// An app's own page that is what a page says of the browser, with these in the place of what stands for them.
async fn own_page(text: &str, filled: &[(&str, &str)]) -> Result<Site, JourneyError> {
    let mut page = parts(text, "html").concat();
    for (name, value) in filled {
        page = page.replace(name, value);
    }
    let head = "<!doctype html><html lang='en'><title>An integration</title><link rel='icon' href='data:,'>";
    // What it says is kept, since the page is left; who only reads that begins nothing anew.
    let hears = "<script>
        if (location.search) document.write('<plaintext>');
        console.info = (said) => localStorage.setItem('said', said);
    </script>";
    Site::serve("localhost", format!("{head}{hears}<body>{page}")).await
}

/// Runs a script, and returns what it prints.
fn run(script: &str) -> Result<String, JourneyError> {
    let ran = Command::new("sh").args(["-euc", script]).output();
    let ran = ran.map_err(|source| JourneyError::File { path: "sh".into(), source })?;
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
}

/// Follows a page's example as far as its person, who comes from the app's own page, which has what the address that the
/// shell printed carries under these names: where the shell was, what it printed last, and where the person came back to.
async fn follows<'a>(
    stage: &Stage,
    site: &Site,
    text: &'a str,
    filled: &[(&str, &str)],
) -> Result<(Vec<&'a str>, String, String), JourneyError> {
    let scripts = parts(text, "sh");
    let printed = run(scripts[0])?;
    let address = printed.lines().last().unwrap_or_default().to_owned();
    let filled: Vec<(&str, &str)> = filled.iter().map(|(name, under)| (*name, carried(&address, under))).collect();
    let own = own_page(text, &filled).await?;
    stage.browser.goto(own.origin()).await?;
    stage.browser.click("a").await?;
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
    let site = linked_page().await?;
    let text = text.replace("http://127.0.0.1:8080", stage.sandbox.widget());
    let text = text.replace("http://localhost:9000", site.origin());
    Ok((site, text))
}

#[tokio::test]
async fn a_flanks_integration_collects_the_code_of_somebody_who_followed_its_link() -> Outcome {
    journey(async |stage| {
        let (site, text) = page(stage, FLANKS).await?;
        let (scripts, address, back) = follows(stage, &site, &text, &[("LINK", "token")]).await?;
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
        let (scripts, _, back) = follows(stage, &site, &text, &[("AUTH_TOKEN", "authToken")]).await?;
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
        let (scripts, _, back) =
            follows(stage, &site, &text, &[("CLIENT_ID", "client_id"), ("REDIRECT_URI", "redirect_uri")]).await?;
        assert_eq!(carried(&back, "state"), "xyz");
        let setup = scripts[0].split("# Once").next().unwrap_or_default();
        let said = run(&format!("{setup}\nCODE={}\n{}", carried(&back, "code"), scripts[1]))?;
        assert!(said.contains(r#""name":{"first":"#) && said.contains(r#""depositTransaction":{"#), "{said}");
        assert!(said.contains(r#""page":{"nextOffset":"#), "{said}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_flinks_integration_hears_the_login_id_of_who_linked_in_its_frame() -> Outcome {
    journey(async |stage| {
        let text = FLINKS.replace("http://127.0.0.1:8080", stage.sandbox.widget());
        let setup = parts(&text, "sh")[0].split("# 203").next().unwrap_or_default();
        let token = run(&format!("{setup}\necho $TOKEN"))?;
        let own = own_page(&text, &[("TOKEN", token.trim())]).await?;
        stage.browser.goto(own.origin()).await?;
        let person = Person::new(&stage.browser, Place::Frame);
        person.agrees().await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        // The whole window goes to the app's address.
        stage.browser.enter_top().await?;
        let has_left = async || Ok((!stage.browser.address().await?.starts_with(own.origin())).then_some(()));
        stage.browser.until("the app's address", has_left).await?;
        stage.browser.goto(&format!("{}/?said", own.origin())).await?;
        let said = stage.browser.run("return localStorage.getItem('said')", vec![]).await?;
        assert!(said.as_str().is_some_and(|said| said.len() == 36), "{said}");
        Ok(())
    })
    .await
}
