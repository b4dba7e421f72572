//! Every screen at 400 % zoom, with text of twice the size, and with text spaced wider: nothing is cut off, covered or
//! to the side (WCAG 1.4.4, 1.4.10, 1.4.12).

use banklink_journey::{Browser, JourneyError, Person, Viewport};
use serde_json::Value;

use crate::stage::Outcome;

/// What a person needs larger.
#[derive(Clone, Copy, Debug)]
enum Enlarged {
    /// 1280 × 1024 pixels at 400 %: all is reached by scrolling down alone.
    Zoomed,
    /// The text alone at 200 %.
    Text,
    /// Lines, letters, words and paragraphs farther apart.
    Spacing,
}

/// What is wrong with how the screen lies: content to the side, text that is cut off, and text over other text or over
/// a control.
const FLAWS: &str = r#"
    const flaws = [];
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) flaws.push(`scrolls sideways: ${page.scrollWidth} of ${page.clientWidth} px`);
    // What lies behind a question is not read.
    const root = document.querySelector("dialog[open]") ?? document.body;
    const isSeen = (element) =>
        element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest(".bl-sr");
    const texts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
        const element = node.parentElement;
        if (!node.data.trim() || element.closest("select, template, script, noscript") || !isSeen(element)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const rects = [...range.getClientRects()].filter(({ width }) => width > 0);
        texts.push({ element, rects, words: node.data.trim().slice(0, 60) });
    }
    for (const { element, rects, words } of texts) {
        if (rects.some(({ left, right }) => left < -1 || right > page.clientWidth + 1)) flaws.push(`beside the page: ${words}`);
        for (let around = element; around !== page; around = around.parentElement) {
            const { overflowX, overflowY } = getComputedStyle(around);
            const box = around.getBoundingClientRect();
            const isCut = ({ left, right, top, bottom, height }) => {
                // The letters of a line may be a little higher than the line.
                const rest = 1 + height / 8;
                return (overflowX !== "visible" && (left < box.left - 1 || right > box.right + 1))
                    || (["hidden", "clip"].includes(overflowY) && (top < box.top - rest || bottom > box.bottom + rest));
            };
            if (rects.some(isCut)) flaws.push(`cut off by ${around.className || around.tagName}: ${words}`);
        }
    }
    const cover = (one, other) => {
        const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        return width > 2 && height > 0.3 * Math.min(one.height, other.height);
    };
    // A logo lies over its monogram.
    const seen = "input, select, button, a.bl-button, img:not(.bl-monogram > img), svg[role=img]";
    const controls = [...root.querySelectorAll(seen)].filter(isSeen);
    texts.forEach(({ element, rects, words }, index) => {
        for (const other of texts.slice(index + 1))
            if (other.element !== element && rects.some((one) => other.rects.some((another) => cover(one, another))))
                flaws.push(`over each other: ${words} / ${other.words}`);
        for (const control of controls) {
            const box = control.getBoundingClientRect();
            if (!control.contains(element) && rects.some((one) => cover(one, box)))
                flaws.push(`over each other: ${words} / ${control.outerHTML.slice(0, 100)}`);
        }
    });
    for (const button of root.querySelectorAll("button, a.bl-button"))
        if (isSeen(button) && button.scrollWidth > button.clientWidth + 1) flaws.push(`too narrow: ${button.outerHTML.slice(0, 100)}`);
    return flaws;
"#;

const TEXT: &str = "
    if (arguments[0]) document.documentElement.style.fontSize = '200%';
    else document.documentElement.removeAttribute('style')";

/// The least that a page must stand (1.4.12). No policy forbids a sheet that a script made.
const SPACING: &str = "
    const sheet = new CSSStyleSheet();
    if (arguments[0]) sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
        p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet]";

impl Enlarged {
    const ALL: [Self; 3] = [Self::Zoomed, Self::Text, Self::Spacing];

    async fn applies(self, browser: &Browser) -> Outcome {
        match self {
            Self::Zoomed => browser.set_viewport(Viewport { width: 320, height: 256 }).await,
            Self::Text => browser.run(TEXT, vec![true.into()]).await.map(|_| ()),
            Self::Spacing => {
                browser.set_viewport(Viewport::PHONE).await?;
                browser.run(SPACING, vec![true.into()]).await.map(|_| ())
            }
        }
    }

    async fn ends(self, browser: &Browser) -> Outcome {
        match self {
            Self::Zoomed => {}
            Self::Text => browser.run(TEXT, vec![false.into()]).await.map(|_| ())?,
            Self::Spacing => browser.run(SPACING, vec![false.into()]).await.map(|_| ())?,
        }
        browser.set_viewport(Viewport::DESKTOP).await
    }
}

/// What is wrong with the screen that a person is at, in each way.
pub(super) async fn flaws(person: Person<'_>) -> Result<Vec<String>, JourneyError> {
    let mut flaws = Vec::new();
    for enlarged in Enlarged::ALL {
        let browser = person.browser().await?;
        enlarged.applies(browser).await?;
        let found = browser.run(FLAWS, vec![]).await?;
        let found = found.as_array().into_iter().flatten().filter_map(Value::as_str);
        flaws.extend(found.map(|flaw| format!("{enlarged:?}: {flaw}")));
        enlarged.ends(browser).await?;
    }
    Ok(flaws)
}
