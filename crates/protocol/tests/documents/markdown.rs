//! Tables for people.

use banklink_protocol::{
    failures::FailureCode,
    messages::{
        COMMANDS, EXIT_REASONS, FieldShape, FlinksCode, MESSAGES, MessageShape, Presence, Promise, SCREENS, StepName,
        ValueKind,
    },
    parameters::{PARAMETERS, ParameterKind, Scope},
};

/// The tables of `docs/messages.md`.
pub(crate) fn of_messages() -> Vec<(&'static str, String)> {
    vec![
        ("stable messages", messages(Promise::Stable)),
        ("informational messages", messages(Promise::Informational)),
        ("screens", screens()),
        ("exit reasons", exit_reasons()),
        ("failures", failures()),
        ("commands", commands()),
    ]
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let ruler = vec!["---".to_owned(); head.len()];
    let mut table = line(&head) + &line(&ruler);
    table.extend(rows.map(|row| line(&row)));
    table
}

fn messages(promise: Promise) -> String {
    let rows = MESSAGES.iter().filter(|message| message.promise == promise);
    let row = |message: &MessageShape| {
        let step = match message.step {
            StepName::Named(step) => code(step),
            StepName::OfScreen => "`COMPONENT_LOAD_…`, see [screens](#screens)".to_owned(),
            StepName::Absent => "none".to_owned(),
        };
        vec![step, message.meaning.to_owned(), fields(message.fields)]
    };
    table(&["step", "what it means", "payload"], rows.map(row))
}

fn fields(fields: &[FieldShape]) -> String {
    let described = fields.iter().map(|field| {
        let presence = if field.presence == Presence::Sometimes { ", optional" } else { "" };
        let kind = match field.kind {
            ValueKind::Text => "text".to_owned(),
            ValueKind::Number => "whole number".to_owned(),
            ValueKind::Flag => "true or false".to_owned(),
            // Long lists have tables of their own.
            ValueKind::OneOf(names) if names.len() > 3 => "one of a list".to_owned(),
            ValueKind::OneOf(names) => one_of(names),
        };
        format!("`{}`: {} ({kind}{presence})", field.name, field.meaning)
    });
    described.collect::<Vec<_>>().join("<br>")
}

fn screens() -> String {
    let row = |screen: &banklink_protocol::messages::ScreenShape| {
        vec![code(screen.name), code(screen.step), screen.meaning.to_owned()]
    };
    table(&["`at` of `EXIT`", "step", "screen"], SCREENS.iter().map(row))
}

fn exit_reasons() -> String {
    let rows = EXIT_REASONS.iter().map(|reason| vec![code(reason.name), reason.meaning.to_owned()]);
    table(&["reason", "what happened"], rows)
}

fn failures() -> String {
    let row = |failure: FailureCode| {
        let flinks = FlinksCode::of(failure).map_or_else(|| "none".to_owned(), |known| code(known.as_str()));
        let again = if failure.may_retry() { "yes" } else { "no" };
        vec![code(failure.as_str()), flinks, again.to_owned()]
    };
    table(
        &["`code` of `ERROR`", "`flinksCode`", "the person may try again there"],
        FailureCode::ALL.into_iter().map(row),
    )
}

fn commands() -> String {
    let rows =
        COMMANDS.iter().map(|command| vec![code(command.name), command.meaning.to_owned(), fields(command.fields)]);
    table(&["command", "what it does", "with"], rows)
}

/// The table of `docs/parameters.md`.
pub(crate) fn parameters() -> String {
    let rows = PARAMETERS.iter().map(|parameter| {
        let kind = match parameter.kind {
            ParameterKind::Token => "token".to_owned(),
            ParameterKind::Text(bytes) => format!("text, at most {bytes} bytes"),
            ParameterKind::Boolean => "`true` or `false`".to_owned(),
            ParameterKind::Country => "ISO 3166-1 alpha-2".to_owned(),
            ParameterKind::Language => "BCP 47 tag".to_owned(),
            ParameterKind::AppScheme => "a scheme, as `exampleapp`".to_owned(),
            ParameterKind::Theme => one_of(&["auto", "light", "dark"]),
            ParameterKind::Color => "colour, as `1f6b4a`".to_owned(),
            ParameterKind::Uri => "absolute URI".to_owned(),
            ParameterKind::HttpsUri => "`https` address".to_owned(),
            ParameterKind::Number(least, most) => format!("whole number from {least} to {most}"),
            ParameterKind::Days(most) => format!("days, as `90` or `Days90`, from 1 to {most}"),
            ParameterKind::Currencies => "ISO 4217 codes, with commas between".to_owned(),
            ParameterKind::Failures => "`true`, `false`, or codes of failures with commas between".to_owned(),
            ParameterKind::Scopes => "names, with commas between".to_owned(),
        };
        let scope = match parameter.scope {
            Scope::Anyone => "address or token",
            Scope::AppOrToken => "app's settings or token",
        };
        let spellings: Vec<String> = parameter.spellings.iter().map(|spelling| code(spelling)).collect();
        vec![spellings.join(", "), kind, parameter.default.to_owned(), scope.to_owned(), parameter.effect.to_owned()]
    });
    table(&["name, and other spellings", "takes", "default", "set by", "effect"], rows)
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

fn one_of(names: &[&str]) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ")
}
