//! What happens before the server listens: the database, the key, apps, institutions, themes.

use std::{
    convert::Infallible,
    fs::File,
    io::{ErrorKind, Read, Write},
    net::IpAddr,
    path::{Path, PathBuf},
};

use banklink_connectors::sandbox::{self, BuiltInInstitution};
use banklink_domain::{
    activity::{Actor, Change},
    app::{App, AppMode, AppSettings, AppTheme, RedirectUri},
    country::Country,
    import,
    institution::{Bic, ConnectorKind, Institution, InstitutionName},
    logo::Logo,
    operator::{Email, Guest},
    origin,
    sealed::Sealed,
    text::{AppName, OrganisationName},
};
use banklink_protocol::{ids::InstitutionId, secret::Secret};
use banklink_store::{DatabaseUse, Durability, Invite, Store, StoreError};
use banklink_theme::{Finding, MAX_SOURCE, Severity};
use ipnet::IpNet;
use jiff::Timestamp;
use thiserror::Error;
use url::Url;

use crate::{
    cli::{AppCreateArgs, DataArgs, Mode, Words, words},
    seal::{Purpose, SealKey, Sealer},
    serve::ListenError,
    services::{
        operators,
        organisation::{self, AppPlan, CreatedApp},
    },
};

/// Why a command can't go on. Each says what to do.
#[derive(Debug, Error)]
pub enum SetUpError {
    /// The database failed.
    #[error("the database can't be used")]
    Store(#[from] StoreError),
    /// The same, once it is known which.
    #[error("the database {} can't be used", file.display())]
    Database {
        /// Which.
        file: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// The port, or the address, is not to be had.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// A file is larger than any that makes sense.
    #[error("{} has more than {limit} bytes", file.display())]
    TooLarge {
        /// Which.
        file: PathBuf,
        /// Most bytes.
        limit: usize,
    },
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
    /// The key file is lost, and what it sealed is still there.
    #[error("{} is missing, and what is in the database was sealed with it: bring it back", .0.display())]
    KeyMissing(PathBuf),
    /// Another key sealed what is in the database.
    #[error("{} holds another key than the one that sealed what is in the database: bring that one back", .0.display())]
    WrongKey(PathBuf),
    /// A sandbox's database must not be served as real.
    #[error("{} was made by the sandbox, and its credentials are known to everyone: serve another database", .0.display())]
    MadeBySandbox(PathBuf),
    /// A real database must not become a sandbox's.
    #[error("{} holds real data: the sandbox would add credentials that everyone knows; give it a file of its own", .0.display())]
    HoldsRealData(PathBuf),
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

    /// The same error, naming the database that failed.
    #[must_use]
    fn of_database(self, file: &Path) -> Self {
        match self {
            Self::Store(source) => Self::Database { file: file.to_owned(), source },
            other => other,
        }
    }

    fn file(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, doing, source }
    }
}

/// Opens the database; makes it if it is not there.
pub async fn open_store(file: &Path, durability: Durability) -> Result<Store, SetUpError> {
    Store::open(file, durability).await.map_err(|source| SetUpError::Database { file: file.to_owned(), source })
}

/// Opens a database for some work and closes it after, whatever came of it, so that all data is in the one file.
pub async fn with_store<T>(
    file: &Path,
    durability: Durability,
    work: impl AsyncFnOnce(&Store) -> Result<T, SetUpError>,
) -> Result<T, SetUpError> {
    let store = open_store(file, durability).await?;
    let done = work(&store).await;
    let closed = store.close().await.map_err(SetUpError::from);
    done.and_then(|value| closed.map(|()| value)).map_err(|error| error.of_database(file))
}

/// The database of a command, for its work. One that is new is for real data.
pub async fn with_data<T>(
    data: &DataArgs,
    work: impl AsyncFnOnce(&Store) -> Result<T, SetUpError>,
) -> Result<T, SetUpError> {
    with_store(&data.database, Durability::Durable, async |store| {
        store.settings().decide_use(DatabaseUse::Deployment).await?;
        work(store).await
    })
    .await
}

/// `banklink backup`: of a database that is there, or an empty one would be copied in its place.
pub async fn backup(data: &DataArgs, to: &Path) -> Result<(), SetUpError> {
    let there = File::open(&data.database).map_err(SetUpError::file(&data.database, "read"))?;
    drop(there);
    with_data(data, async |store| Ok(store.backup(to).await?)).await
}

/// Refuses a database that is used for something else.
pub async fn use_for(store: &Store, file: &Path, wanted: DatabaseUse) -> Result<(), SetUpError> {
    match (store.settings().decide_use(wanted).await?, wanted) {
        (DatabaseUse::Sandbox, DatabaseUse::Deployment) => Err(SetUpError::MadeBySandbox(file.to_owned())),
        (DatabaseUse::Deployment, DatabaseUse::Sandbox) => Err(SetUpError::HoldsRealData(file.to_owned())),
        _ => Ok(()),
    }
}

/// Sealed with the key of a database when there is one, and opened at each start.
const CANARY: &[u8] = b"banklink";

/// Where the key of a database is, unless it is said.
pub fn key_beside(database: &Path) -> PathBuf {
    database.with_extension("key")
}

/// The key of the database. A new database gets the key in the file, or a new one; after that no other key will do.
pub async fn unlock(store: &Store, file: &Path) -> Result<SealKey, SetUpError> {
    let canary = store.settings().seal_canary().await?;
    let key = match (read_key(file)?, &canary) {
        (Some(key), _) => key,
        (None, Some(_)) => return Err(SetUpError::KeyMissing(file.to_owned())),
        (None, None) => make_key(file)?,
    };
    let sealer = Sealer::new(&key);
    let canary = if let Some(canary) = canary {
        canary
    } else {
        let proposed = Sealed::new(sealer.seal(Purpose::Canary, CANARY).map_err(SetUpError::other)?);
        store.settings().decide_seal_canary(&proposed).await?
    };
    let opened = sealer.open(Purpose::Canary, canary.as_bytes());
    opened.map(|_| key).map_err(|_| SetUpError::WrongKey(file.to_owned()))
}

fn read_key(file: &Path) -> Result<Option<SealKey>, SetUpError> {
    match std::fs::read_to_string(file) {
        Ok(text) => SealKey::parse(&text).map(Some).ok_or_else(|| SetUpError::Key(file.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SetUpError::file(file, "read")(error)),
    }
}

/// Makes a key that only this user can read, whole or not at all: half a key, or none after the power failed, would
/// lose what was sealed since. Where another process was first, takes that one's.
fn make_key(file: &Path) -> Result<SealKey, SetUpError> {
    let unwritten = |error| SetUpError::file(file, "written")(error);
    let key = SealKey::generate();
    let folder = Path::new(".").join(file.parent().unwrap_or(Path::new("")));
    let mut written = tempfile::NamedTempFile::new_in(&folder).map_err(unwritten)?;
    writeln!(written, "{}", *key.to_text()).and_then(|()| written.as_file().sync_all()).map_err(unwritten)?;
    match written.persist_noclobber(file) {
        Ok(_) => sync_folder(&folder).map(|()| key).map_err(unwritten),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            read_key(file)?.ok_or_else(|| SetUpError::Key(file.to_owned()))
        }
        Err(error) => Err(unwritten(error.error)),
    }
}

/// A file's name is kept by its folder, which has to be written too.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A file's bytes, unless there are more than `limit`: it may be one that never ends.
pub(crate) fn read_at_most(file: &Path, limit: usize) -> Result<Vec<u8>, SetUpError> {
    let unread = |error| SetUpError::file(file, "read")(error);
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(unread)?;
    opened.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() > limit { Err(SetUpError::TooLarge { file: file.to_owned(), limit }) } else { Ok(bytes) }
}

/// Says who runs this deployment.
pub async fn name_organisation(store: &Store, name: &str, now: Timestamp) -> Result<(), SetUpError> {
    let parsed = OrganisationName::parse(name).map_err(|reason| SetUpError::argument("name", name, reason))?;
    Ok(store.settings().set_organisation_name(&parsed, &by_command(now)).await?)
}

/// Brings the sandbox's own institutions up to date. They are listed in sandbox apps only.
pub async fn built_in_institutions(store: &Store) -> Result<(), SetUpError> {
    let institutions = sandbox_institutions()?;
    store.institutions().upsert_many(&institutions).await?;
    store.logos().set_many(&sandbox_logos()?).await?;
    Ok(())
}

fn sandbox_logos() -> Result<Vec<(InstitutionId, Logo)>, SetUpError> {
    let logo = |(id, bytes): &(&str, &[u8])| Ok(((*id).into(), Logo::read(bytes.to_vec()).map_err(SetUpError::other)?));
    sandbox::LOGOS.iter().map(logo).collect()
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
            health: built_in.health,
            popularity: built_in.popularity,
        })
    };
    sandbox::built_in_institutions().iter().map(institution).collect()
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Institutions written.
    pub imported: u64,
    /// Lines refused.
    pub refused: usize,
}

/// Largest directory, in bytes: some 200,000 institutions.
pub const MAX_DIRECTORY: usize = 64 << 20;

/// Brings in a directory. Malformed lines are told with their number and reason; the rest is imported.
pub async fn import(store: &Store, file: &Path, mut refused: impl FnMut(String)) -> Result<Imported, SetUpError> {
    let bytes = read_at_most(file, MAX_DIRECTORY)?;
    let built_in = sandbox::built_in_institutions().iter().map(|built_in| built_in.id.into());
    let lines = import::read(&bytes, ConnectorKind::Sandbox, built_in)
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
    let imported = store.institutions().upsert_many(&institutions).await?;
    Ok(Imported { imported, refused: refusals })
}

/// `banklink app create`
pub async fn create_app(store: &Store, args: &AppCreateArgs, now: Timestamp) -> Result<CreatedApp, SetUpError> {
    let mode = match args.mode {
        Mode::Sandbox => AppMode::Sandbox,
        Mode::Live => AppMode::Live,
    };
    let name = AppName::parse(&args.name).map_err(|error| SetUpError::argument("--name", &args.name, error))?;
    let redirect_uris: Vec<_> = words(&args.redirect_uris)
        .map(|uri| RedirectUri::parse(uri).map_err(|error| SetUpError::argument("--redirect-uri", uri, error)))
        .collect::<Result<_, _>>()?;
    if redirect_uris.is_empty() {
        return Err(SetUpError::argument("--redirect-uri", "", "people have to go somewhere at the end"));
    }
    let origins = words(&args.origins)
        .map(|text| origin::parse(text, mode).map_err(|error| SetUpError::argument("--origin", text, error)))
        .collect::<Result<_, _>>()?;
    let settings = AppSettings { force_authorize_token: !args.allow_without_token, ..AppSettings::default() };
    let plan = AppPlan { name, mode, redirect_uris, origins, settings };
    Ok(organisation::make_app(store, plan, &by_command(now)).await?)
}

/// Networks that an operator trusts.
pub fn trusted_proxies(given: &[Words]) -> Result<Vec<IpNet>, SetUpError> {
    let network = |text: &str| {
        let one_address = || text.parse().map(IpAddr::into);
        text.parse().or_else(|_| one_address()).map_err(|_| {
            SetUpError::argument("--trusted-proxy", text, "not a network such as 10.0.0.0/8, nor an address")
        })
    };
    words(given).map(network).collect()
}

/// `banklink operator invite` and `banklink operator recover`: the address of the page that goes on.
pub async fn invite_operator(
    store: &Store,
    email: &str,
    public_url: &Url,
    recovers: bool,
    now: Timestamp,
) -> Result<Secret, SetUpError> {
    let refused = |reason: &str| SetUpError::argument("the address", email, reason);
    let parsed = Email::parse(email).map_err(|error| refused(&error.to_string()))?;
    let guest = if recovers {
        let operator = store.operators().by_email(&parsed).await?;
        Guest::Recovering(operator.ok_or_else(|| refused("nobody signs in with it"))?.id)
    } else {
        Guest::New(parsed)
    };
    match operators::invite_guest(store, guest, &by_command(now)).await? {
        (invited, Invite::Invited) => Ok(invited.url(public_url)),
        (_, Invite::Taken) => Err(refused("somebody signs in with it already")),
        (_, Invite::TooMany) => Err(refused("there are as many operators and invitations as there may be")),
    }
}

/// Where the first operator makes themselves one, if there is none yet.
pub async fn first_operator(store: &Store, public_url: &Url, now: Timestamp) -> Result<Option<Secret>, SetUpError> {
    if store.operators().are_there().await? {
        return Ok(None);
    }
    match operators::invite_guest(store, Guest::First, &by_command(now)).await? {
        (invited, Invite::Invited) => Ok(Some(invited.url(public_url))),
        // Somebody who starts the server very often has an address already.
        (_, Invite::Taken | Invite::TooMany) => Ok(None),
    }
}

/// A stylesheet as the compiler wrote it, and what it has to say.
pub fn compile_theme(file: &Path) -> Result<(AppTheme, Vec<Finding>), SetUpError> {
    let source = String::from_utf8(read_at_most(file, MAX_SOURCE)?)
        .map_err(|_| SetUpError::argument("the file", &file.display().to_string(), "not valid UTF-8"))?;
    let compiled = banklink_theme::compile(&source);
    Ok((AppTheme::new(source, compiled.css), compiled.findings))
}

/// A change by whoever runs the program.
pub(crate) const fn by_command(now: Timestamp) -> Change {
    Change { by: Actor::CommandLine, at: now }
}

/// Whether something was refused.
pub fn is_refused(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Gives an app a stylesheet, refused parts left out.
pub async fn set_theme(
    store: &Store,
    app: &App,
    file: &Path,
    now: Timestamp,
) -> Result<(AppTheme, Vec<Finding>), SetUpError> {
    let (theme, findings) = compile_theme(file)?;
    let set = |_| Ok::<_, Infallible>(Some(theme.clone()));
    let Ok(()) = store.apps().change_theme(app.id, &by_command(now), set).await?;
    Ok((theme, findings))
}
