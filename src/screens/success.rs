//! Success: the institution is linked, and the person goes on to the app.

use yew::{Html, html};

use banklink_flow::SuccessView;
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, title},
    ui::{icon, identity},
};

pub(super) fn success(context: &Context<'_>, view: &SuccessView<'_>) -> Html {
    let name = &view.institution.name;
    html! {
        <div id={elements::DIV_SUCCESS} class="bl-screen bl-outcome">
            <div class="bl-sign bl-sign-good">{ icon::done() }</div>
            { title(elements::TITLE_SUCCESS, context.about(Text::SuccessTitle, name)) }
            <p id={elements::TEXT_SUCCESS} class="bl-text">{ context.about(view.text, name) }</p>
            { identity::institution(view.institution) }
            if let Some(url) = view.continue_url {
                <div class="bl-actions">
                    <a id={elements::LINK_CONTINUE} class="bl-button" href={url.to_owned()} target={view.leaves_frame.then_some("_top")}>
                        { context.about(Text::SuccessContinue, name) }
                    </a>
                </div>
            }
        </div>
    }
}
