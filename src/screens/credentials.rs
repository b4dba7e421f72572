//! Credentials: the institution's form.

use yew::AttrValue;

use banklink_flow::{CredentialsView, FieldView};
use banklink_protocol::{
    elements::{self, of_field},
    session::{Autocomplete, Choice, Field, FieldKind},
    texts::Text,
};

use crate::{
    screens::{Context, card, paragraph, title},
    ui::{
        button,
        field::{self, Words},
        tag::{Name, Tag, tag},
    },
};

pub(super) fn credentials(context: &Context<'_>, view: &CredentialsView<'_>) -> Tag {
    let name = &view.institution.name;
    let form = context.form(elements::FORM_CREDENTIALS);
    let form = view.fields.iter().fold(form, |form, view| form.child(one(context, view, name)));
    let forgotten = view
        .forgotten_password_url
        .map(|url| context.link_out(elements::LINK_FORGOTTEN_PASSWORD, url, context.text(Text::CredentialsForgotten)));
    let submit = button::submit(elements::BUTTON_CONTINUE, context.text(Text::Continue), context.working());
    card(elements::DIV_CREDENTIALS)
        .child(title(elements::TITLE_CREDENTIALS, context.about(Text::CredentialsTitle, name)))
        .child(context.institution(view.institution))
        .child(paragraph(context.about(Text::CredentialsText, name)).id(elements::TEXT_CREDENTIALS))
        .child(context.error(name))
        .child(form.child_some(forgotten).child(submit))
}

fn one(context: &Context<'_>, view: &FieldView<'_>, institution: &str) -> Tag {
    let asked = view.field;
    let name = asked.id.as_str();
    let words = Words {
        label_id: of_field(elements::LABEL_CREDENTIAL, name),
        label: label(context, asked),
        hint: asked.hint.clone().map(|hint| (of_field(elements::HINT_CREDENTIAL, name), hint.into())),
        fault: view.fault.map(|fault| (of_field(elements::ERROR_CREDENTIAL, name), context.about(fault, institution))),
        also: context.described_by_error().into_iter().collect(),
    };
    let id = of_field(elements::INPUT_CREDENTIAL, name);
    let control = |element| {
        tag(element)
            .class("bl-input")
            .set(Name::Name, name.to_owned().into())
            .with(Name::Autocomplete, autocomplete(asked.autocomplete))
            .when(view.invalid, Name::AriaInvalid)
            .when(!asked.optional, Name::AriaRequired)
    };
    match &asked.kind {
        FieldKind::Select(choices) => {
            let select = control("select").set(Name::Id, id.clone().into()).when(context.busy, Name::AriaDisabled);
            words.around(&id, options(context, select, choices), |select| select)
        }
        FieldKind::Password => {
            let reveal = context.fill(Text::FieldShowLabel, &[("label", &asked.label)]);
            let reveal = (of_field(elements::BUTTON_REVEAL, name), reveal);
            field::password(&id, context.input(control("input"), asked), words, &context.watch(), reveal)
        }
        kind => {
            let (kind, mode) = match kind {
                FieldKind::Number => ("text", "numeric"),
                FieldKind::Email => ("email", "email"),
                FieldKind::Telephone => ("tel", "tel"),
                _ => ("text", "text"),
            };
            let input = context.input(control("input"), asked).with(Name::Type, kind).with(Name::Inputmode, mode);
            field::text(&id, input, words, &context.watch())
        }
    }
}

fn label(context: &Context<'_>, asked: &Field) -> AttrValue {
    let label = asked.label.as_str();
    if asked.optional {
        [label, " (", &context.text(Text::FieldOptional), ")"].concat().into()
    } else {
        label.to_owned().into()
    }
}

const fn autocomplete(of: Autocomplete) -> &'static str {
    match of {
        Autocomplete::Username => "username",
        Autocomplete::CurrentPassword => "current-password",
        Autocomplete::Email => "email",
        Autocomplete::Telephone => "tel",
        Autocomplete::On => "on",
    }
}

impl Context<'_> {
    /// What every input of a form has; its `pattern` says what is well formed.
    fn input(&self, input: Tag, asked: &Field) -> Tag {
        let digits = matches!(asked.kind, FieldKind::Number).then_some("[0-9]*");
        let pattern = asked.pattern.clone().map(AttrValue::from).or(digits.map(AttrValue::Static));
        self.plain_input(input)
            .set_some(Name::Pattern, pattern)
            .set(Name::Maxlength, asked.max_length.to_string().into())
    }

    /// What every input has that takes what a bank gave out: nothing may correct it.
    pub(super) fn plain_input(&self, input: Tag) -> Tag {
        input
            .with(Name::Autocapitalize, "none")
            .with(Name::Autocorrect, "off")
            .with(Name::Spellcheck, "false")
            .when(self.busy, Name::Readonly)
    }
}

fn options(context: &Context<'_>, select: Tag, choices: &[Choice]) -> Tag {
    let first = tag("option").with(Name::Value, "").text(context.text(Text::FieldChoose));
    choices.iter().fold(select.child(first), |select, choice| {
        let option = tag("option").set(Name::Value, choice.id.as_str().to_owned().into());
        select.child(option.text(choice.label.clone().into()))
    })
}
