//! What was changed, when, and by whom: in an app, or at all.

use banklink_platform::{
    activities::{Activity, ActorKind},
    ids::AppId,
    texts::Text,
};
use yew::{Html, Properties, component, html};

use crate::{
    site::{Site, use_site},
    ui::{filter::filter, pages_of::use_pages_of, place::use_place, table::Column, title::Title},
};

/// What can be done, and how it is said.
const ACTIONS: [(&str, Text); 33] = [
    ("app.created", Text::DidAppCreated),
    ("app.changed", Text::DidAppChanged),
    ("data_key.replaced", Text::DidDataKeyReplaced),
    ("client_secret.added", Text::DidClientSecretAdded),
    ("client_secret.revoked", Text::DidClientSecretRevoked),
    ("redirect_uri.added", Text::DidRedirectUriAdded),
    ("redirect_uri.removed", Text::DidRedirectUriRemoved),
    ("origin.added", Text::DidOriginAdded),
    ("origin.removed", Text::DidOriginRemoved),
    ("link.created", Text::DidLinkCreated),
    ("link.changed", Text::DidLinkChanged),
    ("link.deleted", Text::DidLinkDeleted),
    ("theme.set", Text::DidThemeSet),
    ("theme.restored", Text::DidThemeRestored),
    ("connection.deleted", Text::DidConnectionDeleted),
    ("connection.changed", Text::DidConnectionChanged),
    ("connection.refreshed", Text::DidConnectionRefreshed),
    ("reauthorisation_token.issued", Text::DidReauthorisationTokenIssued),
    ("authorize_token.issued", Text::DidAuthorizeTokenIssued),
    ("consent.revoked", Text::DidConsentRevoked),
    ("webhook.added", Text::DidWebhookAdded),
    ("webhook.changed", Text::DidWebhookChanged),
    ("webhook.key_rotated", Text::DidWebhookKeyRotated),
    ("webhook.tested", Text::DidWebhookTested),
    ("delivery.repeated", Text::DidDeliveryRepeated),
    ("webhook.removed", Text::DidWebhookRemoved),
    ("organisation.named", Text::DidOrganisationNamed),
    ("operator.invited", Text::DidOperatorInvited),
    ("operator.recovery_offered", Text::DidOperatorRecoveryOffered),
    ("invitation.withdrawn", Text::DidInvitationWithdrawn),
    ("operator.joined", Text::DidOperatorJoined),
    ("operator.removed", Text::DidOperatorRemoved),
    ("password.changed", Text::DidPasswordChanged),
];

const ACTION: &str = "action";

#[derive(PartialEq, Properties)]
pub(super) struct ActivitiesProps {
    /// In which app; none: everything.
    #[prop_or_default]
    pub(super) app: Option<AppId>,
}

/// The page, or an app's section.
#[component]
pub(super) fn Activities(ActivitiesProps { app }: &ActivitiesProps) -> Html {
    let site = use_site();
    let path = if app.is_some() { "app/activities" } else { "activities" };
    let place = use_place();
    let query: Vec<_> = place.get(ACTION).map(|action| (ACTION, action)).into_iter().collect();
    let is_narrowed = !query.is_empty();
    let activities = use_pages_of::<Activity>(path.to_owned(), app.clone(), query, place.clone());
    let at = |activity: &Activity| html! { {site.moment(activity.at)} };
    let who = |activity: &Activity| who(&site, activity);
    let what = |activity: &Activity| what(&site, activity);
    let columns = [
        Column { title: Text::ActivityAt, cell: &at, order: None },
        Column { title: Text::ActivityWho, cell: &who, order: None },
        Column { title: Text::ActivityWhat, cell: &what, order: None },
    ];
    let none = if is_narrowed { Text::FilterNone } else { Text::ActivitiesNone };
    let none = html! { <p class="db-empty" role="status">{site.text(none)}</p> };
    html! {
        <>
            <Title text={site.text(Text::ActivitiesTitle)} />
            <p class="bl-text">{site.text(Text::ActivitiesText)}</p>
            {filter(&site, &place, ACTION, Text::ActivityWhat, Text::FilterAll, ACTIONS)}
            {activities.show(&site, "table-activities", &columns, &none)}
        </>
    }
}

fn who(site: &Site, activity: &Activity) -> Html {
    match activity.actor {
        ActorKind::CommandLine => html! { {site.text(Text::ActorCommandLine)} },
        ActorKind::DataKey => html! { {site.text(Text::ActorDataKey)} },
        ActorKind::ClientSecret => html! {
            <>
                <div>{site.text(Text::ActorClientSecret)}</div>
                if let Some(fingerprint) = &activity.actor_name { <code class="bl-hint" dir="ltr">{fingerprint}</code> }
            </>
        },
        ActorKind::Operator => match &activity.actor_name {
            Some(name) => html! { <bdi>{name}</bdi> },
            None => html! { {site.text(Text::ActorGone)} },
        },
    }
}

fn what(site: &Site, activity: &Activity) -> Html {
    let known = ACTIONS.iter().find(|(action, _)| *action == activity.action);
    let said = known.map_or_else(|| activity.action.clone().into(), |(_, text)| site.text(*text));
    let Activity { subject, detail, .. } = activity;
    html! {
        <>
            <div>{said}</div>
            if !subject.is_empty() { <div class="bl-hint db-what"><bdi>{subject}</bdi></div> }
            if !detail.is_empty() { <div class="bl-hint db-what"><bdi>{detail}</bdi></div> }
        </>
    }
}
