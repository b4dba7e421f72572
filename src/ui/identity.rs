//! Whose form this is: an institution's mark and name.

use yew::AttrValue;

use banklink_flow::Logos;
use banklink_protocol::{elements, ids::LogoName, institutions::InstitutionSummary};

use crate::ui::tag::{Name, Tag, tag};

/// The first letters of a name's first two words; the style sheet makes them upper case.
fn initials(name: &str) -> String {
    let words = name.split(|character: char| character.is_ascii() && !character.is_ascii_alphanumeric());
    words.filter_map(|word| word.chars().next()).take(2).collect()
}

/// The same institution always has the same colour.
fn tone(id: &str) -> &'static str {
    const TONES: [&str; 8] = [
        "bl-monogram",
        "bl-monogram bl-tone-1",
        "bl-monogram bl-tone-2",
        "bl-monogram bl-tone-3",
        "bl-monogram bl-tone-4",
        "bl-monogram bl-tone-5",
        "bl-monogram bl-tone-6",
        "bl-monogram bl-tone-7",
    ];
    // The high bits, in which every letter counts (FNV-1a).
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    TONES[(hash >> 29) as usize]
}

/// An institution's mark: its monogram and, over it, its logo. One that does not arrive is taken away (`boot.js`).
pub(crate) fn mark(institution: &InstitutionSummary, logos: Logos) -> Tag {
    // Pictures far down the list are not in the way of what is in sight.
    let picture = |name: &LogoName| {
        tag("img")
            .set(Name::Src, ["/logos/", name.as_str()].concat().into())
            .with(Name::Alt, "")
            .with(Name::Loading, "lazy")
    };
    tag("span")
        .class(tone(institution.id.as_str()))
        .with(Name::AriaHidden, "true")
        .text(initials(&institution.name).into())
        .child_some(institution.logo.as_ref().filter(|_| logos == Logos::Now).map(picture))
}

/// The institution that was chosen, beside every form of its own.
pub(crate) fn institution(mark: Tag, institution: &InstitutionSummary, country: AttrValue) -> Tag {
    let name = tag("span").id(elements::INSTITUTION_NAME).class("bl-institution-name");
    let words = tag("span")
        .class("bl-bank-words")
        .child(name.text(institution.name.clone().into()))
        .child(tag("span").class("bl-bank-note").text(country));
    tag("div").id(elements::INSTITUTION).class("bl-institution").child(mark.id(elements::INSTITUTION_IMG)).child(words)
}
