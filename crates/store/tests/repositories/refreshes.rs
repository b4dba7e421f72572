//! Refreshing connections: whose it is to do, and what came of it.

use banklink_domain::{
    connection::{Connection, ConnectionState, Reading},
    idempotency::Claim,
    reauthorisation::{ReauthorisationPurpose, ReauthorisationToken},
    refresh::{LEASE, Refresh, Refreshed},
    sealed::Sealed,
    time::after,
};
use banklink_protocol::{failures::FailureCode, ids::InstitutionId};
use banklink_store::{ConnectionChange, DeleteConnection, Effects, Finish, RefreshClaim, Store, TakeToRefresh};
use jiff::Timestamp;

use crate::support::{
    CHANGE, Database, NOW, a_connection, access, app_in, at_once, finish, later, linked_in, unique, unique_hash,
};

/// A connection that is due at this time, if at all.
async fn connection_in(store: &Store, due: Option<Timestamp>) -> Connection {
    let app = app_in(store).await;
    let connection = Connection {
        reading: Reading { scheduled: due.is_some(), ..Reading::default() },
        refresh: Refresh { due, last: Some(NOW), failure: None },
        ..a_connection(app.id)
    };
    linked_in(store, app.id, connection).await.connection
}

async fn take(store: &Store, limit: u64, now: Timestamp) -> Vec<RefreshClaim> {
    store.connections().take_due(&"testbank".into(), limit, Claim::new(unique()), now).await.unwrap()
}

async fn take_one(store: &Store, connection: &Connection, now: Timestamp) -> TakeToRefresh {
    store.connections().take_one(connection.app_id, &connection.id, Claim::new(unique()), now, None).await.unwrap()
}

fn done() -> Refreshed {
    Refreshed::Done(Sealed::new(b"newer".to_vec()))
}

async fn settle(
    store: &Store,
    taken: &RefreshClaim,
    refreshed: &Refreshed,
    due: Option<Timestamp>,
) -> Option<Connection> {
    store.connections().settle_refresh(taken, refreshed, due, None, later(9)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_who_take_at_once_through_two_stores_each_connection_is_one_ones() {
    let database = Database::new().await;
    let another = database.another().await;
    for _ in 0..10 {
        connection_in(&database, Some(NOW)).await;
    }
    connection_in(&database, Some(later(1))).await;
    connection_in(&database, None).await;
    let taken = at_once(40, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        async move { take(&store, 3, NOW).await }
    })
    .await;
    let mut ids: Vec<_> = taken.iter().flatten().map(|taken| taken.connection.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((taken.iter().flatten().count(), ids.len()), (10, 10));
}

#[tokio::test]
async fn each_institution_is_taken_by_itself_the_one_that_waited_longest_first() {
    let store = Database::new().await;
    let at = async |institution: &str, due: Timestamp| {
        let app = app_in(&store).await;
        let connection = Connection {
            institution_id: institution.into(),
            reading: Reading { scheduled: true, ..Reading::default() },
            refresh: Refresh { due: Some(due), last: Some(NOW), failure: None },
            ..a_connection(app.id)
        };
        linked_in(&store, app.id, connection).await.connection
    };
    for (institution, due) in [("slow", 2), ("slow", 3), ("slow", 4), ("other", 1), ("later", 9)] {
        at(institution, later(due)).await;
    }
    let due = async |limit, now| store.connections().institutions_due(limit, now).await.unwrap();
    assert_eq!(due(9, later(5)).await, ["other", "slow"].map(InstitutionId::from));
    assert_eq!(due(1, later(5)).await, ["other"].map(InstitutionId::from));
    let take = async |institution: &str, limit| {
        let claim = Claim::new(unique());
        let taken = store.connections().take_due(&institution.into(), limit, claim, later(5)).await.unwrap();
        taken.into_iter().map(|taken| taken.connection.refresh.due.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(take("slow", 2).await, [later(2), later(3)]);
    assert_eq!(due(9, later(5)).await, ["other", "slow"].map(InstitutionId::from));
    assert_eq!(take("slow", 2).await, [later(4)]);
    assert_eq!(take("later", 2).await, []);
    assert_eq!(due(9, later(5)).await, ["other"].map(InstitutionId::from));
}

#[tokio::test]
async fn a_refresh_is_written_down_and_the_next_is_due() {
    let store = Database::new().await;
    let connection = connection_in(&store, Some(NOW)).await;
    let taken = take(&store, 1, NOW).await.remove(0);
    let settled = settle(&store, &taken, &done(), Some(later(100))).await.unwrap();
    assert_eq!(settled.refresh, Refresh { due: Some(later(100)), last: Some(later(9)), failure: None });
    assert_eq!(settled.access().unwrap().sealed_state, Sealed::new(b"newer".to_vec()));
    assert_eq!(store.connections().get(connection.app_id, &connection.id).await.unwrap(), Some(settled));
    assert_eq!(take(&store, 1, later(99)).await, []);

    let taken = take(&store, 1, later(100)).await.remove(0);
    let failed = settle(&store, &taken, &Refreshed::Failed(FailureCode::RetryLater), Some(later(200))).await.unwrap();
    let expected = Refresh { due: Some(later(200)), last: Some(later(9)), failure: Some(FailureCode::RetryLater) };
    assert_eq!((failed.refresh, failed.state.as_str()), (expected, "active"));
    let taken = take(&store, 1, later(200)).await.remove(0);
    assert_eq!(settle(&store, &taken, &done(), None).await.unwrap().refresh.failure, None);
    assert_eq!(take(&store, 1, later(9_999)).await, []);
}

#[tokio::test]
async fn whoever_takes_too_long_has_lost_it() {
    let store = Database::new().await;
    let connection = connection_in(&store, None).await;
    let TakeToRefresh::Taken(slow) = take_one(&store, &connection, NOW).await else { panic!() };
    assert_eq!(take_one(&store, &connection, NOW).await, TakeToRefresh::NotNow);
    let TakeToRefresh::Taken(fast) = take_one(&store, &connection, after(NOW, LEASE)).await else { panic!() };
    assert_eq!(settle(&store, &slow, &done(), None).await, None);
    assert!(settle(&store, &fast, &done(), None).await.is_some());
    // It is nobody's any more.
    assert!(matches!(take_one(&store, &connection, NOW).await, TakeToRefresh::Taken(_)));
}

#[tokio::test]
async fn one_that_waits_for_its_person_is_not_refreshed_until_they_came() {
    let store = Database::new().await;
    let connection = connection_in(&store, Some(NOW)).await;
    let taken = take(&store, 1, NOW).await.remove(0);
    let purpose = ReauthorisationPurpose::Access;
    let token = ReauthorisationToken::new(unique_hash(), connection.app_id, connection.id.clone(), purpose, NOW);
    let secret = Sealed::new(b"told".to_vec());
    let needs = Refreshed::NeedsReauthorisation(purpose);
    let connections = store.connections();
    let settled = connections.settle_refresh(&taken, &needs, None, Some((&token, &secret)), later(9)).await.unwrap();
    let waiting = settled.unwrap();
    assert_eq!(waiting.state.as_str(), "needs_reauthorisation");
    let found = store.reauthorisation_tokens().find(connection.app_id, &token.hash).await.unwrap();
    assert_eq!(found, Some(token));
    assert_eq!(take_one(&store, &connection, later(9_999)).await, TakeToRefresh::NotNow);

    let renewed = waiting.reauthorise(access(), later(10)).unwrap();
    let renewed = Connection { refresh: Refresh::after_login(true, later(10), 0), ..renewed };
    let effects = Effects { connection: Some(ConnectionChange::Update(renewed.clone())), ..Effects::default() };
    assert!(matches!(finish(&store, renewed.app_id, &effects).await, Finish::Finished(_)));
    assert_eq!(connections.get(renewed.app_id, &renewed.id).await.unwrap(), Some(renewed.clone()));
    assert_eq!(take(&store, 1, renewed.refresh.due.unwrap()).await.len(), 1);
}

#[tokio::test]
async fn who_logs_in_or_deletes_meanwhile_has_the_last_word() {
    let store = Database::new().await;
    let connection = connection_in(&store, None).await;
    let TakeToRefresh::Taken(taken) = take_one(&store, &connection, NOW).await else { panic!() };
    let renewed = connection.clone().reauthorise(access(), later(5)).unwrap();
    let effects = Effects { connection: Some(ConnectionChange::Update(renewed.clone())), ..Effects::default() };
    assert!(matches!(finish(&store, renewed.app_id, &effects).await, Finish::Finished(_)));
    assert_eq!(settle(&store, &taken, &done(), None).await, None);
    assert_eq!(store.connections().get(renewed.app_id, &renewed.id).await.unwrap(), Some(renewed.clone()));

    let TakeToRefresh::Taken(taken) = take_one(&store, &renewed, NOW).await else { panic!() };
    let deleted = store.connections().delete(renewed.app_id, &renewed.id, &CHANGE).await.unwrap();
    assert!(matches!(deleted, DeleteConnection::Deleted(_)));
    assert_eq!(settle(&store, &taken, &done(), None).await, None);
    let gone = store.connections().get(renewed.app_id, &renewed.id).await.unwrap().unwrap();
    assert!(matches!(gone.state, ConnectionState::Deleted { .. }));
}

#[tokio::test]
async fn what_an_app_says_while_a_refresh_is_under_way_counts() {
    let store = Database::new().await;
    let connection = connection_in(&store, None).await;
    let TakeToRefresh::Taken(taken) = take_one(&store, &connection, NOW).await else { panic!() };
    store.connections().schedule(connection.app_id, &connection.id, Some(later(50)), &CHANGE).await.unwrap();
    let settled = settle(&store, &taken, &done(), Some(later(100))).await.unwrap();
    assert_eq!((settled.reading.scheduled, settled.refresh.due), (true, Some(later(100))));
    let taken = take(&store, 1, later(100)).await.remove(0);
    store.connections().schedule(connection.app_id, &connection.id, None, &CHANGE).await.unwrap();
    let settled = settle(&store, &taken, &done(), Some(later(200))).await.unwrap();
    assert_eq!((settled.reading.scheduled, settled.refresh.due), (false, None));
}

#[tokio::test]
async fn an_app_says_whether_a_connection_is_refreshed_by_itself() {
    let store = Database::new().await;
    let connection = connection_in(&store, None).await;
    let (app, id) = (connection.app_id, &connection.id);
    let scheduled = store.connections().schedule(app, id, Some(later(50)), &CHANGE).await.unwrap().unwrap();
    assert!(scheduled.reading.scheduled);
    assert_eq!(take(&store, 1, later(50)).await.len(), 1);
    let stopped = store.connections().schedule(app, id, None, &CHANGE).await.unwrap().unwrap();
    assert_eq!((stopped.reading.scheduled, stopped.refresh.due), (false, None));
    let other = app_in(&store).await;
    assert_eq!(store.connections().schedule(other.id, id, None, &CHANGE).await.unwrap(), None);
}
