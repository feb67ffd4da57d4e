//! From a destination to an open connection: its hosts in order, until one is what the route asks.

use std::collections::VecDeque;

use tokio::time::{Instant, timeout};
use vocabulary::bounds::RELAY_REACH_MAX;

use super::connection::{Connection, Stop};
use super::demand::Asked;
use super::destination::Destination;
use super::mx;
use super::sts::Policy;
use super::transaction::Verdict;
use super::{Diagnostic, Host, NextHop, RelayConfig, Route};

/// The hosts of a destination still to be tried in one attempt.
pub(super) struct Hops<'a> {
    config: &'a RelayConfig,
    route: &'a Route,
    destination: &'a Destination,
    waiting: VecDeque<Host>,
    /// DNSSEC, or the configuration, vouches for their names.
    secure: bool,
    /// Addresses are looked up by us, not by the machine.
    looked_up: bool,
    /// What the domain asks for by MTA-STS.
    sts: Option<Policy>,
    started: Instant,
    /// Why the last one would not do.
    why: Diagnostic,
    /// No host so far has an address at all, and their DNS is sure of it.
    none_exists: bool,
    /// A host was reached, whatever came of it: the destination is not down.
    reached: bool,
}

impl<'a> Hops<'a> {
    /// Looks up who takes the destination's mail.
    pub(super) async fn find(
        config: &'a RelayConfig,
        route: &'a Route,
        destination: &'a Destination,
    ) -> Result<Self, Verdict> {
        let domain = destination.key.domain.as_deref();
        let (mut hosts, secure, looked_up) = match &route.next {
            // What the configuration says needs no DNSSEC to be true.
            NextHop::Hosts(hosts) => (hosts.clone(), true, route.tls.dane),
            NextHop::Mx { port } => {
                let found = mx::exchangers(config, domain.unwrap_or_default()).await;
                let found = found.inspect_err(|verdict| {
                    if let Verdict::Later(why) = verdict {
                        destination.is_down(why);
                    }
                })?;
                let hosts = found.names.into_iter().map(|name| Host { name, port: *port }).collect();
                (hosts, found.secure, true)
            }
        };
        destination.order(&mut hosts);
        let sts = match (&config.policies, domain) {
            (Some(policies), Some(domain)) if route.tls.mta_sts => {
                policies.of(domain, config, &route.tls).await
            }
            _ => None,
        };
        Ok(Self {
            config,
            route,
            destination,
            waiting: hosts.into(),
            secure,
            looked_up,
            sts,
            started: Instant::now(),
            why: Diagnostic::ours(451, "4.4.4", "the route names no host"),
            none_exists: looked_up && domain.is_some(),
            reached: false,
        })
    }

    /// A connection to the next host that can be reached.
    pub(super) async fn next(&mut self) -> Result<Connection, Verdict> {
        while let Some(host) = self.waiting.pop_front() {
            if self.started.elapsed() >= RELAY_REACH_MAX {
                break;
            }
            match self.open(&host).await {
                Ok(connection) => {
                    (self.none_exists, self.reached) = (false, true);
                    self.destination.reached(&host);
                    return Ok(connection);
                }
                Err(why) => {
                    tracing::warn!(route = %self.route.name, host = %host, code = why.code, status = %why.status,
                        "next hop not usable");
                    self.destination.not_reached(&host);
                    self.why = why;
                }
            }
        }
        if self.none_exists {
            return Err(Verdict::Never(Diagnostic::ours(
                550,
                "5.4.4",
                "no mail exchanger of the domain has an address",
            )));
        }
        if !self.reached {
            self.destination.is_down(&self.why);
        }
        Err(Verdict::Later(self.why.clone()))
    }

    async fn open(&mut self, host: &Host) -> Result<Connection, Diagnostic> {
        let located = if self.looked_up {
            let found = mx::addresses(self.config, &host.name).await;
            self.none_exists &= matches!(&found, Ok(located) if located.ips.is_empty());
            Some(found?)
        } else {
            None
        };
        if located.as_ref().is_some_and(|located| located.ips.is_empty()) {
            return Err(Diagnostic::ours(451, "4.4.4", format!("{host} has no address")));
        }
        let policy = &self.route.tls;
        let asked = Asked {
            config: self.config,
            policy,
            host,
            located: located.as_ref(),
            secure: self.secure,
            domain: self.destination.key.domain.as_deref(),
            sts: self.sts.as_ref(),
        };
        let demand = asked.demand().await?;
        let stop = Stop {
            route: &self.route.name,
            host,
            addresses: located.map(|located| located.ips),
            demand,
            policy,
            hello: &self.config.hello,
            timeouts: &self.config.timeouts,
        };
        match timeout(self.config.timeouts.open, Connection::open(&stop)).await {
            Ok(opened) => opened,
            Err(_) => Err(Diagnostic::ours(451, "4.4.2", format!("{host} took too long to begin"))),
        }
    }

    /// A host answered over a connection that was open already: it is not asked again, and the destination is not down.
    pub(super) fn answered(&mut self, host: &str) {
        self.waiting.retain(|waiting| waiting.to_string() != host);
        (self.none_exists, self.reached) = (false, true);
    }

    /// The connection given last broke before anything was decided.
    pub(super) fn broke(&mut self, why: Diagnostic) {
        self.why = why;
    }
}
