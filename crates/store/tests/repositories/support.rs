//! A database of one's own for every test, and entities to put into it.

use std::{
    collections::BTreeMap,
    future::Future,
    ops::Deref,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use banklink_domain::{
    activity::{Actor, Change},
    app::{App, AppMode, AppSettings, ClientSecret, RedirectUri},
    authorize_token::AuthorizeToken,
    connection::{Access, Connection, ConnectionState, IdentityHash, Reading, SharedAccounts},
    consent::{Consent, ConsentState, Scope, TextHash},
    ids::{AppId, ClientId, ClientSecretId, ConsentId, LinkId, new_connection_id, new_session_id},
    link::{Agreement, Link, LinkState, LinkToken},
    link_code::{LinkCode, NewLinkCode},
    refresh::Refresh,
    sealed::Sealed,
    session::{End, Place},
    settings::{ConsentDays, LinkCodeLifetime},
    text::{AppName, LinkName},
    token::TokenHash,
};
use banklink_protocol::{
    ids::{AccountId, InstitutionId},
    messages::Screen,
};
use banklink_store::{
    At, Claim, ClaimedSession, ConnectionChange, CreateLink, Durability, Effects, Finish, Move, NewApp, NewSession,
    Open, SessionRow, Store,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// The time at which most tests happen.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_700_000_000, 0);

/// Somebody who changes something then.
pub(crate) const CHANGE: Change = Change { by: Actor::CommandLine, at: NOW };

/// The same, so many seconds later.
pub(crate) fn change_at(seconds: i64) -> Change {
    Change { at: later(seconds), ..CHANGE }
}

/// So many seconds after [`NOW`].
pub(crate) fn later(seconds: i64) -> Timestamp {
    NOW + SignedDuration::from_secs(seconds)
}

/// Bytes that no other call gives.
pub(crate) fn unique<const N: usize>() -> [u8; N] {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [0; N];
    bytes[N - 8..].copy_from_slice(&CALLS.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

/// A hash that no other call gives.
pub(crate) fn unique_hash() -> TokenHash {
    TokenHash::from_bytes(unique())
}

/// A database in a directory that goes with it.
pub(crate) struct Database {
    directory: TempDir,
    store: Store,
}

impl Deref for Database {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Database {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = open(&directory).await;
        Self { directory, store }
    }

    /// Another store on the same file, as another process has it.
    pub(crate) async fn another(&self) -> Store {
        open(&self.directory).await
    }

    /// Closes everything and opens the file anew.
    pub(crate) async fn reopen(self) -> Self {
        self.store.close().await.unwrap();
        let store = open(&self.directory).await;
        Self { directory: self.directory, store }
    }

    pub(crate) fn file(&self) -> PathBuf {
        file(&self.directory)
    }
}

fn file(directory: &TempDir) -> PathBuf {
    directory.path().join("banklink.db")
}

async fn open(directory: &TempDir) -> Store {
    Store::open(file(directory), Durability::Durable).await.unwrap()
}

/// Runs `count` tasks at once and gives their results.
pub(crate) async fn at_once<F, T>(count: usize, task: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|index| tokio::spawn(task(index))).collect();
    let mut results = Vec::with_capacity(count);
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

pub(crate) fn an_app() -> App {
    App {
        id: AppId::new(NOW, unique()),
        name: AppName::parse("Budget").unwrap(),
        mode: AppMode::Sandbox,
        client_id: ClientId::new(unique()),
        data_key: unique_hash(),
        settings: AppSettings::default(),
        created_at: NOW,
    }
}

/// An app in the database, with the redirect URI that [`a_link`] needs.
pub(crate) async fn app_in(store: &Store) -> App {
    let app = an_app();
    let new = NewApp {
        app: app.clone(),
        secret: None,
        redirect_uris: vec![redirect_uri("https://example.com/cb")],
        origins: vec![],
    };
    store.apps().create(&new, Actor::CommandLine).await.unwrap();
    app
}

pub(crate) fn redirect_uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

pub(crate) fn a_secret(app: AppId) -> ClientSecret {
    ClientSecret::new(ClientSecretId::new(NOW, unique()), app, unique_hash(), NOW)
}

pub(crate) fn a_link(app: AppId) -> Link {
    Link {
        id: LinkId::new(NOW, unique()),
        app_id: app,
        token: LinkToken::mint(unique()),
        redirect_uri: redirect_uri("https://example.com/cb"),
        name: LinkName::parse("production").unwrap(),
        state: LinkState::Active,
        agreement: Agreement::default(),
        created_at: NOW,
    }
}

pub(crate) async fn link_in(store: &Store, app: AppId) -> Link {
    let link = a_link(app);
    assert_eq!(store.links().create(&link, &CHANGE).await.unwrap(), CreateLink::Created);
    link
}

pub(crate) async fn authorize_token_in(store: &Store, app: AppId) -> AuthorizeToken {
    let token = AuthorizeToken::new(unique_hash(), app, BTreeMap::new(), NOW);
    store.authorize_tokens().create(&token, None).await.unwrap();
    token
}

pub(crate) fn a_new_session(app: AppId) -> NewSession {
    NewSession {
        id: new_session_id(NOW, unique()),
        app_id: app,
        key_hash: unique_hash(),
        state: Sealed::new(b"start".to_vec()),
        place: at_the_list(),
        return_hash: None,
        expires_at: later(480),
    }
}

pub(crate) async fn session_in(store: &Store, app: AppId) -> SessionRow {
    let token = authorize_token_in(store, app).await;
    match store.sessions().open_with_authorize_token(&a_new_session(app), &token.hash, NOW).await.unwrap() {
        Open::Opened(row) => row,
        Open::Invalid => panic!("the token is unused"),
    }
}

pub(crate) async fn claimed(store: &Store, session: &SessionRow, now: Timestamp) -> ClaimedSession {
    let busy_until = now + SignedDuration::from_secs(45);
    match store.sessions().claim(&session.id, At::Number(session.number), busy_until, now).await.unwrap() {
        Claim::Claimed(claim) => claim,
        other => panic!("not claimed: {other:?}"),
    }
}

/// An answered number, and what comes then.
pub(crate) fn on_to(state: &str, expires_at: Timestamp) -> Move {
    let state = Sealed::new(state.as_bytes().to_vec());
    Move { state, place: at_the_list(), answers: true, return_hash: None, expires_at }
}

fn at_the_list() -> Place {
    Place { screen: Screen::Institutions, institution: None }
}

/// The end of a session that linked.
pub(crate) fn linked() -> End {
    End::Linked("connection".into())
}

pub(crate) fn access() -> Access {
    Access {
        token: unique_hash(),
        sealed_token: Sealed::new(b"token".to_vec()),
        sealed_username: Sealed::new(b"username".to_vec()),
        sealed_state: Sealed::new(b"state".to_vec()),
        accounts: SharedAccounts::Chosen(vec![AccountId::from("a"), AccountId::from("b")]),
    }
}

pub(crate) fn a_connection(app: AppId) -> Connection {
    Connection {
        id: new_connection_id(unique()),
        app_id: app,
        institution_id: InstitutionId::from("testbank"),
        external_id: None,
        tag: None,
        identity: IdentityHash::from_bytes(unique()),
        reading: Reading::default(),
        refresh: Refresh::default(),
        consent_id: None,
        state: ConnectionState::Active(access()),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn a_consent(session: &SessionRow, connection: &Connection) -> Consent {
    Consent {
        id: ConsentId::new(NOW, unique()),
        app_id: session.app_id,
        session: session.id.clone(),
        connection: Some(connection.id.clone()),
        text_hash: TextHash::of("You agree."),
        language: "en".to_owned(),
        scopes: vec![Scope::Accounts, Scope::Transactions],
        given_at: NOW,
        expires_at: Consent::expiry(NOW, ConsentDays::default()),
        state: ConsentState::Given,
    }
}

pub(crate) fn a_link_code(connection: &Connection) -> LinkCode {
    let new = NewLinkCode {
        hash: unique_hash(),
        sealed: Sealed::new(b"code".to_vec()),
        app_id: connection.app_id,
        link_id: None,
        connection_id: connection.id.clone(),
        extra: BTreeMap::from([("user".to_owned(), "42".to_owned())]),
        authorization: None,
    };
    LinkCode::new(new, LinkCodeLifetime::default(), NOW)
}

/// Ends a session of its own with these effects.
pub(crate) async fn finish(store: &Store, app: AppId, effects: &Effects) -> Finish {
    let session = session_in(store, app).await;
    let claim = claimed(store, &session, NOW).await;
    store.sessions().finish(&claim, &Sealed::new(b"end".to_vec()), &linked(), effects, NOW).await.unwrap()
}

/// A connection in the database, with a consent and an unused link code.
pub(crate) struct Linked {
    pub(crate) connection: Connection,
    pub(crate) consent: Consent,
    pub(crate) code: LinkCode,
}

pub(crate) async fn linked_in(store: &Store, app: AppId, connection: Connection) -> Linked {
    let session = session_in(store, app).await;
    let consent = a_consent(&session, &connection);
    let code = a_link_code(&connection);
    let effects = Effects {
        connection: Some(ConnectionChange::Insert(connection.clone())),
        consent: Some(consent.clone()),
        link_code: Some(code.clone()),
    };
    let claim = claimed(store, &session, NOW).await;
    let (state, end) = (Sealed::new(b"end".to_vec()), End::Linked(connection.id.clone()));
    let finished = store.sessions().finish(&claim, &state, &end, &effects, NOW).await.unwrap();
    assert!(matches!(finished, Finish::Finished(_)), "{finished:?}");
    Linked { connection, consent, code }
}
