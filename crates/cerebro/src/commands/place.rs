//! Which organisation of which instance a command is about, and how it is opened beside the service.

use std::path::PathBuf;

use access::{Operation, SystemReason};
use anyhow::bail;
use clap::Args;
use operations::Cerebro;
use vocabulary::OrganisationId;

use crate::assembly::{self, Opened, Places};
use crate::config::Config;

/// Which organisation of which instance.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The configuration file.
    #[arg(long)]
    pub(crate) config: PathBuf,
    /// The organisation, by id or by the origin of its log; needed when there are several.
    #[arg(long)]
    organisation: Option<String>,
}

/// The instance, opened for a command, and the operation of whoever sits at the machine.
pub(crate) async fn open(place: &Place, config: &Config) -> anyhow::Result<(Opened, Cerebro, Operation)> {
    let (opened, cerebro) = open_all(config).await?;
    let organisation = choose(&cerebro, place.organisation.as_deref())?;
    let op = cerebro.system(SystemReason::Console, organisation);
    Ok((opened, cerebro, op))
}

/// The instance with all its organisations, opened for a command.
pub(crate) async fn open_all(config: &Config) -> anyhow::Result<(Opened, Cerebro)> {
    let places = Places {
        data: config.storage.data.clone(),
        postgres: config.storage.postgres.clone(),
        keys: config.storage.keys.clone(),
        master_key: config.storage.master_key.clone(),
        locks: config.storage.locks.clone(),
    };
    let opened = assembly::open_beside(&places).await?;
    // What models say counts in a rehearsal and in a count of scores as it does in the service.
    let controls = super::assess::controls(config.controls.as_deref())?;
    let controls = assembly::with_models(controls, config.semantic.encoder.as_deref(), None)?;
    let cerebro = Cerebro::open(
        opened.instance.clone(),
        controls,
        assembly::attachments(config.extract.weakened),
        config.console.url.clone(),
        places.logs(),
    )
    .await?;
    Ok((opened, cerebro))
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
