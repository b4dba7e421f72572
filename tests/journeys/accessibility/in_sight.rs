//! The focus on every screen, at 400 % zoom: never lost, never hidden, always to be seen, and wherever there is
//! something to do (WCAG 2.1.1, 2.4.3, 2.4.7, 2.4.11, 2.4.13). And what is seen of a screen where the system brings its
//! own colours or nothing may move (1.4.1, 1.4.11, 2.2.2, 2.3.3).

use std::collections::HashSet;

use banklink_journey::{Browser, JourneyError, Person, Place, SandboxOptions, Viewport, tour, tour::Scene};
use fantoccini::key::Key;
use serde_json::Value;

use super::preferences::Preference;
use crate::stage::{Allowed, Outcome, journey_with};

/// The page of 1280 × 1024 pixels at 400 %.
const ZOOMED: Viewport = Viewport { width: 320, height: 256 };

/// More stops than any screen has.
const MOST_STOPS: usize = 60;

/// What the other scripts measure colours with.
const COLOURS: &str = r#"
    const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
    const luminance = (colour) => {
        const [red, green, blue] = channels(colour).map((channel) => channel / 255)
            .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => {
        const [dark, light] = [luminance(one), luminance(other)].sort((one, other) => one - other);
        return (light + 0.05) / (dark + 0.05);
    };
    const isClear = (colour) => channels(colour)[3] === 0;
    const behind = (element) => {
        for (let around = element; around; around = around.parentElement) {
            const { backgroundColor } = getComputedStyle(around);
            if (!isClear(backgroundColor)) return backgroundColor;
        }
        return "rgb(255, 255, 255)";
    };
    const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
    const line = (element) => {
        const { borderBlockStartWidth, borderBlockStartStyle, borderBlockStartColor } = getComputedStyle(element);
        const shows = borderBlockStartStyle !== "none" && !isClear(borderBlockStartColor)
            && contrast(borderBlockStartColor, behind(element.parentElement)) >= 3;
        return shows ? parseFloat(borderBlockStartWidth) : 0;
    };
"#;

/// Where the next Tab starts from: the beginning of what can be used. Returns whether the focus was lost before.
const BEGIN: &str = r#"
    const wasLost = !document.activeElement || document.activeElement === document.body;
    const start = document.querySelector("dialog[open]") ?? document.body;
    start.tabIndex = -1;
    start.focus({ preventScroll: true });
    start.removeAttribute("tabindex");
    window.passed = new Set();
    return wasLost;
"#;

/// What has the focus now: a word for its kind, what is wrong with it; nothing where all was passed.
const STOP: &str = r#"
    const focus = document.activeElement;
    if (!focus || focus === document.body || passed.has(focus)) return null;
    passed.add(focus);
    const name = focus.id || focus.outerHTML.slice(0, 100);
    const target = focus.matches("input[type=radio], input[type=checkbox]") ? focus.closest("label") : focus;
    // A label may be higher than the page.
    const { top, bottom, left, right, height } = focus.getBoundingClientRect();
    const flaws = [];
    const fits = height <= innerHeight;
    const isOut = fits ? top < -1 || bottom > innerHeight + 1 : bottom < 20 || top > innerHeight - 20;
    if (left < -1 || right > innerWidth + 1 || isOut)
        flaws.push(`${name} has the focus out of sight: from ${top} to ${bottom} of ${innerHeight}`);
    const middle = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const there = document.elementFromPoint((left + right) / 2, middle);
    if (!target.contains(there)) flaws.push(`${name} has the focus and is covered by ${there?.outerHTML.slice(0, 100)}`);
    return { kind: `${focus.tagName} ${focus.className} ${target.className}`, flaws };
"#;

/// What is wrong with how the focus shows.
const INDICATOR: &str = r#"
    const focus = document.activeElement;
    const target = focus.matches("input[type=radio], input[type=checkbox]") ? focus.closest("label") : focus;
    const shows = (element) => {
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !isClear(outlineColor)
            && contrast(outlineColor, behind(element.parentElement)) >= 3;
    };
    const { outline } = getComputedStyle(target);
    return shows(focus) || shows(target) ? null : `the focus on ${focus.id || focus.className} hardly shows: ${outline}`;
"#;

/// What can be used and was not passed. Of radio buttons, one stands for its group.
const MISSED: &str = r#"
    const root = document.querySelector("dialog[open]") ?? document;
    const groups = new Set([...passed].filter(({ type }) => type === "radio").map(({ name }) => name));
    return [...root.querySelectorAll("a[href], button, input, select, textarea, [tabindex]")]
        .filter((element) => element.tabIndex >= 0 && element.type !== "hidden" && !element.disabled)
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !passed.has(element))
        .filter((element) => element.type !== "radio" || !groups.has(element.name))
        .map((element) => `Tab never comes to ${element.id || element.outerHTML.slice(0, 100)}`);
"#;

/// Fields and choices whose border is not enough to find them by, in the widget's own colours.
const EDGES: &str = r#"
    return [...document.querySelectorAll(".bl-input, .bl-choice, .bl-button-second")].filter(isSeen)
        // The focus draws a line of its own.
        .filter((element) => line(element) < 1 && element !== document.activeElement)
        .map((element) => `hardly a border: ${element.outerHTML.slice(0, 100)}`);
"#;

/// What can't be told from its surroundings where the system brings its own colours: text, a control without a border,
/// a field that is wrong or an account that is chosen as any other.
const FORCED: &str = r#"
    const flaws = [];
    const root = document.querySelector("dialog[open]") ?? document.body;
    const writes = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    for (const element of [...root.querySelectorAll("*")].filter(writes).filter(isSeen)) {
        const { color } = getComputedStyle(element);
        if (contrast(color, behind(element)) < 4.5) flaws.push(`${color} on ${behind(element)}: ${element.textContent}`);
    }
    const bordered = ".bl-input, .bl-button, .bl-bank, .bl-choice, .bl-institution, .bl-alert, .bl-dialog[open], .bl-spinner";
    for (const element of [...document.querySelectorAll(bordered)].filter(isSeen)) {
        if (line(element) < 1) flaws.push(`no border: ${element.outerHTML.slice(0, 100)}`);
        if (element.matches("[aria-invalid=true]") && line(element) < 2) flaws.push(`as any other field: ${element.id}`);
    }
    for (const icon of [...document.querySelectorAll(".bl-icon")].filter(isSeen))
        if (contrast(getComputedStyle(icon).stroke, behind(icon)) < 3) flaws.push(`an icon nobody sees: ${icon.parentElement.className}`);
    for (const box of document.querySelectorAll(".bl-choice input")) {
        const label = box.closest("label");
        const drawn = () => { const { outlineStyle, outlineWidth } = getComputedStyle(label); return outlineStyle + outlineWidth; };
        const before = drawn();
        box.checked = true;
        if (drawn() === before) flaws.push("chosen, and as any other: " + label.textContent);
        box.checked = false;
    }
    return flaws;
"#;

/// What goes on moving for longer than this many milliseconds, unless it stands for the wait for an answer, while
/// nothing else can be done (WCAG 2.2.2).
const MOVING: &str = r#"
    const waits = (element) => element.closest("main[aria-busy=true], button[aria-disabled=true]");
    return document.getAnimations()
        .filter(({ effect }) => !waits(effect.target) && effect.getComputedTiming().endTime > arguments[0])
        .map(({ animationName, effect }) => `${animationName} moves ${effect.target.className} for ${effect.getComputedTiming().endTime} ms`);
"#;

#[tokio::test]
async fn the_focus_is_in_sight_on_every_screen_and_all_is_in_more_contrast_and_forced_colours() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let mut flaws = Vec::new();
        let mut shown = HashSet::new();
        tour::of_every_screen(&stage.browser, &stage.sandbox, Place::Page, async |scene, person| {
            let browser = person.browser().await?;
            browser.set_viewport(ZOOMED).await?;
            let mut found = stops(scene, person, &mut shown).await?;
            for preference in [Preference::Light, Preference::Dark] {
                preference.applies(browser).await?;
                let edges = texts(&browser.run(&[COLOURS, EDGES].concat(), vec![]).await?);
                found.extend(edges.into_iter().map(|flaw| format!("{preference:?}: {flaw}")));
            }
            for preference in [Preference::MoreContrast, Preference::ForcedLight, Preference::ForcedDark] {
                preference.applies(browser).await?;
                let mut unclear = match preference {
                    // As in forced colours that are dark: only colours differ.
                    Preference::ForcedLight => Vec::new(),
                    _ => person.accessibility_findings().await?,
                };
                if preference.is_forced() {
                    // The colour of letters that axe asks for is the page's own, not the one that is drawn.
                    unclear.retain(|finding| !finding.starts_with("color-contrast:"));
                    unclear.extend(texts(&browser.run(&[COLOURS, FORCED].concat(), vec![]).await?));
                }
                found.extend(unclear.into_iter().map(|flaw| format!("{preference:?}: {flaw}")));
            }
            for (preference, longest) in [(Preference::Motion, 5_000), (Preference::Light, 1)] {
                preference.applies(browser).await?;
                found.extend(texts(&browser.run(MOVING, vec![longest.into()]).await?));
            }
            browser.set_viewport(Viewport::DESKTOP).await?;
            flaws.extend(found.into_iter().map(|flaw| format!("{}: {flaw}", scene.as_str())));
            Ok(())
        })
        .await?;
        assert!(shown.len() > 8, "the focus came to few kinds of controls: {shown:#?}");
        assert!(flaws.is_empty(), "{flaws:#?}");
        Ok(())
    })
    .await
}

/// Whether somebody came to a screen by what they did in the document. A new document leaves the focus where it is,
/// least of all takes it from the host's page; so does what happens by itself.
const fn was_led_to(scene: Scene) -> bool {
    !matches!(scene, Scene::Consent | Scene::Loading | Scene::Offline | Scene::TokenUsed | Scene::TokenUnknown)
}

/// Tabs through a screen, and returns what is wrong. How the focus shows is looked at once for each kind of control.
async fn stops(scene: Scene, person: Person<'_>, shown: &mut HashSet<String>) -> Result<Vec<String>, JourneyError> {
    let browser = person.browser().await?;
    let mut flaws = Vec::new();
    if browser.run(BEGIN, vec![]).await? == true && was_led_to(scene) {
        flaws.push("the focus is lost".to_owned());
    }
    for _ in 0..MOST_STOPS {
        browser.press(&Key::Tab.to_string()).await?;
        let stop = browser.run(STOP, vec![]).await?;
        if stop.is_null() {
            flaws.extend(texts(&browser.run(MISSED, vec![]).await?));
            return Ok(flaws);
        }
        flaws.extend(texts(&stop["flaws"]));
        if shown.insert(stop["kind"].to_string()) {
            flaws.extend(how_it_shows(browser).await?);
        }
    }
    flaws.push("Tab goes round and round".to_owned());
    Ok(flaws)
}

async fn how_it_shows(browser: &Browser) -> Result<Vec<String>, JourneyError> {
    let mut flaws = Vec::new();
    let preferences = [Preference::Dark, Preference::MoreContrast, Preference::ForcedLight, Preference::ForcedDark];
    // As it was in the end, so that the next stop is seen in it.
    for preference in preferences.into_iter().chain([Preference::Light]) {
        preference.applies(browser).await?;
        let flaw = browser.run(&[COLOURS, INDICATOR].concat(), vec![]).await?;
        flaws.extend(flaw.as_str().map(|flaw| format!("{preference:?}: {flaw}")));
    }
    Ok(flaws)
}

fn texts(found: &Value) -> Vec<String> {
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
