//! Leaves to read connections.

use banklink_domain::{
    data_request::{DataRequest, READABLE, REMEMBERED},
    ids::AppId,
    text::Tag,
    time::after,
};
use banklink_protocol::ids::SessionId;
use jiff::SignedDuration;

use crate::support::{Database, NOW, app_in, at_once, authorize_token_in, later};

fn request(app: AppId, id: &str) -> DataRequest {
    let tag = Some(Tag::parse("a tag").unwrap());
    let (id, connection_id) = (SessionId::from(id), "connection".into());
    DataRequest { id, app_id: app, connection_id, tag, asked: None, created_at: NOW }
}

#[tokio::test]
async fn a_request_is_its_own_apps_and_says_what_was_asked_last() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let requests = [request(app.id, "one"), request(app.id, "two")];
    store.data_requests().create(&requests).await.unwrap();
    let get = async |app: AppId, id: &str| store.data_requests().get(app, &SessionId::from(id)).await.unwrap();
    assert_eq!(get(app.id, "two").await.as_ref(), Some(&requests[1]));
    assert_eq!((get(other.id, "two").await, get(app.id, "three").await), (None, None));

    for asked in ["everything", "less"] {
        let asks = DataRequest { asked: Some(asked.to_owned()), ..requests[0].clone() };
        store.data_requests().ask(&asks).await.unwrap();
        assert_eq!(get(app.id, "one").await, Some(asks));
    }
    // A session's id is not there before something is asked for with it.
    let of_session = DataRequest { asked: Some("all".to_owned()), ..request(app.id, "three") };
    store.data_requests().ask(&of_session).await.unwrap();
    assert_eq!(get(app.id, "three").await, Some(of_session));
}

#[tokio::test]
async fn a_token_gives_one_request_however_many_ask() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let token = authorize_token_in(&store, app.id).await;
    let foreign = store.data_requests().create_with_authorize_token(&request(other.id, "x"), &token.hash).await;
    assert!(!foreign.unwrap(), "it is another app's");
    let given = at_once(8, |number| {
        let (store, request) = (store.clone(), request(app.id, &number.to_string()));
        async move { store.data_requests().create_with_authorize_token(&request, &token.hash).await.unwrap() }
    });
    assert_eq!(given.await.into_iter().filter(|given| *given).count(), 1);
    let mut kept = 0;
    for number in 0..8 {
        let found = store.data_requests().get(app.id, &SessionId::from(number.to_string().as_str())).await.unwrap();
        kept += usize::from(found.is_some());
    }
    assert_eq!(kept, 1, "who was refused left nothing");
    let late = DataRequest { created_at: later(3600), ..request(app.id, "late") };
    let expired = authorize_token_in(&store, app.id).await;
    assert!(!store.data_requests().create_with_authorize_token(&late, &expired.hash).await.unwrap());
}

#[tokio::test]
async fn requests_are_remembered_for_a_day_after_their_time() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    store.data_requests().create(&[request(app.id, "one")]).await.unwrap();
    let end = after(after(NOW, READABLE), REMEMBERED);
    assert_eq!(store.data_requests().forget_old(end).await.unwrap(), 0);
    let beyond = after(end, SignedDuration::from_millis(1));
    assert_eq!(store.data_requests().forget_old(beyond).await.unwrap(), 1);
    assert_eq!(store.data_requests().get(app.id, &SessionId::from("one")).await.unwrap(), None);
}
