//! The binary: configuration, assembly, commands.

mod assembly;
mod commands;
mod config;
mod smtp_secret;
mod tls;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Governs outgoing communications before they take effect.
#[derive(Debug, Parser)]
#[command(name = "cerebro", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve: SMTP in and out, console, sealing, clocks, in one process or apart.
    Serve {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
        /// Read and check the configuration, say what it means, and stop.
        #[arg(long)]
        check: bool,
        /// Run one part alone, beside the others in processes of their own (PostgreSQL).
        #[arg(long)]
        only: Option<assembly::Part>,
    },
    /// Make an instance: master key, key store, database, the first organisation with its log and administrators.
    Init(commands::init::Init),
    Clients(commands::clients::Clients),
    Lists(commands::lists::Lists),
    Examples(commands::examples::Examples),
    Controls(commands::controls::Controls),
    Backup(commands::backup::Backup),
    Restored(commands::restored::Restored),
    Calibrate(commands::calibrate::Calibrate),
    /// A running system with two fictional institutions and a day of invented mail.
    Demo(commands::demo::Demo),
    /// The current code of the people of a running demo.
    DemoCode(commands::demo::code::DemoCode),
    /// Assess messages without a server: one JSON line a message.
    Assess(commands::assess::Assess),
    /// Verify an exported ledger, or the proof of one entry, from files alone.
    Verify(commands::verify::Verify),
    /// Make a secret for an SMTP client that signs in; it is printed once, a file keeps its hash.
    SmtpSecret {
        /// The file to make; `smtp.clients` names it as `secret`.
        #[arg(long)]
        file: PathBuf,
    },
    /// The operator's own list of breached passwords.
    Breached {
        #[command(subcommand)]
        command: commands::breached::Breached,
    },
    BreakGlass(commands::break_glass::BreakGlass),
    Service(commands::service::Service),
    /// The ledger's own commands.
    Ledger {
        #[command(subcommand)]
        command: commands::ledger::Ledger,
    },
    /// Reads one attachment at a time, confined. Started by CEREBRO itself.
    #[command(name = "extract-worker", hide = true)]
    ExtractWorker {
        /// Leave out what this kernel lacks; comes from `extract.weakened` in the configuration.
        #[arg(long)]
        weakened: bool,
    },
    /// Puts up its walls and becomes Tesseract, which reads the picture on standard input.
    #[command(name = "ocr-worker", hide = true)]
    OcrWorker {
        /// Comes from `extract.tesseract` in the configuration.
        tesseract: std::path::PathBuf,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::ExtractWorker { weakened } => return extract::worker_main(weakened),
        Command::OcrWorker { tesseract } => return extract::ocr_main(&tesseract),
        Command::Assess(command) => commands::assess::run(&command),
        Command::Verify(command) => return commands::verify::run(&command),
        Command::BreakGlass(command) => commands::break_glass::run(&command),
        Command::Service(command) => commands::service::run(&command),
        Command::Breached { command } => commands::breached::run(&command),
        Command::Ledger { command } => commands::ledger::run(&command),
        Command::Serve { config, check, only } => commands::serve::run(&config, check, only),
        Command::SmtpSecret { file } => smtp_secret::create(&file, &vocabulary::SystemEntropy::default())
            .map(|secret| commands::say(&secret)),
        Command::Init(command) => commands::init::run(&command),
        Command::Clients(command) => commands::clients::run(&command),
        Command::Lists(command) => commands::lists::run(&command),
        Command::Examples(command) => commands::examples::run(&command),
        Command::Controls(command) => commands::controls::run(&command),
        Command::Backup(command) => commands::backup::run(&command),
        Command::Restored(command) => commands::restored::run(&command),
        Command::Calibrate(command) => commands::calibrate::run(&command),
        Command::Demo(command) => commands::demo::run(command),
        Command::DemoCode(command) => commands::demo::code::run(&command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            commands::complain(&error);
            ExitCode::FAILURE
        }
    }
}
