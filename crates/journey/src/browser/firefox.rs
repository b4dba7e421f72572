//! What takes more than a command in Firefox.
//!
//! A profile that Firefox never started with costs it twice the time: it compiles what it consists of. So browsers
//! start with copies of one that it started with once, and that never saw a page.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;

use super::{Engine, driver::Driver};
use crate::JourneyError;

/// The environment's variable that says where that profile is. Without it, every browser starts with nothing.
pub const PROFILE: &str = "BANKLINK_FIREFOX_PROFILE";

/// What belongs to the Firefox that runs.
const LOCKS: [&str; 2] = ["lock", ".parentlock"];

/// Makes that profile, in a folder that is empty.
pub async fn prepare_profile(driver: &Path, folder: &Path) -> Result<(), JourneyError> {
    let driver = Driver::start_program(Engine::Firefox, driver.as_os_str()).await?;
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let capabilities = Engine::Firefox.capabilities(Some(folder));
    let client = builder.capabilities(capabilities).connect(&driver.address()).await?;
    // It writes down what it made.
    client.close().await?;
    drop(driver);
    for lock in LOCKS {
        // Whether it was there depends on how Firefox ended.
        let _ = fs::remove_file(folder.join(lock));
    }
    Ok(())
}

/// A copy of it for one browser.
pub(super) fn profile(profiles: &Path) -> Result<Option<PathBuf>, JourneyError> {
    let Some(template) = env::var_os(PROFILE).map(PathBuf::from) else { return Ok(None) };
    let copy = profiles.join("profile");
    copy_folder(&template, &copy).map_err(|source| JourneyError::File { path: template, source })?;
    Ok(Some(copy))
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
