//! Puts the parts together: opens an instance, then runs its listeners and its loops until told to stop.

mod attestation;
mod breached;
mod certificate;
mod loops;
mod mail_side;
mod models;
mod part;
mod relay;
mod smtp;
mod start;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::Instance;
use anyhow::{Context, bail};
use compliance::ControlSet;
use extract::{Ocr, Worker};
use identity::password::PasswordHasher;
use operations::evidence::restored;
use operations::{AttachmentReader, Cerebro, flows};
use store::blob::Blobs;
use store::{Location, Store};
use vault::{Keyring, MasterKey};
use vocabulary::{Clock, Entropy, SystemClock, SystemEntropy};

pub(crate) use attestation::roots as attestation_roots;
pub(crate) use loops::stop_signal;
pub(crate) use models::{example_files, say_models, second_reader, with_models};
pub(crate) use part::{Part, Parts};
pub(crate) use relay::{Leaving, leaving};
pub(crate) use smtp::{check_listening, listening};
pub(crate) use start::{Neighbours, Running, start};

/// Where an instance stands on disk.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// Database, blobs, logs of the ledger.
    pub(crate) data: PathBuf,
    /// PostgreSQL instead of SQLite.
    pub(crate) postgres: Option<String>,
    /// The key store.
    pub(crate) keys: PathBuf,
    /// The master key file.
    pub(crate) master_key: PathBuf,
    /// What the sealer remembers.
    pub(crate) locks: PathBuf,
}

impl Places {
    /// The directory of all logs.
    pub(crate) fn logs(&self) -> PathBuf {
        self.data.join("ledger")
    }
}

/// An opened instance and what belongs to the process that opened it.
pub(crate) struct Opened {
    pub(crate) instance: Instance,
    pub(crate) hasher: PasswordHasher,
    /// Held as long as the process lives: two processes never write one SQLite database.
    pub(crate) _lock: Option<File>,
}

const PEPPER: &str = "password-pepper";

/// Makes the directories, the master key and the key store of a new instance. Refuses to touch one that exists.
pub(crate) fn create(places: &Places) -> anyhow::Result<()> {
    for directory in [&places.data, &places.locks] {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
    }
    for file in [Some(places.keys.as_path()), places.master_key.parent()].into_iter().flatten() {
        std::fs::create_dir_all(file).with_context(|| format!("{} cannot be made", file.display()))?;
    }
    let master = MasterKey::create(&places.master_key, &SystemEntropy::default())?;
    Keyring::init(&places.keys, &master)?;
    Keyring::open(&places.keys, &master)?.create_secret(PEPPER, &SystemEntropy::default())?;
    Ok(())
}

/// Opens an instance that exists. A missing or different key refuses to start.
pub(crate) async fn open(places: &Places, parts: Parts) -> anyhow::Result<Opened> {
    let lock = lock(&places.data, parts)?;
    open_locked(places, Some(lock)).await
}

/// Opens an instance for one command. On PostgreSQL the service may be running; an SQLite database is written by one process.
pub(crate) async fn open_beside(places: &Places) -> anyhow::Result<Opened> {
    let lock = match &places.postgres {
        Some(_) => None,
        None => Some(lock(&places.data, Parts::ALL).context(
            "on SQLite the command runs while the service is stopped; while it runs, use its pages or its API",
        )?),
    };
    open_locked(places, lock).await
}

async fn open_locked(places: &Places, lock: Option<File>) -> anyhow::Result<Opened> {
    let master = MasterKey::load(&places.master_key)?;
    let keyring = Keyring::open(&places.keys, &master)?;
    let pepper =
        keyring.secret(PEPPER)?.context("the key store holds no password pepper: run `cerebro init`")?;
    let location = match &places.postgres {
        Some(url) => Location::Postgres(url.clone()),
        None => Location::Sqlite(places.data.join("cerebro.db")),
    };
    let store = Store::open(&location).await.context("the database cannot be opened")?;
    let blobs = Blobs::open(&places.data.join("blobs"))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::default());
    let instance = Instance::new(store, keyring, blobs, clock, entropy);
    Ok(Opened { instance, hasher: PasswordHasher::new(pepper), _lock: lock })
}

/// The service on an opened instance.
pub(crate) async fn assemble(
    opened: &Opened,
    places: &Places,
    controls: Arc<ControlSet>,
    attachments: AttachmentReader,
    console_url: String,
) -> anyhow::Result<Cerebro> {
    let cerebro =
        Cerebro::open(opened.instance.clone(), controls, attachments, console_url, places.logs()).await?;
    refuse_restored(&cerebro, &places.locks).await?;
    flows::outbox::Gone::default().free_leases(&cerebro).await?;
    Ok(cerebro)
}

/// A database that is older than what was signed serves nobody: it would open sessions that ended since, and number entries
/// that are numbered already.
async fn refuse_restored(cerebro: &Cerebro, locks: &Path) -> anyhow::Result<()> {
    let behind = restored::behind(cerebro, locks).await?;
    let Some(first) = behind.first() else { return Ok(()) };
    bail!(
        "the database is older than the ledger: of {} entries of {} that were signed it holds {}. If it was brought back \
         from a backup, `cerebro restored --config FILE` takes it over",
        first.signed,
        first.origin,
        first.held
    )
}

/// Nobody knows what was signed last: this is another machine than the one that signed, and the database may be an old one.
pub(crate) fn refuse_forgotten(cerebro: &Cerebro, locks: &Path) -> anyhow::Result<()> {
    let all = cerebro.organisations();
    let Some(first) = all.iter().find(|known| restored::is_forgotten(locks, known.id)) else { return Ok(()) };
    bail!(
        "what was signed last in {} is not remembered in {}. If this machine was brought up from a backup of another, \
         `cerebro restored --locks-are-gone --config FILE` takes it over",
        first.origin,
        locks.display()
    )
}

/// Attachments are read by our own program, started again and confined.
pub(crate) fn attachments(weakened: bool) -> AttachmentReader {
    // What runs now, even when an upgrade has replaced its file.
    let program = PathBuf::from("/proc/self/exe");
    let mut arguments = vec!["extract-worker".into()];
    arguments.extend(weakened.then(|| "--weakened".into()));
    AttachmentReader::confined(Worker { program, arguments })
}

/// Pictures are read by the machine's Tesseract, started by our own program behind walls of its own.
///
/// # Errors
/// It is configured and not there.
pub(crate) fn ocr(tesseract: Option<&Path>) -> anyhow::Result<Option<Ocr>> {
    let Some(tesseract) = tesseract else {
        tracing::info!("pictures are not read (extract.tesseract): they are told");
        return Ok(None);
    };
    if !tesseract.is_file() {
        bail!("extract.tesseract: there is no {}", tesseract.display());
    }
    let program = PathBuf::from("/proc/self/exe");
    Ok(Some(Ocr::new(Worker { program, arguments: vec!["ocr-worker".into(), tesseract.into()] })))
}

/// Says how attachments are read here.
///
/// # Errors
/// They cannot be: the kernel does not confine, and this is not declared.
pub(crate) async fn say_confinement(attachments: &AttachmentReader) -> anyhow::Result<()> {
    let confinement = attachments.check().await.context(
        "attachments cannot be read safely; a kernel without landlock or seccomp is accepted only when the \
         configuration declares it (extract.weakened)",
    )?;
    if confinement.missing.is_empty() {
        tracing::info!("attachments are read in a confined child process");
    } else {
        tracing::warn!(missing = ?confinement.missing, "attachments are read in a WEAKENED child process, as declared");
    }
    Ok(())
}

fn lock(data: &Path, parts: Parts) -> anyhow::Result<File> {
    let path = data.join(parts.lock_name());
    let file = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
    let taken = if parts.is_one_of_many() { file.try_lock_shared() } else { file.try_lock() };
    if taken.is_err() {
        bail!("another CEREBRO runs on {}", data.display());
    }
    Ok(file)
}
