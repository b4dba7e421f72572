//! The screen of a challenge, for every kind.

use banklink_protocol::{
    challenge::{Approval, Challenge, ChallengeStep, CodeSource, CoordinateCard, OneTimeCode, Picture, PictureTask},
    texts::Text,
};

use crate::{
    checks::Spot,
    model::Model,
    view::{
        BankPageMode, BankPageView, ChallengeKind, ChallengeView, CodeView, CoordinatesView, PickView, QuestionView,
        ReadView, WaitView, screens::fault,
    },
    wording,
};

pub(super) fn challenge<'a>(model: &'a Model, step: &'a ChallengeStep) -> ChallengeView<'a> {
    let (title, text) = words(model, &step.challenge);
    let clock = model.sheet.clock;
    let device = match &step.challenge {
        Challenge::Approval(Approval { device, .. }) => device.as_deref(),
        _ => None,
    };
    ChallengeView {
        institution: &step.institution,
        title,
        text,
        device,
        kind: kind(model, &step.challenge),
        attempts_left: step.attempts_left,
        time_left: clock.left,
        resend_in: clock.resend_in,
        resent: step.resent,
        can_switch: step.can_switch,
    }
}

/// Title and text of a kind.
fn words(model: &Model, challenge: &Challenge) -> (Text, Text) {
    match challenge {
        Challenge::OneTimeCode(asked) => (Text::CodeTitle, source(asked.source)),
        Challenge::Questions(questions) if questions.len() == 1 => (Text::QuestionsTitle, Text::QuestionsText),
        Challenge::Questions(_) => (Text::QuestionsTitleMany, Text::QuestionsText),
        Challenge::Method(_) => (Text::MethodTitle, Text::MethodText),
        Challenge::Coordinates(_) => (Text::CoordinatesTitle, Text::CoordinatesText),
        Challenge::Picture(picture) => (
            Text::CodeTitle,
            match picture.task {
                PictureTask::Read(_) => Text::PictureRead,
                PictureTask::PickOne(_) => Text::PictureOne,
                PictureTask::PickSeveral(_) => Text::PictureSeveral,
            },
        ),
        Challenge::Qr(_) => (Text::QrTitle, Text::QrText),
        Challenge::Approval(Approval { device: None, .. }) => (Text::ApprovalTitle, Text::ApprovalText),
        Challenge::Approval(_) => (Text::ApprovalTitle, Text::ApprovalDevice),
        Challenge::BankPage(_) if model.page.bank == BankPageMode::Popup => (Text::BankTitle, Text::BankText),
        Challenge::BankPage(_) => (Text::BankTitle, Text::BankTextPage),
    }
}

const fn source(source: CodeSource) -> Text {
    match source {
        CodeSource::Sms => Text::CodeSms,
        CodeSource::Email => Text::CodeEmail,
        CodeSource::Call => Text::CodeCall,
        CodeSource::App => Text::CodeApp,
        CodeSource::Authenticator => Text::CodeAuthenticator,
        CodeSource::CardReader => Text::CodeCardReader,
        CodeSource::Device => Text::CodeDevice,
        CodeSource::Unspecified => Text::CodeUnspecified,
    }
}

fn kind<'a>(model: &'a Model, challenge: &'a Challenge) -> ChallengeKind<'a> {
    let wait = WaitView { takes_long: model.sheet.clock.takes_long() };
    match challenge {
        Challenge::OneTimeCode(asked) => ChallengeKind::Code(code(model, asked)),
        Challenge::Questions(questions) => ChallengeKind::Questions(
            questions
                .iter()
                .map(|question| QuestionView { question, fault: said(model, &Spot::Question(question.id.clone())) })
                .collect(),
        ),
        Challenge::Method(methods) => ChallengeKind::Methods(methods),
        Challenge::Coordinates(card) => ChallengeKind::Coordinates(coordinates(model, card)),
        Challenge::Picture(picture) => self::picture(model, picture),
        Challenge::Qr(code) => ChallengeKind::Qr(code, wait),
        Challenge::Approval(approval) => ChallengeKind::Approval(approval, wait),
        Challenge::BankPage(page) => {
            let view = BankPageView { url: &page.url, mode: model.page.bank, popup: model.sheet.popup };
            ChallengeKind::BankPage(view, wait)
        }
    }
}

/// What to say at a spot.
fn said(model: &Model, spot: &Spot) -> Option<Text> {
    fault(model, spot).and_then(|fault| wording::fault(spot, fault))
}

fn code<'a>(model: &'a Model, asked: &'a OneTimeCode) -> CodeView<'a> {
    CodeView {
        sent_to: asked.sent_to.as_deref(),
        length: asked.length,
        digits_only: asked.digits_only,
        invalid: fault(model, &Spot::Code).is_some(),
        fault: said(model, &Spot::Code),
    }
}

fn coordinates<'a>(model: &'a Model, card: &'a CoordinateCard) -> CoordinatesView<'a> {
    let cells = card.cells.iter().map(|cell| (cell, said(model, &Spot::Coordinate(cell.id.clone()))));
    CoordinatesView { card: card.card.as_deref(), cells: cells.collect() }
}

fn picture<'a>(model: &'a Model, picture: &'a Picture) -> ChallengeKind<'a> {
    let prompt = picture.prompt.as_deref();
    let pick = |choices, several| {
        ChallengeKind::Pick(PickView { prompt, choices, several, fault: said(model, &Spot::Pictures) })
    };
    match &picture.task {
        PictureTask::Read(image) => ChallengeKind::Read(ReadView {
            prompt,
            image,
            invalid: fault(model, &Spot::Code).is_some(),
            fault: said(model, &Spot::Code),
        }),
        PictureTask::PickOne(choices) => pick(choices, false),
        PictureTask::PickSeveral(choices) => pick(choices, true),
    }
}
