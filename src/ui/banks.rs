//! The list of institutions: tiles or rows, walked with the arrow keys.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{AttrValue, Callback, Html, KeyboardEvent, TargetCast, classes, html};

use banklink_protocol::{
    elements,
    ids::InstitutionId,
    institutions::{Health, InstitutionSummary},
};

use crate::ui::identity::{Mark, monogram};

/// How the list is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A few, to choose from at a glance.
    Tiles,
    /// Any number, to read.
    Rows,
}

/// The list. `label` names it; `note` says what is to be said of an institution's health.
pub(crate) fn list(
    layout: Layout,
    label: AttrValue,
    institutions: &[&InstitutionSummary],
    note: impl Fn(Health) -> Option<AttrValue>,
    choose: &Callback<InstitutionId>,
) -> Html {
    let class = match layout {
        Layout::Tiles => "bl-tiles",
        Layout::Rows => "bl-rows",
    };
    html! {
        <ul id={elements::LIST_BANKS} class={class} role="list" aria-label={label} onkeydown={Callback::from(walk)}>
            { for institutions.iter().map(|institution| bank(institution, &note, choose)) }
        </ul>
    }
}

fn bank(
    institution: &InstitutionSummary,
    note: &impl Fn(Health) -> Option<AttrValue>,
    choose: &Callback<InstitutionId>,
) -> Html {
    let id = institution.id.clone();
    let press = choose.reform(move |_| id.clone());
    let tone = match institution.health {
        Health::Up | Health::Soon => None,
        Health::Degraded => Some("bl-bank-degraded"),
        Health::Down => Some("bl-bank-down"),
    };
    html! {
        <li key={institution.id.as_str()}>
            <button type="button" class="bl-bank" data-part={elements::BANK_BOX} data-institution={institution.id.to_string()}
                onclick={press}>
                { monogram(institution, Mark::InList) }
                <span class="bl-bank-words">
                    <span class="bl-bank-name" data-part={elements::BANK_NAME}>{ &institution.name }</span>
                    if let Some(note) = note(institution.health) {
                        <span class={classes!("bl-bank-note", tone)}>{ note }</span>
                    }
                </span>
            </button>
        </li>
    }
}

/// Moves the focus within the list. Tab leaves it, Enter chooses, as with any buttons.
fn walk(event: KeyboardEvent) {
    let Some(list) = event.target_dyn_into::<Element>().and_then(|target| target.closest("ul").ok().flatten()) else {
        return;
    };
    if step(&list, &event.key()) {
        event.prevent_default();
    }
}

/// Focuses the first institution, from the search box. Whether there is one.
pub(crate) fn enter(list: &Element) -> bool {
    step(list, "Home")
}

fn step(list: &Element, key: &str) -> bool {
    let Ok(found) = list.query_selector_all("button") else { return false };
    let buttons: Vec<HtmlElement> = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect();
    let Some(last) = buttons.len().checked_sub(1) else { return false };
    let active = list.owner_document().and_then(|document| document.active_element());
    let here = buttons.iter().position(|button| active.as_ref() == Some(button));
    let to = match (key, here) {
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowDown" | "ArrowRight", Some(here)) => (here + 1).min(last),
        ("ArrowUp" | "ArrowLeft", Some(here)) => here.saturating_sub(1),
        _ => return false,
    };
    buttons[to].focus().is_ok()
}
