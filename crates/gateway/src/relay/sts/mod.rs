//! MTA-STS (RFC 8461): what domains that cannot sign their DNS ask of whoever sends to them.
//!
//! A policy once fetched holds until its `max_age` has passed, whatever DNS says meanwhile: it is kept in a file, so that a
//! restart forgets nothing (§5.1: who can cut us off from DNS must not be able to make us forget).

mod fetch;
mod policy;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustls::pki_types::ServerName;
use tokio::time::{Instant, timeout};
use vocabulary::Timestamp;
use vocabulary::bounds::{MTA_STS_FETCH_TIMEOUT, MTA_STS_RETRY};

use super::tls::Rule;
use super::{RelayConfig, TlsPolicy, mx};
use crate::dns::{Kind, Record};

pub(crate) use policy::{Mode, Policy};

/// The policies of domains, and where they are kept.
#[derive(Debug)]
pub struct Policies {
    directory: PathBuf,
    /// Domains whose policy could not be fetched, since when.
    failed: Mutex<HashMap<String, Instant>>,
    /// Where policy hosts listen; 443 but in tests.
    port: u16,
}

/// A policy as it was fetched.
struct Kept {
    id: String,
    fetched: Timestamp,
    policy: Policy,
}

/// First line of a kept policy.
const FORMAT: &str = "cerebro-mta-sts 1";

impl Policies {
    /// Policies kept in `directory`, which is made when the first one comes.
    #[must_use]
    pub fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), failed: Mutex::default(), port: 443 }
    }

    /// The same, with policy hosts that listen elsewhere.
    #[cfg(test)]
    pub(super) fn on_port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// What `domain` asks for now; `None`: nothing.
    pub(super) async fn of(&self, domain: &str, config: &RelayConfig, tls: &TlsPolicy) -> Option<Policy> {
        let kept = self.kept(domain, config.clock.now()).await;
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
                if let Err(error) = self.keep(domain, &kept, &text).await {
                    tracing::error!(domain, %error, "an MTA-STS policy could not be kept; it holds for this attempt");
                }
                self.failed().remove(domain);
                Some(kept)
            }
            Err(why) => {
                tracing::warn!(domain, why, "the MTA-STS policy of a domain could not be fetched");
                let mut failed = self.failed();
                failed.retain(|_, at| at.elapsed() < MTA_STS_RETRY);
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

    /// The kept policy of a domain, while it holds.
    async fn kept(&self, domain: &str, now: Timestamp) -> Option<Kept> {
        let text = tokio::fs::read_to_string(self.place(domain)?).await.ok()?;
        let (head, policy) = text.split_once("\n\n")?;
        let mut lines = head.lines();
        if lines.next() != Some(FORMAT) {
            return None;
        }
        let id = lines.next()?.strip_prefix("id: ")?.to_owned();
        let fetched = Timestamp::parse(lines.next()?.strip_prefix("fetched: ")?).ok()?;
        let policy = Policy::parse(policy).ok()?;
        (now.since(fetched) < policy.max_age).then_some(Kept { id, fetched, policy })
    }

    /// Writes the file beside its place, makes it durable, and moves it there: a crash leaves the old one or the new one.
    async fn keep(&self, domain: &str, kept: &Kept, text: &str) -> io::Result<()> {
        let Some(place) = self.place(domain) else { return Ok(()) };
        let content = format!("{FORMAT}\nid: {}\nfetched: {}\n\n{text}", kept.id, kept.fetched);
        let directory = self.directory.clone();
        let write = move || {
            std::fs::create_dir_all(&directory)?;
            let new = place.with_extension("new");
            let mut file = std::fs::File::create(&new)?;
            io::Write::write_all(&mut file, content.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&new, &place)?;
            std::fs::File::open(&directory)?.sync_all()
        };
        tokio::task::spawn_blocking(write).await.map_err(io::Error::other)?
    }

    /// A domain is a file name here only if it is letters, digits, hyphens and dots.
    fn place(&self, domain: &str) -> Option<PathBuf> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        let fits =
            (1..=253).contains(&domain.len()) && domain.bytes().all(is_name) && !domain.starts_with('.');
        fits.then(|| self.directory.join(format!("{domain}.sts")))
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
