//! What the host wants (`widget.md`, section 4).

use banklink_protocol::{messages::Message, secret::Secret};

use crate::{
    effect::Effect,
    event::Command,
    model::{Attempt, Model, Opening, Phase},
};

impl Model {
    pub(super) fn commanded(&mut self, command: Command) {
        match command {
            Command::Back => {
                let moved = self.go_back();
                self.post(Message::BackHandled { moved });
            }
            Command::Close => self.close(),
            Command::RefreshToken { token, session_key } => self.refresh_token(token, session_key),
        }
    }

    /// A new session in the place of one that is over; the person goes on where they stood.
    fn refresh_token(&mut self, token: Secret, session_key: Secret) {
        if !matches!(self.phase, Phase::TokenInvalid | Phase::Expired) {
            return;
        }
        self.effects.push(Effect::RememberKey { session_key: session_key.clone(), token: token.clone() });
        self.phase = Phase::Opening(Opening {
            shown: None,
            queued: None,
            attempt: Attempt::default(),
            key: session_key,
            token: Some(token),
        });
        self.show();
        self.send();
    }
}
