//! Credentials: the institution's form.

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlInputElement, HtmlSelectElement};
use yew::{AttrValue, Html, html};

use banklink_flow::{Act, CredentialsView, FieldView, TypedValue};
use banklink_protocol::{
    elements,
    ids::FieldId,
    secret::Secret,
    session::{Autocomplete, Choice, Field as Asked, FieldKind},
    texts::Text,
};

use crate::{
    screens::{Context, title},
    ui::{
        button,
        field::{Field, Input, Words},
        identity, message,
    },
};

pub(super) fn credentials(context: &Context<'_>, view: &CredentialsView<'_>, error: Option<Text>) -> Html {
    let name = &view.institution.name;
    let ids: Vec<FieldId> = view.fields.iter().map(|field| field.field.id.clone()).collect();
    let submit = context
        .submit(move |page| Some(Act::SubmitCredentials(ids.iter().filter_map(|field| typed(page, field)).collect())));
    html! {
        <div id={elements::DIV_CREDENTIALS} class="bl-screen">
            { title(elements::TITLE_CREDENTIALS, context.about(Text::CredentialsTitle, name)) }
            { identity::institution(view.institution) }
            <p class="bl-text">{ context.about(Text::CredentialsText, name) }</p>
            { message::error(error.map(|error| context.about(error, name))) }
            <form id={elements::FORM_CREDENTIALS} class="bl-form" novalidate=true onsubmit={submit}>
                { for view.fields.iter().map(|field| one(context, field, name)) }
                if let Some(url) = view.forgotten_password_url {
                    <p class="bl-links">
                        <a id={elements::LINK_FORGOTTEN_PASSWORD} href={url.to_owned()} target="_blank" rel="noopener noreferrer">
                            { context.text(Text::CredentialsForgotten) }
                            <span class="bl-sr">{ format!(" ({})", context.text(Text::NewWindow)) }</span>
                        </a>
                    </p>
                }
                { button::submit(elements::BUTTON_CONTINUE, context.text(Text::Continue), context.working()) }
            </form>
        </div>
    }
}

/// What stands in a field.
fn typed(page: &Document, field: &FieldId) -> Option<TypedValue> {
    let element = page.get_element_by_id(&input_id(field))?;
    let (value, well_formed) = match element.dyn_ref::<HtmlInputElement>() {
        Some(input) => {
            let validity = input.validity();
            (input.value(), !validity.pattern_mismatch() && !validity.type_mismatch() && !validity.bad_input())
        }
        None => (element.dyn_ref::<HtmlSelectElement>()?.value(), true),
    };
    Some(TypedValue { field: field.clone(), value: Secret::new(value), well_formed })
}

fn input_id(field: &FieldId) -> String {
    format!("{}-{field}", elements::INPUT_CREDENTIAL)
}

fn one(context: &Context<'_>, view: &FieldView<'_>, institution: &str) -> Html {
    let asked = view.field;
    let label: AttrValue = if asked.optional {
        format!("{} ({})", asked.label, context.text(Text::FieldOptional)).into()
    } else {
        asked.label.clone().into()
    };
    let fault = view.fault.map(|fault| context.about(fault, institution));
    let (id, label_id) = (input_id(&asked.id), format!("{}-{}", elements::LABEL_CREDENTIAL, asked.id));
    if let FieldKind::Select(choices) = &asked.kind {
        return select(context, asked, choices, id, label_id, label, fault);
    }
    let words = Words {
        label,
        hint: asked.hint.clone().map(AttrValue::from),
        fault,
        caps_lock: context.text(Text::FieldCapsLock),
        stray_space: context.text(Text::FieldStraySpace),
        reveal: context.texts.fill(Text::FieldShowLabel, &[("label", &asked.label)]).into(),
    };
    html! {
        <Field key={id.clone()} id={id.clone()} label_id={label_id} reveal_id={format!("{}-{}", elements::BUTTON_REVEAL, asked.id)}
            input={input(asked)} words={words} invalid={view.invalid} readonly={context.busy} optional={asked.optional} />
    }
}

fn input(asked: &Asked) -> Input {
    let (kind, mode) = match asked.kind {
        FieldKind::Text | FieldKind::Select(_) => ("text", None),
        FieldKind::Password => ("password", None),
        FieldKind::Number => ("text", Some("numeric")),
        FieldKind::Email => ("email", Some("email")),
        FieldKind::Telephone => ("tel", Some("tel")),
    };
    let autocomplete = match asked.autocomplete {
        Autocomplete::Username => "username",
        Autocomplete::CurrentPassword => "current-password",
        Autocomplete::Email => "email",
        Autocomplete::Telephone => "tel",
        Autocomplete::On => "on",
    };
    Input {
        kind,
        mode,
        autocomplete,
        pattern: asked.pattern.clone().map(AttrValue::from),
        max_length: Some(asked.max_length.to_string().into()),
        is_code: false,
    }
}

fn select(
    context: &Context<'_>,
    asked: &Asked,
    choices: &[Choice],
    id: String,
    label_id: String,
    label: AttrValue,
    fault: Option<AttrValue>,
) -> Html {
    let fault_id = format!("{id}-fault");
    html! {
        <div class="bl-field" key={id.clone()}>
            <label id={label_id} class="bl-label" for={id.clone()}>{ label }</label>
            <select id={id.clone()} name={id} class="bl-input" aria-invalid={fault.is_some().then_some("true")}
                aria-describedby={fault.is_some().then(|| fault_id.clone())} aria-required={(!asked.optional).then_some("true")}>
                <option value="">{ context.text(Text::FieldChoose) }</option>
                { for choices.iter().map(|choice| html! { <option value={choice.id.to_string()}>{ &choice.label }</option> }) }
            </select>
            { message::fault(fault_id.into(), fault) }
        </div>
    }
}
