//! The widget in other languages than English, and its texts when they come late.

use std::collections::BTreeSet;

use banklink_journey::{
    JourneyError, Person, SandboxOptions,
    person::{Card, by_id, by_part},
};
use banklink_protocol::elements as ids;
use serde_json::json;

use crate::stage::{Allowed, Outcome, Stage, journey, journey_with};

/// The titles of the list and of the code, and the direction.
const LANGUAGES: [(&str, &str, &str, &str); 8] = [
    ("en", "Choose your bank", "Confirm it’s you", "ltr"),
    ("es", "Elige tu banco", "Confirma que eres tú", "ltr"),
    ("fr", "Choisissez votre banque", "Confirmez votre identité", "ltr"),
    ("ca", "Tria el teu banc", "Confirma que ets tu", "ltr"),
    ("pt", "Escolha o seu banco", "Confirme a sua identidade", "ltr"),
    ("it", "Scelga la Sua banca", "Confermi la Sua identità", "ltr"),
    ("de", "Wählen Sie Ihre Bank", "Bestätigen Sie Ihre Identität", "ltr"),
    ("ar", "يُرجى اختيار بنكك", "تأكيد هويتك", "rtl"),
];

#[tokio::test]
async fn a_bank_is_linked_in_every_language() -> Outcome {
    journey(async |stage| {
        for (tag, list, code, direction) in LANGUAGES {
            let (host, person) = stage.opens_and_agrees(&format!("language={tag}&theme=light")).await?;
            assert_eq!(person.reads("title-select-bank").await?, list);
            let html = "return [document.documentElement.lang, document.documentElement.dir]";
            assert_eq!(person.browser().await?.run(html, vec![]).await?, json!([tag, direction]));
            person.chooses_institution("TestBank").await?;
            person.types_credentials(tag, "SCA_SMS").await?;
            person.continues().await?;
            assert_eq!(person.reads("title-sca").await?, code);
            let screen = person.reads("div-sca").await?;
            assert!(!screen.contains(['{', '}', '\t', '=']), "{screen}");
            person.answers_code("482913").await?;
            assert_eq!(host.connection().await?.title, "TestBank");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_host_changes_the_language_and_nothing_that_was_typed_is_lost() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_PICTURES").await?;
        stage.browser.enter_top().await?;
        let command = "document.querySelector('iframe').contentWindow
            .postMessage({ banklink: 1, command: 'setLanguage', language: 'ar' }, arguments[0])";
        stage.browser.run(command, vec![json!(stage.sandbox.widget())]).await?;
        let is_arabic = async || Ok((person.reads("button-continue").await? == "متابعة").then_some(()));
        stage.browser.until("Arabic", is_arabic).await?;
        let html = "return [document.documentElement.lang, document.documentElement.dir]";
        assert_eq!(person.browser().await?.run(html, vec![]).await?, json!(["ar", "rtl"]));
        assert_eq!(person.typed_username().await?, "ana");
        // The bank asks in that language too.
        person.continues().await?;
        let asked = pictures(stage, person).await?;
        assert!(asked[0].starts_with("يُرجى اختيار كل "), "{asked:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_screen_whose_texts_are_still_missing_waits_for_them_and_gets_its_focus() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::NoServer, async |stage| {
        stage.browser.blocks(&["/link/api/1/texts/"]).await?;
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.reads("title-loading").await?;
        stage.browser.blocks(&[]).await?;
        person.sees(Card::Challenge).await?;
        let focused = "return document.activeElement?.id";
        assert_eq!(person.browser().await?.run(focused, vec![]).await?, "title-sca");
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn masked_numbers_run_from_left_to_right_between_arabic_words() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank&language=ar").await?;
        person.types_credentials("ana", "SCA_METHODS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        // Of each, where its first dot and its last figure are.
        let places = "
            const numbers = [];
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let node; (node = texts.nextNode()); ) {
                const { index, 0: number } = node.data.match(/•[• ]+\\d+/) ?? {};
                const left = (at) => {
                    const range = new Range();
                    range.setStart(node, at);
                    range.setEnd(node, at + 1);
                    return range.getBoundingClientRect().left;
                };
                if (number) numbers.push([left(index), left(index + number.length - 1)]);
            }
            return numbers";
        let of = async |least: usize| {
            let numbers: Vec<[f64; 2]> = serde_json::from_value(person.browser().await?.run(places, vec![]).await?)
                .map_err(|_| JourneyError::Unexpected { asked: "places", answer: String::new() })?;
            assert!(numbers.len() >= least && numbers.iter().all(|[first, last]| first < last), "{numbers:?}");
            Ok::<_, JourneyError>(())
        };
        of(2).await?;
        let browser = person.browser().await?;
        browser.click(&by_part(ids::METHOD_BOX)).await?;
        browser.sees(&by_id(ids::INPUT_SCA)).await?;
        of(1).await
    })
    .await
}

/// What is the same in every language: the bank's name and, in French, two words.
const SAME: [&str; 3] = ["TestBank", "E-mail", "Code"];

/// Everything on the screen that a person reads or hears, but for what is the same everywhere, and their own address.
async fn words(person: Person<'_>) -> Result<BTreeSet<String>, JourneyError> {
    let script = "
        const words = [document.title];
        const all = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
        for (let node; (node = all.nextNode()); )
          if (node.nodeType === Node.ELEMENT_NODE)
            words.push(...['alt', 'aria-label', 'placeholder', 'title'].map((name) => node.getAttribute(name) ?? ''));
          else if (!node.parentElement.closest('script, style, template')) words.push(node.data);
        return words.map((words) => words.trim()).filter((words) => /\\p{L}{2}/u.test(words))";
    let read = person.browser().await?.run(script, vec![]).await?;
    let read = read.as_array().into_iter().flatten().filter_map(|words| words.as_str().map(str::to_owned));
    Ok(read.filter(|words| !SAME.contains(&words.as_str()) && !words.contains("•••@")).collect())
}

/// What is asked for, and then the names of the pictures, once they are on the screen.
async fn pictures(stage: &Stage, person: Person<'_>) -> Result<Vec<String>, JourneyError> {
    let shown = async || {
        let script = "
            const images = [...document.querySelectorAll(\"[data-part='picture-box'] img\")];
            return images.length ? [document.querySelector('legend').textContent, ...images.map(({ alt }) => alt)] : []";
        let texts: Vec<String> = serde_json::from_value(person.browser().await?.run(script, vec![]).await?)
            .map_err(|_| JourneyError::Unexpected { asked: "pictures", answer: String::new() })?;
        Ok((!texts.is_empty()).then_some(texts))
    };
    stage.browser.until("pictures", shown).await
}

/// The place of the picture that is asked for in English.
fn asked_for(texts: &[String]) -> usize {
    let [prompt, names @ ..] = texts else { panic!("no pictures") };
    let thing = prompt.trim_end_matches('.').rsplit(' ').next().expect("a thing");
    names.iter().position(|name| name.ends_with(thing)).expect("its picture")
}

/// Links TestBank by a method that is chosen, a code that is wrong at first, questions and a picture, which is the one in
/// this place; says what was read on each screen, and the pictures' names.
async fn links_by_everything(
    stage: &Stage,
    language: &str,
    picture: impl FnOnce(&[String]) -> usize,
) -> Result<(Vec<BTreeSet<String>>, usize), JourneyError> {
    let (host, person) = stage.opens(&format!("bank=testbank&external_id={language}&language={language}")).await?;
    host.hears("HEIGHT").await?;
    person.reads("title-consent").await?;
    let mut read = vec![words(person).await?];
    person.agrees().await?;
    person.sees(Card::Credentials).await?;
    read.push(words(person).await?);
    person.types_credentials("ana", "SCA_METHODS").await?;
    person.continues().await?;
    person.reads("list-methods").await?;
    read.push(words(person).await?);
    person.browser().await?.click("[data-part='method-box']").await?;
    person.reads("input-sca").await?;
    read.push(words(person).await?);
    person.answers_code("INVALID_SCA").await?;
    person.is_told_what_was_wrong().await?;
    read.push(words(person).await?);
    person.answers_code("SCA_QUESTIONS").await?;
    person.reads("label-question-pet").await?;
    read.push(words(person).await?);
    person.browser().await?.click("[value='blue']").await?;
    person.browser().await?.type_over("#input-question-pet", "SCA_PICTURE").await?;
    person.continues().await?;
    let place = picture(&pictures(stage, person).await?);
    read.push(words(person).await?);
    let boxes = person.browser().await?.all("[data-part='picture-box']").await?;
    boxes[place].click().await?;
    person.continues().await?;
    assert_eq!(host.connection().await?.title, "TestBank");
    Ok((read, place))
}

#[tokio::test]
async fn a_bank_that_asks_for_everything_is_linked_without_a_word_of_another_language() -> Outcome {
    journey(async |stage| {
        let (english, place) = links_by_everything(stage, "en", asked_for).await?;
        for language in ["fr", "ar"] {
            let (read, _) = links_by_everything(stage, language, |_| place).await?;
            for (own, english) in read.iter().zip(&english) {
                let both: Vec<_> = own.intersection(english).collect();
                assert!(own.len() > 3 && both.is_empty(), "{language}: {both:?} of {own:?}");
            }
        }
        Ok(())
    })
    .await
}
