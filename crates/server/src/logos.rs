//! `banklink institutions logos`: a folder of pictures, each named as its institution's id.

use std::{
    fs,
    path::{Path, PathBuf},
};

use banklink_domain::logo::{Logo, MAX_LOGO};
use banklink_protocol::ids::InstitutionId;
use banklink_store::Store;

use crate::setup::{SetUpError, read_at_most};

/// What came of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportedLogos {
    /// Institutions that have one now.
    pub imported: usize,
    /// Files refused.
    pub refused: usize,
}

/// Pictures that are written at once: enough to be quick, few enough to be held in memory.
const BATCH: usize = 100;

/// Brings in the pictures of a folder, `<institution id>.png`, `.jpg`, `.jpeg` or `.webp`. What is no logo, or nobody's, is
/// told with its name and reason; the rest is imported. Hidden files are passed over.
pub async fn import(
    store: &Store,
    folder: &Path,
    mut refused: impl FnMut(String),
) -> Result<ImportedLogos, SetUpError> {
    let mut done = ImportedLogos::default();
    let mut refuse = |done: &mut ImportedLogos, name: &str, why: &str| {
        done.refused += 1;
        refused(format!("{name}: {why}"));
    };
    for files in files(folder)?.chunks(BATCH) {
        let mut logos = Vec::with_capacity(files.len());
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match read(file) {
                Ok(logo) => logos.push(logo),
                Err(why) => refuse(&mut done, &name, &why),
            }
        }
        let unknown = store.logos().set_many(&logos).await?;
        done.imported += logos.len() - unknown.len();
        for id in unknown {
            refuse(&mut done, id.as_str(), "there is no institution of this id");
        }
    }
    Ok(done)
}

/// The files of a folder, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>, SetUpError> {
    let unread = |source| SetUpError::File { path: folder.to_owned(), doing: "read", source };
    let is_hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.is_file() && !is_hidden(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A file as the logo of the institution that it is named after.
fn read(file: &Path) -> Result<(InstitutionId, Logo), String> {
    let is_picture =
        |ending: &&str| ["png", "jpg", "jpeg", "webp"].iter().any(|known| known.eq_ignore_ascii_case(ending));
    let ending = file.extension().and_then(|ending| ending.to_str()).filter(is_picture);
    let id = file.file_stem().and_then(|name| name.to_str()).filter(|_| ending.is_some());
    let id = id.ok_or("not named as an id with .png, .jpg, .jpeg or .webp")?;
    // One byte more says that there are more.
    let bytes = read_at_most(file, MAX_LOGO + 1).map_err(|error| match error {
        SetUpError::TooLarge { .. } => format!("larger than {} KB", MAX_LOGO / 1024),
        other => other.to_string(),
    })?;
    let logo = Logo::read(bytes).map_err(|error| error.to_string())?;
    Ok((InstitutionId::from(id), logo))
}
