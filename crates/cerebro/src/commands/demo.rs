//! `cerebro demo`: two fictional institutions, a person for each mission, a sink for the outside world, a day of
//! invented mail through the real SMTP port.

pub(crate) mod code;
mod day;
mod morning;
mod people;
mod traffic;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;

use super::{runtime, say, start_logging};
use crate::assembly::{self, Leaving, Neighbours, Parts, Places};
use crate::config::{Smtp, SmtpClient};
use crate::tls;

/// A running system with two fictional institutions and a day of invented mail.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Print one JSON line when ready, and nothing else on standard output.
    #[arg(long)]
    json: bool,
    /// Where it stands; a temporary directory when absent. Must be empty, absent, or a demo's own.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Where mail servers connect.
    #[arg(long, default_value = "127.0.0.1:2525")]
    smtp: SocketAddr,
    /// Where browsers connect.
    #[arg(long, default_value = "127.0.0.1:8443")]
    console: SocketAddr,
    /// Where the outside world listens.
    #[arg(long, default_value = "127.0.0.1:2526")]
    sink: SocketAddr,
    /// Hand outgoing mail to this server instead of the built-in sink.
    #[arg(long)]
    relay: Option<String>,
    /// Send no mail.
    #[arg(long)]
    no_traffic: bool,
    /// Use this PostgreSQL database instead of SQLite.
    #[arg(long)]
    postgres: Option<String>,
    /// A service for each mission, its token in the JSON line: for whoever tries the API on.
    #[arg(long, hide = true)]
    services: bool,
}

/// What says that a directory is a demo's own.
const MARK: &str = "this-is-a-cerebro-demo";

/// Runs until told to stop.
pub(crate) fn run(command: Demo) -> anyhow::Result<()> {
    for address in [command.smtp, command.console, command.sink] {
        if !address.ip().is_loopback() {
            bail!("{address}: the demo listens on loopback only, its passwords are known to everybody");
        }
    }
    start_logging(false);
    runtime()?.block_on(demo(command))
}

async fn demo(command: Demo) -> anyhow::Result<()> {
    let directory = prepare(command.dir.as_deref())?;
    let places = Places {
        data: directory.join("data"),
        postgres: command.postgres.clone(),
        keys: directory.join("keys"),
        master_key: directory.join("master.key"),
        locks: directory.join("locks"),
    };
    let fresh = !places.master_key.exists();
    if fresh {
        assembly::create(&places)?;
    }
    let opened = assembly::open(&places, Parts::ALL).await?;
    let cast = if fresh {
        people::begin(&opened, &places, &directory, command.services).await?
    } else {
        people::again(&directory)?
    };
    let (certificate, key) = (directory.join("tls.pem"), directory.join("tls.key"));
    if fresh {
        tls::self_signed(&certificate, &key)?;
    }
    let controls = super::assess::controls(None)?;
    let url = url(command.console);
    let attachments = assembly::attachments(false);
    if let Err(error) = assembly::say_confinement(&attachments).await {
        // The demo goes on: each attachment is then held, with this as its reason.
        tracing::warn!("{error:#}");
    }
    let cerebro = assembly::assemble(&opened, &places, controls, attachments, url).await?;
    let kept = directory.join("sink");
    let (sink_address, sink) =
        gateway::sink::Sink::start(command.sink, Some(&kept)).await.context("the sink")?;
    let smtp = Smtp {
        listen: command.smtp,
        listen_tls: None,
        hostname: "cerebro.localhost".into(),
        certificate: Some(certificate.clone()),
        private_key: Some(key.clone()),
        client_authorities: None,
        proxies: Vec::new(),
        clients: vec![SmtpClient {
            name: "demo".into(),
            networks: vec!["127.0.0.0/8".into(), "::1/128".into()],
            organisations: cerebro.organisations().iter().map(|known| known.origin.clone()).collect(),
            ..SmtpClient::default()
        }],
    };
    let neighbours = Neighbours {
        smtp: assembly::listening(&smtp, &cerebro)?,
        relay: Leaving::to(command.relay.as_deref().unwrap_or(&sink_address.to_string()))?,
        console: command.console,
        certificate: certificate.clone(),
        private_key: key.clone(),
        proxies: console::Proxies::default(),
        breached: None,
    };
    let stop = assembly::stop_signal();
    let running = assembly::start(cerebro.clone(), &opened, &places, neighbours, Parts::ALL, stop).await?;
    if !command.no_traffic && fresh {
        traffic::send(running.smtp).await.context("the day's mail could not be sent")?;
        morning::play(&cerebro, &opened, &cast).await.context("the morning's decisions could not be made")?;
    }
    if command.json {
        say(&ready(&running, sink_address, &cast, &directory).to_string());
    } else {
        say(&cast.welcome(&running, sink_address, &directory));
    }
    running.wait().await?;
    sink.stop().await;
    Ok(())
}

/// What people call the console: a name, because browsers allow no security keys at an address.
fn url(console: SocketAddr) -> String {
    if console.ip().is_loopback() {
        format!("https://localhost:{}", console.port())
    } else {
        format!("https://{console}")
    }
}

fn ready(
    running: &assembly::Running,
    sink: SocketAddr,
    cast: &people::Cast,
    directory: &Path,
) -> serde_json::Value {
    json!({
        "smtp": running.smtp.to_string(),
        "console": running.console.to_string(),
        "console_url": url(running.console),
        "sink": sink.to_string(),
        "sink_directory": directory.join("sink"),
        "directory": directory,
        "organisations": cast.organisations,
        "senders": cast.senders,
        "people": cast.people,
        "token": cast.token,
        "tokens": cast.tokens,
        "ledger_public_keys": cast.ledger_public_keys,
    })
}

/// The demo's own directory. Anything else that is not empty is refused: nothing of anybody's is touched.
fn prepare(wanted: Option<&Path>) -> anyhow::Result<PathBuf> {
    let directory = match wanted {
        Some(path) => path.to_owned(),
        None => std::env::temp_dir().join(format!("cerebro-demo-{}", std::process::id())),
    };
    std::fs::create_dir_all(&directory).with_context(|| format!("{} cannot be made", directory.display()))?;
    let mark = directory.join(MARK);
    if !mark.exists() {
        if std::fs::read_dir(&directory)?.next().is_some() {
            bail!("{} is not empty and not a demo's: choose another directory", directory.display());
        }
        std::fs::write(&mark, "Made by `cerebro demo`. Remove this directory to forget the demo.\n")?;
    }
    Ok(std::fs::canonicalize(directory)?)
}
