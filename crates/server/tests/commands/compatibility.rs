//! `docs/compatibility/`: the examples do what they say.

#![cfg(unix)]

use std::{fs, path::Path, process::Command};

use crate::deployment::Deployment;

/// The shell's part of a page, against a server elsewhere than the page says.
fn example(page: &str, server: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compatibility").join(page);
    let text = fs::read_to_string(file).unwrap();
    let (_, rest) = text.split_once("```sh\n").expect("an example");
    let (script, _) = rest.split_once("```").expect("its end");
    script.replace("http://127.0.0.1:8080", server)
}

#[test]
fn an_existing_flinks_integration_reads_transactions_as_the_page_shows() {
    let deployment = Deployment::new();
    let server = deployment.start(&["sandbox", "--host-listen", "127.0.0.1:0"]);
    let script = example("flinks.md", &format!("http://{}", server.address));
    let ran = Command::new("sh").args(["-euc", &script]).output().unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains(r#""HttpStatusCode":203"#) && said.contains("What city were you born in?"), "{said}");
    assert!(said.contains(r#""Login":{"Username":"Greatday""#) && said.contains(r#""Transactions":[{"#), "{said}");
    server.stops();
}
