//! The link flow as a pure state machine: no browser, no yew, no clock.
//!
//! [`Model::start`] and [`Model::update`] take what happened ([`Event`]) and answer what to do ([`Effect`]); [`View`]
//! is what the person sees, flattened so that a screen never looks into the model. Time, language and the browser's
//! state come in as event data, so whole journeys run as host tests in milliseconds.
//!
//! Values that a person typed are not kept: they pass from an event into the effect that sends them. The one
//! exception is a submission that is not answered yet, which may have to be sent again.

mod checks;
mod clock;
mod effect;
mod event;
mod exchange;
mod host;
mod model;
mod place;
mod search;
mod view;
mod wording;

pub use effect::{Announcement, Effect, Navigation, Posting, Target, Timer};
pub use event::{Act, CallError, Command, Embedding, Event, RequestNumber, SearchVersion, Start, TypedValue};
pub use model::{Model, Popup};
pub use view::{
    AccountsView, BankPageView, ButtonView, ChallengeKind, ChallengeView, CodeView, CoordinatesView, CredentialsView,
    FailureView, FieldView, FrameView, InstitutionsView, LeftView, Logos, PickView, QuestionView, ReadView,
    ReauthoriseView, ResultsView, ScreenView, SuccessView, View, WaitView, health,
};
