//! What the parameters of the widget's address do, in the language of the page.

use banklink_platform::texts::Text;
use banklink_protocol::parameters::{Parameter, ParameterName};
use yew::AttrValue;

use crate::site::Site;

/// What it does, and what holds without it; nothing for those that no link carries.
pub(super) fn hint(site: &Site, parameter: &Parameter) -> Option<AttrValue> {
    let effect = site.text(effect(parameter.name)?);
    let without = site.fill(Text::ParameterWithout, &[("default", &default(site, parameter.default))]);
    Some(format!("{effect}; {without}").into())
}

/// As the table says it: words, or a value as it is written in an address.
fn default(site: &Site, said: &'static str) -> AttrValue {
    let text = match said {
        "none" => Text::DefaultNone,
        "any" => Text::DefaultAny,
        "the app's" => Text::DefaultOfApp,
        "the theme's" => Text::DefaultOfTheme,
        "the link's, or the app's first" => Text::DefaultOfLink,
        "the browser's, else en" => Text::DefaultOfBrowser,
        "as many as there are" => Text::DefaultAllThere,
        value => return value.into(),
    };
    site.text(text)
}

const fn effect(name: ParameterName) -> Option<Text> {
    Some(match name {
        ParameterName::Demo => Text::ParameterDemo,
        ParameterName::Institution => Text::ParameterInstitution,
        ParameterName::Country => Text::ParameterCountry,
        ParameterName::RedirectUrl => Text::ParameterRedirectUrl,
        ParameterName::InnerRedirect => Text::ParameterInnerRedirect,
        ParameterName::OauthWindowRedirect => Text::ParameterOauthWindowRedirect,
        ParameterName::Webview => Text::ParameterWebview,
        ParameterName::WebviewScheme => Text::ParameterWebviewScheme,
        ParameterName::Stringify => Text::ParameterStringify,
        ParameterName::JsRedirect => Text::ParameterJsRedirect,
        ParameterName::Rollback => Text::ParameterRollback,
        ParameterName::Language => Text::ParameterLanguage,
        ParameterName::Theme => Text::ParameterTheme,
        ParameterName::BackgroundColor => Text::ParameterBackgroundColor,
        ParameterName::ForegroundColor1 => Text::ParameterForegroundColor1,
        ParameterName::ForegroundColor2 => Text::ParameterForegroundColor2,
        ParameterName::HeaderEnable => Text::ParameterHeaderEnable,
        ParameterName::BackEnable => Text::ParameterBackEnable,
        ParameterName::CloseEnable => Text::ParameterCloseEnable,
        ParameterName::InstitutionFilterEnable => Text::ParameterInstitutionFilterEnable,
        ParameterName::ConsentEnable => Text::ParameterConsentEnable,
        ParameterName::AccountSelectorEnable => Text::ParameterAccountSelectorEnable,
        ParameterName::AccountSelectorMultiple => Text::ParameterAccountSelectorMultiple,
        ParameterName::AccountSelectorCurrency => Text::ParameterAccountSelectorCurrency,
        ParameterName::DaysOfTransactions => Text::ParameterDaysOfTransactions,
        ParameterName::WithTransactions => Text::ParameterWithTransactions,
        ParameterName::ScheduleRefresh => Text::ParameterScheduleRefresh,
        ParameterName::MaximumRetry => Text::ParameterMaximumRetry,
        ParameterName::Tag => Text::ParameterTag,
        ParameterName::ExternalId => Text::ParameterExternalId,
        ParameterName::LinkToken
        | ParameterName::AuthorizeToken
        | ParameterName::ScaToken
        | ParameterName::ResetToken
        | ParameterName::TransactionToken
        | ParameterName::RequestId
        | ParameterName::CustomerName
        | ParameterName::TermsUrl
        | ParameterName::Features => return None,
    })
}
