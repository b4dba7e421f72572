//! Where the log goes and how much of it.

use std::io::IsTerminal;

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::cli::LogFormat;

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
