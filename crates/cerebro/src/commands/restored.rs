//! `cerebro restored`: takes over a database that was brought back from a backup.

use std::path::PathBuf;

use access::{SystemReason, action};
use anyhow::bail;
use clap::Args;
use operations::evidence::restored::{Restored as Done, begin_anew, behind, is_forgotten, take_over};

use super::place::open_all;
use super::{runtime, say};
use crate::config::Config;

/// Take over a database that was brought back from a backup and is older than the ledger.
///
/// The entries it lacks come from the log, what they ended ends again, and every session, backup code, link and used code of an app is
/// over. Nothing leaves until somebody has looked: what left since the backup would leave again. Run it while the service is stopped.
#[derive(Debug, Args)]
pub(crate) struct Restored {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
    /// The machine that signed the ledger is gone, and with it what it signed last (storage.locks): go on from what the log brought back
    /// says. What was signed after it and given to somebody contradicts what is signed from now on.
    #[arg(long)]
    locks_are_gone: bool,
}

pub(crate) fn run(command: &Restored) -> anyhow::Result<()> {
    let config = Config::load(&command.config)?;
    runtime()?.block_on(restored(&config, command.locks_are_gone))
}

async fn restored(config: &Config, locks_are_gone: bool) -> anyhow::Result<()> {
    let (_opened, cerebro) = open_all(config).await?;
    let locks = &config.storage.locks;
    for known in cerebro.organisations().iter().filter(|known| is_forgotten(locks, known.id)) {
        if !locks_are_gone {
            bail!(
                "what was signed last in {} is not remembered in {}: bring the locks back; where they are gone with their machine, say --locks-are-gone",
                known.origin,
                locks.display()
            );
        }
        let op = cerebro.system(SystemReason::Console, known.id);
        let permit = op.permit(action::TakeOverRestored, known.id).await?;
        tell(&known.origin, begin_anew(&cerebro, &op, permit, locks).await?);
    }
    let behind = behind(&cerebro, &config.storage.locks).await?;
    if behind.is_empty() && !locks_are_gone {
        bail!("the database holds everything that was signed: nothing is to be done");
    }
    for log in behind {
        let op = cerebro.system(SystemReason::Console, log.organisation);
        let permit = op.permit(action::TakeOverRestored, log.organisation).await?;
        tell(&log.origin, take_over(&cerebro, &op, permit, locks).await?);
    }
    Ok(())
}

fn tell(origin: &str, done: Done) {
    say(&format!(
        "{origin}: entries taken up: {}; sessions over: {}; backup codes over: {}; what ended since and ended again: {}",
        done.entries, done.sessions, done.codes, done.ended_again
    ));
    let stopped = done.stopped;
    say(&format!(
        "{origin}: NOTHING LEAVES. The database knows nothing after {}: what left since would leave again. Of what waits, deliveries that \
         ended since and are not made again: {}; messages that a relay attempted since, which the next hop may have: {}. Compare what waits (page \
         Outgoing, or GET /api/v1/queue) with the next hop's log from that time on, have a supervisor take out what has left; then an \
         administrator resumes.",
        stopped.backup.rfc3339(),
        stopped.ended,
        stopped.attempted
    ));
}
