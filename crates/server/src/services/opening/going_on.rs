//! Going on with a session that another page opened (`requestId`).
//!
//! The id of a session is public: hosts hear it with messages and redirects, and keep it in logs. Whoever knows one must
//! not see what its person sees, nor get what the person approves elsewhere. So it takes one of these beside the id:
//!
//! - the tab's own key of that session, by which nobody but its person can come;
//! - a one-time token that the app's server bound to the id;
//! - a one-time token that the app's server bound to the person's `external_id`, and the session has the same.
//!
//! What the address itself says proves nothing, since the person writes it: with a token of their own, `external_id` in
//! the address would let them name anybody.
//!
//! Flinks integrations have tokens that nothing can be bound to. They put `requestId` beside a fresh token into the frame
//! that the person is in: the page is called what the session's first page was called ([`page_name`]), so the tab finds
//! the key under that name and comes with it. In any other tab such an address opens nothing, since it can't be told
//! from that of somebody else who knows the id.

use banklink_domain::{
    sealed::Sealed,
    session::{SessionData, Stage},
    token::TokenHash,
};
use banklink_protocol::{
    ids::SessionId, parameters::ParameterName, problem::ProblemCode, secret::Secret, session::Opened,
};
use banklink_store::{Adopt, OpenedBy, SessionRow};

use super::{Page, Permission, answer, resume, token_invalid};
use crate::{
    problem::ApiError,
    seal::Purpose,
    services::sessions::{self, Session},
    state::AppState,
};

impl Page {
    /// The session that it goes on with, if one that another page opened.
    pub fn continued(&self) -> Option<SessionId> {
        self.parameters.get(ParameterName::RequestId).map(SessionId::from)
    }

    /// Whether the app's server says that a session is this page's person's, by all that it bound to the token.
    fn vouches_for(&self, id: &SessionId, data: &SessionData) -> bool {
        let is_this = self.bound.get(ParameterName::RequestId).map(|bound| bound == id.as_str());
        let person = data.opening.external_id.as_deref();
        let is_theirs = self.bound.get(ParameterName::ExternalId).map(|bound| Some(bound) == person);
        matches!((is_this, is_theirs), (Some(true), None | Some(true)) | (None, Some(true)))
    }
}

/// Whether this is the session that the page names, and of its app.
pub(super) fn is_named(page: &Page, row: &SessionRow) -> bool {
    page.continued().is_some_and(|id| id == row.id) && row.app_id == page.app.id
}

/// What the tab calls the page, and keeps the session's key under: the same for a reload and for a page that goes on
/// with the session, another for another token or link. It is known to whoever loads the page, and opens nothing.
pub async fn page_name(state: &AppState, page: &Page) -> Result<String, ApiError> {
    let continued = match page.continued() {
        Some(id) => state.store.sessions().get(&id).await?.filter(|row| row.app_id == page.app.id),
        None => None,
    };
    Ok(match continued.map_or(page.permission.opener(), |row| row.opened_by) {
        OpenedBy::AuthorizeToken(hash) => hash.to_string().chars().take(16).collect(),
        OpenedBy::Link(link) => link.to_string(),
    })
}

/// Takes a session over that waits for an answer, in a tab that has no key of it. The token is used up.
pub(super) async fn go_on(state: &AppState, page: &Page, id: &SessionId, key: &Secret) -> Result<Opened, ApiError> {
    let token = match page.permission {
        Permission::Token(hash) => hash,
        Permission::LinkAlone(_) => return Err(refused("Going on with a session takes a one-time token.")),
        Permission::Refused(_) => return Err(token_invalid()),
    };
    let binds = [ParameterName::RequestId, ParameterName::ExternalId].map(|name| page.bound.get(name).is_some());
    if !binds.contains(&true) {
        let detail = "Bind the session's id to the token, or the person's external_id that the session has.";
        return Err(refused(detail));
    }
    let session = waiting(state, page, id).await?;
    let mut data = session.data.clone();
    data.opening.page = page.kept_address()?;
    data.opening.bank_page = page.bank_page_mode();
    let sealed = state.sealer.seal_value(Purpose::Session, &data).map_err(ApiError::internal)?;
    let (key_hash, now) = (TokenHash::of(key), state.clock.now());
    match state.store.sessions().adopt(&session.row, &key_hash, &Sealed::new(sealed), &token, now).await? {
        Adopt::Adopted(row) => answer(state, &Session { row, data, ..session }).await,
        Adopt::Moving => {
            Err(ApiError::new(ProblemCode::StepInProgress, "The session moves just now: try again shortly."))
        }
        // The same request may have come twice, and the other one was first.
        Adopt::Invalid => resume(state, page, key).await?.ok_or_else(token_invalid),
    }
}

/// The session, if it is this page's person's and waits for an answer. Whatever it is instead, the answer is the same: who
/// may not see a session does not hear whether there is one.
async fn waiting(state: &AppState, page: &Page, id: &SessionId) -> Result<Session, ApiError> {
    let none = || refused("No session of this person's waits for an answer under this id.");
    let row = state.store.sessions().get(id).await?;
    let is_open = |row: &SessionRow| row.app_id == page.app.id && row.ended(state.clock.now()).is_none();
    let session = sessions::opened(state, row.filter(is_open).ok_or_else(none)?)?;
    let waits = matches!(session.data.stage, Stage::Challenge(_)) && page.vouches_for(id, &session.data);
    if waits { sessions::used(state, session.row).await } else { Err(none()) }
}

fn refused(detail: &str) -> ApiError {
    ApiError::new(ProblemCode::InvalidParameter, detail).parameter("requestId")
}
