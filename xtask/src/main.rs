//! Everything longer than one command.

mod alarms;
mod bench;
mod corpus;
mod detection;
mod labelled;
mod ranking;
mod recall;
mod train;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "xtask", about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measures beside peers, in the same run, on the same machine; prints JSON.
    Bench(bench::Bench),
    /// What the shipped controls say of real mail: share held, by control, each message named.
    Alarms(alarms::Alarms),
    /// Values and sentences planted in real mails: how many are found, by detector and place; fails under their floors.
    Recall(recall::Recall),
    /// What is detected of each kind of misconduct in labelled texts, by language; prints JSON.
    Detection,
    /// Makes the topics model from the labelled texts, the same bytes each time.
    Train(train::Train),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Bench(command) => bench::run(&command),
        Command::Alarms(command) => alarms::run(&command),
        Command::Recall(command) => recall::run(&command),
        Command::Detection => detection::run(),
        Command::Train(command) => train::run(&command),
    }
}
