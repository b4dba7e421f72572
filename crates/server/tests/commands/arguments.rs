//! Flags, variables and files, and what is said where they are wrong.

use std::{fs, net::TcpListener, path::Path};

use banklink_server::cli::Cli;
use clap::CommandFactory;

use crate::deployment::Deployment;

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
    let good = ["app", "create", "--name", "Tuppence", "--redirect-uri", "https://app.example/linked"];
    for (flag, value) in [
        ("--redirect-uri", "http://app.example/linked"),
        ("--redirect-uri", "javascript:alert(1)"),
        ("--origin", "https://app.example/path"),
        ("--origin", "null"),
    ] {
        let refused = deployment.run(&[&good[..], &[flag, value]].concat()).failed();
        assert!(refused.errors().contains(flag) && refused.errors().contains(value), "{}", refused.errors());
    }
    deployment.run(&["app", "create", "--name", " ", "--redirect-uri", "https://app.example/linked"]).failed();
    let refused = deployment.run(&["app", "create", "--name", "Tuppence"]).failed();
    assert!(refused.errors().contains("--redirect-uri"), "{}", refused.errors());
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
fn logos_come_from_a_folder() {
    let deployment = Deployment::new();
    let line = r#"{"id": "real-1", "name": "Real Bank", "country": "FR"}"#;
    let file = deployment.file("institutions.jsonl", line);
    deployment.run(&["institutions", "import", &file]).went_well();
    std::fs::create_dir(deployment.path("logos")).unwrap();
    deployment.file("logos/real-1.png", "no picture");
    let refused = deployment.run(&["institutions", "logos", "logos"]).failed();
    assert_eq!(refused.out(), "real-1.png: not a PNG, JPEG or WebP picture\n0 imported, 1 refused\n");
    let missing = deployment.run(&["institutions", "logos", "nowhere"]).failed();
    assert!(missing.errors().contains("nowhere can't be read"), "{}", missing.errors());
}

#[test]
fn a_stylesheet_is_checked_with_line_and_column() {
    let deployment = Deployment::new();
    let file = deployment.file("theme.css", "#bank-box { color: red }\n#background { position: fixed }\n");
    let checked = deployment.run(&["theme", "check", &file]).failed();
    let out = checked.out();
    let expected =
        ["theme.css:2:15: error: `position` is not allowed", "    #background { position: fixed }\n", "1 refused, "];
    assert!(expected.iter().all(|part| out.contains(part)), "{out}");
    let file = deployment.file("good.css", "#background { background: #fff }\n");
    let checked = deployment.run(&["theme", "check", &file]).went_well();
    assert!(checked.out().ends_with("good.css: nothing refused, 28 bytes as served\n"), "{}", checked.out());
}

#[test]
fn a_taken_port_a_missing_file_and_a_foreign_database_are_clear_errors() {
    let deployment = Deployment::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = deployment.run(&["serve", "--listen", &address]).failed();
    assert!(refused.errors().contains(&format!("{address} is taken by another program")), "{}", refused.errors());
    assert!(!Path::new(&deployment.path("banklink.db")).exists(), "nothing is made");

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

#[test]
fn variables_are_read_as_compose_files_and_people_write_them() {
    let deployment = Deployment::new();
    let variables = [
        ("BANKLINK_APP_NAME", "Tuppence"),
        ("BANKLINK_APP_MODE", ""),
        ("BANKLINK_APP_REDIRECT_URIS", " https://app.example/a  https://app.example/b\n"),
        ("BANKLINK_APP_ORIGINS", ""),
        ("BANKLINK_DATABASE", ""),
        ("BANKLINK_LOG", ""),
    ];
    for allow in ["1", "true", "yes", "0", "no", ""] {
        let all = [&variables[..], &[("BANKLINK_APP_ALLOW_WITHOUT_TOKEN", allow)]].concat();
        deployment.run_with(&["app", "create"], &all).went_well();
    }
    assert!(deployment.path("banklink.db").exists(), "an empty variable is the default");
    let listed = deployment.run(&["app", "list"]).went_well().out();
    assert_eq!(listed.lines().count(), 6, "{listed}");

    let neither = [("BANKLINK_APP_ALLOW_WITHOUT_TOKEN", "perhaps")];
    deployment.run_with(&["app", "create"], &[&variables[..], &neither].concat()).failed();
}

#[test]
fn addresses_are_checked_before_anything_starts_and_the_flag_is_named() {
    let deployment = Deployment::new();
    for (command, flag, value) in [
        ("serve", "--listen", "8080"),
        ("serve", "--listen", "nowhere:port"),
        ("serve", "--public-url", "https://link.example/prefix/?q=1"),
        ("serve", "--public-url", "mailto:x@example.com"),
        ("sandbox", "--host-listen", "[::1]:0"),
        ("sandbox", "--host-listen", "bank.example:0"),
    ] {
        let refused = deployment.run(&[command, flag, value]).failed();
        assert!(refused.errors().contains(flag) && refused.errors().contains(value), "{}", refused.errors());
    }
    assert!(deployment.is_empty(), "nothing is made");
}

#[test]
fn a_key_is_no_flag_of_commands_that_need_none() {
    let deployment = Deployment::new();
    for command in ["app create", "app list", "institutions import", "theme set", "organisation"] {
        let words: Vec<_> = command.split(' ').chain(["--help"]).collect();
        let help = deployment.run(&words).went_well().out();
        assert!(help.contains("--database") && !help.contains("--seal-key-file"), "{help}");
    }
}

#[test]
fn a_directory_with_a_broken_first_line_or_an_id_of_ours_is_imported_but_for_these() {
    let deployment = Deployment::new();
    let ours = r#"{"id": "testbank", "name": "Hijack", "country": "CA"}"#;
    let good = r#"{"id": "real-1", "name": "Real Bank", "country": "FR"}"#;
    let file = deployment.file("institutions.jsonl", &format!("garbage\n{ours}\n{good}\n"));
    let out = deployment.run(&["institutions", "import", &file]).failed().out();
    assert!(out.contains("line 1: not a JSON object"), "{out}");
    assert!(out.contains("line 2: the id belongs to a built-in institution"), "{out}");
    assert!(out.ends_with("1 imported, 2 refused\n"), "{out}");
}

#[cfg(unix)]
#[test]
fn files_that_never_end_are_refused() {
    let deployment = Deployment::new();
    for arguments in [["institutions", "import", "/dev/zero"], ["theme", "check", "/dev/zero"]] {
        let refused = deployment.run(&arguments).failed();
        assert!(refused.errors().contains("/dev/zero has more than"), "{}", refused.errors());
    }
}
