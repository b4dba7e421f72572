//! What every page needs: the texts, who is signed in, and what to do when they are no more.

use std::rc::Rc;

use banklink_platform::texts::Text;
use banklink_protocol::problem::ProblemCode;
use jiff::Timestamp;
use yew::{AttrValue, Callback, Html, hook, html, use_context};

use crate::{api::Failure, browser, presence::Move};

/// The site, as its pages know it.
#[derive(Clone, PartialEq)]
pub(crate) struct Site {
    /// The texts.
    pub(crate) texts: Rc<Texts>,
    /// Somebody signed in, or is gone.
    pub(crate) happen: Callback<Move>,
    /// Whether whoever was at this has to sign in again before anything can be fetched.
    pub(crate) is_away: bool,
    /// Says something aloud to those who don't see what changed.
    pub(crate) say: Callback<AttrValue>,
}

/// The site, wherever a component stands in it.
#[hook]
pub(crate) fn use_site() -> Site {
    use_context::<Site>().unwrap_or_else(|| wasm_bindgen::throw_str("a page stands outside of the site"))
}

impl Site {
    /// A text without anything to fill in.
    pub(crate) fn text(&self, text: Text) -> AttrValue {
        self.texts.lines.get(text as usize).cloned().unwrap_or_default()
    }

    /// A text with its `{names}` filled in. Each value keeps a direction of its own, whatever stands around it.
    pub(crate) fn fill(&self, text: Text, values: &[(&str, &str)]) -> AttrValue {
        let mut filled = self.text(text).to_string();
        for (name, value) in values {
            filled = filled.replace(&format!("{{{name}}}"), &format!("\u{2068}{value}\u{2069}"));
        }
        filled.into()
    }

    /// The language that the page is in.
    pub(crate) fn language(&self) -> &str {
        &self.texts.language
    }

    /// A day as the language writes it.
    pub(crate) fn day(&self, at: Timestamp) -> AttrValue {
        browser::day(self.language(), at).into()
    }

    /// A moment as the language writes it, in the browser's own time zone.
    pub(crate) fn moment(&self, at: Timestamp) -> AttrValue {
        browser::moment(self.language(), at).into()
    }

    /// What to say about a failure of which nothing more is known.
    pub(crate) fn failure(&self, failure: &Failure) -> Html {
        let said = match failure {
            Failure::Network => self.text(Text::ProblemNetwork),
            Failure::Refused { problem, wait } => match problem.code {
                ProblemCode::TooManyRequests => {
                    let minutes = browser::minutes(self.language(), wait.unwrap_or(60).div_ceil(60));
                    self.fill(Text::ProblemTooMany, &[("time", &minutes)])
                }
                ProblemCode::NotFound => self.text(Text::ProblemGone),
                ProblemCode::Internal | ProblemCode::Unavailable => {
                    self.fill(Text::ProblemOther, &[("id", &problem.request_id)])
                }
                _ => return self.refused(&problem.detail),
            },
        };
        html! { {said} }
    }

    /// In the words of the server, which are English: better than none.
    fn refused(&self, detail: &str) -> Html {
        let text = self.text(Text::ProblemRefused);
        let (before, after) = text.split_once("{detail}").unwrap_or((&text, ""));
        html! { <>{before.to_owned()}<span lang="en" dir="ltr">{detail.to_owned()}</span>{after.to_owned()}</> }
    }

    /// Whether the server no longer knows who is there; what asks them to sign in again comes by itself.
    pub(crate) fn is_signed_out(&self, failure: &Failure) -> bool {
        let is_out = failure.code() == Some(ProblemCode::Unauthorized);
        if is_out {
            self.happen.emit(Move::Expires);
        }
        is_out
    }
}

/// The texts of the page's one language.
#[derive(PartialEq)]
pub(crate) struct Texts {
    language: String,
    lines: Vec<AttrValue>,
}

impl Texts {
    /// Those that the server wrote into the page.
    pub(crate) fn of_page() -> Self {
        let lines = browser::texts().split('\n').map(|line| AttrValue::from(line.to_owned())).collect();
        Self { language: browser::language(), lines }
    }
}
