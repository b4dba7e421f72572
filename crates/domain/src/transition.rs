//! What a transition that can't happen says.

use thiserror::Error;

/// The entity is in a state from which the wanted one can't be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{entity} is {from} and can't become {to}")]
pub struct InvalidTransition {
    /// Which kind of entity, as `link`.
    pub entity: &'static str,
    /// The state it is in.
    pub from: &'static str,
    /// The state that was wanted.
    pub to: &'static str,
}
