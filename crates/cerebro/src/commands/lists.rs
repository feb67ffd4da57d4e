//! `cerebro lists`: gives an organisation's lists to the engine, from files; shows and refuses what waits for a second person.

use std::path::{Path, PathBuf};

use access::action;
use anyhow::Context;
use clap::{Args, Subcommand};
use operations::lists::{self, Entries, ListName, Wanted, look, seed, trace::Trace};
use operations::organisation::Reason;
use operations::proposals;
use vocabulary::ProposalId;

use super::place::{Place, open};
use super::{runtime, say};
use crate::config::Config;

/// An organisation's lists: see them, change one, read a message trace, see what waits for a second person.
///
/// What makes it watch more is in force at once; what makes it watch less waits for a second person, who agrees in the console. On
/// PostgreSQL every running process follows within seconds; on SQLite run it while the service is stopped, or use the page Lists.
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
    /// Bring a list to the entries of a file, one a line.
    Replace(Change),
    /// Add the entries of a file to a list.
    Add(Change),
    /// Take the entries of a file away from a list.
    Remove(Change),
    /// What waits for a second person, of lists, the client file and examples, and what became of earlier proposals.
    Proposals,
    /// Refuse a proposal, or take it back.
    Refuse {
        /// Its id, as `proposals` names it.
        proposal: ProposalId,
        /// Why, for whoever asked.
        #[arg(long, value_parser = reason)]
        reason: Reason,
    },
    /// Read a message trace (CSV): whom the organisation's people wrote to is no first contact any more, and whom they wrote
    /// to often enough is proposed as a known correspondent.
    Trace {
        /// The file, as mail systems export it: a header line that names a column of senders and one of recipients.
        file: PathBuf,
        /// How often an address must have been written to, to be a known correspondent.
        #[arg(long, default_value_t = 2)]
        times: u32,
        /// Why, for the second person.
        #[arg(long, value_parser = reason, default_value = "from a message trace")]
        reason: Reason,
    },
}

#[derive(Debug, Args)]
struct Change {
    /// One of the lists `show` names.
    list: String,
    /// The file. Lines that begin with # are left out; in own_footers an entry is a paragraph.
    file: PathBuf,
    /// Why, for the second person: needed where something waits for one.
    #[arg(long, value_parser = reason)]
    reason: Option<Reason>,
}

pub(super) fn reason(text: &str) -> Result<Reason, operations::organisation::ReasonError> {
    Reason::parse(text)
}

/// Reads the file first: a wrong line is told before anything is opened.
pub(crate) fn run(command: &Lists) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    match &command.what {
        What::Show => runtime()?.block_on(show(&command.place, &config)),
        What::Replace(asked) => give(command, &config, asked, Wanted::Whole),
        What::Add(asked) => give(command, &config, asked, Wanted::Added),
        What::Remove(asked) => give(command, &config, asked, Wanted::Removed),
        What::Proposals => runtime()?.block_on(show_proposals(&command.place, &config)),
        What::Refuse { proposal, reason } => {
            runtime()?.block_on(refuse(&command.place, &config, *proposal, reason))
        }
        What::Trace { file, times, reason } => {
            let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
            let trace = Trace::parse(&bytes).with_context(|| format!("{}", file.display()))?;
            runtime()?.block_on(take_trace(&command.place, &config, &trace, *times, reason))
        }
    }
}

fn give(
    command: &Lists,
    config: &Config,
    asked: &Change,
    wanted: impl FnOnce(Entries) -> Wanted,
) -> anyhow::Result<()> {
    let wanted = wanted(read_list(&asked.list, &asked.file)?);
    runtime()?.block_on(change(&command.place, config, wanted, asked.reason.as_ref()))
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
                version.by.at.rfc3339(),
                version.by.who
            ));
        }
    }
    Ok(())
}

async fn change(
    place: &Place,
    config: &Config,
    wanted: Wanted,
    reason: Option<&Reason>,
) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let list = wanted.list();
    let changed = lists::change(&cerebro, &op, permit, wanted, reason).await?;
    say(&format!(
        "{list} version {}: {} entries, {} new, {} gone",
        changed.version, changed.entries, changed.added, changed.removed
    ));
    if let Some(waits) = changed.waits {
        let (new, gone) = (waits.added, waits.removed);
        say(&format!("{} waits for a second person: {new} to come, {gone} to go", waits.id));
    }
    Ok(())
}

async fn show_proposals(place: &Place, config: &Config) -> anyhow::Result<()> {
    let (_opened, _, op) = open(place, config).await?;
    let permit = op.permit(action::ReadLists, op.organisation()).await?;
    for line in proposals::look::list(&op, &permit).await? {
        say(&format!(
            "{} {}: {} {}, {} to come, {} to go, {} by {}",
            line.id,
            line.state.word(),
            line.subject.kind(),
            line.subject.name(),
            line.added,
            line.removed,
            line.proposed_at.rfc3339(),
            line.proposed_by
        ));
    }
    Ok(())
}

async fn refuse(place: &Place, config: &Config, id: ProposalId, reason: &Reason) -> anyhow::Result<()> {
    let (_opened, _, op) = open(place, config).await?;
    let permit = op.permit(action::RefuseProposal, id).await?;
    proposals::refuse::refuse(&op, permit, reason).await?;
    say(&format!("{id} refused"));
    Ok(())
}

async fn take_trace(
    place: &Place,
    config: &Config,
    trace: &Trace,
    times: u32,
    reason: &Reason,
) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let seeded = seed::seed(&cerebro, &op, trace, times, reason).await?;
    say(&format!(
        "{} pairs, {} of them new; {} correspondents, {} known domains; {} more wait for a second person; {} addresses could not be read",
        seeded.pairs, seeded.new, seeded.correspondents, seeded.domains, seeded.waiting, trace.skipped
    ));
    Ok(())
}
