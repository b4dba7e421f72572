//! Whether text can be read on its background, as far as one rule tells (WCAG 2.2, success criterion 1.4.3).

use banklink_protocol::elements::{
    ERROR_CREDENTIAL, ERROR_QUESTION, ERROR_SCA, INSTITUTION, INSTITUTION_NAME, MESSAGE_ERROR,
};

use crate::{
    cursor::Fault,
    finding::{Ratio, Reason},
    selector::Selector,
    stylesheet::Declaration,
    values::{Colour, Part, Rgba},
};

/// Contrast that ordinary text needs, and large text.
const NEEDED: Ratio = Ratio(450);
const NEEDED_LARGE: Ratio = Ratio(300);

/// From this size on text is large, in pixels.
const LARGE: f64 = 24.0;

/// Under this contrast text can hardly be found.
const UNREADABLE: Ratio = Ratio(150);

/// Elements that a theme must not make unreadable, not even together with what surrounds them.
const GUARDED: &[&str] = &[INSTITUTION, INSTITUTION_NAME, MESSAGE_ERROR, ERROR_CREDENTIAL, ERROR_QUESTION, ERROR_SCA];

const TEXT: &str = "color";
const BACKGROUNDS: &[&str] = &["background", "background-color", "background-image"];

/// Custom properties that meet as text and background.
const PAIRS: &[(&str, &str)] = &[
    ("--bl-text", "--bl-background"),
    ("--bl-text", "--bl-surface"),
    ("--bl-muted", "--bl-surface"),
    ("--bl-danger", "--bl-surface"),
    ("--bl-accent", "--bl-surface"),
    ("--bl-on-accent", "--bl-accent"),
    ("--bl-on-accent", "--bl-accent-strong"),
    ("--bl-warning", "--bl-warning-soft"),
    ("--bl-success", "--bl-success-soft"),
];

/// Custom properties that the guarded elements wear, as text and background.
const GUARDED_PAIRS: &[(&str, &str)] = &[("--bl-text", "--bl-raised"), ("--bl-danger", "--bl-danger-soft")];

/// Looks at the colours of a rule, and takes out those that make text unreadable.
pub(crate) fn check(selectors: &[Selector], declarations: &mut Vec<Declaration>) -> Vec<Fault> {
    if selectors == [Selector::Root] {
        let guarded = GUARDED_PAIRS.iter().filter_map(|(text, background)| {
            let reason = Reason::GuardedPair { text, background, needed: NEEDED };
            guard(declarations, text, &[*background], reason)
        });
        let mut faults: Vec<Fault> = guarded.collect();
        faults.extend(PAIRS.iter().filter_map(|(text, background)| pair(declarations, text, &[*background])));
        return faults;
    }
    let guarded = selectors.iter().filter_map(Selector::styled).find(|id| GUARDED.contains(id));
    if let Some(id) = guarded {
        let reason = Reason::Guarded { id, needed: NEEDED };
        return guard(declarations, TEXT, BACKGROUNDS, reason).into_iter().collect();
    }
    let Some(fault) = pair(declarations, TEXT, BACKGROUNDS) else {
        return Vec::new();
    };
    if matches!(fault.reason, Reason::Unreadable { .. }) {
        declarations.retain(|declaration| declaration.name != TEXT);
    } else if selectors.iter().all(Selector::is_disabled) {
        // What can't be used may be faint.
        return Vec::new();
    }
    vec![fault]
}

/// Text and background of what is guarded come together, contrast and count alike, or not at all: then no other rule
/// can replace one of them and leave the other.
fn guard(declarations: &mut Vec<Declaration>, text: &str, backgrounds: &[&str], reason: Reason) -> Option<Fault> {
    let guarded = |name: &str| name == text || backgrounds.contains(&name);
    let at = declarations.iter().find(|declaration| guarded(declaration.name))?.at;
    // The first of the backgrounds sets all that there is to one.
    let whole = backgrounds.first().copied().unwrap_or_default();
    let together = declarations.iter().filter(|declaration| guarded(declaration.name)).count() == 2
        && counting(declarations, &[text]).map(|text| text.important)
            == counting(declarations, &[whole]).map(|background| background.important);
    if together && ratio(declarations, text, &[whole]).is_some_and(|ratio| ratio >= NEEDED) {
        return None;
    }
    declarations.retain(|declaration| !guarded(declaration.name));
    Some(Fault { at, reason })
}

fn pair(declarations: &[Declaration], text: &str, backgrounds: &[&str]) -> Option<Fault> {
    let ratio = ratio(declarations, text, backgrounds)?;
    let at = counting(declarations, &[text])?.at;
    let size = counting(declarations, &["font-size"]).and_then(|size| size.value.pixels());
    let needed = if size.is_some_and(|size| size >= LARGE) { NEEDED_LARGE } else { NEEDED };
    if ratio < UNREADABLE && text == TEXT {
        return Some(Fault { at, reason: Reason::Unreadable { ratio } });
    }
    (ratio < needed).then_some(Fault { at, reason: Reason::LowContrast { ratio, needed } })
}

/// The lowest contrast between the text and any part of the background, if both are known.
fn ratio(declarations: &[Declaration], text: &str, backgrounds: &[&str]) -> Option<Ratio> {
    let text = known(counting(declarations, &[text])?.value.colours().next()?)?;
    let background = counting(declarations, backgrounds)?;
    let mut colours: Vec<Rgba> = background.value.colours().map(known).collect::<Option<_>>()?;
    // Pictures lie on the colour of the rule, which shows where there is none.
    if background.value.0.contains(&Part::Keyword("none")) {
        colours
            .extend(counting(declarations, &["background-color"]).and_then(|own| known(own.value.colours().next()?)));
    }
    if colours.iter().any(|colour| colour.alpha < u8::MAX) {
        return None;
    }
    colours.into_iter().map(|background| contrast(over(text, background), background)).min()
}

/// The declaration that counts among those of the given names.
fn counting<'a>(declarations: &'a [Declaration], names: &[&str]) -> Option<&'a Declaration> {
    let matching = || declarations.iter().filter(|declaration| names.contains(&declaration.name));
    matching().rfind(|declaration| declaration.important).or_else(|| matching().next_back())
}

fn known(colour: &Colour) -> Option<Rgba> {
    match colour {
        Colour::Rgba(rgba) => Some(*rgba),
        _ => None,
    }
}

/// A colour as it looks on an opaque one.
fn over(top: Rgba, below: Rgba) -> Rgba {
    let alpha = u32::from(top.alpha);
    let mix = |top: u8, below: u8| {
        let mixed = (u32::from(top) * alpha + u32::from(below) * (255 - alpha) + 127) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    Rgba {
        red: mix(top.red, below.red),
        green: mix(top.green, below.green),
        blue: mix(top.blue, below.blue),
        alpha: u8::MAX,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "contrast is between 1 and 21")]
fn contrast(one: Rgba, other: Rgba) -> Ratio {
    let (one, other) = (luminance(one), luminance(other));
    let ratio = (one.max(other) + 0.05) / (one.min(other) + 0.05);
    Ratio((ratio * 100.0 + 1e-6).floor() as u16)
}

fn luminance(colour: Rgba) -> f64 {
    let linear = |channel: u8| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
}
