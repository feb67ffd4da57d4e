//! `cerebro serve`: everything in one process, or one part of it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use compliance::semantic::SecondReader;
use operations::breached::Imported;

use super::{runtime, say, start_logging};
use crate::assembly::{self, Leaving, Part, Parts, Places};
use crate::config::{Config, Console};

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
        check_files(&config)?;
        say(&format!("{}: understood; {} controls", path.display(), controls.controls().len()));
        meaning(&config).iter().for_each(|line| say(line));
        return Ok(());
    }
    start_logging(config.json_logs);
    runtime()?.block_on(serve(config, relay, (controls, second), Parts(only)))
}

/// Every file that a start would read, besides those read already.
fn check_files(config: &Config) -> anyhow::Result<()> {
    assembly::check_listening(&config.smtp)?;
    let Console { certificate, private_key, attestation, .. } = &config.console;
    console::Certificates::load(certificate, private_key).context("console.certificate")?;
    attestation.as_deref().map(assembly::attestation_roots).transpose()?;
    assembly::ocr(config.extract.tesseract.as_deref())?;
    Ok(())
}

/// What it comes to, a line a part.
fn meaning(config: &Config) -> Vec<String> {
    let (smtp, console) = (&config.smtp, &config.console);
    let data = config.storage.data.display();
    let database = if config.storage.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let tls = if smtp.certificate.is_some() { "STARTTLS" } else { "no TLS" };
    let implicit = smtp.listen_tls.map(|at| format!(", TLS from the start on {at}")).unwrap_or_default();
    let mut lines = vec![
        format!("storage    {database}, data in {data}"),
        format!("SMTP in    {} as {}, {tls}{implicit}", smtp.listen, smtp.hostname),
    ];
    lines.extend(smtp.clients.iter().map(|client| {
        let proofs = [
            (!client.networks.is_empty()).then_some("its address"),
            (!client.certificate_names.is_empty() || !client.certificate_sha256.is_empty())
                .then_some("a certificate"),
            client.login.is_some().then_some("a secret"),
            (!client.tenant_fields.is_empty()).then_some("its tenant's field"),
        ];
        let proofs: Vec<&str> = proofs.into_iter().flatten().collect();
        let speaks = client.organisations.join(", ");
        format!("  from     {}, known by {}; for {speaks}", client.name, proofs.join(" and "))
    }));
    lines.push("SMTP out   the first that names the domain:".into());
    lines.extend(config.relay.routes.iter().map(|route| {
        let to = if route.mx { "its mail exchangers".to_owned() } else { route.hosts.join(", then ") };
        let tls = format!("{:?}", route.tls).to_lowercase();
        format!("  to       {}: {} → {to}, TLS {tls}", route.name, route.domains.join(" "))
    }));
    lines.push(format!("console    {} on {}", console.url, console.listen));
    lines
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
