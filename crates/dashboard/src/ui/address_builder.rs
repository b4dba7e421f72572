//! Builds the address of the widget's page from a link and the parameters of `widget.md`, section 1: the table that the
//! server reads them by says which there are.

use banklink_platform::texts::Text;
use banklink_protocol::parameters::{
    MAX_EXTRA_BYTES, MAX_EXTRAS, PARAMETERS, Parameter, ParameterKind, ParameterName, Scope,
};
use web_sys::{FormData, HtmlFormElement, InputEvent};
use yew::{
    AttrValue, Callback, Html, NodeRef, Properties, SubmitEvent, component, html, use_callback, use_node_ref, use_state,
};

use super::{copyable::Copyable, parameter_hints, qr, shell::LANGUAGES};
use crate::{
    browser,
    site::{Site, use_site},
};

/// What most pages ask for; the others are there for who looks for them.
const COMMON: [ParameterName; 6] = [
    ParameterName::Institution,
    ParameterName::Country,
    ParameterName::Language,
    ParameterName::Theme,
    ParameterName::ExternalId,
    ParameterName::Tag,
];

/// What the form says.
#[derive(Clone, Default, PartialEq)]
struct Built {
    /// Names and values, in the order of the form.
    parameters: Vec<(String, String)>,
    /// The names of fields that can't be like that.
    wrong: Vec<String>,
}

#[derive(PartialEq, Properties)]
pub(crate) struct AddressBuilderProps {
    /// The address without any.
    pub(crate) url: AttrValue,
}

/// The form, and the address that it makes.
#[component]
pub(crate) fn AddressBuilder(AddressBuilderProps { url }: &AddressBuilderProps) -> Html {
    let site = use_site();
    let form = use_node_ref();
    let built = use_state(Built::default);
    let extras = use_state(|| 1_usize);
    let oninput = use_callback(form.clone(), {
        let built = built.setter();
        move |_: InputEvent, form: &NodeRef| built.set(read(form))
    });
    let more = Callback::from({
        let extras = extras.clone();
        move |_| extras.set((*extras + 1).min(MAX_EXTRAS))
    });
    let parameters = built.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let address = browser::with_query(url, parameters);
    let rows = |is_common: bool| {
        let shown = PARAMETERS.iter().filter(move |one| fits(one) && COMMON.contains(&one.name) == is_common);
        shown.map(|parameter| row(&site, parameter, &built.wrong)).collect::<Html>()
    };
    let code = qr::code(&address, site.text(Text::LinkQr));
    html! {
        <>
            <Copyable id="address" label={site.text(Text::LinkAddress)} value={address.clone()} />
            <details class="db-details">
                <summary>{site.text(Text::LinkQr)}</summary>
                if browser::is_local(&address) { <p class="db-warning">{site.text(Text::LinkQrLocal)}</p> }
                if let Some(code) = code { {code} } else { <p class="bl-text">{site.text(Text::LinkQrLong)}</p> }
            </details>
            <form class="db-builder" id="form-builder" ref={form} novalidate=true {oninput}
                onsubmit={|event: SubmitEvent| event.prevent_default()}>
                <fieldset class="db-parameters">
                    <legend class="db-subtitle">{site.text(Text::LinkParameters)}</legend>
                    {rows(true)}
                </fieldset>
                <details class="db-details" id="more-parameters">
                    <summary>{site.text(Text::LinkParametersMore)}</summary>
                    <div class="db-parameters">{rows(false)}</div>
                </details>
                <fieldset class="db-parameters">
                    <legend class="db-subtitle">{site.text(Text::LinkExtras)}</legend>
                    <p class="bl-hint db-wide">{site.text(Text::LinkExtrasHint)}</p>
                    {for (0..*extras).map(|at| extra(&site, at, &built.wrong))}
                    <button type="button" class="db-button" id="more-extras" onclick={more}>{site.text(Text::Add)}</button>
                </fieldset>
            </form>
        </>
    }
}

/// Whether a link's address may carry it: tokens are made for one person, and what a token must say a page can't.
fn fits(parameter: &Parameter) -> bool {
    parameter.scope == Scope::Anyone && parameter.kind != ParameterKind::Token
}

fn spelling(parameter: &Parameter) -> &'static str {
    parameter.spellings.first().copied().unwrap_or_default()
}

fn row(site: &Site, parameter: &Parameter, wrong: &[String]) -> Html {
    let name = spelling(parameter);
    let fault = wrong.iter().any(|field| field == name).then(|| site.text(Text::ParameterWrong));
    let (hint, fault_id) = (format!("{name}-hint"), format!("{name}-fault"));
    let described = if fault.is_some() { format!("{fault_id} {hint}") } else { hint.clone() };
    let is_wrong = fault.is_some().then_some("true");
    let control = match choices(parameter.kind) {
        Some(choices) => html! {
            <select class="db-select" id={name} {name} aria-describedby={described}>
                // The page is drawn from its end, and a list would choose what comes into it first.
                <option value="" ~defaultSelected={true}>{"–"}</option>
                {for choices.into_iter().map(|choice| html! { <option value={choice}>{choice}</option> })}
            </select>
        },
        None => html! {
            <input class="bl-input" id={name} {name} type="text" autocomplete="off" autocapitalize="none"
                spellcheck="false" dir="auto" aria-invalid={is_wrong} aria-describedby={described} />
        },
    };
    html! {
        <div class="bl-field">
            <label class="bl-label" for={name}><code dir="ltr">{name}</code></label>
            {control}
            if let Some(fault) = fault { <p class="bl-fault" id={fault_id}>{fault}</p> }
            <p class="bl-hint" id={hint}>{parameter_hints::hint(site, parameter)}</p>
        </div>
    }
}

/// What there is to choose from, where it is little.
fn choices(kind: ParameterKind) -> Option<Vec<&'static str>> {
    match kind {
        ParameterKind::Boolean => Some(vec!["true", "false"]),
        ParameterKind::Theme => Some(vec!["auto", "light", "dark"]),
        ParameterKind::Language => Some(LANGUAGES.iter().map(|(tag, _)| *tag).collect()),
        _ => None,
    }
}

fn extra(site: &Site, at: usize, wrong: &[String]) -> Html {
    let (name, value) = (format!("extra-name-{at}"), format!("extra-value-{at}"));
    let fault = wrong.contains(&name).then(|| site.text(Text::ExtraWrong));
    let fault_id = fault.is_some().then(|| format!("{name}-fault"));
    html! {
        <div class="db-extra" key={at}>
            <div class="bl-field">
                <label class="bl-label" for={name.clone()}>{site.text(Text::ExtraName)}</label>
                <input class="bl-input" id={name.clone()} name={name} type="text" autocomplete="off"
                    autocapitalize="none" spellcheck="false" dir="auto" aria-describedby={fault_id.clone()}
                    aria-invalid={fault.is_some().then_some("true")} />
            </div>
            <div class="bl-field">
                <label class="bl-label" for={value.clone()}>{site.text(Text::ExtraValue)}</label>
                <input class="bl-input" id={value.clone()} name={value} type="text" autocomplete="off"
                    autocapitalize="none" spellcheck="false" dir="auto" />
            </div>
            if let Some(fault) = fault { <p class="bl-fault db-wide" id={fault_id}>{fault}</p> }
        </div>
    }
}

fn read(form: &NodeRef) -> Built {
    let data = form.cast::<HtmlFormElement>().and_then(|form| FormData::new_with_form(&form).ok());
    let text = |name: &str| data.as_ref().and_then(|data| data.get(name).as_string()).unwrap_or_default();
    let mut built = Built::default();
    for parameter in PARAMETERS.iter().filter(|parameter| fits(parameter)) {
        let (name, value) = (spelling(parameter).to_owned(), text(spelling(parameter)).trim().to_owned());
        match value.is_empty() {
            true => {}
            false if takes(parameter.kind, &value) => built.parameters.push((name, value)),
            false => built.wrong.push(name),
        }
    }
    let mut bytes = 0;
    for at in 0..MAX_EXTRAS {
        let field = format!("extra-name-{at}");
        let (name, value) = (text(&field).trim().to_owned(), text(&format!("extra-value-{at}")));
        if name.is_empty() {
            continue;
        }
        bytes += name.len() + value.len();
        let is_there = built.parameters.iter().any(|(known, _)| *known == name);
        if is_there || Parameter::is_reserved(&name) || bytes > MAX_EXTRA_BYTES {
            built.wrong.push(field);
        } else {
            built.parameters.push((name, value));
        }
    }
    built
}

/// Whether a parameter can be this. The server looks closer; here it is about what is plainly mistyped.
fn takes(kind: ParameterKind, value: &str) -> bool {
    let is_letters =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_number =
        |text: &str, least: u16, most: u16| text.parse::<u16>().is_ok_and(|number| (least..=most).contains(&number));
    match kind {
        ParameterKind::Text(limit) => value.len() <= limit,
        ParameterKind::Country => is_letters(value, 2),
        ParameterKind::Color => {
            let digits = value.strip_prefix('#').unwrap_or(value);
            matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
        ParameterKind::Uri => value.contains(':'),
        ParameterKind::HttpsUri => value.starts_with("https://"),
        ParameterKind::Number(least, most) => is_number(value, least, most),
        ParameterKind::Days(most) => is_number(value.strip_prefix("Days").unwrap_or(value), 1, most),
        ParameterKind::Currencies => value.split(',').all(|code| is_letters(code.trim(), 3)),
        ParameterKind::Token
        | ParameterKind::Boolean
        | ParameterKind::Language
        | ParameterKind::Theme
        | ParameterKind::AppScheme
        | ParameterKind::Failures
        | ParameterKind::Scopes => true,
    }
}
