//! Links.

use banklink_domain::{
    ids::LinkId,
    link::{Link, LinkState, LinkToken},
};
use banklink_store::{AddEntry, ChangeLink, CreateLink, StoreError};

use crate::support::{CHANGE, Database, NOW, a_link, app_in, link_in, redirect_uri, unique};

#[tokio::test]
async fn a_link_is_found_by_its_token_and_listed() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let (first, second) = (link_in(&store, app.id).await, link_in(&store, app.id).await);
    link_in(&store, other.id).await;
    assert_eq!(store.links().by_token(&first.token).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.links().by_token(&LinkToken::new("bl_link_")).await.unwrap(), None);
    assert_eq!(store.links().get(app.id, second.id).await.unwrap().as_ref(), Some(&second));
    assert_eq!(store.links().get(other.id, second.id).await.unwrap(), None);
    let page = store.links().list(app.id, None, 1).await.unwrap();
    assert_eq!((page.items, page.next), (vec![first.clone()], Some(first.id)));
    let page = store.links().list(app.id, page.next, 1).await.unwrap();
    assert_eq!((page.items, page.next), (vec![second], None));
}

#[tokio::test]
async fn a_link_leads_only_where_its_own_app_registered() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let uri = redirect_uri("https://example.com/other");
    assert_eq!(store.apps().add_redirect_uri(other.id, &uri, &CHANGE).await.unwrap(), AddEntry::Added);
    let mut link = a_link(app.id);
    link.redirect_uri = uri;
    assert_eq!(store.links().create(&link, &CHANGE).await.unwrap(), CreateLink::RedirectUriNotRegistered);
    assert_eq!(store.links().list(app.id, None, 10).await.unwrap().items, []);
}

#[tokio::test]
async fn a_token_is_taken_once() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let first = link_in(&store, app.id).await;
    let mut second = a_link(app.id);
    second.token = first.token;
    assert!(matches!(store.links().create(&second, &CHANGE).await, Err(StoreError::AlreadyExists { entity: "link" })));
}

#[tokio::test]
async fn a_link_is_changed_by_its_own_app() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let link = link_in(&store, app.id).await;
    let paused = Link { state: LinkState::Paused, ..link.clone() };
    let pause = |link: Link| Ok::<_, &str>(Link { state: LinkState::Paused, ..link });
    assert_eq!(store.links().change(other.id, link.id, &CHANGE, pause).await.unwrap(), ChangeLink::Unknown);
    assert_eq!(store.links().change(app.id, link.id, &CHANGE, |_| Err("no")).await.unwrap(), ChangeLink::Refused("no"));
    let changed = store.links().change(app.id, link.id, &CHANGE, pause).await.unwrap();
    assert_eq!(changed, ChangeLink::Changed(paused.clone()));
    assert_eq!(store.links().by_token(&link.token).await.unwrap(), Some(paused.clone()));
    let same = store.links().change(app.id, link.id, &CHANGE, pause).await.unwrap();
    assert_eq!(same, ChangeLink::Unchanged(paused));
}

#[tokio::test]
async fn a_link_is_changed_to_lead_only_where_its_own_app_registered() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let link = link_in(&store, app.id).await;
    let uri = redirect_uri("https://example.com/other");
    let leads_there = |link: Link| Ok::<_, ()>(Link { redirect_uri: uri.clone(), ..link });
    let refused = store.links().change(app.id, link.id, &CHANGE, leads_there).await.unwrap();
    assert_eq!(refused, ChangeLink::RedirectUriNotRegistered);
    assert_eq!(store.links().get(app.id, link.id).await.unwrap().as_ref(), Some(&link));
    assert_eq!(store.apps().add_redirect_uri(app.id, &uri, &CHANGE).await.unwrap(), AddEntry::Added);
    let changed = store.links().change(app.id, link.id, &CHANGE, leads_there).await.unwrap();
    assert_eq!(changed, ChangeLink::Changed(Link { redirect_uri: uri.clone(), ..link }));
}

#[tokio::test]
async fn a_link_is_deleted_by_its_own_app() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let link = link_in(&store, app.id).await;
    assert!(!store.links().delete(other.id, link.id, &CHANGE).await.unwrap());
    assert!(!store.links().delete(app.id, LinkId::new(NOW, unique()), &CHANGE).await.unwrap());
    assert!(store.links().delete(app.id, link.id, &CHANGE).await.unwrap());
    assert_eq!(store.links().by_token(&link.token).await.unwrap(), None);
}
