//! Clients that others publish complete whole flows, unmodified: `tests/clients/`.

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use banklink_journey::{JourneyError, Person, Place, Site, person::Card};

use crate::stage::{Outcome, Stage, journey, linked_page};

/// A program that uses a client.
struct Client {
    running: Child,
    says: BufReader<ChildStdout>,
}

fn failed(source: std::io::Error) -> JourneyError {
    JourneyError::File { path: "tests/clients".into(), source }
}

impl Client {
    fn start(script: &str, arguments: &[&str]) -> Result<Self, JourneyError> {
        let python = env::var_os("BANKLINK_PYTHON").unwrap_or_else(|| "python3".into());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
        let mut command = Command::new(python);
        command.arg(folder.join(script)).args(arguments).stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().map_err(failed)?;
        let says = running.stdout.take().map(BufReader::new).expect("it was piped");
        Ok(Self { running, says })
    }

    /// The next line that it prints.
    fn line(&mut self) -> Result<String, JourneyError> {
        let mut line = String::new();
        self.says.read_line(&mut line).map_err(failed)?;
        Ok(line.trim_end().to_owned())
    }

    /// Tells it something.
    fn hears(&mut self, line: &str) -> Result<(), JourneyError> {
        let stdin = self.running.stdin.as_mut().expect("it was piped");
        writeln!(stdin, "{line}").map_err(failed)
    }

    /// Waits for its end, which must be a good one.
    fn ends(mut self) -> Outcome {
        let mut complaint = String::new();
        if let Some(mut stderr) = self.running.stderr.take() {
            stderr.read_to_string(&mut complaint).map_err(failed)?;
        }
        assert!(self.running.wait().map_err(failed)?.success(), "{complaint}");
        Ok(())
    }
}

/// A page of the app's own where people come back to, and its address.
async fn comes_back_to(stage: &Stage) -> Result<(Site, String), JourneyError> {
    let site = linked_page().await?;
    let back = format!("{}/linked", site.origin());
    stage.sandbox.may_lead_to(&back).await?;
    Ok((site, back))
}

async fn logs_in(person: Person<'_>) -> Outcome {
    person.agrees().await?;
    person.types_credentials("ana", "SCA_SMS").await?;
    person.continues().await?;
    person.answers_code("482913").await
}

#[tokio::test]
async fn an_integration_written_with_flinks_works() -> Outcome {
    journey(async |stage| {
        let mut client = Client::start("flinks_client.py", &[stage.sandbox.widget()])?;
        let last = client.line()?;
        client.ends()?;
        assert_eq!(last, "flinks: done");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_integration_written_with_flanks_client_works() -> Outcome {
    journey(async |stage| {
        let (site, back) = comes_back_to(stage).await?;
        let mut client = Client::start("flanks_client.py", &[stage.sandbox.widget(), &back])?;
        let browser = &stage.browser;
        let is_back = async || Ok(browser.address().await?.starts_with(site.origin()).then_some(()));
        let person = Person::new(browser, Place::Page);

        browser.goto(&client.line()?).await?;
        logs_in(person).await?;
        browser.until("the app's own page", is_back).await?;

        browser.goto(&client.line()?).await?;
        person.sees(Card::Reauthorise).await?;
        person.continues().await?;
        person.answers_code("482913").await?;
        browser.until("the app's own page", is_back).await?;
        assert_eq!(client.line()?, "flanks-client: done");
        client.ends()
    })
    .await
}

#[tokio::test]
async fn a_data_recipient_written_with_authlib_works() -> Outcome {
    journey(async |stage| {
        let (site, back) = comes_back_to(stage).await?;
        let mut client = Client::start("authlib_client.py", &[stage.sandbox.widget(), &back])?;
        let browser = &stage.browser;
        let is_back = async || Ok(browser.address().await?.starts_with(site.origin()).then_some(()));
        let person = Person::new(browser, Place::Page);

        browser.goto(&client.line()?).await?;
        logs_in(person).await?;
        browser.until("the recipient's own page", is_back).await?;
        client.hears(&browser.address().await?)?;

        browser.goto(&client.line()?).await?;
        person.declines().await?;
        browser.until("the recipient's own page", is_back).await?;
        client.hears(&browser.address().await?)?;
        let last = client.line()?;
        client.ends()?;
        assert_eq!(last, "authlib: done");
        Ok(())
    })
    .await
}
