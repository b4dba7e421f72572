//! Security questions: one or several, free text or options.

use yew::{AttrValue, Html, html};

use banklink_flow::{Act, QuestionView, QuestionsView};
use banklink_protocol::{
    elements,
    ids::QuestionId,
    secret::Secret,
    session::{Choice, QuestionAnswer},
    texts::Text,
};

use crate::{
    screens::{Context, checked, code::attempts, input, title},
    ui::{
        button,
        field::{Field, Input, Words},
        identity, message,
    },
};

pub(super) fn questions(context: &Context<'_>, view: &QuestionsView<'_>, error: Option<Text>) -> Html {
    let name = &view.institution.name;
    let heading = if view.questions.len() == 1 { Text::QuestionsTitle } else { Text::QuestionsTitleMany };
    let asked: Vec<(QuestionId, bool)> =
        view.questions.iter().map(|one| (one.question.id.clone(), one.options().is_some())).collect();
    let submit = context.submit(move |page| {
        let answers = asked.iter().map(|(question, has_options)| {
            let id = input_id(question);
            let answer = if *has_options {
                checked(page, &id).into_iter().next()
            } else {
                input(page, &id).map(|input| input.value())
            };
            QuestionAnswer { question: question.clone(), answer: Secret::new(answer.unwrap_or_default()) }
        });
        Some(Act::SubmitAnswers(answers.collect()))
    });
    html! {
        <div id={elements::DIV_SCA} class="bl-screen">
            { title(elements::TITLE_SCA, context.text(heading)) }
            { identity::institution(view.institution) }
            <p id={elements::TEXT_SCA} class="bl-text">{ context.about(Text::QuestionsText, name) }</p>
            { message::error(error.map(|error| context.about(error, name))) }
            <form id={elements::FORM_SCA} class="bl-form" novalidate=true onsubmit={submit}>
                { for view.questions.iter().map(|question| one(context, question)) }
                { attempts(context, view.attempts_left) }
                { button::submit(elements::BUTTON_CONTINUE, context.text(Text::Continue), context.working()) }
            </form>
        </div>
    }
}

fn input_id(question: &QuestionId) -> String {
    format!("{}-{question}", elements::INPUT_QUESTION)
}

fn one(context: &Context<'_>, view: &QuestionView<'_>) -> Html {
    let fault = view.fault.map(|fault| context.text(fault));
    let id = input_id(&view.question.id);
    let label_id = format!("{}-{}", elements::LABEL_QUESTION, view.question.id);
    if let Some(options) = view.options() {
        return choice(&view.question.prompt, options, &id, label_id, fault);
    }
    let words = Words {
        label: view.question.prompt.clone().into(),
        hint: None,
        fault,
        caps_lock: AttrValue::default(),
        stray_space: context.text(Text::FieldStraySpace),
        reveal: AttrValue::default(),
    };
    let input = Input { kind: "text", autocomplete: "off", ..Input::default() };
    let invalid = words.fault.is_some();
    html! {
        <Field key={id.clone()} id={id.clone()} label_id={label_id} reveal_id={format!("{id}-reveal")} input={input} words={words}
            invalid={invalid} readonly={context.busy} optional=false />
    }
}

fn choice(prompt: &str, options: &[Choice], id: &str, label_id: String, fault: Option<AttrValue>) -> Html {
    let fault_id = format!("{id}-fault");
    html! {
        <fieldset id={id.to_owned()} tabindex="-1" aria-describedby={fault.is_some().then(|| fault_id.clone())} key={id.to_owned()}>
            <legend id={label_id} class="bl-label">{ prompt.to_owned() }</legend>
            <div class="bl-choices">
                { for options.iter().map(|option| html! {
                    <label class="bl-choice">
                        <input type="radio" name={id.to_owned()} value={option.id.to_string()} />
                        <span>{ &option.label }</span>
                    </label>
                }) }
            </div>
            { message::fault(fault_id.into(), fault) }
        </fieldset>
    }
}
