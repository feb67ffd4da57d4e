//! `cerebro clients`: gives an organisation's clients to the engine, from a file.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use access::action;
use anyhow::Context;
use clap::{Args, Subcommand};
use operations::clients::{self, ClientFile, Difference, look};
use operations::organisation::Reason;
use vocabulary::ProposalId;

use super::lists::reason;
use super::place::{Place, open};
use super::{runtime, say};
use crate::config::Config;

/// An organisation's clients: see which files were imported, import one, give the file up.
///
/// Whose data a message carries is then known exactly. Values are hashed as they are read. A file that finds less than the one in force
/// waits for a second person, who agrees in the console. On PostgreSQL every running process follows within seconds; on SQLite run it
/// while the service is stopped.
#[derive(Debug, Args)]
pub(crate) struct Clients {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Which files were imported, in which versions, by whom and when.
    Show,
    /// Import a file (CSV): a header line names a column of clients, and others of what is theirs.
    Import {
        /// The file.
        file: PathBuf,
        /// Why, for the second person: needed where the file finds less than the one in force.
        #[arg(long, value_parser = reason)]
        reason: Option<Reason>,
    },
    /// Give the file up: nobody's data is known any more. A second person agrees.
    Drop {
        /// Why, for the second person.
        #[arg(long, value_parser = reason)]
        reason: Reason,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Clients) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    match &command.what {
        What::Show => runtime()?.block_on(show(&command.place, &config)),
        What::Import { file, reason } => {
            runtime()?.block_on(import(&command.place, &config, file, reason.as_ref()))
        }
        What::Drop { reason } => runtime()?.block_on(give_up(&command.place, &config, reason)),
    }
}

async fn show(place: &Place, config: &Config) -> anyhow::Result<()> {
    let (_opened, _, op) = open(place, config).await?;
    let permit = op.permit(action::ReadLists, op.organisation()).await?;
    let versions = look::versions(&op, &permit).await?;
    if versions.is_empty() {
        say("no client file was imported");
    }
    for version in versions {
        say(&format!(
            "version {}: {} clients, {} identifiers, {} by {}, {}",
            version.version,
            version.clients,
            version.identifiers,
            version.by.at.rfc3339(),
            version.by.who,
            version.digest
        ));
    }
    Ok(())
}

async fn import(place: &Place, config: &Config, path: &Path, reason: Option<&Reason>) -> anyhow::Result<()> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let (_opened, cerebro, op) = open(place, config).await?;
    let file = ClientFile::read(&op, BufReader::new(file)).with_context(|| format!("{}", path.display()))?;
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let imported = clients::import(&cerebro, &op, permit, file, reason).await?;
    let found = format!("{} clients, {} identifiers", imported.clients, imported.identifiers);
    match imported.waits {
        Some(id) => say_waits(id, &found, imported.difference),
        None if imported.is_same => say(&format!("version {}: {found}, as it was", imported.version)),
        None => say(&format!("version {}: {found}", imported.version)),
    }
    Ok(())
}

async fn give_up(place: &Place, config: &Config, reason: &Reason) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let given_up = clients::import(&cerebro, &op, permit, ClientFile::none(), Some(reason)).await?;
    match given_up.waits {
        Some(id) => say_waits(id, "no client file", given_up.difference),
        None => say("there is no client file"),
    }
    Ok(())
}

fn say_waits(id: ProposalId, found: &str, difference: Difference) {
    let Difference { gone, new, mailboxes } = difference;
    say(&format!(
        "{id} waits for a second person: {found}; {new} identifiers new, {gone} gone, data may go to {mailboxes} more mailboxes"
    ));
}
