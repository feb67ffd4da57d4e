//! `cerebro lists`: gives an organisation's lists to the engine, from files.

use std::path::{Path, PathBuf};

use access::action;
use anyhow::Context;
use clap::{Args, Subcommand};
use operations::lists::{self, Entries, ListName, look, seed, trace::Trace};

use super::place::{Place, open};
use super::{runtime, say};
use crate::config::Config;

/// See which lists an organisation gave, replace one, or say whom its people wrote to before. On PostgreSQL every running
/// process follows within seconds; on SQLite run it while the service is stopped, or ask the service over its API.
#[derive(Debug, Args)]
pub(crate) struct Lists {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Which lists there are, in which versions, by whom and when.
    Show,
    /// Replace a list by the entries of a file, one a line.
    Replace {
        /// One of the lists `show` names.
        list: String,
        /// The file. Lines that begin with # are left out; in own_footers an entry is a paragraph.
        file: PathBuf,
    },
    /// Read a message trace (CSV): whom the organisation's people wrote to is no first contact any more, and whom they wrote
    /// to often enough is a known correspondent.
    Trace {
        /// The file, as mail systems export it: a header line that names a column of senders and one of recipients.
        file: PathBuf,
        /// How often an address must have been written to, to be a known correspondent.
        #[arg(long, default_value_t = 2)]
        times: u32,
    },
}

/// Reads the file first: a wrong line is told before anything is opened.
pub(crate) fn run(command: &Lists) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    match &command.what {
        What::Show => runtime()?.block_on(show(&command.place, &config)),
        What::Replace { list, file } => {
            let entries = read_list(list, file)?;
            runtime()?.block_on(replace(&command.place, &config, entries))
        }
        What::Trace { file, times } => {
            let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
            let trace = Trace::parse(&bytes).with_context(|| format!("{}", file.display()))?;
            runtime()?.block_on(take_trace(&command.place, &config, &trace, *times))
        }
    }
}

fn read_list(list: &str, file: &Path) -> anyhow::Result<Entries> {
    let words: Vec<&str> = ListName::ALL.iter().map(|list| list.word()).collect();
    let name = ListName::parse(list)
        .with_context(|| format!("{list:?} is not a list: there are {}", words.join(", ")))?;
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Entries::parse(name, &text).with_context(|| format!("{}", file.display()))
}

async fn show(place: &Place, config: &Config) -> anyhow::Result<()> {
    let (_opened, _, op) = open(place, config).await?;
    let permit = op.permit(action::ReadLists, op.organisation()).await?;
    let versions = look::versions(&op, &permit).await?;
    for list in ListName::ALL {
        let mut of_list = versions.iter().filter(|version| version.list == *list).peekable();
        if of_list.peek().is_none() {
            say(&format!("{list}: not given"));
        }
        for version in of_list {
            say(&format!(
                "{list} version {}: {} entries, {} by {}",
                version.version,
                version.entries,
                version.at.rfc3339(),
                version.by
            ));
        }
    }
    Ok(())
}

async fn replace(place: &Place, config: &Config, entries: Entries) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let list = entries.list();
    let replaced = lists::replace(&cerebro, &op, permit, entries).await?;
    say(&format!(
        "{list} version {}: {} entries, {} new, {} gone",
        replaced.version, replaced.entries, replaced.added, replaced.removed
    ));
    Ok(())
}

async fn take_trace(place: &Place, config: &Config, trace: &Trace, times: u32) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let seeded = seed::seed(&cerebro, &op, trace, times).await?;
    say(&format!(
        "{} pairs, {} of them new; {} correspondents, {} known domains; {} addresses could not be read",
        seeded.pairs, seeded.new, seeded.correspondents, seeded.domains, trace.skipped
    ));
    Ok(())
}
