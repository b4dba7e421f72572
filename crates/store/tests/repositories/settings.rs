//! What holds for the whole deployment.

use banklink_domain::sealed::Sealed;
use banklink_store::{DatabaseUse, Store};

use crate::support::{Database, at_once};

#[tokio::test]
async fn what_a_database_is_used_for_is_decided_once() {
    let database = Database::new().await;
    assert_eq!(database.settings().decide_use(DatabaseUse::Sandbox).await.unwrap(), DatabaseUse::Sandbox);
    assert_eq!(database.settings().decide_use(DatabaseUse::Deployment).await.unwrap(), DatabaseUse::Sandbox);
    let database = database.reopen().await;
    assert_eq!(database.settings().decide_use(DatabaseUse::Deployment).await.unwrap(), DatabaseUse::Sandbox);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_that_keep_a_canary_at_once_all_see_the_same() {
    let database = Database::new().await;
    assert_eq!(database.settings().seal_canary().await.unwrap(), None);
    let kept =
        at_once(8, |index| {
            let store = Store::clone(&database);
            async move {
                store.settings().decide_seal_canary(&Sealed::new(vec![u8::try_from(index).unwrap()])).await.unwrap()
            }
        })
        .await;
    assert!(kept.iter().all(|one| *one == kept[0]), "{kept:?}");
    assert_eq!(database.settings().seal_canary().await.unwrap().as_ref(), Some(&kept[0]));
}
