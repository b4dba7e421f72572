//! `cargo xtask bench`: how light and how fast it is, in one run, on this machine.
//!
//! Times depend on the machine; so the same page, written by hand without any widget, is measured in the same run.

mod client;
mod loading;
mod numbers;
mod searching;
mod serving;
mod typing;

use banklink_journey::{Browser, JourneyError, SandboxOptions};

use self::{
    loading::{Times, Visit},
    numbers::{Milliseconds, median},
};
use crate::{
    Error, browsing, build,
    command::Program,
    tools::Tools,
    workspace::{self, Profile, Workspace},
};

/// Loads per condition; the median counts.
const LOADS: usize = 7;

/// Institutions in the directory that is searched.
const INSTITUTIONS: usize = 9_000;

/// Builds, measures and prints.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    // The search is measured in this process: it is compiled as what is installed is.
    if cfg!(debug_assertions) {
        return Ok(Program::cargo(workspace).args("run --release --bin xtask -- bench").run()?);
    }
    println!("\n{}", searching::report()?);
    Tools::for_browsing(workspace)?;
    build::run(workspace, Profile::Release)?;
    let directory = workspace.target().join("bench-institutions.jsonl");
    workspace::write(&directory, numbers::directory(INSTITUTIONS).as_bytes())?;
    let options = SandboxOptions {
        binary: Some(workspace.binary(Profile::Release)),
        institutions: Some(directory),
        log: Some("error"),
        ..SandboxOptions::default()
    };
    browsing::block_on(measure(&options))
}

async fn measure(options: &SandboxOptions) -> Result<(), JourneyError> {
    let sandbox = options.start().await?;
    let browser = Browser::open().await?;

    println!("\nfirst load");
    println!("{}", loading::weight(&browser, &sandbox).await?);

    println!("\ntime to the first screen, median of {LOADS}: without and with the files of an earlier visit");
    println!("{:<44} {:>9} {:>9} {:>9} {:>9} {:>9}", "", "painted", "usable", "bare page", "again", "usable");
    for conditions in loading::CONDITIONS {
        conditions.apply(&browser).await?;
        let first = loading::times(&browser, &sandbox, Visit::First).await?;
        let another = loading::times(&browser, &sandbox, Visit::Another).await?;
        let bare = loading::times_of_bare_page(&browser).await?;
        let painted = |times: &[Times]| median(times.iter().map(|time| time.painted));
        let usable = |times: &[Times]| median(times.iter().map(|time| time.usable));
        println!(
            "{:<44} {:>9} {:>9} {:>9} {:>9} {:>9}   painted after {:.1} × the bare page, usable after {:.1} ×",
            conditions.name,
            painted(&first),
            usable(&first),
            bare,
            painted(&another),
            usable(&another),
            painted(&first).ratio(bare),
            usable(&first).ratio(bare),
        );
        let long: Vec<_> = first.iter().filter_map(|time| time.longest_task).collect();
        println!(
            "{:<44} {} of {LOADS} had a task over 50 ms, the worst {}",
            "",
            long.len(),
            Milliseconds::worst(&long)
        );
    }
    loading::CONDITIONS[0].apply(&browser).await?;

    let keys = typing::times(&browser, &sandbox).await?;
    println!("\nfrom a key in the search box to its results, {INSTITUTIONS} institutions");
    println!("median {} worst {}", median(keys.iter().copied()), Milliseconds::worst(&keys));

    let durable = SandboxOptions { durable: true, ..options.clone() }.start().await?;
    println!("\n{}", serving::run(&sandbox, &durable).await?);
    Ok(())
}
