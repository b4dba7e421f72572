//! Which database and which key belong together, and what each is for.

#![cfg(unix)]

use std::{
    fs,
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt},
};

use crate::deployment::{Deployment, connect, read};

const SERVE: [&str; 5] = ["serve", "--database", "k.db", "--seal-key-file", "k.key"];
/// The same for one that is to be refused, which must not depend on a port that another program may have.
const REFUSED: [&str; 7] = [SERVE[0], SERVE[1], SERVE[2], SERVE[3], SERVE[4], "--listen", "127.0.0.1:0"];
const SANDBOX: [&str; 5] = ["sandbox", "--database", "k.db", "--host-listen", "127.0.0.1:0"];

#[test]
fn a_lost_or_wrong_key_keeps_the_server_from_starting_and_none_is_made_in_its_place() {
    let deployment = Deployment::new();
    deployment.start(&SERVE).stops();
    let (key, away) = (deployment.path("k.key"), deployment.path("k.bak"));
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);

    fs::rename(&key, &away).unwrap();
    let refused = deployment.run(&REFUSED).failed();
    assert!(refused.errors().contains("k.key is missing"), "{}", refused.errors());
    assert!(!key.exists());

    fs::write(&key, "0".repeat(64)).unwrap();
    let refused = deployment.run(&REFUSED).failed();
    assert!(refused.errors().contains("k.key holds another key"), "{}", refused.errors());

    fs::write(&key, "half a key").unwrap();
    let refused = deployment.run(&REFUSED).failed();
    assert!(refused.errors().contains("k.key holds no key"), "{}", refused.errors());

    fs::rename(&away, &key).unwrap();
    deployment.start(&SERVE).stops();
}

#[test]
fn the_key_is_beside_its_database_unless_it_is_said_where() {
    let deployment = Deployment::new();
    fs::create_dir(deployment.path("data")).unwrap();
    deployment.start(&["serve", "--database", "data/own.db"]).stops();
    assert!(deployment.path("data/own.key").exists());
    deployment.start(&["serve", "--database", "data/own.db", "--seal-key-file", "data/own.key"]).stops();
    assert!(!deployment.path("banklink.key").exists());
}

#[test]
fn a_new_database_takes_the_key_that_is_there() {
    let deployment = Deployment::new();
    let key = "7".repeat(64);
    deployment.file("k.key", &key);
    deployment.start(&SERVE).stops();
    assert_eq!(fs::read_to_string(deployment.path("k.key")).unwrap(), key);
    deployment.start(&SERVE).stops();
}

#[test]
fn a_sandboxes_database_is_never_served_and_real_data_never_a_sandboxes() {
    let deployment = Deployment::new();
    deployment.start(&SANDBOX).stops();
    let refused = deployment.run(&REFUSED).failed();
    assert!(refused.errors().contains("k.db was made by the sandbox"), "{}", refused.errors());

    let app = ["app", "create", "--name", "Real", "--redirect-uri", "https://app.example/linked", "--database", "r.db"];
    deployment.run(&app).went_well();
    let sandbox = ["sandbox", "--database", "r.db", "--listen", "127.0.0.1:0", "--host-listen", "127.0.0.1:0"];
    let refused = deployment.run(&sandbox).failed();
    assert!(refused.errors().contains("r.db holds real data"), "{}", refused.errors());
    let listed = deployment.run(&["app", "list", "--database", "r.db"]).went_well().out();
    assert_eq!(listed.lines().count(), 1, "{listed}");
}

#[test]
fn a_kept_sandbox_has_one_demo_app_whose_new_secret_works() {
    let deployment = Deployment::new();
    for _ in 0..7 {
        let mut sandbox = deployment.start(&SANDBOX);
        let host = sandbox.says("host http://");
        let mut page = connect(&host);
        write!(
            page,
            "POST /api/token HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        )
        .unwrap();
        let answer = read(&mut page);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        sandbox.stops();
    }
    let listed = deployment.run(&["app", "list", "--database", "k.db"]).went_well().out();
    assert_eq!(listed.matches("Tuppence").count(), 1, "{listed}");
}

#[test]
fn every_end_leaves_all_data_in_the_one_file() {
    let deployment = Deployment::new();
    let wal = deployment.path("banklink.db-wal");
    deployment.run(&["organisation", "Pennywise Ltd"]).went_well();
    assert!(!wal.exists());
    deployment.run(&["institutions", "import", "nowhere.jsonl"]).failed();
    assert!(!wal.exists(), "a failure is an end too");
    deployment.start(&["serve"]).stops();
    assert!(!wal.exists());
    let file = fs::metadata(deployment.path("banklink.db")).unwrap();
    assert_eq!(file.mode() & 0o777, 0o600);
}

#[test]
fn an_error_of_the_database_names_its_file_and_tells_each_cause_once() {
    let deployment = Deployment::new();
    deployment.file("letter.db", "Dear Sir or Madam, this is no database at all.");
    let refused = deployment.run(&["app", "list", "--database", "letter.db"]).failed().errors();
    assert!(refused.contains("letter.db"), "{refused}");
    assert_eq!(refused.matches("not a database").count(), 1, "{refused}");
    let refused = deployment.run(&["app", "list", "--database", "no/where.db"]).failed().errors();
    assert!(refused.contains("no/where.db") && refused.contains("No such file"), "{refused}");
}
