//! What somebody does in the widget.

use std::collections::BTreeMap;

use banklink_protocol::elements as ids;
use serde_json::Value;

use crate::{Browser, JourneyError, axe};

/// Where the widget is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the host page's frame.
    Frame,
    /// A page of its own.
    Page,
}

/// Somebody who uses the widget.
#[derive(Clone, Copy, Debug)]
pub struct Person<'browser> {
    browser: &'browser Browser,
    place: Place,
}

/// The cards of the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// Before the first screen is known.
    Loading,
    /// Consent.
    Consent,
    /// The list of institutions.
    Institutions,
    /// A connection that needs its person again.
    Reauthorise,
    /// The credentials form.
    Credentials,
    /// Strong customer authentication.
    Challenge,
    /// Account selection.
    Accounts,
    /// Success.
    Success,
    /// A failure.
    Failure,
    /// The token is used, expired or unknown.
    TokenInvalid,
    /// The session expired.
    SessionExpired,
    /// The person left.
    Left,
    /// The browser can't run the widget.
    Unsupported,
}

impl Card {
    /// Its element's id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Loading => ids::DIV_LOADING,
            Self::Consent => ids::DIV_CONSENT,
            Self::Institutions => ids::DIV_SELECT_BANK,
            Self::Reauthorise => ids::DIV_REAUTHORISE,
            Self::Credentials => ids::DIV_CREDENTIALS,
            Self::Challenge => ids::DIV_SCA,
            Self::Accounts => ids::DIV_ACCOUNTS,
            Self::Success => ids::DIV_SUCCESS,
            Self::Failure => ids::DIV_FAILURE,
            Self::TokenInvalid => ids::DIV_TOKEN_INVALID,
            Self::SessionExpired => ids::DIV_SESSION_EXPIRED,
            Self::Left => ids::DIV_LEFT,
            Self::Unsupported => ids::DIV_UNSUPPORTED,
        }
    }
}

impl<'browser> Person<'browser> {
    /// Somebody in front of a browser that shows the widget.
    pub const fn new(browser: &'browser Browser, place: Place) -> Self {
        Self { browser, place }
    }

    /// Where the widget is.
    pub const fn place(self) -> Place {
        self.place
    }

    /// The browser, turned to the widget.
    pub async fn browser(self) -> Result<&'browser Browser, JourneyError> {
        match self.place {
            Place::Frame => {
                let entered = async || Ok(self.browser.tries_to_enter_frame().await?.then_some(()));
                self.browser.until("the widget's frame", entered).await?;
            }
            Place::Page => self.browser.enter_top().await?,
        }
        Ok(self.browser)
    }

    /// The browser, wherever it is turned to.
    pub(crate) const fn top(self) -> &'browser Browser {
        self.browser
    }

    /// The browser, turned to the widget if it is there now.
    pub(crate) async fn try_browser(self) -> Result<Option<&'browser Browser>, JourneyError> {
        let is_there = match self.place {
            Place::Frame => self.browser.tries_to_enter_frame().await?,
            Place::Page => self.browser.enter_top().await.map(|()| true)?,
        };
        Ok(is_there.then_some(self.browser))
    }

    /// Waits for a card of the widget's: the page alone shows its first one before.
    pub async fn sees(self, card: Card) -> Result<(), JourneyError> {
        let selector = by_id(card.id());
        self.browser
            .until(&format!("the card {selector}"), async || {
                let browser = self.browser().await?;
                Ok((browser.shows(&selector).await? && has_widget(browser).await?).then_some(()))
            })
            .await
    }

    /// Whether a card is shown now.
    pub async fn is_at(self, card: Card) -> Result<bool, JourneyError> {
        self.browser().await?.shows(&by_id(card.id())).await
    }

    /// Agrees to what the consent screen says.
    pub async fn agrees(self) -> Result<(), JourneyError> {
        self.sees(Card::Consent).await?;
        self.continues().await
    }

    /// Declines what the consent screen says.
    pub async fn declines(self) -> Result<(), JourneyError> {
        self.sees(Card::Consent).await?;
        self.clicks(ids::BUTTON_DECLINE).await
    }

    /// Types into the search box, over what stands there.
    pub async fn searches(self, text: &str) -> Result<(), JourneyError> {
        self.sees(Card::Institutions).await?;
        self.browser().await?.type_over(&by_id(ids::INPUT_SEARCH_BANK), text).await
    }

    /// The names of the institutions in the list now.
    pub async fn listed_institutions(self) -> Result<Vec<String>, JourneyError> {
        self.texts(&by_part(ids::BANK_NAME)).await
    }

    /// Waits until an institution is in the list.
    pub async fn finds(self, name: &str) -> Result<(), JourneyError> {
        self.browser
            .until(&format!("{name} in the list"), async || {
                Ok(self.listed_institutions().await?.iter().any(|listed| listed == name).then_some(()))
            })
            .await
    }

    /// Waits until the list is empty.
    pub async fn finds_nothing(self) -> Result<(), JourneyError> {
        self.browser
            .until("an empty list", async || Ok(self.listed_institutions().await?.is_empty().then_some(())))
            .await
    }

    /// Clicks an institution of the list, once it is there.
    pub async fn chooses_institution(self, name: &str) -> Result<(), JourneyError> {
        self.sees(Card::Institutions).await?;
        let script = "
            const [names, boxes, name] = arguments;
            const label = [...document.querySelectorAll(names)].find((label) => label.textContent.trim() === name);
            return label?.closest(boxes) ?? null";
        let arguments = vec![by_part(ids::BANK_NAME).into(), by_part(ids::BANK_BOX).into(), name.into()];
        self.browser().await?.click_what(&format!("{name} in the list"), script, arguments).await
    }

    /// Waits for the message about what was wrong with the last try, and returns it.
    pub async fn is_told_what_was_wrong(self) -> Result<String, JourneyError> {
        self.reads(ids::MESSAGE_ERROR).await
    }

    /// Fills in user name and password, over what stands there. The fields are found as a password manager finds
    /// them.
    pub async fn types_credentials(self, user: &str, password: &str) -> Result<(), JourneyError> {
        self.sees(Card::Credentials).await?;
        self.browser().await?.type_over(USERNAME, user).await?;
        self.types_password(password).await
    }

    /// Fills in the password alone.
    pub async fn types_password(self, password: &str) -> Result<(), JourneyError> {
        self.browser().await?.type_over(PASSWORD, password).await
    }

    /// What stands in the field for the user name.
    pub async fn typed_username(self) -> Result<String, JourneyError> {
        let value =
            self.browser().await?.run("return document.querySelector(arguments[0]).value", vec![USERNAME.into()]);
        Ok(value.await?.as_str().unwrap_or_default().to_owned())
    }

    /// Types a one-time code, over what stands there.
    pub async fn types_code(self, code: &str) -> Result<(), JourneyError> {
        self.sees(Card::Challenge).await?;
        self.browser().await?.type_over(&by_id(ids::INPUT_SCA), code).await
    }

    /// Answers a one-time code and sends it.
    pub async fn answers_code(self, code: &str) -> Result<(), JourneyError> {
        self.types_code(code).await?;
        self.continues().await
    }

    /// The security questions on the screen now, by the name of their field.
    pub async fn questions(self) -> Result<BTreeMap<String, String>, JourneyError> {
        let script = "
            const prefix = `${arguments[0]}-`;
            return Object.fromEntries([...document.querySelectorAll(`[id^='${prefix}']`)]
                .map((label) => [label.id.slice(prefix.length), label.innerText.trim()]))";
        let found = self.browser().await?.run(script, vec![ids::LABEL_QUESTION.into()]).await?;
        serde_json::from_value(found.clone())
            .map_err(|_| JourneyError::Unexpected { asked: "questions", answer: found.to_string() })
    }

    /// Answers security questions, a screen of them or one after the other, until none of the given ones is left.
    /// Prompts are matched by their beginning.
    pub async fn answers_questions(self, answers: &[(&str, &str)]) -> Result<(), JourneyError> {
        let mut open = answers.to_vec();
        while !open.is_empty() {
            self.sees(Card::Challenge).await?;
            let asked = self
                .browser
                .until(&format!("one of the questions {open:?}"), async || {
                    let asked = self.questions().await?;
                    let known: Vec<_> = asked
                        .into_iter()
                        .filter_map(|(field, prompt)| {
                            let answer = open.iter().find(|(question, _)| prompt.starts_with(question))?;
                            Some((field, *answer))
                        })
                        .collect();
                    Ok((!known.is_empty()).then_some(known))
                })
                .await?;
            for (field, (question, answer)) in asked {
                self.types_answer(&field, answer).await?;
                open.retain(|(other, _)| *other != question);
            }
            self.continues().await?;
        }
        Ok(())
    }

    /// Answers all questions on the screen, in whatever language, one after the other.
    pub async fn answers_in_order(self, answers: &[&str]) -> Result<(), JourneyError> {
        let script = "
            const prefix = `${arguments[0]}-`;
            return [...document.querySelectorAll(`[id^='${prefix}']`)].map(({ id }) => id.slice(prefix.length))";
        self.sees(Card::Challenge).await?;
        let fields = self.browser().await?.run(script, vec![ids::LABEL_QUESTION.into()]).await?;
        for (field, answer) in fields.as_array().into_iter().flatten().filter_map(Value::as_str).zip(answers) {
            self.types_answer(field, answer).await?;
        }
        self.continues().await
    }

    /// Types the answers to those security questions that are on the screen now.
    pub async fn types_answers(self, answers: &[(&str, &str)]) -> Result<(), JourneyError> {
        for (field, prompt) in self.questions().await? {
            if let Some((_, answer)) = answers.iter().find(|(question, _)| prompt.starts_with(question)) {
                self.types_answer(&field, answer).await?;
            }
        }
        Ok(())
    }

    async fn types_answer(self, field: &str, answer: &str) -> Result<(), JourneyError> {
        let input = by_id(&format!("{}-{field}", ids::INPUT_QUESTION));
        self.browser().await?.type_over(&input, answer).await
    }

    /// Chooses an account by its place in the list, from 0.
    pub async fn chooses_account(self, index: usize) -> Result<(), JourneyError> {
        self.sees(Card::Accounts).await?;
        let boxes = self.browser().await?.all(&by_part(ids::ACCOUNT_BOX)).await?;
        let Some(account) = boxes.get(index) else {
            let answer = format!("{} accounts", boxes.len());
            return Err(JourneyError::Unexpected { asked: "an account of the list", answer });
        };
        Ok(account.click().await?)
    }

    /// Presses the screen's main button.
    pub async fn continues(self) -> Result<(), JourneyError> {
        self.clicks(ids::BUTTON_CONTINUE).await
    }

    /// Clicks an element by its id.
    pub async fn clicks(self, id: &str) -> Result<(), JourneyError> {
        self.browser().await?.click(&by_id(id)).await
    }

    /// The text of an element by its id, once it is shown.
    pub async fn reads(self, id: &str) -> Result<String, JourneyError> {
        self.browser().await?.text_of(&by_id(id)).await
    }

    /// The texts of all that a selector finds now.
    pub async fn texts(self, selector: &str) -> Result<Vec<String>, JourneyError> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((element) => element.innerText.trim())";
        let texts = self.browser().await?.run(script, vec![selector.into()]).await?;
        Ok(texts.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Reloads the widget alone, as the browser's menu does for a frame.
    pub async fn reloads_the_widget(self) -> Result<(), JourneyError> {
        self.browser().await?.run("location.reload()", vec![]).await.map(|_| ())
    }

    /// Takes away what the tab keeps of its session, once the server has opened it: as another tab or person would be
    /// without it. Before that, the token of the page's address would not be used yet.
    pub async fn forgets_the_session(self) -> Result<(), JourneyError> {
        let forget =
            "const opened = performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/open'));
            if (!opened || !sessionStorage.length) return false;
            sessionStorage.clear();
            return true";
        let forgets = async || Ok((self.browser().await?.run(forget, vec![]).await? == true).then_some(()));
        self.browser.until("a session to forget", forgets).await
    }

    /// What axe finds wrong on the screen.
    pub async fn accessibility_findings(self) -> Result<Vec<String>, JourneyError> {
        axe::findings(self.browser().await?).await
    }
}

/// In JavaScript: whether the widget has taken over from its page, and told its host so and how high it is: the frame
/// grows then, and what is pointed at moves. Where it can't run, it has told that all is over.
pub(crate) const HAS_WIDGET: &str = "globalThis.blWidget?.last.sequence > 0
    && (window === top || globalThis.blWidget.height > 0 || globalThis.blWidget.last.ended)";

/// Whether the widget has taken over from its page. A page without any script has none to wait for.
async fn has_widget(browser: &Browser) -> Result<bool, JourneyError> {
    let script =
        format!("return document.readyState !== 'loading' && (!document.querySelector('#bl-script') || {HAS_WIDGET})");
    Ok(browser.run(&script, vec![]).await? == true)
}

const USERNAME: &str = "input[autocomplete~='username']";
const PASSWORD: &str = "input[autocomplete~='current-password']";

/// Selector of an element that occurs once.
pub fn by_id(id: &str) -> String {
    format!("[id='{id}']")
}

/// Selector of an element that occurs several times.
pub fn by_part(part: &str) -> String {
    format!("[data-part='{part}']")
}
