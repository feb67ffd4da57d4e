//! `cerebro break-glass`: at the machine's console, a way in for one named person, for hours, when no administrator can come
//! in. Everybody who administers is told.

use std::path::PathBuf;
use std::sync::Arc;

use access::{Actor, SystemReason, action};
use anyhow::{Context, bail};
use clap::Args;
use compliance::ControlSet;
use operations::break_glass::open::{self, Breaking};
use operations::organisation::Reason;
use serde_json::json;

use super::init::split;
use super::{runtime, say};
use crate::assembly::{self, Part, Parts, Places};
use crate::config::Config;

/// Open a way in for one named person, for hours, when no administrator can come in.
#[derive(Debug, Args)]
pub(crate) struct BreakGlass {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
    /// The organisation, by the origin of its log; needed when there are several.
    #[arg(long)]
    organisation: Option<String>,
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
    let config = Config::load(&command.config)?;
    runtime()?.block_on(break_glass(command, &config))
}

async fn break_glass(command: &BreakGlass, config: &Config) -> anyhow::Result<()> {
    let places = Places {
        data: config.storage.data.clone(),
        postgres: config.storage.postgres.clone(),
        keys: config.storage.keys.clone(),
        master_key: config.storage.master_key.clone(),
        locks: config.storage.locks.clone(),
    };
    // SQLite has one writer: the service is stopped first. On PostgreSQL this is one process beside the others.
    let parts = if places.postgres.is_some() { Parts(Some(Part::Console)) } else { Parts::ALL };
    let opened = assembly::open(&places, parts).await.context("on SQLite, stop the service first")?;
    let controls = Arc::new(ControlSet::shipped());
    let cerebro = operations::Cerebro::open(
        opened.instance.clone(),
        controls,
        operations::AttachmentReader::Here,
        config.console.url.clone(),
        places.logs(),
    )
    .await?;
    let all = cerebro.organisations();
    let wanted = |origin: &str| command.organisation.as_deref().is_none_or(|asked| asked == origin);
    let found: Vec<_> = all.iter().filter(|known| wanted(&known.origin)).collect();
    let [organisation] = found.as_slice() else {
        let origins: Vec<&str> = all.iter().map(|known| known.origin.as_str()).collect();
        bail!("say which organisation, by the origin of its log: --organisation {}", origins.join(" | "));
    };
    let (name, email) = split(&command.person)?;
    let reason = Reason::parse(&command.reason)?;
    let console = Actor::System(SystemReason::Console);
    let op = cerebro.instance().operation(console, organisation.id, organisation.policy.locale);
    let permit = op.permit(action::BreakGlass, organisation.id).await?;
    let breaking = Breaking { name, email, hours: command.hours, reason };
    let opened = open::open(&cerebro, &op, permit, breaking).await?;
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
