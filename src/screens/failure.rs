//! Failures: what happened, and how to go on.

use banklink_flow::{Act, FailureView};
use banklink_protocol::{elements, failures::FailureAction};

use crate::{
    screens::{Context, actions, outcome::sign, outcome_card, paragraph, title},
    ui::{
        button::{self, Rank},
        icon::Icon,
        tag::Tag,
    },
};

const fn follow(action: FailureAction) -> fn() -> Act {
    match action {
        FailureAction::Retry => || Act::Follow(FailureAction::Retry),
        FailureAction::ChooseAnother => || Act::Follow(FailureAction::ChooseAnother),
        FailureAction::Leave => || Act::Follow(FailureAction::Leave),
    }
}

pub(super) fn failure(context: &Context<'_>, view: &FailureView<'_>) -> Tag {
    let name = view.institution.map_or("", |institution| institution.name.as_str());
    let main =
        button::button(elements::BUTTON_MAIN, Rank::Main, context.about(view.main.label, name), context.working());
    let second = view.second.map(|second| {
        let act = context.act(follow(second.action));
        button::action(elements::BUTTON_SECOND, Rank::Quiet, context.text(second.label), act)
    });
    outcome_card(elements::DIV_FAILURE)
        .child(if view.is_bad {
            sign("bl-sign bl-sign-bad", Icon::FAILED)
        } else {
            sign("bl-sign bl-sign-good", Icon::CHECK)
        })
        .child(title(elements::TITLE_FAILURE, context.about(view.title, name)))
        .child(paragraph(context.about(view.text, name)).id(elements::TEXT_FAILURE))
        .child_some(view.institution.map(|institution| context.institution(institution)))
        .child(context.error(name))
        .child(actions().child(button::pressed(main, context.act(follow(view.main.action)))).child_some(second))
}
