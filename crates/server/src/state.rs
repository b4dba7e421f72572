//! What every request handler has at hand.

use std::{ops::Deref, sync::Arc};

use banklink_connectors::Connectors;
use banklink_store::Store;
use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::RwLock;
use url::Url;

use crate::{
    assets::Assets, clock::Clock, directory::Directory, limits::Limits, locale::Locales, metrics::Metrics,
    passwords::Passwords, problem::ApiError, seal::Sealer,
};

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// What [`AppState`] shares.
pub struct Inner {
    /// The database.
    pub store: Store,
    /// Who talks to institutions.
    pub connectors: Connectors,
    /// Opens what is sealed.
    pub sealer: Sealer,
    /// What time it is.
    pub clock: Clock,
    /// The widget's files.
    pub assets: Assets,
    /// The texts.
    pub locales: Locales,
    /// The address that browsers see.
    pub public_url: Url,
    /// Where operators turn for help.
    pub support: Option<Url>,
    /// Which proxies are believed about who asks.
    pub trusted_proxies: Vec<IpNet>,
    /// Operators' passwords.
    pub passwords: Passwords,
    /// How much each may ask.
    pub limits: Limits,
    /// What the server does, in numbers.
    pub metrics: Metrics,
    directory: RwLock<Loaded>,
}

struct Loaded {
    directory: Arc<Directory>,
    looked: Timestamp,
}

/// How long an import by another process may go unseen.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(2);

/// What [`AppState::new`] is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Who talks to institutions.
    pub connectors: Connectors,
    /// Opens what is sealed.
    pub sealer: Sealer,
    /// What time it is.
    pub clock: Clock,
    /// The widget's files.
    pub assets: Assets,
    /// The texts.
    pub locales: Locales,
    /// The address that browsers see.
    pub public_url: Url,
    /// Where operators turn for help.
    pub support: Option<Url>,
    /// Which proxies are believed about who asks.
    pub trusted_proxies: Vec<IpNet>,
    /// How much each may ask.
    pub limits: Limits,
}

impl Deref for AppState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl AppState {
    /// Puts the parts together and reads the directory.
    pub async fn new(parts: Parts) -> Result<Self, banklink_store::StoreError> {
        let Parts { store, connectors, sealer, clock, assets, locales, public_url, support, trusted_proxies, limits } =
            parts;
        let directory = RwLock::new(Loaded { directory: Arc::new(load(&store).await?), looked: clock.now() });
        let passwords = Passwords::default();
        let inner = Inner {
            store,
            connectors,
            sealer,
            clock,
            assets,
            locales,
            public_url,
            support,
            trusted_proxies,
            passwords,
            limits,
            metrics: Metrics::default(),
            directory,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The institutions, at most [`LOOK_AGAIN`] old.
    pub async fn directory(&self) -> Result<Arc<Directory>, ApiError> {
        let now = self.clock.now();
        let version = {
            let loaded = self.directory.read().await;
            // A clock that was set back says nothing about age.
            if (SignedDuration::ZERO..LOOK_AGAIN).contains(&now.duration_since(loaded.looked)) {
                return Ok(Arc::clone(&loaded.directory));
            }
            loaded.directory.version
        };
        let mut loaded = self.directory.write().await;
        let newest = self.store.institutions().directory_version().await?;
        if newest != version && loaded.directory.version != newest {
            loaded.directory = Arc::new(load(&self.store).await?);
        }
        loaded.looked = now;
        Ok(Arc::clone(&loaded.directory))
    }
}

async fn load(store: &Store) -> Result<Directory, banklink_store::StoreError> {
    let version = store.institutions().directory_version().await?;
    Ok(Directory::build(version, &store.institutions().list().await?, &store.logos().all().await?))
}
