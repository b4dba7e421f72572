//! The commands of hosts, which `static/boot.js` hears.

use banklink_protocol::messages::COMMANDS;

use crate::read;

/// The object inherits no names, so that `constructor` is no command.
const NO_PROTOTYPE: &str = "__proto__: null,";

#[test]
fn the_page_hears_the_commands_of_the_table_and_no_others() {
    let boot = read("static/boot.js");
    let (_, after) = boot.split_once("\nconst commands = {\n").unwrap();
    let (object, _) = after.split_once("\n};").unwrap();
    assert!(object.contains(NO_PROTOTYPE));
    let heard: Vec<(String, Vec<String>)> = object
        .lines()
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with([' ', '}', '/'])))
        .filter(|line| *line != NO_PROTOTYPE)
        .map(signature)
        .collect();
    let documented: Vec<(String, Vec<String>)> = COMMANDS
        .iter()
        .map(|command| (command.name.to_owned(), command.fields.iter().map(|field| field.name.to_owned()).collect()))
        .collect();
    assert_eq!(sorted(heard), sorted(documented));
}

/// Name and fields of `async name({ field }) {`, `name: ({ field }) => …` or `name: () => …`.
fn signature(line: &str) -> (String, Vec<String>) {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let (name, rest) = line.split_once([':', '(']).unwrap();
    let head = rest.split("=>").next().unwrap_or_default();
    let fields = head.split_once("{ ").and_then(|(_, rest)| rest.split_once(" }")).map_or("", |(fields, _)| fields);
    (name.to_owned(), fields.split(", ").filter(|field| !field.is_empty()).map(str::to_owned).collect())
}

fn sorted(mut commands: Vec<(String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
    commands.sort();
    commands
}
