//! The ready-made themes of `themes/`, and what `docs/theming.md` says of the tables.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use banklink_protocol::elements::{ELEMENTS, Occurs};
use banklink_theme::{CUSTOM_PROPERTIES, PROPERTIES, compile};

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn every_ready_made_theme_compiles_without_a_finding() -> Result<(), Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(repository().join("themes"))? {
        let path = entry?.path();
        let compiled = compile(&fs::read_to_string(&path)?);
        assert_eq!(compiled.findings, [], "{}", path.display());
        assert!(!compiled.css.is_empty(), "{}", path.display());
        names.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    assert_eq!(names, ["compact.css", "dark.css", "high-contrast.css", "light.css", "seed-red.css"]);
    Ok(())
}

#[test]
fn the_custom_properties_are_those_of_the_widget() -> Result<(), Box<dyn Error>> {
    let base = fs::read_to_string(repository().join("static/base.css"))?;
    let lines = base.lines().filter_map(|line| line.trim().strip_prefix("--bl-"));
    let mut set: Vec<String> = lines.filter_map(|line| Some(format!("--bl-{}", line.split_once(':')?.0))).collect();
    set.sort();
    set.dedup();
    let names = CUSTOM_PROPERTIES.iter().map(|property| property.name);
    let mut known: Vec<&str> = names.filter(|name| name.starts_with("--")).collect();
    known.sort_unstable();
    assert_eq!(set, known);
    Ok(())
}

#[test]
fn the_tables_of_the_guide_are_those_of_the_code() -> Result<(), Box<dyn Error>> {
    let path = repository().join("docs/theming.md");
    let guide = fs::read_to_string(&path)?;
    let mut updated = guide.clone();
    for (name, table) in
        [("elements", elements()), ("custom properties", custom_properties()), ("properties", properties())]
    {
        updated = replace_table(&updated, name, &table?).ok_or(format!("no table of {name}"))?;
    }
    if env::var_os("UPDATE_TABLES").is_some() {
        fs::write(&path, &updated)?;
    } else {
        assert!(guide == updated, "docs/theming.md is out of date: run this test with UPDATE_TABLES=1");
    }
    Ok(())
}

/// Puts a table between its marks.
fn replace_table(guide: &str, name: &str, table: &str) -> Option<String> {
    let (start, end) = (format!("<!-- table of {name} -->\n"), "<!-- end of table -->");
    let (before, rest) = guide.split_once(&start)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{start}{table}{end}{after}"))
}

fn elements() -> Result<String, std::fmt::Error> {
    let mut table = String::from("| id | what | screens |\n| --- | --- | --- |\n");
    for element in ELEMENTS {
        let id = match element.occurs {
            Occurs::Once => format!("`#{}`", element.id),
            Occurs::Repeated => format!("`#{}`, every one", element.id),
            Occurs::PerField => format!("`#{0}`, every one; `#{0}-<field>`", element.id),
        };
        writeln!(table, "| {id} | {} | {} |", element.what, element.on)?;
    }
    Ok(table)
}

fn custom_properties() -> Result<String, std::fmt::Error> {
    let mut table = String::from("| property | what |\n| --- | --- |\n");
    for property in CUSTOM_PROPERTIES {
        writeln!(table, "| `{}` | {} |", property.name, property.what)?;
    }
    Ok(table)
}

/// Properties that take the same share a row.
fn properties() -> Result<String, std::fmt::Error> {
    let mut table = String::from("| properties | take |\n| --- | --- |\n");
    for group in PROPERTIES.chunk_by(|one, other| one.takes == other.takes) {
        let names: Vec<String> = group.iter().map(|property| format!("`{}`", property.name)).collect();
        writeln!(table, "| {} | {} |", names.join(", "), group[0].takes)?;
    }
    Ok(table)
}
