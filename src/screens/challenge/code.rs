//! One-time codes of every source.

use banklink_flow::{ChallengeView, CodeView};
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{
        Context,
        challenge::{beside, form},
    },
    ui::{
        field::Words,
        tag::{Name, Tag, tag},
    },
};

pub(super) fn code(context: &Context<'_>, view: &ChallengeView<'_>, code: &CodeView<'_>) -> Tag {
    let sent_to = code.sent_to.map(|to| tag("p").class("bl-small").text(context.fill(Text::CodeSentTo, &[("to", to)])));
    let fault = code.fault.map(|fault| match (fault, code.length) {
        (Text::CodeLength, Some(length)) => context.texts.count(fault, u32::from(length), 0).into(),
        _ => context.text(fault),
    });
    let words = Words {
        label_id: elements::LABEL_SCA.to_owned(),
        label: context.text(Text::CodeLabel),
        hint: None,
        fault: fault.map(|fault| (elements::ERROR_SCA.to_owned(), fault)),
        also: beside(context, view),
    };
    // Long enough for the spaces that people copy along; the flow takes them out.
    let input = context
        .plain_input(tag("input").id(elements::INPUT_SCA).class("bl-input bl-input-code"))
        .with(Name::Name, elements::INPUT_SCA)
        .with(Name::Type, "text")
        .with(Name::Autocomplete, "one-time-code")
        .with(Name::Inputmode, if code.digits_only { "numeric" } else { "text" })
        .with(Name::Maxlength, "64")
        .with(Name::AriaRequired, "true")
        .when(code.invalid, Name::AriaInvalid);
    let field = words.around(elements::INPUT_SCA, input, |input| input);
    form(context, view, sent_to.into_iter().chain([field]))
}
