//! `cerebro controls`: the life of a control set, up to its publication, which a person who is signed in decides.

use std::path::PathBuf;
use std::time::Duration;

use access::action;
use anyhow::Context;
use clap::{Args, Subcommand};
use operations::controls::look::SetLine;
use operations::controls::rehearse::Rehearsal;
use operations::controls::{draft, look, look_back, rehearse, withdraw};
use operations::organisation::Reason;

use super::place::{Place, open};
use super::{assess, runtime, say};
use crate::config::Config;

/// An organisation's control sets: draft one, rehearse it on past flows, see them, look back.
///
/// A second person, signed in, publishes. On PostgreSQL this runs beside the service; on SQLite while it is stopped.
#[derive(Debug, Args)]
pub(crate) struct Controls {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The sets, the latest first, and which is in force.
    List,
    /// Draft a set from a directory of control files. Samples run; everything wrong with every file is told at once.
    Draft {
        /// The directory.
        directory: PathBuf,
        /// Why, for colleagues, the auditor and the ledger.
        #[arg(long)]
        reason: String,
    },
    /// Ask a draft what it would have done to the flows of the last days, beside the set in force.
    Rehearse {
        /// The draft's number.
        number: u64,
        /// How many days.
        #[arg(long, default_value_t = 30)]
        days: u32,
    },
    /// Give a draft up.
    Drop {
        /// The draft's number.
        number: u64,
    },
    /// Look at the flows of the last days again, with the controls and lists of today: what would match now and did not then.
    LookBack {
        /// How many days.
        #[arg(long, default_value_t = 30)]
        days: u32,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Controls) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    let place = &command.place;
    match &command.what {
        What::List => runtime()?.block_on(list(place, &config)),
        What::Draft { directory, reason } => {
            let set = assess::controls(Some(directory))?;
            let files: Vec<(String, String)> = set
                .texts()
                .map(|(id, text)| (format!("{}.toml", id.to_lowercase()), text.to_owned()))
                .collect();
            let reason = Reason::parse(reason).context("--reason")?;
            runtime()?.block_on(make(place, &config, files, &reason))
        }
        What::Rehearse { number, days } => runtime()?.block_on(try_out(place, &config, *number, *days)),
        What::Drop { number } => runtime()?.block_on(give_up(place, &config, *number)),
        What::LookBack { days } => runtime()?.block_on(again(place, &config, *days)),
    }
}

async fn list(place: &Place, config: &Config) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::ReadControls, op.organisation()).await?;
    let in_force = cerebro.organisation(op.organisation()).and_then(|known| known.control_set);
    if in_force.is_none() {
        say("in force: the set the service is started with");
    }
    for set in look::list(&op, &permit).await? {
        say(&line(&set, in_force == Some(set.id)));
    }
    Ok(())
}

fn line(set: &SetLine, in_force: bool) -> String {
    let state = if in_force { "in force" } else { set.state.word() };
    let rehearsed = set.rehearsed_at.map(|at| format!(", rehearsed {}", at.rfc3339())).unwrap_or_default();
    format!(
        "{} {state}: {} controls, {}, drafted {} by {}{rehearsed}",
        set.number,
        set.controls,
        set.digest.get(..12).unwrap_or(&set.digest),
        set.drafted_at.rfc3339(),
        set.drafted_by
    )
}

async fn make(
    place: &Place,
    config: &Config,
    files: Vec<(String, String)>,
    reason: &Reason,
) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::DraftControls, op.organisation()).await?;
    let (_, number) = draft::draft(&cerebro, &op, permit, files, reason).await?;
    say(&format!("drafted {number}: rehearse it; a second person publishes it"));
    Ok(())
}

async fn try_out(place: &Place, config: &Config, number: u64, days: u32) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::ReadControls, op.organisation()).await?;
    let id = look::numbered(&op, &permit, number).await?.context("no such control set")?;
    let permit = op.permit(action::RehearseControls, id).await?;
    report(&rehearse::rehearse(&cerebro, &op, permit, days).await?);
    Ok(())
}

fn report(rehearsal: &Rehearsal) {
    let tenths = |number: u64| format!("{}.{}", number / 10, number % 10);
    let unknown = || "unknown yet".to_owned();
    say(&format!(
        "{} flows of {} days ({} could not be read again{})",
        rehearsal.flows,
        rehearsal.days,
        rehearsal.unread,
        if rehearsal.more { "; there are more in the window" } else { "" }
    ));
    say(&format!(
        "waiting: {} now, {} by the draft, {} a day; review {} minutes a day; expiries {} a day",
        rehearsal.waits_now,
        rehearsal.would_wait,
        tenths(rehearsal.holds_per_day()),
        rehearsal.review_minutes_per_day().map_or_else(unknown, |minutes| minutes.to_string()),
        rehearsal.expiries_per_day().map_or_else(unknown, tenths)
    ));
    for (control, (now, then)) in &rehearsal.controls {
        say(&format!("  {control}: {now} now, {then} by the draft"));
    }
    for change in &rehearsal.changes {
        say(&format!(
            "  {} {} → {} (+{} −{})",
            change.flow,
            change.was,
            change.becomes,
            change.gained.join(" "),
            change.lost.join(" ")
        ));
    }
}

async fn give_up(place: &Place, config: &Config, number: u64) -> anyhow::Result<()> {
    let (_opened, _, op) = open(place, config).await?;
    let permit = op.permit(action::ReadControls, op.organisation()).await?;
    let id = look::numbered(&op, &permit, number).await?.context("no such control set")?;
    let permit = op.permit(action::DropControls, id).await?;
    withdraw::withdraw(&op, permit).await?;
    say(&format!("{number} is given up"));
    Ok(())
}

async fn again(place: &Place, config: &Config, days: u32) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::LookBack, op.organisation()).await?;
    let since = op.now().minus(Duration::from_secs(24 * 3600) * days);
    let found = look_back::look_back(&cerebro, &op, permit, since).await?;
    say(&format!(
        "{} flows looked at again ({} could not be read); in {} more is found now",
        found.flows,
        found.unread,
        found.all()
    ));
    if let Some(reached) = found.reached.filter(|_| found.more) {
        say(&format!("it stopped there: those before {} were not looked at", reached.rfc3339()));
    }
    for (control, (newly, further)) in &found.by_control {
        say(&format!("  newly found by {control}: {newly}; found already, with something new: {further}"));
    }
    for seen in &found.seen {
        let what = match seen.guarded() {
            Some(class) => class.word().to_owned(),
            None => {
                let further = seen.further.iter().map(|control| format!("{control}+"));
                seen.controls.iter().cloned().chain(further).collect::<Vec<_>>().join(" ")
            }
        };
        say(&format!("  {} {} {what}", seen.at.rfc3339(), seen.flow));
    }
    Ok(())
}
