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
