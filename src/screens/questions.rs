//! Security questions: one or several, free text or options.

use yew::AttrValue;

use banklink_flow::{QuestionView, QuestionsView};
use banklink_protocol::{
    elements::{self, of_field},
    session::Choice,
    texts::Text,
};

use crate::{
    screens::{
        Context, card,
        code::{attempts, beside},
        paragraph, title,
    },
    ui::{
        button,
        field::{self, Words},
        tag::{Name, Tag, tag},
    },
};

pub(super) fn questions(context: &Context<'_>, view: &QuestionsView<'_>) -> Tag {
    let name = &view.institution.name;
    let heading = if view.questions.len() == 1 { Text::QuestionsTitle } else { Text::QuestionsTitleMany };
    let form = context.form(elements::FORM_SCA);
    let also = beside(context, view.attempts_left);
    let form = view.questions.iter().fold(form, |form, view| form.child(one(context, view, also.clone())));
    let submit = button::submit(elements::BUTTON_CONTINUE, context.text(Text::Continue), context.working());
    card(elements::DIV_SCA)
        .child(title(elements::TITLE_SCA, context.text(heading)))
        .child(context.institution(view.institution))
        .child(paragraph(context.about(Text::QuestionsText, name)).id(elements::TEXT_SCA))
        .child(context.error(name))
        .child(form.child_some(attempts(context, view.attempts_left)).child(submit))
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
            .when(context.busy, Name::Disabled);
        let words = tag("span").text(option.label.clone().into());
        choices.child(tag("label").class("bl-choice").child(input).child(words))
    });
    words.around_group(tag("fieldset").set(Name::Id, group.clone()), choices)
}
