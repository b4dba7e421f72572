//! The `banklink` command, run as people run it.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Command, Output},
};

use banklink_server::cli::Cli;
use clap::CommandFactory;
use tempfile::TempDir;

/// A folder with the data of a deployment of its own.
struct Deployment(TempDir);

impl Deployment {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_banklink"))
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .output()
            .unwrap();
        Ran(output)
    }
}

struct Ran(Output);

impl Ran {
    fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    fn errors(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    fn went_well(self) -> Self {
        assert!(self.0.status.success(), "{}", self.errors());
        self
    }

    /// Failed, and said why in words rather than as a panic.
    fn failed(self) -> Self {
        assert!(!self.0.status.success(), "{}", self.out());
        assert!(!self.errors().contains("panicked"), "{}", self.errors());
        self
    }
}

#[test]
fn an_app_is_made_and_listed_and_its_secret_shown_only_then() {
    let deployment = Deployment::new();
    let arguments = ["app", "create", "--name", "Tuppence", "--redirect-uri", "https://app.example/linked"];
    let created = deployment.run(&arguments).went_well().out();
    let word = |row: &str| created.lines().find_map(|line| line.strip_prefix(row)).map(|rest| rest.trim().to_owned());
    let (id, secret) = (word("client id").unwrap(), word("client secret").unwrap());
    let listed = deployment.run(&["app", "list"]).went_well().out();
    assert!(listed.contains(&id) && listed.contains("Tuppence") && !listed.contains(&secret), "{listed}");
}

#[test]
fn what_is_wrong_with_an_argument_is_said_and_nothing_is_made() {
    let deployment = Deployment::new();
    for (flag, value) in [
        ("--redirect-uri", "http://app.example/linked"),
        ("--redirect-uri", "javascript:alert(1)"),
        ("--origin", "https://app.example/path"),
        ("--origin", "null"),
    ] {
        let refused = deployment.run(&["app", "create", "--name", "Tuppence", flag, value]).failed();
        assert!(refused.errors().contains(value), "{}", refused.errors());
    }
    deployment.run(&["app", "create", "--name", " "]).failed();
    assert_eq!(deployment.run(&["app", "list"]).went_well().out(), "");
}

#[test]
fn the_organisation_has_a_name_once_it_is_given_one() {
    let deployment = Deployment::new();
    assert!(deployment.run(&["organisation"]).went_well().out().contains("no name yet"));
    assert_eq!(deployment.run(&["organisation", "Pennywise Ltd"]).went_well().out(), "Pennywise Ltd\n");
    assert_eq!(deployment.run(&["organisation"]).went_well().out(), "Pennywise Ltd\n");
    deployment.run(&["organisation", ""]).failed();
    assert_eq!(deployment.run(&["organisation"]).went_well().out(), "Pennywise Ltd\n");
}

#[test]
fn malformed_institutions_are_refused_by_line_and_the_others_imported() {
    let deployment = Deployment::new();
    let good = r#"{"id": "real-1", "name": "Real Bank", "country": "FR"}"#;
    let file = deployment.file("institutions.jsonl", &format!("{good}\n{{\"id\": \"x\"}}\n\nnot json\n"));
    let imported = deployment.run(&["institutions", "import", &file]).failed();
    let out = imported.out();
    assert!(out.contains("line 2") && out.contains("line 4"), "{out}");
    assert!(out.ends_with("1 imported, 2 refused\n"), "{out}");
}

#[test]
fn a_stylesheet_is_checked_with_line_and_column() {
    let deployment = Deployment::new();
    let file = deployment.file("theme.css", "#bank-box { color: red }\n#background { position: fixed }\n");
    let checked = deployment.run(&["theme", "check", &file]).failed();
    assert!(checked.out().contains("theme.css:2:"), "{}", checked.out());
    let file = deployment.file("good.css", "#background { background: #fff }\n");
    deployment.run(&["theme", "check", &file]).went_well();
}

#[test]
fn a_taken_port_a_missing_file_and_a_foreign_database_are_clear_errors() {
    let deployment = Deployment::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = deployment.run(&["serve", "--listen", &address]).failed();
    assert!(refused.errors().contains(&format!("{address} is taken by another program")), "{}", refused.errors());
    assert!(!Path::new(&deployment.0.path().join("banklink.db")).exists(), "nothing is made");

    let refused = deployment.run(&["institutions", "import", "nowhere.jsonl"]).failed();
    assert!(refused.errors().contains("nowhere.jsonl can't be read"), "{}", refused.errors());

    let foreign = deployment.file("letter.db", "Dear Sir or Madam, this is no database at all.");
    let refused = deployment.run(&["app", "list", "--database", &foreign]).failed();
    assert!(!refused.errors().is_empty());
    assert_eq!(fs::read_to_string(foreign).unwrap(), "Dear Sir or Madam, this is no database at all.");
}

#[test]
fn every_flag_of_every_command_is_an_environment_variable_too() {
    fn check(command: &clap::Command) -> usize {
        let own: Vec<_> = command
            .get_arguments()
            .filter(|argument| argument.get_long().is_some_and(|long| long != "help" && long != "version"))
            .collect();
        for argument in &own {
            assert!(argument.get_env().is_some(), "{} of `{}`", argument.get_id(), command.get_name());
        }
        own.len() + command.get_subcommands().map(check).sum::<usize>()
    }
    let checked = check(&Cli::command());
    assert!(checked > 10, "{checked} flags");
}
