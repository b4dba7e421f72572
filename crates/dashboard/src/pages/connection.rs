//! A connection: how it is, what the person agreed to, its accounts, and a way to bring the person back.

use std::rc::Rc;

use banklink_platform::{
    accounts::Account,
    apps::App,
    authorize_tokens::{AuthorizeToken, NewAuthorizeToken},
    connections::{Connection, NewReauthorisationToken, ReauthorisationPurpose, ReauthorisationToken},
    consents::{Consent, ConsentState},
    ids::{AppId, ConsentId},
    items::Items,
    links::{Link as Item, LinkState},
    texts::Text,
};
use banklink_protocol::{ids::ConnectionId, problem::ProblemCode, secret::Secret};
use yew::{AttrValue, Callback, Html, Properties, component, html};
use yew_router::hooks::use_navigator;

use super::connections;
use crate::{
    api::{self, About, Failure, Version},
    browser,
    route::Route,
    site::{Site, use_site},
    ui::{
        confirm::{Words, use_asking},
        copyable::Copyable,
        field::{self, Choice},
        form::{Refusal, Values, use_form},
        link::Link,
        load::use_load,
        shown_once::{self, use_once},
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

const ADDRESS: shown_once::Words = shown_once::Words {
    title: Text::WayBackReady,
    text: Text::WayBackReadyText,
    label: Text::WayBackAddress,
    id: "way-back",
    saved: Text::InvitedDone,
};

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
    let accounts = api::get::<Items<Account>>(&format!("{path}/accounts"), about).await.map(|list| list.items);
    let unreadable = [ProblemCode::Conflict, ProblemCode::DataUnreadable, ProblemCode::Unavailable];
    let accounts = none_where(accounts, &unreadable)?;
    let consent = none_where(api::get(&format!("{path}/consent"), about).await, &[ProblemCode::NotFound])?;
    let mut links = api::all::<Item>("links", about).await?;
    links.retain(|link| opens_links && link.state == LinkState::Active);
    Ok(There { connection, accounts, consent, links })
}

/// What was read, or none where the server refused with one of these codes. Any other failure stays one: it is not told
/// as if there was nothing.
fn none_where<T>(read: Result<T, Failure>, codes: &[ProblemCode]) -> Result<Option<T>, Failure> {
    match read {
        Err(failure) if failure.code().is_some_and(|code| codes.contains(&code)) => Ok(None),
        read => read.map(Some),
    }
}

/// The page.
#[component]
pub(super) fn ConnectionPage(ConnectionPageProps { app, connection }: &ConnectionPageProps) -> Html {
    let site = use_site();
    let (opens_links, app) = (!app.settings.force_authorize_token, app.id.clone());
    let loaded = use_load((app.clone(), connection.clone()), move |(app, id)| there(app, id, opens_links));
    loaded.show_page(&site, Text::ConnectionsTitle, |there| {
        let connection = &there.connection;
        html! {
            <>
                <div class="db-heading">
                    <Title text={connection.institution.name.clone()} />
                    {connections::status(&site, connection.status)}
                </div>
                {facts(&site, connection)}
                <p>
                    <Link to={Route::Connections { app: app.to_string() }} classes="db-link"
                        place={connections::at_bank(&connection.institution.id)}>
                        {site.text(Text::EverybodyAtBank)}
                    </Link>
                </p>
                <Actions app={app.clone()} there={there.clone()} again={loaded.again.clone()} />
                <h2 class="db-subtitle">{site.text(Text::AccountsTitle)}</h2>
                {accounts(&site, there.accounts.as_deref())}
                <h2 class="db-subtitle">{site.text(Text::ConsentTitle)}</h2>
                {consent(&site, there.consent.as_ref())}
                <h2 class="db-subtitle">{site.text(Text::WayBackTitle)}</h2>
                <p class="bl-text">{site.text(Text::WayBackText)}</p>
                <WayBack app={app.clone()} there={there.clone()} />
            </>
        }
    })
}

/// What ends a connection.
#[derive(Clone, Debug)]
enum Ending {
    Deleted,
    /// By taking back what the person agreed to.
    Revoked(ConsentId),
}

#[derive(PartialEq, Properties)]
struct ActionsProps {
    app: AppId,
    there: Rc<There>,
    /// Reads it anew.
    again: Callback<()>,
}

/// What is done with a connection.
#[component]
fn Actions(ActionsProps { app, there, again }: &ActionsProps) -> Html {
    let (site, navigator) = (use_site(), use_navigator());
    let connection = &there.connection;
    let path = format!("connections/{}", connection.id);
    let refresh = use_form({
        let (site, app, path, again) = (site.clone(), app.clone(), format!("{path}/refresh"), again.clone());
        move |values: Values| {
            let (site, app, path, again) = (site.clone(), app.clone(), path.clone(), again.clone());
            async move {
                let refreshed = api::create::<Connection>(&path, About::App(&app), &(), &values.key).await;
                again.emit(());
                refreshed.map(|_| site.say.emit(site.text(Text::ConnectionWasRefreshed))).map_err(Refusal::from)
            }
        }
    });
    let asking = use_asking({
        let (site, app, bank) = (site.clone(), app.clone(), connection.institution.name.clone());
        move |ending: Ending, _| {
            let (site, app, path, bank) = (site.clone(), app.clone(), path.clone(), bank.clone());
            let navigator = navigator.clone();
            async move {
                end(&app, &path, &ending).await?;
                site.say.emit(site.fill(Text::Removed, &[("what", &bank)]));
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Connections { app: app.to_string() });
                }
                Ok(())
            }
        }
    });
    let dialog = asking.dialog(|ending| {
        let (title, text, go) = match ending {
            Ending::Deleted => (Text::ConnectionDelete, Text::ConnectionDeleteText, Text::Delete),
            Ending::Revoked(_) => (Text::ConsentRevokeTitle, Text::ConsentRevokeText, Text::ConsentRevoke),
        };
        let bank = [("bank", &*connection.institution.name)];
        let words = Words { title: site.fill(title, &bank), text: site.text(text), go: site.text(go) };
        (words, html! { <p class="db-what"><bdi>{connection.external_id.clone().unwrap_or_default()}</bdi></p> })
    });
    let given = there.consent.as_ref().filter(|consent| consent.state == ConsentState::Given);
    let revoke = given.map(|consent| {
        let id = consent.id.clone();
        let onclick = asking.ask.reform(move |_| Some(Ending::Revoked(id.clone())));
        html! {
            <button type="button" class="db-button" id="revoke-consent" {onclick}>{site.text(Text::ConsentRevoke)}</button>
        }
    });
    html! {
        <div class="db-actions">
            <form novalidate=true id="form-refresh" onsubmit={refresh.onsubmit.clone()}>
                {field::send(&refresh, site.text(Text::ConnectionRefresh), site.text(Text::Working))}
            </form>
            {revoke.unwrap_or_default()}
            <button type="button" class="db-button" id="delete-connection"
                onclick={asking.ask.reform(|_| Some(Ending::Deleted))}>{site.text(Text::Delete)}</button>
            {dialog}
        </div>
    }
}

async fn end(app: &AppId, path: &str, ending: &Ending) -> Result<(), Failure> {
    let about = About::App(app);
    match ending {
        Ending::Deleted => api::delete(path, &[], about, &Version::Any).await,
        Ending::Revoked(consent) => {
            api::post::<Consent>(&format!("consents/{consent}/revoke"), about, &()).await.map(drop)
        }
    }
}

#[derive(PartialEq, Properties)]
struct WayBackProps {
    app: AppId,
    there: Rc<There>,
}

/// Makes addresses that bring the person back.
#[component]
fn WayBack(WayBackProps { app, there }: &WayBackProps) -> Html {
    let (site, once) = (use_site(), use_once());
    let form = use_form({
        let (app, there, once) = (app.clone(), there.clone(), once.clone());
        move |values: Values| {
            let (app, there, once) = (app.clone(), there.clone(), once.clone());
            async move {
                once.add(ADDRESS, way_back(&app, &there, &values).await?);
                Ok(())
            }
        }
    });
    let purposes = PURPOSES.map(|(_, sent, called)| (AttrValue::from(sent), site.text(called)));
    html! {
        <>
            {once.show()}
            <form class="bl-form db-narrow" id="form-way-back" novalidate=true onsubmit={form.onsubmit.clone()}>
                <Choice name={PURPOSE} label={Text::WayBackPurpose} options={purposes.to_vec()} initial="access" />
                <Choice name={LINK} label={Text::WayBackLink} options={openers(&site, &there.links)}
                    hint={site.text(Text::WayBackLinkHint)} />
                {field::send(&form, site.text(Text::WayBackMake), site.text(Text::Working))}
            </form>
        </>
    }
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
    if accounts.is_empty() {
        return html! { <p class="db-empty">{site.text(Text::AccountsNone)}</p> };
    }
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

/// What a consent is for, in words where there are some.
fn scopes(site: &Site, scopes: &[String]) -> String {
    let known =
        [("accounts", Text::ScopeAccounts), ("transactions", Text::ScopeTransactions), ("holder", Text::ScopeHolder)];
    let called = |scope: &String| {
        let text = known.iter().find(|(name, _)| name == scope).map(|(_, text)| site.text(*text));
        text.unwrap_or_else(|| scope.clone().into())
    };
    scopes.iter().map(called).collect::<Vec<_>>().join(", ")
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
            <dt>{site.text(Text::ConsentScopes)}</dt><dd>{scopes(site, &consent.scopes)}</dd>
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

/// An address that brings the person back: that of a link with what the connection needs, or one that a token opens once.
async fn way_back(app: &AppId, there: &There, values: &Values) -> Result<Secret, Refusal> {
    let about = About::App(app);
    let wanted = values.text(PURPOSE);
    let purpose = PURPOSES
        .iter()
        .find(|(_, sent, _)| *sent == wanted)
        .map_or(ReauthorisationPurpose::Access, |(purpose, ..)| *purpose);
    let path = format!("connections/{}/reauthorisation_tokens", there.connection.id);
    let request = NewReauthorisationToken { purpose };
    let made = api::create::<ReauthorisationToken>(&path, about, &request, &values.key).await?;
    let parameters = made.parameters.iter().map(|(name, value)| (name.as_str(), value.expose()));
    let link = values.text(LINK);
    if there.links.iter().any(|known| known.url == link) {
        return Ok(Secret::new(browser::with_query(&link, parameters)));
    }
    let bound = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let (request, key) = (NewAuthorizeToken { parameters: bound }, values.key.of("authorize_token"));
    let opens = api::create::<AuthorizeToken>("authorize_tokens", about, &request, &key).await?;
    Ok(Secret::new(browser::with_query(&browser::at("/link"), [("authorizeToken", opens.token.expose())])))
}
