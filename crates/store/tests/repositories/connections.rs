//! Connections.

use std::collections::HashSet;

use banklink_domain::{
    connection::{Connection, ConnectionStage, ConnectionState},
    ids::AppId,
    sealed::Sealed,
    text::{ExternalId, Tag},
};
use banklink_protocol::ids::{ConnectionId, InstitutionId};
use banklink_store::{
    ConnectionChange, ConnectionSearch, Cursor, DeleteConnection, Effects, Exchange, Finish, Order, Store,
};

use crate::support::{
    CHANGE, Database, NOW, a_connection, access, app_in, change_at, claimed, finish, later, linked, linked_in,
    session_in, unique_hash,
};

async fn connection_in(store: &Store, app: AppId, change: impl FnOnce(&mut Connection)) -> Connection {
    let mut connection = a_connection(app);
    change(&mut connection);
    linked_in(store, app, connection).await.connection
}

fn person(id: &str) -> ExternalId {
    ExternalId::parse(id).unwrap()
}

#[tokio::test]
async fn a_connection_is_found_by_its_id_its_token_and_its_person() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let connection = connection_in(&store, app.id, |connection| {
        connection.external_id = Some(person("42"));
        connection.tag = Some(Tag::parse("spring").unwrap());
    })
    .await;
    let connections = store.connections();
    let expected = Some(&connection);
    assert_eq!(connections.get(app.id, &connection.id).await.unwrap().as_ref(), expected);
    assert_eq!(connections.get(other.id, &connection.id).await.unwrap(), None);
    let token = connection.access().unwrap().token;
    assert_eq!(connections.by_token(&token).await.unwrap().as_ref(), expected);
    assert_eq!(connections.by_token(&unique_hash()).await.unwrap(), None);

    let of_person = |app, external_id: Option<ExternalId>| {
        let (institution, identity) = (connection.institution_id.clone(), connection.identity);
        async move { connections.of_person(app, &institution, &identity, external_id.as_ref()).await.unwrap() }
    };
    assert_eq!(of_person(app.id, Some(person("42"))).await.as_ref(), expected);
    assert_eq!(of_person(app.id, Some(person("43"))).await, None);
    assert_eq!(of_person(app.id, None).await, None);
    assert_eq!(of_person(other.id, Some(person("42"))).await, None);
}

#[tokio::test]
async fn deleting_erases_everything_that_opens_anything() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let linked = linked_in(&store, app.id, a_connection(app.id)).await;
    let connection = linked.connection;
    let token = connection.access().unwrap().token;
    let deleted = connection.clone().delete(later(7)).unwrap();

    let first = store.connections().delete(app.id, &connection.id, &change_at(7)).await.unwrap();
    assert_eq!(first, DeleteConnection::Deleted(deleted.clone()));
    assert_eq!(store.connections().get(app.id, &connection.id).await.unwrap(), Some(deleted));
    assert_eq!(store.connections().by_token(&token).await.unwrap(), None);
    assert_eq!(store.link_codes().find(&linked.code.hash).await.unwrap(), None);
    let exchanged = store.link_codes().exchange(&linked.code.hash, app.id, NOW).await.unwrap();
    assert_eq!(exchanged, Exchange::Invalid);
}

#[tokio::test]
async fn a_connection_is_deleted_once_and_by_its_own_app() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let connection = connection_in(&store, app.id, |_| {}).await;
    let delete = |app, id: ConnectionId| {
        let connections = store.connections();
        async move { connections.delete(app, &id, &CHANGE).await.unwrap() }
    };
    assert_eq!(delete(other.id, connection.id.clone()).await, DeleteConnection::Unknown);
    assert_eq!(delete(app.id, ConnectionId::from("none")).await, DeleteConnection::Unknown);
    assert!(matches!(delete(app.id, connection.id.clone()).await, DeleteConnection::Deleted(_)));
    assert_eq!(delete(app.id, connection.id).await, DeleteConnection::AlreadyDeleted);
}

#[tokio::test]
async fn connections_are_listed_page_by_page() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    // The second and third were made in the same millisecond.
    let mut expected = Vec::new();
    for seconds in [0, 1, 1, 2, 3] {
        expected.push(connection_in(&store, app.id, |connection| connection.created_at = later(seconds)).await);
    }
    expected.sort_by(|left, right| (left.created_at, &left.id).cmp(&(right.created_at, &right.id)));
    let gone = connection_in(&store, app.id, |_| {}).await;
    assert!(matches!(store.connections().delete(app.id, &gone.id, &CHANGE).await, Ok(DeleteConnection::Deleted(_))));
    connection_in(&store, other.id, |_| {}).await;

    for order in Order::ALL {
        let search = ConnectionSearch { order, ..ConnectionSearch::default() };
        let mut listed = Vec::new();
        let mut sizes = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let page = store.connections().list(app.id, &search, after.as_ref(), 2).await.unwrap();
            sizes.push(page.items.len());
            listed.extend(page.items);
            // A cursor travels as text.
            let Some(next) = page.next else { break };
            after = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(listed, expected, "{order:?}");
        assert_eq!(sizes, [2, 2, 1]);
        expected.reverse();
    }
    let all = store.connections().list(app.id, &ConnectionSearch::default(), None, 5).await.unwrap();
    assert_eq!((all.items.len(), all.next), (5, None));
}

#[tokio::test]
async fn connections_are_listed_for_one_person() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let ann = connection_in(&store, app.id, |connection| connection.external_id = Some(person("ann"))).await;
    connection_in(&store, app.id, |connection| connection.external_id = Some(person("bob"))).await;
    connection_in(&store, app.id, |_| {}).await;
    let search = ConnectionSearch { external_id: Some(person("ann")), ..ConnectionSearch::default() };
    let page = store.connections().list(app.id, &search, None, 10).await.unwrap();
    assert_eq!(page.items, [ann]);
}

#[tokio::test]
async fn connections_are_listed_by_how_they_are_and_where() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let active = connection_in(&store, app.id, |_| {}).await;
    let waiting = connection_in(&store, app.id, |connection| {
        *connection = connection.clone().require_reauthorisation(NOW).unwrap();
    })
    .await;
    let elsewhere =
        connection_in(&store, app.id, |connection| connection.institution_id = InstitutionId::new("elsewhere")).await;
    let listed = async |search: ConnectionSearch| {
        let page = store.connections().list(app.id, &search, None, 10).await.unwrap();
        page.items.into_iter().map(|connection| connection.id).collect::<HashSet<_>>()
    };
    let of_stage = |stage| ConnectionSearch { stage: Some(stage), ..ConnectionSearch::default() };
    assert_eq!(listed(of_stage(ConnectionStage::NeedsReauthorisation)).await, HashSet::from([waiting.id]));
    let in_stage = listed(of_stage(ConnectionStage::Active)).await;
    assert_eq!(in_stage, HashSet::from([active.id, elsewhere.id.clone()]));
    let institution = Some(elsewhere.institution_id);
    let search = ConnectionSearch { institution, ..of_stage(ConnectionStage::Active) };
    assert_eq!(listed(search).await, HashSet::from([elsewhere.id]));
}

#[test]
fn what_is_no_cursor_is_refused() {
    for text in ["", "1", "x.y", "99999999999999999.a"] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}

#[tokio::test]
async fn one_person_is_one_connection_until_it_is_deleted() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let connection = connection_in(&store, app.id, |_| {}).await;
    let same_person = |external_id| {
        let mut again = a_connection(app.id);
        again.identity = connection.identity;
        again.external_id = external_id;
        Effects { connection: Some(ConnectionChange::Insert(again)), ..Effects::default() }
    };
    let session = session_in(&store, app.id).await;
    let claim = claimed(&store, &session, NOW).await;
    let (last, end) = (Sealed::new(b"end".to_vec()), linked());
    let again = store.sessions().finish(&claim, &last, &end, &same_person(None), NOW).await.unwrap();
    assert!(matches!(again, Finish::AlreadyConnected(existing) if existing == connection.id));
    // Nothing was written, so the claim still ends the session, now by renewing what is there.
    let renewed = connection.clone().reauthorise(access(), later(5)).unwrap();
    let effects = Effects { connection: Some(ConnectionChange::Update(renewed.clone())), ..Effects::default() };
    let finished = store.sessions().finish(&claim, &last, &end, &effects, NOW).await.unwrap();
    assert!(matches!(finished, Finish::Finished(_)));

    // For another person of the app's it is a connection of its own, and so it is once the first is deleted.
    assert!(matches!(finish(&store, app.id, &same_person(Some(person("other")))).await, Finish::Finished(_)));
    assert!(matches!(
        store.connections().delete(app.id, &connection.id, &CHANGE).await,
        Ok(DeleteConnection::Deleted(_))
    ));
    assert!(matches!(finish(&store, app.id, &same_person(None)).await, Finish::Finished(_)));
}

#[tokio::test]
async fn a_connection_that_is_gone_is_not_renewed() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let connection = connection_in(&store, app.id, |_| {}).await;
    assert!(matches!(
        store.connections().delete(app.id, &connection.id, &CHANGE).await,
        Ok(DeleteConnection::Deleted(_))
    ));
    let effects = Effects { connection: Some(ConnectionChange::Update(connection.clone())), ..Effects::default() };
    assert!(matches!(finish(&store, app.id, &effects).await, Finish::ConnectionGone));
    let kept = store.connections().get(app.id, &connection.id).await.unwrap().unwrap();
    assert!(matches!(kept.state, ConnectionState::Deleted { .. }));
}
