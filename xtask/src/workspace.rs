//! Where things are, and reading and writing them with errors that name the file.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("can't {doing} {}: {source}", path.display())]
pub(crate) struct FileError {
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}

/// How the server is compiled (`[profile]` in `Cargo.toml`).
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// Quickly, to be tried and tested.
    Dev,
    /// To run fast: what is installed, and measured.
    Release,
}

impl Profile {
    /// What cargo calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// Where cargo leaves what it makes.
    const fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// The checkout that this tool was built from.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The checkout around this package.
    pub(crate) fn of_this_tool() -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: package.parent().unwrap_or(package).to_path_buf() }
    }

    /// Its top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside it.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Cargo's folder of build results. Always this one, since the server embeds the widget from it.
    pub(crate) fn target(&self) -> PathBuf {
        self.path("target")
    }

    /// The server's binary, once it is built.
    pub(crate) fn binary(&self, profile: Profile) -> PathBuf {
        self.target().join(profile.folder()).join(format!("banklink{}", std::env::consts::EXE_SUFFIX))
    }

    /// The widget as the server embeds it.
    pub(crate) fn widget(&self) -> PathBuf {
        self.target().join("widget")
    }
}

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(failed("read", path))
}

/// Writes a whole file, and the folders above it.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    fs::write(path, content).map_err(failed("write", path))
}

/// Writes a file if its content changes, so that what depends on its time stamp is not built again. Says whether it
/// did.
pub(crate) fn write_if_changed(path: &Path, content: &[u8]) -> Result<bool, FileError> {
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(false);
    }
    write(path, content).map(|()| true)
}

/// Makes a folder and those above it, if they are not there.
pub(crate) fn create_folder(path: &Path) -> Result<(), FileError> {
    fs::create_dir_all(path).map_err(failed("create", path))
}

/// Waits until nobody else holds this lock, and holds it until dropped. Two builds at once would write the same files.
pub(crate) fn lock(path: &Path) -> Result<fs::File, FileError> {
    let file = fs::File::create(path).map_err(failed("create", path))?;
    file.lock().map_err(failed("lock", path))?;
    Ok(file)
}

/// Removes a folder and all in it, if it is there.
pub(crate) fn remove_folder(path: &Path) -> Result<(), FileError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> Result<(), FileError> {
    fs::remove_file(path).map_err(failed("remove", path))
}

/// The files directly in a folder, sorted by name; hidden ones left out.
pub(crate) fn files_in(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed("list", folder))? {
        let path = entry.map_err(failed("list", folder))?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_path_buf();
    move |source| FileError { doing, path, source }
}
