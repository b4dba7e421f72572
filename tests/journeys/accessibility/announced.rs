//! What somebody hears who sees nothing, as the browser tells it to assistive technology (WCAG 1.3.1, 2.4.2, 2.4.3,
//! 3.3.1, 3.3.2, 4.1.2, 4.1.3).

use banklink_journey::{JourneyError, Person, SandboxOptions, person::Card, tree::AccessibilityTree};
use serde_json::{Value, json};

use crate::stage::{Allowed, Outcome, Stage, journey, journey_with};

#[tokio::test]
async fn every_step_takes_the_focus_to_its_title_and_names_the_page() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("accountSelectorEnable=true").await?;
        is_at(person, "title-select-bank").await?;
        person.chooses_institution("TestBank").await?;
        is_at(person, "title-credentials").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        is_at(person, "title-sca").await?;
        person.answers_code("SCA_QUESTIONS").await?;
        person.browser().await?.sees("[id^='input-question-']").await?;
        is_at(person, "title-sca").await?;
        person.clicks("button-back").await?;
        is_at(person, "title-credentials").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        is_at(person, "title-accounts").await
    })
    .await
}

/// Asserts that a new screen's title has the focus, is told as a heading of the first level, and is the page's title.
async fn is_at(person: Person<'_>, title: &str) -> Outcome {
    let words = person.reads(title).await?;
    let tree = AccessibilityTree::of(person).await?;
    let focused = tree.focused().unwrap_or_else(|| panic!("nothing has the focus at {title}"));
    let told = (focused.role.as_str(), focused.name.as_str(), focused.property("level"));
    assert_eq!(told, ("heading", words.as_str(), "1"));
    assert_eq!(tree.with_role("main").count(), 1, "one main part at {title}");
    let page = person.browser().await?.run("return document.title", vec![]).await?;
    assert_eq!(page, Value::from(words), "the page's title");
    Ok(())
}

#[tokio::test]
async fn the_question_whether_to_leave_is_a_dialog_with_a_name_and_hides_the_rest() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.sees(Card::Credentials).await?;
        person.clicks("button-close").await?;
        let title = person.reads("title-leave").await?;
        let tree = AccessibilityTree::of(person).await?;
        let dialogs: Vec<_> = tree.with_role("dialog").collect();
        let [dialog] = dialogs[..] else { panic!("not one dialog: {dialogs:?}") };
        assert_eq!((dialog.name.as_str(), dialog.is("modal")), (title.as_str(), true));
        assert!(!dialog.description.is_empty(), "it says what is lost");
        assert_eq!(tree.focused().map(|node| node.name.as_str()), Some(title.as_str()));
        assert_eq!(tree.with_role("textbox").count(), 0, "the form behind it can't be reached");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_number_of_results_is_said_whenever_it_changes() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("").await?;
        person.finds("TestBank").await?;
        let mut said = vec![said_politely(person).await?];
        for text in ["caixa", "flinks", "qqqqqq"] {
            person.searches(text).await?;
            let change = async || Ok(Some(said_politely(person).await?).filter(|now| Some(now) != said.last()));
            let now = stage.browser.until(&format!("something to be said of {text}"), change).await?;
            said.push(now);
        }
        assert!(said[1].contains("result") && said[2] == "1 result" && said[3].contains("qqqqqq"), "{said:?}");
        Ok(())
    })
    .await
}

/// What the polite regions say.
async fn said_politely(person: Person<'_>) -> Result<String, JourneyError> {
    let tree = AccessibilityTree::of(person).await?;
    assert!(tree.with_role("status").all(|region| region.property("live") == "polite"));
    Ok(tree.said_by("status").join(" "))
}

#[tokio::test]
async fn what_is_wrong_with_credentials_is_said_and_belongs_to_their_fields() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.sees(Card::Credentials).await?;
        let tree = AccessibilityTree::of(person).await?;
        for field in tree.with_role("textbox") {
            assert!(!field.name.is_empty() && field.is("required") && !field.is("invalid"), "{field:?}");
        }

        person.continues().await?;
        person.reads("error-credential-username").await?;
        let tree = AccessibilityTree::of(person).await?;
        all_fields_say(&tree, "Please fill this in");
        let first = tree.with_role("textbox").next().map(|field| field.name.clone());
        assert_eq!(tree.focused().map(|field| field.name.clone()), first, "the first of them has the focus");

        person.types_credentials("ana", "INVALID_CREDENTIALS").await?;
        person.continues().await?;
        let wrong = person.is_told_what_was_wrong().await?;
        let tree = AccessibilityTree::of(person).await?;
        assert_eq!(tree.said_by("alert"), [wrong.as_str()]);
        // The bank does not say which of them is wrong.
        for field in tree.with_role("textbox") {
            assert!(field.description.contains(&wrong), "{field:?}");
        }
        let focused = "return document.activeElement.id";
        assert_eq!(person.browser().await?.run(focused, vec![]).await?, "message-error");
        Ok(())
    })
    .await
}

/// Asserts that every field is told as wrong, together with why.
fn all_fields_say(tree: &AccessibilityTree, why: &str) {
    let fields: Vec<_> = tree.with_role("textbox").collect();
    assert!(!fields.is_empty());
    for field in fields {
        assert!(field.is("invalid") && field.description.contains(why), "{why} is not said of {field:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_is_said_and_belongs_to_its_field() -> Outcome {
    journey(async |stage| {
        for (password, why) in [
            ("SCA_SMS", "Please enter the code"),
            ("SCA_QUESTIONS", "Please answer this question"),
            ("SCA_COORDINATE", "Please fill in this position"),
            ("SCA_CAPTCHA", "Please enter the code"),
        ] {
            let person = at_challenge(stage, password).await?;
            person.continues().await?;
            person.browser().await?.sees("[aria-invalid=true]").await?;
            all_fields_say(&AccessibilityTree::of(person).await?, why);
        }
        let person = at_challenge(stage, "SCA_PICTURES").await?;
        person.continues().await?;
        person.reads("error-sca").await?;
        let tree = AccessibilityTree::of(person).await?;
        assert!(tree.with_role("group").any(|group| group.description.contains("Please choose a picture")));
        assert!(tree.focused().is_some_and(|focused| focused.role == "checkbox"), "{:?}", tree.focused());

        let person = at_challenge(stage, "SCA_SMS").await?;
        person.answers_code("INVALID_SCA").await?;
        let wrong = person.is_told_what_was_wrong().await?;
        let tree = AccessibilityTree::of(person).await?;
        assert_eq!(tree.said_by("alert"), [wrong.as_str()]);
        all_fields_say(&tree, &wrong);
        all_fields_say(&tree, "attempts left");
        Ok(())
    })
    .await
}

async fn at_challenge<'a>(stage: &'a Stage, password: &str) -> Result<Person<'a>, JourneyError> {
    let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
    person.types_credentials("ana", password).await?;
    person.continues().await?;
    person.sees(Card::Challenge).await?;
    Ok(person)
}

#[tokio::test]
async fn that_no_account_was_chosen_is_said_and_belongs_to_their_group() -> Outcome {
    journey(async |stage| {
        let (_, person) =
            stage.opens_and_agrees("bank=testbank&accountSelectorEnable=true&accountSelectorMultiple=true").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        person.sees(Card::Accounts).await?;
        let title = person.reads("title-accounts").await?;
        person.continues().await?;
        let wrong = person.is_told_what_was_wrong().await?;
        let tree = AccessibilityTree::of(person).await?;
        assert_eq!(tree.said_by("alert"), [wrong.as_str()]);
        let groups: Vec<_> = tree.with_role("group").collect();
        let [group] = groups[..] else { panic!("not one group: {groups:?}") };
        assert_eq!((&group.name, &group.description), (&title, &wrong));
        for account in tree.with_role("checkbox") {
            assert!(!account.name.is_empty(), "{account:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn that_an_answer_is_on_its_way_is_said_and_so_is_a_network_that_is_gone() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::NoNetwork, async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "any other password").await?;
        stage.browser.goes_offline().await?;
        person.continues().await?;
        person.reads("message-network").await?;
        let tree = AccessibilityTree::of(person).await?;
        let said = tree.said_by("status");
        assert!(said.iter().any(|words| words == "Checking…"), "{said:?}");
        assert!(said.iter().any(|words| words.contains("offline")), "{said:?}");
        let busy = tree.with_role("button").find(|button| button.name == "Checking…");
        assert!(busy.is_some_and(|button| button.is("disabled")), "{busy:?}");
        assert_eq!(tree.focused(), busy, "the button that was pressed keeps the focus");
        stage.browser.goes_online().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_screen_that_is_not_there_yet_is_told_as_busy() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::NoServer, async |stage| {
        stage.browser.blocks(&["/link/api/1/texts/"]).await?;
        let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        let title = person.reads("title-loading").await?;
        let tree = AccessibilityTree::of(person).await?;
        assert!(tree.with_role("main").all(|main| main.is("busy")));
        assert!(tree.with_role("heading").any(|heading| heading.name == title));
        stage.browser.blocks(&[]).await?;
        person.sees(Card::Challenge).await?;
        let tree = AccessibilityTree::of(person).await?;
        assert!(tree.with_role("main").all(|main| !main.is("busy")));
        Ok(())
    })
    .await
}

/// Notes what changes in the regions that are read out by themselves.
const LISTEN: &str = "
    globalThis.heard = [];
    const regions = '[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off])';
    new MutationObserver((records) => {
        for (const { target } of records) {
            const element = target.closest?.(regions) ?? target.parentElement?.closest(regions);
            if (element) heard.push(element.outerHTML);
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })";

#[tokio::test]
async fn the_time_that_is_left_is_shown_and_not_read_out_every_second() -> Outcome {
    journey(async |stage| {
        let person = at_challenge(stage, "SCA_SMS").await?;
        let first = person.reads("text-expiry").await?;
        let tree = AccessibilityTree::of(person).await?;
        let timers: Vec<_> = tree.with_role("timer").collect();
        let [timer] = timers[..] else { panic!("not one timer: {timers:?}") };
        assert_eq!(tree.text_of(timer).chars().filter(|letter| *letter == ':').count(), 2, "{first}");
        assert!(matches!(timer.property("live"), "" | "off"), "{timer:?}");
        person.browser().await?.run(LISTEN, vec![]).await?;
        let mut last = first;
        for _ in 0..3 {
            let ticks = async || Ok(Some(person.reads("text-expiry").await?).filter(|now| *now != last));
            last = stage.browser.until("a second to pass", ticks).await?;
        }
        assert_eq!(person.browser().await?.run("return heard", vec![]).await?, json!([]));
        Ok(())
    })
    .await
}
