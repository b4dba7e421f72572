//! TypeScript's types, for hosts' pages.

use std::fmt::Write as _;

use banklink_protocol::messages::{
    COMMANDS, FieldShape, MESSAGES, MessageShape, Presence, SCREENS, StepName, ValueKind,
};

/// What the tables don't say: the functions of `embed.js`.
const API: &str = include_str!("embed_api.d.ts");

/// `static/embed.d.ts`.
pub(crate) fn types() -> String {
    let mut types = String::from(
        "// Types of the widget's messages and commands, and of embed.js. Generated: change the tables of \
         crates/protocol/src/messages.rs,\n// or crates/protocol/tests/documents/embed_api.d.ts.\n",
    );
    types.push_str(ENVELOPE);
    for message in MESSAGES {
        types.push_str(&of_message(message));
    }
    types.push_str(&union("Message", "A message of the widget.", MESSAGES.iter().map(type_name)));
    let commands = COMMANDS.iter().map(|command| {
        let fields = command.fields.iter().map(|field| format!("; {}", one_line(field)));
        format!("{{ banklink: 1; command: \"{}\"{} }}", command.name, fields.collect::<String>())
    });
    types.push_str(&union("Command", "What a host can ask the widget for, by `postMessage`.", commands));
    types.push_str(API);
    types
}

const ENVELOPE: &str = "
/** What every message carries. */
export interface Envelope {
  version: 1;
  /** The session's id, once it is open. */
  session: string | null;
  /** Counts the messages of a document, from 1. */
  sequence: number;
  /** Milliseconds since 1970. */
  timestamp: number;
}
";

fn of_message(message: &MessageShape) -> String {
    let mut text = format!("\n/** {} */\nexport interface {} {{\n", message.meaning, type_name(message));
    let step = match message.step {
        StepName::Named(step) => quoted(step),
        StepName::OfScreen => SCREENS.iter().map(|screen| quoted(screen.step)).collect::<Vec<_>>().join("\n    | "),
        StepName::Absent => "undefined".to_owned(),
    };
    let (many, absent) = (step.contains('\n'), message.step == StepName::Absent);
    let (mark, lead) = (if absent { "?" } else { "" }, if many { "\n    | " } else { " " });
    writeln!(text, "  step{mark}:{lead}{step};").unwrap();
    for field in message.fields {
        writeln!(text, "  /** {}. */\n  {};", capitalised(field.meaning), one_line(field)).unwrap();
    }
    if message.name == "TokenInvalid" {
        text.push_str("  /** Not from the page of a token that belongs to no app. */\n  banklink?: Envelope;\n}\n");
    } else {
        text.push_str("  banklink: Envelope;\n}\n");
    }
    text
}

/// Some names alone are those of TypeScript's own types.
fn type_name(message: &MessageShape) -> String {
    format!("{}Message", message.name)
}

fn one_line(field: &FieldShape) -> String {
    let mark = if field.presence == Presence::Sometimes { "?" } else { "" };
    let kind = match field.kind {
        ValueKind::Text => "string".to_owned(),
        ValueKind::Number => "number".to_owned(),
        ValueKind::Flag => "boolean".to_owned(),
        ValueKind::OneOf(names) => names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(" | "),
    };
    format!("{}{mark}: {kind}", field.name)
}

fn union(name: &str, meaning: &str, types: impl Iterator<Item = String>) -> String {
    let types: Vec<String> = types.map(|one| format!("\n  | {one}")).collect();
    format!("\n/** {meaning} */\nexport type {name} ={};\n", types.concat())
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
