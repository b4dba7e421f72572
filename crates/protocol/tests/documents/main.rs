//! What is written of the tables for hosts: `docs/messages.md`, `docs/messages.schema.json`, `docs/parameters.md` and
//! `static/embed.d.ts`. `UPDATE_TABLES=1` writes them.

#![expect(clippy::unwrap_used, reason = "tests")]

mod commands;
mod markdown;
mod messages;
mod schema;
mod typescript;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

fn path(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(inside)
}

fn read(inside: &str) -> String {
    fs::read_to_string(path(inside)).unwrap()
}

fn updates() -> bool {
    env::var_os("UPDATE_TABLES").is_some()
}

const OUT_OF_DATE: &str = "is out of date: run these tests with UPDATE_TABLES=1";

#[test]
fn the_tables_of_the_guides_are_those_of_the_code() {
    for (file, tables) in [
        ("docs/messages.md", markdown::of_messages()),
        ("docs/parameters.md", vec![("parameters", markdown::parameters())]),
    ] {
        let guide = read(file);
        let updated = tables.into_iter().fold(guide.clone(), |guide, (name, table)| {
            replace_table(&guide, name, &table).unwrap_or_else(|| panic!("no table of {name} in {file}"))
        });
        if updates() {
            fs::write(path(file), &updated).unwrap();
        } else {
            assert!(guide == updated, "{file} {OUT_OF_DATE}");
        }
    }
}

#[test]
fn the_schema_of_the_messages_is_that_of_the_code() {
    let file = "docs/messages.schema.json";
    let schema = schema::of_messages();
    if updates() {
        fs::write(path(file), format!("{schema:#}\n")).unwrap();
    } else {
        // As values: the order of names says nothing.
        assert!(serde_json::from_str::<Value>(&read(file)).unwrap() == schema, "{file} {OUT_OF_DATE}");
    }
}

#[test]
fn the_types_for_hosts_are_those_of_the_code() {
    let file = "static/embed.d.ts";
    let types = typescript::types();
    if updates() {
        fs::write(path(file), &types).unwrap();
    } else {
        assert!(read(file) == types, "{file} {OUT_OF_DATE}");
    }
}

/// Puts a table between its marks.
fn replace_table(guide: &str, name: &str, table: &str) -> Option<String> {
    let (start, end) = (format!("<!-- table of {name} -->\n"), "<!-- end of table -->");
    let (before, rest) = guide.split_once(&start)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{start}{table}{end}{after}"))
}
