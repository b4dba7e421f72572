//! The directory of institutions, as a running server sees it.

use banklink_server::setup;

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
