//! What happens to the widget.

use banklink_flow::Event;

use crate::ui::field::FieldEvent;

/// What happens to the widget.
pub(crate) enum Message {
    /// Something that moves the flow.
    Flow(Event),
    /// Something within a field, which the flow has nothing to do with.
    Field(FieldEvent),
    /// The screen's form was sent.
    Submitted,
    /// The texts of another language, as the page has them.
    Texts(String),
}
