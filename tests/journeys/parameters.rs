//! Parameters of the page's address (`docs/parameters.md`): every row of the table, in all its spellings, does what the
//! table says. What that is, is seen by the person, heard by the host, where the browser goes, or what the app's server
//! reads afterwards.

mod binding;
mod consent;
mod data;
mod ending;
mod entering;
mod ground;
mod looks;
mod returning;
mod talking;
mod values;

use std::pin::Pin;

use banklink_protocol::parameters::{PARAMETERS, ParameterName};

use self::ground::{Ground, Row, on_ground};
use crate::stage::{Allowed, Outcome};

/// What rows are about. The rows of one theme share a server and a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theme {
    /// What opens the widget, and where the person begins.
    Entering,
    /// People of connections who come back.
    Returning,
    /// What the consent screen says.
    Consent,
    /// What the widget looks like.
    Looks,
    /// How the widget talks to the page around it.
    Talking,
    /// How it talks to an app that watches where its webview goes: not every browser here tells that.
    Navigating,
    /// Where the person goes.
    Ending,
    /// What the app gets.
    Data,
}

/// Proves a row in one of its spellings.
type Proof = for<'a> fn(Row<'a>) -> Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// How a row is proved. A parameter without a proof does not compile.
fn proof_of(name: ParameterName) -> (Theme, Proof) {
    use ParameterName as Name;
    use Theme::{Consent, Data, Ending, Entering, Looks, Navigating, Returning, Talking};
    match name {
        Name::LinkToken => (Entering, |row| Box::pin(entering::link_token(row))),
        Name::AuthorizeToken => (Entering, |row| Box::pin(entering::authorize_token(row))),
        Name::Demo => (Entering, |row| Box::pin(entering::demo(row))),
        Name::Institution => (Entering, |row| Box::pin(entering::institution(row))),
        Name::Country => (Entering, |row| Box::pin(entering::country(row))),
        Name::InstitutionFilterEnable => (Entering, |row| Box::pin(entering::institution_filter_enable(row))),
        Name::RequestId => (Entering, |row| Box::pin(entering::request_id(row))),
        Name::ScaToken => (Returning, |row| Box::pin(returning::sca_token(row))),
        Name::ResetToken => (Returning, |row| Box::pin(returning::reset_token(row))),
        Name::TransactionToken => (Returning, |row| Box::pin(returning::transaction_token(row))),
        Name::RedirectUrl => (Ending, |row| Box::pin(ending::redirect_url(row))),
        Name::InnerRedirect => (Ending, |row| Box::pin(ending::inner_redirect(row))),
        Name::OauthWindowRedirect => (Ending, |row| Box::pin(ending::oauth_window_redirect(row))),
        Name::JsRedirect => (Ending, |row| Box::pin(ending::js_redirect(row))),
        Name::Rollback => (Ending, |row| Box::pin(ending::rollback(row))),
        Name::Webview => (Talking, |row| Box::pin(talking::webview(row))),
        Name::WebviewScheme => (Navigating, |row| Box::pin(talking::webview_scheme(row))),
        Name::Stringify => (Talking, |row| Box::pin(talking::stringify(row))),
        Name::Language => (Looks, |row| Box::pin(looks::language(row))),
        Name::Theme => (Looks, |row| Box::pin(looks::theme(row))),
        Name::BackgroundColor => (Looks, |row| Box::pin(looks::background_color(row))),
        Name::ForegroundColor1 => (Looks, |row| Box::pin(looks::foreground_color_1(row))),
        Name::ForegroundColor2 => (Looks, |row| Box::pin(looks::foreground_color_2(row))),
        Name::HeaderEnable => (Looks, |row| Box::pin(looks::header_enable(row))),
        Name::BackEnable => (Looks, |row| Box::pin(looks::back_enable(row))),
        Name::CloseEnable => (Looks, |row| Box::pin(looks::close_enable(row))),
        Name::ConsentEnable => (Consent, |row| Box::pin(consent::consent_enable(row))),
        Name::CustomerName => (Consent, |row| Box::pin(consent::customer_name(row))),
        Name::TermsUrl => (Consent, |row| Box::pin(consent::terms_url(row))),
        Name::Features => (Consent, |row| Box::pin(consent::features(row))),
        Name::AccountSelectorEnable => (Data, |row| Box::pin(data::account_selector_enable(row))),
        Name::AccountSelectorMultiple => (Data, |row| Box::pin(data::account_selector_multiple(row))),
        Name::AccountSelectorCurrency => (Data, |row| Box::pin(data::account_selector_currency(row))),
        Name::DaysOfTransactions => (Data, |row| Box::pin(data::days_of_transactions(row))),
        Name::WithTransactions => (Data, |row| Box::pin(data::with_transactions(row))),
        Name::ScheduleRefresh => (Data, |row| Box::pin(data::schedule_refresh(row))),
        Name::MaximumRetry => (Data, |row| Box::pin(data::maximum_retry(row))),
        Name::Tag => (Data, |row| Box::pin(data::tag(row))),
        Name::ExternalId => (Data, |row| Box::pin(data::external_id(row))),
    }
}

/// Proves every row of a theme in every spelling, with quiet consoles but for what is allowed.
#[expect(clippy::print_stdout, reason = "says which row it was, where the test fails")]
async fn every_row_of(theme: Theme, allowed: Allowed) -> Outcome {
    on_ground(allowed, async |ground: &Ground<'_>| {
        for parameter in PARAMETERS {
            let (of, proof) = proof_of(parameter.name);
            if of != theme {
                continue;
            }
            for spelling in parameter.spellings {
                println!("── {spelling}");
                proof(Row { ground, spelling, scope: parameter.scope }).await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_row_of_what_opens_the_widget_does_what_the_table_says() -> Outcome {
    every_row_of(Theme::Entering, Allowed::RefusedRequests).await
}

#[tokio::test]
async fn every_row_of_what_brings_people_back_does_what_the_table_says() -> Outcome {
    every_row_of(Theme::Returning, Allowed::RefusedRequests).await
}

#[tokio::test]
async fn every_row_of_the_consent_does_what_the_table_says() -> Outcome {
    every_row_of(Theme::Consent, Allowed::Nothing).await
}

#[tokio::test]
async fn every_row_of_the_looks_does_what_the_table_says() -> Outcome {
    every_row_of(Theme::Looks, Allowed::Nothing).await
}

#[tokio::test]
async fn every_row_of_the_messages_does_what_the_table_says() -> Outcome {
    every_row_of(Theme::Talking, Allowed::Nothing).await
}

#[tokio::test]
async fn every_row_of_the_navigations_does_what_the_table_says() -> Outcome {
    every_row_of(Theme::Navigating, Allowed::Nothing).await
}

#[tokio::test]
async fn every_row_of_the_ending_does_what_the_table_says() -> Outcome {
    every_row_of(Theme::Ending, Allowed::RefusedRequests).await
}

#[tokio::test]
async fn every_row_of_the_data_does_what_the_table_says() -> Outcome {
    every_row_of(Theme::Data, Allowed::Nothing).await
}
