//! One-time codes of every source.

use yew::AttrValue;

use banklink_flow::CodeView;
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, card, paragraph, title},
    ui::{
        button,
        field::Words,
        tag::{Name, Tag, tag},
    },
};

pub(super) fn code(context: &Context<'_>, view: &CodeView<'_>) -> Tag {
    let name = &view.institution.name;
    let sent_to = view.sent_to.map(|to| context.fill(Text::CodeSentTo, &[("to", to)]));
    let form = context
        .form(elements::FORM_SCA)
        .child(field(context, view))
        .child_some(attempts(context, view.attempts_left))
        .child(button::submit(elements::BUTTON_CONTINUE, context.text(Text::Continue), context.working()));
    card(elements::DIV_SCA)
        .child(title(elements::TITLE_SCA, context.text(Text::CodeTitle)))
        .child(context.institution(view.institution))
        .child(paragraph(context.about(view.text, name)).id(elements::TEXT_SCA))
        .child_some(sent_to.map(|text| tag("p").class("bl-small").text(text)))
        .child(context.error(name))
        .child(form)
}

fn field(context: &Context<'_>, view: &CodeView<'_>) -> Tag {
    let fault = view.fault.map(|fault| {
        let length = view.length.map(|length| context.texts.number(u32::from(length)));
        context.fill(fault, &[("count", length.as_deref().unwrap_or_default())])
    });
    let words = Words {
        label_id: elements::LABEL_SCA.to_owned(),
        label: context.text(Text::CodeLabel),
        hint: None,
        fault: fault.map(|fault| (elements::ERROR_SCA.to_owned(), fault)),
        also: beside(context, view.attempts_left),
    };
    // Long enough for the spaces that people copy along; the flow takes them out.
    let input = context
        .plain_input(tag("input").id(elements::INPUT_SCA).class("bl-input bl-input-code"))
        .with(Name::Name, elements::INPUT_SCA)
        .with(Name::Type, "text")
        .with(Name::Autocomplete, "one-time-code")
        .with(Name::Inputmode, if view.digits_only { "numeric" } else { "text" })
        .with(Name::Maxlength, "64")
        .with(Name::AriaRequired, "true")
        .when(view.invalid, Name::AriaInvalid);
    words.around(elements::INPUT_SCA, input, |input| input)
}

/// What belongs to every field of a challenge: what was wrong, and how often it may still be.
pub(super) fn beside(context: &Context<'_>, attempts_left: Option<u8>) -> Vec<&'static str> {
    let attempts = attempts_left.map(|_| elements::TEXT_ATTEMPTS);
    context.described_by_error().into_iter().chain(attempts).collect()
}

/// How many wrong answers the institution still takes.
pub(super) fn attempts(context: &Context<'_>, left: Option<u8>) -> Option<Tag> {
    let text: AttrValue = match left? {
        1 => context.text(Text::AttemptsOne),
        left => context.fill(Text::AttemptsMany, &[("count", &context.texts.number(u32::from(left)))]),
    };
    Some(tag("p").id(elements::TEXT_ATTEMPTS).class("bl-small").text(text))
}
