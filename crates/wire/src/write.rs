//! Writing: the two things that the widget sends.

use banklink_protocol::{
    secret::Secret,
    session::{Answer, ExitReason, Intent, OpenRequest, Submission},
};

/// `POST /link/api/1/open`.
pub fn encode_open(request: &OpenRequest) -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    writer.text(&request.path);
    writer.text(request.query.expose());
    writer.text(request.session_key.expose());
    writer.0
}

/// `POST /link/api/1/session`.
pub fn encode_submission(submission: &Submission) -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    writer.number(submission.number);
    writer.intent(&submission.intent);
    writer.0
}

struct Writer(Vec<u8>);

impl Writer {
    /// Seven bits a byte, least significant first. A variant, a flag and a length are numbers too.
    #[inline(never)]
    fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.0.push((number & 0x7f | 0x80).to_le_bytes()[0]);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    #[inline(never)]
    fn length(&mut self, length: usize) {
        self.number(u32::try_from(length).unwrap_or(u32::MAX));
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn intent(&mut self, intent: &Intent) {
        match intent {
            Intent::AcceptConsent { text_hash } => {
                self.number(0);
                self.text(text_hash);
            }
            Intent::ChooseInstitution(institution) => {
                self.number(1);
                self.text(institution.as_str());
            }
            Intent::SubmitCredentials(values) => {
                self.number(2);
                self.pairs(values.iter().map(|value| (value.field.as_str(), &value.value)));
            }
            Intent::SubmitAnswer(Answer::Code(code)) => {
                self.number(3);
                self.number(0);
                self.text(code.expose());
            }
            Intent::SubmitAnswer(Answer::Questions(answers)) => {
                self.number(3);
                self.number(1);
                self.pairs(answers.iter().map(|answer| (answer.question.as_str(), &answer.answer)));
            }
            Intent::ChooseAccounts(accounts) => {
                self.number(4);
                self.length(accounts.len());
                for account in accounts {
                    self.text(account.as_str());
                }
            }
            Intent::Retry => self.number(5),
            Intent::ChooseAnother => self.number(6),
            Intent::Back => self.number(7),
            Intent::Leave(reason) => {
                self.number(8);
                self.number(exit_reason(*reason));
            }
        }
    }

    /// Values with the name of what they belong to.
    fn pairs<'a>(&mut self, pairs: impl ExactSizeIterator<Item = (&'a str, &'a Secret)>) {
        self.length(pairs.len());
        for (name, value) in pairs {
            self.text(name);
            self.text(value.expose());
        }
    }
}

const fn exit_reason(reason: ExitReason) -> u32 {
    match reason {
        ExitReason::Closed => 0,
        ExitReason::ConsentDenied => 1,
        ExitReason::InstitutionNotFound => 2,
        ExitReason::Failed => 3,
        ExitReason::TokenInvalid => 4,
        ExitReason::SessionExpired => 5,
        ExitReason::Unsupported => 6,
    }
}
