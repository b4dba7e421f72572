//! A directory of real size.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use banklink_journey::{SandboxOptions, person::Card};

use crate::stage::{Allowed, Outcome, journey_with};

/// Institutions of the file that is made up here.
const MADE_UP: usize = 9_000;

/// A line that is no institution, and where it stands in the file.
const MALFORMED: (usize, &str) = (4_321, "{\"id\": \"broken\", \"name\": ");

fn made_up_directory() -> String {
    let towns = ["Ålesund", "Łódź", "Zürich", "São Paulo", "Αθήνα", "Reykjavík", "Málaga", "Brașov", "Göteborg"];
    let kinds = ["Sparkasse", "Savings Bank", "Banque Populaire", "Caixa", "Cooperative"];
    let mut lines = String::new();
    for number in 1..=MADE_UP {
        if number == MALFORMED.0 {
            lines.push_str(MALFORMED.1);
            lines.push('\n');
        }
        let (town, kind) = (towns[number % towns.len()], kinds[number % kinds.len()]);
        let _ = writeln!(lines, r#"{{"id": "made-up-{number}", "name": "{kind} {town} {number}", "country": "CH"}}"#);
    }
    lines
}

#[tokio::test]
async fn thousands_of_institutions_are_imported_listed_and_searched() -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("institutions.jsonl");
    fs::write(&file, made_up_directory()).expect("a temporary file");
    searches(file, "zurich 8624", "Cooperative Zürich 8624", async |log| {
        assert!(log.contains(&format!("{MADE_UP} imported, 1 refused")), "{log}");
        let refused = log.lines().find(|line| line.contains(&MALFORMED.0.to_string()));
        assert!(refused.is_some(), "the number of the refused line is not told: {log}");
    })
    .await
}

#[tokio::test]
async fn real_institutions_are_searched_as_the_registries_spell_them() -> Outcome {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/institutions.jsonl");
    searches(file, "banca privada andorra", "Banca Privada d'Andorra", async |log| {
        assert!(log.contains("994 imported, 0 refused"), "{log}");
    })
    .await
}

async fn searches(file: PathBuf, query: &str, name: &str, check_log: impl AsyncFn(&str)) -> Outcome {
    let options = SandboxOptions { institutions: Some(file), ..SandboxOptions::default() };
    journey_with(options, Allowed::Nothing, async |stage| {
        check_log(&stage.sandbox.log()).await;
        let (_, person) = stage.opens_and_agrees("demo=false").await?;
        person.sees(Card::Institutions).await?;
        person.searches(query).await?;
        person.finds(name).await?;
        person.chooses_institution(name).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, name);
        Ok(())
    })
    .await
}
