//! What was changed in apps, and by whom.

use banklink_domain::{
    activity::{Action, Actor, Change},
    app::AppTheme,
    ids::AppId,
    link::{Link, LinkState},
    settings::ConsentDays,
    text::AppName,
};
use banklink_store::{
    AddEntry, AddSecret, ChangeApp, ChangeLink, DeleteConnection, RemoveRedirectUri, RevokeConsent, RevokeSecret, Store,
};

use crate::support::{CHANGE, Database, a_connection, a_secret, app_in, later, link_in, linked_in, redirect_uri};

/// What was done, newest first.
async fn done(store: &Store, app: AppId) -> Vec<(Action, String, String)> {
    let mut page = store.activities().list(Some(app), None, None, 100).await.unwrap();
    assert!(page.next.is_none() && page.items.iter().all(|activity| activity.change == CHANGE));
    // It began with being created.
    assert_eq!(page.items.pop().map(|activity| activity.action), Some(Action::AppCreated));
    page.items.into_iter().map(|activity| (activity.action, activity.subject, activity.detail)).collect()
}

#[tokio::test]
async fn every_change_is_written_down_once_and_what_changes_nothing_is_not() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let apps = store.apps();
    let (secret, uri) = (a_secret(app.id), redirect_uri("https://example.com/new"));
    let origin = banklink_domain::origin::parse("https://example.com", app.mode).unwrap();
    let theme = AppTheme::new("#a{}".to_owned(), String::new());

    for _ in 0..2 {
        let edited = apps.change(app.id, &CHANGE, |app| {
            app.name = AppName::parse("Savings").unwrap();
            app.settings.consent_days = ConsentDays::new(30).unwrap();
            Ok::<(), ()>(())
        });
        assert!(matches!(edited.await.unwrap(), ChangeApp::Changed(_) | ChangeApp::Unchanged(_)));
        let added = apps.add_redirect_uri(app.id, &uri, &CHANGE).await.unwrap();
        assert_eq!(apps.add_origin(app.id, &origin, &CHANGE).await.unwrap(), added);
    }
    assert_eq!(apps.add_secret(&secret, &CHANGE).await.unwrap(), AddSecret::Added);
    for _ in 0..2 {
        let revoked = apps.revoke_secret(app.id, secret.id, &CHANGE).await.unwrap();
        assert!(matches!(revoked, RevokeSecret::Revoked(_) | RevokeSecret::NotLive));
        let removed = apps.remove_redirect_uri(app.id, &uri, &CHANGE).await.unwrap();
        assert!(matches!(removed, RemoveRedirectUri::Removed | RemoveRedirectUri::Unknown));
        apps.remove_origin(app.id, &origin, &CHANGE).await.unwrap();
    }
    for theme in [Some(theme.clone()), None, None] {
        apps.change_theme(app.id, &CHANGE, |_| Ok::<_, ()>(theme)).await.unwrap().unwrap();
    }
    let link = link_in(&store, app.id).await;
    for _ in 0..2 {
        let pause = |link: Link| Ok::<_, ()>(Link { state: LinkState::Paused, ..link });
        let paused = store.links().change(app.id, link.id, &CHANGE, pause).await.unwrap();
        assert!(matches!(paused, ChangeLink::Changed(_) | ChangeLink::Unchanged(_)));
    }
    store.links().delete(app.id, link.id, &CHANGE).await.unwrap();
    store.links().delete(app.id, link.id, &CHANGE).await.unwrap();
    let linked = linked_in(&store, app.id, a_connection(app.id)).await;
    for due in [later(50), later(60)] {
        let scheduled = store.connections().schedule(app.id, &linked.connection.id, Some(due), &CHANGE).await.unwrap();
        assert!(scheduled.is_some_and(|connection| connection.refresh.due == Some(due)));
    }
    for _ in 0..2 {
        let revoked = store.consents().revoke(app.id, linked.consent.id, &CHANGE).await.unwrap();
        assert!(matches!(revoked, RevokeConsent::Revoked(_) | RevokeConsent::AlreadyRevoked));
        let deleted = store.connections().delete(app.id, &linked.connection.id, &CHANGE).await.unwrap();
        assert_eq!(deleted, DeleteConnection::AlreadyDeleted);
    }

    let entry = |action, subject: &dyn ToString, detail: &str| (action, subject.to_string(), detail.to_owned());
    let mut expected = vec![
        entry(Action::AppChanged, &"", "name, consent_days"),
        entry(Action::RedirectUriAdded, &uri, ""),
        entry(Action::OriginAdded, &"https://example.com", ""),
        entry(Action::ClientSecretAdded, &secret.id, ""),
        entry(Action::ClientSecretRevoked, &secret.id, ""),
        entry(Action::RedirectUriRemoved, &uri, ""),
        entry(Action::OriginRemoved, &"https://example.com", ""),
        entry(Action::ThemeSet, &theme.hash, ""),
        entry(Action::ThemeRestored, &"", ""),
        entry(Action::LinkCreated, &link.id, link.name.as_str()),
        entry(Action::LinkChanged, &link.id, "state"),
        entry(Action::LinkDeleted, &link.id, link.name.as_str()),
        entry(Action::ConnectionChanged, &linked.connection.id, "schedule_refresh"),
        entry(Action::ConnectionDeleted, &linked.connection.id, "testbank"),
        entry(Action::ConsentRevoked, &linked.consent.id, ""),
    ];
    expected.reverse();
    assert_eq!(done(&store, app.id).await, expected);
    assert_eq!(done(&store, other.id).await, []);
}

#[tokio::test]
async fn they_are_read_a_page_at_a_time_newest_first() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let by = Actor::ClientSecret(a_secret(app.id).id);
    for number in 0..7 {
        let uri = redirect_uri(&format!("https://example.com/{number}"));
        let added = store.apps().add_redirect_uri(app.id, &uri, &Change { by, at: later(number) }).await.unwrap();
        assert_eq!(added, AddEntry::Added);
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = store.activities().list(Some(app.id), None, before, 3).await.unwrap();
        seen.extend(page.items);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.pop().map(|activity| activity.action), Some(Action::AppCreated));
    let times: Vec<_> = seen.iter().map(|activity| activity.change).collect();
    let expected: Vec<_> = (0..7).rev().map(|number| Change { by, at: later(number) }).collect();
    assert_eq!(times, expected);
}
