//! What operators set for an app.

use banklink_platform::{
    apps::{AccountSelection, App, AppSettings, InstitutionList},
    ids::AppId,
    texts::Text,
};
use banklink_protocol::problem::ProblemCode;
use serde::Serialize;
use serde_json::{Map, Value};
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::{
    api::{self, About, Failure, Version},
    site::{Site, use_site},
    ui::{
        field::{self, Check, Choice, Field, Kind},
        form::{Refusal, Values, use_form},
        seen::{Seen, use_seen},
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
    /// What the app was like then.
    pub(super) version: Version,
    /// Reads the app anew.
    pub(super) again: Callback<()>,
}

/// What the form shows of an app.
#[derive(Clone, PartialEq)]
struct Shown {
    name: String,
    /// But for the institutions, which have a page of their own.
    settings: AppSettings,
}

impl Shown {
    fn of(app: &App) -> Self {
        let settings = AppSettings { institutions: InstitutionList::default(), ..app.settings.clone() };
        Self { name: app.name.clone(), settings }
    }

    /// What of it differs from what it was, as it is sent: what somebody else changed meanwhile stays.
    fn since(&self, before: &Self) -> Changes {
        let fields = |settings| match serde_json::to_value(settings) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let known = fields(&before.settings);
        let settings = fields(&self.settings).into_iter().filter(|(name, value)| known.get(name) != Some(value));
        Changes { name: (self.name != before.name).then(|| self.name.clone()), settings: settings.collect() }
    }
}

/// What is sent of them.
#[derive(Serialize)]
struct Changes {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    settings: Map<String, Value>,
}

impl Changes {
    /// Whether both change the same to something else.
    fn contradict(&self, other: &Self) -> bool {
        let differs = |(name, value): (&String, &Value)| other.settings.get(name).is_some_and(|other| other != value);
        let names = self.name.as_ref().zip(other.name.as_ref());
        names.is_some_and(|(name, other)| name != other) || self.settings.iter().any(differs)
    }
}

/// The section.
#[component]
pub(super) fn Settings(SettingsProps { app, version, again }: &SettingsProps) -> Html {
    let site = use_site();
    let seen = use_seen(version.clone(), Shown::of(app));
    let touch = seen.touched();
    let form = use_form({
        let (site, app, again) = (site.clone(), app.id.clone(), again.clone());
        move |values| {
            let (site, app, seen, again) = (site.clone(), app.clone(), seen.clone(), again.clone());
            async move {
                change(&site, &app, &seen, &values).await?;
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
            <form class="bl-form db-narrow" id="form-settings" novalidate=true oninput={touch} onsubmit={form.onsubmit.clone()}>
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

/// What the form says that it is to be.
fn wanted(site: &Site, before: &Shown, values: &Values) -> Result<Shown, Refusal> {
    let settings = &before.settings;
    let number =
        |name: &'static str, fault| values.text(name).parse::<u32>().map_err(|_| Refusal::of(name, site.text(fault)));
    let minutes = number(LINK_CODE_MINUTES, Text::SettingCodeMinutesWrong)?;
    let is_kept = minutes == settings.link_code_lifetime / 60;
    let days = number(CONSENT_DAYS, Text::SettingConsentDaysWrong)?;
    let selection = values.text(ACCOUNT_SELECTION);
    let settings = AppSettings {
        consent: values.has(CONSENT),
        customer_name: values.some(CUSTOMER_NAME),
        terms_url: values.some(TERMS_URL),
        force_authorize_token: values.has(FORCE_AUTHORIZE_TOKEN),
        default_country: values.some(DEFAULT_COUNTRY).map(|country| country.to_ascii_uppercase()),
        // Seconds that an API client set are not rounded by who changes something else.
        link_code_lifetime: if is_kept { settings.link_code_lifetime } else { minutes.saturating_mul(60) },
        consent_days: days
            .try_into()
            .map_err(|_| Refusal::of(CONSENT_DAYS, site.text(Text::SettingConsentDaysWrong)))?,
        account_selection: SELECTIONS
            .iter()
            .find(|(_, sent, _)| *sent == selection)
            .map_or(settings.account_selection, |(selection, ..)| *selection),
        institutions: settings.institutions.clone(),
    };
    let name = values.some(NAME).ok_or_else(|| Refusal::of(NAME, site.text(Text::NameWrong)))?;
    Ok(Shown { name, settings })
}

/// Two who change different things need not hear of each other; of two who change the same, the second is told.
async fn change(site: &Site, app: &AppId, seen: &Seen<Shown>, values: &Values) -> Result<(), Refusal> {
    let before = seen.of();
    let changes = wanted(site, &before, values)?.since(&before);
    let send = async |version: &Version| api::patch::<App>("app", About::App(app), version, &changes).await;
    let is_late = |failure: &Failure| failure.code() == Some(ProblemCode::PreconditionFailed);
    let mut sent = send(&seen.version()).await;
    if sent.as_ref().is_err_and(is_late) {
        let now = api::get_versioned::<App>("app", About::App(app)).await?;
        if !Shown::of(&now.thing).since(&before).contradict(&changes) {
            sent = send(&now.version).await;
        }
    }
    let changed =
        sent.map_err(|failure| if is_late(&failure) { seen.refusal(site, failure) } else { refusal(site, failure) })?;
    seen.saved(changed.version, Shown::of(&changed.thing));
    Ok(())
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
