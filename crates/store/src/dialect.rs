//! The one place that knows which database it is.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::{
        self, ConnectOptions as _, Connection,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::{error::StoreError, store::Durability};

/// How long a statement waits for another process that writes. Within this process, writers queue for the one
/// connection and never meet SQLite's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request waits for its turn at a connection before it fails. Overload has to show, not pile up.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);

/// Connections for reading. Each is a thread of its own; SQLite in this mode lets them all read while one writes.
const READERS: u32 = 4;

/// Statements kept prepared by each connection: more than this crate has.
const STATEMENT_CACHE: usize = 256;

/// How often, and with what pauses, opening is tried while other processes open the same new file.
const OPEN_ATTEMPTS: u32 = 100;
const OPEN_PAUSE: Duration = Duration::from_millis(50);

/// What names a SQLite file as ours, in its header: "bnkl".
const APPLICATION_ID: i64 = 0x626e_6b6c;

/// The file as SQLite can take it for nothing else: a bare name may read as an address (`file:…`), or as memory.
pub(crate) fn file(path: &Path) -> Result<PathBuf, StoreError> {
    if path.to_str().is_none() {
        return Err(StoreError::FileName);
    }
    Ok(Path::new(".").join(path))
}

/// Makes the file where there is none, for this user only. SQLite gives the files beside it the same permissions.
fn make(file: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(StoreError::Create(error)),
        _ => Ok(()),
    }
}

/// Looks into the file before anything of it is changed, and refuses another program's.
async fn refuse_foreign(file: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(BUSY_TIMEOUT).disable_statement_logging();
    let (tables, application) = look(&options).await.map_err(opening)?;
    if tables > 0 && application != APPLICATION_ID { Err(StoreError::Foreign) } else { Ok(()) }
}

/// How many tables and the like there are, and whose. In this order: another process of ours, just making the tables,
/// signs them in the same transaction.
async fn look(options: &SqliteConnectOptions) -> Result<(i64, i64), sqlx::Error> {
    let mut connection = options.connect().await?;
    let tables = sqlx::query_scalar("SELECT count(*) FROM sqlite_master").fetch_one(&mut connection).await?;
    let application = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok((tables, application))
}

fn opening(error: sqlx::Error) -> StoreError {
    StoreError::Open(DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}

/// Writes all there is into a new file, and sees to it that it is on the disk.
pub(crate) async fn backup(database: &DatabaseConnection, to: &Path) -> Result<(), StoreError> {
    let to = file(to)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(&to).map_err(StoreError::Create)?;
    // SQLite writes into a file that is empty, and into no other.
    let name = to.to_str().ok_or(StoreError::FileName)?;
    let vacuum = Statement::from_sql_and_values(DatabaseBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
    let written = async {
        database.execute_raw(vacuum).await?;
        made.sync_all().map_err(StoreError::Create)?;
        sync_folder(&to).map_err(StoreError::Create)
    };
    written.await.inspect_err(|_| {
        // Half a copy is worse than none, and would be in the way of the next.
        drop(std::fs::remove_file(&to));
    })
}

/// A file's name is kept by its folder.
#[cfg(unix)]
fn sync_folder(file: &Path) -> std::io::Result<()> {
    std::fs::File::open(file.parent().unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Signs the file as ours.
pub(crate) async fn mark_as_own(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    transaction.execute_unprepared(&format!("PRAGMA application_id = {APPLICATION_ID}")).await.map(drop)
}

/// The connection that writes.
///
/// Changing a new file's journal mode takes a lock for which SQLite's own timeout does not wait, so waiting is done
/// here.
pub(crate) async fn connect_writer(file: &Path, durability: Durability) -> Result<DatabaseConnection, StoreError> {
    make(file)?;
    for _ in 1..OPEN_ATTEMPTS {
        match try_connect_writer(file, durability).await {
            Err(StoreError::Open(error)) if is_busy(&error) => tokio::time::sleep(OPEN_PAUSE).await,
            result => return result,
        }
    }
    try_connect_writer(file, durability).await
}

async fn try_connect_writer(file: &Path, durability: Durability) -> Result<DatabaseConnection, StoreError> {
    refuse_foreign(file).await?;
    let synchronous = match durability {
        // In WAL mode NORMAL survives `kill -9` too, but not a power failure: a link code that was exchanged could come
        // back unused, and a connection whose token was handed out could be gone. One sync a commit is the price.
        Durability::Durable => SqliteSynchronous::Full,
        Durability::Ephemeral => SqliteSynchronous::Off,
    };
    connect(file, 1, move |options| options.journal_mode(SqliteJournalMode::Wal).synchronous(synchronous)).await
}

/// The connections that read. The writer must be open: it has created the file and set its journal mode.
pub(crate) async fn connect_reader(file: &Path) -> Result<DatabaseConnection, StoreError> {
    connect(file, READERS, |options| options.pragma("query_only", "ON")).await
}

/// Begins a transaction that will write.
///
/// SQLite takes its write lock at once: one that began by reading could not become a writer while another writes, and
/// no time of waiting helps it. PostgreSQL has no such mode and ignores it.
pub(crate) async fn begin_write(writer: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    writer
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await
}

/// Whether the statement failed because another process held the database for too long (`SQLITE_BUSY`, plain or with
/// one of its extensions in the upper bits).
pub(crate) fn is_busy(error: &DbErr) -> bool {
    const SQLITE_BUSY: u32 = 5;
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

async fn connect(
    file: &Path,
    connections: u32,
    configure: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection, StoreError> {
    let file = file.to_owned();
    let mut options = ConnectOptions::new("sqlite:");
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A file does not hang up: nothing is gained by probing connections or replacing them.
        .test_before_acquire(false)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        // Bound values never reach the log; statements alone say nothing that the code does not.
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |options| {
            // As a path: in an address, `%`, `?` and `#` mean something.
            let options = options.filename(&file).busy_timeout(BUSY_TIMEOUT).foreign_keys(true);
            configure(options.statement_cache_capacity(STATEMENT_CACHE))
        });
    Database::connect(options).await.map_err(StoreError::Open)
}
