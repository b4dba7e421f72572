//! What the first load may weigh (`widget.md`, section 6), and the script of hosts.

use banklink_journey::{Browser, JourneyError, Load, SandboxOptions, person::Card};

use crate::{
    Error, browsing,
    workspace::{self, Profile, Workspace},
};

/// Bytes with brotli until the list is usable: page, styles, script, wasm, strings, first institutions.
const BYTES: u64 = 80_000;

/// Requests until then.
const REQUESTS: usize = 5;

/// Bytes of `embed.js` with brotli.
const EMBED_BYTES: usize = 3_000;

/// Bytes of the dashboard with brotli: operators open it at work, and their browser keeps it. 10 KB are what a panic says.
const DASHBOARD_BYTES: usize = 345_000;

/// Something weighs more than it may.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OverBudget {
    #[error("{0} bytes, {BYTES} are allowed")]
    Bytes(u64),
    #[error("{0} requests, {REQUESTS} are allowed")]
    Requests(usize),
    #[error("origins {0:?}, one is allowed")]
    Origins(Vec<String>),
    #[error("the dashboard: {0} bytes, {DASHBOARD_BYTES} are allowed")]
    Dashboard(usize),
    #[error("embed.js: {0} bytes, {EMBED_BYTES} are allowed")]
    Embed(usize),
}

/// The language of the shortest words, and the one whose letters weigh the most.
const LANGUAGES: [&str; 2] = ["en", "ar"];

/// Loads the widget as a page of its own, prints what that took by kind, and compares it with the budget.
pub(super) fn check(workspace: &Workspace) -> Result<(), Error> {
    for language in LANGUAGES {
        let load = browsing::block_on(load(workspace, language))?;
        println!("{load} (language {language})");
        within(&load)?;
    }
    Ok(())
}

async fn load(workspace: &Workspace, language: &str) -> Result<Load, JourneyError> {
    let options = SandboxOptions { binary: Some(workspace.binary(Profile::Dev)), ..SandboxOptions::default() };
    let sandbox = options.start().await?;
    let browser = Browser::open().await?;
    let query = format!("consentEnable=false&language={language}");
    let person = browsing::opens_widget_page(&browser, &sandbox, &query).await?;
    person.sees(Card::Institutions).await?;
    browsing::list_is_usable(person).await?;
    Load::until_open(person.browser().await?).await
}

/// Compares the dashboard's files with their budget.
pub(super) fn check_dashboard(workspace: &Workspace) -> Result<(), Error> {
    let files = ["base.css.br", "dashboard.css.br", "dashboard.js.br", "dashboard.wasm.br"];
    let sizes = files.map(|file| workspace::read(&workspace.widget().join(file)).map(|bytes| bytes.len()));
    let bytes = sizes.into_iter().sum::<Result<usize, _>>()?;
    println!("the dashboard: {bytes} bytes with brotli, {DASHBOARD_BYTES} are allowed");
    if bytes > DASHBOARD_BYTES { Err(OverBudget::Dashboard(bytes).into()) } else { Ok(()) }
}

/// Compares `embed.js`, as it is sent to hosts' pages, with its budget.
pub(super) fn check_embed(workspace: &Workspace) -> Result<(), Error> {
    let bytes = workspace::read(&workspace.widget().join("embed.js.br"))?.len();
    println!("embed.js: {bytes} bytes with brotli, {EMBED_BYTES} are allowed");
    if bytes > EMBED_BYTES { Err(OverBudget::Embed(bytes).into()) } else { Ok(()) }
}

fn within(load: &Load) -> Result<(), OverBudget> {
    match (load.bytes(), load.requests(), load.origins()) {
        (bytes, ..) if bytes > BYTES => Err(OverBudget::Bytes(bytes)),
        (_, requests, _) if requests > REQUESTS => Err(OverBudget::Requests(requests)),
        (.., origins) if origins.len() != 1 => Err(OverBudget::Origins(origins)),
        _ => Ok(()),
    }
}
