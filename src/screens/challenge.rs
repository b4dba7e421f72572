//! Strong customer authentication: what is the same for every kind. Each kind has its own part in a file of its own.

mod approval;
mod bank_page;
mod code;
mod coordinates;
mod methods;
mod picture;
mod qr;
mod questions;

use banklink_flow::{Act, ChallengeKind, ChallengeView, WaitView};
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, card, paragraph, title},
    ui::{
        button::{self, Rank},
        tag::{Name, Tag, tag},
    },
};

pub(super) fn challenge(context: &Context<'_>, view: &ChallengeView<'_>) -> Tag {
    let name = &view.institution.name;
    let text = [("app", context.app_name), ("institution", name), ("device", view.device.unwrap_or_default())];
    card(elements::DIV_SCA)
        .child(title(elements::TITLE_SCA, context.about(view.title, name)))
        .child(context.institution(view.institution))
        .child(paragraph(context.fill(view.text, &text)).id(elements::TEXT_SCA))
        .child(context.error(name))
        .child(kind(context, view))
        .child_some(time_left(context, view.time_left))
        .child(resent(context, view))
        .child_some(other_ways(context, view))
}

fn kind(context: &Context<'_>, view: &ChallengeView<'_>) -> Tag {
    let name = &view.institution.name;
    match &view.kind {
        ChallengeKind::Code(kind) => code::code(context, view, kind),
        ChallengeKind::Questions(questions) => questions::questions(context, view, questions),
        ChallengeKind::Methods(methods) => methods::methods(context, methods, name),
        ChallengeKind::Coordinates(kind) => coordinates::coordinates(context, view, kind),
        ChallengeKind::Read(kind) => picture::read(context, view, kind),
        ChallengeKind::Pick(kind) => picture::pick(context, view, kind),
        ChallengeKind::Qr(code, wait) => qr::qr(context, code, *wait, name),
        ChallengeKind::Approval(approval, wait) => approval::approval(context, approval, *wait, name),
        ChallengeKind::BankPage(page, wait) => bank_page::bank_page(context, page, *wait, name),
    }
}

/// The form of a kind that is answered here.
fn form(context: &Context<'_>, view: &ChallengeView<'_>, fields: impl IntoIterator<Item = Tag>) -> Tag {
    let form = fields.into_iter().fold(context.form(elements::FORM_SCA), Tag::child);
    form.child_some(attempts(context, view.attempts_left)).child(button::submit(
        elements::BUTTON_CONTINUE,
        context.text(Text::Continue),
        context.working(),
    ))
}

/// What belongs to every field of a challenge: what was wrong, and how often it may still be.
fn beside(context: &Context<'_>, view: &ChallengeView<'_>) -> Vec<&'static str> {
    let attempts = view.attempts_left.map(|_| elements::TEXT_ATTEMPTS);
    context.described_by_error().into_iter().chain(attempts).collect()
}

/// How many wrong answers the institution still takes.
fn attempts(context: &Context<'_>, left: Option<u8>) -> Option<Tag> {
    let text = context.texts.count(Text::Attempts, u32::from(left?), 0);
    Some(tag("p").id(elements::TEXT_ATTEMPTS).class("bl-small").changing(text.into()))
}

/// Minutes and seconds, as a clock shows them.
fn clock(seconds: u32) -> String {
    let second = seconds % 60;
    [(seconds / 60).to_string(), if second < 10 { ":0" } else { ":" }.to_owned(), second.to_string()].concat()
}

/// How long the bank still waits. Not announced: it changes every second.
fn time_left(context: &Context<'_>, left: Option<u32>) -> Option<Tag> {
    let text = match left? {
        0 => context.text(Text::Expired),
        left => context.fill(Text::ExpiresIn, &[("time", &clock(left))]),
    };
    Some(tag("p").id(elements::TEXT_EXPIRY).class("bl-small").with(Name::Role, "timer").changing(text))
}

fn resent(context: &Context<'_>, view: &ChallengeView<'_>) -> Tag {
    let text = view.resent.then(|| context.text(Text::Resent));
    tag("div").child_some(
        text.map(|text| tag("p").id(elements::TEXT_RESENT).class("bl-small").with(Name::Tabindex, "-1").text(text)),
    )
}

/// Send again, and another method.
fn other_ways(context: &Context<'_>, view: &ChallengeView<'_>) -> Option<Tag> {
    if view.resend_in.is_none() && !view.can_switch {
        return None;
    }
    let resend = view.resend_in.map(|seconds| match seconds {
        0 => {
            let resend = context.act(|| Act::Resend);
            button::action(elements::BUTTON_RESEND, Rank::Quiet, context.text(Text::Resend), resend)
        }
        // Not yet: the button would do nothing, so it is none.
        seconds => {
            let text = context.fill(Text::ResendIn, &[("time", &clock(seconds))]);
            tag("p").class("bl-small bl-wait").changing(text)
        }
    });
    let switch = view.can_switch.then(|| {
        let switch = context.act(|| Act::SwitchMethod);
        button::action(elements::BUTTON_SWITCH, Rank::Quiet, context.text(Text::SwitchMethod), switch)
    });
    Some(tag("div").class("bl-ways").child_some(resend).child_some(switch))
}

/// That we wait for the bank, and what to do when it takes long. Heard by screen readers when it changes.
fn waiting(context: &Context<'_>, wait: WaitView, institution: &str) -> Tag {
    let spinner = tag("span").class("bl-spinner").with(Name::AriaHidden, "true");
    let words = tag("span").text(context.about(Text::Waiting, institution));
    let help = wait.takes_long.then(|| {
        tag("p").id(elements::TEXT_HELP).class("bl-small").text(context.about(Text::WaitingHelp, institution))
    });
    tag("div")
        .class("bl-waiting")
        .with(Name::Role, "status")
        .child(tag("p").id(elements::TEXT_WAITING).child(spinner).child(words))
        .child_some(help)
}

/// Opens the bank's app on the phone that shows this.
fn app_link(context: &Context<'_>, url: Option<&str>, institution: &str) -> Option<Tag> {
    let link = tag("a").id(elements::LINK_BANK_APP).class("bl-button bl-button-second");
    url.map(|url| link.set(Name::Href, url.to_owned().into()).text(context.about(Text::OpenApp, institution)))
}
