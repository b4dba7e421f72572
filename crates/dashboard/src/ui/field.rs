//! Fields of forms. What is typed stays in the page, and is read when the form is sent.

use banklink_platform::texts::Text;
use yew::{AttrValue, Callback, Html, Properties, component, html, use_state};

use crate::{
    site::use_site,
    ui::form::{Form, Wrong},
};

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// An address of electronic mail.
    Email,
    /// An address of the web, or of an app.
    Address,
    /// A password, which can be looked at.
    Password,
}

impl Kind {
    const fn input_type(self, is_shown: bool) -> &'static str {
        match self {
            Self::Password if !is_shown => "password",
            Self::Email => "email",
            // Not `url`: browsers refuse the schemes of apps there.
            Self::Text | Self::Address | Self::Password => "text",
        }
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct FieldProps {
    /// Its name in the form, and its id.
    pub(crate) name: &'static str,
    /// What it is called.
    pub(crate) label: Text,
    /// What goes in.
    pub(crate) kind: Kind,
    /// What helps to fill it in.
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
    /// What browsers and password managers know it as.
    #[prop_or(AttrValue::Static("off"))]
    pub(crate) autocomplete: AttrValue,
    /// Whether it may stay empty.
    #[prop_or_default]
    pub(crate) optional: bool,
    /// What is in it for good, to be read only. Any other value is the person's: drawn again, it would undo what they
    /// typed.
    #[prop_or_default]
    pub(crate) fixed: Option<AttrValue>,
    /// What is in it until the person types something else.
    #[prop_or_default]
    pub(crate) initial: Option<AttrValue>,
    /// What is wrong in the form.
    pub(crate) wrong: Option<Wrong>,
}

/// A field with its label, its hint, and what is wrong with it.
#[component]
pub(crate) fn Field(props: &FieldProps) -> Html {
    let site = use_site();
    let is_shown = use_state(|| false);
    let FieldProps { name, label, kind, hint, autocomplete, optional, fixed, initial, wrong } = props;
    let Below { described, is_wrong, shown } = below(name, hint.as_ref(), wrong.as_ref());
    let reveal = (*kind == Kind::Password).then(|| {
        let turn = Callback::from({
            let is_shown = is_shown.clone();
            move |_| is_shown.set(!*is_shown)
        });
        // No box to tick: a form that is emptied would empty it, and what was shown would stay so.
        html! {
            <button type="button" class="db-button db-reveal" aria-pressed={is_shown.to_string()} aria-controls={*name}
                onclick={turn}>{site.text(Text::PasswordShow)}</button>
        }
    });
    let spelling = (*kind != Kind::Text).then_some("none");
    html! {
        <div class="bl-field">
            <label class="bl-label" for={*name}>
                {site.text(*label)}
                if *optional { <span class="bl-hint">{" ("}{site.text(Text::Optional)}{")"}</span> }
            </label>
            <input class="bl-input" id={*name} name={*name} type={kind.input_type(*is_shown)} value={fixed.clone()}
                ~defaultValue={fixed.as_ref().or(initial.as_ref()).map(ToString::to_string).unwrap_or_default()}
                autocomplete={autocomplete.clone()} readonly={fixed.is_some()} autocapitalize={spelling}
                dir={spelling.map(|_| "ltr")} spellcheck="false" aria-required={(!*optional).then_some("true")}
                aria-invalid={is_wrong} aria-describedby={described} />
            {shown}
            {reveal}
        </div>
    }
}

/// What stands below a field.
struct Below {
    /// The ids of what describes it.
    described: Option<String>,
    is_wrong: Option<&'static str>,
    shown: Html,
}

fn below(name: &'static str, hint: Option<&AttrValue>, wrong: Option<&Wrong>) -> Below {
    let fault = wrong.filter(|wrong| wrong.field == Some(name)).map(|wrong| wrong.text.clone());
    let (hint_id, fault_id) = (format!("{name}-hint"), format!("{name}-fault"));
    let ids = [fault.is_some().then(|| fault_id.clone()), hint.is_some().then(|| hint_id.clone())];
    let described: Vec<String> = ids.into_iter().flatten().collect();
    let is_wrong = fault.is_some().then_some("true");
    let shown = html! {
        <>
            if let Some(fault) = fault { <p class="bl-fault" id={fault_id}>{fault}</p> }
            if let Some(hint) = hint { <p class="bl-hint" id={hint_id}>{hint}</p> }
        </>
    };
    Below { described: (!described.is_empty()).then(|| described.join(" ")), is_wrong, shown }
}

#[derive(PartialEq, Properties)]
pub(crate) struct ChoiceProps {
    /// Its name in the form, and its id.
    pub(crate) name: &'static str,
    /// What it is called.
    pub(crate) label: Text,
    /// What there is to choose from: as it is sent, and as it is called.
    pub(crate) options: Vec<(AttrValue, AttrValue)>,
    /// What is chosen until the person chooses something else; what is not among them: the first.
    #[prop_or(AttrValue::Static("-"))]
    pub(crate) initial: AttrValue,
    /// Whether these are addresses, which are written from left to right in every language.
    #[prop_or_default]
    pub(crate) addresses: bool,
    /// What helps to choose.
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
    /// What is wrong in the form.
    #[prop_or_default]
    pub(crate) wrong: Option<Wrong>,
}

/// A choice of one out of a few.
#[component]
pub(crate) fn Choice(props: &ChoiceProps) -> Html {
    let site = use_site();
    let ChoiceProps { name, label, options, initial, addresses, hint, wrong } = props;
    let Below { described, is_wrong, shown } = below(name, hint.as_ref(), wrong.as_ref());
    // The page is drawn from its end, and a list would choose what comes into it first.
    let chosen = options.iter().position(|(value, _)| value == initial).unwrap_or(0);
    let option = |(at, (value, called)): (usize, &(AttrValue, AttrValue))| {
        html! { <option {value} ~defaultSelected={at == chosen}>{called}</option> }
    };
    html! {
        <div class="bl-field">
            <label class="bl-label" for={*name}>{site.text(*label)}</label>
            <select class="db-select" id={*name} name={*name} dir={addresses.then_some("ltr")} aria-invalid={is_wrong}
                aria-describedby={described}>
                {for options.iter().enumerate().map(option)}
            </select>
            {shown}
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct CheckProps {
    /// Its name in the form, and its id.
    pub(crate) name: AttrValue,
    /// What it is called.
    pub(crate) label: AttrValue,
    /// Whether it is ticked until the person says otherwise.
    #[prop_or_default]
    pub(crate) initial: bool,
    /// What helps to decide.
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
}

/// A box to tick.
#[component]
pub(crate) fn Check(CheckProps { name, label, initial, hint }: &CheckProps) -> Html {
    let hint_id = hint.is_some().then(|| format!("{name}-hint"));
    html! {
        <div class="bl-field">
            <label class="db-check">
                <input type="checkbox" id={name} {name} ~defaultChecked={*initial} aria-describedby={hint_id.clone()} />
                <span>{label}</span>
            </label>
            if let Some(hint) = hint { <p class="bl-hint" id={hint_id}>{hint}</p> }
        </div>
    }
}

/// What is wrong with the whole of a form, and its button.
pub(crate) fn send(form: &Form, label: AttrValue, working: AttrValue) -> Html {
    let whole = form.wrong.as_ref().filter(|wrong| wrong.field.is_none());
    html! {
        <>
            <div role="alert">
                if let Some(wrong) = whole { <p class="bl-alert" tabindex="-1">{wrong.text.clone()}</p> }
            </div>
            <button type="submit" class="bl-button db-short" aria-disabled={form.is_busy.then_some("true")}>
                if form.is_busy { <span class="bl-spinner" aria-hidden="true"></span> }
                <span>{if form.is_busy { working } else { label }}</span>
            </button>
        </>
    }
}
