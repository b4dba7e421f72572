//! What webhooks are to be told, in which order, and that two who send send nothing twice.

use banklink_domain::{
    activity::Action,
    app::AppMode,
    idempotency::Claim,
    ids::{AppId, SigningKeyId, WebhookId},
    sealed::Sealed,
    time::after,
    webhook::{
        DeliveryState, EventKind, RETENTION, Reply, SignatureStyle, SigningKey, SigningKeys, Silence, Subscription,
        Webhook, WebhookUrl,
    },
};
use banklink_store::{AddWebhook, Attempt, ChangeWebhook, Claimed, DeleteConnection, Store};
use jiff::{SignedDuration, Timestamp};

use crate::support::{CHANGE, Database, NOW, a_connection, app_in, at_once, later, linked_in, unique};

fn url(text: &str) -> WebhookUrl {
    WebhookUrl::parse(text, AppMode::Sandbox).unwrap()
}

fn key() -> SigningKey {
    SigningKey { id: SigningKeyId::new(unique()), sealed: Sealed::new(unique::<16>().to_vec()) }
}

fn a_webhook(app: AppId, events: Subscription) -> Webhook {
    Webhook {
        id: WebhookId::new(NOW, unique()),
        app_id: app,
        url: url("https://app.example/hooks"),
        events,
        style: SignatureStyle::Standard,
        keys: SigningKeys { current: key(), previous: None },
        created_at: NOW,
    }
}

async fn webhook_in(store: &Store, app: AppId, events: Subscription) -> Webhook {
    let webhook = a_webhook(app, events);
    assert_eq!(store.webhooks().add(&webhook, &CHANGE).await.unwrap(), AddWebhook::Added);
    webhook
}

async fn claim(store: &Store, webhook: &Webhook, limit: u64, now: Timestamp) -> Vec<Claimed> {
    store.webhooks().claim(webhook.id, Claim::new(unique()), limit, now).await.unwrap()
}

fn kinds(claimed: &[Claimed]) -> Vec<EventKind> {
    claimed.iter().map(|claimed| claimed.message.kind).collect()
}

async fn settle(store: &Store, claimed: &Claimed, state: DeliveryState) {
    let reply = Reply::Silent(Silence::TooSlow);
    let attempt = Attempt { at: NOW, took: SignedDuration::from_millis(5), reply };
    store.webhooks().settle(claimed, &attempt, state).await.unwrap();
}

const DELIVERED: DeliveryState = DeliveryState::Delivered { at: NOW };

/// A connection that was made while a webhook listened: three messages about it.
async fn told(store: &Store) -> Webhook {
    let app = app_in(store).await;
    let webhook = webhook_in(store, app.id, Subscription::All).await;
    linked_in(store, app.id, a_connection(app.id)).await;
    webhook
}

#[tokio::test]
async fn what_is_told_of_a_connection_is_handed_out_one_by_one() {
    let store = Database::new().await;
    let webhook = told(&store).await;
    assert_eq!(store.webhooks().due(10, NOW).await.unwrap(), [webhook.id]);
    for expected in [EventKind::ConnectionCreated, EventKind::ConnectionDataReady, EventKind::SessionLinked] {
        let first = claim(&store, &webhook, 10, NOW).await;
        assert_eq!(kinds(&first), [expected]);
        // It is somebody's, and those behind it wait.
        assert_eq!(claim(&store, &webhook, 10, NOW).await, []);
        assert_eq!(store.webhooks().due(10, NOW).await.unwrap(), []);
        settle(&store, &first[0], DELIVERED).await;
    }
    assert_eq!(claim(&store, &webhook, 10, NOW).await, []);
}

#[tokio::test]
async fn one_that_is_tried_later_holds_up_its_own_connection_alone() {
    let store = Database::new().await;
    let webhook = told(&store).await;
    linked_in(&store, webhook.app_id, a_connection(webhook.app_id)).await;
    let heads = claim(&store, &webhook, 10, NOW).await;
    assert_eq!(kinds(&heads), [EventKind::ConnectionCreated; 2]);
    settle(&store, &heads[0], DeliveryState::Pending { next: later(60) }).await;
    settle(&store, &heads[1], DELIVERED).await;
    let next = claim(&store, &webhook, 10, later(59)).await;
    assert_eq!(kinds(&next), [EventKind::ConnectionDataReady]);
    assert_eq!(kinds(&claim(&store, &webhook, 10, later(60)).await), [EventKind::ConnectionCreated]);
}

/// When the messages of a webhook are due, the first first.
async fn due_at(store: &Store, webhook: &Webhook) -> Vec<Option<Timestamp>> {
    let mut page = store.webhooks().deliveries(webhook.id, None, None, 10).await.unwrap().items;
    page.reverse();
    let next = |state| if let DeliveryState::Pending { next } = state { Some(next) } else { None };
    page.into_iter().map(|delivery| next(delivery.state)).collect()
}

#[tokio::test]
async fn nothing_behind_one_that_waits_is_due_before_it() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let webhook = webhook_in(&store, app.id, Subscription::All).await;
    let connection = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    let first = claim(&store, &webhook, 1, NOW).await.remove(0);
    settle(&store, &first, DeliveryState::Pending { next: later(60) }).await;
    // What happens meanwhile waits as well.
    let deleted = store.connections().delete(app.id, &connection.id, &CHANGE).await.unwrap();
    assert!(matches!(deleted, DeleteConnection::Deleted(_)));
    assert_eq!(due_at(&store, &webhook).await, [Some(later(60)); 4]);

    // Once the first is out of the way sooner, those behind it wait no longer.
    assert!(store.webhooks().redeliver(app.id, webhook.id, first.message.number, &CHANGE).await.unwrap());
    for expected in [
        EventKind::ConnectionCreated,
        EventKind::ConnectionDataReady,
        EventKind::SessionLinked,
        EventKind::ConnectionDeleted,
    ] {
        let next = claim(&store, &webhook, 10, NOW).await;
        assert_eq!(kinds(&next), [expected]);
        settle(&store, &next[0], DELIVERED).await;
    }
    assert_eq!(due_at(&store, &webhook).await, [None; 4]);
}

#[tokio::test]
async fn one_that_was_tried_itself_keeps_its_pause_when_the_one_before_it_comes_again() {
    let store = Database::new().await;
    let webhook = told(&store).await;
    let first = claim(&store, &webhook, 1, NOW).await.remove(0);
    settle(&store, &first, DELIVERED).await;
    let second = claim(&store, &webhook, 1, NOW).await.remove(0);
    settle(&store, &second, DeliveryState::Pending { next: later(60) }).await;
    assert!(store.webhooks().redeliver(webhook.app_id, webhook.id, first.message.number, &CHANGE).await.unwrap());
    let again = claim(&store, &webhook, 10, NOW).await.remove(0);
    assert_eq!(again.message, first.message);
    settle(&store, &again, DELIVERED).await;
    assert_eq!(due_at(&store, &webhook).await, [None, Some(later(60)), Some(later(60))]);
}

#[tokio::test]
async fn one_that_is_parked_makes_way_and_comes_again_if_somebody_asks() {
    let store = Database::new().await;
    let webhook = told(&store).await;
    let first = claim(&store, &webhook, 1, NOW).await.remove(0);
    settle(&store, &first, DeliveryState::Parked { at: NOW }).await;
    let second = claim(&store, &webhook, 1, NOW).await.remove(0);
    assert_eq!(second.message.kind, EventKind::ConnectionDataReady);
    settle(&store, &second, DELIVERED).await;
    assert!(store.webhooks().redeliver(webhook.app_id, webhook.id, first.message.number, &CHANGE).await.unwrap());
    assert!(
        !store
            .webhooks()
            .redeliver(webhook.app_id, WebhookId::new(NOW, unique()), first.message.number, &CHANGE)
            .await
            .unwrap()
    );
    let again = claim(&store, &webhook, 1, NOW).await.remove(0);
    assert_eq!((again.message, again.attempts), (first.message.clone(), 0));
    let (delivery, attempts) = store.webhooks().delivery(webhook.id, first.message.number).await.unwrap().unwrap();
    assert_eq!((delivery.state, attempts.len()), (DeliveryState::Pending { next: NOW }, 1));
    assert_eq!(attempts[0].reply, Reply::Silent(Silence::TooSlow));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_who_take_at_once_through_two_stores_each_message_is_one_ones() {
    let database = Database::new().await;
    let another = database.another().await;
    let webhook = told(&database).await;
    for _ in 0..9 {
        linked_in(&database, webhook.app_id, a_connection(webhook.app_id)).await;
    }
    let taken = at_once(40, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let webhook = webhook.clone();
        async move { claim(&store, &webhook, 3, NOW).await }
    })
    .await;
    let mut numbers: Vec<_> = taken.iter().flatten().map(|claimed| claimed.message.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!((taken.iter().flatten().count(), numbers.len()), (10, 10));
}

#[tokio::test]
async fn whoever_takes_too_long_has_lost_it() {
    let store = Database::new().await;
    let webhook = told(&store).await;
    let slow = claim(&store, &webhook, 1, NOW).await.remove(0);
    assert_eq!(claim(&store, &webhook, 1, later(29)).await, []);
    let fast = claim(&store, &webhook, 1, later(30)).await.remove(0);
    assert_eq!(fast.message, slow.message);
    settle(&store, &slow, DeliveryState::Parked { at: NOW }).await;
    let state = async || store.webhooks().delivery(webhook.id, slow.message.number).await.unwrap().unwrap();
    assert!(matches!(state().await.0.state, DeliveryState::Pending { .. }));
    settle(&store, &fast, DELIVERED).await;
    let (delivery, attempts) = state().await;
    assert_eq!((delivery.state, delivery.attempts, attempts.len()), (DELIVERED, 1, 1));
}

#[tokio::test]
async fn only_what_was_asked_for_is_told_and_only_of_the_app() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let some = Subscription::Only(vec![EventKind::ConnectionDeleted, EventKind::SessionExited]);
    let webhook = webhook_in(&store, app.id, some).await;
    let of_other = webhook_in(&store, other.id, Subscription::All).await;
    let connection = linked_in(&store, app.id, a_connection(app.id)).await.connection;
    assert_eq!(claim(&store, &webhook, 10, NOW).await, []);
    let deleted = store.connections().delete(app.id, &connection.id, &CHANGE).await.unwrap();
    assert!(matches!(deleted, DeleteConnection::Deleted(_)));
    let told = claim(&store, &webhook, 10, NOW).await;
    assert_eq!(kinds(&told), [EventKind::ConnectionDeleted]);
    assert!(told[0].message.data.contains(connection.id.as_str()), "{}", told[0].message.data);
    assert_eq!(claim(&store, &of_other, 10, NOW).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_has_five_at_most_however_many_come_at_once() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = app_in(&database).await;
    let added = at_once(20, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let webhook = a_webhook(app.id, Subscription::All);
        async move { store.webhooks().add(&webhook, &CHANGE).await.unwrap() }
    })
    .await;
    assert_eq!(added.iter().filter(|added| **added == AddWebhook::Added).count(), 5);
    assert_eq!(database.webhooks().list(app.id).await.unwrap().len(), 5);
    let nobody = a_webhook(AppId::new(NOW, unique()), Subscription::All);
    assert_eq!(database.webhooks().add(&nobody, &CHANGE).await.unwrap(), AddWebhook::UnknownApp);
}

#[tokio::test]
async fn a_webhook_is_changed_gets_another_key_and_is_removed() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let webhook = webhook_in(&store, app.id, Subscription::All).await;
    assert_eq!(store.webhooks().get(app.id, webhook.id).await.unwrap(), Some(webhook.clone()));
    assert_eq!(store.webhooks().receiver(webhook.id).await.unwrap(), Some((webhook.clone(), AppMode::Sandbox)));
    let events = Subscription::Only(vec![EventKind::SessionLinked]);
    let expected = Webhook { url: url("https://app.example/other"), events, ..webhook.clone() };
    // What is as it was is no change.
    for _ in 0..2 {
        let edit = |_| Ok::<_, ()>(expected.clone());
        let changed = store.webhooks().change(app.id, webhook.id, &CHANGE, edit).await.unwrap();
        assert_eq!(changed, ChangeWebhook::Changed(expected.clone()));
        assert_eq!(store.webhooks().get(app.id, webhook.id).await.unwrap(), Some(expected.clone()));
    }
    let refused = store.webhooks().change(app.id, webhook.id, &CHANGE, |_| Err("no")).await.unwrap();
    assert_eq!(refused, ChangeWebhook::Refused("no"));

    let next = key();
    let rotated = store.webhooks().rotate_key(app.id, webhook.id, &next, &CHANGE).await.unwrap().unwrap();
    let old = webhook.keys.current.clone();
    let signing = |now| rotated.keys.signing(now).cloned().collect::<Vec<_>>();
    assert_eq!(signing(NOW), [next.clone(), old.clone()]);
    assert_eq!(signing(after(NOW, SigningKeys::OVERLAP)), std::slice::from_ref(&next));
    for known in [next.id, old.id] {
        assert_eq!(store.webhooks().of_key(known).await.unwrap(), Some(rotated.clone()));
    }

    // Whoever asks twice, because an answer was lost, leaves receivers the key that they have.
    let third = key();
    let again = store.webhooks().rotate_key(app.id, webhook.id, &third, &CHANGE).await.unwrap().unwrap();
    assert_eq!(again.keys.signing(NOW).cloned().collect::<Vec<_>>(), [third, old]);

    assert!(store.webhooks().remove(app.id, webhook.id, &CHANGE).await.unwrap());
    assert!(!store.webhooks().remove(app.id, webhook.id, &CHANGE).await.unwrap());
    let log = store.activities().list(Some(app.id), None, None, 10).await.unwrap().items;
    let done: Vec<_> = log.iter().map(|activity| (activity.action, activity.detail.as_str())).collect();
    let expected = [
        (Action::WebhookRemoved, "https://app.example/other"),
        (Action::WebhookKeyRotated, "https://app.example/other"),
        (Action::WebhookKeyRotated, "https://app.example/other"),
        (Action::WebhookChanged, "url, events"),
        (Action::WebhookAdded, "https://app.example/hooks"),
        (Action::AppCreated, "Budget"),
    ];
    assert_eq!(done, expected);
}

#[tokio::test]
async fn messages_are_read_a_page_at_a_time_and_forgotten_after_a_month() {
    let store = Database::new().await;
    let webhook = told(&store).await;
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = store.webhooks().deliveries(webhook.id, None, before, 2).await.unwrap();
        seen.extend(page.items.into_iter().map(|delivery| delivery.message.kind));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, [EventKind::SessionLinked, EventKind::ConnectionDataReady, EventKind::ConnectionCreated]);
    let month = after(NOW, RETENTION);
    assert_eq!(store.webhooks().forget_old(10, month).await.unwrap(), 0);
    assert_eq!(store.webhooks().forget_old(10, after(month, SignedDuration::from_secs(1))).await.unwrap(), 3);
}
