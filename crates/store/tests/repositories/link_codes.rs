//! Link codes.

use std::slice;

use banklink_domain::{ids::AppId, link_code::LinkCode, time::after};
use banklink_store::{ConnectionChange, Cursor, Effects, Exchange, Finish, Store};
use jiff::SignedDuration;

use crate::support::{
    CHANGE, Database, NOW, a_connection, a_link_code, app_in, at_once, finish, later, link_in, linked_in,
};

async fn code_in(store: &Store, app: AppId, change: impl FnOnce(&mut LinkCode)) -> LinkCode {
    let connection = a_connection(app);
    let mut code = a_link_code(&connection);
    change(&mut code);
    let connection = Some(ConnectionChange::Insert(connection));
    let effects = Effects { connection, consent: None, link_code: Some(code.clone()) };
    assert!(matches!(finish(store, app, &effects).await, Finish::Finished(_)));
    code
}

#[tokio::test]
async fn a_code_is_exchanged_once_and_its_value_is_gone_then() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let code = code_in(&store, app.id, |_| {}).await;
    let used = code.clone().exchange(later(5)).unwrap();
    let exchanged = store.link_codes().exchange(&code.hash, app.id, later(5)).await.unwrap();
    assert_eq!(exchanged, Exchange::Exchanged(used.clone()));
    assert_eq!(store.link_codes().exchange(&code.hash, app.id, later(5)).await.unwrap(), Exchange::Invalid);
    assert_eq!(store.link_codes().find(&code.hash).await.unwrap(), Some(used));
}

#[tokio::test]
async fn a_code_is_not_exchanged_by_another_app_or_too_late() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let code = code_in(&store, app.id, |_| {}).await;
    assert_eq!(store.link_codes().exchange(&code.hash, other.id, NOW).await.unwrap(), Exchange::Invalid);
    let over = code.expires_at;
    assert_eq!(store.link_codes().exchange(&code.hash, app.id, over).await.unwrap(), Exchange::Invalid);
    assert_eq!(store.link_codes().find(&code.hash).await.unwrap(), Some(code.clone()));
    let last = after(over, SignedDuration::from_millis(-1));
    let exchanged = store.link_codes().exchange(&code.hash, app.id, last).await.unwrap();
    assert!(matches!(exchanged, Exchange::Exchanged(_)));
}

#[tokio::test]
async fn unused_codes_are_listed_oldest_first_for_the_app_or_one_link() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let link = link_in(&store, app.id).await;
    let second = code_in(&store, app.id, |code| code.created_at = later(1)).await;
    let first = code_in(&store, app.id, |code| code.link_id = Some(link.id)).await;
    let used = code_in(&store, app.id, |_| {}).await;
    let expired = code_in(&store, app.id, |code| code.expires_at = later(1)).await;
    code_in(&store, other.id, |_| {}).await;
    assert!(matches!(store.link_codes().exchange(&used.hash, app.id, NOW).await, Ok(Exchange::Exchanged(_))));

    let unused = |link, cursor: Option<Cursor>, limit| {
        let codes = store.link_codes();
        async move { codes.unused(app.id, link, cursor.as_ref(), limit, expired.expires_at).await.unwrap() }
    };
    let all = unused(None, None, 2).await;
    assert_eq!((all.items, all.next), (vec![first.clone(), second.clone()], None));
    let page = unused(None, None, 1).await;
    assert_eq!(page.items, slice::from_ref(&first));
    // A cursor travels as text.
    let cursor = page.next.unwrap().to_string().parse().unwrap();
    let page = unused(None, Some(cursor), 1).await;
    assert_eq!((page.items, page.next), (vec![second], None));
    assert_eq!(unused(Some(link.id), None, 10).await.items, [first]);
}

#[tokio::test]
async fn a_code_outlives_its_link() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let link = link_in(&store, app.id).await;
    let code = code_in(&store, app.id, |code| code.link_id = Some(link.id)).await;
    assert!(store.links().delete(app.id, link.id, &CHANGE).await.unwrap());
    let Exchange::Exchanged(exchanged) = store.link_codes().exchange(&code.hash, app.id, NOW).await.unwrap() else {
        panic!("not exchanged")
    };
    assert_eq!(exchanged.link_id, None);
    assert_eq!(exchanged.extra, code.extra);
}

#[tokio::test]
async fn codes_are_forgotten_thirty_days_after_their_end() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let code = linked_in(&store, app.id, a_connection(app.id)).await.code;
    let kept = after(code.expires_at, SignedDuration::from_hours(24 * 30));
    assert_eq!(store.link_codes().forget_old(kept).await.unwrap(), 0);
    let over = after(kept, SignedDuration::from_millis(1));
    assert_eq!(store.link_codes().forget_old(over).await.unwrap(), 1);
    assert_eq!(store.link_codes().find(&code.hash).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_exchanges_of_one_code_through_two_stores_exactly_one_wins() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = app_in(&database).await;
    let code = code_in(&database, app.id, |_| {}).await;
    let results = at_once(1_000, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        async move { store.link_codes().exchange(&code.hash, app.id, NOW).await.unwrap() }
    })
    .await;
    let winners: Vec<_> = results.into_iter().filter(|result| *result != Exchange::Invalid).collect();
    assert_eq!(winners, [Exchange::Exchanged(code.exchange(NOW).unwrap())]);
}
