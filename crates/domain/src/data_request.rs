//! What lets an app's server read a connection for a while, where no person passed through a session for it: what Flinks
//! integrations get for a `LoginId` whose data is there already (`vendor-apis.md`, 1.3).

use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::{SignedDuration, Timestamp};

use crate::{ids::AppId, text::Tag};

/// Leave to read a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataRequest {
    /// As a session's: integrations know both as `RequestId`.
    pub id: SessionId,
    /// Whose.
    pub app_id: AppId,
    /// What may be read.
    pub connection_id: ConnectionId,
    /// Comes back with the data.
    pub tag: Option<Tag>,
    /// What was asked for of the data, in the words of the dialect that was asked, where it comes later.
    pub asked: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
}

/// How long data is read with one id, whether a session's or a request's, from when it was authorised (seed 002).
pub const READABLE: SignedDuration = SignedDuration::from_mins(30);

/// How long after that it is remembered, so that its app hears that it expired.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
