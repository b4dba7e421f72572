//! Repositories over the database; migrations.
//!
//! [`Store::open`] gives a [`Store`], and the store gives one repository for each kind of entity, as
//! [`Store::links`]. A repository's methods are what the server does with that entity, not what a table can do: each is
//! one statement or one transaction, and says in its result type everything that may come of it.
//!
//! # Adding a repository
//!
//! 1. The entity itself belongs into `banklink-domain`, with its states and transitions.
//! 2. Its table: a new file in `migrations/`, added to the list in `migrations`. A migration that was released is
//!    never edited. It runs while the previous version of the server still works on the same database, so it adds
//!    what is new and leaves what is old.
//! 3. Its row: a file in `entities/` with the `SeaORM` model and the two conversions, from the entity to the row and
//!    back. Times are milliseconds (`columns`), ids and hashes text, lists and maps JSON text; what does not convert back
//!    is [`StoreError::Corrupt`], never a panic.
//! 4. The repository: a file beside this one with a `struct Things<'store> { store: &'store Store }` and
//!    a method on [`Store`] that makes it.
//! 5. Its tests: a file in `tests/`, on a real database file, through the public methods only.
//!
//! # Rules
//!
//! - Reads use `store.reader()`, writes `store.writer()`, and more than one write `store.begin()`. On SQLite the writer
//!   is one connection: waiting in our own queue is fair and cheap, waiting for SQLite's lock is neither.
//! - What operators change takes a [`Change`](banklink_domain::activity::Change), which says who changes it, and writes
//!   that down in the same transaction (`activities`).
//! - Where two requests may race, the database decides, in one `UPDATE … WHERE … RETURNING`. A read followed by a write
//!   that relies on it is a bug, unless both stand in one transaction from [`Store`]'s `begin`, behind a lock.
//! - No SQL as text, and nothing that only one database knows, outside of `dialect`.
//! - What arrives is hashed or sealed already: nothing in this crate can open or mint anything.

#![expect(
    clippy::large_enum_variant,
    reason = "results are moved once per statement; boxes would only be in callers' way"
)]

mod access_tokens;
mod activities;
mod apps;
mod authorize_tokens;
mod columns;
mod connections;
mod consents;
mod cursor;
mod data_requests;
mod dialect;
mod entities;
mod error;
mod institutions;
mod link_codes;
mod link_sessions;
mod links;
mod logos;
mod migrations;
mod operators;
mod reauthorisation_tokens;
mod refresh_tokens;
mod requests;
mod settings;
mod store;
mod webhooks;

pub use crate::{
    access_tokens::AccessTokens,
    activities::Activities,
    apps::{AddEntry, AddSecret, Apps, ChangeApp, MAX_ENTRIES, NewApp, RemoveRedirectUri, RevokeSecret},
    authorize_tokens::{AuthorizeTokens, Consume},
    connections::{ConnectionSearch, Connections, DeleteConnection, RefreshClaim, TakeToRefresh},
    consents::{Consents, RevokeConsent},
    cursor::{Cursor, InvalidCursor, Order, Page},
    data_requests::DataRequests,
    error::StoreError,
    institutions::Institutions,
    link_codes::{Exchange, LinkCodes},
    link_sessions::{
        Adopt, Advance, At, Claim, ClaimedSession, ConnectionChange, Effects, Finish, LinkSessions, Move, NewSession,
        Open, OpenedBy, SessionEnd, SessionRow,
    },
    links::{ChangeLink, CreateLink, DeleteLink, Links},
    logos::Logos,
    operators::{Accept, Accepting, Attempted, Invite, Limit, Operators, RemoveOperator, Try},
    reauthorisation_tokens::ReauthorisationTokens,
    refresh_tokens::RefreshTokens,
    requests::{ClaimRequest, Requests, while_carried_out},
    settings::{DatabaseUse, Settings},
    store::{Durability, Store},
    webhooks::{AddWebhook, Attempt, ChangeWebhook, Claimed, Delivery, Queue, TestWebhook, Webhooks},
};
