//! SMTP out: where mail goes, and what its connections must be. `docs/operating/relay.md` explains each key.

use std::num::NonZeroU32;
use std::path::PathBuf;

use anyhow::bail;
use gateway::relay::{DomainPattern, Host};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relay {
    /// DNS resolvers, `address:port`, asked in order; needed by routes that look something up (`mx`, `dane`).
    #[serde(default)]
    pub(crate) resolvers: Vec<String>,
    /// Where mail goes: the first route that names the recipient's domain.
    #[serde(rename = "route")]
    pub(crate) routes: Vec<RelayRoute>,
}

/// One of `hosts` and `mx` says who takes the mail.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelayRoute {
    /// How logs and evidence name it.
    pub(crate) name: String,
    /// `partner.example`, `*.partner.example` for everything below it, `*` for everything; the last route says `*`.
    pub(crate) domains: Vec<String>,
    /// `host:port`, tried in order.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    /// Delivers to the mail exchangers of the recipient's domain.
    #[serde(default)]
    pub(crate) mx: bool,
    /// none, opportunistic (when absent), required (encrypted, whoever answers) or verified (against `roots`).
    #[serde(default)]
    pub(crate) tls: RelayTls,
    /// Where DNSSEC names the next hop's certificate, that one and TLS; raises `tls` for those who publish it.
    #[serde(default)]
    pub(crate) dane: bool,
    /// Where the recipient's domain has an MTA-STS policy, what it says; raises `tls` for those who publish it. Goes with `mx`.
    #[serde(default)]
    pub(crate) mta_sts: bool,
    /// Authorities the next hop's certificate must lead to, PEM; goes with `verified` and with `mta_sts`.
    #[serde(default)]
    pub(crate) roots: Option<PathBuf>,
    /// Names of which the certificate must bear one; the name of the host when absent. `verified` with `mx` needs it.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    /// Our certificate with the chain, PEM, shown to next hops that ask for one.
    #[serde(default)]
    pub(crate) certificate: Option<PathBuf>,
    /// Its key, PEM; goes with `certificate`.
    #[serde(default)]
    pub(crate) private_key: Option<PathBuf>,
    /// Connections to one destination at once; 16 when absent.
    #[serde(default)]
    pub(crate) connections: Option<NonZeroU32>,
    /// Messages a minute to one destination, ten seconds' worth at once; no limit when absent.
    #[serde(default)]
    pub(crate) messages_per_minute: Option<NonZeroU32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RelayTls {
    None,
    #[default]
    Opportunistic,
    Required,
    Verified,
}

impl Relay {
    /// What the types cannot say. Errors name the route and the key.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for resolver in &self.resolvers {
            if resolver.parse::<std::net::SocketAddr>().is_err() {
                bail!("relay.resolvers {resolver:?}: write address:port, for example 127.0.0.1:53");
            }
        }
        if self.routes.is_empty() {
            bail!("relay.route is missing: nothing could leave");
        }
        self.routes.iter().try_for_each(|route| self.check_route(route))
    }

    fn check_route(&self, route: &RelayRoute) -> anyhow::Result<()> {
        let name = &route.name;
        if route.domains.is_empty() {
            bail!("relay.route {name:?}: domains is empty: no mail would take it");
        }
        for domain in &route.domains {
            if let Err(error) = domain.parse::<DomainPattern>() {
                bail!("relay.route {name:?}: domains {domain:?}: {error}");
            }
        }
        for host in &route.hosts {
            if let Err(error) = host.parse::<Host>() {
                bail!("relay.route {name:?}: hosts {host:?}: {error}");
            }
        }
        if route.hosts.is_empty() != route.mx {
            bail!("relay.route {name:?}: give hosts, or mx = true, and not both");
        }
        if route.mx && self.resolvers.is_empty() {
            bail!("relay.route {name:?}: mx needs relay.resolvers");
        }
        self.check_raised(route)?;
        let verified = route.tls == RelayTls::Verified;
        if verified && route.roots.is_none() {
            bail!("relay.route {name:?}: roots is missing: tls = \"verified\" has nothing to verify against");
        }
        if !verified && !route.names.is_empty() {
            bail!("relay.route {name:?}: names go with tls = \"verified\"");
        }
        if !verified && !route.mta_sts && route.roots.is_some() {
            bail!("relay.route {name:?}: roots go with tls = \"verified\" or mta_sts");
        }
        if verified && route.mx && route.names.is_empty() {
            bail!(
                "relay.route {name:?}: names is missing: who can forge the DNS of a domain also names its mail exchangers"
            );
        }
        if route.certificate.is_some() != route.private_key.is_some() {
            bail!("relay.route {name:?}: certificate and private_key go together");
        }
        if route.certificate.is_some() && route.tls == RelayTls::None {
            bail!("relay.route {name:?}: a certificate is shown under TLS, and tls is none");
        }
        Ok(())
    }

    /// What domains publish can only raise a floor that stands.
    fn check_raised(&self, route: &RelayRoute) -> anyhow::Result<()> {
        let name = &route.name;
        let raised = route.dane || route.mta_sts;
        if raised && !matches!(route.tls, RelayTls::Opportunistic | RelayTls::Required) {
            bail!("relay.route {name:?}: dane and mta_sts go with tls = \"opportunistic\" or \"required\"");
        }
        let local =
            |text: &String| text.parse::<std::net::SocketAddr>().is_ok_and(|at| at.ip().is_loopback());
        if route.dane && (self.resolvers.is_empty() || !self.resolvers.iter().all(local)) {
            bail!(
                "relay.route {name:?}: dane needs relay.resolvers, all of them on this machine: on the way from elsewhere \
                 anybody could say that DNSSEC vouches"
            );
        }
        if route.mta_sts && !route.mx {
            bail!("relay.route {name:?}: mta_sts goes with mx: it is about the exchangers of a domain");
        }
        if route.mta_sts && route.roots.is_none() {
            bail!(
                "relay.route {name:?}: roots is missing: mta_sts has nothing to verify policy hosts against"
            );
        }
        Ok(())
    }

    /// Every place the section names.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.routes
            .iter_mut()
            .flat_map(|route| [&mut route.roots, &mut route.certificate, &mut route.private_key])
            .filter_map(Option::as_mut)
    }
}
