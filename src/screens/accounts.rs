//! Which accounts to share.

use banklink_flow::AccountsView;
use banklink_protocol::{elements, session::AccountSummary, texts::Text};

use crate::{
    screens::{Context, card, paragraph, title},
    ui::{
        button,
        tag::{Name, Tag, tag},
    },
};

pub(super) fn accounts(context: &Context<'_>, view: &AccountsView<'_>) -> Tag {
    let name = &view.institution.name;
    let heading = if view.multiple { Text::AccountsTitleMany } else { Text::AccountsTitle };
    let choices = view
        .accounts
        .iter()
        .fold(tag("div").class("bl-choices"), |choices, account| choices.child(one(context, account, view.multiple)));
    let group = tag("fieldset")
        .with(Name::AriaLabelledby, elements::TITLE_ACCOUNTS)
        .set_some(Name::AriaDescribedby, context.described_by_error().map(Into::into))
        .child(choices);
    let submit = button::submit(elements::BUTTON_CONTINUE, context.text(Text::AccountsShare), context.working());
    card(elements::DIV_ACCOUNTS)
        .child(title(elements::TITLE_ACCOUNTS, context.text(heading)))
        .child(context.institution(view.institution))
        .child(paragraph(context.about(Text::AccountsText, name)).id(elements::TEXT_ACCOUNTS))
        .child(context.error(name))
        .child(context.form(elements::FORM_ACCOUNTS).child(group).child(submit))
}

fn one(context: &Context<'_>, account: &AccountSummary, multiple: bool) -> Tag {
    let input = tag("input")
        .with(Name::Type, if multiple { "checkbox" } else { "radio" })
        .with(Name::Name, "account")
        .set(Name::Value, account.id.as_str().to_owned().into())
        .when(context.busy, Name::AriaDisabled);
    let digits = context.fill(Text::AccountsDigits, &[("digits", &account.last_digits)]);
    let name = tag("span").class("bl-account-name").part(elements::ACCOUNT_NAME).text(account.name.clone().into());
    let words = tag("span").class("bl-account-words").child(name).child(tag("span").class("bl-small").text(digits));
    let balance = tag("span").class("bl-account-balance").part(elements::ACCOUNT_BALANCE);
    tag("label")
        .class("bl-choice")
        .part(elements::ACCOUNT_BOX)
        .child(input)
        .child(words)
        .child(balance.text(context.texts.money(&account.balance).into()))
}
