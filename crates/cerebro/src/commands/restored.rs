//! `cerebro restored`: takes over a database that was brought back from a backup.

use std::path::PathBuf;

use access::{SystemReason, action};
use anyhow::bail;
use clap::Args;
use operations::evidence::restored::{behind, take_over};

use super::place::open_all;
use super::{runtime, say};
use crate::config::Config;

/// Take over a database that was brought back from a backup and is older than the ledger: the entries it lacks come from the
/// log, what they ended ends again, and every session, backup code, link and used code of an app is over. Run it while the
/// service is stopped.
#[derive(Debug, Args)]
pub(crate) struct Restored {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
}

pub(crate) fn run(command: &Restored) -> anyhow::Result<()> {
    let config = Config::load(&command.config)?;
    runtime()?.block_on(restored(&config))
}

async fn restored(config: &Config) -> anyhow::Result<()> {
    let (_opened, cerebro) = open_all(config).await?;
    let behind = behind(&cerebro, &config.storage.locks).await?;
    if behind.is_empty() {
        bail!("the database holds everything that was signed: nothing is to be done");
    }
    for log in behind {
        let op = cerebro.system(SystemReason::Console, log.organisation);
        let permit = op.permit(action::TakeOverRestored, log.organisation).await?;
        let done = take_over(&cerebro, &op, permit, &config.storage.locks).await?;
        say(&format!(
            "{}: entries taken up: {}; sessions over: {}; backup codes over: {}; what ended since and ended again: {}",
            log.origin, done.entries, done.sessions, done.codes, done.ended_again
        ));
    }
    Ok(())
}
