//! Every text of `locales/` is said somewhere. That none is missing is checked wherever the files are read.

use std::{fs, path::Path};

use banklink_platform::texts::TEXT_KEYS as DASHBOARD_KEYS;
use banklink_protocol::texts::TEXT_KEYS;

/// All Rust below these folders of the repository.
fn source(folders: &[&str]) -> String {
    let mut text = String::new();
    let mut open: Vec<_> = folders.iter().map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).expect("a file"));
        }
    }
    text
}

/// `institutions_found` as a variant of `Text`.
fn variant(key: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    key.split('_').map(capital).collect()
}

/// Those of the keys whose variant of `Text` is named nowhere.
fn unsaid(keys: &'static [&'static str], source: &str) -> Vec<&'static str> {
    let said = |key: &&&str| {
        let name = format!("Text::{}", variant(key));
        source
            .match_indices(&name)
            .any(|(at, _)| !source[at + name.len()..].starts_with(|next: char| next.is_ascii_alphanumeric()))
    };
    keys.iter().filter(|key| !said(key)).copied().collect()
}

#[test]
fn the_widget_says_every_text_of_its_own() {
    assert_eq!(unsaid(TEXT_KEYS, &source(&["src", "crates/flow/src"])), [""; 0]);
}

#[test]
fn the_dashboard_says_every_text_of_its_own() {
    assert_eq!(unsaid(DASHBOARD_KEYS, &source(&["crates/dashboard/src", "crates/server/src/page.rs"])), [""; 0]);
}

#[test]
fn the_server_says_every_text_of_its_own() {
    let source = source(&["crates/server/src", "crates/connectors/src"]);
    let english = include_str!("../locales/en.toml");
    let keys = english.lines().filter_map(|line| line.strip_prefix('"')?.split_once('"').map(|(key, _)| key));
    let unused: Vec<_> = keys.filter(|key| !source.contains(&format!("\"{key}\""))).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
