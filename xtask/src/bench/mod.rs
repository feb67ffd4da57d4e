//! Benchmarks: figures beside a peer's from the same run, as JSON. Never a timed test: it says, it does not judge.

mod access;
mod assess;
mod cerebro;
mod clients;
mod encoder;
mod heavy;
mod load;
mod mail;
mod memory;
mod messages;
mod postfix;
mod processes;
mod restart;
mod sink;

use clap::{Args, Subcommand};

/// Measures beside peers.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Messages through the whole of CEREBRO, of Postfix, and of Postfix with rspamd.
    Mail(mail::Mail),
    /// The sentence encoder beside another program that runs the same model.
    Encoder(encoder::Bench),
    /// CEREBRO killed and started again with a long queue.
    Restart(restart::Restart),
    /// One assessment, stage by stage, and its growth with size.
    Assess(assess::Assess),
    /// What a mail of 25 MB takes in memory, here and in the confined child; fails over its bounds.
    Memory(memory::Memory),
    /// What it costs to know who asks and whether they may.
    Access(access::Access),
    /// What is detected of each kind of misconduct in labelled texts, by language, near misses apart.
    Detection,
    /// A file of clients: to take in, to keep, to ask.
    Clients(clients::BenchClients),
}

/// Runs one benchmark; `mail` when none is named.
pub(crate) fn run(command: &Bench) -> anyhow::Result<()> {
    let report = match &command.what {
        None => mail::run(&mail::Mail::usual())?,
        Some(What::Mail(mail)) => mail::run(mail)?,
        Some(What::Encoder(bench)) => encoder::run(bench)?,
        Some(What::Restart(restart)) => restart::run(restart)?,
        Some(What::Assess(assess)) => assess::run(assess)?,
        Some(What::Memory(memory)) => memory::run(memory)?,
        Some(What::Access(access)) => access::run(access)?,
        Some(What::Detection) => crate::detection::report()?,
        Some(What::Clients(clients)) => clients::run(clients)?,
    };
    say(&serde_json::to_string_pretty(&report)?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this is where a benchmark reports")]
fn say(text: &str) {
    println!("{text}");
}

/// What is being done, for whoever waits.
fn tell(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "bench: {text}");
}
