//! Consent: who asks for what, in words that the server records.

use banklink_flow::Act;
use banklink_protocol::{
    elements,
    session::{ConsentDocument, ConsentStep},
    texts::Text,
};

use crate::{
    screens::{Context, actions, card, paragraph, title},
    ui::{
        button::{self, Rank},
        icon::Icon,
        tag::{Name, Tag, tag},
    },
};

/// The id of the heading of the list of what is shared.
const TITLE_SCOPES: &str = "title-scopes";

pub(super) fn consent(context: &Context<'_>, consent: &ConsentStep) -> Tag {
    let customer = [("customer", consent.customer_name.as_str())];
    let text =
        consent.paragraphs.iter().fold(tag("div").id(elements::TEXT_CONSENT).class("bl-paragraphs"), |text, words| {
            text.child(paragraph(words.clone().into()))
        });
    let list = tag("ul").id(elements::LIST_SCOPES).class("bl-scopes").with(Name::Role, "list");
    let scopes = consent.scopes.iter().fold(list.with(Name::AriaLabelledby, TITLE_SCOPES), |list, scope| {
        list.child(tag("li").child(Icon::CHECK.draw()).child(tag("span").text(scope.clone().into())))
    });
    let heading = tag("h2").id(TITLE_SCOPES).class("bl-label").text(context.text(Text::ConsentScopes));
    let document = |id, document: &Option<ConsentDocument>| {
        document.as_ref().map(|document| context.link_out(id, &document.url, document.label.clone().into()))
    };
    let accept =
        button::button(elements::BUTTON_CONTINUE, Rank::Main, context.text(Text::ConsentAccept), context.working());
    card(elements::DIV_CONSENT)
        .child(title(elements::TITLE_CONSENT, context.fill(Text::ConsentTitle, &customer)))
        .child(text)
        .child(heading)
        .child(scopes)
        .child_some(document(elements::LINK_TERMS, &consent.terms))
        .child_some(document(elements::LINK_PRIVACY, &consent.privacy))
        .child(context.error(""))
        .child(actions().child(button::pressed(accept, context.act(|| Act::AcceptConsent))).child(button::action(
            elements::BUTTON_DECLINE,
            Rank::Quiet,
            context.text(Text::ConsentDecline),
            context.act(|| Act::DeclineConsent),
        )))
}
