//! The dashboard's addresses.

use yew_router::Routable;

/// What all addresses begin with.
pub(crate) const BASE: &str = "/dashboard";

/// An address.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    /// All apps.
    #[at("/")]
    Apps,
    /// The form of a new one.
    #[at("/new-app")]
    NewApp,
    /// An app.
    #[at("/apps/:app")]
    Overview { app: String },
    /// Its redirect URIs.
    #[at("/apps/:app/redirect-uris")]
    RedirectUris { app: String },
    /// Its origins.
    #[at("/apps/:app/origins")]
    Origins { app: String },
    /// Its client secrets.
    #[at("/apps/:app/client-secrets")]
    ClientSecrets { app: String },
    /// Who signs in.
    #[at("/operators")]
    Operators,
    /// Where an invitation is accepted.
    #[at("/welcome")]
    Welcome,
    /// Anything else.
    #[not_found]
    #[at("/not-found")]
    NotFound,
}
