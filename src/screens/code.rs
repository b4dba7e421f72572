//! One-time codes of every source.

use yew::{AttrValue, Html, html};

use banklink_flow::{Act, CodeView};
use banklink_protocol::{elements, secret::Secret, texts::Text};

use crate::{
    screens::{Context, input, title},
    ui::{
        button,
        field::{Field, Input, Words},
        identity, message,
    },
};

pub(super) fn code(context: &Context<'_>, view: &CodeView<'_>, error: Option<Text>) -> Html {
    let name = &view.institution.name;
    let submit = context.submit(|page| Some(Act::SubmitCode(Secret::new(input(page, elements::INPUT_SCA)?.value()))));
    html! {
        <div id={elements::DIV_SCA} class="bl-screen">
            { title(elements::TITLE_SCA, context.text(Text::CodeTitle)) }
            { identity::institution(view.institution) }
            <p id={elements::TEXT_SCA} class="bl-text">{ context.about(view.text, name) }</p>
            if let Some(to) = view.sent_to {
                <p class="bl-small">{ context.texts.fill(Text::CodeSentTo, &[("to", to)]) }</p>
            }
            { message::error(error.map(|error| context.about(error, name))) }
            <form id={elements::FORM_SCA} class="bl-form" novalidate=true onsubmit={submit}>
                { field(context, view) }
                { attempts(context, view.attempts_left) }
                { button::submit(elements::BUTTON_CONTINUE, context.text(Text::Continue), context.working()) }
            </form>
        </div>
    }
}

fn field(context: &Context<'_>, view: &CodeView<'_>) -> Html {
    let length = view.length.map(|length| context.texts.number(u32::from(length)));
    let fault = view.fault.map(|fault| {
        let values =
            [("institution", view.institution.name.as_str()), ("count", length.as_deref().unwrap_or_default())];
        AttrValue::from(context.texts.fill(fault, &values))
    });
    let words = Words {
        label: context.text(Text::CodeLabel),
        hint: None,
        fault,
        caps_lock: AttrValue::default(),
        stray_space: context.text(Text::FieldStraySpace),
        reveal: AttrValue::default(),
    };
    let input = Input {
        kind: "text",
        mode: view.digits_only.then_some("numeric"),
        autocomplete: "one-time-code",
        pattern: None,
        // Room for the spaces that people copy along.
        max_length: None,
        is_code: true,
    };
    html! {
        <Field id={elements::INPUT_SCA} label_id={elements::LABEL_SCA} reveal_id={elements::BUTTON_REVEAL} input={input}
            words={words} invalid={view.invalid} readonly={context.busy} optional=false />
    }
}

/// How many wrong answers the institution still takes.
pub(super) fn attempts(context: &Context<'_>, left: Option<u8>) -> Html {
    let text = match left {
        None => return Html::default(),
        Some(1) => context.text(Text::AttemptsOne),
        Some(left) => {
            let count = context.texts.number(u32::from(left));
            context.texts.fill(Text::AttemptsMany, &[("count", &count)]).into()
        }
    };
    html! { <p id={elements::TEXT_ATTEMPTS} class="bl-small">{ text }</p> }
}
