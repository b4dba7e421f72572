//! Nothing secret is where it does not belong.

use std::{fs, path::Path};

use banklink_journey::{JourneyError, Person, Place, SandboxOptions, person::Card, tour::FLINKS_ANSWERS};
use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::stage::{Allowed, Outcome, journey_with};

/// A secret, and what it is.
struct Secret {
    what: &'static str,
    text: String,
}

impl Secret {
    /// The forms in which it could have got somewhere: as it is, in base64 at any offset, in percent form, in
    /// hexadecimal.
    fn forms(&self) -> Vec<Vec<u8>> {
        let bytes = self.text.as_bytes();
        let mut forms = vec![
            bytes.to_vec(),
            utf8_percent_encode(&self.text, NON_ALPHANUMERIC).to_string().into_bytes(),
            hex::encode(bytes).into_bytes(),
        ];
        for padding in 0..3 {
            // In the middle of something longer, all but the first and the last characters are the same.
            let padded = [vec![0; padding], bytes.to_vec()].concat();
            for encoded in [BASE64_STANDARD.encode(&padded), BASE64_URL_SAFE_NO_PAD.encode(&padded)] {
                let end = padded.len() * 4 / 3 - 1;
                let start = [0, 2, 3][padding];
                forms.push(encoded.as_bytes()[start..end].to_vec());
            }
        }
        forms
    }

    fn is_in(&self, place: &[u8]) -> bool {
        self.forms().iter().any(|form| place.windows(form.len()).any(|window| window == form))
    }
}

#[test]
fn a_secret_is_found_in_every_form() {
    let secret = Secret { what: "a test's", text: "p@ss wörd-8517".to_owned() };
    let percent = utf8_percent_encode(&secret.text, NON_ALPHANUMERIC).to_string();
    let wrap = |text: &str| BASE64_STANDARD.encode(format!("xx{text}yyy"));
    for place in [secret.text.clone(), percent, wrap(&secret.text), wrap(&format!("x{}", secret.text))] {
        assert!(secret.is_in(format!("before {place} after").as_bytes()), "{place}");
    }
    assert!(!secret.is_in(b"p@ss word-8517"));
}

#[tokio::test]
async fn no_secret_typed_or_issued_is_in_logs_database_messages_or_addresses() -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join("kept.db");
    let options = SandboxOptions { database: Some(database.clone()), log: Some("trace"), ..SandboxOptions::default() };
    journey_with(options, Allowed::RefusedRequests, async |stage| {
        let user = "zoe.rodríguez+4417@example.test";
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials(user, "INVALID_CREDENTIALS").await?;
        person.continues().await?;
        person.is_told_what_was_wrong().await?;
        person.types_credentials(user, "SCA_GOOGLE_AUTHENTICATOR").await?;
        person.continues().await?;
        person.answers_code("INVALID_SCA").await?;
        person.is_told_what_was_wrong().await?;
        let kept = person.browser().await?.run("return Object.values({ ...sessionStorage })", vec![]).await?;
        // The frame is gone when the host has the connection.
        let frame_addresses = person.browser().await?.run(ADDRESSES, vec![]).await?;
        let frame = host.frame_address().await?;
        person.answers_code("7391648205").await?;
        host.connection().await?;

        let redirect = host.hears("REDIRECT").await?;
        let code = redirect["code"].as_str().unwrap_or_default().to_owned();
        let token = frame.split("authorizeToken=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default();
        assert!(code.len() > 20 && token.len() > 20, "{code} {token}");

        let secret = |what, text: &str| Secret { what, text: text.to_owned() };
        let typed = [
            secret("user name", user),
            secret("password", "SCA_GOOGLE_AUTHENTICATOR"),
            secret("one-time code", "7391648205"),
        ];
        let kept = kept.as_array().into_iter().flatten().filter_map(|value| value.as_str());
        let mut issued: Vec<Secret> =
            kept.filter(|value| value.len() > 20).map(|value| secret("session key", value)).collect();
        assert!(!issued.is_empty(), "the tab keeps no session key");
        issued.push(secret("toolbox secret", banklink_journey::sandbox::TOOLBOX_SECRET));
        // These two go to the host by design: the token in the frame's address, the code in REDIRECT.
        let handed_over = [secret("authorize token", token), secret("link code", &code)];

        let messages = serde_json::Value::from(host.messages().await?).to_string();
        let top_addresses = stage.browser.run(ADDRESSES, vec![]).await?;
        let addresses =
            [frame_addresses, top_addresses].map(|addresses| addresses.as_str().unwrap_or_default().to_owned());
        let addresses = addresses.join("\n");
        for secret in typed.iter().chain(&issued) {
            assert!(!secret.is_in(messages.as_bytes()), "the {} is in a message", secret.what);
            assert!(!secret.is_in(addresses.as_bytes()), "the {} is in an address: {addresses}", secret.what);
        }
        // The toolbox announces its public secret, as its purpose is.
        let log = stage.sandbox.log();
        let log = log.lines().filter(|line| !line.starts_with("Flinks toolbox:") && !line.starts_with("TestBank:"));
        let log = log.collect::<Vec<_>>().join("\n");
        assert!(log.contains("DEBUG"), "there is no log: {log}");
        let files = database_files(&database)?;
        for secret in typed.iter().chain(&issued).chain(&handed_over) {
            assert!(!secret.is_in(log.as_bytes()), "the {} is in the log", secret.what);
            for (name, content) in &files {
                assert!(!secret.is_in(content), "the {} is in {name}", secret.what);
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_answer_and_no_connection_token_is_in_logs_or_database() -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join("kept.db");
    let options = SandboxOptions { database: Some(database.clone()), log: Some("trace"), ..SandboxOptions::default() };
    journey_with(options, Allowed::Nothing, async |stage| {
        stage.browser.goto(&stage.sandbox.widget_page("bank=FlinksCapital&jsRedirect=true").await?).await?;
        let person = Person::new(&stage.browser, Place::Page);
        person.agrees().await?;
        person.types_credentials("Greatday", "Everyday").await?;
        person.continues().await?;
        let wrong = "Quxville-Übersee 7743";
        person.sees(Card::Challenge).await?;
        let questions = person.questions().await?;
        for field in questions.keys() {
            let input = format!("[id='input-question-{field}']");
            person.browser().await?.type_over(&input, wrong).await?;
        }
        person.continues().await?;
        person.is_told_what_was_wrong().await?;
        person.answers_questions(&FLINKS_ANSWERS).await?;
        person.sees(Card::Success).await?;

        let token = stage.sandbox.exchanges_the_newest_code().await?;
        let log = stage.sandbox.log();
        let files = database_files(&database)?;
        for secret in
            [Secret { what: "answer", text: wrong.to_owned() }, Secret { what: "connection token", text: token }]
        {
            assert!(secret.text.len() > 15, "{} is empty", secret.what);
            assert!(!secret.is_in(log.as_bytes()), "the {} is in the log", secret.what);
            for (name, content) in &files {
                assert!(!secret.is_in(content), "the {} is in {name}", secret.what);
            }
        }
        Ok(())
    })
    .await
}

/// Every address that a document asked for, with its own.
const ADDRESSES: &str =
    "return [location.href, ...performance.getEntriesByType('resource').map(({ name }) => name)].join('\\n')";

/// The database with all its files.
fn database_files(database: &Path) -> Result<Vec<(String, Vec<u8>)>, JourneyError> {
    let mut files = Vec::new();
    for suffix in ["", "-wal", "-shm"] {
        let path = database.with_file_name(format!("kept.db{suffix}"));
        if path.exists() {
            let content = fs::read(&path).map_err(|source| JourneyError::File { path: path.clone(), source })?;
            files.push((path.display().to_string(), content));
        }
    }
    assert!(files.iter().any(|(_, content)| !content.is_empty()), "there is no database");
    Ok(files)
}
