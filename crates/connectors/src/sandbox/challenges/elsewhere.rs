//! What happens on the phone, which isn't there: the user name decides.
//!
//! | user name | what happens |
//! | --- | --- |
//! | begins with `deny` | denied after four seconds |
//! | begins with `slow` | approved after forty |
//! | begins with `never` | nothing, until it expires |
//! | any other | approved after four |

use banklink_protocol::failures::FailureCode;
use jiff::SignedDuration;

/// What the person decided elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Decision {
    Approved,
    Denied,
}

const SOON: SignedDuration = SignedDuration::from_secs(4);
const LATE: SignedDuration = SignedDuration::from_secs(40);

/// The failure of a login that the person did not agree to.
pub(in crate::sandbox) const DENIED: FailureCode = FailureCode::Denied;

/// The failure of a login that was not agreed to in time.
pub(in crate::sandbox) const EXPIRED: FailureCode = FailureCode::NotApproved;

/// What this person, by their user name in lower case, decided by so long after they were asked.
pub(in crate::sandbox) fn decision(username: &str, since_asked: SignedDuration) -> Option<Decision> {
    let (after, decision) = match username {
        name if name.starts_with("deny") => (SOON, Decision::Denied),
        name if name.starts_with("slow") => (LATE, Decision::Approved),
        name if name.starts_with("never") => return None,
        _ => (SOON, Decision::Approved),
    };
    (since_asked >= after).then_some(decision)
}
