//! The ends without a connection: token invalid, session expired, left.

use banklink_flow::{Act, LeftView};
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, actions, outcome_card, paragraph, success::continue_link, title},
    ui::{
        button::{self, Rank},
        icon::Icon,
        tag::{Tag, tag},
    },
};

/// The sign that says at a glance how it went.
pub(super) fn sign(class: &'static str, icon: Icon) -> Tag {
    tag("div").class(class).child(icon.draw())
}

fn outcome(
    context: &Context<'_>,
    card: Tag,
    title_id: &'static str,
    text_id: &'static str,
    words: (Text, Text),
) -> Tag {
    card.child(sign("bl-sign bl-sign-wait", Icon::CLOCK))
        .child(title(title_id, context.text(words.0)))
        .child(paragraph(context.about(words.1, "")).id(text_id))
}

fn action(context: &Context<'_>, id: &'static str, rank: Rank, text: Text, act: fn() -> Act) -> Tag {
    button::action(id, rank, context.text(text), context.act(act))
}

pub(super) fn token_invalid(context: &Context<'_>) -> Tag {
    let words = (Text::TokenInvalidTitle, Text::TokenInvalidText);
    let card = outcome_card(elements::DIV_TOKEN_INVALID);
    outcome(context, card, elements::TITLE_TOKEN_INVALID, elements::TEXT_TOKEN_INVALID, words)
        .child(actions().child(action(context, elements::BUTTON_MAIN, Rank::Main, Text::Close, || Act::Close)))
}

fn start_again(context: &Context<'_>) -> Tag {
    action(context, elements::BUTTON_MAIN, Rank::Main, Text::StartAgain, || Act::StartAgain)
}

/// A page that can't be opened again has nothing to start again with.
pub(super) fn session_expired(context: &Context<'_>, reopens: bool) -> Tag {
    let text = if reopens { Text::SessionExpiredText } else { Text::SessionExpiredTextApp };
    let close = |id, rank| action(context, id, rank, Text::Close, || Act::Close);
    let actions = if reopens {
        actions().child(start_again(context)).child(close(elements::BUTTON_SECOND, Rank::Quiet))
    } else {
        actions().child(close(elements::BUTTON_MAIN, Rank::Main))
    };
    let card = outcome_card(elements::DIV_SESSION_EXPIRED);
    let words = (Text::SessionExpiredTitle, text);
    outcome(context, card, elements::TITLE_SESSION_EXPIRED, elements::TEXT_SESSION_EXPIRED, words).child(actions)
}

pub(super) fn left(context: &Context<'_>, view: &LeftView<'_>) -> Tag {
    let words = (Text::LeftTitle, Text::LeftText);
    let again = view.reopens.then(|| actions().child(start_again(context)));
    outcome(context, outcome_card(elements::DIV_LEFT), elements::TITLE_LEFT, elements::TEXT_LEFT, words)
        .child_some(continue_link(context, view.continue_url, view.leaves_frame))
        .child_some(again)
}
