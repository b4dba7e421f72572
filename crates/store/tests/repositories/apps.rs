//! Apps with their secrets, redirect URIs, origins and themes.

use banklink_domain::{
    activity::{Actor, Change},
    app::{App, AppMode, AppSettings, AppTheme, ClientSecret, ClientSecretState},
    ids::{AppId, ClientId, ClientSecretId},
    origin,
    settings::LinkCodeLifetime,
    text::{AppName, OrganisationName},
};
use banklink_protocol::boot::AllowedOrigin;
use banklink_store::{AddEntry, AddSecret, ChangeApp, NewApp, RemoveRedirectUri, RevokeSecret, StoreError};

use crate::support::{
    CHANGE, Database, NOW, a_secret, an_app, app_in, at_once, later, link_in, redirect_uri, unique, unique_hash,
};

fn allowed(text: &str) -> AllowedOrigin {
    origin::parse(text, AppMode::Sandbox).unwrap()
}

#[tokio::test]
async fn an_app_is_found_by_everything_that_names_it() {
    let store = Database::new().await;
    let app = an_app();
    let secret = a_secret(app.id);
    let new = NewApp { app: app.clone(), secret: Some(secret.clone()), redirect_uris: vec![], origins: vec![] };
    store.apps().create(&new, Actor::CommandLine).await.unwrap();
    app_in(&store).await;

    assert_eq!(store.apps().get(app.id).await.unwrap().as_ref(), Some(&app));
    assert_eq!(store.apps().by_client_id(app.client_id).await.unwrap().as_ref(), Some(&app));
    assert_eq!(store.apps().by_data_key(&app.data_key).await.unwrap().as_ref(), Some(&app));
    assert_eq!(store.apps().by_client_secret(&secret.hash).await.unwrap(), Some((app, secret.id)));
    assert_eq!(store.apps().secrets(secret.app_id, None, 10).await.unwrap().items, [secret]);
}

#[tokio::test]
async fn what_names_no_app_finds_none() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    assert_eq!(store.apps().get(AppId::new(NOW, unique())).await.unwrap(), None);
    assert_eq!(store.apps().by_client_id(ClientId::new(unique())).await.unwrap(), None);
    assert_eq!(store.apps().by_data_key(&unique_hash()).await.unwrap(), None);
    // A data key is no client secret.
    assert_eq!(store.apps().by_client_secret(&app.data_key).await.unwrap(), None);
}

#[tokio::test]
async fn apps_are_listed_oldest_first() {
    let store = Database::new().await;
    let first = app_in(&store).await;
    let second = app_in(&store).await;
    assert_eq!(store.apps().list(None, 10).await.unwrap().items, [first, second]);
}

#[tokio::test]
async fn an_app_that_takes_anothers_client_id_leaves_nothing_behind() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let mut other = an_app();
    other.client_id = app.client_id;
    let secret = a_secret(other.id);
    let new = NewApp { app: other, secret: Some(secret.clone()), redirect_uris: vec![], origins: vec![] };
    assert!(matches!(
        store.apps().create(&new, Actor::CommandLine).await,
        Err(StoreError::AlreadyExists { entity: "app" })
    ));

    let mut other = an_app();
    other.name = AppName::parse("Other").unwrap();
    let taken = ClientSecret { app_id: app.id, ..secret };
    assert_eq!(store.apps().add_secret(&taken, &CHANGE).await.unwrap(), AddSecret::Added);
    let stolen = ClientSecret { id: ClientSecretId::new(NOW, unique()), app_id: other.id, ..taken };
    let new = NewApp { app: other, secret: Some(stolen), redirect_uris: vec![], origins: vec![] };
    assert!(matches!(
        store.apps().create(&new, Actor::CommandLine).await,
        Err(StoreError::AlreadyExists { entity: "client secret" })
    ));
    assert_eq!(store.apps().list(None, 10).await.unwrap().items, [app]);
}

#[tokio::test]
async fn name_and_settings_change_and_nothing_else() {
    let store = Database::new().await;
    let mut app = app_in(&store).await;
    let other = app_in(&store).await;
    app.name = AppName::parse("Savings").unwrap();
    app.settings = AppSettings { consent: false, link_code_lifetime: LinkCodeLifetime::MAX, ..AppSettings::default() };
    let edit = |changed: &mut App| {
        changed.name = app.name.clone();
        changed.settings = app.settings.clone();
        Ok::<(), ()>(())
    };
    assert_eq!(store.apps().change(app.id, &CHANGE, edit).await.unwrap(), ChangeApp::Changed(app.clone()));
    assert_eq!(store.apps().list(None, 10).await.unwrap().items, [app.clone(), other.clone()]);
    let page = store.apps().list(None, 1).await.unwrap();
    assert_eq!((page.items, page.next), (vec![app.clone()], Some(app.id)));
    let page = store.apps().list(page.next, 1).await.unwrap();
    assert_eq!((page.items, page.next), (vec![other], None));
    assert_eq!(store.apps().change(app.id, &CHANGE, edit).await.unwrap(), ChangeApp::Unchanged(app.clone()));
    let unknown = AppId::new(NOW, unique());
    assert_eq!(store.apps().change(unknown, &CHANGE, edit).await.unwrap(), ChangeApp::Unknown);
    let refuse = |changed: &mut App| {
        changed.name = AppName::parse("Neither").unwrap();
        Err("no")
    };
    assert_eq!(store.apps().change(app.id, &CHANGE, refuse).await.unwrap(), ChangeApp::Refused("no"));
    assert_eq!(store.apps().get(app.id).await.unwrap(), Some(app));
}

#[tokio::test]
async fn five_secrets_work_and_a_revoked_one_makes_room() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let secrets: Vec<_> = (0..6).map(|_| a_secret(app.id)).collect();
    for secret in &secrets[..5] {
        assert_eq!(store.apps().add_secret(secret, &CHANGE).await.unwrap(), AddSecret::Added);
    }
    assert_eq!(store.apps().add_secret(&secrets[5], &CHANGE).await.unwrap(), AddSecret::TooMany);
    assert_eq!(store.apps().by_client_secret(&secrets[5].hash).await.unwrap(), None);

    let revoked = store.apps().revoke_secret(app.id, secrets[0].id, &Change { at: later(9), ..CHANGE }).await.unwrap();
    let expected = secrets[0].clone().revoke(later(9)).unwrap();
    assert_eq!(revoked, RevokeSecret::Revoked(expected.clone()));
    assert_eq!(store.apps().by_client_secret(&secrets[0].hash).await.unwrap(), None);
    assert_eq!(store.apps().add_secret(&secrets[5], &CHANGE).await.unwrap(), AddSecret::Added);

    let kept = store.apps().secrets(app.id, None, 10).await.unwrap().items;
    assert_eq!(kept.len(), 6);
    let page = store.apps().secrets(app.id, None, 4).await.unwrap();
    let rest = store.apps().secrets(app.id, page.next, 4).await.unwrap();
    assert_eq!(([page.items, rest.items].concat(), rest.next), (kept.clone(), None));
    assert_eq!(kept[0], expected);
    assert!(kept[1..].iter().all(|secret| secret.state == ClientSecretState::Live));
}

#[tokio::test]
async fn a_secret_is_revoked_once_and_by_its_own_app() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let secret = a_secret(app.id);
    assert_eq!(store.apps().add_secret(&secret, &CHANGE).await.unwrap(), AddSecret::Added);
    assert_eq!(store.apps().revoke_secret(other.id, secret.id, &CHANGE).await.unwrap(), RevokeSecret::NotLive);
    assert_eq!(store.apps().by_client_secret(&secret.hash).await.unwrap(), Some((app.clone(), secret.id)));
    assert!(matches!(store.apps().revoke_secret(app.id, secret.id, &CHANGE).await.unwrap(), RevokeSecret::Revoked(_)));
    assert_eq!(store.apps().revoke_secret(app.id, secret.id, &CHANGE).await.unwrap(), RevokeSecret::NotLive);
}

#[tokio::test]
async fn a_secret_of_no_app_is_not_added() {
    let store = Database::new().await;
    let secret = a_secret(AppId::new(NOW, unique()));
    assert_eq!(store.apps().add_secret(&secret, &CHANGE).await.unwrap(), AddSecret::UnknownApp);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_secrets_added_at_once_through_two_stores_five_work() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = app_in(&database).await;
    let added = at_once(40, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let secret = a_secret(app.id);
        async move { store.apps().add_secret(&secret, &CHANGE).await.unwrap() }
    })
    .await;
    assert_eq!(added.iter().filter(|added| **added == AddSecret::Added).count(), 5);
    assert_eq!(database.apps().live_secrets(app.id).await.unwrap().len(), 5);
}

#[tokio::test]
async fn redirect_uris_keep_their_order_and_are_there_once() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let [first, second] = ["https://example.com/cb", "app://a"].map(redirect_uri);
    assert_ne!(store.apps().add_redirect_uri(app.id, &second, &CHANGE).await.unwrap(), AddEntry::TooMany);
    assert_ne!(store.apps().add_redirect_uri(app.id, &first, &CHANGE).await.unwrap(), AddEntry::TooMany);
    assert_eq!(store.apps().redirect_uris(app.id).await.unwrap(), [first.clone(), second.clone()]);

    assert_eq!(store.apps().remove_redirect_uri(app.id, &first, &CHANGE).await.unwrap(), RemoveRedirectUri::Removed);
    assert_eq!(store.apps().remove_redirect_uri(app.id, &first, &CHANGE).await.unwrap(), RemoveRedirectUri::Unknown);
    // People have to go somewhere.
    assert_eq!(store.apps().remove_redirect_uri(app.id, &second, &CHANGE).await.unwrap(), RemoveRedirectUri::Last);
    assert_eq!(store.apps().redirect_uris(app.id).await.unwrap(), [second]);
}

#[tokio::test]
async fn a_redirect_uri_stays_as_long_as_a_link_leads_there() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let link = link_in(&store, app.id).await;
    let uri = &link.redirect_uri;
    for app in [&app, &other] {
        let another = redirect_uri("another://app");
        assert_eq!(store.apps().add_redirect_uri(app.id, &another, &CHANGE).await.unwrap(), AddEntry::Added);
    }
    assert_eq!(store.apps().remove_redirect_uri(app.id, uri, &CHANGE).await.unwrap(), RemoveRedirectUri::InUse);
    // Another app's link does not hold it.
    assert_eq!(store.apps().remove_redirect_uri(other.id, uri, &CHANGE).await.unwrap(), RemoveRedirectUri::Removed);
    assert!(store.links().delete(app.id, link.id, &CHANGE).await.unwrap());
    assert_eq!(store.apps().remove_redirect_uri(app.id, uri, &CHANGE).await.unwrap(), RemoveRedirectUri::Removed);
}

#[tokio::test]
async fn origins_keep_their_order_and_are_there_once() {
    let store = Database::new().await;
    let app = an_app();
    let [first, second, third] = ["https://example.com", "http://localhost:*", "capacitor://localhost"].map(allowed);
    let origins = vec![first.clone(), second.clone(), first.clone()];
    let new = NewApp { app: app.clone(), secret: None, redirect_uris: vec![], origins };
    store.apps().create(&new, Actor::CommandLine).await.unwrap();
    assert_ne!(store.apps().add_origin(app.id, &third, &CHANGE).await.unwrap(), AddEntry::TooMany);
    assert_eq!(store.apps().origins(app.id).await.unwrap(), [first, second.clone(), third.clone()]);

    assert!(store.apps().remove_origin(app.id, &allowed("https://example.com:443"), &CHANGE).await.unwrap());
    assert!(!store.apps().remove_origin(app.id, &allowed("https://example.com"), &CHANGE).await.unwrap());
    assert_eq!(store.apps().origins(app.id).await.unwrap(), [second, third]);
    assert_eq!(store.apps().origins(AppId::new(NOW, unique())).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_has_fifty_redirect_uris_and_origins_at_most_however_many_come_at_once() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = an_app();
    let new = NewApp { app: app.clone(), secret: None, redirect_uris: vec![], origins: vec![] };
    database.apps().create(&new, Actor::CommandLine).await.unwrap();
    let added = at_once(80, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let address = format!("https://example.com:{}", 1000 + index);
        async move {
            let origin = store.apps().add_origin(app.id, &allowed(&address), &CHANGE).await.unwrap();
            [origin, store.apps().add_redirect_uri(app.id, &redirect_uri(&address), &CHANGE).await.unwrap()]
        }
    })
    .await;
    for kind in 0..2 {
        assert_eq!(added.iter().filter(|added| added[kind] == AddEntry::Added).count(), 50);
    }
    assert_eq!(database.apps().origins(app.id).await.unwrap().len(), 50);
    assert_eq!(database.apps().redirect_uris(app.id).await.unwrap().len(), 50);
}

#[tokio::test]
async fn a_theme_is_replaced_and_restored() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    assert_eq!(store.apps().theme(app.id).await.unwrap(), None);
    let [red, blue] = ["red", "blue"]
        .map(|colour| AppTheme::new(format!("#background {{ background: {colour} }}"), format!("#b{{{colour}}}")));
    let set = async |theme: &AppTheme| {
        store.apps().change_theme(app.id, &CHANGE, |_| Ok::<_, ()>(Some(theme.clone()))).await.unwrap().unwrap();
    };
    set(&red).await;
    assert_eq!(store.apps().theme(app.id).await.unwrap().as_ref(), Some(&red));
    set(&blue).await;
    assert_eq!(store.apps().theme(app.id).await.unwrap().as_ref(), Some(&blue));
    assert_eq!(store.apps().theme_css(&blue.hash).await.unwrap(), Some(blue.css));
    assert_eq!(store.apps().theme_css(&red.hash).await.unwrap(), None);
    for had_one in [true, false] {
        let clear = |before: Option<AppTheme>| if before.is_some() == had_one { Ok(None) } else { Err(before) };
        store.apps().change_theme(app.id, &CHANGE, clear).await.unwrap().unwrap();
    }
    assert_eq!(store.apps().theme(app.id).await.unwrap(), None);
}

#[tokio::test]
async fn the_organisation_has_the_name_it_was_given_last() {
    let store = Database::new().await;
    assert_eq!(store.settings().organisation_name().await.unwrap(), None);
    for name in ["Caisse", "Caisse Populaire"] {
        let name = OrganisationName::parse(name).unwrap();
        store.settings().set_organisation_name(&name, &CHANGE).await.unwrap();
        assert_eq!(store.settings().organisation_name().await.unwrap(), Some(name));
    }
}
