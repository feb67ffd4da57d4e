//! `cerebro clients`: gives an organisation's clients to the engine, from a file.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use access::action;
use anyhow::Context;
use clap::{Args, Subcommand};
use operations::clients::{self, ClientFile, look};

use super::place::{Place, open};
use super::{runtime, say};
use crate::config::Config;

/// See which client files an organisation gave, or import one: whose data a message carries is then known exactly. Values are
/// hashed as they are read. On PostgreSQL every running process follows within seconds; on SQLite run it while the service is stopped.
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
    },
}

/// Runs the command.
pub(crate) fn run(command: &Clients) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    match &command.what {
        What::Show => runtime()?.block_on(show(&command.place, &config)),
        What::Import { file } => runtime()?.block_on(import(&command.place, &config, file)),
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
            version.at.rfc3339(),
            version.by,
            version.digest
        ));
    }
    Ok(())
}

async fn import(place: &Place, config: &Config, path: &Path) -> anyhow::Result<()> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let (_opened, cerebro, op) = open(place, config).await?;
    let file = ClientFile::read(&op, BufReader::new(file)).with_context(|| format!("{}", path.display()))?;
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let imported = clients::import(&cerebro, &op, permit, file).await?;
    let same = if imported.is_same { ", as it was" } else { "" };
    say(&format!(
        "version {}: {} clients, {} identifiers{same}",
        imported.version, imported.clients, imported.identifiers
    ));
    Ok(())
}
