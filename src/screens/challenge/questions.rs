//! Security questions: one or several, free text or options.

use yew::AttrValue;

use banklink_flow::{ChallengeView, QuestionView};
use banklink_protocol::{
    elements::{self, of_field},
    session::Choice,
};

use crate::{
    screens::{
        Context,
        challenge::{beside, form},
    },
    ui::{
        field::{self, Words},
        tag::{Name, Tag, tag},
    },
};

pub(super) fn questions(context: &Context<'_>, view: &ChallengeView<'_>, questions: &[QuestionView<'_>]) -> Tag {
    form(context, view, questions.iter().map(|question| one(context, question, beside(context, view))))
}

fn one(context: &Context<'_>, view: &QuestionView<'_>, also: Vec<&'static str>) -> Tag {
    let name = view.question.id.as_str();
    let id = of_field(elements::INPUT_QUESTION, name);
    let label_id = of_field(elements::LABEL_QUESTION, name);
    let fault = view.fault.map(|fault| (of_field(elements::ERROR_QUESTION, name), context.text(fault)));
    let prompt = AttrValue::from(view.question.prompt.clone());
    let words = Words { label_id, label: prompt, hint: None, fault, also };
    if let Some(options) = view.options() {
        return choose(context, &id, words, options);
    }
    let input = context
        .plain_input(tag("input").class("bl-input"))
        .set(Name::Name, id.clone().into())
        .with(Name::Type, "text")
        .with(Name::Autocomplete, "off")
        .with(Name::Maxlength, "256")
        .with(Name::AriaRequired, "true")
        .when(words.fault.is_some(), Name::AriaInvalid);
    field::text(&id, input, words, &context.watch())
}

fn choose(context: &Context<'_>, id: &str, words: Words, options: &[Choice]) -> Tag {
    let group = AttrValue::from(id.to_owned());
    let choices = options.iter().fold(tag("div").class("bl-choices"), |choices, option| {
        let input = tag("input")
            .with(Name::Type, "radio")
            .set(Name::Name, group.clone())
            .set(Name::Value, option.id.as_str().to_owned().into())
            .when(context.busy, Name::AriaDisabled);
        let words = tag("span").text(option.label.clone().into());
        choices.child(tag("label").class("bl-choice").child(input).child(words))
    });
    words.around_group(tag("fieldset").set(Name::Id, group.clone()), choices)
}
