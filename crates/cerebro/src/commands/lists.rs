//! `cerebro lists`: gives an organisation's lists to the engine, from files.

use std::path::PathBuf;
use std::sync::Arc;

use access::{SystemReason, action};
use anyhow::{Context, bail};
use clap::Args;
use compliance::ControlSet;
use operations::Cerebro;
use operations::lists::{self, Entries, ListName};
use vocabulary::OrganisationId;

use super::{runtime, say};
use crate::assembly::{self, Parts, Places};
use crate::config::Config;

/// Replace one of an organisation's lists by the entries of a file, one a line. On SQLite while the service is stopped; on
/// PostgreSQL the service takes a list at its next start.
#[derive(Debug, Args)]
pub(crate) struct Lists {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
    /// The organisation, by id or by the origin of its log; needed when there are several.
    #[arg(long)]
    organisation: Option<String>,
    /// own_identifiers, own_footers, group_domains, known_domains, correspondents, webmail, protected or restricted.
    list: String,
    /// The file. Lines that begin with # are left out; in own_footers an entry is a paragraph.
    file: PathBuf,
}

/// Reads the file, then replaces the list.
pub(crate) fn run(command: &Lists) -> anyhow::Result<()> {
    let words: Vec<&str> = ListName::ALL.iter().map(|list| list.word()).collect();
    let list = ListName::parse(&command.list)
        .with_context(|| format!("{:?} is not a list: there are {}", command.list, words.join(", ")))?;
    let text = std::fs::read_to_string(&command.file)
        .with_context(|| format!("{} cannot be read", command.file.display()))?;
    let entries = Entries::parse(list, &text).with_context(|| format!("{}", command.file.display()))?;
    let config = Config::load(&command.config)?;
    runtime()?.block_on(replace(command, &config, list, entries))
}

async fn replace(command: &Lists, config: &Config, list: ListName, entries: Entries) -> anyhow::Result<()> {
    let places = Places {
        data: config.storage.data.clone(),
        postgres: config.storage.postgres.clone(),
        keys: config.storage.keys.clone(),
        master_key: config.storage.master_key.clone(),
        locks: config.storage.locks.clone(),
    };
    let opened = assembly::open(&places, Parts::ALL).await?;
    let cerebro = Cerebro::open(
        opened.instance.clone(),
        Arc::new(ControlSet::shipped()),
        assembly::attachments(config.extract.weakened),
        config.console.url.clone(),
        places.logs(),
    )
    .await?;
    let organisation = choose(&cerebro, command.organisation.as_deref())?;
    let op = cerebro.system(SystemReason::Console, organisation);
    let permit = op.permit(action::ReplaceList, organisation).await?;
    let count = lists::replace(&cerebro, &op, permit, entries).await?;
    say(&format!("{list}: {count} entries"));
    Ok(())
}

fn choose(cerebro: &Cerebro, wanted: Option<&str>) -> anyhow::Result<OrganisationId> {
    let mut all = cerebro.organisations();
    all.retain(|known| wanted.is_none_or(|wanted| wanted == known.origin || wanted == known.id.to_string()));
    let origins: Vec<&str> = all.iter().map(|known| known.origin.as_str()).collect();
    match all.as_slice() {
        [only] => Ok(only.id),
        [] => bail!("no such organisation"),
        _ => bail!("several organisations stand here: choose with --organisation ({})", origins.join(", ")),
    }
}
