//! Access tokens.

use banklink_domain::{
    access_token::{AccessToken, Audience, FinlinkScope, Grant},
    app::App,
    client_secret::ClientSecret,
};
use banklink_store::{AddSecret, RevokeSecret, Store};

use crate::support::{CHANGE, Database, NOW, a_secret, app_in, later, unique_hash};

async fn secret_in(store: &Store, app: &App) -> ClientSecret {
    let secret = a_secret(app.id);
    assert_eq!(store.apps().add_secret(&secret, &CHANGE).await.unwrap(), AddSecret::Added);
    secret
}

fn a_token(secret: &ClientSecret, grant: Grant) -> AccessToken {
    AccessToken::new(unique_hash(), secret.app_id, secret.id, grant, NOW)
}

async fn found(store: &Store, token: &AccessToken) -> Option<AccessToken> {
    store.access_tokens().find(&token.hash, token.grant.audience(), NOW).await.unwrap()
}

#[tokio::test]
async fn a_token_opens_its_own_api_for_its_time() {
    let store = Database::new().await;
    let secret = secret_in(&store, &app_in(&store).await).await;
    let finlink = Grant::Finlink(vec![FinlinkScope::Read, FinlinkScope::Delete]);
    for grant in [Grant::Flanks, finlink, Grant::Finlink(Vec::new())] {
        let token = a_token(&secret, grant);
        store.access_tokens().create(&token).await.unwrap();
        assert_eq!(found(&store, &token).await.as_ref(), Some(&token));
        let other = if token.grant == Grant::Flanks { Audience::Finlink } else { Audience::Flanks };
        assert_eq!(store.access_tokens().find(&token.hash, other, NOW).await.unwrap(), None);
        let audience = token.grant.audience();
        assert!(store.access_tokens().find(&token.hash, audience, later(3_599)).await.unwrap().is_some());
        assert_eq!(store.access_tokens().find(&token.hash, audience, later(3_600)).await.unwrap(), None);
    }
    assert_eq!(store.access_tokens().forget_old(later(3_599)).await.unwrap(), 0);
    assert_eq!(store.access_tokens().forget_old(later(3_600)).await.unwrap(), 3);
}

#[tokio::test]
async fn one_in_the_place_of_others_leaves_those_of_other_secrets_and_apis() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let (secret, other) = (secret_in(&store, &app).await, secret_in(&store, &app).await);
    let session = |secret| a_token(secret, Grant::Finlink(FinlinkScope::ALL.to_vec()));
    let (first, second, elsewhere) = (session(&secret), session(&secret), session(&other));
    let flanks = a_token(&secret, Grant::Flanks);
    store.access_tokens().create(&flanks).await.unwrap();
    for token in [&first, &elsewhere, &second] {
        store.access_tokens().create_in_place(token).await.unwrap();
    }
    assert_eq!(found(&store, &first).await, None);
    for token in [&second, &elsewhere, &flanks] {
        assert_eq!(found(&store, token).await.as_ref(), Some(token));
    }
}

#[tokio::test]
async fn a_token_ends_with_its_secret_even_if_it_comes_later() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let (secret, other) = (secret_in(&store, &app).await, secret_in(&store, &app).await);
    let (ended, late, stays) =
        (a_token(&secret, Grant::Flanks), a_token(&secret, Grant::Flanks), a_token(&other, Grant::Flanks));
    store.access_tokens().create(&ended).await.unwrap();
    store.access_tokens().create(&stays).await.unwrap();
    let revoked = store.apps().revoke_secret(app.id, secret.id, &CHANGE).await.unwrap();
    assert!(matches!(revoked, RevokeSecret::Revoked(_)));
    store.access_tokens().create(&late).await.unwrap();
    assert_eq!((found(&store, &ended).await, found(&store, &late).await), (None, None));
    assert_eq!(found(&store, &stays).await, Some(stays));
}
