//! Opening and closing the database.

use std::slice;

use banklink_store::{Durability, Store, StoreError};
use sea_orm::ConnectionTrait;

use crate::support::{Database, a_connection, app_in, at_once, link_in, linked_in, session_in};

#[tokio::test]
async fn everything_is_there_after_closing_and_opening() {
    let database = Database::new().await;
    let app = app_in(&database).await;
    let link = link_in(&database, app.id).await;
    let session = session_in(&database, app.id).await;
    let linked = linked_in(&database, app.id, a_connection(app.id)).await;

    let database = database.reopen().await.reopen().await;
    let store = &database;
    assert_eq!(store.apps().get(app.id).await.unwrap(), Some(app.clone()));
    assert_eq!(store.links().by_token(&link.token).await.unwrap(), Some(link));
    assert_eq!(store.sessions().get(&session.id).await.unwrap(), Some(session));
    let connection = store.connections().get(app.id, &linked.connection.id).await.unwrap();
    assert_eq!(connection, Some(linked.connection));
    assert_eq!(store.consents().get(app.id, linked.consent.id).await.unwrap(), Some(linked.consent));
    assert_eq!(store.link_codes().find(&linked.code.hash).await.unwrap(), Some(linked.code));
}

#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_processes_can_open_a_new_file_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new.db");
    let stores = at_once(8, |_| {
        let file = file.clone();
        async move { Store::open(&file, Durability::Durable).await.unwrap() }
    })
    .await;
    let app = app_in(&stores[0]).await;
    for store in &stores {
        assert_eq!(store.apps().list(None, 10).await.unwrap().items, slice::from_ref(&app));
    }
}

#[tokio::test]
async fn what_one_store_wrote_the_other_reads_at_once() {
    let database = Database::new().await;
    let another = database.another().await;
    for _ in 0..50 {
        let app = app_in(&database).await;
        assert_eq!(another.apps().get(app.id).await.unwrap(), Some(app));
    }
}

#[tokio::test]
async fn an_ephemeral_store_works_like_any_other() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path().join("sandbox.db"), Durability::Ephemeral).await.unwrap();
    let app = app_in(&store).await;
    store.ping().await.unwrap();
    assert_eq!(store.apps().list(None, 10).await.unwrap().items, [app]);
}

#[tokio::test]
async fn a_closed_store_answers_nothing() {
    let store = Database::new().await;
    store.close().await.unwrap();
    assert!(store.ping().await.is_err());
}

#[tokio::test]
async fn what_is_no_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(Store::open(directory.path(), Durability::Durable).await, Err(StoreError::Open(_))));
    let nowhere = directory.path().join("nowhere/banklink.db");
    assert!(matches!(Store::open(nowhere, Durability::Durable).await, Err(StoreError::Create(_))));
    assert!(Store::open("", Durability::Durable).await.is_err());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "a".repeat(4096)).unwrap();
    assert!(Store::open(&path, Durability::Durable).await.is_err());
    assert_eq!(std::fs::read(&path).unwrap(), [b'a'; 4096]);
}

/// Runs a statement behind the store's back.
async fn tamper(database: &Database, sql: &str) {
    let raw = sea_orm::Database::connect(format!("sqlite:{}", database.file().display())).await.unwrap();
    let result = raw.execute_unprepared(sql).await.unwrap();
    assert!(result.rows_affected() > 0, "{sql}");
    raw.close().await.unwrap();
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let database = Database::new().await;
    tamper(&database, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)").await;
    let opened = Store::open(database.file(), Durability::Durable).await;
    assert!(matches!(opened, Err(StoreError::Migrate(_))));
}

#[tokio::test]
async fn a_row_that_this_program_never_writes_is_an_error_that_says_where_and_not_what() {
    let database = Database::new().await;
    let app = app_in(&database).await;
    for (column, value) in [
        ("mode", "'secret'"),
        ("client_id", "'secret'"),
        ("data_key_hash", "'secret'"),
        ("settings", "'{\"consent\": \"secret\"}'"),
        ("created_at", "9223372036854775807"),
    ] {
        tamper(
            &database,
            &format!("CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM apps; UPDATE apps SET {column} = {value}"),
        )
        .await;
        let error = database.apps().get(app.id).await.unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt { table: "apps", column: named } if *named == column), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret"));
        tamper(&database, &format!("UPDATE apps SET {column} = (SELECT {column} FROM kept)")).await;
    }
    assert_eq!(database.apps().get(app.id).await.unwrap(), Some(app));
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_stays_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("theirs.db");
    let theirs = sea_orm::Database::connect(format!("sqlite:{}?mode=rwc", file.display())).await.unwrap();
    theirs.execute_unprepared("CREATE TABLE users (x)").await.unwrap();
    theirs.close().await.unwrap();
    let before = std::fs::read(&file).unwrap();

    let opened = Store::open(&file, Durability::Durable).await;
    assert!(matches!(opened, Err(StoreError::Foreign)), "{opened:?}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_file_is_called_what_it_is_told_whatever_that_would_mean_in_an_address() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a%41.db", "a?b.db", "a#b.db", "file:c.db", ":memory:"] {
        let file = directory.path().join(name);
        let store = Store::open(&file, Durability::Ephemeral).await.unwrap();
        let app = app_in(&store).await;
        store.close().await.unwrap();
        assert!(file.exists(), "{name}");
        let again = Store::open(&file, Durability::Ephemeral).await.unwrap();
        assert_eq!(again.apps().list(None, 10).await.unwrap().items, [app], "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_name_that_is_no_text_is_refused_before_anything_is_made() {
    use std::os::unix::ffi::OsStrExt;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(std::ffi::OsStr::from_bytes(b"\xff.db"));
    assert!(matches!(Store::open(&file, Durability::Durable).await, Err(StoreError::FileName)));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_stored_is_for_this_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let database = Database::new().await;
    app_in(&database).await;
    let folder = database.file().parent().unwrap().to_owned();
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap()).collect();
    assert!(files.len() > 1, "the write-ahead log is there too: {files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

#[tokio::test]
async fn closing_leaves_everything_in_one_file() {
    let database = Database::new().await;
    app_in(&database).await;
    database.close().await.unwrap();
    let folder = database.file().parent().unwrap().to_owned();
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["banklink.db"]);
}
