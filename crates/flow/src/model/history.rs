//! The tab's history, for a widget that is the page itself: each step forward is an entry, so that the browser's Back,
//! and Android's, is a step back, and leaves the page only from the first one (`widget.md`, section 2).
//!
//! Steps back leave the entries alone but for the last: a browser may skip entries that come without a click, as one
//! pushed in answer to Back does. So there may be more entries than steps; Back at the first step goes past all that are
//! left over.

use crate::{
    effect::Effect,
    event::Embedding,
    model::{Model, Phase},
};

/// Where the tab's history stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    /// The page's entry that it is at; the first is 0.
    depth: u32,
    heading: Heading,
}

/// What the next screen comes of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heading {
    /// Something the person did.
    Forward,
    /// A step back; or the document's beginning, which has its entry.
    Back,
}

impl History {
    pub(super) const fn at(depth: u32) -> Self {
        Self { depth, heading: Heading::Back }
    }

    /// The next screen is that of a step back.
    pub(super) const fn turn_back(&mut self) {
        self.heading = Heading::Back;
    }
}

impl Model {
    /// Whether there is a step to go back to.
    pub(crate) fn can_go_back(&self) -> bool {
        matches!(&self.phase, Phase::Open(session) if session.state.can_go_back)
    }

    /// A screen is shown that the person came forward to, or that has no entry below it to go back to.
    pub(super) fn enter_history(&mut self) {
        if !matches!(self.phase, Phase::Open(_)) {
            return;
        }
        let heading = core::mem::replace(&mut self.history.heading, Heading::Forward);
        if self.can_go_back() && (heading == Heading::Forward || self.history.depth == 0) {
            self.deepen();
        }
    }

    fn deepen(&mut self) {
        // The history of a frame is its host's.
        if self.page.embedding == Embedding::Page {
            self.history.depth += 1;
            self.effects.push(Effect::Deepen(self.history.depth));
        }
    }

    /// The browser went a step back: so does the flow. A question that is asked is answered instead, and an answer that
    /// is on its way is waited for. Where another step back may follow, there is an entry for it.
    pub(super) fn went_back(&mut self, depth: u32) {
        self.history.depth = depth;
        let was_asking = self.asking;
        let moved = self.go_back();
        if !moved && !self.is_submitting() {
            self.effects.push(Effect::GoOut);
        } else if was_asking || !moved || depth == 0 {
            self.deepen();
        }
    }
}
