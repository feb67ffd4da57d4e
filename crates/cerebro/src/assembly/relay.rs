//! SMTP out, from the configuration's words to the gateway's.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use gateway::dns::Resolver;
use gateway::relay::{NextHop, Policies, Route, Routes, TlsPolicy};
use vocabulary::SystemEntropy;
use vocabulary::bounds::RELAY_DESTINATION_CONNECTIONS;

use crate::config::{Relay, RelayRoute, RelayTls};
use crate::tls;

/// SMTP out, ready to start.
pub(crate) struct Leaving {
    pub(crate) routes: Routes,
    pub(crate) resolver: Option<Arc<Resolver>>,
    /// What domains ask for by MTA-STS, kept on disk.
    pub(crate) policies: Option<Arc<Policies>>,
}

impl Leaving {
    /// Everything to one neighbour in plain text, for the demo.
    pub(crate) fn to(host: &str) -> anyhow::Result<Self> {
        let host = host.parse().with_context(|| format!("relay {host:?}"))?;
        let route = Route::everything("demo", NextHop::Hosts(vec![host]), TlsPolicy::none());
        Ok(Self { routes: Routes::new(vec![route])?, resolver: None, policies: None })
    }
}

/// Reads certificates, and puts the routes in order. What is fetched is kept under `data`.
pub(crate) fn leaving(config: &Relay, data: &Path) -> anyhow::Result<Leaving> {
    let one =
        |route: &RelayRoute| self::route(route).with_context(|| format!("relay.route {:?}", route.name));
    let routes = config.routes.iter().map(one).collect::<anyhow::Result<_>>()?;
    let servers = config.resolvers.iter().map(|text| text.parse().context("relay.resolvers"));
    let servers: Vec<_> = servers.collect::<anyhow::Result<_>>()?;
    let resolver = (!servers.is_empty()).then(|| Resolver::new(servers, Arc::new(SystemEntropy::default())));
    let asks = config.routes.iter().any(|route| route.mta_sts);
    let policies = asks.then(|| Arc::new(Policies::new(&data.join("mta-sts"))));
    let routes = Routes::new(routes).context("relay.route")?;
    Ok(Leaving { routes, resolver: resolver.map(Arc::new), policies })
}

fn route(config: &RelayRoute) -> anyhow::Result<Route> {
    let next = if config.mx {
        NextHop::mx()
    } else {
        NextHop::Hosts(config.hosts.iter().map(|host| host.parse()).collect::<Result<_, _>>()?)
    };
    Ok(Route {
        name: config.name.clone(),
        domains: config.domains.iter().map(|domain| domain.parse()).collect::<Result<_, _>>()?,
        next,
        tls: policy(config)?,
        connections: config
            .connections
            .and_then(|most| usize::try_from(most.get()).ok())
            .unwrap_or(RELAY_DESTINATION_CONNECTIONS),
        per_minute: config.messages_per_minute,
    })
}

fn policy(config: &RelayRoute) -> anyhow::Result<TlsPolicy> {
    let policy = match (config.tls, &config.roots) {
        (RelayTls::None, _) => TlsPolicy::none(),
        (RelayTls::Opportunistic, _) => TlsPolicy::opportunistic(),
        (RelayTls::Required, _) => TlsPolicy::required(),
        (RelayTls::Verified, roots) => {
            TlsPolicy::verified(tls::roots(roots.as_deref().context("roots is missing")?)?, &config.names)?
        }
    };
    let policy = if config.dane { policy.with_dane() } else { policy };
    let policy = match &config.roots {
        Some(roots) if config.mta_sts => policy.with_mta_sts(tls::roots(roots)?)?,
        _ => policy,
    };
    Ok(match (&config.certificate, &config.private_key) {
        (Some(certificate), Some(key)) => policy.showing(tls::identity(certificate, key)?)?,
        _ => policy,
    })
}
