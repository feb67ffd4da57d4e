//! Opens the listeners and starts everything that runs.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use gateway::relay::{Host, RelayConfig, Route, TlsPolicy};
use gateway::session::Settings;
use gateway::{Clients, DeclaredClient, Limits, Service};
use operations::Cerebro;
use operations::evidence::seal::Sealer;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use vocabulary::{OrganisationId, SystemClock, SystemEntropy};

use super::loops::run_loops;
use super::mail_side::{Inside, Outside};
use super::{Opened, Part, Parts, Places};

/// Who connects to us, and whom we connect to.
pub(crate) struct Neighbours {
    pub(crate) smtp: SocketAddr,
    pub(crate) hostname: String,
    pub(crate) smtp_tls: Option<Arc<rustls::ServerConfig>>,
    pub(crate) clients: Vec<SmtpClient>,
    pub(crate) smarthosts: Vec<String>,
    pub(crate) relay_tls: TlsPolicy,
    pub(crate) console: SocketAddr,
    pub(crate) certificate: PathBuf,
    pub(crate) private_key: PathBuf,
}

/// A mail server that may hand messages over.
pub(crate) struct SmtpClient {
    pub(crate) name: String,
    pub(crate) networks: Vec<String>,
    pub(crate) organisations: Vec<OrganisationId>,
}

/// What runs, and where it listens; a part that another process runs, where it is configured to listen.
pub(crate) struct Running {
    pub(crate) smtp: SocketAddr,
    pub(crate) console: SocketAddr,
    tasks: JoinSet<()>,
}

impl Running {
    /// Until everything has ended.
    pub(crate) async fn wait(mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a part of CEREBRO ended by a mistake of ours");
            }
        }
    }
}

/// Starts the parts this process runs. Listeners are open when this returns.
pub(crate) async fn start(
    cerebro: Cerebro,
    opened: &Opened,
    places: &Places,
    neighbours: Neighbours,
    parts: Parts,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<Running> {
    let mut running = Running { smtp: neighbours.smtp, console: neighbours.console, tasks: JoinSet::new() };
    let (trigger, shutdown) = gateway::shutdown();
    if parts.runs(Part::Relay) {
        let relay = relay(&neighbours)?;
        let outside = Outside { cerebro: cerebro.clone() };
        running.tasks.spawn(gateway::relay::run(Arc::new(outside), relay, shutdown.clone()));
    }
    if parts.runs(Part::Console) {
        let socket = bind(neighbours.console, "the console").await?;
        running.console = socket.local_addr()?;
        let certificates = console::Certificates::load(&neighbours.certificate, &neighbours.private_key)?;
        let app = console::app(cerebro.clone(), opened.hasher.clone());
        running.tasks.spawn(console::serve(socket, certificates, app, stop.clone()));
    }
    if parts.runs(Part::Gateway) {
        let socket = bind(neighbours.smtp, "SMTP").await?;
        running.smtp = socket.local_addr()?;
        let (clients, limits) = (clients(neighbours.clients)?, Limits::default());
        let settings = Settings::new(&neighbours.hostname, clients, limits, neighbours.smtp_tls)?;
        let service = Service::new(settings, Arc::new(Inside { cerebro: cerebro.clone() }));
        running.tasks.spawn(gateway::listen(socket, false, service, shutdown));
    }
    run_loops(&cerebro, Sealer::new(&places.locks), parts, &mut running.tasks, &stop);
    let mut stop = stop;
    running.tasks.spawn(async move {
        let _ = stop.wait_for(|stop| *stop).await;
        trigger.pull();
    });
    Ok(running)
}

fn relay(neighbours: &Neighbours) -> anyhow::Result<RelayConfig> {
    let host =
        |host: &String| host.parse::<Host>().with_context(|| format!("smarthost {host:?}: write host:port"));
    let route = Route {
        name: "smarthost".into(),
        hosts: neighbours.smarthosts.iter().map(host).collect::<anyhow::Result<_>>()?,
        tls: neighbours.relay_tls.clone(),
    };
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
    Ok(RelayConfig::new(&neighbours.hostname, route, clock, entropy))
}

async fn bind(address: SocketAddr, what: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{what} cannot listen on {address}"))
}

fn clients(declared: Vec<SmtpClient>) -> anyhow::Result<Clients> {
    let mut clients = Vec::with_capacity(declared.len());
    for client in declared {
        let networks = client
            .networks
            .iter()
            .map(|text| text.parse().with_context(|| format!("client {:?}, network {text:?}", client.name)))
            .collect::<anyhow::Result<_>>()?;
        clients.push(DeclaredClient {
            name: client.name,
            organisations: client.organisations,
            networks,
            ..DeclaredClient::default()
        });
    }
    Ok(Clients::new(clients))
}
