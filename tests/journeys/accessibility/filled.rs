//! Forms that are filled by something else than ten fingers: a password manager, the phone's offer of the code that it
//! received, the clipboard. And what need not be typed twice (WCAG 1.3.5, 3.3.7, 3.3.8).

use banklink_journey::{JourneyError, Person, person::Card};
use serde_json::json;

use crate::stage::{Outcome, Stage, journey};

/// What a password manager looks at: the one form with a user name and a password, and whether they are where it looks.
const FORM: &str = "
    const user = document.querySelector(`input[autocomplete~='username']`);
    const password = document.querySelector(`input[autocomplete~='current-password']`);
    return {
        sameForm: user.form !== null && user.form === password.form,
        forms: document.forms.length,
        method: password.type,
        labels: [user, password].map(({ labels }) => labels.length),
        names: [user, password].every(({ name, id }) => name && id),
        submits: user.form.querySelector('button[type=submit]') !== null,
        refuses: [user.form, user, password].some((element) => element.getAttribute('autocomplete') === 'off'),
    }";

/// Fills as a password manager does: it sets the value, and says so.
const FILL: &str = "
    for (const [name, value] of Object.entries(arguments[0])) {
        const input = document.querySelector(`input[autocomplete~='${name}']`);
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, value);
        for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true }));
    }";

#[tokio::test]
async fn a_password_manager_finds_the_form_and_what_it_fills_in_is_sent_by_the_person_alone() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.sees(Card::Credentials).await?;
        let form = person.browser().await?.run(FORM, vec![]).await?;
        let expected = json!({
            "sameForm": true, "forms": 1, "method": "password", "labels": [1, 1],
            "names": true, "submits": true, "refuses": false,
        });
        assert_eq!(form, expected);
        let login = json!({ "username": "ana", "current-password": "any other password" });
        person.browser().await?.run(FILL, vec![login]).await?;
        // Whatever filling does happens before the next command.
        assert!(person.is_at(Card::Credentials).await?);
        assert!(!host.steps().await?.iter().any(|step| step == "SUBMIT_CREDENTIAL"), "it was sent by itself");
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

/// Pastes into every field that is typed into, and says which of them refuse it, or begin with something else than a
/// paste would replace.
const PASTE: &str = "
    const fields = [...document.querySelectorAll('form input:not([type=radio], [type=checkbox])')];
    const takes = (input) => !input.readOnly && !input.disabled && input.dispatchEvent(new ClipboardEvent('paste', {
        bubbles: true, cancelable: true, clipboardData: new DataTransfer(),
    }));
    return { fields: fields.length, refuse: fields.filter((input) => !takes(input)).map(({ id }) => id) }";

#[tokio::test]
async fn everything_that_is_typed_can_be_pasted() -> Outcome {
    journey(async |stage| {
        let mut kinds = 0;
        for password in [None, Some("SCA_SMS"), Some("SCA_QUESTIONS"), Some("SCA_COORDINATE_CARD"), Some("SCA_CAPTCHA")]
        {
            let person = at(stage, password).await?;
            let pasted = person.browser().await?.run(PASTE, vec![]).await?;
            assert!(pasted["fields"].as_u64().is_some_and(|fields| fields > 0), "{password:?}: {pasted}");
            assert_eq!(pasted["refuse"], json!([]), "{password:?}");
            kinds += 1;
        }
        assert_eq!(kinds, 5);
        Ok(())
    })
    .await
}

/// At TestBank's form, or further on.
async fn at<'a>(stage: &'a Stage, password: Option<&str>) -> Result<Person<'a>, JourneyError> {
    let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
    person.sees(Card::Credentials).await?;
    if let Some(password) = password {
        person.types_credentials("ana", password).await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
    }
    Ok(person)
}

#[tokio::test]
async fn a_code_is_offered_by_the_phone_and_may_hold_the_spaces_of_its_message() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        // Letters too: at TestBank they choose what it asks next.
        let script = "const input = document.getElementById('input-sca');
            const { inputMode, type, maxLength, labels } = input;
            return [input.getAttribute('autocomplete'), inputMode, type, maxLength > 6, labels.length]";
        let input = person.browser().await?.run(script, vec![]).await?;
        assert_eq!(input, json!(["one-time-code", "text", "text", true, 1]));
        person.browser().await?.run(FILL, vec![json!({ "one-time-code": " 482 913 " })]).await?;
        assert!(person.is_at(Card::Challenge).await?, "a code is not sent by itself");
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_right_is_not_asked_for_again() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("").await?;
        person.searches("testbank").await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "INVALID_CREDENTIALS").await?;
        person.continues().await?;
        person.is_told_what_was_wrong().await?;
        assert_eq!(person.typed_username().await?, "ana");
        person.clicks("button-back").await?;
        person.sees(Card::Institutions).await?;
        let typed = "return document.getElementById('input-search-bank').value";
        assert_eq!(person.browser().await?.run(typed, vec![]).await?, "testbank");
        Ok(())
    })
    .await
}
