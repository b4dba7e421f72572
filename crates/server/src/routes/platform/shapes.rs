//! What is kept, in the shapes that the platform API shares with the dashboard.

use banklink_domain::{
    app::{self, AppSettings},
    client_secret::{self, ClientSecretState},
    operator, origin,
};
use banklink_platform::{
    apps::{AccountSelection, AllowedOrigin, App, AppMode, AppSettings as Settings, RedirectUri},
    client_secrets::ClientSecret,
    ids::{AppId, ClientId, ClientSecretId, InvitationId, OperatorId},
    operators::{Guest, Invitation, Operator, Welcome},
};
use banklink_protocol::boot;

use crate::services::operators;

pub(super) fn operator(operator: operator::Operator) -> Operator {
    let operator::Operator { id, email, name, created_at, .. } = operator;
    Operator { id: OperatorId::new(id.to_string()), email: email.to_string(), name: name.into(), created_at }
}

pub(super) fn invitation(invitation: &operator::Invitation) -> Invitation {
    let email = match &invitation.guest {
        operator::Guest::New(email) => email.to_string(),
        operator::Guest::First | operator::Guest::Recovering(_) => String::new(),
    };
    let operator::Invitation { id, created_at, expires_at, .. } = invitation;
    Invitation { id: InvitationId::new(id.to_string()), email, created_at: *created_at, expires_at: *expires_at }
}

pub(super) fn welcome(welcome: operators::Welcome) -> Welcome {
    let (guest, email) = match welcome.invitation.guest {
        operator::Guest::First => (Guest::First, None),
        operator::Guest::New(email) => (Guest::New, Some(email)),
        operator::Guest::Recovering(_) => {
            (Guest::Recovering, welcome.operator.as_ref().map(|operator| operator.email.clone()))
        }
    };
    Welcome {
        guest,
        email: email.map(|email| email.to_string()),
        name: welcome.operator.map(|operator| operator.name.into()),
        organisation: welcome.organisation.map(Into::into),
    }
}

pub(super) fn app(app: app::App) -> App {
    let app::App { id, name, mode, client_id, settings, created_at, .. } = app;
    App {
        id: AppId::new(id.to_string()),
        client_id: ClientId::new(client_id.to_string()),
        name: name.into(),
        mode: match mode {
            app::AppMode::Sandbox => AppMode::Sandbox,
            app::AppMode::Live => AppMode::Live,
        },
        settings: self::settings(settings),
        created_at,
    }
}

fn settings(settings: AppSettings) -> Settings {
    Settings {
        consent: settings.consent,
        customer_name: settings.customer_name.map(Into::into),
        terms_url: settings.terms_url.map(Into::into),
        force_authorize_token: settings.force_authorize_token,
        default_country: settings.default_country.map(|country| country.as_str().to_owned()),
        link_code_lifetime: settings.link_code_lifetime.into(),
        consent_days: settings.consent_days.into(),
        account_selection: match settings.account_selection {
            app::AccountSelection::None => AccountSelection::None,
            app::AccountSelection::Single => AccountSelection::Single,
            app::AccountSelection::Multiple => AccountSelection::Multiple,
        },
    }
}

/// The mode that a new app is to have.
pub(super) const fn mode(mode: AppMode) -> app::AppMode {
    match mode {
        AppMode::Sandbox => app::AppMode::Sandbox,
        AppMode::Live => app::AppMode::Live,
    }
}

pub(super) fn redirect_uri(uri: app::RedirectUri) -> RedirectUri {
    RedirectUri { uri: uri.into() }
}

pub(super) fn origin(allowed: &boot::AllowedOrigin) -> AllowedOrigin {
    AllowedOrigin { origin: origin::as_text(allowed).to_owned() }
}

pub(super) fn client_secret(secret: &client_secret::ClientSecret) -> ClientSecret {
    let revoked_at = match secret.state {
        ClientSecretState::Live => None,
        ClientSecretState::Revoked { at } => Some(at),
    };
    let fingerprint = hex::encode(&secret.hash.as_bytes()[..4]);
    ClientSecret {
        id: ClientSecretId::new(secret.id.to_string()),
        fingerprint,
        created_at: secret.created_at,
        revoked_at,
    }
}
