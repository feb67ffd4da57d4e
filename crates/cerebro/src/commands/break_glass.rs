//! `cerebro break-glass`: at the machine's console, a way in for one named person, for hours, when no administrator can come
//! in. Everybody who administers is told.

use access::action;
use clap::Args;
use operations::break_glass;
use operations::break_glass::open::Breaking;
use operations::organisation::Reason;
use serde_json::json;

use super::init::split;
use super::place::{Place, open};
use super::{runtime, say};
use crate::config::Config;

/// Open a way in for one named person, for hours, when no administrator can come in.
///
/// On SQLite run it while the service is stopped.
#[derive(Debug, Args)]
pub(crate) struct BreakGlass {
    #[command(flatten)]
    place: Place,
    /// For whom, `Name <address>`: one natural person, at an address that has no account here.
    #[arg(long)]
    person: String,
    /// For how many hours: 1 to 4.
    #[arg(long, default_value_t = 1)]
    hours: u32,
    /// Why no administrator can do it; recorded, and read by all of them.
    #[arg(long)]
    reason: String,
}

pub(crate) fn run(command: &BreakGlass) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    runtime()?.block_on(break_it(command, &config))
}

async fn break_it(command: &BreakGlass, config: &Config) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(&command.place, config).await?;
    let (name, email) = split(&command.person)?;
    let reason = Reason::parse(&command.reason)?;
    let permit = op.permit(action::BreakGlass, op.organisation()).await?;
    let breaking = Breaking { name, email, hours: command.hours, reason };
    let opened = break_glass::open::open(&cerebro, &op, permit, breaking).await?;
    say(&serde_json::to_string_pretty(&json!({
        "break_glass": opened.id.to_string(),
        "link": opened.link.expose(),
        "link_until": opened.link_until.rfc3339(),
        "administers_until": opened.until.rfc3339(),
        "administrators_told": opened.told,
        "next": "start the service; the person sets a password by the link, enrols a second factor and signs in. The account closes by itself; an administrator other than them then closes the review under Accounts, Break-glass",
    }))?);
    Ok(())
}
