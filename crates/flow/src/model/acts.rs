//! What the person did, taken only where the screen offers it: a click that comes late means nothing any more.

use banklink_protocol::{
    failures::FailureAction,
    ids::AccountId,
    institutions::Health,
    problem::ProblemCode,
    session::{AccountsStep, Answer, Challenge, ExitReason, Intent, Step},
    texts::Text,
};

use crate::{
    checks::{self, Faults},
    event::Act,
    model::{Model, Phase, Stop},
    wording,
};

impl Model {
    pub(super) fn act(&mut self, act: Act) {
        self.engaged = true;
        match act {
            Act::Close => self.close(),
            Act::Stay => self.stay(),
            Act::Leave if self.asking => self.leave(ExitReason::Closed),
            Act::Back if self.asking => self.stay(),
            Act::StartAgain if matches!(self.phase, Phase::Expired) => self.load_again(),
            Act::Follow(action) => self.follow(action),
            Act::Search(_) if !self.asking => self.act_at_step(act),
            _ if self.asking || self.is_submitting() => {}
            Act::Back => self.back(),
            act => self.act_at_step(act),
        }
    }

    fn act_at_step(&mut self, act: Act) {
        let Some(step) = self.step() else { return };
        let intent = match (act, step) {
            (Act::AcceptConsent, Step::Consent(step)) => {
                Ok(Intent::AcceptConsent { text_hash: step.text_hash.clone() })
            }
            (Act::DeclineConsent, Step::Consent(_)) => return self.leave(ExitReason::ConsentDenied),
            (Act::Search(text), Step::Institutions(_)) => return self.type_search(&text),
            (Act::SearchAgain, Step::Institutions(_)) => {
                self.search.again();
                return self.send_search();
            }
            (Act::InstitutionMissing, Step::Institutions(_)) => return self.leave(ExitReason::InstitutionNotFound),
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
            (Act::SubmitCode(typed), Step::Challenge(step)) => match &step.challenge {
                Challenge::OneTimeCode(asked) => {
                    checks::code(asked, &typed).map(|code| Intent::SubmitAnswer(Answer::Code(code)))
                }
                Challenge::Questions(_) => return,
            },
            (Act::SubmitAnswers(typed), Step::Challenge(step)) => match &step.challenge {
                Challenge::Questions(questions) => {
                    checks::answers(questions, typed).map(|answers| Intent::SubmitAnswer(Answer::Questions(answers)))
                }
                Challenge::OneTimeCode(_) => return,
            },
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

    fn back(&mut self) {
        if matches!(&self.phase, Phase::Open(session) if session.state.can_go_back) {
            self.submit(Intent::Back);
        }
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
            FailureAction::Leave => self.leave(ExitReason::Failed),
        }
    }

    fn follow_from_stop(&mut self, action: FailureAction, why: Stop) {
        match (action, why) {
            (FailureAction::Retry, Stop::Problem(ProblemCode::VersionMismatch)) => self.load_again(),
            (FailureAction::Retry, Stop::Problem(code)) if wording::is_ours(code) => self.reopen(),
            (FailureAction::Leave, _) => self.leave(ExitReason::Failed),
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
