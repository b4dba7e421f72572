//! `/dashboard/preview/{screen}`: each of the widget's screens with made-up content, drawn by the widget's own views, for
//! operators who try a theme. Nothing on it can be used, and only the dashboard frames it.

use axum::{
    Router,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
    routing::get,
};
use banklink_domain::consent::Scope;
use banklink_flow::{Act, CallError, Event, RequestNumber, Timer};
use banklink_protocol::{
    boot::{BankPageMode, Boot, EndingMode, Parts},
    challenge::ChallengeStep,
    failures::FailureCode,
    ids::{FieldId, SessionId},
    problem::ProblemCode,
    session::{
        Ended, FailureStep, LeaveReason, Opened, ReauthorisePurpose, ReauthoriseStep, Rejection, SessionOutcome,
        SessionState, Step,
    },
};

use self::content::{accounts, asked, bank, challenge, credentials, institutions, linked};
use super::dashboard::locale;
use crate::{
    locale::Locale,
    page::preview_page,
    problem::ApiError,
    services::consent::{self, Asking},
    state::AppState,
};

mod content;

/// Who asks, on all of them.
const APP: &str = "Corner Shop";

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/dashboard/preview/{screen}", get(page))
}

async fn page(
    State(state): State<AppState>,
    Path(screen): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let locale = locale(&state, &headers);
    let unknown = || ApiError::new(ProblemCode::NotFound, "There is no screen of this name.");
    let Shown { first, events } = shown(&screen, locale).ok_or_else(unknown)?;
    Ok(preview_page(&state.assets, locale, &boot(locale, first), events))
}

fn boot(locale: &Locale, first: Option<Step>) -> Boot {
    Boot {
        wire_version: banklink_protocol::WIRE_VERSION,
        language: locale.tag.clone(),
        app_name: APP.to_owned(),
        page: String::new(),
        reopens: true,
        ending: EndingMode::default(),
        bank_page: BankPageMode::default(),
        parts: Parts::default(),
        first,
        invalid_parameters: Vec::new(),
    }
}

/// A screen: where the person begins, and what happened since.
struct Shown {
    first: Option<Step>,
    events: Vec<Event>,
}

impl Shown {
    fn at(step: Step) -> Self {
        Self { first: Some(step), events: Vec::new() }
    }

    /// The server answered what was asked first.
    fn answered(answer: Result<Step, ProblemCode>) -> Self {
        let opened = |step| {
            let state = SessionState { number: 0, revision: 0, step, can_go_back: false, expires_in: 1800 };
            Box::new(Opened { session: SessionId::new("preview"), state })
        };
        let answer = answer.map(opened).map_err(CallError::Problem);
        Self { first: None, events: vec![Event::Opened(RequestNumber(1), answer)] }
    }

    fn then(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }
}

fn shown(screen: &str, locale: &Locale) -> Option<Shown> {
    Some(match screen {
        "loading" => Shown { first: None, events: Vec::new() },
        "offline" => Shown::at(Step::Credentials(credentials(None))).then(Event::Offline),
        "leaving" => Shown::at(Step::Credentials(credentials(None))).then(Event::Did(Act::Close)),
        "ends-soon" => Shown::answered(Ok(Step::Credentials(credentials(None)))).then(Event::Fired(Timer::Expiry)),
        "success" => Shown::answered(Ok(Step::Linked(linked()))),
        "left" => {
            let outcome = SessionOutcome::Exited(LeaveReason::InstitutionNotFound);
            Shown::answered(Ok(Step::Ended(Ended { outcome, url: None })))
        }
        "session-expired" => Shown::answered(Err(ProblemCode::SessionExpired)),
        "token-invalid" => Shown::answered(Err(ProblemCode::TokenInvalid)),
        _ => Shown::at(step(screen, locale)?),
    })
}

fn step(screen: &str, locale: &Locale) -> Option<Step> {
    Some(match screen {
        "institutions" => Step::Institutions(institutions()),
        "consent" => {
            let asking = Asking {
                customer_name: APP,
                terms_url: Some("https://example.com"),
                privacy_url: Some("https://example.com"),
                days: 90,
                scopes: &Scope::ALL,
            };
            Step::Consent(consent::step(locale, asking))
        }
        "credentials" => Step::Credentials(credentials(None)),
        "credentials-wrong" => {
            let field = Some(FieldId::from("password"));
            Step::Credentials(credentials(Some(Rejection { code: FailureCode::InvalidCredentials, field })))
        }
        "reauthorise" => {
            Step::Reauthorise(ReauthoriseStep { institution: bank(), purpose: ReauthorisePurpose::Access })
        }
        "accounts" => Step::Accounts(accounts()),
        "failed" => Step::Failed(FailureStep { institution: Some(bank()), code: FailureCode::RetryLater }),
        "code-wrong" => {
            let rejected = Some(Rejection { code: FailureCode::InvalidSca, field: None });
            Step::Challenge(ChallengeStep { rejected, ..asked(challenge("code")?) })
        }
        _ => Step::Challenge(asked(challenge(screen)?)),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use banklink_platform::previews::SCREENS;
    use banklink_widget::screen_after;

    use super::{Shown, boot, shown};
    use crate::locale::Locales;

    #[test]
    fn every_screen_of_the_list_is_there() {
        let locales = Locales::load().expect("the locales");
        let locale = locales.best(["en"]);
        let drawn = |screen: &str| {
            let Shown { first, events } = shown(screen, locale)?;
            Some(screen_after(&boot(locale, first), events, false, &locale.widget_lines))
        };
        let drawn_screens: HashSet<String> = SCREENS.iter().filter_map(|screen| drawn(screen)).collect();
        assert_eq!(drawn_screens.len(), SCREENS.len(), "each looks different");
        assert_eq!(drawn("nothing"), None);
    }
}
