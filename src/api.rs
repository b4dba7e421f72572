//! The link API: postcard both ways, a bearer key, and one shape of error.

use banklink_flow::{CallError, Event, RequestNumber, SearchVersion};
use banklink_protocol::{
    problem::{Problem, ProblemCode},
    secret::Secret,
    session::{CarryOn, Leaving, OpenRequest, Submission},
};
use banklink_wire::{Read, decode, encode_leaving, encode_open, encode_submission};

use crate::browser::{self, Heard};

const OPEN: &str = "/link/api/1/open";
const SESSION: &str = "/link/api/1/session";
const LEAVE: &str = "/link/api/1/leave";
const INSTITUTIONS: &str = "/link/api/1/institutions?q=";

/// Opens the session of the page's address, or resumes the tab's own.
pub(crate) fn open(request: RequestNumber, session_key: Secret, token: Option<Secret>, carry_on: Option<CarryOn>) {
    let (path, query) = (browser::path(), Secret::new(browser::query()));
    let body = encode_open(&OpenRequest { path, query, session_key, token, carry_on });
    browser::call(OPEN, "", &body, false, Heard::OPENED, request.0);
}

/// Reads where the session stands.
pub(crate) fn session(request: RequestNumber, session_key: &Secret) {
    browser::call(SESSION, session_key.expose(), &[], false, Heard::ANSWERED, request.0);
}

/// Reads where the session stands once it is another revision than this, or after a while.
pub(crate) fn wait(request: RequestNumber, session_key: &Secret, revision: u32) {
    let address = [SESSION, "?after=", &revision.to_string()].concat();
    browser::call(&address, session_key.expose(), &[], false, Heard::ANSWERED, request.0);
}

/// Sends what the person did.
pub(crate) fn submit(request: RequestNumber, session_key: &Secret, submission: &Submission) {
    let body = encode_submission(submission);
    browser::call(SESSION, session_key.expose(), &body, false, Heard::ANSWERED, request.0);
}

/// Tells that the person leaves, even while the page goes away.
pub(crate) fn leave(request: RequestNumber, session_key: &Secret, leaving: &Leaving) {
    browser::call(LEAVE, session_key.expose(), &encode_leaving(leaving), true, Heard::ANSWERED, request.0);
}

/// Searches institutions, of one country if it is not empty.
pub(crate) fn search(version: SearchVersion, session_key: &Secret, text: &str, country: &str) {
    let text = String::from(js_sys::encode_uri_component(text));
    let address = [INSTITUTIONS, &text, "&country=", country].concat();
    browser::call(&address, session_key.expose(), &[], false, Heard::FOUND, version.0);
}

/// What happened, if it is an answer to one of these calls.
pub(crate) fn answer(what: u32, number: u32, bytes: &[u8]) -> Option<Event> {
    Some(match what {
        Heard::OPENED | Heard::OPENED_WELL => {
            Event::Opened(RequestNumber(number), read(what == Heard::OPENED_WELL, bytes))
        }
        Heard::ANSWERED | Heard::ANSWERED_WELL => {
            Event::Answered(RequestNumber(number), read(what == Heard::ANSWERED_WELL, bytes))
        }
        Heard::FOUND | Heard::FOUND_WELL => Event::Found(SearchVersion(number), read(what == Heard::FOUND_WELL, bytes)),
        _ => return None,
    })
}

/// An answer that is our server's and can't be read is one of another version.
fn read<T: Read>(ok: bool, bytes: &[u8]) -> Result<T, CallError> {
    let unreadable = CallError::Problem(ProblemCode::VersionMismatch);
    if ok {
        decode(bytes).ok_or(unreadable)
    } else {
        Err(problem(bytes).unwrap_or(if bytes.is_empty() { CallError::Unreachable } else { unreadable }))
    }
}

#[inline(never)]
fn problem(bytes: &[u8]) -> Option<CallError> {
    let problem: Problem = decode(bytes)?;
    Some(match problem.parameter {
        Some(name) if problem.code == ProblemCode::InvalidParameter => CallError::InvalidParameter(name),
        _ => CallError::Problem(problem.code),
    })
}
