//! Refresh tokens of data recipients.

use banklink_domain::{
    access_token::{AccessToken, Grant},
    authorization::{Authorization, DataScopes},
    client_secret::ClientSecret,
    link_code::LinkCode,
    refresh_token::RefreshToken,
};
use banklink_store::{AddSecret, ConnectionChange, Effects, Finish, Store};

use crate::support::{
    CHANGE, Database, Linked, NOW, a_connection, a_link_code, a_secret, app_in, at_once, finish, later, linked_in,
    unique_hash,
};

/// A connection whose code a data recipient has, and the secret that it shows.
struct Asked {
    linked: Linked,
    secret: ClientSecret,
}

async fn asked_in(store: &Store) -> Asked {
    let app = app_in(store).await;
    let secret = a_secret(app.id);
    assert_eq!(store.apps().add_secret(&secret, &CHANGE).await.unwrap(), AddSecret::Added);
    Asked { linked: linked_in(store, app.id, a_connection(app.id)).await, secret }
}

fn scopes() -> DataScopes {
    DataScopes::parse("ACCOUNT_BASIC STATEMENTS").unwrap()
}

fn tokens(asked: &Asked) -> (RefreshToken, AccessToken) {
    let refresh = RefreshToken {
        hash: unique_hash(),
        app_id: asked.linked.connection.app_id,
        connection_id: asked.linked.connection.id.clone(),
        code: asked.linked.code.hash,
        scopes: scopes(),
        correlation_id: Some("c-1".to_owned()),
        created_at: NOW,
        expires_at: RefreshToken::expiry(NOW),
    };
    let access = an_access_token(asked, &refresh);
    (refresh, access)
}

fn an_access_token(asked: &Asked, refresh: &RefreshToken) -> AccessToken {
    let grant = Grant::Person { refresh_token: refresh.hash, scopes: scopes() };
    AccessToken::new(unique_hash(), refresh.app_id, asked.secret.id, grant, NOW)
}

async fn has_access(store: &Store, access: &AccessToken) -> bool {
    let found = store.access_tokens().find(&access.hash, access.grant.audience(), NOW).await.unwrap();
    found.inspect(|found| assert_eq!(found, access)).is_some()
}

#[tokio::test]
async fn of_any_number_of_callers_one_gets_tokens_for_a_code() {
    let store = Database::new().await;
    let asked = asked_in(&store).await;
    let tries: Vec<_> = (0..5).map(|_| tokens(&asked)).collect();
    let got = at_once(tries.len(), |index| {
        let (store, (refresh, access)) = (Store::clone(&store), tries[index].clone());
        async move { store.refresh_tokens().create_for_code(&refresh, &access, NOW).await.unwrap() }
    })
    .await;
    assert_eq!(got.iter().filter(|got| **got).count(), 1);
    for ((refresh, access), got) in tries.iter().zip(got) {
        let found = store.refresh_tokens().find(&refresh.hash, NOW).await.unwrap();
        assert_eq!(found.as_ref(), got.then_some(refresh));
        assert_eq!(has_access(&store, access).await, got);
    }
}

#[tokio::test]
async fn a_code_of_another_app_is_worth_nothing() {
    let store = Database::new().await;
    let (asked, other) = (asked_in(&store).await, asked_in(&store).await);
    let (refresh, _) = tokens(&asked);
    let stolen = RefreshToken { app_id: other.linked.connection.app_id, ..refresh };
    let access = an_access_token(&other, &stolen);
    assert!(!store.refresh_tokens().create_for_code(&stolen, &access, NOW).await.unwrap());
    assert_eq!(store.refresh_tokens().find(&stolen.hash, NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_token_lasts_as_long_as_it_is_used() {
    let store = Database::new().await;
    let asked = asked_in(&store).await;
    let (refresh, access) = tokens(&asked);
    assert!(store.refresh_tokens().create_for_code(&refresh, &access, NOW).await.unwrap());
    let (idle, repository) = (30 * 86_400, store.refresh_tokens());
    let next = an_access_token(&asked, &refresh);
    assert!(repository.use_for(&refresh.hash, &next, later(idle - 1)).await.unwrap());
    assert!(has_access(&store, &next).await);
    let found = repository.find(&refresh.hash, later(2 * idle - 2)).await.unwrap();
    assert_eq!(found.unwrap().expires_at, later(2 * idle - 1));
    let late = an_access_token(&asked, &refresh);
    assert!(!repository.use_for(&refresh.hash, &late, later(2 * idle - 1)).await.unwrap());
    assert!(!has_access(&store, &late).await);
    assert_eq!(repository.forget_old(later(2 * idle - 2)).await.unwrap(), 0);
    assert_eq!(repository.forget_old(later(2 * idle - 1)).await.unwrap(), 1);
}

#[tokio::test]
async fn tokens_end_by_themselves_with_their_code_and_with_their_connection() {
    for ends in ["token", "code", "connection", "deletion"] {
        let store = Database::new().await;
        let (asked, other) = (asked_in(&store).await, asked_in(&store).await);
        let mut made = Vec::new();
        for asked in [&asked, &other] {
            let (refresh, access) = tokens(asked);
            assert!(store.refresh_tokens().create_for_code(&refresh, &access, NOW).await.unwrap());
            made.push(refresh);
        }
        let (repository, connection) = (store.refresh_tokens(), &asked.linked.connection);
        match ends {
            "token" => repository.end(&made[0].hash).await.unwrap(),
            "code" => repository.end_of_code(&made[0].code).await.unwrap(),
            "connection" => repository.end_of_connection(&connection.id).await.unwrap(),
            _ => drop(store.connections().delete(connection.app_id, &connection.id, &CHANGE).await.unwrap()),
        }
        assert_eq!(repository.find(&made[0].hash, NOW).await.unwrap(), None, "{ends}");
        assert!(repository.find(&made[1].hash, NOW).await.unwrap().is_some(), "{ends}");
    }
}

#[tokio::test]
async fn what_a_recipient_asked_for_stays_with_the_code_and_keeps_it_from_others() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let connection = a_connection(app.id);
    let authorization = Authorization {
        redirect_uri: "https://app.example/back".to_owned(),
        state: "s".to_owned(),
        scopes: scopes(),
        correlation_id: None,
        code_challenge: None,
    };
    let plain = a_link_code(&connection);
    let code = LinkCode { hash: unique_hash(), authorization: Some(authorization), ..plain };
    let effects = Effects {
        connection: Some(ConnectionChange::Insert(connection)),
        consent: None,
        link_code: Some(code.clone()),
    };
    assert!(matches!(finish(&store, app.id, &effects).await, Finish::Finished(_)));
    assert_eq!(store.link_codes().find(&code.hash).await.unwrap(), Some(code));
    let listed = store.link_codes().unused(app.id, None, None, 10, NOW).await.unwrap();
    assert_eq!(listed.items, []);
}
