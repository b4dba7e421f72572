//! One function for each screen.

use banklink_protocol::{
    boot::EndingMode,
    failures::{FailureAction, FailureCode},
    institutions::InstitutionSummary,
    session::{CredentialsStep, InstitutionsStep, ReauthorisePurpose, Step},
    texts::Text,
};

use crate::{
    checks::{Fault, Spot},
    model::{Linked, Model, Phase, Stop, Stopped},
    view::{
        AccountsView, ButtonView, CredentialsView, FailureView, FieldView, InstitutionsView, LeftView, ReauthoriseView,
        ResultsView, ScreenView, SuccessView, challenge, is_framed,
    },
    wording,
};

pub(super) fn screen(model: &Model) -> ScreenView<'_> {
    match &model.phase {
        Phase::Reloading => ScreenView::Loading,
        Phase::Opening(_) | Phase::Open(_) => model.step().map_or(ScreenView::Loading, |step| at_step(model, step)),
        Phase::Linked(linked) => success(model, linked),
        Phase::Stopped(stopped) => stop(stopped),
        Phase::TokenInvalid => ScreenView::TokenInvalid,
        Phase::Expired => ScreenView::SessionExpired { reopens: model.page.reopens },
        Phase::Left(left) => ScreenView::Left(LeftView {
            continue_url: left.url.as_deref().filter(|_| left.still_here),
            leaves_frame: leaves_frame(model),
            reopens: model.page.reopens && left.url.is_none() && !is_framed(model),
        }),
    }
}

fn at_step<'a>(model: &'a Model, step: &'a Step) -> ScreenView<'a> {
    match step {
        Step::Consent(step) => ScreenView::Consent(step),
        Step::Institutions(step) => institutions(model, step),
        Step::Credentials(step) => credentials(model, step),
        Step::Reauthorise(step) => ScreenView::Reauthorise(ReauthoriseView {
            institution: &step.institution,
            text: match step.purpose {
                ReauthorisePurpose::Access => Text::ReauthoriseText,
                ReauthorisePurpose::Transactions => Text::ReauthoriseTransactions,
            },
        }),
        Step::Challenge(step) => ScreenView::Challenge(challenge::challenge(model, step)),
        Step::Accounts(step) => ScreenView::Accounts(AccountsView {
            institution: &step.institution,
            accounts: &step.accounts,
            multiple: step.multiple,
        }),
        Step::Failed(step) => {
            let (main, second) = step.code.actions();
            let screen = failure(step.institution.as_ref(), wording::failure(step.code), main, Some(second));
            if step.code == FailureCode::CredentialsAlreadyExist { nothing_to_do(screen) } else { screen }
        }
        // The model never stands at these: they are phases of their own.
        Step::Linked(_) | Step::Ended(_) => ScreenView::Loading,
    }
}

fn institutions<'a>(model: &'a Model, step: &'a InstitutionsStep) -> ScreenView<'a> {
    let search = &model.search;
    let results = match search.answer() {
        Some(answer) => ResultsView::Found { total: answer.total, query: search.text() },
        None if search.is_blank() => ResultsView::Popular,
        None if search.has_failed() => ResultsView::Failed,
        None => ResultsView::Searching,
    };
    ScreenView::Institutions(InstitutionsView {
        rows: search.rows(&step.popular),
        results,
        typed: search.text(),
        countries: &step.countries,
        country: search.country(),
        not_found: step.not_found.as_deref(),
    })
}

/// What is wrong at a spot of the screen.
pub(super) fn fault(model: &Model, at: &Spot) -> Option<Fault> {
    model.sheet.faults.iter().find(|(spot, _)| spot == at).map(|(_, fault)| *fault)
}

fn credentials<'a>(model: &'a Model, step: &'a CredentialsStep) -> ScreenView<'a> {
    let fields = step.fields.iter().map(|field| {
        let spot = Spot::Field(field.id.clone());
        let fault = fault(model, &spot);
        FieldView { field, invalid: fault.is_some(), fault: fault.and_then(|fault| wording::fault(&spot, fault)) }
    });
    ScreenView::Credentials(CredentialsView {
        institution: &step.institution,
        fields: fields.collect(),
        forgotten_password_url: step.forgotten_password_url.as_deref(),
    })
}

fn success<'a>(model: &'a Model, linked: &'a Linked) -> ScreenView<'a> {
    let by_message = model.page.ending == EndingMode::MessageOnly;
    ScreenView::Success(SuccessView {
        institution: &linked.ending.institution,
        text: if by_message { Text::SuccessTextMessage } else { Text::SuccessText },
        continue_url: linked.still_here.then_some(linked.ending.url.as_str()),
        leaves_frame: leaves_frame(model),
    })
}

fn leaves_frame(model: &Model) -> bool {
    is_framed(model) && model.page.ending == EndingMode::Top
}

fn stop(stopped: &Stopped) -> ScreenView<'static> {
    let (words, may_retry) = match stopped.why {
        Stop::Problem(code) => (wording::problem(code), wording::is_ours(code)),
        Stop::Failure(code) => (wording::failure(code), false),
    };
    if may_retry {
        failure(None, words, FailureAction::Retry, Some(FailureAction::Leave))
    } else {
        failure(None, words, FailureAction::Leave, None)
    }
}

/// Nothing went wrong: the person may go back to the app in peace.
fn nothing_to_do(screen: ScreenView<'_>) -> ScreenView<'_> {
    let ScreenView::Failure(view) = screen else { return screen };
    let main = ButtonView { label: Text::BackToApp, ..view.main };
    ScreenView::Failure(FailureView { is_bad: false, main, ..view })
}

fn failure(
    institution: Option<&InstitutionSummary>,
    (title, text): (Text, Text),
    main: FailureAction,
    second: Option<FailureAction>,
) -> ScreenView<'_> {
    let button = |action| ButtonView { action, label: wording::action(action) };
    ScreenView::Failure(FailureView {
        institution,
        is_bad: true,
        title,
        text,
        main: button(main),
        second: second.map(button),
    })
}
