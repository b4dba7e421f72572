//! Who is at the dashboard.

use std::rc::Rc;

use banklink_platform::operators::OperatorSession;
use yew::Reducible;

use crate::api::Failure;

/// Who is at the dashboard.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Presence {
    /// The server is asked.
    Asking,
    /// It can't be said.
    Unknown(Failure),
    /// Nobody whom the server knows.
    Nobody,
    /// An operator.
    There(Rc<OperatorSession>),
    /// An operator whose session ended while they were at something. It stays as it is until they are back.
    Away(Rc<OperatorSession>),
}

/// What changes who is there.
#[derive(Debug)]
pub(crate) enum Move {
    /// The server is asked anew.
    Asks,
    /// It gave no answer.
    Fails(Failure),
    /// Somebody signed in.
    Enters(OperatorSession),
    /// Whoever was there is no more, as they wished.
    Leaves,
    /// The server no longer knows them.
    Expires,
}

impl Reducible for Presence {
    type Action = Move;

    fn reduce(self: Rc<Self>, happened: Move) -> Rc<Self> {
        Rc::new(match (&*self, happened) {
            (_, Move::Asks) => Self::Asking,
            (_, Move::Fails(failure)) => Self::Unknown(failure),
            (_, Move::Enters(session)) => Self::There(Rc::new(session)),
            (Self::There(session), Move::Expires) => Self::Away(Rc::clone(session)),
            (Self::Away(_), Move::Expires) => return self,
            (_, Move::Leaves | Move::Expires) => Self::Nobody,
        })
    }
}
