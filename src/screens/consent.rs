//! Consent: who asks for what, in words that the server records.

use yew::{Html, html};

use banklink_flow::Act;
use banklink_protocol::{elements, session::ConsentStep, texts::Text};

use crate::{
    screens::{Context, title},
    ui::{
        button::{self, Rank},
        icon, message,
    },
};

pub(super) fn consent(context: &Context<'_>, consent: &ConsentStep, error: Option<Text>) -> Html {
    let heading = context.texts.fill(Text::ConsentTitle, &[("customer", &consent.customer_name)]);
    html! {
        <div id={elements::DIV_CONSENT} class="bl-screen">
            { title(elements::TITLE_CONSENT, heading.into()) }
            <div id={elements::TEXT_CONSENT} class="bl-paragraphs">
                { for consent.paragraphs.iter().map(|paragraph| html! { <p>{ paragraph }</p> }) }
            </div>
            <h2 id="title-scopes" class="bl-label">{ context.text(Text::ConsentScopes) }</h2>
            <ul id={elements::LIST_SCOPES} class="bl-scopes" role="list" aria-labelledby="title-scopes">
                { for consent.scopes.iter().map(|scope| html! { <li>{ icon::check() }<span>{ scope }</span></li> }) }
            </ul>
            if let Some(terms) = &consent.terms_url {
                <p class="bl-links">
                    <a id={elements::LINK_TERMS} href={terms.clone()} target="_blank" rel="noopener noreferrer">
                        { context.texts.fill(Text::ConsentTerms, &[("customer", &consent.customer_name)]) }
                        <span class="bl-sr">{ format!(" ({})", context.text(Text::NewWindow)) }</span>
                    </a>
                </p>
            }
            { message::error(error.map(|error| context.text(error))) }
            <div class="bl-actions">
                { button::action(elements::BUTTON_CONTINUE, Rank::Main, context.text(Text::ConsentAccept), context.working(), context.act(Act::AcceptConsent)) }
                { button::action(elements::BUTTON_DECLINE, Rank::Quiet, context.text(Text::ConsentDecline), None, context.act(Act::DeclineConsent)) }
            </div>
        </div>
    }
}
