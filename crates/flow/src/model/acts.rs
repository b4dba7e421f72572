//! What the person did, taken only where the screen offers it: a click that comes late means nothing any more.

use banklink_protocol::{
    boot::{BankPageMode, EndingMode},
    challenge::Challenge,
    elements,
    failures::FailureAction,
    ids::AccountId,
    institutions::Health,
    messages::Message,
    problem::ProblemCode,
    session::{AccountsStep, Intent, LeaveReason, Step},
    texts::Text,
};

use crate::{
    checks::{self, Faults},
    event::Act,
    model::{Model, Phase, Popup, Stop},
    wording,
};

impl Model {
    pub(super) fn act(&mut self, act: Act) {
        self.engaged = true;
        match act {
            Act::KeepGoing => self.keep_going(),
            Act::Close => self.close(),
            Act::Stay => self.stay(),
            Act::Leave if self.asking => self.leave(LeaveReason::Closed),
            Act::Back if self.asking => self.stay(),
            Act::StartAgain if self.page.reopens && matches!(self.phase, Phase::Expired | Phase::Left(_)) => {
                self.load_again();
            }
            Act::Follow(action) => self.follow(action),
            Act::Search(_) | Act::ChooseCountry(_) if !self.asking => self.act_at_step(act),
            _ if self.asking || self.is_submitting() => {}
            Act::Back => _ = self.back(),
            act => self.act_at_step(act),
        }
    }

    fn act_at_step(&mut self, act: Act) {
        let Some(step) = self.step() else { return };
        let intent = match (act, step) {
            (Act::AcceptConsent, Step::Consent(step)) => {
                Ok(Intent::AcceptConsent { text_hash: step.text_hash.clone() })
            }
            (Act::DeclineConsent, Step::Consent(_)) => return self.leave(LeaveReason::ConsentDenied),
            (Act::Search(text), Step::Institutions(_)) => return self.type_search(&text),
            (Act::ChooseCountry(country), Step::Institutions(step)) => {
                let country = country.filter(|country| step.countries.contains(country));
                if self.search.narrowed(country) {
                    self.send_search();
                }
                return;
            }
            (Act::SearchAgain, Step::Institutions(_)) => {
                self.search.again();
                // The button goes away, and the focus with it.
                self.focus(elements::INPUT_SEARCH_BANK);
                return self.send_search();
            }
            (Act::InstitutionMissing, Step::Institutions(_)) => return self.leave(LeaveReason::InstitutionNotFound),
            (Act::ChooseInstitution(id), Step::Institutions(step)) => {
                let rows = self.search.rows(&step.popular);
                if !rows.iter().any(|row| row.id == id && row.health != Health::Soon) {
                    return;
                }
                Ok(Intent::ChooseInstitution(id))
            }
            (Act::SubmitCredentials(typed), Step::Credentials(step)) => {
                checks::credentials(&step.fields, typed).map(Intent::SubmitCredentials)
            }
            (Act::Answer(typed), Step::Challenge(step)) => match checks::answer(&step.challenge, typed) {
                Some(answer) => answer.map(Intent::SubmitAnswer),
                None => return,
            },
            (Act::Resend, Step::Challenge(_)) if self.sheet.clock.resend_in == Some(0) => Ok(Intent::Resend),
            (Act::SwitchMethod, Step::Challenge(step)) if step.can_switch => Ok(Intent::SwitchMethod),
            (Act::OpenBankPage, Step::Challenge(step)) => {
                return if let Challenge::BankPage(page) = &step.challenge {
                    self.go_to_bank(page.url.clone());
                };
            }
            (Act::Reauthorise, Step::Reauthorise(_)) => Ok(Intent::Reauthorise),
            (Act::ChooseAccounts(chosen), Step::Accounts(step)) => match offered(step, &chosen) {
                Some(accounts) => Ok(Intent::ChooseAccounts(accounts)),
                None => return self.point_out(Some(Text::AccountsRequired), Faults::new()),
            },
            _ => return,
        };
        match intent {
            Ok(intent) => self.submit(intent),
            Err(faults) => self.point_out(None, faults),
        }
    }

    /// Says what is wrong before anything is sent.
    fn point_out(&mut self, error: Option<Text>, faults: Faults) {
        self.sheet.error = error;
        self.sheet.faults = faults;
        self.focus_fault();
    }

    fn type_search(&mut self, text: &str) {
        if self.search.typed(text) {
            self.send_search();
        }
    }

    /// One step back, if there is one. Whether there is.
    fn back(&mut self) -> bool {
        let moves = self.can_go_back() && !self.is_submitting();
        if moves {
            self.history.turn_back();
            self.submit(Intent::Back);
        }
        moves
    }

    /// Back, as the host means it: the question whether to leave goes first.
    pub(super) fn go_back(&mut self) -> bool {
        let asked = self.asking;
        if asked {
            self.stay();
        }
        asked || self.back()
    }

    /// The bank's own page in the place of this one, or in the system's browser.
    fn go_to_bank(&mut self, url: String) {
        match self.page.bank {
            BankPageMode::FullPage => self.go(&url, EndingMode::Top),
            BankPageMode::HandOver => self.post(Message::OpenUrl(url)),
            // A window must be opened in the click itself: the screen does that, and tells.
            BankPageMode::Popup => {}
        }
    }

    /// The screen asked for a window.
    pub(super) fn popup(&mut self, opened: bool) {
        self.sheet.popup = if opened { Popup::Opened } else { Popup::Blocked };
        self.post(if opened { Message::PopupOpened } else { Message::PopupBlocked });
    }

    /// A button of a failure screen, if it is one of its own.
    fn follow(&mut self, action: FailureAction) {
        if let Phase::Stopped(stopped) = &self.phase {
            let why = stopped.why;
            return self.follow_from_stop(action, why);
        }
        let Some(Step::Failed(failure)) = self.step() else { return };
        let (main, second) = failure.code.actions();
        if action != main && action != second {
            return;
        }
        match action {
            FailureAction::Retry => self.submit(Intent::Retry),
            FailureAction::ChooseAnother => self.submit(Intent::ChooseAnother),
            FailureAction::Leave => self.leave(LeaveReason::Failed),
        }
    }

    fn follow_from_stop(&mut self, action: FailureAction, why: Stop) {
        match (action, why) {
            (FailureAction::Retry, Stop::Problem(ProblemCode::VersionMismatch)) => self.load_again(),
            (FailureAction::Retry, Stop::Problem(code)) if wording::is_ours(code) => self.reopen(),
            (FailureAction::Leave, _) => self.leave(LeaveReason::Failed),
            _ => {}
        }
    }
}

/// The chosen accounts that the step offers, in its order: one, or several where that is allowed.
fn offered(step: &AccountsStep, chosen: &[AccountId]) -> Option<Vec<AccountId>> {
    let offered = step.accounts.iter().map(|account| &account.id).filter(|id| chosen.contains(id));
    let accounts: Vec<AccountId> = offered.cloned().collect();
    let fits = !accounts.is_empty() && (step.multiple || accounts.len() == 1);
    fits.then_some(accounts)
}
