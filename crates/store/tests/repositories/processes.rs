//! Other processes on the same file: one that is killed, and several that race.
//!
//! The test program starts itself again: told so by its environment, a test plays the other process.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use banklink_domain::{ids::AppId, token::TokenHash};
use banklink_store::{Durability, Exchange, Store};

use crate::support::{Database, NOW, a_connection, app_in, linked_in};

const FILE: &str = "BANKLINK_STORE_TEST_FILE";
const APP: &str = "BANKLINK_STORE_TEST_APP";
const CODE: &str = "BANKLINK_STORE_TEST_CODE";

/// Starts this program again for one test only.
fn start(test: &str, variables: &[(&str, String)]) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("processes::{test}"), "--nocapture"])
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The lines that a process printed for us, among those of the test runner.
fn told(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("told: ").map(str::to_owned))
}

async fn store_of_parent() -> Option<Store> {
    let file = env::var(FILE).ok()?;
    Some(Store::open(file, Durability::Durable).await.unwrap())
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_it_acknowledged() {
    if let Some(store) = store_of_parent().await {
        loop {
            let app = app_in(&store).await;
            println!("\ntold: {}", app.id);
        }
    }
    let database = Database::new().await;
    let mut child =
        start("a_killed_process_loses_nothing_that_it_acknowledged", &[(FILE, database.file().display().to_string())]);
    let mut lines = told(&mut child);
    let mut acknowledged: Vec<String> = lines.by_ref().take(100).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    acknowledged.extend(lines);
    assert!(acknowledged.len() >= 100);

    let database = database.reopen().await;
    let kept = database.apps().list(None, 10_000).await.unwrap().items;
    let kept: Vec<String> = kept.iter().map(|app| app.id.to_string()).collect();
    assert!(acknowledged.iter().all(|id| kept.contains(id)));
    // Where it was killed between a commit and its line, there is one more.
    assert!(kept.len() <= acknowledged.len() + 1);
    app_in(&database).await;
}

#[tokio::test]
async fn of_four_processes_that_exchange_one_code_exactly_one_wins() {
    if let Some(store) = store_of_parent().await {
        let app: AppId = env::var(APP).unwrap().parse().unwrap();
        let code = TokenHash::from_hex(&env::var(CODE).unwrap()).unwrap();
        let exchanged = store.link_codes().exchange(&code, app, NOW).await.unwrap();
        println!("\ntold: {}", if exchanged == Exchange::Invalid { "lost" } else { "won" });
        return;
    }
    let database = Database::new().await;
    let app = app_in(&database).await;
    let code = linked_in(&database, app.id, a_connection(app.id)).await.code;
    let variables =
        [(FILE, database.file().display().to_string()), (APP, app.id.to_string()), (CODE, code.hash.to_string())];
    let name = "of_four_processes_that_exchange_one_code_exactly_one_wins";
    let mut children: Vec<Child> = (0..4).map(|_| start(name, &variables)).collect();
    let mut results: Vec<String> = children.iter_mut().flat_map(told).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    results.sort();
    assert_eq!(results, ["lost", "lost", "lost", "won"]);
}
