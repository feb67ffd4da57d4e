//! `cerebro breached`: the operator's own list of breached passwords.

use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use identity::password::import_list;
use operations::breached::KEY;
use vault::{Keyring, MasterKey};
use vocabulary::SystemEntropy;

use super::say;
use crate::config::Config;

/// What can be done with it.
#[derive(Debug, Subcommand)]
pub(crate) enum Breached {
    /// Make the list that `storage.breached` names from the one published by Have I Been Pwned, ordered by hash.
    Import {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
        /// The published list, `SHA1:count` a line; standard input when absent.
        #[arg(long)]
        from: Option<PathBuf>,
        /// The day it was published: 2026-11-01.
        #[arg(long)]
        date: String,
    },
}

pub(crate) fn run(command: &Breached) -> anyhow::Result<()> {
    let Breached::Import { config, from, date } = command;
    let storage = Config::load(config)?.storage;
    let path = storage.breached.context("storage.breached is not set: it names where the list stands")?;
    let master = MasterKey::load(&storage.master_key)?;
    let key = Keyring::open(&storage.keys, &master)?.secret_or_new(KEY, &SystemEntropy::default())?;
    let published: Box<dyn BufRead> = match from {
        Some(from) => {
            let file = File::open(from).with_context(|| format!("{} cannot be read", from.display()))?;
            Box::new(BufReader::with_capacity(1 << 20, file))
        }
        None => Box::new(stdin().lock()),
    };
    let keys = import_list(published, &path, date, &key)?;
    say(&format!(
        "{}: {keys} passwords, published {date}; a running CEREBRO takes it up within seconds",
        path.display()
    ));
    Ok(())
}
