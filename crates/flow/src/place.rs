//! Which screen a step is, and whether a step goes on where the person is or leads somewhere else.

use banklink_protocol::{
    elements,
    messages::Screen,
    session::{Challenge, ChallengeStep, CredentialsStep, Step},
};

/// The screen of a step.
pub(crate) const fn screen(step: &Step) -> Screen {
    match step {
        Step::Consent(_) => Screen::Consent,
        Step::Institutions(_) => Screen::Institutions,
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
        Step::Credentials(_) => elements::TITLE_CREDENTIALS,
        Step::Challenge(_) => elements::TITLE_SCA,
        Step::Accounts(_) => elements::TITLE_ACCOUNTS,
        Step::Failed(_) | Step::Ended(_) => elements::TITLE_FAILURE,
        Step::Linked(_) => elements::TITLE_SUCCESS,
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
        (Step::Credentials(old), Step::Credentials(new)) => same_form(old, new),
        (Step::Challenge(old), Step::Challenge(new)) => same_challenge(old, new),
        (Step::Accounts(old), Step::Accounts(new)) => {
            old.institution.id == new.institution.id && old.accounts == new.accounts
        }
        (Step::Failed(old), Step::Failed(new)) => old == new,
        _ => false,
    }
}

fn same_form(old: &CredentialsStep, new: &CredentialsStep) -> bool {
    old.institution.id == new.institution.id && old.fields == new.fields
}

/// A second code that looks like the first is another challenge; only a rejected one is the same again.
fn same_challenge(old: &ChallengeStep, new: &ChallengeStep) -> bool {
    let same_question = match (&old.challenge, &new.challenge) {
        (Challenge::OneTimeCode(old), Challenge::OneTimeCode(new)) => old.source == new.source,
        (old, new) => old == new,
    };
    same_question && old.institution.id == new.institution.id && (new.rejected.is_some() || old == new)
}
