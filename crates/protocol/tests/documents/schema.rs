//! JSON Schema, for programs.

use banklink_protocol::messages::{
    COMMANDS, FieldShape, MESSAGES, MessageShape, Presence, Promise, SCREENS, StepName, ValueKind,
};
use serde_json::{Map, Value, json};

/// `docs/messages.schema.json`: a message; what a host sends is its definition `Command`.
pub(crate) fn of_messages() -> Value {
    let mut definitions = Map::from_iter([("Envelope".to_owned(), envelope()), ("Command".to_owned(), commands())]);
    definitions.extend(MESSAGES.iter().map(|message| (message.name.to_owned(), of_message(message))));
    let all: Vec<Value> =
        MESSAGES.iter().map(|message| json!({ "$ref": format!("#/$defs/{}", message.name) })).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages of the banklink widget to its host",
        "description": "Informational messages may grow: take what you don't know for one of them.",
        "oneOf": all,
        "$defs": definitions,
    })
}

fn of_message(message: &MessageShape) -> Value {
    let mut shape = Shape::default();
    match message.step {
        StepName::Named(step) => shape.requires("step", json!({ "const": step })),
        StepName::OfScreen => {
            shape.requires("step", json!({ "enum": SCREENS.iter().map(|screen| screen.step).collect::<Vec<_>>() }));
        }
        StepName::Absent => shape.forbids("step"),
    }
    shape.takes(message.fields);
    // The page of a token that belongs to no app has no session, and posts nothing but this.
    let envelope = json!({ "$ref": "#/$defs/Envelope" });
    if message.name == "TokenInvalid" {
        shape.allows("banklink", envelope);
    } else {
        shape.requires("banklink", envelope);
    }
    let promise = match message.promise {
        Promise::Stable => "Stable.",
        Promise::Informational => "Informational.",
    };
    shape.described(&format!("{} {promise}", message.meaning))
}

fn envelope() -> Value {
    let mut shape = Shape::default();
    shape.requires("version", json!({ "const": 1 }));
    shape
        .requires("session", json!({ "type": ["string", "null"], "description": "the session's id, once it is open" }));
    shape.requires(
        "sequence",
        json!({ "type": "integer", "minimum": 1, "description": "counts the document's messages" }),
    );
    shape.requires("timestamp", json!({ "type": "integer", "description": "milliseconds since 1970" }));
    shape.described("What every message carries.")
}

fn commands() -> Value {
    let one = COMMANDS.iter().map(|command| {
        let mut shape = Shape::default();
        shape.requires("banklink", json!({ "const": 1 }));
        shape.requires("command", json!({ "const": command.name }));
        shape.takes(command.fields);
        shape.described(command.meaning)
    });
    json!({ "description": "What a host can ask for.", "oneOf": one.collect::<Vec<_>>() })
}

/// An object's schema.
#[derive(Default)]
struct Shape {
    properties: Map<String, Value>,
    required: Vec<String>,
}

impl Shape {
    fn allows(&mut self, name: &str, value: Value) {
        self.properties.insert(name.to_owned(), value);
    }

    fn requires(&mut self, name: &str, value: Value) {
        self.allows(name, value);
        self.required.push(name.to_owned());
    }

    /// Nothing matches `false`.
    fn forbids(&mut self, name: &str) {
        self.allows(name, json!(false));
    }

    fn takes(&mut self, fields: &[FieldShape]) {
        for field in fields {
            let mut value = match field.kind {
                ValueKind::Text => json!({ "type": "string" }),
                ValueKind::Number => json!({ "type": "integer", "minimum": 0 }),
                ValueKind::Flag => json!({ "type": "boolean" }),
                ValueKind::OneOf(names) => json!({ "enum": names }),
            };
            value["description"] = field.meaning.into();
            match field.presence {
                Presence::Always => self.requires(field.name, value),
                Presence::Sometimes => self.allows(field.name, value),
            }
        }
    }

    fn described(self, description: &str) -> Value {
        json!({
            "type": "object",
            "description": description,
            "properties": self.properties,
            "required": self.required,
        })
    }
}
