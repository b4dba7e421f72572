//! A connection: how it is, what the person agreed to, its accounts, and a way to bring the person back.

use banklink_platform::{
    accounts::Account,
    apps::App,
    authorize_tokens::{AuthorizeToken, NewAuthorizeToken},
    connections::{Connection, NewReauthorisationToken, ReauthorisationPurpose, ReauthorisationToken},
    consents::{Consent, ConsentState},
    ids::AppId,
    items::Items,
    links::{Link as Item, LinkState},
    texts::Text,
};
use banklink_protocol::{ids::ConnectionId, problem::ProblemCode, secret::Secret};
use yew::{AttrValue, Callback, Html, Properties, component, html, use_state};
use yew_router::hooks::use_navigator;

use super::{connections, not_found::NotFound};
use crate::{
    api::{self, About, Failure},
    browser,
    route::Route,
    site::{Site, use_site},
    ui::{
        confirm::{Words, use_asking},
        copyable::Copyable,
        field::{self, Choice},
        form::{Refusal, Values, use_form},
        load::{Load, use_load},
        shown_once::ShownOnce,
        title::Title,
    },
};

const PURPOSE: &str = "purpose";
const LINK: &str = "link";

/// What somebody is brought back for, as it is sent and as it is called.
const PURPOSES: [(ReauthorisationPurpose, &str, Text); 3] = [
    (ReauthorisationPurpose::Access, "access", Text::PurposeAccess),
    (ReauthorisationPurpose::Credentials, "credentials", Text::PurposeCredentials),
    (ReauthorisationPurpose::Transactions, "transactions", Text::PurposeTransactions),
];

#[derive(PartialEq, Properties)]
pub(super) struct ConnectionPageProps {
    pub(super) app: App,
    pub(super) connection: ConnectionId,
}

/// What is shown of a connection.
#[derive(PartialEq)]
struct There {
    connection: Connection,
    /// None where there is none, or the bank's data can't be read.
    accounts: Option<Vec<Account>>,
    consent: Option<Consent>,
    /// Links that are open.
    links: Vec<Item>,
}

async fn there(app: AppId, id: ConnectionId, opens_links: bool) -> Result<There, Failure> {
    let (about, path) = (About::App(&app), format!("connections/{id}"));
    let connection = api::get(&path, about).await?;
    let accounts = api::get::<Items<Account>>(&format!("{path}/accounts"), about).await;
    let consent = api::get(&format!("{path}/consent"), about).await;
    let mut links = api::all::<Item>("links", about).await?;
    links.retain(|link| opens_links && link.state == LinkState::Active);
    Ok(There { connection, accounts: accounts.ok().map(|list| list.items), consent: consent.ok(), links })
}

/// The page.
#[component]
pub(super) fn ConnectionPage(ConnectionPageProps { app, connection }: &ConnectionPageProps) -> Html {
    let (site, navigator) = (use_site(), use_navigator());
    let (opens_links, app) = (!app.settings.force_authorize_token, app.id.clone());
    let path = format!("connections/{connection}");
    let address = use_state(|| None::<Secret>);
    let loaded = use_load((app.clone(), connection.clone()), move |(app, id)| there(app, id, opens_links));
    let refresh = use_form({
        let (app, path, again) = (app.clone(), path.clone(), loaded.again.clone());
        move |values: Values| {
            let (app, path, again) = (app.clone(), format!("{path}/refresh"), again.clone());
            async move {
                let refreshed = api::create::<Connection>(&path, About::App(&app), &(), &values.key).await;
                again.emit(());
                refreshed.map(drop).map_err(Refusal::from)
            }
        }
    });
    let bring_back = use_form({
        let (app, path, address) = (app.clone(), path.clone(), address.setter());
        let state = loaded.state.clone();
        move |values: Values| {
            let (app, path, address) = (app.clone(), path.clone(), address.clone());
            let state = state.clone();
            async move {
                if let Load::There(there) = &state {
                    address.set(Some(way_back(&app, &path, &there.links, &values).await?));
                }
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (app, path) = (app.clone(), path.clone());
        move |(), _| {
            let (app, path, navigator) = (app.clone(), path.clone(), navigator.clone());
            async move {
                match api::delete(&path, &[], About::App(&app)).await {
                    Err(failure) if failure.code() != Some(ProblemCode::NotFound) => return Err(failure.into()),
                    _ => {}
                }
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Connections { app: app.to_string() });
                }
                Ok(())
            }
        }
    });
    let close = Callback::from({
        let address = address.setter();
        move |()| address.set(None)
    });
    if matches!(&loaded.state, Load::Failed(failure) if failure.code() == Some(ProblemCode::NotFound)) {
        return html! { <NotFound /> };
    }
    loaded.show(&site, |there| {
        let connection = &there.connection;
        let dialog = asking.dialog(|()| {
            let words = Words {
                title: site.fill(Text::ConnectionDelete, &[("bank", &connection.institution.name)]),
                text: site.text(Text::ConnectionDeleteText),
                go: site.text(Text::Delete),
            };
            (words, html! { <p class="db-what"><bdi>{connection.external_id.clone().unwrap_or_default()}</bdi></p> })
        });
        let purposes = PURPOSES.map(|(_, sent, called)| (AttrValue::from(sent), site.text(called)));
        html! {
            <>
                <div class="db-heading">
                    <Title text={connection.institution.name.clone()} />
                    {connections::status(&site, connection.status)}
                </div>
                {facts(&site, connection)}
                <div class="db-actions">
                    <form novalidate=true id="form-refresh" onsubmit={refresh.onsubmit.clone()}>
                        {field::send(&refresh, site.text(Text::ConnectionRefresh), site.text(Text::Working))}
                    </form>
                    <button type="button" class="db-button" id="delete-connection" onclick={asking.ask.reform(|_| Some(()))}>
                        {site.text(Text::Delete)}
                    </button>
                </div>
                <h2 class="db-subtitle">{site.text(Text::AccountsTitle)}</h2>
                {accounts(&site, there.accounts.as_deref())}
                <h2 class="db-subtitle">{site.text(Text::ConsentTitle)}</h2>
                {consent(&site, there.consent.as_ref())}
                <h2 class="db-subtitle">{site.text(Text::WayBackTitle)}</h2>
                <p class="bl-text">{site.text(Text::WayBackText)}</p>
                {address.as_ref().map(|address| shown(address, &close))}
                <form class="bl-form db-narrow" id="form-way-back" novalidate=true onsubmit={bring_back.onsubmit.clone()}>
                    <Choice name={PURPOSE} label={Text::WayBackPurpose} options={purposes.to_vec()} initial="access" />
                    <Choice name={LINK} label={Text::WayBackLink} options={openers(&site, &there.links)}
                        hint={site.text(Text::WayBackLinkHint)} />
                    {field::send(&bring_back, site.text(Text::WayBackMake), site.text(Text::Working))}
                </form>
                {dialog}
            </>
        }
    })
}

fn facts(site: &Site, connection: &Connection) -> Html {
    let said = |text: Option<&String>| {
        text.map_or_else(|| html! { {"–"} }, |text| html! { <bdi class="db-what">{text}</bdi> })
    };
    html! {
        <>
            <dl class="db-facts">
                <dt>{site.text(Text::ExternalId)}</dt><dd>{said(connection.external_id.as_ref())}</dd>
                <dt>{site.text(Text::ConnectionTag)}</dt><dd>{said(connection.tag.as_ref())}</dd>
                <dt>{site.text(Text::AppCreated)}</dt><dd>{site.moment(connection.created_at)}</dd>
                <dt>{site.text(Text::ConnectionRefreshed)}</dt>
                <dd>{connection.refreshed_at.map_or_else(|| "–".into(), |at| site.moment(at))}</dd>
                if let Some(failure) = &connection.refresh_failure {
                    <dt>{site.text(Text::ConnectionFailure)}</dt><dd><code dir="ltr">{failure}</code></dd>
                }
            </dl>
            <Copyable id="connection-id" label={site.text(Text::ConnectionIdLabel)} value={connection.id.to_string()} />
        </>
    }
}

fn accounts(site: &Site, accounts: Option<&[Account]>) -> Html {
    let Some(accounts) = accounts else {
        return html! { <p class="db-empty">{site.text(Text::AccountsUnreadable)}</p> };
    };
    let row = |account: &Account| {
        let balance = format!("{} {}", account.balance.current, account.currency);
        html! {
            <li class="db-row" key={account.id.to_string()}>
                <div><strong><bdi>{&account.name}</bdi></strong>
                    <p class="bl-hint"><bdi>{&account.holder}</bdi>{" · "}<span dir="ltr">{format!("•••• {}", account.last_digits)}</span></p>
                </div>
                <span dir="ltr">{balance}</span>
            </li>
        }
    };
    html! { <ul class="db-rows" id="accounts">{for accounts.iter().map(row)}</ul> }
}

fn consent(site: &Site, consent: Option<&Consent>) -> Html {
    let Some(consent) = consent else {
        return html! { <p class="db-empty">{site.text(Text::ConsentNone)}</p> };
    };
    let state = match consent.state {
        ConsentState::Given => Text::ConsentGiven,
        ConsentState::Expired => Text::ConsentExpired,
        ConsentState::Revoked => Text::ConsentRevoked,
    };
    html! {
        <dl class="db-facts" id="consent">
            <dt>{site.text(Text::State)}</dt><dd>{site.text(state)}</dd>
            <dt>{site.text(Text::ConsentScopes)}</dt><dd><span dir="ltr">{consent.scopes.join(", ")}</span></dd>
            <dt>{site.text(Text::ConsentSince)}</dt><dd>{site.moment(consent.given_at)}</dd>
            <dt>{site.text(Text::ConsentUntil)}</dt><dd>{site.moment(consent.expires_at)}</dd>
            <dt>{site.text(Text::ConsentHash)}</dt><dd><code class="db-what" dir="ltr">{&consent.text_hash}</code></dd>
        </dl>
    }
}

/// What can open the page: a token for once, or one of the links.
fn openers(site: &Site, links: &[Item]) -> Vec<(AttrValue, AttrValue)> {
    let token = (AttrValue::from(""), site.text(Text::WayBackToken));
    let links = links.iter().map(|link| (link.url.clone().into(), link.name.clone().into()));
    links.chain([token]).collect()
}

fn shown(address: &Secret, close: &Callback<()>) -> Html {
    html! {
        <ShownOnce title={Text::WayBackReady} text={Text::WayBackReadyText} label={Text::WayBackAddress} id="way-back"
            value={address.expose().to_owned()} saved={Text::InvitedDone} close={close.clone()} />
    }
}

/// An address that brings the person back: that of a link with what the connection needs, or one that a token opens once.
async fn way_back(app: &AppId, path: &str, links: &[Item], values: &Values) -> Result<Secret, Refusal> {
    let about = About::App(app);
    let wanted = values.text(PURPOSE);
    let purpose = PURPOSES
        .iter()
        .find(|(_, sent, _)| *sent == wanted)
        .map_or(ReauthorisationPurpose::Access, |(purpose, ..)| *purpose);
    let path = format!("{path}/reauthorisation_tokens");
    let request = NewReauthorisationToken { purpose };
    let made = api::create::<ReauthorisationToken>(&path, about, &request, &values.key).await?;
    let parameters = made.parameters.iter().map(|(name, value)| (name.as_str(), value.expose()));
    let link = values.text(LINK);
    if links.iter().any(|known| known.url == link) {
        return Ok(Secret::new(browser::with_query(&link, parameters)));
    }
    let bound = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let (request, key) = (NewAuthorizeToken { parameters: bound }, values.key.of("authorize_token"));
    let opens = api::create::<AuthorizeToken>("authorize_tokens", about, &request, &key).await?;
    Ok(Secret::new(browser::with_query(&browser::at("/link"), [("authorizeToken", opens.token.expose())])))
}
