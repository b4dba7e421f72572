//! The list of institutions: popular ones as tiles, found ones as rows.

use web_sys::HtmlInputElement;
use yew::{AttrValue, Callback, Html, InputEvent, KeyboardEvent, TargetCast, html};

use banklink_flow::{Act, InstitutionsView, ResultsView, health};
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, list_of_banks, title},
    ui::{
        banks::{self, Layout},
        button::{self, Rank},
        icon, message,
    },
};

pub(super) fn institutions(context: &Context<'_>, view: &InstitutionsView<'_>, error: Option<Text>) -> Html {
    let not_found = view.not_found.map(|name| context.texts.fill(Text::InstitutionsNotFound, &[("name", name)]).into());
    let error = error.map(|error| context.text(error)).or(not_found);
    html! {
        <div id={elements::DIV_SELECT_BANK} class="bl-screen">
            { title(elements::TITLE_SELECT_BANK, context.text(Text::InstitutionsTitle)) }
            { message::error(error) }
            { search_box(context) }
            <p id={elements::TEXT_RESULTS} class="bl-results">{ results(context, view) }</p>
            { list(context, view) }
            <div class="bl-actions">
                { button::action(elements::BUTTON_BANK_MISSING, Rank::Quiet, context.text(Text::InstitutionsMissing), None, context.act(Act::InstitutionMissing)) }
            </div>
        </div>
    }
}

fn search_box(context: &Context<'_>) -> Html {
    let send = context.send.clone();
    let search = Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            send.emit(Act::Search(input.value()));
        }
    });
    html! {
        <div class="bl-search" role="search">
            { icon::search() }
            <input id={elements::INPUT_SEARCH_BANK} type="search" class="bl-input" autocomplete="off" autocapitalize="none"
                autocorrect="off" spellcheck="false" enterkeyhint="search" maxlength="200"
                aria-label={context.text(Text::InstitutionsSearch)} aria-controls={elements::LIST_BANKS}
                placeholder={context.text(Text::InstitutionsPlaceholder)} oninput={search}
                onkeydown={Callback::from(into_list)} />
        </div>
    }
}

/// From the search box, the arrow leads into the list.
fn into_list(event: KeyboardEvent) {
    if event.key() == "ArrowDown" && list_of_banks().is_some_and(|list| banks::enter(&list)) {
        event.prevent_default();
    }
}

fn list(context: &Context<'_>, view: &InstitutionsView<'_>) -> Html {
    if let (true, ResultsView::Found { query, .. }) = (view.rows.is_empty(), view.results) {
        return html! {
            <div class="bl-empty">
                <p>{ context.texts.fill(Text::InstitutionsNone, &[("query", query)]) }</p>
                <p>{ context.text(Text::InstitutionsNoneHint) }</p>
            </div>
        };
    }
    let (layout, label) = match view.results {
        ResultsView::Popular => (Layout::Tiles, Text::InstitutionsPopular),
        ResultsView::Searching | ResultsView::Found { .. } => (Layout::Rows, Text::InstitutionsResults),
    };
    let choose = {
        let (send, busy) = (context.send.clone(), context.busy);
        Callback::from(move |id| {
            if !busy {
                send.emit(Act::ChooseInstitution(id));
            }
        })
    };
    let note = |state| health(state).map(|text| context.text(text));
    banks::list(layout, context.text(label), &view.rows, note, &choose)
}

/// What the rows are, in words.
fn results(context: &Context<'_>, view: &InstitutionsView<'_>) -> AttrValue {
    match view.results {
        ResultsView::Popular => context.text(Text::InstitutionsPopular),
        ResultsView::Searching => context.text(Text::InstitutionsSearching),
        ResultsView::Found { total: 0, .. } => AttrValue::default(),
        ResultsView::Found { total: 1, .. } => context.text(Text::InstitutionsOne),
        ResultsView::Found { total, .. } => {
            let shown = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
            let text = if shown < total { Text::InstitutionsFirst } else { Text::InstitutionsMany };
            let (count, shown) = (context.texts.number(total), context.texts.number(shown));
            context.texts.fill(text, &[("count", &count), ("shown", &shown)]).into()
        }
    }
}
