//! Logos of institutions.

use std::collections::HashMap;

use banklink_domain::{
    country::Country,
    institution::{ConnectorKind, Institution, InstitutionName},
    logo::Logo,
};
use banklink_protocol::{ids::InstitutionId, institutions::Health};

use crate::support::Database;

fn an_institution(id: &str) -> Institution {
    Institution {
        id: InstitutionId::from(id),
        name: InstitutionName::parse("Banque").unwrap(),
        country: Country::parse("FR").unwrap(),
        bic: None,
        short_name: None,
        aliases: vec![],
        connector: ConnectorKind::Sandbox,
        built_in: false,
        health: Health::Up,
        popularity: 0,
    }
}

/// A picture that differs in its last byte.
fn a_logo(last: u8) -> Logo {
    let mut bytes = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc0\x0b\x00".to_vec();
    bytes.push(last);
    Logo::read(bytes).unwrap()
}

#[tokio::test]
async fn logos_are_kept_by_their_content_once_for_all_that_have_them() {
    let store = Database::new().await;
    let [one, other, third] = ["a", "b", "c"].map(InstitutionId::from);
    let institutions = ["a", "b", "c"].map(an_institution);
    store.institutions().upsert_many(&institutions).await.unwrap();
    let version = store.institutions().directory_version().await.unwrap();

    let given = [(one.clone(), a_logo(1)), (other.clone(), a_logo(1)), (third.clone(), a_logo(2))];
    assert_eq!(store.logos().set_many(&given).await.unwrap(), []);
    let expected = given.iter().map(|(id, logo)| (id.clone(), logo.name().clone())).collect::<HashMap<_, _>>();
    assert_eq!(store.logos().all().await.unwrap(), expected);
    assert_eq!(store.logos().get(a_logo(1).name()).await.unwrap(), Some(a_logo(1)));
    assert_eq!(store.logos().get(a_logo(3).name()).await.unwrap(), None);
    assert!(store.institutions().directory_version().await.unwrap() > version, "the list shows them");
}

#[tokio::test]
async fn a_logo_goes_once_nobody_has_it() {
    let store = Database::new().await;
    let [one, other] = ["a", "b"].map(InstitutionId::from);
    store.institutions().upsert_many(&["a", "b"].map(an_institution)).await.unwrap();
    store.logos().set_many(&[(one.clone(), a_logo(1)), (other.clone(), a_logo(1))]).await.unwrap();
    store.logos().set_many(&[(one, a_logo(2))]).await.unwrap();
    assert!(store.logos().get(a_logo(1).name()).await.unwrap().is_some(), "another institution has it");
    store.logos().set_many(&[(other, a_logo(2))]).await.unwrap();
    assert_eq!(store.logos().get(a_logo(1).name()).await.unwrap(), None);
}

#[tokio::test]
async fn a_logo_of_no_institution_is_told_and_the_others_are_kept() {
    let store = Database::new().await;
    store.institutions().upsert_many(&[an_institution("a")]).await.unwrap();
    let [known, unknown] = ["a", "b"].map(InstitutionId::from);
    let given = [(unknown.clone(), a_logo(1)), (known.clone(), a_logo(2))];
    assert_eq!(store.logos().set_many(&given).await.unwrap(), [unknown]);
    assert_eq!(store.logos().all().await.unwrap(), HashMap::from([(known.clone(), a_logo(2).name().clone())]));
    assert_eq!(store.logos().get(a_logo(1).name()).await.unwrap(), None);

    store.institutions().upsert_many(&[an_institution("a")]).await.unwrap();
    assert!(store.logos().all().await.unwrap().contains_key(&known), "importing again keeps it");
}
