//! Which screen a step is, and whether a step goes on where the person is or leads somewhere else.

use banklink_protocol::{elements, institutions::InstitutionSummary, messages::Screen, session::Step};

/// The screen of a step.
pub(crate) const fn screen(step: &Step) -> Screen {
    match step {
        Step::Consent(_) => Screen::Consent,
        Step::Institutions(_) => Screen::Institutions,
        Step::Reauthorise(_) => Screen::Reauthorise,
        Step::Credentials(_) => Screen::Credentials,
        Step::Challenge(_) => Screen::Challenge,
        Step::Accounts(_) => Screen::Accounts,
        Step::Failed(_) | Step::Ended(_) => Screen::Failure,
        Step::Linked(_) => Screen::Success,
    }
}

/// The id of the title of a step's screen.
pub(crate) const fn title(step: &Step) -> &'static str {
    match step {
        Step::Consent(_) => elements::TITLE_CONSENT,
        Step::Institutions(_) => elements::TITLE_SELECT_BANK,
        Step::Reauthorise(_) => elements::TITLE_REAUTHORISE,
        Step::Credentials(_) => elements::TITLE_CREDENTIALS,
        Step::Challenge(_) => elements::TITLE_SCA,
        Step::Accounts(_) => elements::TITLE_ACCOUNTS,
        Step::Failed(_) | Step::Ended(_) => elements::TITLE_FAILURE,
        Step::Linked(_) => elements::TITLE_SUCCESS,
    }
}

/// The institution that a step is about.
pub(crate) const fn institution(step: &Step) -> Option<&InstitutionSummary> {
    match step {
        Step::Consent(_) | Step::Institutions(_) | Step::Ended(_) => None,
        Step::Reauthorise(step) => Some(&step.institution),
        Step::Credentials(step) => Some(&step.institution),
        Step::Challenge(step) => Some(&step.institution),
        Step::Accounts(step) => Some(&step.institution),
        Step::Failed(step) => step.institution.as_ref(),
        Step::Linked(ending) => Some(&ending.institution),
    }
}

/// Whether a step is one of those that a person goes on from.
pub(crate) const fn goes_on(step: &Step) -> bool {
    !matches!(step, Step::Linked(_) | Step::Ended(_))
}

/// Whether `new` continues where `old` is: the same form, perhaps with a word on what was wrong with the last try.
/// What was typed stays there; anywhere else the fields are new, however alike they look.
pub(crate) fn is_same(old: &Step, new: &Step) -> bool {
    match (old, new) {
        (Step::Consent(old), Step::Consent(new)) => old.text_hash == new.text_hash,
        (Step::Institutions(_), Step::Institutions(_)) => true,
        (Step::Credentials(old), Step::Credentials(new)) => {
            let fields = old.fields.iter().map(|field| field.id.as_str());
            old.institution.id == new.institution.id && fields.eq(new.fields.iter().map(|field| field.id.as_str()))
        }
        (Step::Reauthorise(old), Step::Reauthorise(new)) => old.institution.id == new.institution.id,
        // A second code that looks like the first is another challenge: the server counts them.
        (Step::Challenge(old), Step::Challenge(new)) => old.round == new.round,
        (Step::Accounts(old), Step::Accounts(new)) => {
            let accounts = old.accounts.iter().map(|account| account.id.as_str());
            accounts.eq(new.accounts.iter().map(|account| account.id.as_str()))
        }
        (Step::Failed(old), Step::Failed(new)) => old.code == new.code,
        _ => false,
    }
}
