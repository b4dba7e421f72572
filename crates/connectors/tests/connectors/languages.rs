//! What the sandbox says, in the language of the person.

use std::{collections::BTreeSet, fs, path::Path};

use banklink_connectors::{Challenged, Entry, Language, Start, sandbox::FLINKS_CAPITAL};
use banklink_protocol::challenge::{Approval, Challenge, Method, Picture, PictureChoice, PictureTask, Question};
use rstest::rstest;

use crate::support::{
    Locale, SANDBOX, answer, challenged, code, english, field, institution, language, now, sandbox, start_with,
};

/// TestBank's passwords for all that can be asked.
const PASSWORDS: [&str; 22] = [
    "SCA_SMS",
    "SCA_EMAIL",
    "SCA_CALL",
    "SCA_CODE",
    "SCA_APP_CODE",
    "SCA_CODE_FROM_APP",
    "SCA_CODE_DEVICE",
    "SCA_GOOGLE_AUTHENTICATOR",
    "SCA_CRYPTOCALCULATOR",
    "SCA_DIGIPASS",
    "SCA_CARD_READER",
    "SCA_COORDINATE",
    "SCA_COORDINATE_CARD",
    "SCA_QR_ACCEPT",
    "SCA_UPDATABLE_QR",
    "SCA_APP",
    "SCA_EXTERNAL_WAIT",
    "SCA_METHODS",
    "SCA_QUESTIONS",
    "SCA_CAPTCHA",
    "SCA_PICTURE",
    "SCA_PICTURES",
];

/// Enough people that every picture is shown to somebody, and asked for.
const PEOPLE: u32 = 60;

async fn asked(bank: &str, username: &str, password: &str, language: Language) -> Challenged {
    let credentials = vec![field("username", username), field("password", password)];
    let start = Start { language, ..start_with(institution(bank, "FR"), credentials) };
    challenged(sandbox().start(SANDBOX, start).await)
}

/// What TestBank asks these people, and Flinks Capital.
async fn everything(language: &Language) -> Vec<Challenge> {
    let mut all = vec![asked(FLINKS_CAPITAL, "Greatday", "Everyday", language.clone()).await.challenge];
    for password in PASSWORDS {
        all.push(asked("testbank", "ana", password, language.clone()).await.challenge);
    }
    for person in 0..PEOPLE {
        let (user, language) = (format!("person {person}"), language.clone());
        all.push(asked("testbank", &user, "SCA_PICTURES", language.clone()).await.challenge);
        all.push(asked("testbank", &user, "SCA_PICTURE", language).await.challenge);
    }
    all
}

/// The words of a challenge, and the same challenge without them.
fn words(challenge: &Challenge) -> (Vec<String>, Challenge) {
    let mut words = Vec::new();
    let mut take = |text: &String| {
        words.push(text.clone());
        String::new()
    };
    let bare = match challenge {
        Challenge::Questions(questions) => {
            let bare = questions.iter().map(|question| Question {
                prompt: take(&question.prompt),
                options: question
                    .options
                    .iter()
                    .map(|option| {
                        let label = take(&option.label);
                        banklink_protocol::session::Choice { label, ..option.clone() }
                    })
                    .collect(),
                ..question.clone()
            });
            Challenge::Questions(bare.collect())
        }
        Challenge::Picture(Picture { prompt, task }) => {
            let prompt = prompt.as_ref().map(&mut take);
            let mut choices = |choices: &Vec<PictureChoice>| {
                choices.iter().map(|choice| PictureChoice { label: take(&choice.label), ..choice.clone() }).collect()
            };
            let task = match task {
                PictureTask::PickOne(all) => PictureTask::PickOne(choices(all)),
                PictureTask::PickSeveral(all) => PictureTask::PickSeveral(choices(all)),
                PictureTask::Read(image) => PictureTask::Read(image.clone()),
            };
            Challenge::Picture(Picture { prompt, task })
        }
        Challenge::Approval(approval) => {
            Challenge::Approval(Approval { device: approval.device.as_ref().map(take), ..approval.clone() })
        }
        Challenge::Method(methods) => {
            let bare = methods.iter().map(|method| match method.id.as_str() {
                "app" => Method { detail: method.detail.as_ref().map(&mut take), ..method.clone() },
                _ => method.clone(),
            });
            Challenge::Method(bare.collect())
        }
        other => other.clone(),
    };
    (words, bare)
}

#[rstest]
#[tokio::test]
async fn everything_is_asked_in_the_language_and_nothing_else_about_it_differs(
    #[values("fr", "es", "ca", "pt", "it", "de", "ar")] tag: &str,
) {
    let (own, english) = (everything(&language(tag)).await, everything(&english()).await);
    assert_eq!(own.len(), english.len());
    for (own, english) in own.iter().zip(&english) {
        let ((words, bare), (english_words, english_bare)) = (self::words(own), self::words(english));
        assert_eq!(bare, english_bare);
        for (own, english) in words.iter().zip(&english_words) {
            assert!(own != english && !own.trim().is_empty(), "{tag}: {own:?}");
        }
    }
}

#[tokio::test]
async fn every_text_of_the_sandbox_is_said_and_there_is_one_in_every_language() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales");
    for file in fs::read_dir(locales).expect("the languages") {
        let path = file.expect("a file").path();
        let tag = path.file_stem().and_then(|name| name.to_str()).expect("a tag");
        let locale = Locale::read(tag);
        let language = Language::new(locale.clone());
        for bank in ["FlinksCapital", "testbank", "approvalbank"] {
            let entry = sandbox().entry(SANDBOX, &institution(bank, "ES"), &language);
            assert!(matches!(entry, Some(Entry::Form(_))));
        }
        everything(&language).await;
        let (used, there): (BTreeSet<_>, BTreeSet<_>) =
            (locale.used.lock().expect("nobody panicked").clone(), locale.texts.keys().cloned().collect());
        assert_eq!(used, there, "{tag}");
    }
}

#[tokio::test]
async fn flinks_capital_asks_in_english_what_existing_integrations_compare() {
    let shown = asked(FLINKS_CAPITAL, "Greatday", "Everyday", english()).await;
    let expected =
        ["What city were you born in?", "What is the best country on earth?", "What shape do people like most?"];
    assert_eq!(words(&shown.challenge).0, expected);
}

#[tokio::test]
async fn pictures_are_named_in_english_as_they_always_were() {
    let things = ["boat", "cat", "cup", "fish", "house", "star", "sun", "tree"];
    let colours = ["black", "blue", "brown", "green", "purple", "red"];
    let is_label = |label: &String| {
        let (colour, thing) = label.strip_prefix("A ").and_then(|label| label.split_once(' ')).expect("two words");
        colours.contains(&colour) && things.contains(&thing)
    };
    for (password, asks) in [("SCA_PICTURE", "Pick the "), ("SCA_PICTURES", "Pick every ")] {
        let shown = asked("testbank", "anyone", password, english()).await;
        let (words, _) = words(&shown.challenge);
        let (prompt, labels) = words.split_first().expect("a prompt");
        let thing = prompt.strip_prefix(asks).and_then(|thing| thing.strip_suffix('.'));
        assert!(thing.is_some_and(|thing| things.contains(&thing)), "{prompt}");
        assert!(labels.iter().all(is_label), "{labels:?}");
    }
}

#[tokio::test]
async fn a_language_that_changes_meanwhile_is_that_of_the_next_challenge() {
    let shown = asked("testbank", "ana", "SCA_QUESTIONS", english()).await;
    let french = sandbox().resend(SANDBOX, shown.state.clone(), language("fr"), now()).await;
    assert_eq!(french, banklink_connectors::Step::Waiting);
    let again = sandbox().answer(SANDBOX, shown.state, code("1"), language("fr"), now()).await;
    let again = challenged(again);
    assert_eq!(words(&again.challenge).0[0], "De quelle couleur est votre carte bancaire\u{202f}?");
    let back = challenged(answer(again.state, code("1")).await);
    assert_eq!(back.challenge, shown.challenge);
}
