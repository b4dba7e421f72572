//! The directory of institutions, as a running server sees it.

use axum::http::Method;
use banklink_server::setup;
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn what_another_process_imports_is_seen_once_the_clock_went_on() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("institutions.jsonl");
    std::fs::write(&file, r#"{"id": "real-1", "name": "Real Bank", "country": "FR"}"#).unwrap();
    let imported = setup::import(&world.state.store, &file, |refusal| panic!("{refusal}")).await.unwrap();
    assert_eq!((imported.imported, imported.refused), (1, 0));

    let id = "real-1".into();
    assert!(world.state.directory().await.unwrap().get(&id).is_none(), "looked a moment ago");
    world.pass(1);
    assert!(world.state.directory().await.unwrap().get(&id).is_some());
}

#[tokio::test]
async fn institutions_of_one_name_in_one_country_are_told_apart_by_their_bic() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("institutions.jsonl");
    let lines = [
        r#"{"id": "a", "name": "Twin Bank", "country": "FR", "bic": "TWINFRPP"}"#,
        r#"{"id": "b", "name": "TWIN BANK", "country": "FR", "bic": "TWINFRPPXXX"}"#,
        r#"{"id": "c", "name": "Twin Bank", "country": "DE", "bic": "TWINDEFF"}"#,
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    setup::import(&world.state.store, &file, |refusal| panic!("{refusal}")).await.unwrap();
    world.pass(1);
    let person = world.person("demo=false").await;
    let found = world.call(axum::http::Method::GET, "/link/api/1/institutions?q=twin", &person.key, None).await.ok();
    let detail = |id: &str| {
        let found = found["institutions"].as_array().unwrap().iter().find(|found| found["id"] == id).unwrap();
        found["detail"].clone()
    };
    assert_eq!(
        [detail("a"), detail("b"), detail("c")],
        ["TWINFRPP".into(), "TWINFRPPXXX".into(), serde_json::Value::Null]
    );
}

#[tokio::test]
async fn the_countries_to_choose_from_are_offered_where_the_page_asks_for_them() {
    let world = World::new().await;
    let without = world.person("").await;
    assert_eq!(without.sees().1["countries"], json!([]));
    let person = world.person("institutionFilterEnable=true").await;
    let countries = person.sees().1["countries"].as_array().unwrap().clone();
    assert!(countries.len() > 1, "{countries:?}");
    let country = countries[0].as_str().unwrap();
    let found = async |query: &str| {
        let path = format!("/link/api/1/institutions?{query}");
        world.call(Method::GET, &path, &person.key, None).await.ok()
    };
    let there = found(&format!("q=&country={country}")).await;
    let listed = there["institutions"].as_array().unwrap();
    assert!(!listed.is_empty() && listed.iter().all(|listed| listed["country"] == country), "{there}");
    assert_eq!(found("q=&country=").await, found("q=").await);
    assert_eq!(found("q=&country=ZZ").await["total"], 0);
}
