//! What operators set for an app.

use banklink_platform::{
    apps::{AccountSelection, App, AppSettings},
    texts::Text,
};
use banklink_protocol::problem::ProblemCode;
use serde_json::{Map, Value, json};
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::{
    api::{self, About, Failure, Version},
    site::{Site, use_site},
    ui::{
        field::{self, Check, Choice, Field, Kind},
        form::{Refusal, Values, use_form},
        title::Title,
    },
};

const NAME: &str = "name";
const CONSENT: &str = "consent";
const CUSTOMER_NAME: &str = "customer_name";
const TERMS_URL: &str = "terms_url";
const CONSENT_DAYS: &str = "consent_days";
const ACCOUNT_SELECTION: &str = "account_selection";
const DEFAULT_COUNTRY: &str = "default_country";
const LINK_CODE_MINUTES: &str = "link_code_minutes";
const FORCE_AUTHORIZE_TOKEN: &str = "force_authorize_token";

/// Whether the person chooses accounts at the end, as it is sent and as it is called.
const SELECTIONS: [(AccountSelection, &str, Text); 3] = [
    (AccountSelection::None, "none", Text::SelectionNone),
    (AccountSelection::Single, "single", Text::SelectionSingle),
    (AccountSelection::Multiple, "multiple", Text::SelectionMultiple),
];

#[derive(PartialEq, Properties)]
pub(super) struct SettingsProps {
    pub(super) app: App,
    /// Reads the app anew.
    pub(super) again: Callback<()>,
}

/// The section.
#[component]
pub(super) fn Settings(SettingsProps { app, again }: &SettingsProps) -> Html {
    let site = use_site();
    let form = use_form({
        let (site, app, again) = (site.clone(), app.clone(), again.clone());
        move |values| {
            let (site, app, again) = (site.clone(), app.clone(), again.clone());
            async move {
                change(&site, &app, &values).await?;
                site.say.emit(site.text(Text::Saved));
                again.emit(());
                Ok(())
            }
        }
    });
    let wrong = || form.wrong.clone();
    let settings = &app.settings;
    let selections = SELECTIONS.map(|(_, sent, called)| (AttrValue::from(sent), site.text(called)));
    let selected = SELECTIONS.iter().find(|(selection, ..)| *selection == settings.account_selection);
    html! {
        <>
            <Title text={site.text(Text::SettingsTitle)} />
            <form class="bl-form db-narrow" id="form-settings" novalidate=true onsubmit={form.onsubmit.clone()}>
                <Field name={NAME} label={Text::AppName} kind={Kind::Text} initial={app.name.clone()}
                    hint={site.text(Text::NewAppNameHint)} wrong={wrong()} />
                <Check name={CONSENT} label={site.text(Text::SettingConsent)} initial={settings.consent}
                    hint={site.text(Text::SettingConsentHint)} />
                <Field name={CUSTOMER_NAME} label={Text::SettingCustomerName} kind={Kind::Text} optional=true
                    initial={settings.customer_name.clone().unwrap_or_default()}
                    hint={site.text(Text::SettingCustomerNameHint)} wrong={wrong()} />
                <Field name={TERMS_URL} label={Text::SettingTermsUrl} kind={Kind::Address} optional=true
                    initial={settings.terms_url.clone().unwrap_or_default()}
                    hint={site.text(Text::SettingTermsUrlHint)} wrong={wrong()} />
                <Field name={CONSENT_DAYS} label={Text::SettingConsentDays} kind={Kind::Text}
                    initial={settings.consent_days.to_string()} hint={site.text(Text::SettingConsentDaysHint)}
                    wrong={wrong()} />
                <Choice name={ACCOUNT_SELECTION} label={Text::SettingSelection} options={selections.to_vec()}
                    initial={selected.map_or("none", |(_, sent, _)| sent)} />
                <Field name={DEFAULT_COUNTRY} label={Text::SettingCountry} kind={Kind::Text} optional=true
                    initial={settings.default_country.clone().unwrap_or_default()}
                    hint={site.text(Text::SettingCountryHint)} wrong={wrong()} />
                <Field name={LINK_CODE_MINUTES} label={Text::SettingCodeMinutes} kind={Kind::Text}
                    initial={(settings.link_code_lifetime / 60).to_string()}
                    hint={site.text(Text::SettingCodeMinutesHint)} wrong={wrong()} />
                <Check name={FORCE_AUTHORIZE_TOKEN} label={site.text(Text::SettingForce)}
                    initial={settings.force_authorize_token} hint={site.text(Text::SettingForceHint)} />
                {field::send(&form, site.text(Text::Save), site.text(Text::Working))}
            </form>
        </>
    }
}

/// What the form says that they are to be.
fn wanted(site: &Site, app: &App, values: &Values) -> Result<AppSettings, Refusal> {
    let number =
        |name: &'static str, fault| values.text(name).parse::<u32>().map_err(|_| Refusal::of(name, site.text(fault)));
    let minutes = number(LINK_CODE_MINUTES, Text::SettingCodeMinutesWrong)?;
    let is_kept = minutes == app.settings.link_code_lifetime / 60;
    let days = number(CONSENT_DAYS, Text::SettingConsentDaysWrong)?;
    let selection = values.text(ACCOUNT_SELECTION);
    Ok(AppSettings {
        consent: values.has(CONSENT),
        customer_name: values.some(CUSTOMER_NAME),
        terms_url: values.some(TERMS_URL),
        force_authorize_token: values.has(FORCE_AUTHORIZE_TOKEN),
        default_country: values.some(DEFAULT_COUNTRY).map(|country| country.to_ascii_uppercase()),
        // Seconds that an API client set are not rounded by who changes something else.
        link_code_lifetime: if is_kept { app.settings.link_code_lifetime } else { minutes.saturating_mul(60) },
        consent_days: days
            .try_into()
            .map_err(|_| Refusal::of(CONSENT_DAYS, site.text(Text::SettingConsentDaysWrong)))?,
        account_selection: SELECTIONS
            .iter()
            .find(|(_, sent, _)| *sent == selection)
            .map_or(app.settings.account_selection, |(selection, ..)| *selection),
        institutions: app.settings.institutions.clone(),
    })
}

/// What of them differs from what they were: what somebody else changed meanwhile stays.
fn differing(before: &AppSettings, after: &AppSettings) -> Map<String, Value> {
    let fields = |settings| match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let before = fields(before);
    fields(after).into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect()
}

async fn change(site: &Site, app: &App, values: &Values) -> Result<(), Refusal> {
    let name = values.some(NAME).ok_or_else(|| Refusal::of(NAME, site.text(Text::NameWrong)))?;
    let settings = differing(&app.settings, &wanted(site, app, values)?);
    let mut request = json!({ "settings": settings });
    if name != app.name {
        request["name"] = name.into();
    }
    let changed = api::patch::<App>("app", About::App(&app.id), &Version::Any, &request).await;
    changed.map(drop).map_err(|failure| refusal(site, failure))
}

fn refusal(site: &Site, failure: Failure) -> Refusal {
    let faults = [
        (NAME, NAME, Text::NameWrong),
        ("settings.customer_name", CUSTOMER_NAME, Text::SettingCustomerNameWrong),
        ("settings.terms_url", TERMS_URL, Text::SettingTermsUrlWrong),
        ("settings.default_country", DEFAULT_COUNTRY, Text::SettingCountryWrong),
        ("settings.link_code_lifetime", LINK_CODE_MINUTES, Text::SettingCodeMinutesWrong),
        ("settings.consent_days", CONSENT_DAYS, Text::SettingConsentDaysWrong),
    ];
    let parameter = failure.parameter().unwrap_or_default();
    match faults.into_iter().find(|(sent, ..)| *sent == parameter) {
        Some((_, field, text)) if failure.code() == Some(ProblemCode::InvalidParameter) => {
            Refusal::of(field, site.text(text))
        }
        _ => failure.into(),
    }
}
