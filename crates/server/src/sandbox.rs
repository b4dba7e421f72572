//! `banklink sandbox`: a throw-away server with demo data, and the host page beside it.

use std::{net::SocketAddr, path::Path};

use banklink_domain::{
    app::{App, AppMode, AppSettings, RedirectUri},
    client_secret::ClientSecret,
    ids::{AppId, ClientId, ClientSecretId, LinkId},
    link::{Link, LinkState, LinkToken},
    origin,
    text::{AppName, CustomerName, LinkName},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use url::Url;
use uuid::uuid;

use crate::{random, setup::SetUpError};
use banklink_store::{CreateLink, NewApp, Store};

/// The public toolbox credentials of seed 002, so that its examples work as printed. The sandbox has them; `serve` does
/// not.
pub mod toolbox {
    use uuid::{Uuid, uuid};

    /// `customerId`
    pub const CUSTOMER_ID: Uuid = uuid!("43387ca6-0391-4c82-857d-70d95f087ecb");
    /// Secret key, for `flinks-auth-key`
    pub const SECRET_KEY: &str = "c4569c54-e167-4d34-8de6-f4113bc82414";
    /// `x-api-key`
    pub const API_KEY: &str = "3d5266a8-b697-48d4-8de6-52e2e2662acc";
}

/// The demo app, whose page is the host page.
pub struct Demo {
    /// For the host page's own server.
    pub client_secret: Secret,
    /// Its link.
    pub link_token: String,
}

/// Makes the demo app and the toolbox app. `host` is the origin of the host page. A kept database has both already;
/// then only the demo app gets a new secret, since the old one is nowhere to be read.
pub async fn seed(store: &Store, host: &Url, theme: Option<&Path>, now: Timestamp) -> Result<Demo, SetUpError> {
    let client_secret = TokenKind::ClientSecret.mint(random::bytes());
    let app = demo_app(now)?;
    let callback =
        RedirectUri::parse(host.join("/callback").map_err(SetUpError::other)?.as_str()).map_err(SetUpError::other)?;
    let host_origin =
        origin::parse(&host.origin().ascii_serialization(), AppMode::Sandbox).map_err(SetUpError::other)?;
    let link = Link {
        id: LinkId::new(now, random::bytes()),
        app_id: app.id,
        token: LinkToken::mint(random::bytes()),
        redirect_uri: callback.clone(),
        name: LinkName::parse("Host page").map_err(SetUpError::other)?,
        state: LinkState::Active,
        created_at: now,
    };
    let new = NewApp {
        secret: Some(secret(&app, &client_secret, now)),
        redirect_uris: vec![callback.clone()],
        origins: vec![host_origin],
        app,
    };
    store.apps().create(&new).await?;
    if store.links().create(&link).await? != CreateLink::Created {
        return Err(SetUpError::other("the host page's address could not be registered"));
    }
    if let Some(theme) = theme {
        crate::setup::set_theme(store, &new.app, theme, now).await?;
    }
    seed_toolbox(store, callback, now).await?;
    Ok(Demo { client_secret, link_token: link.token.to_string() })
}

fn demo_app(now: Timestamp) -> Result<App, SetUpError> {
    Ok(App {
        id: AppId::new(now, random::bytes()),
        name: AppName::parse("Tuppence").map_err(SetUpError::other)?,
        mode: AppMode::Sandbox,
        client_id: ClientId::new(random::bytes()),
        data_key: TokenHash::of(&TokenKind::DataKey.mint(random::bytes())),
        settings: AppSettings { force_authorize_token: false, ..AppSettings::default() },
        created_at: now,
    })
}

async fn seed_toolbox(store: &Store, callback: RedirectUri, now: Timestamp) -> Result<(), SetUpError> {
    let client_id = ClientId::from_uuid(toolbox::CUSTOMER_ID);
    if store.apps().by_client_id(client_id).await?.is_some() {
        return Ok(());
    }
    let app = App {
        id: AppId::from_uuid(uuid!("01900000-0000-7000-8000-000000000001")),
        name: AppName::parse("Toolbox").map_err(SetUpError::other)?,
        mode: AppMode::Sandbox,
        client_id,
        data_key: TokenHash::of(&Secret::new(toolbox::API_KEY)),
        settings: AppSettings {
            force_authorize_token: false,
            customer_name: CustomerName::parse("Your app").ok(),
            ..AppSettings::default()
        },
        created_at: now,
    };
    let new = NewApp {
        secret: Some(secret(&app, &Secret::new(toolbox::SECRET_KEY), now)),
        redirect_uris: vec![callback],
        origins: vec![origin::parse(origin::LOCALHOST_PATTERN, AppMode::Sandbox).map_err(SetUpError::other)?],
        app,
    };
    store.apps().create(&new).await?;
    Ok(())
}

fn secret(app: &App, secret: &Secret, now: Timestamp) -> ClientSecret {
    ClientSecret::new(ClientSecretId::new(now, random::bytes()), app.id, TokenHash::of(secret), now)
}

/// The address at which browsers find a listener: `localhost` stays `localhost`, since it is a site of its own.
pub fn browser_url(asked: &str, got: SocketAddr) -> Result<Url, SetUpError> {
    let host = asked.rsplit_once(':').map_or("127.0.0.1", |(host, _)| host);
    let host = if host == "0.0.0.0" || host == "[::]" { "127.0.0.1" } else { host };
    Url::parse(&format!("http://{host}:{}", got.port())).map_err(SetUpError::other)
}
