//! The first screen as HTML: what the server writes into the page, so that a person sees it, reads it and begins to type
//! before the widget is there. The same views draw it that draw it in the browser, where the widget takes its place.

use html_escape::{encode_double_quoted_attribute_to_string, encode_text_to_string};
use yew::{Callback, virtual_dom::VNode};

use banklink_flow::{Embedding, Event, Model, Start, View};
use banklink_protocol::{boot::Boot, secret::Secret};

use crate::{i18n::Texts, screens, ui::field::Fields};

/// Elements that hold nothing, and have no end.
const VOID: [&str; 2] = ["input", "img"];

/// The HTML of a page's first screen, for the element that the widget is mounted in. `lines` are the texts as the page
/// carries them; `is_rtl`: its language is written from right to left.
pub fn first_screen(boot: &Boot, is_rtl: bool, lines: &str) -> String {
    screen_after(boot, Vec::new(), is_rtl, lines)
}

/// The HTML of the screen that a person sees once all of this happened.
pub fn screen_after(boot: &Boot, events: Vec<Event>, is_rtl: bool, lines: &str) -> String {
    let texts = Texts::new(&boot.language, is_rtl, lines);
    // What a document in a browser that has just come online would start with. Nothing is done of what the flow asks for.
    let (mut model, _) = Model::start(Start {
        boot: boot.clone(),
        embedding: Embedding::Page,
        session_key: Secret::new(String::new()),
        token: None,
        resumes: false,
        online: true,
        depth: 0,
        reloaded: false,
    });
    for event in events {
        drop(model.update(event));
    }
    let mut html = String::new();
    write(&screens::app(&View::from(&model), &texts, &Fields::default(), &Callback::noop()), &mut html);
    html
}

/// Writes what screens are made of: elements, text, and lists of them.
fn write(node: &VNode, html: &mut String) {
    match node {
        VNode::VText(text) => _ = encode_text_to_string(&text.text, html),
        VNode::VList(list) => list.iter().for_each(|child| write(child, html)),
        VNode::VTag(element) => {
            html.extend(["<", element.tag()]);
            for (name, value) in element.attributes.iter() {
                html.extend([" ", name, "=\""]);
                encode_double_quoted_attribute_to_string(value, html);
                html.push('"');
            }
            if element.tag() == "dialog" {
                // In a browser the widget opens it; without, it would not be seen.
                html.push_str(" open");
            }
            html.push('>');
            if !VOID.contains(&element.tag()) {
                element.children().into_iter().for_each(|child| write(child, html));
                html.extend(["</", element.tag(), ">"]);
            }
        }
        // Components, portals and the like: no view has any.
        _ => debug_assert!(false, "a view draws what can't be written"),
    }
}
