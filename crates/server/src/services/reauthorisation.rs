//! Re-authorisation: bringing the person of a connection back, by a token that stands beside the page's own.

use std::collections::BTreeMap;

use banklink_domain::{
    activity::Change,
    app::App,
    connection::{Connection, ConnectionState},
    ids::AppId,
    reauthorisation::{ReauthorisationPurpose, ReauthorisationToken, ReauthorisationTokenState},
    sealed::Sealed,
    session::{Reauthorisation, SessionPurpose, Visible},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{parameters::ParameterName, problem::ProblemCode, secret::Secret};
use jiff::Timestamp;
use tracing::error;

use crate::{
    directory::Shown,
    parameters::Parameters,
    problem::ApiError,
    random,
    seal::Purpose,
    services::{
        connections,
        opening::{Page, token_invalid},
        tokens::Issued,
    },
    state::AppState,
};

/// The parameters that carry a re-authorisation token, each for its purpose.
const CARRIERS: [(ParameterName, ReauthorisationPurpose); 3] = [
    (ParameterName::ScaToken, ReauthorisationPurpose::Access),
    (ParameterName::ResetToken, ReauthorisationPurpose::Credentials),
    (ParameterName::TransactionToken, ReauthorisationPurpose::Transactions),
];

/// The parameter of a page's URL that carries a token for this purpose.
pub const fn carrier(purpose: ReauthorisationPurpose) -> ParameterName {
    match purpose {
        ReauthorisationPurpose::Access => ParameterName::ScaToken,
        ReauthorisationPurpose::Credentials => ParameterName::ResetToken,
        ReauthorisationPurpose::Transactions => ParameterName::TransactionToken,
    }
}

/// What a page's address takes to bring somebody back with a token, beside what opens the page.
pub fn page_parameters(
    connection: &Connection,
    purpose: ReauthorisationPurpose,
    token: &Secret,
) -> BTreeMap<&'static str, Secret> {
    let spelling = |name: ParameterName| name.parameter().spellings[0];
    let institution = Secret::new(connection.institution_id.as_str());
    BTreeMap::from([(spelling(carrier(purpose)), token.clone()), (spelling(ParameterName::Institution), institution)])
}

/// Issues a token for a connection. Others that were issued for it stay good.
pub async fn issue(
    state: &AppState,
    connection: &Connection,
    change: &Change,
    purpose: ReauthorisationPurpose,
) -> Result<Issued, ApiError> {
    let (token, record) = mint(state, connection, purpose, change.at)?;
    let record = record.issued_to(change.by.client_secret());
    state.store.reauthorisation_tokens().create(&record, change.of_operator()).await?;
    Ok(Issued { token, expires_at: record.expires_at })
}

/// A new token of a connection, and what is kept of it.
pub fn mint(
    state: &AppState,
    connection: &Connection,
    purpose: ReauthorisationPurpose,
    now: Timestamp,
) -> Result<(Secret, ReauthorisationToken), ApiError> {
    let token = TokenKind::Reauthorisation(purpose).mint(random::bytes());
    let sealed = state.sealer.seal(Purpose::Reauthorisation, token.expose().as_bytes()).map_err(ApiError::internal)?;
    let (app, id) = (connection.app_id, connection.id.clone());
    let record = ReauthorisationToken::new(TokenHash::of(&token), app, id, purpose, now);
    Ok((token, record.told_again(Sealed::new(sealed))))
}

/// The tokens that a connection's person can come back with now, one of each purpose at most. Who looks at a connection that
/// needs its person finds one, as integrations expect that ask for a connection's status (seed 000, *Managing users*).
pub async fn standing(
    state: &AppState,
    connection: &Connection,
    change: &Change,
) -> Result<BTreeMap<ReauthorisationPurpose, Secret>, ApiError> {
    let unused = state.store.reauthorisation_tokens().unused(connection.app_id, &connection.id).await?;
    let mut standing = BTreeMap::new();
    for token in unused.iter().filter(|token| token.is_usable(change.at)) {
        if let Some(secret) = told_again(state, token) {
            standing.entry(token.purpose).or_insert(secret);
        }
    }
    let brings_back = |purpose: &ReauthorisationPurpose| *purpose != ReauthorisationPurpose::Transactions;
    let is_waiting = matches!(connection.state, ConnectionState::NeedsReauthorisation(_));
    if is_waiting && !standing.keys().any(brings_back) {
        // As it was wanted when the last one was issued, which is over by now.
        let wanted = unused.iter().map(|token| token.purpose).find(brings_back);
        let purpose = wanted.unwrap_or(ReauthorisationPurpose::Access);
        standing.insert(purpose, issue(state, connection, change, purpose).await?.token);
    }
    Ok(standing)
}

/// The token that a connection's person can come back with for this purpose: the one that there is, or a new one.
pub async fn standing_or_issued(
    state: &AppState,
    connection: &Connection,
    change: &Change,
    purpose: ReauthorisationPurpose,
) -> Result<Secret, ApiError> {
    match standing(state, connection, change).await?.remove(&purpose) {
        Some(token) => Ok(token),
        None => Ok(issue(state, connection, change, purpose).await?.token),
    }
}

fn told_again(state: &AppState, token: &ReauthorisationToken) -> Option<Secret> {
    let ReauthorisationTokenState::Unused { sealed: Some(sealed) } = &token.state else { return None };
    let opened = state.sealer.open(Purpose::Reauthorisation, sealed.as_bytes());
    let opened = opened.inspect_err(|error| error!(%error, "a re-authorisation token is left out")).ok()?;
    Some(Secret::new(String::from_utf8_lossy(&opened).into_owned()))
}

/// The token that is to be bound to an authorize token, taken out of the parameters, since it is a secret and they are
/// kept as they are. An error names the parameter.
pub async fn take_bound(
    state: &AppState,
    app: &App,
    parameters: &Parameters,
) -> Result<Option<TokenHash>, (ParameterName, &'static str)> {
    let mut carried = CARRIERS.into_iter().filter(|(name, _)| parameters.get(*name).is_some());
    let Some((name, purpose)) = carried.next() else { return Ok(None) };
    if let Some((second, _)) = carried.next() {
        return Err((second, ONE_TOKEN));
    }
    let hash = TokenHash::of_text(parameters.get(name).unwrap_or_default());
    match usable(state, app.id, &hash, Some(purpose)).await {
        Ok(_) => Ok(Some(hash)),
        Err(_) => Err((name, "There is no such token of this app's that can still be used for this.")),
    }
}

const ONE_TOKEN: &str = "A page takes one re-authorisation token.";

/// What the person of a page is here for, and which connection of theirs it is about, if one.
pub async fn purpose_of(
    state: &AppState,
    page: &Page,
    visible: Visible,
) -> Result<(SessionPurpose, Option<Connection>), ApiError> {
    let Some((token, connection)) = wanted(state, page).await? else { return Ok((SessionPurpose::Connect, None)) };
    check_institution(state, page, visible, &token, &connection).await?;
    let purpose = SessionPurpose::Reauthorise(Reauthorisation {
        connection: connection.id.clone(),
        institution: connection.institution_id.clone(),
        identity: connection.identity,
        purpose: token.purpose,
        token: token.hash,
    });
    Ok((purpose, Some(connection)))
}

/// The token of the page with its connection: the one that is bound, else the URL's.
async fn wanted(state: &AppState, page: &Page) -> Result<Option<(ReauthorisationToken, Connection)>, ApiError> {
    if let Some(hash) = &page.reauthorisation {
        return usable(state, page.app.id, hash, None).await.map(Some);
    }
    let parameters = &page.parameters;
    // One that can't even be read must not turn into a session for something else.
    if CARRIERS.iter().any(|(name, _)| parameters.is_invalid(*name)) {
        return Err(token_invalid());
    }
    let mut carried = CARRIERS.into_iter().filter_map(|(name, purpose)| Some((name, purpose, parameters.get(name)?)));
    let Some((_, purpose, text)) = carried.next() else { return Ok(None) };
    if let Some((second, ..)) = carried.next() {
        let name = second.parameter().spellings[0];
        return Err(ApiError::new(ProblemCode::InvalidParameter, ONE_TOKEN).parameter(name));
    }
    usable(state, page.app.id, &TokenHash::of_text(text), Some(purpose)).await.map(Some)
}

/// The app's token of this hash and its connection, if a session can be opened with it, for this purpose if one is given.
async fn usable(
    state: &AppState,
    app: AppId,
    hash: &TokenHash,
    purpose: Option<ReauthorisationPurpose>,
) -> Result<(ReauthorisationToken, Connection), ApiError> {
    let found = state.store.reauthorisation_tokens().find(app, hash).await?;
    let is_good = |token: &ReauthorisationToken| {
        token.is_usable(state.clock.now()) && purpose.is_none_or(|purpose| purpose == token.purpose)
    };
    let token = found.filter(is_good).ok_or_else(token_invalid)?;
    let connection = connections::live(state, app, &token.connection_id).await?.ok_or_else(token_invalid)?;
    Ok((token, connection))
}

/// `bank` must name the connection's institution; it may be left out where the person types their credentials anew
/// (seed 000).
async fn check_institution(
    state: &AppState,
    page: &Page,
    visible: Visible,
    token: &ReauthorisationToken,
    connection: &Connection,
) -> Result<(), ApiError> {
    let wrong = |detail: &str| ApiError::new(ProblemCode::InvalidParameter, detail).parameter("bank");
    let directory = state.directory().await?;
    if directory.visible(&connection.institution_id, visible).is_none() {
        return Err(wrong("The connection's institution is not among those of this page."));
    }
    match page.parameters.get(ParameterName::Institution) {
        Some(asked) => {
            let country = page.parameters.get(ParameterName::Country);
            let found = directory.resolve(asked, country, Shown::all(visible));
            if found.is_some_and(|listed| listed.summary.id == connection.institution_id) {
                Ok(())
            } else {
                Err(wrong("Name the institution of the token's connection."))
            }
        }
        None if token.purpose.confirmation().is_some() => {
            Err(wrong("Name the institution of the token's connection beside the token."))
        }
        None => Ok(()),
    }
}
