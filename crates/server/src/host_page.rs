//! The demo's host page: an app of its own origin and site that embeds the widget.
//!
//! It is the example that an integrator copies, so it uses nothing but what an integrator has: the app's secret, the
//! platform API over HTTP, and the widget's `embed.js`. The browser's side is `host_page/host.js`, the server's side is
//! here: a token before the widget opens, the exchange of the code when it ends, then accounts and transactions.
//!
//! `/plain` does without `embed.js`: an iframe and a listener (`host_page/plain.{html,js}`), as seed 002 prints them.
//!
//! **Whose bank is it?** The code comes back through a browser, and anybody can make a browser send anything: somebody who
//! linked a bank of their own could have a visitor's browser deliver their code, and the visitor's next salary would be
//! counted in front of a stranger. So each token is bound to the person who asked for it (`external_id`, which the
//! widget's address can't change), and what a code turns into is taken only if it says the same person. A code from a link
//! that was opened by itself says nobody, and is not taken either.

mod error;
mod pages;
mod platform;
mod same_origin;
mod shown;
#[cfg(test)]
mod tests;
mod visitor;

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::{HeaderValue, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use banklink_protocol::{ids::ConnectionId, secret::Secret};
use serde::{Deserialize, Serialize};
use url::Url;

use self::{
    error::HostPageError,
    platform::{Connection, Platform},
    shown::{ShownConnection, ShownData, ShownTransaction},
    visitor::Visitor,
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
    /// Token of the app's link, which leads back to this page's `/callback`.
    pub link_token: String,
}

/// Largest body that a browser may send: a code is all there is in one.
const MAX_BODY: usize = 4 * 1024;

/// How many transactions the page shows, and asks for per account.
const TRANSACTIONS_SHOWN: usize = 10;

struct HostPage {
    platform: Platform,
    widget_base: Url,
    link_token: String,
}

/// The host page's site.
pub fn router(config: HostPageConfig) -> Router {
    let policy = pages::content_security_policy(&config.widget_base);
    let host = Arc::new(HostPage {
        platform: Platform::new(config.api_base, config.client_secret),
        widget_base: config.widget_base,
        link_token: config.link_token,
    });
    let calls = Router::new()
        .route("/api/token", post(token))
        .route("/api/exchange", post(exchange))
        .route("/api/arrived", post(arrived))
        .layer(middleware::from_fn(same_origin::require))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        // Followed from anywhere, as links are: it begins something for whoever follows it, and ends nothing.
        .route("/start-link", get(start_link))
        .route("/plain", get(plain))
        .layer(middleware::map_response(|response| with_header(response, header::CACHE_CONTROL, "no-store")));
    let files = Router::new()
        .route("/", get(pages::index))
        .route("/callback", get(pages::index))
        .route("/host.js", get(|| pages::file("host.js", "text/javascript; charset=utf-8")))
        .route("/plain.js", get(|| pages::file("plain.js", "text/javascript; charset=utf-8")))
        .route("/host.css", get(|| pages::file("host.css", "text/css; charset=utf-8")))
        .route("/icon.svg", get(|| pages::file("icon.svg", "image/svg+xml")))
        .layer(middleware::map_response(|response| with_header(response, header::CACHE_CONTROL, "no-cache")));
    files
        .merge(calls)
        .layer(middleware::from_fn(visitor::recognise))
        .layer(middleware::map_response(move |response| pages::with_headers(response, policy.clone())))
        .with_state(host)
}

/// Leads people who open the widget's own origin to the host page at `host`: there is nothing else to see.
pub fn front_door(host: &Url) -> Router {
    let to = |path: &str| {
        let address = platform::below(host, &[path]);
        get(move || async move { Redirect::temporary(address.as_str()) })
    };
    Router::new().route("/", to("")).route("/favicon.ico", to("icon.svg"))
}

#[derive(Serialize)]
struct TokenAnswer {
    /// Not a secret from the person's browser, which opens the widget with it; good for one session.
    token: Secret,
}

/// `POST /api/token`: a token for one session.
async fn token(
    State(host): State<Arc<HostPage>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<TokenAnswer>, HostPageError> {
    let token = host.platform.authorize_token(&visitor.id()).await?;
    Ok(Json(TokenAnswer { token }))
}

/// `GET /start-link`: the app's link as a page of its own, with a token that says for whom.
async fn start_link(State(host): State<Arc<HostPage>>, Extension(visitor): Extension<Visitor>) -> Response {
    let lead = |token: &Secret| Redirect::to(link_url(&host.widget_base, &host.link_token, token).as_str());
    host.begin(&visitor, lead).await
}

/// `GET /plain`: the page that does without `embed.js`, with a token in its frame's address.
async fn plain(State(host): State<Arc<HostPage>>, Extension(visitor): Extension<Visitor>) -> Response {
    host.begin(&visitor, |token| pages::plain(&host.widget_base, token)).await
}

#[derive(Deserialize)]
struct ExchangeRequest {
    code: Secret,
}

/// `POST /api/exchange`: trades the code for the connection, and reads what the page shows of it.
async fn exchange(
    State(host): State<Arc<HostPage>>,
    Extension(visitor): Extension<Visitor>,
    body: Result<Json<ExchangeRequest>, JsonRejection>,
) -> Result<Json<ShownConnection>, HostPageError> {
    let Json(request) = body?;
    host.take(&request.code, &visitor).await.map(Json)
}

#[derive(Deserialize)]
struct ArrivedRequest {
    login_id: ConnectionId,
}

/// `POST /api/arrived`: the same where the browser came back without a code, from `/v2/` as a page of its own. The id in
/// its address proves nothing; the connection has to be this person's, and its code unused. `null`: there is none.
///
/// Apps on phones that can't see the redirect look for codes in this way.
async fn arrived(
    State(host): State<Arc<HostPage>>,
    Extension(visitor): Extension<Visitor>,
    body: Result<Json<ArrivedRequest>, JsonRejection>,
) -> Result<Json<Option<ShownConnection>>, HostPageError> {
    let Json(request) = body?;
    let found = host.platform.connection(&request.login_id).await?;
    let Some(connection) = found.filter(|connection| belongs_to(connection, &visitor)) else { return Ok(Json(None)) };
    let Some(code) = host.platform.unused_code(&connection.id).await? else { return Ok(Json(None)) };
    host.take(&code, &visitor).await.map(|shown| Json(Some(shown)))
}

fn belongs_to(connection: &Connection, visitor: &Visitor) -> bool {
    connection.external_id.as_deref() == Some(visitor.id().as_str())
}

impl HostPage {
    /// Answers a visitor who follows a link with what a new token is for; or leads them to the page that says that it
    /// does not work now.
    async fn begin<R: IntoResponse>(&self, visitor: &Visitor, answer: impl FnOnce(&Secret) -> R) -> Response {
        match self.platform.authorize_token(&visitor.id()).await {
            Ok(token) => answer(&token).into_response(),
            Err(error) => {
                error.log();
                Redirect::to("/callback?error=RETRY_LATER").into_response()
            }
        }
    }

    /// Exchanges a code. An app of yours stores the connection's id and token with the person's account at this point, and
    /// reads the data when it needs it; the answer's `connection_token` and `extra` are left unread here.
    async fn take(&self, code: &Secret, visitor: &Visitor) -> Result<ShownConnection, HostPageError> {
        let connection = self.platform.exchange(code).await?;
        if !belongs_to(&connection, visitor) {
            return Err(HostPageError::NotBegunHere);
        }
        // The bank is connected, whether its data can be read at once or not.
        let data = self.read(&connection.id).await.inspect_err(HostPageError::log).ok();
        Ok(ShownConnection { institution: connection.institution, status: connection.status, data })
    }

    async fn read(&self, connection: &ConnectionId) -> Result<ShownData, HostPageError> {
        let accounts = self.platform.accounts(connection).await?;
        let mut transactions = Vec::new();
        for account in &accounts {
            let items = self.platform.transactions(connection, &account.id, TRANSACTIONS_SHOWN).await?;
            transactions.extend(items.into_iter().map(|item| ShownTransaction::new(item, account)));
        }
        transactions.sort_by(|one, other| other.date.cmp(&one.date));
        transactions.truncate(TRANSACTIONS_SHOWN);
        Ok(ShownData { accounts: accounts.into_iter().map(Into::into).collect(), transactions })
    }
}

/// The app's link as seed 000 prints it, with a token that says for whom.
fn link_url(base: &Url, link: &str, token: &Secret) -> Url {
    let mut url = platform::below(base, &["link"]);
    url.query_pairs_mut().append_pair("token", link).append_pair("authorizeToken", token.expose());
    url
}

#[expect(clippy::unused_async, reason = "middleware is a future")]
async fn with_header(mut response: Response, name: header::HeaderName, value: &'static str) -> Response {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}
