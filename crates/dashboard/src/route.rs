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
    /// What operators set for it.
    #[at("/apps/:app/settings")]
    Settings { app: String },
    /// Its client secrets.
    #[at("/apps/:app/client-secrets")]
    ClientSecrets { app: String },
    /// Its redirect URIs.
    #[at("/apps/:app/redirect-uris")]
    RedirectUris { app: String },
    /// Its origins.
    #[at("/apps/:app/origins")]
    Origins { app: String },
    /// Its links.
    #[at("/apps/:app/links")]
    Links { app: String },
    /// One of them.
    #[at("/apps/:app/links/:link")]
    Link { app: String, link: String },
    /// Which institutions its people see.
    #[at("/apps/:app/institutions")]
    Institutions { app: String },
    /// Its stylesheet.
    #[at("/apps/:app/theme")]
    Theme { app: String },
    /// Who linked a bank.
    #[at("/apps/:app/connections")]
    Connections { app: String },
    /// One connection.
    #[at("/apps/:app/connections/:connection")]
    Connection { app: String, connection: String },
    /// Its webhooks.
    #[at("/apps/:app/webhooks")]
    Webhooks { app: String },
    /// One of them.
    #[at("/apps/:app/webhooks/:webhook")]
    Webhook { app: String, webhook: String },
    /// Something that one was told.
    #[at("/apps/:app/webhooks/:webhook/deliveries/:delivery")]
    Delivery { app: String, webhook: String, delivery: i64 },
    /// What was changed in it.
    #[at("/apps/:app/activities")]
    AppActivities { app: String },
    /// Who signs in.
    #[at("/operators")]
    Operators,
    /// What was changed at all.
    #[at("/activities")]
    Activities,
    /// Who is signed in.
    #[at("/you")]
    You,
    /// Where an invitation is accepted.
    #[at("/welcome")]
    Welcome,
    /// Anything else.
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

impl Route {
    /// The app that it belongs to.
    pub(crate) fn app(&self) -> Option<&str> {
        match self {
            Self::Overview { app }
            | Self::Settings { app }
            | Self::ClientSecrets { app }
            | Self::RedirectUris { app }
            | Self::Origins { app }
            | Self::Links { app }
            | Self::Link { app, .. }
            | Self::Institutions { app }
            | Self::Theme { app }
            | Self::Connections { app }
            | Self::Connection { app, .. }
            | Self::Webhooks { app }
            | Self::Webhook { app, .. }
            | Self::Delivery { app, .. }
            | Self::AppActivities { app } => Some(app),
            Self::Apps
            | Self::NewApp
            | Self::Operators
            | Self::Activities
            | Self::You
            | Self::Welcome
            | Self::NotFound => None,
        }
    }
}
