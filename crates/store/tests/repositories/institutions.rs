//! Institutions.

use std::{collections::BTreeSet, slice};

use banklink_domain::{
    country::Country,
    institution::{Bic, ConnectorKind, Institution, InstitutionName},
};
use banklink_protocol::{ids::InstitutionId, institutions::Health};
use banklink_store::{ConnectionChange, Effects, Finish};

use crate::support::{Database, a_connection, app_in, at_once, finish};

fn name(text: &str) -> InstitutionName {
    InstitutionName::parse(text).unwrap()
}

fn an_institution(id: &str) -> Institution {
    Institution {
        id: InstitutionId::from(id),
        name: name("Banque Étoile"),
        country: Country::parse("FR").unwrap(),
        bic: Some(Bic::parse("BSANADAD").unwrap()),
        short_name: Some(name("BE")),
        aliases: vec![name("Star \"Bank\""), name("Étoile")],
        connector: ConnectorKind::Sandbox,
        built_in: false,
        health: Health::Up,
        popularity: 0,
    }
}

#[tokio::test]
async fn institutions_are_kept_as_they_are() {
    let store = Database::new().await;
    let full = an_institution("b");
    let bare =
        Institution { bic: None, short_name: None, aliases: vec![], health: Health::Soon, ..an_institution("a") };
    assert_eq!(store.institutions().upsert_many(&[full.clone(), bare.clone()]).await.unwrap(), 2);
    assert_eq!(store.institutions().get(&full.id).await.unwrap(), Some(full.clone()));
    assert_eq!(store.institutions().get(&InstitutionId::from("c")).await.unwrap(), None);
    assert_eq!(store.institutions().list().await.unwrap(), [bare, full]);
}

#[tokio::test]
async fn importing_again_brings_everything_up_to_date_but_popularity() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    store.institutions().upsert_many(&[an_institution("testbank")]).await.unwrap();
    let effects = Effects { connection: Some(ConnectionChange::Insert(a_connection(app.id))), ..Effects::default() };
    assert!(matches!(finish(&store, app.id, &effects).await, Finish::Finished(_)));

    let changed = Institution {
        name: name("Renamed"),
        country: Country::parse("BE").unwrap(),
        bic: None,
        short_name: None,
        aliases: vec![],
        ..an_institution("testbank")
    };
    assert_eq!(store.institutions().upsert_many(slice::from_ref(&changed)).await.unwrap(), 1);
    let expected = Institution { popularity: 1, ..changed };
    assert_eq!(store.institutions().list().await.unwrap(), [expected]);
}

#[tokio::test]
async fn a_directory_can_not_take_the_id_of_a_built_in_institution() {
    let store = Database::new().await;
    let ours = Institution { built_in: true, ..an_institution("testbank") };
    store.institutions().upsert_many(slice::from_ref(&ours)).await.unwrap();
    let theirs = Institution { name: name("Phishing"), ..an_institution("testbank") };
    let other = an_institution("other");
    assert_eq!(store.institutions().upsert_many(&[theirs, other.clone()]).await.unwrap(), 1);
    assert_eq!(store.institutions().list().await.unwrap(), [other, ours.clone()]);

    let newer = Institution { name: name("TestBank 2"), ..ours };
    assert_eq!(store.institutions().upsert_many(slice::from_ref(&newer)).await.unwrap(), 1);
    assert_eq!(store.institutions().get(&newer.id).await.unwrap(), Some(newer));
}

#[tokio::test]
async fn the_version_counts_up_with_every_change() {
    let store = Database::new().await;
    assert_eq!(store.institutions().directory_version().await.unwrap(), 0);
    let institution = an_institution("a");
    store.institutions().upsert_many(slice::from_ref(&institution)).await.unwrap();
    assert_eq!(store.institutions().directory_version().await.unwrap(), 1);
    assert!(store.institutions().set_health(&institution.id, Health::Down).await.unwrap());
    assert_eq!(store.institutions().directory_version().await.unwrap(), 2);
    let found = store.institutions().get(&institution.id).await.unwrap();
    assert_eq!(found.map(|institution| institution.health), Some(Health::Down));

    assert!(!store.institutions().set_health(&InstitutionId::from("b"), Health::Down).await.unwrap());
    assert_eq!(store.institutions().directory_version().await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_at_once_through_two_stores_all_count() {
    let database = Database::new().await;
    let another = database.another().await;
    at_once(20, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let institutions: Vec<_> = (0..600).map(|number| an_institution(&format!("{index}-{number}"))).collect();
        async move { store.institutions().upsert_many(&institutions).await.unwrap() }
    })
    .await;
    assert_eq!(database.institutions().directory_version().await.unwrap(), 20);
    let ids: BTreeSet<_> = database.institutions().list().await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 20 * 600);
}
