//! Authorize tokens.

use std::collections::BTreeMap;

use banklink_domain::{authorize_token::AuthorizeToken, time::after};
use banklink_protocol::ids::SessionId;
use banklink_store::{Consume, StoreError};
use jiff::SignedDuration;

use crate::support::{Database, NOW, app_in, at_once, authorize_token_in, later, unique_hash};

#[tokio::test]
async fn a_token_keeps_the_parameters_bound_to_it() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let parameters = BTreeMap::from([("tag".to_owned(), "a \"b\" ✓".to_owned()), ("demo".to_owned(), String::new())]);
    let token = AuthorizeToken::new(unique_hash(), app.id, parameters, NOW);
    store.authorize_tokens().create(&token, None).await.unwrap();
    assert_eq!(store.authorize_tokens().find(&token.hash).await.unwrap(), Some(token.clone()));
    assert_eq!(store.authorize_tokens().find(&unique_hash()).await.unwrap(), None);
    let again = store.authorize_tokens().create(&token, None).await;
    assert!(matches!(again, Err(StoreError::AlreadyExists { entity: "authorize token" })));
}

#[tokio::test]
async fn a_token_is_used_once_and_still_known_then() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let token = authorize_token_in(&store, app.id).await;
    let session = SessionId::from("s");
    let used = token.clone().consume(session.clone(), later(1)).unwrap();
    let consumed = store.authorize_tokens().consume(&token.hash, &session, later(1)).await.unwrap();
    assert_eq!(consumed, Consume::Consumed(used.clone()));
    let again = store.authorize_tokens().consume(&token.hash, &session, later(1)).await.unwrap();
    assert_eq!(again, Consume::Invalid);
    assert_eq!(store.authorize_tokens().find(&token.hash).await.unwrap(), Some(used));
}

#[tokio::test]
async fn an_expired_token_opens_nothing_and_is_still_known() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let token = authorize_token_in(&store, app.id).await;
    let session = SessionId::from("s");
    let over = token.expires_at;
    assert_eq!(store.authorize_tokens().consume(&token.hash, &session, over).await.unwrap(), Consume::Invalid);
    assert_eq!(store.authorize_tokens().find(&token.hash).await.unwrap(), Some(token));
    let unknown = store.authorize_tokens().consume(&unique_hash(), &session, NOW).await.unwrap();
    assert_eq!(unknown, Consume::Invalid);
}

#[tokio::test]
async fn tokens_are_forgotten_thirty_days_after_their_end() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let token = authorize_token_in(&store, app.id).await;
    let kept = after(token.expires_at, AuthorizeToken::RETENTION);
    assert_eq!(store.authorize_tokens().forget_old(kept).await.unwrap(), 0);
    assert!(store.authorize_tokens().find(&token.hash).await.unwrap().is_some());
    let over = after(kept, SignedDuration::from_millis(1));
    assert_eq!(store.authorize_tokens().forget_old(over).await.unwrap(), 1);
    assert_eq!(store.authorize_tokens().find(&token.hash).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_uses_of_one_token_through_two_stores_exactly_one_wins() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = app_in(&database).await;
    let token = authorize_token_in(&database, app.id).await;
    let results = at_once(1_000, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let session = SessionId::new(format!("session {index}"));
        async move { (session.clone(), store.authorize_tokens().consume(&token.hash, &session, NOW).await.unwrap()) }
    })
    .await;
    let winners: Vec<_> = results.into_iter().filter(|(_, consumed)| *consumed != Consume::Invalid).collect();
    let [(session, consumed)] = winners.as_slice() else { panic!("{} won", winners.len()) };
    // What the winner was told is what is kept.
    let kept = token.consume(session.clone(), NOW).unwrap();
    assert_eq!(consumed, &Consume::Consumed(kept.clone()));
    assert_eq!(database.authorize_tokens().find(&kept.hash).await.unwrap(), Some(kept));
}
