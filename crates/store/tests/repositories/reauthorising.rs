//! Re-authorisation tokens, and sessions that another tab takes over.

use banklink_domain::{
    connection::{Connection, Reading, TransactionDays},
    ids::AppId,
    reauthorisation::{ReauthorisationPurpose, ReauthorisationToken, ReauthorisationTokenState},
    sealed::Sealed,
    token::TokenHash,
};
use banklink_store::{
    AddSecret, Adopt, Advance, ConnectionChange, DeleteConnection, Effects, Finish, RevokeSecret, SessionRow, Store,
};

use crate::support::{
    Database, NOW, a_connection, a_secret, access, app_in, at_once, authorize_token_in, change_at, claimed, finish,
    later, linked_in, on_to, session_in, unique_hash,
};

async fn token_in(store: &Store, connection: &Connection, purpose: ReauthorisationPurpose) -> ReauthorisationToken {
    let (app, id) = (connection.app_id, connection.id.clone());
    let token = ReauthorisationToken::new(unique_hash(), app, id, purpose, NOW);
    store.reauthorisation_tokens().create(&token, None).await.unwrap();
    token
}

async fn found(store: &Store, app: AppId, hash: &TokenHash) -> Option<ReauthorisationToken> {
    store.reauthorisation_tokens().find(app, hash).await.unwrap()
}

async fn renew(store: &Store, connection: &Connection, token: TokenHash) -> Finish {
    let renewed = connection.clone().reauthorise(access(), NOW).unwrap();
    let change = Some(ConnectionChange::Reauthorise(renewed, token));
    finish(store, connection.app_id, &Effects { connection: change, ..Effects::default() }).await
}

#[tokio::test]
async fn a_token_is_found_by_its_own_app_as_it_was_made() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let connection = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    for purpose in ReauthorisationPurpose::ALL {
        let token = token_in(&store, &connection, purpose).await;
        assert_eq!(found(&store, app.id, &token.hash).await.as_ref(), Some(&token));
        assert_eq!(found(&store, other.id, &token.hash).await, None);
    }
}

#[tokio::test]
async fn a_token_renews_its_own_connection_once() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let connection = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    let other = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    let token = token_in(&store, &connection, ReauthorisationPurpose::Access).await;

    assert!(matches!(renew(&store, &other, token.hash).await, Finish::TokenUsed), "another connection's");
    assert_eq!(store.connections().get(app.id, &other.id).await.unwrap(), Some(other), "nothing was written");
    let Finish::Finished(session) = renew(&store, &connection, token.hash).await else { panic!("not renewed") };
    let used = found(&store, app.id, &token.hash).await.unwrap();
    assert_eq!(used.state, ReauthorisationTokenState::Used { at: NOW, session: session.id });

    let renewed = store.connections().get(app.id, &connection.id).await.unwrap().unwrap();
    assert_ne!(renewed, connection);
    assert!(matches!(renew(&store, &renewed, token.hash).await, Finish::TokenUsed));
    assert_eq!(store.connections().get(app.id, &connection.id).await.unwrap(), Some(renewed));
}

#[tokio::test]
async fn of_many_sessions_with_one_token_exactly_one_renews() {
    let database = std::sync::Arc::new(Database::new().await);
    let app = app_in(&database).await;
    let connection = linked_in(&database, app.id, a_connection(app.id)).await.connection;
    let token = token_in(&database, &connection, ReauthorisationPurpose::Credentials).await;
    let finished = at_once(20, |_| {
        let (database, connection) = (std::sync::Arc::clone(&database), connection.clone());
        async move { renew(&database, &connection, token.hash).await }
    })
    .await;
    let renewed = finished.iter().filter(|finish| matches!(finish, Finish::Finished(_))).count();
    let used = finished.iter().filter(|finish| matches!(finish, Finish::TokenUsed)).count();
    assert_eq!((renewed, used), (1, 19));
}

#[tokio::test]
async fn a_token_that_a_revoked_secret_asked_for_renews_nothing() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let connection = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    let secret = a_secret(app.id);
    assert_eq!(store.apps().add_secret(&secret, &change_at(0)).await.unwrap(), AddSecret::Added);
    let asked_with = |hash| {
        let (app, id) = (app.id, connection.id.clone());
        ReauthorisationToken::new(hash, app, id, ReauthorisationPurpose::Access, NOW).issued_to(Some(secret.id))
    };
    // A session was opened with the one, and goes on; the other is written down after the secret is revoked.
    let (opened, late) = (asked_with(unique_hash()), asked_with(unique_hash()));
    store.reauthorisation_tokens().create(&opened, None).await.unwrap();
    let revoked = store.apps().revoke_secret(app.id, secret.id, &change_at(1)).await.unwrap();
    assert!(matches!(revoked, RevokeSecret::Revoked(_)));
    store.reauthorisation_tokens().create(&late, None).await.unwrap();
    for token in [opened, late] {
        assert_eq!(found(&store, app.id, &token.hash).await, None);
        assert!(matches!(renew(&store, &connection, token.hash).await, Finish::TokenUsed));
    }
    assert_eq!(store.connections().get(app.id, &connection.id).await.unwrap(), Some(connection));
}

#[tokio::test]
async fn a_deleted_connection_takes_its_unused_tokens_along() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let connection = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    let used = token_in(&store, &connection, ReauthorisationPurpose::Access).await;
    assert!(matches!(renew(&store, &connection, used.hash).await, Finish::Finished(_)));
    let unused = token_in(&store, &connection, ReauthorisationPurpose::Access).await;
    let deleted = store.connections().delete(app.id, &connection.id, &change_at(1)).await.unwrap();
    assert!(matches!(deleted, DeleteConnection::Deleted(_)));
    assert_eq!(found(&store, app.id, &unused.hash).await, None);
    assert!(found(&store, app.id, &used.hash).await.is_some());
    assert!(matches!(renew(&store, &connection, unused.hash).await, Finish::ConnectionGone));
}

#[tokio::test]
async fn a_token_is_forgotten_a_month_after_its_end() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let connection = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    let token = token_in(&store, &connection, ReauthorisationPurpose::Access).await;
    let month = ReauthorisationToken::RETENTION.as_secs() + ReauthorisationToken::LIFETIME.as_secs();
    assert_eq!(store.reauthorisation_tokens().forget_old(later(month)).await.unwrap(), 0);
    assert_eq!(store.reauthorisation_tokens().forget_old(later(month + 1)).await.unwrap(), 1);
    assert_eq!(found(&store, app.id, &token.hash).await, None);
}

#[tokio::test]
async fn how_much_of_a_connection_is_read_is_kept_and_changed() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let days = Some(TransactionDays::new(365).unwrap());
    let reading = Reading { days, transactions: false, scheduled: true };
    let connection = Connection { reading, ..a_connection(app.id) };
    let connection = linked_in(&store, app.id, connection).await.connection;
    assert_eq!(store.connections().get(app.id, &connection.id).await.unwrap().as_ref(), Some(&connection));
    let changed = Connection { reading: Reading::default(), ..connection };
    let change = Some(ConnectionChange::Update(changed.clone()));
    let finished = finish(&store, app.id, &Effects { connection: change, ..Effects::default() }).await;
    assert!(matches!(finished, Finish::Finished(_)));
    assert_eq!(store.connections().get(app.id, &changed.id).await.unwrap(), Some(changed));
}

#[tokio::test]
async fn a_session_is_taken_over_with_an_unused_token_of_its_own_app() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let session = session_in(&store, app.id).await;
    let (key, state) = (unique_hash(), Sealed::new(b"elsewhere".to_vec()));
    let adopt =
        async |token: &TokenHash| store.sessions().adopt(&session, &key, &state, token, later(1)).await.unwrap();
    assert_eq!(adopt(&unique_hash()).await, Adopt::Invalid);
    assert_eq!(adopt(&authorize_token_in(&store, other.id).await.hash).await, Adopt::Invalid);
    assert_eq!(store.sessions().by_key_hash(&session.key_hash).await.unwrap().as_ref(), Some(&session));

    let token = authorize_token_in(&store, app.id).await.hash;
    let expected = SessionRow { key_hash: key, state: Some(state.clone()), revision: 1, ..session.clone() };
    assert_eq!(adopt(&token).await, Adopt::Adopted(expected.clone()), "it stays the session of what opened it");
    assert_eq!(store.sessions().by_key_hash(&session.key_hash).await.unwrap(), None);
    assert_eq!(store.sessions().by_key_hash(&key).await.unwrap(), Some(expected));
    assert_eq!(adopt(&token).await, Adopt::Invalid, "the token is used up");
}

#[tokio::test]
async fn a_session_that_moves_or_went_on_is_not_taken_over_and_costs_no_token() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let token = authorize_token_in(&store, app.id).await;
    let (key, state) = (unique_hash(), Sealed::new(b"elsewhere".to_vec()));
    let adopt =
        async |seen: &SessionRow, now| store.sessions().adopt(seen, &key, &state, &token.hash, now).await.unwrap();
    let claim = claimed(&store, &session, NOW).await;
    assert_eq!(adopt(claim.row(), NOW).await, Adopt::Moving, "a step is being carried out");
    let Advance::Advanced(next) = store.sessions().advance(&claim, &on_to("next", later(480)), NOW).await.unwrap()
    else {
        panic!("claim lost")
    };
    assert_eq!(adopt(&session, NOW).await, Adopt::Moving);
    assert_eq!(adopt(&next, later(480)).await, Adopt::Moving, "it is over");
    assert_eq!(store.authorize_tokens().find(&token.hash).await.unwrap(), Some(token.clone()));
    assert!(matches!(adopt(&next, later(479)).await, Adopt::Adopted(_)));
}
