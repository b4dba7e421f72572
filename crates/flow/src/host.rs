//! What the host hears: messages in order, and exactly one of `REDIRECT` and `EXIT` at the end.

use banklink_protocol::{
    ids::SessionId,
    messages::{Message, Screen},
};

use crate::effect::Posting;

#[derive(Clone, Debug, Default)]
pub(crate) struct Host {
    session: Option<SessionId>,
    sequence: u32,
    ended: bool,
    height: u32,
}

impl Host {
    pub(crate) fn set_session(&mut self, session: SessionId) {
        self.session = Some(session);
    }

    /// Puts a message into its envelope; nothing for a second message that ends the flow.
    pub(crate) fn posting(&mut self, message: Message, screen: Screen) -> Option<Posting> {
        if message.ends_flow() && core::mem::replace(&mut self.ended, true) {
            return None;
        }
        self.sequence += 1;
        Some(Posting { session: self.session.clone(), sequence: self.sequence, screen, message })
    }

    /// Whether this height is news to the host.
    pub(crate) fn is_new_height(&mut self, height: u32) -> bool {
        core::mem::replace(&mut self.height, height) != height
    }
}
