//! Every screen, one after the other: for pictures of them, and for checks that hold on all of them.

mod scene;

use banklink_protocol::elements as ids;

pub use self::scene::Scene;

use crate::{
    Browser, JourneyError, Person, Place, Sandbox, Site,
    person::{Card, by_id},
};

/// Credentials of Flinks Capital that lead to its questions (`vendor-apis.md`, 1.7).
pub const FLINKS_CAPITAL: (&str, &str) = ("Greatday", "Everyday");

/// Beginnings of Flinks Capital's questions, and their answers.
pub const FLINKS_ANSWERS: [(&str, &str); 3] =
    [("What city", "Montreal"), ("What is the best country", "Canada"), ("What shape", "Triangle")];

/// Goes through every screen and calls `visit` at each, in the order of [`Scene::ALL`].
///
/// In a frame, that of a page which does nothing else and gives it all its room.
pub async fn of_every_screen(
    browser: &Browser,
    sandbox: &Sandbox,
    place: Place,
    visit: impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    of_every_screen_with(browser, sandbox, place, "", visit).await
}

/// The same with further parameters for the widget, such as `language=ar`.
pub async fn of_every_screen_with(
    browser: &Browser,
    sandbox: &Sandbox,
    place: Place,
    parameters: &str,
    mut visit: impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
) -> Result<(), JourneyError> {
    let site = Site::serve("localhost", FRAMING_PAGE.to_owned()).await?;
    let tour = Tour { browser, sandbox, site: &site, person: Person::new(browser, place), place, parameters };
    tour.with_questions(&mut visit).await?;
    tour.with_notices(&mut visit).await?;
    tour.with_a_code(&mut visit).await?;
    tour.with_challenges(&mut visit).await?;
    tour.with_failures(&mut visit).await?;
    tour.with_leaving(&mut visit).await?;
    tour.with_endings_of_time(&mut visit).await?;
    tour.without_webassembly(&mut visit).await
}

/// Put first, it makes minutes pass in seconds; what takes less takes as long as it does.
pub const MINUTES_IN_SECONDS: &str = "
    const later = globalThis.setTimeout;
    globalThis.setTimeout = (act, after, ...rest) => later(act, after > 120_000 ? after / 200 : after, ...rest)";

/// Put first, it holds the widget back, as a slow network would, until `letGo()`.
pub const WIDGET_HELD: &str = "
    const begin = WebAssembly.instantiateStreaming.bind(WebAssembly);
    const held = new Promise((letGo) => { globalThis.letGo = letGo; });
    WebAssembly.instantiateStreaming = (...parts) => held.then(() => begin(...parts))";

/// What a keyboard says whose Caps Lock is on.
const CAPS_LOCK: &str = "
    const key = new KeyboardEvent('keyup', { key: 'A', bubbles: true, modifierCapsLock: true });
    document.querySelector('#input-credential-password').dispatchEvent(key)";

/// Frames the address after its own `#`.
const FRAMING_PAGE: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <title>An app</title>
    <style>
      :root { color-scheme: light dark }
      body { margin: 0 }
      iframe { position: fixed; inset: 0; width: 100%; height: 100%; border: 0 }
    </style>
  </head>
  <body>
    <iframe id="banklink" title="Connect your bank"></iframe>
    <script>document.querySelector("iframe").src = location.hash.slice(1)</script>
  </body>
</html>
"#;

#[derive(Clone, Copy)]
struct Tour<'a> {
    browser: &'a Browser,
    sandbox: &'a Sandbox,
    site: &'a Site,
    person: Person<'a>,
    place: Place,
    parameters: &'a str,
}

impl Tour<'_> {
    async fn with_questions(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
    ) -> Result<(), JourneyError> {
        let person = self.person;
        self.opens_list(visit, Some(Scene::Consent)).await?;
        visit(Scene::Institutions, person).await?;
        person.searches("caixa").await?;
        person.finds("Caixa Marina").await?;
        visit(Scene::InstitutionsFound, person).await?;
        person.searches("qqqqqq").await?;
        person.finds_nothing().await?;
        visit(Scene::InstitutionsNone, person).await?;
        person.searches("flinks").await?;
        person.chooses_institution("Flinks Capital").await?;
        person.sees(Card::Credentials).await?;
        visit(Scene::Credentials, person).await?;
        person.types_credentials(FLINKS_CAPITAL.0, "not this one").await?;
        person.continues().await?;
        person.is_told_what_was_wrong().await?;
        visit(Scene::CredentialsRejected, person).await?;
        person.types_password(FLINKS_CAPITAL.1).await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        visit(Scene::Questions, person).await?;
        person.answers_in_order(&FLINKS_ANSWERS.map(|_| "Square")).await?;
        person.is_told_what_was_wrong().await?;
        visit(Scene::QuestionsRejected, person).await?;
        person.answers_in_order(&FLINKS_ANSWERS.map(|(_, answer)| answer)).await?;
        person.sees(Card::Success).await?;
        visit(Scene::Success, person).await
    }

    async fn with_notices(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
    ) -> Result<(), JourneyError> {
        let person = self.person;
        self.opens("institutionFilterEnable=true").await?;
        person.agrees().await?;
        person.sees(Card::Institutions).await?;
        person.reads(ids::LABEL_COUNTRY).await?;
        visit(Scene::InstitutionsFilter, person).await?;

        self.opens("bank=testbank").await?;
        person.agrees().await?;
        person.types_credentials("ana", "SECRET").await?;
        person.browser().await?.run(CAPS_LOCK, vec![]).await?;
        person.browser().await?.sees(".bl-warning").await?;
        visit(Scene::CapsLock, person).await?;
        person.browser().await?.run("dispatchEvent(new Event('offline'))", vec![]).await?;
        person.reads(ids::MESSAGE_NETWORK).await?;
        visit(Scene::Offline, person).await?;

        let first = self.browser.runs_first(MINUTES_IN_SECONDS).await?;
        self.opens("bank=testbank").await?;
        person.agrees().await?;
        person.sees(Card::Credentials).await?;
        person.reads(ids::MESSAGE_SESSION).await?;
        self.browser.runs_first_no_more(first).await?;
        visit(Scene::EndsSoon, person).await?;

        let first = self.browser.runs_first(WIDGET_HELD).await?;
        person.reloads_the_widget().await?;
        person.browser().await?.sees(&by_id(Card::Loading.id())).await?;
        self.browser.runs_first_no_more(first).await?;
        visit(Scene::Loading, person).await
    }

    async fn with_a_code(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
    ) -> Result<(), JourneyError> {
        let person = self.person;
        self.opens("bank=testbank&accountSelectorEnable=true&accountSelectorMultiple=true").await?;
        person.agrees().await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;
        visit(Scene::Code, person).await?;
        person.answers_code("INVALID_SCA").await?;
        person.is_told_what_was_wrong().await?;
        visit(Scene::CodeRejected, person).await?;
        person.answers_code("123456").await?;
        person.sees(Card::Accounts).await?;
        visit(Scene::Accounts, person).await
    }

    async fn with_challenges(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
    ) -> Result<(), JourneyError> {
        let challenges = [
            ("SCA_METHODS", Scene::Methods),
            ("SCA_COORDINATE", Scene::Coordinates),
            ("SCA_CAPTCHA", Scene::PictureToRead),
            ("SCA_PICTURES", Scene::PicturesToPick),
            ("SCA_QR_ACCEPT", Scene::Qr),
            ("SCA_APP", Scene::Approval),
        ];
        for (password, scene) in challenges {
            self.opens("bank=testbank").await?;
            self.person.agrees().await?;
            // Of this user's approvals none ever comes.
            self.person.types_credentials("never", password).await?;
            self.person.continues().await?;
            self.person.sees(Card::Challenge).await?;
            visit(scene, self.person).await?;
        }
        self.opens("bank=oauthbank").await?;
        self.person.agrees().await?;
        self.person.sees(Card::Challenge).await?;
        visit(Scene::BankPage, self.person).await
    }

    async fn with_failures(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
    ) -> Result<(), JourneyError> {
        let failures =
            [("test_service_unavailable", Scene::FailureUnavailable), ("test_disabled_account", Scene::FailureLocked)];
        for (user, scene) in failures {
            self.opens("bank=flinks-capital").await?;
            self.person.agrees().await?;
            self.person.types_credentials(user, FLINKS_CAPITAL.1).await?;
            self.person.continues().await?;
            self.person.sees(Card::Failure).await?;
            visit(scene, self.person).await?;
        }
        Ok(())
    }

    async fn with_leaving(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
    ) -> Result<(), JourneyError> {
        let person = self.person;
        self.opens("bank=testbank").await?;
        person.agrees().await?;
        person.sees(Card::Credentials).await?;
        person.clicks(ids::BUTTON_CLOSE).await?;
        person.reads(ids::TITLE_LEAVE).await?;
        visit(Scene::Leaving, person).await?;
        person.clicks(ids::BUTTON_LEAVE).await?;
        person.sees(Card::Left).await?;
        visit(Scene::Left, person).await
    }

    async fn with_endings_of_time(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
    ) -> Result<(), JourneyError> {
        let person = self.person;
        self.opens_list(visit, None).await?;
        self.sandbox.lets_sessions_expire().await?;
        person.chooses_institution("TestBank").await?;
        person.sees(Card::SessionExpired).await?;
        visit(Scene::SessionExpired, person).await?;

        // Only a session that is open has used its token, and only the list tells that it is.
        self.opens_list(visit, None).await?;
        person.forgets_the_session().await?;
        person.reloads_the_widget().await?;
        person.sees(Card::TokenInvalid).await?;
        visit(Scene::TokenUsed, person).await?;

        let unknown = format!("authorizeToken=nobody-knows-this&{}", self.parameters);
        self.loads(&format!("{}/v2/?{unknown}", self.sandbox.widget())).await?;
        person.sees(Card::TokenInvalid).await?;
        visit(Scene::TokenUnknown, person).await
    }

    async fn without_webassembly(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
    ) -> Result<(), JourneyError> {
        let first = self.browser.runs_first("delete globalThis.WebAssembly").await?;
        self.opens("").await?;
        self.person.sees(Card::Unsupported).await?;
        visit(Scene::Unsupported, self.person).await?;
        self.browser.runs_first_no_more(first).await
    }

    async fn opens_list(
        self,
        visit: &mut impl AsyncFnMut(Scene, Person<'_>) -> Result<(), JourneyError>,
        at_consent: Option<Scene>,
    ) -> Result<(), JourneyError> {
        self.opens("").await?;
        self.person.sees(Card::Consent).await?;
        if let Some(scene) = at_consent {
            visit(scene, self.person).await?;
        }
        self.person.agrees().await?;
        self.person.finds("Flinks Capital").await
    }

    /// Opens the widget with a new token; it stays on its last screen.
    async fn opens(self, query: &str) -> Result<(), JourneyError> {
        let query = format!("consentEnable=true&jsRedirect=true&{query}&{}", self.parameters);
        let address = self.sandbox.widget_page(&query).await?;
        self.loads(&address).await
    }

    async fn loads(self, address: &str) -> Result<(), JourneyError> {
        match self.place {
            Place::Page => self.browser.goto(address).await,
            // A page that differs after the `#` only would not be loaded anew.
            Place::Frame => {
                self.browser.goto("about:blank").await?;
                self.browser.goto(&format!("{}/#{address}", self.site.origin())).await
            }
        }
    }
}
