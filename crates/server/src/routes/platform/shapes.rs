//! What is kept, in the shapes that the platform API shares with the dashboard.

use banklink_domain::{
    accounts,
    activity::{self, Actor},
    app::{self, AppSettings},
    client_secret::{self, ClientSecretState},
    connection, consent, institution_list, link, operator, origin, webhook,
};
use banklink_platform::{
    accounts::{Account, Balance},
    activities::{Activity, ActorKind},
    apps::{AccountSelection, AllowedOrigin, App, AppMode, AppSettings as Settings, InstitutionList, RedirectUri},
    client_secrets::ClientSecret,
    connections::{Connection, ConnectionStatus, InstitutionOf},
    consents::{Consent, ConsentState},
    ids::{AppId, ClientId, ClientSecretId, ConsentId, InvitationId, LinkId, OperatorId, WebhookId},
    institutions::{InstitutionHealth, ListedInstitution},
    links::{Link, LinkState},
    operators::{Guest, Invitation, Operator, Welcome},
    themes::{Severity, Theme, ThemeFinding},
    webhooks::{Delivery, DeliveryAttempt, DeliveryState, SignatureStyle, Webhook},
};
use banklink_protocol::{
    boot,
    ids::InstitutionId,
    institutions::{Health, InstitutionSummary},
};
use banklink_store as store;
use jiff::Timestamp;
use rust_decimal::Decimal;
use url::Url;

use crate::{
    directory::Directory,
    routes::logos::logo_url,
    services::{operators, organisation::ActorNames, themes::Judged},
    state::AppState,
};

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
        institutions: institutions(settings.institutions),
    }
}

fn institutions(list: institution_list::InstitutionList) -> InstitutionList {
    let ids = |ids: Vec<InstitutionId>| ids.iter().map(|id| id.as_str().to_owned()).collect();
    let institution_list::Parts { countries, chosen, hidden, popular } = list.into();
    InstitutionList {
        countries: countries.iter().map(|country| country.as_str().to_owned()).collect(),
        chosen: ids(chosen),
        hidden: ids(hidden),
        popular: ids(popular),
    }
}

pub(super) fn listed(public_url: &Url, institution: InstitutionSummary) -> ListedInstitution {
    let InstitutionSummary { id, name, country, detail, logo, health } = institution;
    ListedInstitution {
        id: id.to_string(),
        name,
        country,
        detail,
        health: match health {
            Health::Up => InstitutionHealth::Up,
            Health::Degraded => InstitutionHealth::Degraded,
            Health::Down => InstitutionHealth::Down,
            Health::Soon => InstitutionHealth::Soon,
        },
        logo_url: logo.map(|name| logo_url(public_url, &name)),
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
    ClientSecret {
        id: ClientSecretId::new(secret.id.to_string()),
        fingerprint: secret.fingerprint(),
        created_at: secret.created_at,
        revoked_at,
    }
}

pub(super) fn link(state: &AppState, link: &link::Link) -> Link {
    let mut url = state.public_url.clone();
    url.set_path("/link");
    url.query_pairs_mut().append_pair("token", link.token.as_str());
    Link {
        id: LinkId::new(link.id.to_string()),
        token: link.token.to_string(),
        url: url.into(),
        name: link.name.as_str().to_owned(),
        redirect_uri: link.redirect_uri.to_string(),
        state: match link.state {
            link::LinkState::Active => LinkState::Active,
            link::LinkState::Paused => LinkState::Paused,
        },
        company_name: link.agreement.company_name.as_ref().map(ToString::to_string),
        terms_url: link.agreement.terms_url.clone().map(String::from),
        privacy_url: link.agreement.privacy_url.clone().map(String::from),
        created_at: link.created_at,
    }
}

pub(super) fn activity(activity: activity::Activity, names: &ActorNames) -> Activity {
    let activity::Activity { app, change, action, subject, detail, .. } = activity;
    let (actor, actor_id) = match change.by {
        Actor::CommandLine => (ActorKind::CommandLine, None),
        Actor::ClientSecret(id) => (ActorKind::ClientSecret, Some(id.to_string())),
        Actor::DataKey => (ActorKind::DataKey, None),
        Actor::Operator(id) => (ActorKind::Operator, Some(id.to_string())),
    };
    let actor_name = names.of(change.by);
    let (app, action) = (app.map(|id| AppId::new(id.to_string())), action.as_str().to_owned());
    Activity { at: change.at, app, actor, actor_id, actor_name, action, subject, detail }
}

pub(super) fn theme(judged: Judged) -> Theme {
    let app::AppTheme { source, css, hash } = judged.theme;
    let findings = judged.findings.into_iter().map(finding).collect();
    Theme { source, css, hash: hash.to_string(), findings }
}

fn finding(finding: banklink_theme::Finding) -> ThemeFinding {
    let banklink_theme::Finding { line, column, severity, reason } = finding;
    let severity = match severity {
        banklink_theme::Severity::Error => Severity::Error,
        banklink_theme::Severity::Warning => Severity::Warning,
    };
    ThemeFinding { line, column, severity, message: reason.to_string() }
}

/// As the directory has it; by its id alone where it has it no more.
pub(super) fn institution(directory: &Directory, id: &InstitutionId) -> InstitutionOf {
    let listed = directory.get(id).map(|listed| &listed.summary);
    let (name, country) = listed.map_or((id.as_str(), ""), |summary| (&summary.name, &summary.country));
    InstitutionOf { id: id.to_string(), name: name.to_owned(), country: country.to_owned() }
}

pub(super) fn connection(directory: &Directory, connection: &connection::Connection) -> Connection {
    Connection {
        id: connection.id.clone(),
        institution: institution(directory, &connection.institution_id),
        status: match connection.state {
            connection::ConnectionState::Active(_) => ConnectionStatus::Active,
            connection::ConnectionState::NeedsReauthorisation(_) => ConnectionStatus::NeedsReauthorisation,
            connection::ConnectionState::Deleted { .. } => ConnectionStatus::Deleted,
        },
        external_id: connection.external_id.as_ref().map(|id| id.as_str().to_owned()),
        tag: connection.tag.as_ref().map(|tag| tag.as_str().to_owned()),
        days_of_transactions: connection.reading.days.map(u16::from),
        with_transactions: connection.reading.transactions,
        schedule_refresh: connection.reading.scheduled,
        refreshed_at: connection.refresh.last,
        refresh_failure: connection.refresh.failure.map(|code| code.as_str().to_owned()),
        created_at: connection.created_at,
        updated_at: connection.updated_at,
    }
}

pub(super) fn webhook(webhook: webhook::Webhook) -> Webhook {
    let events = match &webhook.events {
        webhook::Subscription::All => Vec::new(),
        webhook::Subscription::Only(kinds) => kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
    };
    Webhook {
        id: WebhookId::new(webhook.id.to_string()),
        url: webhook.url.as_str().to_owned(),
        events,
        style: match webhook.style {
            webhook::SignatureStyle::Standard => SignatureStyle::Standard,
            webhook::SignatureStyle::FlinksHmac => SignatureStyle::FlinksHmac,
            webhook::SignatureStyle::FinlinkJwt => SignatureStyle::FinlinkJwt,
        },
        key_id: webhook.keys.current.id.to_string(),
        previous_key_until: webhook.keys.previous.map(|(_, until)| until),
        created_at: webhook.created_at,
    }
}

pub(super) fn delivery(delivery: store::Delivery) -> Delivery {
    let store::Delivery { message, state, attempts } = delivery;
    let (state, state_at) = match state {
        webhook::DeliveryState::Pending { next } => (DeliveryState::Pending, next),
        webhook::DeliveryState::Delivered { at } => (DeliveryState::Delivered, at),
        webhook::DeliveryState::Parked { at } => (DeliveryState::Parked, at),
    };
    Delivery {
        number: message.number,
        id: message.id(),
        event: message.kind.as_str().to_owned(),
        at: message.at,
        state,
        state_at,
        attempts,
    }
}

pub(super) fn attempt(attempt: store::Attempt) -> DeliveryAttempt {
    let (status, body, silence) = match attempt.reply {
        webhook::Reply::Answered { status, body } => (Some(status), Some(body), None),
        webhook::Reply::Silent(silence) => (None, None, Some(silence.as_str().to_owned())),
    };
    let millis = u64::try_from(attempt.took.as_millis()).unwrap_or(0);
    DeliveryAttempt { at: attempt.at, millis, status, body, silence }
}

pub(super) fn account(account: accounts::Account) -> Account {
    let last_digits = account.summary().last_digits;
    let money = |amount: Decimal| amount.to_string();
    Account {
        last_digits,
        currency: account.currency.to_string(),
        balance: Balance {
            current: money(account.balance.current),
            available: account.balance.available.map(money),
            limit: account.balance.limit.map(money),
        },
        id: account.id,
        name: account.name,
        kind: account.kind.as_str().to_owned(),
        number: account.number,
        holder: account.holder,
    }
}

pub(super) fn consent(consent: consent::Consent, now: Timestamp) -> Consent {
    let revoked_at = match consent.state {
        consent::ConsentState::Given => None,
        consent::ConsentState::Revoked { at } => Some(at),
    };
    let holds = consent.holds(now);
    Consent {
        id: ConsentId::new(consent.id.to_string()),
        connection_id: consent.connection,
        link_session_id: consent.session,
        state: match revoked_at {
            Some(_) => ConsentState::Revoked,
            None if holds => ConsentState::Given,
            None => ConsentState::Expired,
        },
        text_hash: consent.text_hash.to_string(),
        language: consent.language,
        scopes: consent.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        given_at: consent.given_at,
        expires_at: consent.expires_at,
        revoked_at,
    }
}

#[cfg(test)]
mod tests {
    use banklink_domain::{activity::Action, webhook::EventKind};
    use banklink_platform::webhooks::EVENTS;

    #[test]
    fn the_dashboard_offers_every_event_that_can_be_told() {
        let told = EventKind::ALL.into_iter().filter(|kind| *kind != EventKind::Test).map(EventKind::as_str);
        assert!(told.eq(EVENTS));
    }

    #[test]
    fn the_dashboard_has_words_for_everything_that_is_logged() {
        let page = include_str!("../../../../dashboard/src/pages/activities.rs");
        let silent =
            Action::ALL.map(Action::as_str).into_iter().filter(|action| !page.contains(&format!("\"{action}\"")));
        assert_eq!(silent.collect::<Vec<_>>(), [""; 0]);
    }
}
