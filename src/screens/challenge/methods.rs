//! The ways to authenticate: a press chooses one.

use std::rc::Rc;

use yew::virtual_dom::Key;

use banklink_flow::{Act, Event};
use banklink_protocol::{
    challenge::{Answer, Method, MethodKind},
    elements,
    texts::Text,
};

use crate::{
    message::Message,
    screens::Context,
    ui::tag::{Kind, Name, Tag, tag},
};

pub(super) fn methods(context: &Context<'_>, methods: &[Method], institution: &str) -> Tag {
    let list = tag("ul").id(elements::LIST_METHODS).class("bl-choices").with(Name::Role, "list");
    methods.iter().fold(list, |list, method| list.child(one(context, method, institution)))
}

fn one(context: &Context<'_>, method: &Method, institution: &str) -> Tag {
    let (send, id) = (context.send.clone(), method.id.clone());
    let choose = move |_| send.emit(Message::Flow(Event::Did(Act::Answer(Answer::Choices(vec![id.clone()])))));
    let said = |detail: &String| tag("span").class("bl-bank-note").text(context.texts.isolated(detail).concat().into());
    let detail = method.detail.as_ref().map(said);
    let words = tag("span")
        .class("bl-bank-words")
        .child(tag("span").class("bl-account-name").text(context.about(name(method.kind), institution)))
        .child_some(detail);
    let button = tag("button")
        .with(Name::Type, "button")
        .class("bl-choice bl-method")
        .part(elements::METHOD_BOX)
        .when(context.busy, Name::AriaDisabled)
        .on(Kind::Click, Rc::new(choose))
        .child(words);
    tag("li").key(Key::from(method.id.as_str())).child(button)
}

const fn name(kind: MethodKind) -> Text {
    match kind {
        MethodKind::Sms => Text::MethodSms,
        MethodKind::Email => Text::MethodEmail,
        MethodKind::Call => Text::MethodCall,
        MethodKind::AppCode => Text::MethodAppCode,
        MethodKind::Approval => Text::MethodApproval,
        MethodKind::Authenticator => Text::MethodAuthenticator,
        MethodKind::CardReader => Text::MethodCardReader,
        MethodKind::Device => Text::MethodDevice,
        MethodKind::CoordinateCard => Text::MethodCard,
        MethodKind::Qr => Text::MethodQr,
        MethodKind::Questions => Text::MethodQuestions,
    }
}
