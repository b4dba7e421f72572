//! `banklink sandbox`: a throw-away server with demo data, and the host page beside it.

use std::path::Path;

use banklink_domain::{
    activity::Actor,
    app::{App, AppMode, AppSettings, RedirectUri},
    client_secret::ClientSecret,
    ids::{AppId, ClientId, ClientSecretId, LinkId},
    link::{Agreement, Link, LinkState, LinkToken},
    origin,
    text::{AppName, CustomerName, LinkName},
    theme::AppTheme,
    token::{TokenHash, TokenKind},
};
use banklink_protocol::secret::Secret;
use banklink_store::{AddEntry, AddSecret, CreateLink, NewApp, RevokeSecret, Store};
use banklink_theme::Finding;
use jiff::Timestamp;
use url::Url;
use uuid::{Uuid, uuid};

use crate::{
    random,
    setup::{self, SetUpError, by_command},
};

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
    /// The stylesheet that it was given, and what the compiler had to say.
    pub theme: Option<(AppTheme, Vec<Finding>)>,
}

/// The demo app's client id, the same in every sandbox, so that a kept database has one.
const DEMO_APP: Uuid = uuid!("01900000-0000-7000-8000-000000000003");

/// Makes the demo app and the toolbox app. `host` is the origin of the host page. A kept database has both already;
/// then they are told where the host page is now, and the demo app gets a new secret in place of the old, which is
/// nowhere to be read.
pub async fn seed(store: &Store, host: &Url, theme: Option<&Path>, now: Timestamp) -> Result<Demo, SetUpError> {
    let client_secret = TokenKind::ClientSecret.mint(random::bytes());
    let callback =
        RedirectUri::parse(host.join("/callback").map_err(SetUpError::other)?.as_str()).map_err(SetUpError::other)?;
    let host_origin =
        origin::parse(&host.origin().ascii_serialization(), AppMode::Sandbox).map_err(SetUpError::other)?;
    let app = if let Some(app) = store.apps().by_client_id(ClientId::from_uuid(DEMO_APP)).await? {
        // A sandbox that was started on very many ports knows as many addresses as fit.
        let _: [AddEntry; 2] = [
            store.apps().add_redirect_uri(app.id, &callback, &by_command(now)).await?,
            store.apps().add_origin(app.id, &host_origin, &by_command(now)).await?,
        ];
        replace_secrets(store, &app, &client_secret, now).await?;
        app
    } else {
        let app = demo_app(now)?;
        let secret = Some(secret(&app, &client_secret, now));
        let new = NewApp { secret, redirect_uris: vec![callback.clone()], origins: vec![host_origin], app };
        store.apps().create(&new, Actor::CommandLine).await?;
        new.app
    };
    let link_token = link_to(store, &app, &callback, now).await?.to_string();
    let theme = match theme {
        Some(file) => Some(setup::set_theme(store, &app, file, now).await?),
        None => None,
    };
    seed_toolbox(store, callback, now).await?;
    Ok(Demo { client_secret, link_token, theme })
}

async fn replace_secrets(store: &Store, app: &App, new: &Secret, now: Timestamp) -> Result<(), SetUpError> {
    for old in store.apps().live_secrets(app.id).await? {
        // One that is revoked meanwhile is as good.
        let (RevokeSecret::Revoked(_) | RevokeSecret::NotLive) =
            store.apps().revoke_secret(app.id, old.id, &by_command(now)).await?;
    }
    match store.apps().add_secret(&secret(app, new, now), &by_command(now)).await? {
        AddSecret::Added => Ok(()),
        AddSecret::TooMany | AddSecret::UnknownApp => Err(SetUpError::other("the demo app can't get a new secret")),
    }
}

/// The app's link that leads to the host page, as it is now.
async fn link_to(store: &Store, app: &App, callback: &RedirectUri, now: Timestamp) -> Result<LinkToken, SetUpError> {
    let known = store.links().list(app.id, None, 1_000).await?;
    let usable = |link: &Link| link.redirect_uri == *callback && link.state == LinkState::Active;
    if let Some(link) = known.items.into_iter().find(usable) {
        return Ok(link.token);
    }
    let link = Link {
        id: LinkId::new(now, random::bytes()),
        app_id: app.id,
        token: LinkToken::mint(random::bytes()),
        redirect_uri: callback.clone(),
        name: LinkName::parse("Host page").map_err(SetUpError::other)?,
        state: LinkState::Active,
        agreement: Agreement::default(),
        created_at: now,
    };
    match store.links().create(&link, &by_command(now)).await? {
        CreateLink::Created => Ok(link.token),
        CreateLink::RedirectUriNotRegistered => {
            Err(SetUpError::other("the host page's address could not be registered"))
        }
    }
}

fn demo_app(now: Timestamp) -> Result<App, SetUpError> {
    Ok(App {
        id: AppId::from_uuid(uuid!("01900000-0000-7000-8000-000000000002")),
        name: AppName::parse("Tuppence").map_err(SetUpError::other)?,
        mode: AppMode::Sandbox,
        client_id: ClientId::from_uuid(DEMO_APP),
        data_key: TokenHash::of(&TokenKind::DataKey.mint(random::bytes())),
        settings: AppSettings { force_authorize_token: false, ..AppSettings::default() },
        created_at: now,
    })
}

async fn seed_toolbox(store: &Store, callback: RedirectUri, now: Timestamp) -> Result<(), SetUpError> {
    let client_id = ClientId::from_uuid(toolbox::CUSTOMER_ID);
    if let Some(app) = store.apps().by_client_id(client_id).await? {
        let _: AddEntry = store.apps().add_redirect_uri(app.id, &callback, &by_command(now)).await?;
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
    store.apps().create(&new, Actor::CommandLine).await?;
    Ok(())
}

fn secret(app: &App, secret: &Secret, now: Timestamp) -> ClientSecret {
    ClientSecret::new(ClientSecretId::new(now, random::bytes()), app.id, TokenHash::of(secret), now)
}
