//! Which accounts to share.

use yew::{Html, html};

use banklink_flow::{AccountsView, Act};
use banklink_protocol::{elements, ids::AccountId, session::AccountSummary, texts::Text};

use crate::{
    screens::{Context, checked, title},
    ui::{button, identity, message},
};

const NAME: &str = "accounts";

pub(super) fn accounts(context: &Context<'_>, view: &AccountsView<'_>, error: Option<Text>) -> Html {
    let heading = if view.multiple { Text::AccountsTitleMany } else { Text::AccountsTitle };
    let submit =
        context.submit(|page| Some(Act::ChooseAccounts(checked(page, NAME).into_iter().map(AccountId::new).collect())));
    html! {
        <div id={elements::DIV_ACCOUNTS} class="bl-screen">
            { title(elements::TITLE_ACCOUNTS, context.text(heading)) }
            { identity::institution(view.institution) }
            <p class="bl-text">{ context.about(Text::AccountsText, &view.institution.name) }</p>
            { message::error(error.map(|error| context.about(error, &view.institution.name))) }
            <form id={elements::FORM_ACCOUNTS} class="bl-form" novalidate=true onsubmit={submit}>
                <fieldset aria-labelledby={elements::TITLE_ACCOUNTS}>
                    <div class="bl-choices">
                        { for view.accounts.iter().map(|account| one(context, account, view.multiple)) }
                    </div>
                </fieldset>
                { button::submit(elements::BUTTON_CONTINUE, context.text(Text::AccountsShare), context.working()) }
            </form>
        </div>
    }
}

fn one(context: &Context<'_>, account: &AccountSummary, multiple: bool) -> Html {
    let kind = if multiple { "checkbox" } else { "radio" };
    html! {
        <label class="bl-choice" data-part={elements::ACCOUNT_BOX}>
            <input type={kind} name={NAME} value={account.id.to_string()} />
            <span class="bl-account-words">
                <span class="bl-account-name" data-part={elements::ACCOUNT_NAME}>{ &account.name }</span>
                <span class="bl-small">{ context.texts.fill(Text::AccountsDigits, &[("digits", &account.last_digits)]) }</span>
            </span>
            <span class="bl-account-balance" data-part={elements::ACCOUNT_BALANCE}>{ context.texts.money(&account.balance) }</span>
        </label>
    }
}
