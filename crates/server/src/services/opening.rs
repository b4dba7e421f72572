//! Opening a session: whose page this is, what it may do, and where the person starts.
//!
//! Loading the page resolves it and consumes nothing; opening the session resolves it again and consumes the token, in
//! one write with the new session.

use std::collections::BTreeMap;

use banklink_domain::{
    app::{AccountSelection, App, AppMode},
    authorization::Authorization,
    authorize_token::{AuthorizeToken, AuthorizeTokenStanding},
    ids::{AppId, LinkId, new_session_id},
    link::{Link, LinkState, LinkToken},
    redirect_uri::RedirectUri,
    sealed::Sealed,
    session::{Entrance, Opening, SessionData, Stage, Visible, expires_at},
    settings::DocumentUrl,
    text::CustomerName,
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{
    boot::{BankPageMode, EndingMode, Parts},
    ids::InstitutionId,
    parameters::ParameterName,
    problem::ProblemCode,
    secret::Secret,
    session::{CarryOn, MAX_FIELD_LENGTH, OpenRequest, Opened},
};
use banklink_store::{NewSession, Open, OpenedBy};

use crate::{
    locale::Locale,
    parameters::{Parameters, is_spelling_of},
    problem::ApiError,
    random,
    seal::Purpose,
    services::{
        connections,
        consent::{self, Asking},
        linking, reauthorisation,
        sessions::{self, Session},
        tokens::REGISTER_FIRST,
    },
    state::AppState,
};

/// A page whose app is known.
#[derive(Clone, Debug)]
pub struct Page {
    /// Whose page.
    pub app: App,
    /// What opens it.
    pub permission: Permission,
    /// The link that it came through, if one.
    pub link: Option<Link>,
    /// What the URL, the token and the app's settings say together.
    pub parameters: Parameters,
    /// What the app's server bound to the token alone: nobody else can have written it.
    pub bound: Parameters,
    /// The re-authorisation token that is bound to its token, if one.
    pub reauthorisation: Option<TokenHash>,
    /// What the data recipient asked for that sent the person, if one did.
    pub authorization: Option<Authorization>,
    /// Its path and query.
    pub address: Secret,
}

/// Longest address of a page that a session is opened for, in bytes of its path and query as they were sent. It is kept
/// with the session for the way back from the bank's own page. Extras may have 4 KB of it, more than that once they are
/// written as an address writes them; twice as much leaves room for all else.
pub const MAX_ADDRESS: usize = 8 * 1024;

/// What opens a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// An authorize token that can be used once.
    Token(TokenHash),
    /// A link alone, in an app that allows it.
    LinkAlone(LinkId),
    /// Nothing does: the token was used or is expired, the link is paused, or the app wants a token and there is none.
    /// A tab with the key of a session that this page opened before may go on with it.
    Refused(OpenedBy),
}

impl Permission {
    /// What names the page, so that a tab's session is resumed by the page that opened it and no other.
    const fn opener(self) -> OpenedBy {
        match self {
            Self::Token(hash) => OpenedBy::AuthorizeToken(hash),
            Self::LinkAlone(link) => OpenedBy::Link(link),
            Self::Refused(opener) => opener,
        }
    }
}

pub use going_on::page_name;

mod going_on;

/// Whose page this is. `None`: no app is known by its tokens.
pub async fn resolve(state: &AppState, path: &str, query: &str) -> Result<Option<Page>, ApiError> {
    resolve_with(state, path, query, None).await
}

/// The same, with a token in the place of the one that the URL names.
async fn resolve_with(
    state: &AppState,
    path: &str,
    query: &str,
    token: Option<&Secret>,
) -> Result<Option<Page>, ApiError> {
    let url = Parameters::from_url(path, query);
    let address = address(path, query, token);
    if let Some(token) = token.map(Secret::expose).or(url.get(ParameterName::AuthorizeToken)) {
        let hash = TokenHash::of_text(token);
        if let Some(found) = state.store.authorize_tokens().find(&hash).await? {
            return with_token(state, url, found, address).await;
        }
    }
    with_link_alone(state, url, address).await
}

/// Path and query of the page, with the token that it is opened with.
fn address(path: &str, query: &str, token: Option<&Secret>) -> Secret {
    let query = query.trim_start_matches('?');
    let Some(token) = token else {
        return Secret::new(if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") });
    };
    let is_replaced = |name: &str| is_spelling_of(name, ParameterName::AuthorizeToken);
    let others = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !is_replaced(name));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(others).append_pair("authorizeToken", token.expose());
    Secret::new(format!("{path}?{}", query.finish()))
}

/// The page of an authorize token. Where the app forces tokens, or a data recipient sent the person, all that the URL says
/// is ignored, its link too: only what is bound to the token counts (seed 003).
async fn with_token(
    state: &AppState,
    url: Parameters,
    token: AuthorizeToken,
    address: Secret,
) -> Result<Option<Page>, ApiError> {
    let Some(app) = app(state, token.app_id).await? else { return Ok(None) };
    let bound = Parameters::from_token(&token.parameters);
    let forced = app.settings.force_authorize_token || token.authorization.is_some();
    let parameters = if forced { bound.clone() } else { url.overridden_by(bound.clone()) };
    let link = link(state, &parameters).await?.filter(|link| link.app_id == app.id);
    let paused = link.as_ref().is_some_and(|link| link.state == LinkState::Paused);
    let permission = match token.standing(state.clock.now()) {
        AuthorizeTokenStanding::Usable if !paused => Permission::Token(token.hash),
        _ => Permission::Refused(OpenedBy::AuthorizeToken(token.hash)),
    };
    let (reauthorisation, authorization) = (token.reauthorisation, token.authorization);
    Ok(Some(Page { app, permission, link, parameters, bound, reauthorisation, authorization, address }))
}

/// The page of a link without an authorize token that is known.
async fn with_link_alone(state: &AppState, url: Parameters, address: Secret) -> Result<Option<Page>, ApiError> {
    let Some(link) = link(state, &url).await? else { return Ok(None) };
    let Some(app) = app(state, link.app_id).await? else { return Ok(None) };
    let token = ParameterName::AuthorizeToken;
    let unknown_token = url.get(token).is_some() || url.is_invalid(token);
    let permission = if unknown_token || app.settings.force_authorize_token || link.state == LinkState::Paused {
        Permission::Refused(OpenedBy::Link(link.id))
    } else {
        Permission::LinkAlone(link.id)
    };
    let (link, bound) = (Some(link), Parameters::default());
    let (reauthorisation, authorization) = (None, None);
    Ok(Some(Page { app, permission, link, parameters: url, bound, reauthorisation, authorization, address }))
}

async fn link(state: &AppState, parameters: &Parameters) -> Result<Option<Link>, ApiError> {
    let Some(token) = parameters.get(ParameterName::LinkToken) else { return Ok(None) };
    Ok(state.store.links().by_token(&LinkToken::new(token)).await?)
}

async fn app(state: &AppState, id: AppId) -> Result<Option<App>, ApiError> {
    Ok(state.store.apps().get(id).await?)
}

impl Page {
    /// The language of the page: the one asked for, else the browser's, else English.
    pub fn locale<'a>(&'a self, state: &'a AppState, languages: &'a [String]) -> &'a Locale {
        let asked = self.parameters.get(ParameterName::Language);
        state.locales.best(asked.into_iter().chain(languages.iter().map(String::as_str)))
    }

    /// How the flow ends.
    pub fn ending_mode(&self) -> EndingMode {
        let asked = |name| self.parameters.flag(name).unwrap_or(false);
        match (asked(ParameterName::JsRedirect), asked(ParameterName::InnerRedirect)) {
            (true, _) => EndingMode::MessageOnly,
            (false, true) => EndingMode::Inner,
            (false, false) => EndingMode::Top,
        }
    }

    /// How the bank's own page is opened.
    pub fn bank_page_mode(&self) -> BankPageMode {
        let asked = |name| self.parameters.flag(name).unwrap_or(false);
        match (asked(ParameterName::Webview), asked(ParameterName::OauthWindowRedirect)) {
            (true, _) => BankPageMode::HandOver,
            (false, true) => BankPageMode::FullPage,
            (false, false) => BankPageMode::Popup,
        }
    }

    /// Whether the page can be opened again once its session is over.
    pub const fn reopens(&self) -> bool {
        matches!(self.permission, Permission::LinkAlone(_))
    }

    /// Which parts around the screens are shown.
    pub fn parts(&self) -> Parts {
        let shown = |name| self.parameters.flag(name).unwrap_or(true);
        Parts {
            header: shown(ParameterName::HeaderEnable),
            back: shown(ParameterName::BackEnable),
            close: shown(ParameterName::CloseEnable),
        }
    }

    /// The scheme by which an app without a bridge hears the page: one of the app's own (`own`), or it is refused by the
    /// name of its parameter.
    pub fn webview_scheme(&self, own: &[RedirectUri]) -> Result<Option<&str>, ParameterName> {
        let asked = self.parameters.get(ParameterName::WebviewScheme);
        let is_own = |asked: &str| own.iter().any(|uri| uri.app_scheme().as_deref() == Some(asked));
        if asked.is_none_or(is_own) { Ok(asked) } else { Err(ParameterName::WebviewScheme) }
    }

    /// How the page talks to the app around it.
    pub fn manner(&self, scheme: Option<&str>) -> String {
        let asked = [(ParameterName::Webview, "webview"), (ParameterName::Stringify, "stringify")];
        let asked = asked.into_iter().filter(|(name, _)| self.parameters.flag(*name).unwrap_or(false));
        let words = asked.map(|(_, word)| word.to_owned()).chain(scheme.map(|scheme| format!("{scheme}:")));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The colours that the page is asked to have, as custom properties of the style sheet.
    pub fn colors(&self) -> String {
        let properties = [
            (ParameterName::BackgroundColor, "--bl-background"),
            (ParameterName::ForegroundColor1, "--bl-accent"),
            (ParameterName::ForegroundColor2, "--bl-text"),
        ];
        let asked = properties
            .into_iter()
            .filter_map(|(name, property)| self.parameters.get(name).map(|value| format!("{property}=#{value}")));
        asked.collect::<Vec<_>>().join(" ")
    }

    /// Its address, to come back to.
    fn kept_address(&self) -> Result<Secret, ApiError> {
        if self.address.expose().len() <= MAX_ADDRESS {
            return Ok(self.address.clone());
        }
        let detail = format!(
            "The page's address has more than {MAX_ADDRESS} bytes: leave parameters out, or bind them to a token."
        );
        Err(ApiError::new(ProblemCode::InvalidRequest, detail))
    }

    fn entrance(&self) -> Entrance {
        if let Some(authorization) = &self.authorization {
            return Entrance::DataRecipient(authorization.clone());
        }
        match &self.link {
            Some(link) if self.parameters.link_is_named_by_id() => Entrance::LinkById(link.id),
            Some(link) => Entrance::Link(link.id),
            None => Entrance::AuthorizeToken,
        }
    }

    fn consent_is_asked(&self) -> bool {
        self.parameters.flag(ParameterName::ConsentEnable).unwrap_or(self.app.settings.consent)
    }

    fn account_selection(&self) -> AccountSelection {
        let multiple = self.parameters.flag(ParameterName::AccountSelectorMultiple).unwrap_or(false);
        match self.parameters.flag(ParameterName::AccountSelectorEnable) {
            Some(true) if multiple => AccountSelection::Multiple,
            Some(true) => AccountSelection::Single,
            Some(false) => AccountSelection::None,
            None => self.app.settings.account_selection,
        }
    }
}

/// The session that this page begins, before anyone did anything.
pub async fn begin(state: &AppState, page: &Page, locale: &Locale) -> Result<SessionData, ApiError> {
    let get = |name| page.parameters.get(name).map(str::to_owned);
    let visible = visible(page)?;
    let (purpose, connection) = reauthorisation::purpose_of(state, page, visible).await?;
    let opening = Opening {
        entrance: page.entrance(),
        purpose,
        page: page.kept_address()?,
        bank_page: page.bank_page_mode(),
        redirect_uri: redirect_uri(state, page).await?,
        visible,
        institutions: page.app.settings.institutions.clone(),
        institution: get(ParameterName::Institution),
        country: get(ParameterName::Country)
            .or_else(|| page.app.settings.default_country.map(|country| country.to_string())),
        offers_countries: page.parameters.flag(ParameterName::InstitutionFilterEnable).unwrap_or(false),
        language: locale.tag.clone(),
        account_selection: page.account_selection(),
        currencies: page.parameters.currencies(),
        maximum_retry: page.parameters.maximum_retry(),
        rollback: page.parameters.rollback(),
        scopes: page.parameters.scopes(),
        reading: page.parameters.reading(),
        tag: get(ParameterName::Tag),
        external_id: get(ParameterName::ExternalId),
        extra: page.parameters.extra.clone(),
    };
    // A connection whose consent holds is renewed without asking again.
    let is_covered = match &connection {
        Some(connection) => connections::is_covered(state, connection).await?,
        None => false,
    };
    let stage = if page.consent_is_asked() && !is_covered {
        Stage::Consent(consent_step(page, locale))
    } else {
        linking::first_stage(state, &opening).await?
    };
    Ok(SessionData::new(opening, stage))
}

/// With whom the person agrees, and to what: as the page says, else its link, else its app.
fn consent_step(page: &Page, locale: &Locale) -> banklink_protocol::session::ConsentStep {
    let (settings, agreement) = (&page.app.settings, page.link.as_ref().map(|link| &link.agreement));
    let of_link = agreement.and_then(|agreement| agreement.company_name.as_ref());
    let own_name = of_link.or(settings.customer_name.as_ref()).map_or(page.app.name.as_str(), CustomerName::as_str);
    let of_link = agreement.and_then(|agreement| agreement.terms_url.as_ref());
    let own_terms = of_link.or(settings.terms_url.as_ref()).map(DocumentUrl::as_str);
    let privacy_url = agreement.and_then(|agreement| agreement.privacy_url.as_ref());
    consent::step(
        locale,
        Asking {
            customer_name: page.parameters.get(ParameterName::CustomerName).unwrap_or(own_name),
            terms_url: page.parameters.get(ParameterName::TermsUrl).or(own_terms),
            privacy_url: privacy_url.map(DocumentUrl::as_str),
            days: settings.consent_days.into(),
            scopes: &page.parameters.scopes(),
        },
    )
}

/// Where the person goes at the end: one of the app's own, compared exactly.
async fn redirect_uri(state: &AppState, page: &Page) -> Result<String, ApiError> {
    let invalid = |detail: &str| ApiError::new(ProblemCode::InvalidParameter, detail).parameter("redirectUrl");
    let own = state.store.apps().redirect_uris(page.app.id).await?;
    match page.parameters.get(ParameterName::RedirectUrl) {
        Some(asked) if own.iter().any(|uri| uri.as_str() == asked) => Ok(asked.to_owned()),
        Some(_) => Err(invalid(REGISTER_FIRST)),
        None => {
            let default = page.link.as_ref().map(|link| link.redirect_uri.clone()).or_else(|| own.into_iter().next());
            let missing = || invalid("The app has no redirect URI: register one first.");
            default.map(|uri| uri.as_str().to_owned()).ok_or_else(missing)
        }
    }
}

fn visible(page: &Page) -> Result<Visible, ApiError> {
    let demo = page.parameters.flag(ParameterName::Demo).unwrap_or(false);
    match (page.app.mode, demo) {
        (AppMode::Sandbox, true) => Ok(Visible::Demo),
        (AppMode::Sandbox, false) => Ok(Visible::Sandbox),
        (AppMode::Live, false) => Ok(Visible::Live),
        (AppMode::Live, true) => {
            let detail = "A live app has no sandbox institutions: use a sandbox app, or leave `demo` out.";
            Err(ApiError::new(ProblemCode::InvalidParameter, detail).parameter("demo"))
        }
    }
}

/// Refuses what no page of ours sends, before any of it is kept.
fn check(request: &OpenRequest) -> Result<(), ApiError> {
    let refused = |detail: &str| Err(ApiError::new(ProblemCode::InvalidRequest, detail));
    // The bank's own page leads back there, with a key.
    if !matches!(request.path.as_str(), "/link" | "/link/") && !request.path.starts_with("/v2/") {
        return refused("Send the path of the widget's page.");
    }
    let carried = request
        .carry_on
        .iter()
        .flat_map(|carry_on| [carry_on.text_hash.as_deref(), carry_on.institution.as_ref().map(InstitutionId::as_str)]);
    if carried.flatten().any(|value| value.len() > MAX_FIELD_LENGTH) {
        return refused("What is carried on is too long.");
    }
    Ok(())
}

/// Opens a session, or resumes the tab's own.
pub async fn open(state: &AppState, request: &OpenRequest, languages: &[String]) -> Result<Opened, ApiError> {
    check(request)?;
    let page = resolve_with(state, &request.path, request.query.expose(), request.token.as_ref()).await?;
    let page = page.ok_or_else(token_invalid)?;
    let key = &request.session_key;
    if TokenKind::of(key.expose()) != Some(TokenKind::SessionKey) {
        return Err(ApiError::new(ProblemCode::InvalidRequest, "The session key has another form than the tab makes."));
    }
    if let Some(resumed) = resume(state, &page, key).await? {
        return Ok(resumed);
    }
    if let Some(session) = page.continued() {
        return going_on::go_on(state, &page, &session, key).await;
    }
    let locale = page.locale(state, languages);
    let mut data = begin(state, &page, locale).await?;
    if let Some(carry_on) = &request.carry_on {
        carry_on_with(state, &mut data, carry_on).await?;
    }
    match open_with(state, &page, key, data).await {
        Ok(Some(opened)) => Ok(opened),
        // The same request may have come twice, and the other one was first.
        Ok(None) => resume(state, &page, key).await?.ok_or_else(token_invalid),
        Err(error) => resume(state, &page, key).await?.ok_or(error),
    }
}

/// A session without a page: an app's server does for its person what the widget would (seed 001, *Custom integrations*).
#[derive(Clone, Debug)]
pub struct Direct {
    /// The app that the token is of.
    pub app: App,
    /// What opens it.
    pub token: AuthorizeToken,
    /// What the server asks for, as if it had bound it to the token; what it did bind there wins.
    pub parameters: BTreeMap<String, String>,
    /// The re-authorisation token, where a connection is renewed.
    pub reauthorisation: Option<TokenHash>,
    /// Where the person goes on whom only the widget can help.
    pub address: Secret,
    /// Through what they came.
    pub entrance: Entrance,
}

/// Opens such a session. A token that was used opens no other, and finds none: who asks may ask for somebody else now.
pub async fn open_directly(state: &AppState, direct: Direct, key: &Secret) -> Result<Opened, ApiError> {
    let Direct { app, token, parameters, reauthorisation, address, entrance } = direct;
    let bound = Parameters::from_token(&parameters).overridden_by(Parameters::from_token(&token.parameters));
    let permission = match token.standing(state.clock.now()) {
        AuthorizeTokenStanding::Usable => Permission::Token(token.hash),
        _ => Permission::Refused(OpenedBy::AuthorizeToken(token.hash)),
    };
    let page = Page {
        app,
        permission,
        link: None,
        parameters: bound.clone(),
        bound,
        reauthorisation: token.reauthorisation.or(reauthorisation),
        authorization: None,
        address,
    };
    let mut data = begin(state, &page, page.locale(state, &[])).await?;
    data.opening.entrance = entrance;
    open_with(state, &page, key, data).await?.ok_or_else(token_invalid)
}

/// Opens a session that begins so, unless its page's token was used meanwhile: it is used up in one write with it.
async fn open_with(state: &AppState, page: &Page, key: &Secret, data: SessionData) -> Result<Option<Opened>, ApiError> {
    let now = state.clock.now();
    let session = NewSession {
        id: new_session_id(now, random::bytes()),
        app_id: page.app.id,
        key_hash: TokenHash::of(key),
        return_hash: data.stage.ticket().map(TokenHash::of),
        state: Sealed::new(state.sealer.seal_value(Purpose::Session, &data).map_err(ApiError::internal)?),
        place: data.stage.place(),
        expires_at: expires_at(now, now),
    };
    let link_sessions = state.store.sessions();
    let opened = match page.permission {
        Permission::Token(hash) => link_sessions.open_with_authorize_token(&session, &hash, now).await,
        Permission::LinkAlone(link) => link_sessions.open_with_link(&session, link, now).await,
        Permission::Refused(_) => return Err(token_invalid()),
    };
    match opened? {
        Open::Opened(row) => answer(state, &Session { row, data, bank_page: None }).await.map(Some),
        Open::Invalid => Ok(None),
    }
}

/// Goes on where an earlier session of the same page stood: the person agreed to the same text, and chose an institution.
async fn carry_on_with(state: &AppState, data: &mut SessionData, carry_on: &CarryOn) -> Result<(), ApiError> {
    if let (Stage::Consent(shown), Some(hash)) = (&data.stage, &carry_on.text_hash) {
        if shown.text_hash != *hash {
            return Ok(());
        }
        data.consent = Some(linking::consent_given(state, &data.opening, hash.clone()));
        data.stage = linking::first_stage(state, &data.opening).await?;
    }
    if let (Stage::Institutions { .. }, Some(institution)) = (&data.stage, &carry_on.institution) {
        data.stage = linking::choose(state, &data.opening, institution).await?;
    }
    Ok(())
}

/// The tab's own session, if it opened one before, with this same page. One that is over is told apart from a token
/// that someone else used: this tab's own time ran out.
async fn resume(state: &AppState, page: &Page, key: &Secret) -> Result<Option<Opened>, ApiError> {
    let Some(row) = sessions::find(state, key).await? else { return Ok(None) };
    if row.opened_by != page.permission.opener() && !going_on::is_named(page, &row) {
        return Err(token_invalid());
    }
    answer(state, &sessions::used(state, row).await?).await.map(Some)
}

async fn answer(state: &AppState, session: &Session) -> Result<Opened, ApiError> {
    Ok(Opened { session: session.row.id.clone(), state: sessions::view(state, session).await? })
}

/// A token of the page is unknown, used or expired.
pub fn token_invalid() -> ApiError {
    ApiError::new(ProblemCode::TokenInvalid, "Get a new token and load the page again with it.")
}
