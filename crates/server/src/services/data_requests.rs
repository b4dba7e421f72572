//! What an app's server reads with the id of a session or of a data request: what Flinks integrations call `RequestId`.

use banklink_domain::{
    app::App,
    authorize_token::AuthorizeToken,
    connection::Connection,
    data_request::{DataRequest, READABLE},
    ids::new_session_id,
    session::End,
    text::Tag,
    time::after,
};
use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;

use crate::{
    problem::ApiError,
    random,
    services::{connections, opening::token_invalid},
    state::AppState,
};

/// What an id is worth.
#[derive(Clone, Debug)]
pub enum Standing {
    /// This can be read.
    Authorised(Box<Authorised>),
    /// The person is on the way.
    OnTheWay,
    /// Its time is up, or it ended without a connection.
    Over,
    /// No such id is known, or no more.
    Unknown,
}

/// A connection that may be read.
#[derive(Clone, Debug)]
pub struct Authorised {
    /// By this id.
    pub id: SessionId,
    /// What.
    pub connection: Connection,
    /// Since when.
    pub at: Timestamp,
    /// What came with it.
    pub tag: Option<Tag>,
    /// What was asked for, where the data was to come later.
    pub asked: Option<String>,
}

/// What an id is worth for this app. A connection that was deleted meanwhile can't be read by anything.
pub async fn find(state: &AppState, app: &App, id: &SessionId) -> Result<Standing, ApiError> {
    let now = state.clock.now();
    let known = state.store.data_requests().get(app.id, id).await?;
    let (connection, at, tag, asked) = if let Some(request) = known {
        (request.connection_id, request.created_at, request.tag, request.asked)
    } else {
        let session = state.store.sessions().get(id).await?.filter(|session| session.app_id == app.id);
        let Some(session) = session else { return Ok(Standing::Unknown) };
        match session.ended(now) {
            None => return Ok(Standing::OnTheWay),
            Some(ended) => match ended.end {
                End::Linked(connection) => (connection, ended.at, None, None),
                _ => return Ok(Standing::Over),
            },
        }
    };
    if after(at, READABLE) <= now {
        return Ok(Standing::Over);
    }
    let Some(connection) = connections::live(state, app.id, &connection).await? else { return Ok(Standing::Unknown) };
    let tag = tag.or_else(|| connection.tag.clone());
    Ok(Standing::Authorised(Box::new(Authorised { id: id.clone(), connection, at, tag, asked })))
}

/// Lets the app read a connection as it is, for a one-time token.
pub async fn open(
    state: &AppState,
    app: &App,
    token: &AuthorizeToken,
    connection: &ConnectionId,
    tag: Option<Tag>,
) -> Result<Authorised, ApiError> {
    let connection = connections::of_app(state, app, connection).await?;
    let request = new(state, &connection, tag);
    if !state.store.data_requests().create_with_authorize_token(&request, &token.hash).await? {
        return Err(token_invalid());
    }
    let DataRequest { id, tag, created_at: at, .. } = request;
    Ok(Authorised { id, connection, at, tag, asked: None })
}

/// Lets the app read a connection that it is told of.
pub async fn open_for(state: &AppState, connection: &Connection) -> Result<Authorised, ApiError> {
    let request = new(state, connection, None);
    state.store.data_requests().create(std::slice::from_ref(&request)).await?;
    let DataRequest { id, created_at: at, .. } = request;
    Ok(Authorised { id, connection: connection.clone(), at, tag: connection.tag.clone(), asked: None })
}

/// Notes what was asked for, for when the data is there.
pub async fn ask(state: &AppState, authorised: &Authorised, asked: String) -> Result<(), ApiError> {
    let Authorised { id, connection, at, tag, .. } = authorised.clone();
    let request = DataRequest {
        id,
        app_id: connection.app_id,
        connection_id: connection.id,
        tag,
        asked: Some(asked),
        created_at: at,
    };
    Ok(state.store.data_requests().ask(&request).await?)
}

/// Lets the app read several connections as they are.
pub async fn open_all(state: &AppState, connections: &[Connection]) -> Result<Vec<DataRequest>, ApiError> {
    let requests: Vec<_> = connections.iter().map(|connection| new(state, connection, None)).collect();
    state.store.data_requests().create(&requests).await?;
    Ok(requests)
}

fn new(state: &AppState, connection: &Connection, tag: Option<Tag>) -> DataRequest {
    let now = state.clock.now();
    let id = new_session_id(now, random::bytes());
    DataRequest {
        id,
        app_id: connection.app_id,
        connection_id: connection.id.clone(),
        tag,
        asked: None,
        created_at: now,
    }
}
