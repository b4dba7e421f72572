//! Requests by the key that their caller gave them.

use banklink_domain::{
    hash::ContentHash,
    idempotency::{Asker, Claim, IdempotencyKey, LEASE, RETENTION},
    ids::AppId,
    sealed::Sealed,
};
use banklink_store::{AddEntry, ClaimRequest, DeleteConnection, Limit, while_carried_out};
use jiff::SignedDuration;

use crate::support::{CHANGE, Database, NOW, a_connection, app_in, at_once, linked_in, redirect_uri, unique};

fn a_claim() -> Claim {
    Claim::new(unique())
}

fn key(text: &str) -> IdempotencyKey {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_claims_at_once_through_two_stores_one_is_carried_out() {
    let database = Database::new().await;
    let another = database.another().await;
    let (app, hash) = (app_in(&database).await, ContentHash::of(b"one"));
    let claims = at_once(40, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        async move { store.requests().claim(Asker::App(app.id), &key("a"), &hash, a_claim(), NOW).await.unwrap() }
    })
    .await;
    assert_eq!(claims.iter().filter(|claim| **claim == ClaimRequest::Claimed).count(), 1);
    assert_eq!(claims.iter().filter(|claim| **claim == ClaimRequest::Busy).count(), 39);
}

#[tokio::test]
async fn an_answer_is_kept_for_its_own_request_and_its_own_app_until_its_time_is_up() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let [one, two] = [b"one", b"two"].map(|body| ContentHash::of(body));
    let claim =
        async |app, hash, now| store.requests().claim(Asker::App(app), &key("a"), hash, a_claim(), now).await.unwrap();
    let own = a_claim();
    assert_eq!(
        store.requests().claim(Asker::App(app.id), &key("a"), &one, own, NOW).await.unwrap(),
        ClaimRequest::Claimed
    );
    assert_eq!(claim(other.id, &two, NOW).await, ClaimRequest::Claimed);
    let answer = Sealed::new(vec![1, 2, 3]);
    store.requests().answered(own, &answer, None).await.unwrap();
    // It is answered, so it was not cut off.
    assert_eq!(claim(app.id, &one, NOW + LEASE).await, ClaimRequest::Answered(answer));
    assert_eq!(claim(app.id, &two, NOW + LEASE).await, ClaimRequest::Other);
    assert_eq!(claim(other.id, &two, NOW).await, ClaimRequest::Busy);
    assert_eq!(claim(app.id, &two, NOW + RETENTION).await, ClaimRequest::Claimed);
    assert_eq!(store.requests().forget_old(NOW + RETENTION).await.unwrap(), 1);
    assert_eq!(claim(other.id, &one, NOW).await, ClaimRequest::Claimed);
}

#[tokio::test]
async fn what_was_given_back_or_cut_off_is_carried_out_by_the_next() {
    let store = Database::new().await;
    let (app, hash) = (app_in(&store).await, ContentHash::of(b"one"));
    let [first, second, third] = [(); 3].map(|()| a_claim());
    let claim = async |own, now| store.requests().claim(Asker::App(app.id), &key("a"), &hash, own, now).await.unwrap();
    assert_eq!(claim(first, NOW).await, ClaimRequest::Claimed);
    store.requests().give_back(first).await.unwrap();
    assert_eq!(claim(second, NOW).await, ClaimRequest::Claimed);
    assert_eq!(claim(third, NOW).await, ClaimRequest::Busy);
    assert_eq!(claim(third, NOW + LEASE).await, ClaimRequest::Claimed);
    // The one that was cut off comes to its end after all; it is not asked any more.
    store.requests().give_back(second).await.unwrap();
    store.requests().answered(second, &Sealed::new(vec![2]), None).await.unwrap();
    assert_eq!(claim(first, NOW + LEASE).await, ClaimRequest::Busy);
    store.requests().answered(third, &Sealed::new(vec![3]), None).await.unwrap();
    assert_eq!(claim(first, NOW + LEASE).await, ClaimRequest::Answered(Sealed::new(vec![3])));
}

#[tokio::test]
async fn what_was_carried_out_and_not_answered_is_lost_and_not_done_again() {
    let store = Database::new().await;
    let (app, hash) = (app_in(&store).await, ContentHash::of(b"one"));
    let claim = async |name: &str, own, now| {
        store.requests().claim(Asker::App(app.id), &key(name), &hash, own, now).await.unwrap()
    };
    let [done, undone, refused, next] = [(); 4].map(|()| a_claim());
    assert_eq!(claim("done", done, NOW).await, ClaimRequest::Claimed);
    assert_eq!(claim("undone", undone, NOW).await, ClaimRequest::Claimed);
    assert_eq!(claim("refused", refused, NOW).await, ClaimRequest::Claimed);
    let uri = redirect_uri("https://app.example/once");
    let added = while_carried_out(done, store.apps().add_redirect_uri(app.id, &uri, &CHANGE)).await;
    assert_eq!(added.unwrap(), AddEntry::Added);
    // Nor is anything carried out by counting how often somebody tried.
    let limits = [Limit { subject: "somebody".to_owned(), most: 1, within: SignedDuration::from_mins(1) }];
    drop(while_carried_out(undone, store.operators().may_try(&limits, NOW)).await.unwrap());
    // What is rolled back is not carried out.
    let unknown = AppId::new(NOW, unique());
    drop(while_carried_out(refused, store.apps().add_redirect_uri(unknown, &uri, &CHANGE)).await);
    assert_eq!(claim("done", next, NOW).await, ClaimRequest::Busy);
    assert_eq!(claim("done", next, NOW + LEASE).await, ClaimRequest::Lost);
    for name in ["undone", "refused"] {
        assert_eq!(claim(name, a_claim(), NOW + LEASE).await, ClaimRequest::Claimed, "{name}");
    }
    // Who was slow, and not gone, answers after all.
    store.requests().answered(done, &Sealed::new(vec![1]), None).await.unwrap();
    assert_eq!(claim("done", next, NOW + LEASE).await, ClaimRequest::Answered(Sealed::new(vec![1])));
    assert_eq!(claim("done", next, NOW + RETENTION).await, ClaimRequest::Claimed);
}

#[tokio::test]
async fn an_answer_with_a_connections_data_goes_with_the_connection() {
    let store = Database::new().await;
    let (app, hash) = (app_in(&store).await, ContentHash::of(b"one"));
    let connection = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    let own = a_claim();
    assert_eq!(
        store.requests().claim(Asker::App(app.id), &key("a"), &hash, own, NOW).await.unwrap(),
        ClaimRequest::Claimed
    );
    store.requests().answered(own, &Sealed::new(vec![1]), Some(&connection.id)).await.unwrap();
    let deleted = store.connections().delete(app.id, &connection.id, &CHANGE).await.unwrap();
    assert!(matches!(deleted, DeleteConnection::Deleted(_)));
    let again = store.requests().claim(Asker::App(app.id), &key("a"), &hash, a_claim(), NOW).await.unwrap();
    assert_eq!(again, ClaimRequest::Claimed);
}
