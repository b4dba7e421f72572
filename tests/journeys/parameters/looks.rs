//! What the widget looks like.

use std::{fs, path::Path};

use banklink_journey::{JourneyError, Person, Scheme, person::Card};
use serde_json::{Value, json};

use super::ground::{APP, AT_TESTBANK, Row, SHORT};
use crate::stage::Outcome;

/// A language that there is.
struct Language {
    tag: String,
    direction: &'static str,
    /// The title of the list.
    title: String,
}

fn languages() -> Vec<Language> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let files = fs::read_dir(folder).expect("the folder of the languages").flatten();
    let languages = files.map(|file| {
        let tag = file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(file.path()).expect("a language");
        let title = text.lines().find_map(|line| line.strip_prefix("institutions_title = \""));
        let title = title.expect("the title of the list").trim_end_matches('"').to_owned();
        let direction = if text.contains("right_to_left = true") { "rtl" } else { "ltr" };
        Language { tag, direction, title }
    });
    languages.collect()
}

pub(super) async fn language(row: Row<'_>) -> Outcome {
    const PAGE: &str = "const { lang, dir } = document.documentElement; return [lang, dir]";
    for Language { tag, direction, title } in languages() {
        // A country's own variety is shown as the language, and case says nothing.
        let variety = if tag == "fr" { Some("FR-ca") } else { None };
        for value in [tag.as_str()].into_iter().chain(variety) {
            let person = row.opens(value, SHORT).await?;
            assert_eq!(person.reads("title-select-bank").await?, title, "{value}");
            assert_eq!(person.browser().await?.run(PAGE, vec![]).await?, json!([tag, direction]), "{value}");
        }
    }
    // One that there is not is no mistake; one that can't be is.
    row.opens("tlh", SHORT).await?.finds("TestBank").await?;
    assert!(row.ground.heard().await?.iter().all(|message| message["step"] != "ERROR"));
    row.opens("not a language", SHORT).await?.finds("TestBank").await?;
    assert_eq!(row.ground.hears("ERROR").await?["parameter"], row.spelling);
    Ok(())
}

/// A property of an element, as the browser draws it.
async fn style(person: Person<'_>, id: &str, property: &str) -> Result<Value, JourneyError> {
    person.reads(id).await?;
    let script = "return getComputedStyle(document.getElementById(arguments[0]))[arguments[1]]";
    person.browser().await?.run(script, vec![id.into(), property.into()]).await
}

pub(super) async fn theme(row: Row<'_>) -> Outcome {
    const LIGHT: &str = "rgb(238, 241, 246)";
    const DARK: &str = "rgb(11, 15, 23)";
    let browser = &row.ground.stage.browser;
    for (system, value, background) in [
        (Scheme::Dark, "light", LIGHT),
        (Scheme::Light, "dark", DARK),
        (Scheme::Light, "DARK", DARK),
        (Scheme::Light, "auto", LIGHT),
        (Scheme::Dark, "auto", DARK),
    ] {
        browser.prefer(system).await?;
        let person = row.opens(value, SHORT).await?;
        person.sees(Card::Institutions).await?;
        assert_eq!(style(person, "background", "backgroundColor").await?, background, "{value} where it is {system:?}");
    }
    browser.prefer(Scheme::Light).await
}

/// Asserts that an element has the colour that was asked for, in any of the forms in which it may be.
async fn colors(row: Row<'_>, id: &str, property: &str) -> Outcome {
    for (value, color) in
        [("1f6b4a", "rgb(31, 107, 74)"), ("#8F2A1C", "rgb(143, 42, 28)"), ("abc", "rgb(170, 187, 204)")]
    {
        let person = row.opens(value, AT_TESTBANK).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(style(person, id, property).await?, color, "{value}");
    }
    Ok(())
}

pub(super) async fn background_color(row: Row<'_>) -> Outcome {
    colors(row, "background", "backgroundColor").await
}

pub(super) async fn foreground_color_1(row: Row<'_>) -> Outcome {
    colors(row, "button-continue", "backgroundColor").await
}

pub(super) async fn foreground_color_2(row: Row<'_>) -> Outcome {
    colors(row, "title-credentials", "color").await
}

/// Whether a part is shown, with each value of its parameter, and without one.
async fn shown(row: Row<'_>, is_shown: impl AsyncFn(Person<'_>) -> Result<bool, JourneyError>) -> Outcome {
    for (value, expected) in [("true", true), ("false", false), ("0", false)] {
        let person = row.opens(value, SHORT).await?;
        // Where there is a way back.
        person.chooses_institution("TestBank").await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(is_shown(person).await?, expected, "{value}");
    }
    let person = row.ground.opens(SHORT).await?;
    person.chooses_institution("TestBank").await?;
    person.sees(Card::Credentials).await?;
    assert!(is_shown(person).await?, "it is shown unless it is said");
    Ok(())
}

pub(super) async fn header_enable(row: Row<'_>) -> Outcome {
    let name = async |person: Person<'_>| {
        let texts = person.texts("#header").await?;
        Ok(texts.iter().any(|text| text.contains(APP)))
    };
    shown(row, name).await?;
    let others = format!("{AT_TESTBANK}&backEnable=false&closeEnable=false");
    let person = row.opens("false", &others).await?;
    person.sees(Card::Credentials).await?;
    let bars = person.browser().await?.run("return document.querySelectorAll('#header').length", vec![]).await?;
    assert_eq!(bars, json!(0), "an empty bar");
    Ok(())
}

pub(super) async fn back_enable(row: Row<'_>) -> Outcome {
    shown(row, async |person| person.browser().await?.shows("#button-back").await).await
}

pub(super) async fn close_enable(row: Row<'_>) -> Outcome {
    shown(row, async |person| person.browser().await?.shows("#button-close").await).await
}
