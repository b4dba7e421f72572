//! Where the log goes and how much of it.

use std::{error::Error, fmt::Display, io::IsTerminal};

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::cli::LogFormat;

/// An error with what caused it, each told once: some errors' texts have their causes in them already.
#[derive(Clone, Copy, Debug)]
pub struct WithCauses<'a>(pub &'a (dyn Error + 'a));

impl Display for WithCauses<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = self.0.to_string();
        let mut source = self.0.source();
        while let Some(cause) = source {
            let told = cause.to_string();
            if !text.contains(&told) {
                text.push_str(": ");
                text.push_str(&told);
            }
            source = cause.source();
        }
        formatter.write_str(&text)
    }
}

/// Starts the log, on standard error. Only our own code may log more than `info`: what libraries write below that was
/// not checked for secrets.
pub fn start(level: LevelFilter, format: LogFormat) {
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::INFO))
        .with_target("sea_orm_migration", level.min(LevelFilter::WARN))
        .with_target("banklink", level);
    let registry = tracing_subscriber::registry().with(targets);
    let for_people = std::io::stderr().is_terminal();
    let layer = fmt::layer().with_ansi(for_people).with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => registry.with(layer).try_init(),
        LogFormat::Json => registry.with(layer.json()).try_init(),
    };
    // Tests start it several times; the first one stays.
    drop(started);
}
