//! Opens the listeners and starts everything that runs.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use gateway::Service;
use gateway::relay::RelayConfig;
use operations::Cerebro;
use operations::evidence::seal::Sealer;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use vocabulary::{SystemClock, SystemEntropy};

use super::loops::run_loops;
use super::mail_side::{Inside, Outside};
use super::relay::Leaving;
use super::smtp::Listening;
use super::{Opened, Part, Parts, Places};
use super::{breached, certificate};

/// Who connects to us, and whom we connect to.
pub(crate) struct Neighbours {
    pub(crate) smtp: Listening,
    pub(crate) relay: Leaving,
    pub(crate) console: SocketAddr,
    pub(crate) certificate: PathBuf,
    pub(crate) private_key: PathBuf,
    pub(crate) proxies: console::Proxies,
    /// The operator's list of breached passwords, where there is one.
    pub(crate) breached: Option<PathBuf>,
}

/// What runs, and where it listens; a part that another process runs, where it is configured to listen.
pub(crate) struct Running {
    pub(crate) smtp: SocketAddr,
    pub(crate) console: SocketAddr,
    tasks: JoinSet<()>,
}

impl Running {
    /// Until everything has ended.
    ///
    /// # Errors
    /// A part ended by a mistake of ours. The others end with it: what is durable is taken up again by a process that starts,
    /// while one that went on without its assessor or its sealer would look well and not be.
    pub(crate) async fn wait(mut self) -> anyhow::Result<()> {
        while let Some(ended) = self.tasks.join_next().await {
            ended.context("a part of CEREBRO ended by a mistake of ours; start it again")?;
        }
        Ok(())
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
    let Neighbours { smtp: Listening { settings, doors, hostname }, .. } = &neighbours;
    let smtp = doors.first().map_or(neighbours.console, |(place, _)| *place);
    let mut running = Running { smtp, console: neighbours.console, tasks: JoinSet::new() };
    let (trigger, shutdown) = gateway::shutdown();
    if parts.runs(Part::Relay) {
        for organisation in operations::outgoing::restored::stopped(&cerebro).await? {
            tracing::warn!(
                event = "relay.restored",
                %organisation,
                "nothing leaves: the database was brought back from a backup; look at the page of what waits to leave, then resume"
            );
        }
        cerebro.name_host(hostname);
        let relay = relay(&neighbours);
        let outside = Outside { cerebro: cerebro.clone(), hostname: hostname.clone() };
        running.tasks.spawn(gateway::relay::run(Arc::new(outside), relay, shutdown.clone()));
    }
    if parts.runs(Part::Console) {
        let hangup = certificate::hangups().context("SIGHUP cannot be heard")?;
        let socket = bind(neighbours.console, "the console").await?;
        running.console = socket.local_addr()?;
        let certificates = console::Certificates::load(&neighbours.certificate, &neighbours.private_key)?;
        let app = console::app(cerebro.clone(), opened.hasher.clone())?;
        running.tasks.spawn(certificate::watch(
            certificates.clone(),
            neighbours.certificate.clone(),
            neighbours.private_key.clone(),
            hangup,
            stop.clone(),
        ));
        if let Some(list) = neighbours.breached.clone() {
            running.tasks.spawn(breached::watch(cerebro.clone(), list, stop.clone()));
        }
        let proxies = neighbours.proxies.clone();
        running.tasks.spawn(console::serve(socket, certificates, proxies, app, stop.clone()));
    }
    if parts.runs(Part::Gateway) {
        let service = Service::new(settings.clone(), Arc::new(Inside { cerebro: cerebro.clone() }));
        for (nth, (place, door)) in doors.iter().enumerate() {
            let socket = bind(*place, "SMTP").await?;
            if nth == 0 {
                running.smtp = socket.local_addr()?;
            }
            let (service, shutdown) = (Arc::clone(&service), shutdown.clone());
            running.tasks.spawn(gateway::listen(socket, door.clone(), service, shutdown));
        }
    }
    run_loops(&cerebro, Sealer::new(&places.locks), parts, &mut running.tasks, &stop);
    let mut stop = stop;
    running.tasks.spawn(async move {
        let _ = stop.wait_for(|stop| *stop).await;
        trigger.pull();
    });
    Ok(running)
}

fn relay(neighbours: &Neighbours) -> RelayConfig {
    let Leaving { routes, resolver, policies } = &neighbours.relay;
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
    let config = RelayConfig::new(&neighbours.smtp.hostname, routes.clone(), clock, entropy);
    RelayConfig { resolver: resolver.clone(), policies: policies.clone(), ..config }
}

async fn bind(address: SocketAddr, what: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{what} cannot listen on {address}"))
}
