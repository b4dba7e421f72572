//! Somebody who looks after apps, at the dashboard.

use crate::{Browser, JourneyError, Person, Place, Sandbox, person::Card};

/// Who the first operator is.
pub const EMAIL: &str = "ana@example.com";

/// Their password.
pub const PASSWORD: &str = "four words that are long";

/// Has reads fail or hang in all pages, once the document names a part of their addresses.
const READS: &str = "const real = window.fetch; window.fetch = (request, options) => {
    const { fails, hangs } = document.documentElement.dataset;
    const meant = part => part && request.method === 'GET' && request.url.includes(part);
    if (meant(fails)) return Promise.reject(new TypeError('no network'));
    return meant(hangs) ? new Promise(() => {}) : real(request, options);
}";

/// An operator at their browser.
#[derive(Clone, Copy, Debug)]
pub struct Operator<'a> {
    browser: &'a Browser,
    sandbox: &'a Sandbox,
}

impl<'a> Operator<'a> {
    /// Of this sandbox, at this browser.
    pub const fn new(browser: &'a Browser, sandbox: &'a Sandbox) -> Self {
        Self { browser, sandbox }
    }

    /// Opens a page of the dashboard by its address below `/dashboard`.
    pub async fn opens(self, path: &str) -> Result<(), JourneyError> {
        self.browser.goto(&format!("{}/dashboard{path}", self.sandbox.widget())).await?;
        self.sees_page().await
    }

    /// Opens the page where the first operator makes themselves one.
    pub async fn opens_the_first_invitation(self) -> Result<(), JourneyError> {
        self.browser.goto(self.sandbox.dashboard()).await?;
        self.sees_page().await
    }

    /// Waits for a page with a title that has loaded what it shows.
    pub async fn sees_page(self) -> Result<(), JourneyError> {
        self.browser.sees("h1").await?;
        let is_loaded = "return !document.querySelector('.db-loading, .bl-spinner')";
        let loaded = async || Ok((self.browser.run(is_loaded, vec![]).await? == true).then_some(()));
        self.browser.until("a page that has loaded", loaded).await
    }

    /// Becomes the first operator, and sees the apps.
    pub async fn becomes_the_first(self) -> Result<(), JourneyError> {
        self.opens_the_first_invitation().await?;
        self.fills_in_the_first_invitation().await?;
        self.sends().await?;
        self.browser.sees("#table-apps").await
    }

    /// Types all that the first operator is asked.
    pub async fn fills_in_the_first_invitation(self) -> Result<(), JourneyError> {
        let fields = [("organisation", "Tuppence Ltd"), ("name", "Ana Ruiz"), ("email", EMAIL), ("password", PASSWORD)];
        for (id, text) in fields {
            self.types(id, text).await?;
        }
        Ok(())
    }

    /// Signs in on the page that asks for it.
    pub async fn signs_in(self, password: &str) -> Result<(), JourneyError> {
        self.browser.sees("#form-sign-in").await?;
        self.types("email", EMAIL).await?;
        self.types("password", password).await?;
        self.sends().await
    }

    /// Types into a field, in place of what is there.
    pub async fn types(self, id: &str, text: &str) -> Result<(), JourneyError> {
        self.browser.type_over(&format!("#{id}"), text).await
    }

    /// Sends the form, that of the dialog where there is one.
    pub async fn sends(self) -> Result<(), JourneyError> {
        let button = "return document.querySelector('dialog [type=submit]') ?? document.querySelector('[type=submit]')";
        self.browser.click_what("the form's button", button, vec![]).await
    }

    /// Sends one of the forms of a page that has several.
    pub async fn sends_form(self, id: &str) -> Result<(), JourneyError> {
        self.browser.click(&format!("#{id} [type=submit]")).await
    }

    /// Goes to a section of the app that is there, by the last part of its address.
    pub async fn goes_to(self, section: &str) -> Result<(), JourneyError> {
        if self.browser.shows(".db-menu").await? {
            self.browser.click(".db-menu").await?;
        }
        self.browser.click(&format!(".db-tabs a[href$='/{section}']")).await?;
        let is_there = "return location.pathname.endsWith(`/${arguments[0]}`)";
        let there = async || Ok((self.browser.run(is_there, vec![section.into()]).await? == true).then_some(()));
        self.browser.until(&format!("the section {section}"), there).await?;
        self.sees_page().await
    }

    /// Sets the app whose sections are there to open by a link alone, as no new app does.
    pub async fn lets_links_open(self) -> Result<(), JourneyError> {
        self.goes_to("settings").await?;
        self.browser.click("#force_authorize_token").await?;
        self.sends().await?;
        let saved = async || Ok((!self.browser.text_of(".bl-sr[role=status]").await?.is_empty()).then_some(()));
        self.browser.until("that it is saved", saved).await
    }

    /// Makes a link of the app whose section of links is there, and returns its address.
    pub async fn makes_a_link(self, name: &str) -> Result<String, JourneyError> {
        self.types("name", name).await?;
        self.sends_form("form-new-link").await?;
        self.browser.text_of("#address").await
    }

    /// Links TestBank at a link's address, as somebody whom the app calls `external_id`.
    pub async fn links_a_bank_at(self, address: &str, external_id: &str) -> Result<(), JourneyError> {
        let person = Person::new(self.browser, Place::Page);
        let ending = format!("bank=testbank&jsRedirect=true&external_id={external_id}");
        self.browser.goto(&format!("{address}&{ending}")).await?;
        person.agrees().await?;
        person.types_credentials(external_id, "any other password").await?;
        person.continues().await?;
        person.sees(Card::Success).await
    }

    /// What is said to be wrong with a field.
    pub async fn reads_fault(self, id: &str) -> Result<String, JourneyError> {
        self.browser.text_of(&format!("#{id}-fault")).await
    }

    /// Loads the page again, in a browser whose reads [`Operator::loses_reads`] and [`Operator::awaits_reads`] may stop
    /// from then on.
    pub async fn may_lose_reads(self) -> Result<(), JourneyError> {
        self.browser.runs_first(READS).await?;
        // With what stands behind `#`, it would not be loaded.
        let address = self.browser.address().await?;
        self.browser.goto(address.split('#').next().unwrap_or_default()).await?;
        self.sees_page().await
    }

    /// From now on, reads fail whose address holds this; none, if it is empty.
    pub async fn loses_reads(self, part: &str) -> Result<(), JourneyError> {
        self.browser.run("document.documentElement.dataset.fails = arguments[0]", vec![part.into()]).await.map(drop)
    }

    /// From now on, reads are never answered whose address holds this; none, if it is empty.
    pub async fn awaits_reads(self, part: &str) -> Result<(), JourneyError> {
        self.browser.run("document.documentElement.dataset.hangs = arguments[0]", vec![part.into()]).await.map(drop)
    }

    /// Makes an app, and returns its client secret.
    pub async fn makes_an_app(self, name: &str) -> Result<String, JourneyError> {
        self.opens("/new-app").await?;
        self.types("name", name).await?;
        self.types("redirect_uri", "https://app.example.com/linked").await?;
        self.sends().await?;
        self.browser.text_of("#client-secret").await
    }
}
