//! Writing: the two things that the widget sends.

use banklink_protocol::{
    challenge::Answer,
    ids::{AccountId, ChoiceId, InstitutionId},
    secret::Secret,
    session::{Intent, LeaveReason, Leaving, OpenRequest, Submission},
};

/// `POST /link/api/1/open`.
pub fn encode_open(request: &OpenRequest) -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    writer.text(&request.path);
    writer.text(request.query.expose());
    writer.text(request.session_key.expose());
    writer.optional(request.token.as_ref().map(Secret::expose));
    match &request.carry_on {
        None => writer.number(0),
        Some(carry_on) => {
            writer.number(1);
            writer.optional(carry_on.text_hash.as_deref());
            writer.optional(carry_on.institution.as_ref().map(InstitutionId::as_str));
        }
    }
    writer.0
}

/// `POST /link/api/1/session`.
pub fn encode_submission(submission: &Submission) -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    writer.number(submission.number);
    writer.intent(&submission.intent);
    writer.0
}

/// `POST /link/api/1/leave`.
pub fn encode_leaving(leaving: &Leaving) -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    writer.number(match leaving.reason {
        LeaveReason::Closed => 0,
        LeaveReason::ConsentDenied => 1,
        LeaveReason::InstitutionNotFound => 2,
        LeaveReason::Failed => 3,
    });
    writer.optional(leaving.searched.as_deref());
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

    #[inline(never)]
    fn optional(&mut self, text: Option<&str>) {
        self.number(u32::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    #[inline(never)]
    fn list<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a str>) {
        self.length(texts.len());
        for text in texts {
            self.text(text);
        }
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
            Intent::SubmitAnswer(Answer::Choices(choices)) => {
                self.number(3);
                self.number(2);
                self.list(choices.iter().map(ChoiceId::as_str));
            }
            Intent::ChooseAccounts(accounts) => {
                self.number(4);
                self.list(accounts.iter().map(AccountId::as_str));
            }
            Intent::Retry => self.number(5),
            Intent::ChooseAnother => self.number(6),
            Intent::Back => self.number(7),
            Intent::Resend => self.number(8),
            Intent::SwitchMethod => self.number(9),
            Intent::Reauthorise => self.number(10),
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
