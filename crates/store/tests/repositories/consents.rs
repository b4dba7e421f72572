//! Consents.

use banklink_domain::ids::ConsentId;
use banklink_store::{DeleteConnection, RevokeConsent};

use crate::support::{CHANGE, Database, NOW, a_connection, app_in, change_at, later, linked_in, unique};

#[tokio::test]
async fn a_consent_is_found_by_its_id_and_by_its_connection() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let linked = linked_in(&store, app.id, a_connection(app.id)).await;
    let consent = linked.consent;
    assert_eq!(store.consents().get(app.id, consent.id).await.unwrap().as_ref(), Some(&consent));
    assert_eq!(store.consents().get(other.id, consent.id).await.unwrap(), None);
    let of_connection = store.consents().of_connection(app.id, &linked.connection.id).await.unwrap();
    assert_eq!(of_connection, [consent]);
    assert_eq!(store.consents().of_connection(other.id, &linked.connection.id).await.unwrap(), []);
}

#[tokio::test]
async fn revoking_a_consent_deletes_what_it_covered() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let linked = linked_in(&store, app.id, a_connection(app.id)).await;
    let revoked = linked.consent.clone().revoke(later(3)).unwrap();
    let first = store.consents().revoke(app.id, linked.consent.id, &change_at(3)).await.unwrap();
    assert_eq!(first, RevokeConsent::Revoked(revoked.clone()));
    assert_eq!(store.consents().get(app.id, revoked.id).await.unwrap(), Some(revoked));
    let deleted = linked.connection.delete(later(3)).unwrap();
    assert_eq!(store.connections().get(app.id, &deleted.id).await.unwrap(), Some(deleted));
    assert_eq!(store.link_codes().find(&linked.code.hash).await.unwrap(), None);
}

#[tokio::test]
async fn a_consent_is_revoked_once_and_by_its_own_app() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let linked = linked_in(&store, app.id, a_connection(app.id)).await;
    let id = linked.consent.id;
    assert_eq!(store.consents().revoke(other.id, id, &CHANGE).await.unwrap(), RevokeConsent::Unknown);
    assert!(store.connections().get(app.id, &linked.connection.id).await.unwrap().unwrap().access().is_some());
    let unknown = ConsentId::new(NOW, unique());
    assert_eq!(store.consents().revoke(app.id, unknown, &CHANGE).await.unwrap(), RevokeConsent::Unknown);
    assert!(matches!(store.consents().revoke(app.id, id, &CHANGE).await.unwrap(), RevokeConsent::Revoked(_)));
    assert_eq!(store.consents().revoke(app.id, id, &CHANGE).await.unwrap(), RevokeConsent::AlreadyRevoked);
}

#[tokio::test]
async fn a_connection_that_is_deleted_takes_its_own_consent_along() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let linked = linked_in(&store, app.id, a_connection(app.id)).await;
    let other = linked_in(&store, app.id, a_connection(app.id)).await;
    let deleted = store.connections().delete(app.id, &linked.connection.id, &change_at(1)).await.unwrap();
    assert!(matches!(deleted, DeleteConnection::Deleted(_)));
    let revoked = linked.consent.clone().revoke(later(1)).unwrap();
    assert_eq!(store.consents().get(app.id, revoked.id).await.unwrap().as_ref(), Some(&revoked));
    assert_eq!(store.consents().get(app.id, other.consent.id).await.unwrap(), Some(other.consent));

    let again = store.consents().revoke(app.id, revoked.id, &change_at(2)).await.unwrap();
    assert_eq!(again, RevokeConsent::AlreadyRevoked);
    let kept = store.connections().get(app.id, &linked.connection.id).await.unwrap().unwrap();
    assert_eq!(kept.updated_at, later(1));
}
