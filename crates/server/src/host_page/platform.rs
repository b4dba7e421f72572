//! The calls of the platform API that the example needs.

use std::time::Duration;

use banklink_protocol::{
    ids::{AccountId, ConnectionId},
    secret::Secret,
};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;
use url::Url;

use super::error::HostPageError;

/// A person waits for the answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The platform API, as the app with this secret.
pub(super) struct Platform {
    client: Client,
    base: Url,
    client_secret: Secret,
}

/// A connection, as the exchange answers it.
#[derive(Deserialize)]
pub(super) struct Connection {
    pub(super) id: ConnectionId,
    pub(super) institution: Institution,
    pub(super) status: String,
    /// Our own id of the person, bound to the token that opened the widget.
    pub(super) external_id: Option<String>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Institution {
    name: String,
    country: String,
}

#[derive(Deserialize)]
pub(super) struct Account {
    pub(super) id: AccountId,
    pub(super) name: String,
    pub(super) currency: String,
    pub(super) last_digits: String,
    pub(super) balance: Balance,
}

/// Decimal digits, as `-1234.50`.
#[derive(Deserialize)]
pub(super) struct Balance {
    pub(super) current: String,
}

#[derive(Deserialize)]
pub(super) struct Transaction {
    /// As `2026-01-31`.
    pub(super) date: String,
    pub(super) description: String,
    pub(super) amount: String,
}

#[derive(Deserialize)]
struct AuthorizeToken {
    token: Secret,
}

#[derive(Deserialize)]
struct Exchanged {
    connection: Connection,
}

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    /// Where the next page begins, if there is one.
    #[serde(default = "Option::default")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct UnusedCode {
    code: Secret,
    connection_id: ConnectionId,
}

impl Platform {
    pub(super) fn new(base: Url, client_secret: Secret) -> Self {
        // The demo's API is on this machine, where a proxy of the environment could not find it.
        let client = Client::builder().no_proxy().build().unwrap_or_default();
        Self { client, base, client_secret }
    }

    /// A token that opens the widget once. What is bound to it can't be changed in the widget's URL, so it is the
    /// place to say who the person is.
    pub(super) async fn authorize_token(&self, person: &str) -> Result<Secret, HostPageError> {
        let address = self.address(&["authorize_tokens"]);
        let request = self.client.post(address).json(&json!({ "parameters": { "external_id": person } }));
        Ok(self.send::<AuthorizeToken>(request).await?.token)
    }

    /// Trades the code of a flow that ended well, which works once.
    pub(super) async fn exchange(&self, code: &Secret) -> Result<Connection, HostPageError> {
        let address = self.address(&["link_codes", "exchange"]);
        let request = self.client.post(address).json(&json!({ "code": code.expose() }));
        Ok(self.send::<Exchanged>(request).await?.connection)
    }

    /// A connection of the app's.
    pub(super) async fn connection(&self, id: &ConnectionId) -> Result<Option<Connection>, HostPageError> {
        let address = self.address(&["connections", id.as_str()]);
        match self.send(self.client.get(address)).await {
            Err(HostPageError::Refused { status: StatusCode::NOT_FOUND, .. }) => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// The code of a connection that nobody exchanged yet.
    pub(super) async fn unused_code(&self, connection: &ConnectionId) -> Result<Option<Secret>, HostPageError> {
        let mut cursor: Option<String> = None;
        loop {
            let mut address = self.address(&["link_codes"]);
            if let Some(cursor) = &cursor {
                address.query_pairs_mut().append_pair("cursor", cursor);
            }
            let page: Page<UnusedCode> = self.send(self.client.get(address)).await?;
            if let Some(found) = page.items.into_iter().find(|code| code.connection_id == *connection) {
                return Ok(Some(found.code));
            }
            if page.next.is_none() {
                return Ok(None);
            }
            cursor = page.next;
        }
    }

    /// The accounts that the person shared.
    pub(super) async fn accounts(&self, connection: &ConnectionId) -> Result<Vec<Account>, HostPageError> {
        let address = self.address(&["connections", connection.as_str(), "accounts"]);
        Ok(self.send::<Page<Account>>(self.client.get(address)).await?.items)
    }

    /// An account's latest transactions.
    pub(super) async fn transactions(
        &self,
        connection: &ConnectionId,
        account: &AccountId,
        limit: usize,
    ) -> Result<Vec<Transaction>, HostPageError> {
        let path = ["connections", connection.as_str(), "accounts", account.as_str(), "transactions"];
        let mut address = self.address(&path);
        address.query_pairs_mut().append_pair("limit", &limit.to_string());
        Ok(self.send::<Page<Transaction>>(self.client.get(address)).await?.items)
    }

    fn address(&self, path: &[&str]) -> Url {
        below(&below(&self.base, &["platform", "v1"]), path)
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, HostPageError> {
        let request = request.bearer_auth(self.client_secret.expose()).timeout(TIMEOUT);
        let response = request.send().await.map_err(HostPageError::Unreachable)?;
        let status = response.status();
        if !status.is_success() {
            return Err(HostPageError::Refused { status, problem: response.json().await.ok() });
        }
        response.json().await.map_err(HostPageError::Unreadable)
    }
}

/// The address of `path` below `base`, whatever is in the segments.
pub(super) fn below(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}
