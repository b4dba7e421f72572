//! What a journey leaves to the next, and a run to the machine.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use banklink_journey::{Browser, Engine, JourneyError, SandboxOptions, Scheme, Site, Viewport};
use serde_json::json;

use crate::stage::Outcome;

/// What a page finds of what was done before.
const FOUND: &str = "
    const found = {
        cookie: document.cookie,
        storage: [localStorage.left ?? null, sessionStorage.left ?? null],
        first: window.left ?? null,
        width: innerWidth,
        dark: matchMedia('(prefers-color-scheme: dark)').matches,
    };
    return fetch('/fetched').then(() => true, () => false).then((fetched) => ({ ...found, fetched }))";

#[tokio::test]
async fn a_browser_that_is_handed_on_has_nothing_of_the_journey_before() -> Outcome {
    let page = "<!doctype html><html lang=en><head><title>A page</title></head><body></body></html>";
    let site = Site::serve("localhost", page.to_owned()).await?;
    let browser = Browser::take().await?;
    let is_dark = browser.engine() != Engine::WebKit;
    if is_dark {
        browser.prefer(Scheme::Dark).await?;
    }
    browser.set_viewport(Viewport::PHONE).await?;
    browser.runs_first("window.left = 'a script'").await?;
    browser.blocks(&["/fetched"]).await?;
    browser.goto(site.origin()).await?;
    let leave = "document.cookie = 'left=yes'; localStorage.left = sessionStorage.left = 'yes'; console.error('left')";
    browser.run(leave, vec![]).await?;
    let left = json!({
        "cookie": "left=yes", "storage": ["yes", "yes"], "first": "a script", "width": Viewport::PHONE.width,
        "dark": is_dark, "fetched": false,
    });
    assert_eq!(browser.run(FOUND, vec![]).await?, left);
    browser.client().new_window(false).await?;
    browser.hand_on().await;

    let next = Browser::take().await?;
    assert_eq!(next.client().windows().await?.len(), 1);
    assert_eq!(next.complaints().await?, []);
    next.goto(site.origin()).await?;
    let nothing = json!({
        "cookie": "", "storage": [null, null], "first": null, "width": Viewport::DESKTOP.width,
        "dark": false, "fetched": true,
    });
    assert_eq!(next.run(FOUND, vec![]).await?, nothing);
    next.hand_on().await;
    Ok(())
}

/// Set for the run that is killed.
const KILLED: &str = "BANKLINK_JOURNEY_IS_KILLED";

#[tokio::test]
async fn a_run_that_is_killed_leaves_no_process_and_no_file_behind() -> Outcome {
    if env::var_os(KILLED).is_some() {
        return stays().await;
    }
    let name = "leftovers::a_run_that_is_killed_leaves_no_process_and_no_file_behind";
    let not_started = |source| JourneyError::NotStarted { program: "the run that is killed".into(), source };
    let mut run = Command::new(env::current_exe().map_err(not_started)?);
    run.args([name, "--exact", "--nocapture"]).env(KILLED, "yes").stdout(Stdio::piped());
    let mut run = run.spawn().map_err(not_started)?;
    let said = BufReader::new(run.stdout.take().unwrap());
    let line = said.lines().map_while(Result::ok).find_map(|line| line.strip_prefix("started ").map(str::to_owned));
    run.kill().unwrap();
    run.wait().unwrap();

    let line = line.expect("the run says what it started");
    let (address, database) = line.split_once(' ').unwrap();
    let address: SocketAddr = address.parse().unwrap();
    let folder = Path::new(database).parent().unwrap();
    let ends = async {
        while TcpStream::connect(address).is_ok() || folder.exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ends).await.expect("the server and its folder are gone");
    Ok(())
}

/// Starts a server, says where it is, and waits to be killed.
async fn stays() -> Outcome {
    let sandbox = SandboxOptions::default().start().await?;
    let address = sandbox.widget().trim_start_matches("http://");
    let said = writeln!(io::stdout().lock(), "\nstarted {address} {}", sandbox.database().display());
    said.map_err(|source| JourneyError::File { path: "standard output".into(), source })?;
    tokio::time::sleep(Duration::from_mins(1)).await;
    Ok(())
}
