//! Whose form this is: an institution's mark and name.

use yew::{AttrValue, Html, classes, html};

use banklink_protocol::{elements, institutions::InstitutionSummary};

/// The first letters of a name's first two words.
fn initials(name: &str) -> String {
    let words = name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

/// The same institution always has the same colour.
fn tone(id: &str) -> &'static str {
    const TONES: [&str; 8] =
        ["bl-tone-0", "bl-tone-1", "bl-tone-2", "bl-tone-3", "bl-tone-4", "bl-tone-5", "bl-tone-6", "bl-tone-7"];
    let hash = id.bytes().fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte)));
    TONES[hash % TONES.len()]
}

/// How the mark is found by a stylesheet.
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    /// One of many in the list.
    InList,
    /// The one of the institution that was chosen.
    Chosen,
}

/// An institution's monogram.
pub(crate) fn monogram(institution: &InstitutionSummary, mark: Mark) -> Html {
    let (id, part) = match mark {
        Mark::InList => (None, Some(elements::BANK_IMG)),
        Mark::Chosen => (Some(elements::INSTITUTION_IMG), None),
    };
    html! {
        <span id={id} data-part={part} class={classes!("bl-monogram", tone(institution.id.as_str()))} aria-hidden="true">
            { initials(&institution.name) }
        </span>
    }
}

/// The institution that was chosen, beside every form of its own.
pub(crate) fn institution(institution: &InstitutionSummary) -> Html {
    html! {
        <div id={elements::INSTITUTION} class="bl-institution">
            { monogram(institution, Mark::Chosen) }
            <span id={elements::INSTITUTION_NAME} class="bl-institution-name">
                { AttrValue::from(institution.name.clone()) }
            </span>
        </div>
    }
}
