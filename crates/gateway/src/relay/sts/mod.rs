//! MTA-STS (RFC 8461): what domains that cannot sign their DNS ask of whoever sends to them.
//!
//! A policy once fetched holds until its `max_age` has passed, whatever DNS says meanwhile: it is kept in a file, so that a
//! restart forgets nothing (§5.1: who can cut us off from DNS must not be able to make us forget).

mod fetch;
mod kept;
mod policy;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rustls::pki_types::ServerName;
use tokio::time::{Instant, timeout};
use vocabulary::bounds::{MTA_STS_FAILED_MAX, MTA_STS_FETCH_TIMEOUT, MTA_STS_RETRY};

use self::kept::{Kept, Shelf};
use super::tls::Rule;
use super::{RelayConfig, TlsPolicy, mx};
use crate::dns::{Kind, Record};

pub(crate) use policy::{Mode, Policy};

/// The policies of domains, and where they are kept.
#[derive(Debug)]
pub struct Policies {
    shelf: Shelf,
    /// Domains whose policy could not be fetched, since when.
    failed: Mutex<HashMap<String, Instant>>,
    /// Where policy hosts listen; 443 but in tests.
    port: u16,
}

impl Policies {
    /// Policies kept in `directory`, which is made when the first one comes.
    #[must_use]
    pub fn new(directory: &Path) -> Self {
        Self { shelf: Shelf::new(directory), failed: Mutex::default(), port: 443 }
    }

    /// The same, with policy hosts that listen elsewhere.
    #[cfg(test)]
    pub(super) fn on_port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// What `domain` asks for now; `None`: nothing.
    pub(super) async fn of(&self, domain: &str, config: &RelayConfig, tls: &TlsPolicy) -> Option<Policy> {
        let kept = self.shelf.find(domain, config.clock.now()).await;
        let announced = announced(domain, config).await;
        let found = match (kept, announced) {
            (kept, None) => kept,
            (Some(kept), Some(id)) if kept.id == id => Some(kept),
            (kept, Some(id)) => match self.fetched(domain, id, config, tls).await {
                Some(new) => Some(new),
                None => kept,
            },
        };
        found.map(|kept| kept.policy).filter(|policy| policy.mode != Mode::None)
    }

    /// Fetches the policy and keeps it. One that could not be fetched is not asked for again at once (§3.3).
    async fn fetched(&self, domain: &str, id: String, config: &RelayConfig, tls: &TlsPolicy) -> Option<Kept> {
        if self.failed().get(domain).is_some_and(|at| at.elapsed() < MTA_STS_RETRY) {
            return None;
        }
        let text = match timeout(MTA_STS_FETCH_TIMEOUT, self.text(domain, config, tls)).await {
            Ok(Ok(text)) => Ok(text),
            Ok(Err(why)) => Err(why),
            Err(_) => Err("the policy host took too long".to_owned()),
        };
        let read = text.and_then(|text| {
            let policy = Policy::parse(&text).map_err(|fault| fault.to_string())?;
            Ok((Kept { id, fetched: config.clock.now(), policy }, text))
        });
        match read {
            Ok((kept, text)) => {
                if let Err(error) = self.shelf.keep(domain, &kept, &text, config.clock.now()).await {
                    tracing::error!(domain, %error, "an MTA-STS policy could not be kept; it holds for this attempt");
                }
                self.failed().remove(domain);
                Some(kept)
            }
            Err(why) => {
                tracing::warn!(domain, why, "the MTA-STS policy of a domain could not be fetched");
                let mut failed = self.failed();
                failed.retain(|_, at| at.elapsed() < MTA_STS_RETRY);
                if failed.len() >= MTA_STS_FAILED_MAX
                    && let Some(oldest) =
                        failed.iter().min_by_key(|(_, at)| **at).map(|(name, _)| name.clone())
                {
                    failed.remove(&oldest);
                }
                failed.insert(domain.to_owned(), Instant::now());
                None
            }
        }
    }

    async fn text(&self, domain: &str, config: &RelayConfig, tls: &TlsPolicy) -> Result<String, String> {
        let host = format!("mta-sts.{domain}");
        let found = mx::addresses(config, &host).await.map_err(|why| why.to_string())?;
        let addresses: Vec<SocketAddr> =
            found.ips.into_iter().map(|address| SocketAddr::new(address, self.port)).collect();
        let roots = tls.roots.clone().ok_or("there are no roots to verify the policy host against")?;
        let name = ServerName::try_from(host.clone()).map_err(|error| error.to_string())?;
        let rule = Rule::Named { roots, names: vec![name] };
        let (client, _) = TlsPolicy::default().client(rule).map_err(|error| error.to_string())?;
        fetch::fetch(&host, &addresses, client).await.map_err(|error| error.to_string())
    }

    fn failed(&self) -> std::sync::MutexGuard<'_, HashMap<String, Instant>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id that DNS announces; `None`: none, or DNS does not say.
async fn announced(domain: &str, config: &RelayConfig) -> Option<String> {
    let resolver = config.resolver.as_ref()?;
    let answer = resolver.ask(&format!("_mta-sts.{domain}"), Kind::Txt).await.ok()?;
    policy::announced(answer.records.iter().filter_map(|record| match record {
        Record::Txt(text) => Some(text.as_slice()),
        _ => None,
    }))
}
