//! What to do.

use std::rc::Rc;

use banklink_protocol::{
    ids::SessionId,
    messages::{Message, Screen},
    secret::Secret,
    session::{CarryOn, Leaving, Submission},
    texts::Text,
};

use crate::event::{RequestNumber, SearchVersion};

/// Something to do, as plain data. Effects are carried out in the order in which they come.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open a session, or resume the tab's own. Its answer is [`crate::Event::Opened`].
    Open {
        /// Comes back with the answer.
        request: RequestNumber,
        /// The tab's.
        session_key: Secret,
        /// The host's newer token, if it gave one.
        token: Option<Secret>,
        /// What an earlier session had come to.
        carry_on: Option<CarryOn>,
    },
    /// Send what the person did. Its answer is [`crate::Event::Answered`].
    Submit {
        /// Comes back with the answer.
        request: RequestNumber,
        /// The session's.
        session_key: Secret,
        /// What the person did. Shared with the flow, which may have to send it again: a secret is copied by nobody.
        submission: Rc<Submission>,
    },
    /// Read where the session stands. Its answer is [`crate::Event::Answered`].
    Read {
        /// Comes back with the answer.
        request: RequestNumber,
        /// The session's.
        session_key: Secret,
    },
    /// Read where the session stands once it is another revision than this, or after a while. Its answer is
    /// [`crate::Event::Answered`].
    Wait {
        /// Comes back with the answer.
        request: RequestNumber,
        /// The session's.
        session_key: Secret,
        /// The revision that is known.
        revision: u32,
    },
    /// Tell the server that the person leaves, even while the page goes away. Its answer is
    /// [`crate::Event::Answered`].
    Leave {
        /// Comes back with the answer.
        request: RequestNumber,
        /// The session's.
        session_key: Secret,
        /// Why.
        leaving: Leaving,
    },
    /// Search institutions. Its answer is [`crate::Event::Found`].
    Search {
        /// Comes back with the answer.
        version: SearchVersion,
        /// The session's.
        session_key: Secret,
        /// What to search for.
        text: String,
        /// ISO 3166-1 alpha-2 of the country whose institutions are wanted; none: all.
        country: Option<String>,
    },
    /// Tell the host.
    Post(Posting),
    /// Go on to the app.
    Navigate(Navigation),
    /// Keep another key for this page, and the token that opened its session.
    RememberKey {
        /// The key.
        session_key: Secret,
        /// The token.
        token: Secret,
    },
    /// Forget the key that this tab has for this page: the next document makes another.
    ForgetKey,
    /// Focus the element with this id, once the screen is drawn; a text field's content is selected.
    Focus(String),
    /// Tell a screen reader, politely.
    Announce(Announcement),
    /// Send [`crate::Event::Fired`] after this many milliseconds. Replaces the timer of the same name.
    StartTimer(Timer, u32),
    /// Never mind.
    StopTimer(Timer),
    /// The screen is another entry of the tab's history, this many after the first.
    Deepen(u32),
    /// Leave the page by its history, all of its entries, as the browser's Back would from the first.
    GoOut,
    /// Load the page again. The next document starts with `reloaded`.
    Reload,
}

/// A message to the host, with what its envelope says.
#[derive(Clone, Debug, PartialEq)]
pub struct Posting {
    /// The session, once it is open.
    pub session: Option<SessionId>,
    /// Counts the messages of this document, from 1.
    pub sequence: u32,
    /// The screen that the person is at.
    pub screen: Screen,
    /// The message.
    pub message: Message,
}

/// Where to go at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Navigation {
    /// The redirect URI with its parameters.
    pub url: String,
    /// Which window goes there.
    pub target: Target,
}

/// Which window goes to the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one that the widget is in: the page itself, or the frame.
    Own,
    /// The one at the top.
    Top,
}

/// What a screen reader says while the focus stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// A text.
    Text(Text),
    /// How many institutions were found for what.
    Results {
        /// How many.
        total: u32,
        /// What was searched for.
        query: String,
    },
    /// What was said before no longer holds.
    Nothing,
}

/// The timers, by name: one of each at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Send again what had no answer.
    Retry,
    /// Search again.
    SearchRetry,
    /// An answer takes long.
    Slow,
    /// The session may have expired.
    Expiry,
    /// The page still stands although it should have gone on to the app.
    Continue,
    /// A second of a challenge that has a time limit, or is waited for.
    Tick,
}

impl Timer {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] = [Self::Retry, Self::SearchRetry, Self::Slow, Self::Expiry, Self::Continue, Self::Tick];
}
