//! What assistive technology is told of the widget: the browser's accessibility tree.
//!
//! Chromium alone shows it to others, by its DevTools protocol.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{JourneyError, Person, Place};

/// The accessibility tree of the widget's document at one moment, without what the browser leaves out of it.
#[derive(Clone, Debug)]
pub struct AccessibilityTree {
    nodes: Vec<AccessibleNode>,
    /// Places in `nodes` by the browser's ids.
    places: HashMap<String, usize>,
}

/// What assistive technology is told of one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessibleNode {
    /// What it is, as `button`, `textbox`, `alert`.
    pub role: String,
    /// What it is called.
    pub name: String,
    /// What is said of it after its name.
    pub description: String,
    /// Its states and properties, as text: `invalid` is `true`, `live` is `polite`.
    pub properties: HashMap<String, String>,
    children: Vec<String>,
}

impl AccessibleNode {
    /// A state or property; empty where it has none.
    pub fn property(&self, name: &str) -> &str {
        self.properties.get(name).map_or("", String::as_str)
    }

    /// Whether a state or property is there and true, which the browser spells in two ways.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.property(name), "true" | "1")
    }

    fn of(node: &Value) -> Self {
        let properties = node["properties"].as_array().into_iter().flatten();
        let properties = properties.map(|property| (text(&property["name"]), text(&property["value"]["value"])));
        let children = node["childIds"].as_array().into_iter().flatten();
        Self {
            role: text(&node["role"]["value"]),
            name: text(&node["name"]["value"]),
            description: text(&node["description"]["value"]),
            properties: properties.collect(),
            children: children.map(text).collect(),
        }
    }
}

impl AccessibilityTree {
    /// The widget's now. [`JourneyError::Unable`] in other browsers than Chromium.
    pub async fn of(person: Person<'_>) -> Result<Self, JourneyError> {
        let browser = person.browser().await?;
        let frames = browser.devtools("Page.getFrameTree", json!({})).await?;
        let frame = match person.place() {
            Place::Page => &frames["frameTree"]["frame"]["id"],
            Place::Frame => &frames["frameTree"]["childFrames"][0]["frame"]["id"],
        };
        let answer = browser.devtools("Accessibility.getFullAXTree", json!({ "frameId": frame })).await?;
        let all = answer["nodes"].as_array().into_iter().flatten();
        let mut tree = Self { nodes: Vec::new(), places: HashMap::new() };
        for node in all {
            tree.places.insert(text(&node["nodeId"]), tree.nodes.len());
            // What is left out may still hold what is not.
            let is_left_out = node["ignored"] == true;
            let node = AccessibleNode::of(node);
            tree.nodes.push(if is_left_out { AccessibleNode { role: String::new(), ..node } } else { node });
        }
        if tree.nodes.len() < 2 {
            return Err(JourneyError::Unexpected { asked: "the accessibility tree", answer: answer.to_string() });
        }
        Ok(tree)
    }

    /// All that have a role.
    pub fn with_role<'tree>(&'tree self, role: &'tree str) -> impl Iterator<Item = &'tree AccessibleNode> {
        self.nodes.iter().filter(move |node| node.role == role)
    }

    /// The one that has the focus, if it is in the document's content.
    pub fn focused(&self) -> Option<&AccessibleNode> {
        self.nodes.iter().rfind(|node| node.is("focused") && node.role != "RootWebArea")
    }

    /// What is written in an element and all that it holds.
    pub fn text_of(&self, node: &AccessibleNode) -> String {
        let own = if node.role == "StaticText" { node.name.trim() } else { "" };
        let inner = node.children.iter().filter(|_| node.role != "StaticText").filter_map(|id| self.places.get(id));
        let inner = inner.map(|place| self.text_of(&self.nodes[*place]));
        let words: Vec<String> = [own.to_owned()].into_iter().chain(inner).filter(|text| !text.is_empty()).collect();
        words.join(" ")
    }

    /// What the regions with a role say, such as `alert` and `status`; empty ones left out.
    pub fn said_by(&self, role: &str) -> Vec<String> {
        self.with_role(role).map(|region| self.text_of(region)).filter(|text| !text.is_empty()).collect()
    }
}

/// A JSON string without its quotes, or anything else as it is written.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}
