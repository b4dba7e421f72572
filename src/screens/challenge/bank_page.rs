//! The bank's own page: in a window of its own, in the place of this page, or in the system's browser.

use std::rc::Rc;

use banklink_flow::{Act, BankPageView, Event, Popup, WaitView};
use banklink_protocol::{boot::BankPageMode, elements, texts::Text};

use crate::{
    browser,
    message::Message,
    screens::{Context, challenge::waiting},
    ui::{
        button::{self, Rank},
        tag::{Handler, Name, Tag, tag},
    },
};

pub(super) fn bank_page(context: &Context<'_>, page: &BankPageView<'_>, wait: WaitView, institution: &str) -> Tag {
    let text = if page.popup == Popup::Opened { Text::BankAgain } else { Text::BankOpen };
    let button = button::action(
        elements::BUTTON_BANK_PAGE,
        if page.popup == Popup::Opened { Rank::Second } else { Rank::Main },
        context.about(text, institution),
        open(context, page),
    );
    let content = tag("div").class("bl-form").child_some(blocked(context, page, institution)).child(button);
    content.child_some((page.popup != Popup::Unasked).then(|| waiting(context, wait, institution)))
}

fn open(context: &Context<'_>, page: &BankPageView<'_>) -> Handler {
    let (send, url, mode) = (context.send.clone(), page.url.to_owned(), page.mode);
    Rc::new(move |_| {
        send.emit(Message::Flow(match mode {
            // At once: a browser lets only the click itself open a window.
            BankPageMode::Popup => Event::Popup(browser::popup(&url)),
            BankPageMode::FullPage | BankPageMode::HandOver => Event::Did(Act::OpenBankPage),
        }));
    })
}

/// Where the browser refused the window, a link that it can't refuse.
fn blocked(context: &Context<'_>, page: &BankPageView<'_>, institution: &str) -> Option<Tag> {
    let link = |url: &str| {
        tag("a")
            .id(elements::LINK_BANK_PAGE)
            .class("bl-button")
            .set(Name::Href, url.to_owned().into())
            .with(Name::Target, "_blank")
            .with(Name::Rel, "noopener noreferrer")
            .text(context.about(Text::BankOpen, institution))
    };
    (page.popup == Popup::Blocked).then(|| {
        tag("div")
            .class("bl-form")
            .child(tag("p").class("bl-text").text(context.text(Text::BankBlocked)))
            .child(link(page.url))
    })
}
