//! Through the flow whatever it asks: what a person does who only reads the screen in front of them.

use banklink_protocol::elements as ids;
use fantoccini::wd::WindowHandle;

use crate::{
    Browser, Host, JourneyError, Person,
    person::{HAS_WIDGET, by_id, by_part},
    tour::{FLINKS_ANSWERS, FLINKS_CAPITAL},
};

/// What a screen asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Agreement.
    Consent,
    /// An institution.
    Institution,
    /// Credentials.
    Credentials,
    /// A one-time code, or what a picture shows.
    Code,
    /// A way to authenticate.
    Method,
    /// Answers to questions.
    Questions,
    /// Positions of a card.
    Coordinates,
    /// Pictures to pick.
    Pictures,
    /// Patience: the bank hears from elsewhere.
    Patience,
    /// The bank's own page.
    BankPage,
    /// Accounts.
    Accounts,
}

impl Asked {
    /// What tells its screen from the others.
    fn selector(self) -> String {
        match self {
            Self::Consent => by_id(ids::BUTTON_DECLINE),
            Self::Institution => by_part(ids::BANK_BOX),
            Self::Credentials => by_id(ids::FORM_CREDENTIALS),
            Self::Code => by_id(ids::INPUT_SCA),
            Self::Method => by_id(ids::LIST_METHODS),
            Self::Questions => format!("[id^='{}-']", ids::INPUT_QUESTION),
            Self::Coordinates => COORDINATES.to_owned(),
            Self::Pictures => by_id(ids::LIST_PICTURES),
            Self::BankPage => by_id(ids::BUTTON_BANK_PAGE),
            Self::Patience => by_id(ids::TEXT_WAITING),
            Self::Accounts => by_id(ids::FORM_ACCOUNTS),
        }
    }

    /// The bank's own page is waited for as well, so it comes before that.
    const ALL: [Self; 11] = [
        Self::Consent,
        Self::Institution,
        Self::Credentials,
        Self::Code,
        Self::Method,
        Self::Questions,
        Self::Coordinates,
        Self::Pictures,
        Self::BankPage,
        Self::Patience,
        Self::Accounts,
    ];

    /// Whether the person sends something, rather than wait or go elsewhere.
    pub const fn is_sent(self) -> bool {
        !matches!(self, Self::Patience | Self::BankPage)
    }
}

const COORDINATES: &str = "[id^='input-coordinate-']";

/// Somebody who wants to link a bank.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    /// Who.
    pub person: Person<'a>,
    /// The name of the bank.
    pub institution: &'a str,
    /// What they are called there; ignored at Flinks Capital, which knows one person.
    pub user: &'a str,
    /// Their password, which chooses TestBank's challenge.
    pub password: &'a str,
}

impl Walk<'_> {
    /// Goes on until the screen asks for this.
    pub async fn goes_to(self, asked: Asked) -> Result<(), JourneyError> {
        loop {
            let now = self.is_asked().await?;
            if now == asked {
                return Ok(());
            }
            self.prepares(now).await?;
            self.sends(now).await?;
        }
    }

    /// Goes on until the host shows the connection.
    pub async fn finishes(self, host: Host<'_>) -> Result<(), JourneyError> {
        loop {
            let is_there =
                async || if host.is_connected().await? { Ok(Some(None)) } else { Ok(self.sees_new().await?.map(Some)) };
            let Some(asked) = self.person.top().until("something to do, or the connection", is_there).await? else {
                return Ok(());
            };
            self.prepares(asked).await?;
            self.sends(asked).await?;
        }
    }

    /// Waits for a screen that was not answered yet, and says what it asks for.
    pub async fn is_asked(self) -> Result<Asked, JourneyError> {
        self.person.top().until("something to do", async || self.sees_new().await).await
    }

    async fn sees_new(self) -> Result<Option<Asked>, JourneyError> {
        let script = format!(
            "const slot = document.querySelector('.bl-slot');
            if (!slot || slot.dataset.answered || document.querySelector('button .bl-spinner')) return null;
            if (!({HAS_WIDGET})) return null;
            const place = arguments[0].findIndex((selector) => slot.querySelector(selector));
            return place < 0 ? null : place"
        );
        let selectors: Vec<String> = Asked::ALL.into_iter().map(Asked::selector).collect();
        let Some(browser) = self.person.try_browser().await? else { return Ok(None) };
        let place = browser.run(&script, vec![selectors.into()]).await?.as_u64();
        Ok(place.and_then(|place| Asked::ALL.get(usize::try_from(place).ok()?).copied()))
    }

    /// Types or picks what is asked for, and sends nothing yet.
    pub async fn prepares(self, asked: Asked) -> Result<(), JourneyError> {
        let person = self.person;
        match asked {
            Asked::Credentials if self.institution == "Flinks Capital" => {
                person.types_credentials(FLINKS_CAPITAL.0, FLINKS_CAPITAL.1).await
            }
            Asked::Credentials => person.types_credentials(self.user, self.password).await,
            // What a captcha shows nobody here can read: TestBank takes the name of another challenge instead.
            Asked::Code if !person.browser().await?.all(&by_id(ids::IMG_SCA)).await?.is_empty() => {
                person.types_code("SCA_SMS").await
            }
            Asked::Code => person.types_code("482913").await,
            Asked::Questions => person.types_answers(&FLINKS_ANSWERS).await,
            Asked::Coordinates => {
                for input in person.browser().await?.all(COORDINATES).await? {
                    input.send_keys("7K").await?;
                }
                Ok(())
            }
            Asked::Pictures => self.picks().await,
            Asked::Accounts => person.chooses_account(0).await,
            Asked::Consent | Asked::Institution | Asked::Method | Asked::Patience | Asked::BankPage => Ok(()),
        }
    }

    /// Picks the pictures whose names end as the prompt does.
    async fn picks(self) -> Result<(), JourneyError> {
        let script = "
            const thing = document.querySelector('legend').textContent.split(' ').at(-1).replace('.', '');
            for (const box of document.querySelectorAll(arguments[0]))
              if (box.querySelector('img').alt.endsWith(` ${thing}`)) box.querySelector('input').click()";
        self.person.browser().await?.run(script, vec![by_part(ids::PICTURE_BOX).into()]).await.map(|_| ())
    }

    /// Sends it, and marks the screen as answered: what it asks next is another one.
    pub async fn sends(self, asked: Asked) -> Result<(), JourneyError> {
        let person = self.person;
        let mark = "document.querySelector('.bl-slot').dataset.answered = 'true'";
        person.browser().await?.run(mark, vec![]).await?;
        match asked {
            Asked::Institution => person.chooses_institution(self.institution).await,
            Asked::Method => person.browser().await?.click(&by_part(ids::METHOD_BOX)).await,
            Asked::Patience => Ok(()),
            Asked::BankPage => self.allows_at_the_bank().await,
            _ => person.continues().await,
        }
    }

    async fn allows_at_the_bank(self) -> Result<(), JourneyError> {
        let browser = self.person.browser().await?;
        let own = browser.client().window().await?;
        self.person.clicks(ids::BUTTON_BANK_PAGE).await?;
        let Some(bank) = self.bank_window(browser, &own).await? else { return Ok(()) };
        let allows = async {
            browser.client().switch_to_window(bank).await?;
            browser.click("#allow").await
        };
        let allowed = allows.await;
        browser.client().switch_to_window(own).await?;
        match allowed {
            // The widget closed it in between, and asks anew.
            Err(JourneyError::Browser(error)) if error.is_no_such_window() => Ok(()),
            allowed => allowed,
        }
    }

    /// The bank's window, once it is there. None where the widget asks for something new instead: its session was lost
    /// meanwhile, and it closed the window.
    async fn bank_window(self, browser: &Browser, own: &WindowHandle) -> Result<Option<WindowHandle>, JourneyError> {
        let other = async || {
            let windows = browser.client().windows().await?;
            if let Some(bank) = windows.into_iter().find(|window| window != own) {
                return Ok(Some(Some(bank)));
            }
            Ok(self.sees_new().await?.map(|_| None))
        };
        browser.until("the bank's window", other).await
    }
}
