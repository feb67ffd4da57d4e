//! `cerebro serve`: everything in one process, or one part of it.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use compliance::semantic::SecondReader;
use operations::breached::Imported;

use super::{runtime, say, start_logging};
use crate::assembly::{self, Leaving, Part, Parts, Places};
use crate::config::Config;

/// Serves until told to stop.
pub(crate) fn run(path: &Path, check: bool, only: Option<Part>) -> anyhow::Result<()> {
    let config = Config::load(path)?;
    if let (Some(part), None) = (only, &config.storage.postgres) {
        bail!("--only {part} needs storage.postgres: an SQLite database is written by one process");
    }
    let controls = super::assess::controls(config.controls.as_deref())?;
    let controls = assembly::with_models(controls, config.semantic.encoder.as_deref(), None)?;
    let second = assembly::second_reader(config.semantic.second.as_deref())?;
    let relay = assembly::leaving(&config.relay, &config.storage.data)?;
    if check {
        say(&format!("{}: understood; {} controls", path.display(), controls.controls().len()));
        return Ok(());
    }
    start_logging(config.json_logs);
    runtime()?.block_on(serve(config, relay, (controls, second), Parts(only)))
}

async fn serve(
    config: Config,
    relay: Leaving,
    (controls, second): (Arc<compliance::ControlSet>, Option<SecondReader>),
    parts: Parts,
) -> anyhow::Result<()> {
    let places = Places {
        data: config.storage.data.clone(),
        postgres: config.storage.postgres.clone(),
        keys: config.storage.keys.clone(),
        master_key: config.storage.master_key.clone(),
        locks: config.storage.locks.clone(),
    };
    assembly::say_models(&controls);
    let ocr = assembly::ocr(config.extract.tesseract.as_deref())?;
    let attachments = assembly::attachments(config.extract.weakened).with_ocr(ocr);
    assembly::say_confinement(&attachments).await?;
    let opened = assembly::open(&places, parts).await?;
    let cerebro =
        assembly::assemble(&opened, &places, controls, attachments, config.console.url.clone()).await?;
    if let Some(reader) = second {
        tracing::info!(model = reader.digest(), "the second encoder reads messages that wait");
        cerebro.read_held_with(reader);
    }
    if parts.runs(Part::Sealer) {
        assembly::refuse_forgotten(&cerebro, &places.locks)?;
    }
    if let Some(directory) = &config.console.attestation {
        cerebro.trust_attestations(assembly::attestation_roots(directory)?);
    }
    if let Some(list) = &config.storage.breached {
        cerebro.set_breached(Imported::open(&opened.instance, list));
    }
    let neighbours = assembly::Neighbours {
        smtp: assembly::listening(&config.smtp, &cerebro)?,
        relay,
        console: config.console.listen,
        certificate: config.console.certificate.clone(),
        private_key: config.console.private_key.clone(),
        proxies: console::Proxies::new(config.console.trusted_proxies.clone()),
        breached: config.storage.breached.clone(),
    };
    let stop = assembly::stop_signal();
    let running = assembly::start(cerebro, &opened, &places, neighbours, parts, stop).await?;
    tracing::info!(smtp = %running.smtp, console = %running.console, part = parts.0.map(display), "CEREBRO serves");
    running.wait().await?;
    Ok(())
}
