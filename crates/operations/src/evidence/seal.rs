//! Folds entries into each organisation's tree and signs a checkpoint over them. One sealer per instance.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use access::{Instance, OperationError, SystemReason, Tx};
use ledger::{Log, Signer};
use vocabulary::{OrganisationId, bounds};

use super::{backlog, restored, sql};
use crate::Cerebro;

/// Why sealing stopped. Changes go on until the backlog's bound, then they are refused.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// The log cannot be opened, or two memories of it disagree.
    #[error("the log of {organisation} cannot be sealed: {reason}")]
    Log {
        /// Whose log.
        organisation: OrganisationId,
        /// What the ledger says.
        reason: String,
    },
    /// The database or the keys did not answer.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<access::StoreError> for SealingError {
    fn from(error: access::StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// The one task that holds the signing keys.
#[derive(Debug)]
pub struct Sealer {
    logs: HashMap<OrganisationId, (Log, Signer)>,
    locks: PathBuf,
}

impl Sealer {
    /// A sealer that remembers what it signed under `locks`: another directory than the logs, best on another disk.
    #[must_use]
    pub fn new(locks: &Path) -> Self {
        Self { logs: HashMap::new(), locks: locks.to_owned() }
    }

    /// Seals everything that waits, in every log; how many entries it sealed.
    ///
    /// # Errors
    /// The first log that could not be sealed; the others were.
    pub async fn seal(&mut self, cerebro: &Cerebro) -> Result<u64, SealingError> {
        cerebro.instance().sequence().await?;
        let (mut sealed, mut backlog, mut failed) = (0, 0, None);
        for organisation in cerebro.organisations() {
            match self.seal_one(cerebro, organisation.id).await {
                Ok((done, left)) => {
                    sealed += done;
                    backlog += left;
                    self.say(cerebro, organisation.id, done).await?;
                }
                Err(error) => {
                    // The database still knows how far behind this log is: its entries count as waiting.
                    backlog += self.waiting(cerebro, organisation.id).await;
                    failed.get_or_insert(error);
                }
            }
        }
        cerebro.instance().set_backlog(backlog);
        failed.map_or(Ok(sealed), Err)
    }

    /// Tells the processes that do not seal, when something was sealed.
    async fn say(&self, cerebro: &Cerebro, id: OrganisationId, done: u64) -> Result<(), SealingError> {
        match self.logs.get(&id) {
            Some((log, _)) if done > 0 => Ok(backlog::say(cerebro, id, log.size()).await?),
            _ => Ok(()),
        }
    }

    async fn waiting(&self, cerebro: &Cerebro, id: OrganisationId) -> u64 {
        let op = cerebro.system(SystemReason::Sealer, id);
        let head = op
            .read(async |tx: &mut Tx<'_>| match tx.fetch_optional(sql::HEAD, vec![]).await? {
                Some(row) => row.get::<u64>(0),
                None => Ok(0),
            })
            .await;
        let size = self.logs.get(&id).map_or(0, |(log, _)| log.size());
        // A database that is behind its log takes no changes at all.
        head.map_or(0, |head| head.checked_sub(size).unwrap_or(bounds::SEALING_BACKLOG_MAX + 1))
    }

    async fn seal_one(&mut self, cerebro: &Cerebro, id: OrganisationId) -> Result<(u64, u64), SealingError> {
        let op = cerebro.system(SystemReason::Sealer, id);
        let log_error = |reason: String| SealingError::Log { organisation: id, reason };
        if !self.logs.contains_key(&id) {
            let log = Log::open(&cerebro.log_directory(id), &self.lock_directory(id))
                .map_err(|error| log_error(error.to_string()))?;
            let signer = load_signer(cerebro, id)?;
            self.logs.insert(id, (log, signer));
        }
        let mut total = 0;
        loop {
            let Some((log, signer)) = self.logs.get_mut(&id) else { return Ok((total, 0)) };
            let from = log.size();
            let leaves = op
                .read(async move |tx: &mut Tx<'_>| {
                    let rows = tx.fetch(sql::LEAVES_FROM, vec![from.into()]).await?;
                    rows.iter().map(|row| row.get::<Vec<u8>>(1)).collect::<Result<Vec<_>, _>>()
                })
                .await?;
            if leaves.is_empty() {
                // Entries numbered below what was signed would never be under a checkpoint.
                let held = restored::head(&op).await?;
                return if held < from { Err(behind(id, held, from)) } else { Ok((total, 0)) };
            }
            total += leaves.len() as u64;
            let now = op.now();
            // Tiles are written and synced on a thread of their own: the runtime's threads do not wait for a disk.
            let sealed = tokio::task::block_in_place(|| log.seal(&leaves, signer, now));
            if let Err(error) = sealed {
                // Whatever was written is written again from the same entries: open the log afresh next time.
                self.logs.remove(&id);
                return Err(log_error(error.to_string()));
            }
        }
    }

    fn lock_directory(&self, id: OrganisationId) -> PathBuf {
        self.locks.join(id.to_string())
    }
}

fn behind(organisation: OrganisationId, held: u64, signed: u64) -> SealingError {
    let reason = format!("rollback: {signed} entries were signed, the database holds {held}");
    SealingError::Log { organisation, reason }
}

fn secret_name(id: OrganisationId) -> String {
    format!("signing-{id}")
}

fn load_signer(cerebro: &Cerebro, id: OrganisationId) -> Result<Signer, SealingError> {
    let missing = |reason: &str| SealingError::Log { organisation: id, reason: reason.into() };
    let organisation = cerebro.organisation(id).ok_or_else(|| missing("it is not loaded"))?;
    let seed =
        cerebro.instance().secret(&secret_name(id))?.ok_or_else(|| missing("its signing key is gone"))?;
    Signer::from_seed(&organisation.origin, seed.expose()).map_err(|error| missing(&error.to_string()))
}

/// Makes an organisation's log: its signing key, its first checkpoint over nothing. Only bootstrap does this; a lost
/// volume can never silently become a new log.
///
/// # Errors
/// A log or a key stands there already, or the disk refused.
pub fn create_log(
    instance: &Instance,
    id: OrganisationId,
    origin: &str,
    logs: &Path,
    locks: &Path,
) -> Result<String, SealingError> {
    let log_error = |reason: String| SealingError::Log { organisation: id, reason };
    let seed = instance.create_secret(&secret_name(id))?;
    let signer = Signer::from_seed(origin, seed.expose()).map_err(|error| log_error(error.to_string()))?;
    Log::init(&logs.join(id.to_string()), &locks.join(id.to_string()), origin, &signer, instance.now())
        .map_err(|error| log_error(error.to_string()))?;
    Ok(signer.verifier().to_string())
}

/// The public key of an organisation's log, as C2SP writes it.
///
/// # Errors
/// The key cannot be read.
pub fn public_key(cerebro: &Cerebro, id: OrganisationId) -> Result<String, SealingError> {
    load_signer(cerebro, id).map(|signer| signer.verifier().to_string())
}
