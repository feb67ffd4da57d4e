//! One command a file.

pub(crate) mod assess;
pub(crate) mod backup;
mod backup_files;
pub(crate) mod breached;
pub(crate) mod break_glass;
pub(crate) mod calibrate;
pub(crate) mod clients;
pub(crate) mod controls;
pub(crate) mod demo;
pub(crate) mod examples;
pub(crate) mod init;
pub(crate) mod ledger;
pub(crate) mod lists;
pub(crate) mod place;
pub(crate) mod restored;
pub(crate) mod serve;
pub(crate) mod service;
pub(crate) mod verify;
mod verify_signature;

use std::io::{IsTerminal, Write};

/// Prints one line for whoever, or whatever, called us. A closed pipe is not our error.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Prints what went wrong, with its causes, and what was kept.
pub(crate) fn complain(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr().lock(), "cerebro: {error:#}");
}

/// Logs to standard error: words for people on a terminal, `CEREBRO_LOG` for the level.
pub(crate) fn start_logging(json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CEREBRO_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,rustls=warn,hyper=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        builder.json().init();
    } else {
        // A journal or a file keeps no colours.
        builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).init();
    }
}

/// A runtime for everything that waits.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
