//! What happens before the server listens: the database, the key, apps, institutions, themes.

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use banklink_connectors::sandbox::{self, BuiltInInstitution};
use banklink_domain::{
    app::{App, AppMode, AppSettings, AppTheme, RedirectUri},
    client_secret::ClientSecret,
    country::Country,
    ids::{AppId, ClientId, ClientSecretId},
    import,
    institution::{Bic, ConnectorKind, Institution, InstitutionName},
    origin,
    text::{AppName, OrganisationName},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{institutions::Health, secret::Secret};
use banklink_store::{Durability, NewApp, Store, StoreError};
use banklink_theme::{Finding, Severity};
use jiff::Timestamp;
use thiserror::Error;

use crate::{
    cli::{AppCreateArgs, DataArgs, Mode},
    random,
    seal::SealKey,
};

/// Why a command can't go on. Each says what to do.
#[derive(Debug, Error)]
pub enum SetUpError {
    /// The database failed.
    #[error("the database can't be used")]
    Store(#[from] StoreError),
    /// A file can't be read or written.
    #[error("{path} can't be {doing}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The key file holds no key.
    #[error("{} holds no key of 64 hexadecimal digits", .0.display())]
    Key(PathBuf),
    /// An argument is wrong.
    #[error("{what} {value:?}: {reason}")]
    Argument {
        /// Which.
        what: &'static str,
        /// As given.
        value: String,
        /// Why.
        reason: String,
    },
    /// A stylesheet was refused, or part of it.
    #[error("{} has parts that are not allowed; see above", .0.display())]
    Theme(PathBuf),
    /// Anything that should not happen.
    #[error("{0}")]
    Other(String),
}

impl SetUpError {
    /// Something that should not happen.
    pub fn other(error: impl std::fmt::Display) -> Self {
        Self::Other(error.to_string())
    }

    fn argument(what: &'static str, value: &str, reason: impl std::fmt::Display) -> Self {
        Self::Argument { what, value: value.to_owned(), reason: reason.to_string() }
    }

    fn file(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, doing, source }
    }
}

/// Opens the database; makes it if it is not there.
pub async fn open_store(file: &Path, durability: Durability) -> Result<Store, SetUpError> {
    Ok(Store::open(&format!("sqlite://{}?mode=rwc", file.display()), durability).await?)
}

/// Reads the key, or makes one that only this user can read.
pub fn seal_key(file: &Path) -> Result<SealKey, SetUpError> {
    match std::fs::read_to_string(file) {
        Ok(text) => SealKey::parse(&text).ok_or_else(|| SetUpError::Key(file.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = SealKey::generate();
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut written = options.open(file).map_err(SetUpError::file(file, "written"))?;
            writeln!(written, "{}", *key.to_text()).map_err(SetUpError::file(file, "written"))?;
            Ok(key)
        }
        Err(error) => Err(SetUpError::file(file, "read")(error)),
    }
}

/// Says who runs this deployment.
pub async fn name_organisation(store: &Store, name: &str) -> Result<(), SetUpError> {
    let parsed = OrganisationName::parse(name).map_err(|reason| SetUpError::argument("name", name, reason))?;
    Ok(store.settings().set_organisation_name(&parsed).await?)
}

/// Brings the sandbox's own institutions up to date. They are listed in sandbox apps only.
pub async fn built_in_institutions(store: &Store) -> Result<(), SetUpError> {
    let institutions = sandbox_institutions()?;
    store.institutions().upsert_many(&institutions).await?;
    Ok(())
}

fn sandbox_institutions() -> Result<Vec<Institution>, SetUpError> {
    let name = |text: &str| InstitutionName::parse(text).map_err(SetUpError::other);
    let institution = |built_in: &BuiltInInstitution| {
        Ok(Institution {
            id: built_in.id.into(),
            name: name(built_in.name)?,
            country: Country::parse(built_in.country).map_err(SetUpError::other)?,
            bic: built_in.bic.map(Bic::parse).transpose().map_err(SetUpError::other)?,
            short_name: built_in.short_name.map(name).transpose()?,
            aliases: built_in.aliases.iter().copied().map(name).collect::<Result<_, _>>()?,
            connector: ConnectorKind::Sandbox,
            built_in: true,
            health: Health::Up,
            popularity: built_in.popularity,
        })
    };
    sandbox::built_in_institutions().iter().map(institution).collect()
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Lines brought in.
    pub imported: usize,
    /// Lines refused.
    pub refused: usize,
}

/// Brings in a directory. Malformed lines are told with their number and reason; the rest is imported.
pub async fn import(store: &Store, file: &Path, mut refused: impl FnMut(String)) -> Result<Imported, SetUpError> {
    let bytes = std::fs::read(file).map_err(SetUpError::file(file, "read"))?;
    let lines = import::read(&bytes, ConnectorKind::Sandbox)
        .map_err(|error| SetUpError::argument("the file", &file.display().to_string(), error))?;
    let mut institutions = Vec::new();
    let mut refusals = 0;
    for line in lines {
        match line {
            Ok(institution) => institutions.push(institution),
            Err(error) => {
                refusals += 1;
                refused(format!("line {}: {}", error.number, error.reason));
            }
        }
    }
    store.institutions().upsert_many(&institutions).await?;
    Ok(Imported { imported: institutions.len(), refused: refusals })
}

/// A new app, as it is shown once.
pub struct CreatedApp {
    /// The app.
    pub app: App,
    /// Shown now and never again.
    pub client_secret: Secret,
    /// Shown now and never again.
    pub data_key: Secret,
}

/// `banklink app create`
pub async fn create_app(store: &Store, args: &AppCreateArgs, now: Timestamp) -> Result<CreatedApp, SetUpError> {
    let mode = match args.mode {
        Mode::Sandbox => AppMode::Sandbox,
        Mode::Live => AppMode::Live,
    };
    let name = AppName::parse(&args.name).map_err(|error| SetUpError::argument("--name", &args.name, error))?;
    let redirect_uris = args
        .redirect_uris
        .iter()
        .map(|uri| RedirectUri::parse(uri).map_err(|error| SetUpError::argument("--redirect-uri", uri, error)));
    let origins = args
        .origins
        .iter()
        .map(|text| origin::parse(text, mode).map_err(|error| SetUpError::argument("--origin", text, error)));
    let client_secret = TokenKind::ClientSecret.mint(random::bytes());
    let data_key = TokenKind::DataKey.mint(random::bytes());
    let app = App {
        id: AppId::new(now, random::bytes()),
        name,
        mode,
        client_id: ClientId::new(random::bytes()),
        data_key: TokenHash::of(&data_key),
        settings: AppSettings { force_authorize_token: !args.allow_without_token, ..AppSettings::default() },
        created_at: now,
    };
    let secret =
        ClientSecret::new(ClientSecretId::new(now, random::bytes()), app.id, TokenHash::of(&client_secret), now);
    let new = NewApp {
        redirect_uris: redirect_uris.collect::<Result<_, _>>()?,
        origins: origins.collect::<Result<_, _>>()?,
        secret: Some(secret),
        app,
    };
    store.apps().create(&new).await?;
    Ok(CreatedApp { app: new.app, client_secret, data_key })
}

/// A stylesheet as the compiler wrote it, and what it has to say.
pub fn compile_theme(file: &Path) -> Result<(AppTheme, Vec<Finding>), SetUpError> {
    let source = std::fs::read_to_string(file).map_err(SetUpError::file(file, "read"))?;
    let compiled = banklink_theme::compile(&source);
    Ok((AppTheme::new(source, compiled.css), compiled.findings))
}

/// Whether something was refused.
pub fn is_refused(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Gives an app a stylesheet, refused parts left out.
pub async fn set_theme(store: &Store, app: &App, file: &Path, now: Timestamp) -> Result<Vec<Finding>, SetUpError> {
    let (theme, findings) = compile_theme(file)?;
    store.apps().set_theme(app.id, &theme, now).await?;
    Ok(findings)
}

/// The database of a command.
pub async fn open_data(data: &DataArgs) -> Result<Store, SetUpError> {
    open_store(&data.database, Durability::Durable).await
}

/// The database and the key of a command.
pub async fn open(data: &DataArgs) -> Result<(Store, SealKey), SetUpError> {
    Ok((open_data(data).await?, seal_key(&data.seal_key_file)?))
}
