//! The demo's host page: an app of its own origin and site that embeds the widget.
//!
//! It is the example that an integrator copies, so it uses nothing but what an integrator has: the app's secret and
//! the platform API over HTTP. The browser's side is `host_page/host.js`, the server's side is here, four calls in
//! all: a token before the widget opens, the exchange of the code when it ends, then accounts and transactions.

mod error;
mod platform;
mod same_origin;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use banklink_protocol::secret::Secret;
use rust_embed::Embed;
use serde::{Deserialize, Serialize};
use url::Url;

use self::{
    error::HostPageError,
    platform::{Account, Institution, Platform, Transaction},
};

/// What the host page needs to know.
#[derive(Clone, Debug)]
pub struct HostPageConfig {
    /// Where browsers find the widget, as `http://127.0.0.1:8080`.
    pub widget_base: Url,
    /// Where this server finds the platform API; often the same.
    pub api_base: Url,
    /// A client secret of the app. It stays here.
    pub client_secret: Secret,
}

/// Largest body that a browser may send: a code is all there is in one.
const MAX_BODY: usize = 4 * 1024;

/// How many transactions the page shows, and asks for per account.
const TRANSACTIONS_SHOWN: usize = 10;

/// The example has no sign-in: this stands for the id of the person who is signed in to your app.
const SIGNED_IN_PERSON: &str = "tuppence-demo-person";

#[derive(Embed)]
#[folder = "host_page"]
struct Assets;

struct HostPage {
    platform: Platform,
    widget_base: Url,
}

/// The host page's site.
pub fn router(config: HostPageConfig) -> Router {
    let policy = content_security_policy(&config.widget_base);
    let host = Arc::new(HostPage {
        platform: Platform::new(config.api_base, config.client_secret),
        widget_base: config.widget_base,
    });
    let calls = Router::new()
        .route("/api/token", post(token))
        .route("/api/exchange", post(exchange))
        .layer(middleware::from_fn(same_origin::require))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::map_response(|response| with_header(response, header::CACHE_CONTROL, "no-store")));
    let page = Router::new()
        .route("/", get(|| asset("index.html", "text/html; charset=utf-8")))
        .route("/callback", get(|| asset("index.html", "text/html; charset=utf-8")))
        .route("/host.js", get(|| asset("host.js", "text/javascript; charset=utf-8")))
        .route("/host.css", get(|| asset("host.css", "text/css; charset=utf-8")))
        .route("/icon.svg", get(|| asset("icon.svg", "image/svg+xml")))
        .layer(middleware::map_response(|response| with_header(response, header::CACHE_CONTROL, "no-cache")));
    page.merge(calls)
        .layer(middleware::map_response(move |response| with_page_headers(response, policy.clone())))
        .with_state(host)
}

#[derive(Serialize)]
struct TokenAnswer {
    /// Not a secret from the person's browser, which opens the widget with it; good for one session.
    token: Secret,
    widget_url: String,
}

/// `POST /api/token`: a token for one session, and where the widget opens with it.
async fn token(State(host): State<Arc<HostPage>>) -> Result<Json<TokenAnswer>, HostPageError> {
    let token = host.platform.authorize_token(SIGNED_IN_PERSON).await?;
    let widget_url = widget_url(&host.widget_base, &token).into();
    Ok(Json(TokenAnswer { token, widget_url }))
}

#[derive(Deserialize)]
struct ExchangeRequest {
    code: Secret,
}

#[derive(Serialize)]
struct ExchangeAnswer {
    institution: Institution,
    status: String,
    accounts: Vec<ShownAccount>,
    transactions: Vec<ShownTransaction>,
}

/// What the page shows of an account. The full number stays on the server.
#[derive(Serialize)]
struct ShownAccount {
    name: String,
    last_digits: String,
    balance: String,
    currency: String,
}

#[derive(Serialize)]
struct ShownTransaction {
    date: String,
    description: String,
    amount: String,
    currency: String,
}

/// `POST /api/exchange`: trades the code for the connection, and reads what the page shows of it.
///
/// An app of yours stores the connection's id and token with the person's account at this point, and reads the data
/// when it needs it. The answer's `connection_token` and `extra` are left unread here.
async fn exchange(
    State(host): State<Arc<HostPage>>,
    body: Result<Json<ExchangeRequest>, JsonRejection>,
) -> Result<Json<ExchangeAnswer>, HostPageError> {
    let Json(request) = body?;
    let connection = host.platform.exchange(&request.code).await?;
    // A code from somebody else's flow, slipped to this person's browser, must not attach that bank to this person.
    if connection.external_id.as_deref() != Some(SIGNED_IN_PERSON) {
        return Err(HostPageError::AnotherPerson);
    }
    let accounts = host.platform.accounts(&connection.id).await?;
    let mut transactions = Vec::new();
    for account in &accounts {
        let items = host.platform.transactions(&connection.id, &account.id, TRANSACTIONS_SHOWN).await?;
        transactions.extend(items.into_iter().map(|item| ShownTransaction::new(item, account)));
    }
    transactions.sort_by(|one, other| other.date.cmp(&one.date));
    transactions.truncate(TRANSACTIONS_SHOWN);
    Ok(Json(ExchangeAnswer {
        institution: connection.institution,
        status: connection.status,
        accounts: accounts.into_iter().map(ShownAccount::from).collect(),
        transactions,
    }))
}

impl From<Account> for ShownAccount {
    fn from(account: Account) -> Self {
        Self {
            name: account.name,
            last_digits: account.last_digits,
            balance: account.balance.current,
            currency: account.currency,
        }
    }
}

impl ShownTransaction {
    fn new(transaction: Transaction, account: &Account) -> Self {
        Self {
            date: transaction.date,
            description: transaction.description,
            amount: transaction.amount,
            currency: account.currency.clone(),
        }
    }
}

/// The widget's address as seed 002 prints it; `jsRedirect` leaves the end of the flow to `host.js`.
fn widget_url(base: &Url, token: &Secret) -> Url {
    let mut url = platform::below(base, &["v2", ""]);
    url.query_pairs_mut()
        .append_pair("demo", "true")
        .append_pair("authorizeToken", token.expose())
        .append_pair("jsRedirect", "true");
    url
}

/// This page runs its own script and frames the widget; nothing else.
fn content_security_policy(widget_base: &Url) -> String {
    let widget = widget_base.origin().ascii_serialization();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         frame-src {widget}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
}

#[expect(clippy::unused_async, reason = "handlers are futures")]
async fn asset(name: &str, content_type: &'static str) -> Response {
    match Assets::get(name) {
        Some(file) => ([(header::CONTENT_TYPE, content_type)], file.data).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[expect(clippy::unused_async, reason = "middleware is a future")]
async fn with_header(mut response: Response, name: header::HeaderName, value: &'static str) -> Response {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

#[expect(clippy::unused_async, reason = "middleware is a future")]
async fn with_page_headers(mut response: Response, policy: String) -> Response {
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    response
}
