//! Where a person goes at the end: what the redirect carries depends on how the session was opened (`widget.md`,
//! section 5).

use banklink_domain::{
    authorization::Authorization,
    session::{Entrance, Opening, Rollback, SessionPurpose, Visible},
};
use banklink_protocol::{
    failures::FailureCode,
    ids::{AccountId, ConnectionId, InstitutionId},
    session::SessionOutcome,
};
use url::form_urlencoded::Serializer;

/// The redirect of a session that linked.
pub fn after_linking(
    opening: &Opening,
    institution: &InstitutionId,
    connection: &ConnectionId,
    accounts: &[AccountId],
    code: &str,
) -> String {
    to_the_app(opening, |query| match &opening.entrance {
        // No extra has a name of ours: they were read so.
        Entrance::Link(_) => {
            query.append_pair("code", code).extend_pairs(&opening.extra);
        }
        Entrance::LinkById(_) => {
            let operation = match opening.purpose {
                SessionPurpose::Connect => "CONNECT",
                SessionPurpose::Reauthorise(_) => "UPDATE",
            };
            query.append_pair("token", code).append_pair("operation", operation);
            query.append_pair("entity", institution.as_str());
        }
        Entrance::AuthorizeToken => {
            // Pages exist that read the whole address as a query and so miss its first parameter (vendor-apis.md, 1.10).
            if opening.visible == Visible::Demo {
                query.append_pair("demo", "true");
            }
            query.append_pair("loginId", connection.as_str()).append_pair("institution", institution.as_str());
            if let Some(tag) = &opening.tag {
                query.append_pair("tag", tag);
            }
            if !accounts.is_empty() {
                query.append_pair("accountId", &AccountId::joined(accounts));
            }
        }
        Entrance::DataRecipient(authorization) => {
            query.append_pair("code", code);
            append_state(query, Some(&authorization.state));
            append_correlation(query, authorization);
        }
        Entrance::BankRedirect { state } => {
            query.append_pair("loginId", connection.as_str());
            append_state(query, state.as_deref());
        }
    })
}

/// The redirect of a failure that the app wants to hear of (`vendor-apis.md`, 2.2), if it does.
pub fn after_failure(opening: &Opening, code: FailureCode) -> Option<String> {
    if let Entrance::BankRedirect { state } = &opening.entrance {
        let (error, description) = oauth_error(code);
        return Some(with_oauth_error(&opening.redirect_uri, state.as_deref(), error, description));
    }
    opening.rollback.takes(code).then(|| with_error(opening, code.as_str()))
}

/// The redirect of a person who leaves: a data recipient always hears of it, and an app that wants to hear of failures
/// where something failed before that the person read of here.
pub fn after_leaving(opening: &Opening, outcome: SessionOutcome, has_failed: bool) -> Option<String> {
    if let Entrance::DataRecipient(authorization) = &opening.entrance {
        let (error, description) = match outcome {
            SessionOutcome::Failed(code) => oauth_error(code),
            SessionOutcome::Exited(_) | SessionOutcome::Expired => oauth_error(FailureCode::Denied),
        };
        return Some(refused(authorization, error, description));
    }
    if has_failed { after_giving_up(opening) } else { None }
}

/// The redirect that tells a data recipient that it gets nothing (seed 004).
pub fn refused(authorization: &Authorization, error: &str, description: &str) -> String {
    with_query(&authorization.redirect_uri, |query| {
        append_error(query, error, description);
        append_state(query, Some(authorization.state.as_str()).filter(|state| !state.is_empty()));
        append_correlation(query, authorization);
    })
}

/// The redirect of a person who leaves after a failure that they read of here, if the app wants to hear of failures.
fn after_giving_up(opening: &Opening) -> Option<String> {
    (opening.rollback != Rollback::Off).then(|| with_error(opening, "ABORTED_BY_USER"))
}

/// The redirect of a person who could not be sent to their bank, or came back from there with nothing (seed 001).
pub fn with_oauth_error(redirect_uri: &str, state: Option<&str>, error: &str, description: &str) -> String {
    with_query(redirect_uri, |query| {
        append_state(query, state);
        append_error(query, error, description);
    })
}

fn append_error(query: &mut Serializer<'_, String>, error: &str, description: &str) {
    query.append_pair("error", error).append_pair("error_description", description);
}

fn append_correlation(query: &mut Serializer<'_, String>, authorization: &Authorization) {
    if let Some(id) = &authorization.correlation_id {
        query.append_pair("correlation_id", id);
    }
}

fn append_state(query: &mut Serializer<'_, String>, state: Option<&str>) {
    if let Some(state) = state {
        query.append_pair("state", state);
    }
}

/// A failure as OAuth 2.0 calls it (RFC 6749, section 4.1.2.1), and in words.
const fn oauth_error(code: FailureCode) -> (&'static str, &'static str) {
    match code {
        FailureCode::Denied | FailureCode::NotApproved => ("access_denied", "The user denied the access"),
        FailureCode::RetryLater => ("temporarily_unavailable", "The institution is unavailable"),
        FailureCode::DisabledLogin | FailureCode::UserInteractionNeeded => {
            ("access_denied", "The institution wants the user to act on its own site first")
        }
        _ => ("server_error", "The institution could not be linked"),
    }
}

fn with_error(opening: &Opening, error: &str) -> String {
    to_the_app(opening, |query| {
        query.append_pair("error", error).extend_pairs(&opening.extra);
    })
}

fn to_the_app(opening: &Opening, write: impl FnOnce(&mut Serializer<'_, String>)) -> String {
    with_query(&opening.redirect_uri, write)
}

fn with_query(redirect_uri: &str, write: impl FnOnce(&mut Serializer<'_, String>)) -> String {
    let mut query = Serializer::new(String::new());
    write(&mut query);
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{separator}{}", query.finish())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use banklink_domain::{
        app::AccountSelection,
        connection::{AskedReading, IdentityHash},
        ids::LinkId,
        institution_list::InstitutionList,
        reauthorisation::ReauthorisationPurpose,
        session::Reauthorisation,
        token::TokenHash,
    };
    use banklink_protocol::{boot::BankPageMode, secret::Secret};

    use super::*;

    const LINK: LinkId = LinkId::from_uuid(uuid::Uuid::nil());

    fn opening(entrance: Entrance, visible: Visible) -> Opening {
        Opening {
            entrance,
            purpose: SessionPurpose::Connect,
            page: Secret::new("/v2/"),
            bank_page: BankPageMode::Popup,
            redirect_uri: "https://app.example/back?a=1".to_owned(),
            visible,
            institution: None,
            country: None,
            institutions: InstitutionList::default(),
            offers_countries: false,
            language: "en".to_owned(),
            account_selection: AccountSelection::None,
            currencies: Vec::new(),
            maximum_retry: None,
            rollback: Rollback::Off,
            scopes: Vec::new(),
            reading: AskedReading::default(),
            tag: Some("t & t".to_owned()),
            external_id: None,
            extra: BTreeMap::from([("user".to_owned(), "ü=1".to_owned())]),
        }
    }

    fn url(opening: &Opening) -> String {
        let accounts = ["a1".into(), "a2".into()];
        after_linking(opening, &"FlinksCapital".into(), &"login-1".into(), &accounts, "bl_lc_1")
    }

    #[test]
    fn a_link_comes_back_with_its_code_and_the_extras() {
        let expected = "https://app.example/back?a=1&code=bl_lc_1&user=%C3%BC%3D1";
        assert_eq!(url(&opening(Entrance::Link(LINK), Visible::Sandbox)), expected);
    }

    #[test]
    fn a_link_by_id_comes_back_with_what_was_done_where() {
        let connect = opening(Entrance::LinkById(LINK), Visible::Sandbox);
        let expected = "https://app.example/back?a=1&token=bl_lc_1&operation=CONNECT&entity=FlinksCapital";
        assert_eq!(url(&connect), expected);
        let purpose = SessionPurpose::Reauthorise(Reauthorisation {
            connection: "login-1".into(),
            institution: "FlinksCapital".into(),
            identity: IdentityHash::from_bytes([1; 32]),
            purpose: ReauthorisationPurpose::Credentials,
            token: TokenHash::from_bytes([2; 32]),
        });
        assert!(url(&Opening { purpose, ..connect }).contains("&operation=UPDATE&"));
    }

    #[test]
    fn a_token_comes_back_with_the_login_id_and_demo_before_it() {
        let expected = "https://app.example/back?a=1&demo=true&loginId=login-1&institution=FlinksCapital&tag=t+%26+t&accountId=a1%2Ca2";
        assert_eq!(url(&opening(Entrance::AuthorizeToken, Visible::Demo)), expected);
        assert!(!url(&opening(Entrance::AuthorizeToken, Visible::Sandbox)).contains("demo"));
    }

    #[test]
    fn who_was_sent_straight_to_the_bank_comes_back_as_oauth_has_it() {
        let entrance = Entrance::BankRedirect { state: Some("s & t".to_owned()) };
        let sent = opening(entrance, Visible::Sandbox);
        assert_eq!(url(&sent), "https://app.example/back?a=1&loginId=login-1&state=s+%26+t");
        let denied = after_failure(&sent, FailureCode::Denied);
        let expected = "https://app.example/back?a=1&state=s+%26+t&error=access_denied&error_description=The+user+denied+the+access";
        assert_eq!(denied.as_deref(), Some(expected));
    }

    #[test]
    fn only_failures_that_the_app_names_come_back() {
        let off = opening(Entrance::Link(LINK), Visible::Sandbox);
        assert_eq!((after_failure(&off, FailureCode::DataError), after_giving_up(&off)), (None, None));
        let named = Opening { rollback: Rollback::Only(vec![FailureCode::InvalidSca]), ..off };
        assert_eq!(after_failure(&named, FailureCode::DataError), None);
        let expected = "https://app.example/back?a=1&error=INVALID_SCA&user=%C3%BC%3D1";
        assert_eq!(after_failure(&named, FailureCode::InvalidSca).as_deref(), Some(expected));
        let expected = "https://app.example/back?a=1&error=ABORTED_BY_USER&user=%C3%BC%3D1";
        assert_eq!(after_giving_up(&named).as_deref(), Some(expected));
        let all = Opening { rollback: Rollback::All, ..named };
        assert!(FailureCode::ALL.into_iter().all(|code| after_failure(&all, code).is_some()));
    }
}
