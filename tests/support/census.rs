//! Everything an instance holds, read through its own crates while its program is down.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::{Instance, Row, StoreError, Tx, statements};
use ledger::{Entry, Log, Verifier, tile};
use store::blob::Blobs;
use store::{Location, Store};
use vault::{Keyring, MasterKey};
use vocabulary::{
    AssessmentId, BlobId, DeliveryId, FlowId, OperationId, OrganisationId, OutboxId, PlatformReason,
    SystemClock, SystemEntropy,
};

mod sql {
    super::statements! {
        Platform FLOWS = "SELECT organisation, id, body, body_blob FROM flow ORDER BY received_at";
        Platform DELIVERIES = "SELECT flow, id, state, outbox FROM delivery WHERE flow IS NOT NULL ORDER BY flow, position";
        Platform HOLDS = "SELECT flow, state FROM hold \
             UNION ALL SELECT companion.flow, hold.state FROM companion \
             JOIN hold ON hold.organisation = companion.organisation AND hold.id = companion.hold";
        Platform LEASES = "SELECT outbox, state FROM outbox_lease";
        Platform ASSESSMENTS = "SELECT organisation, flow, id, sealed FROM assessment";
        Platform ORGANISATIONS = "SELECT id FROM organisation ORDER BY id";
        Platform ENTRIES = "SELECT organisation, operation, leaf, detail FROM ledger_entry ORDER BY organisation, idx";
        Platform WAITING_ENTRIES = "SELECT organisation, operation, leaf, detail FROM evidence_outbox ORDER BY id";
    }
}

/// Where the parts of a demo stand.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) data: PathBuf,
    pub(crate) keys: PathBuf,
    pub(crate) master_key: PathBuf,
    pub(crate) locks: PathBuf,
    pub(crate) postgres: Option<String>,
}

impl Places {
    pub(crate) fn of_demo(directory: &Path, postgres: Option<String>) -> Self {
        Self {
            data: directory.join("data"),
            keys: directory.join("keys"),
            master_key: directory.join("master.key"),
            locks: directory.join("locks"),
            postgres,
        }
    }
}

/// One flow with what belongs to it.
#[derive(Debug)]
pub(crate) struct FlowHeld {
    pub(crate) organisation: OrganisationId,
    pub(crate) body: (Option<Vec<u8>>, Option<BlobId>),
    /// Id, state and outbox row of each.
    pub(crate) deliveries: Vec<(DeliveryId, String, Option<OutboxId>)>,
    /// The state of its hold, or of the hold it is decided with.
    pub(crate) hold: Option<String>,
    pub(crate) assessments: Vec<(AssessmentId, Vec<u8>)>,
}

/// One entry, as the database has it.
#[derive(Debug)]
pub(crate) struct EntryHeld {
    pub(crate) operation: OperationId,
    pub(crate) leaf: Vec<u8>,
    pub(crate) detail: Vec<u8>,
}

/// What was found.
pub(crate) struct Census {
    pub(crate) instance: Instance,
    places: Places,
    pub(crate) flows: HashMap<FlowId, FlowHeld>,
    /// State of each outbox row.
    pub(crate) leases: HashMap<OutboxId, String>,
    /// The entries of each log, numbered ones in their order, then those that wait for their number.
    pub(crate) entries: HashMap<OrganisationId, Vec<EntryHeld>>,
}

type Error = Box<dyn std::error::Error>;

impl Census {
    /// Opens the instance as the program does, and reads it.
    pub(crate) async fn take(places: &Places) -> Result<Self, Error> {
        let master = MasterKey::load(&places.master_key)?;
        let keyring = Keyring::open(&places.keys, &master)?;
        let location = match &places.postgres {
            Some(url) => Location::Postgres(url.clone()),
            None => Location::Sqlite(places.data.join("cerebro.db")),
        };
        let store = Store::open(&location).await?;
        let blobs = Blobs::open(&places.data.join("blobs"))?;
        let instance =
            Instance::new(store, keyring, blobs, Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
        let mut census = Self {
            instance,
            places: places.clone(),
            flows: HashMap::new(),
            leases: HashMap::new(),
            entries: HashMap::new(),
        };
        census.read().await?;
        Ok(census)
    }

    async fn rows(&self, statement: &'static access::Statement) -> Result<Vec<Row>, StoreError> {
        self.instance
            .read_platform(PlatformReason::Bootstrap, async move |tx: &mut Tx<'_>| {
                tx.fetch(statement, vec![]).await
            })
            .await
    }

    async fn read(&mut self) -> Result<(), Error> {
        for row in self.rows(sql::FLOWS).await? {
            let flow = FlowHeld {
                organisation: row.parse(0)?,
                body: (row.get(2)?, row.parse_optional(3)?),
                deliveries: Vec::new(),
                hold: None,
                assessments: Vec::new(),
            };
            self.flows.insert(row.parse(1)?, flow);
        }
        for row in self.rows(sql::DELIVERIES).await? {
            let delivery = (row.parse(1)?, row.get(2)?, row.parse_optional(3)?);
            self.flow(&row, 0)?.deliveries.push(delivery);
        }
        for row in self.rows(sql::HOLDS).await? {
            let state = row.get(1)?;
            self.flow(&row, 0)?.hold = Some(state);
        }
        for row in self.rows(sql::ASSESSMENTS).await? {
            let assessment = (row.parse(2)?, row.get(3)?);
            self.flow(&row, 1)?.assessments.push(assessment);
        }
        for row in self.rows(sql::LEASES).await? {
            self.leases.insert(row.parse(0)?, row.get(1)?);
        }
        for row in self.rows(sql::ORGANISATIONS).await? {
            self.entries.insert(row.parse(0)?, Vec::new());
        }
        for statement in [sql::ENTRIES, sql::WAITING_ENTRIES] {
            for row in self.rows(statement).await? {
                let entry = EntryHeld { operation: row.parse(1)?, leaf: row.get(2)?, detail: row.get(3)? };
                self.entries.entry(row.parse(0)?).or_default().push(entry);
            }
        }
        Ok(())
    }

    fn flow(&mut self, row: &Row, column: usize) -> Result<&mut FlowHeld, Error> {
        let id: FlowId = row.parse(column)?;
        self.flows.get_mut(&id).ok_or_else(|| format!("a row belongs to {id}, which is not there").into())
    }

    /// A flow's message, opened.
    pub(crate) fn body(&self, id: FlowId) -> Result<Vec<u8>, Error> {
        let flow = self.flows.get(&id).ok_or_else(|| format!("{id} is not there"))?;
        let sealed = match &flow.body {
            (Some(sealed), _) => sealed.clone(),
            (None, Some(blob)) => self.instance.blobs().get(*blob)?,
            (None, None) => return Err(format!("{id} has no body").into()),
        };
        Ok(self.instance.open_sealed(flow.organisation, &format!("{id}/body"), &sealed)?)
    }

    /// What anybody can check without knowing what was sent: every entry's detail and every assessment opens and each
    /// log stands for the database's entries. Returns what is wrong.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (id, flow) in &self.flows {
            for (assessment, sealed) in &flow.assessments {
                let context = format!("{assessment}/assessment");
                if let Err(error) = self.instance.open_sealed(flow.organisation, &context, sealed) {
                    faults.push(format!("the assessment of {id} does not open: {error}"));
                }
            }
        }
        for (organisation, entries) in &self.entries {
            for (index, entry) in entries.iter().enumerate() {
                if let Err(error) = self.opens(*organisation, entry) {
                    faults.push(format!("entry {index} of {organisation}: {error}"));
                }
            }
            faults.extend(self.log_faults(*organisation, entries));
        }
        faults
    }

    fn opens(&self, organisation: OrganisationId, entry: &EntryHeld) -> Result<(), Error> {
        let context = format!("{}/evidence", entry.operation);
        let kept = self.instance.open_sealed(organisation, &context, &entry.detail)?;
        let (salt, detail) = kept.split_first_chunk::<32>().ok_or("its detail is too short")?;
        let leaf = Entry::from_bytes(&entry.leaf)?;
        if ledger::commitment(salt, detail) == leaf.commitment {
            Ok(())
        } else {
            Err("it commits to something else than its detail".into())
        }
    }

    /// The log opens, verifies, and holds nothing that the database does not hold in the same place.
    fn log_faults(&self, organisation: OrganisationId, entries: &[EntryHeld]) -> Vec<String> {
        let directory = self.log(organisation);
        let fault = |what: String| vec![format!("the log of {organisation}: {what}")];
        let log = match Log::open(&directory, &self.places.locks.join(organisation.to_string())) {
            Ok(log) => log,
            Err(error) => return fault(error.to_string()),
        };
        let key = std::fs::read_to_string(directory.join("vkey")).ok();
        let Some(key) = key.and_then(|key| Verifier::parse(&key).ok()) else {
            return fault("no key stands beside it".into());
        };
        let report = ledger::verify_directory(&directory, &[key], None);
        if !report.is_ok() {
            return fault(format!("{:?}", report.faults));
        }
        match signed_leaves(&directory, log.size()) {
            Err(what) => fault(what),
            Ok(leaves) if leaves.len() > entries.len() => {
                fault(format!("{} entries are signed, the database holds {}", leaves.len(), entries.len()))
            }
            Ok(leaves) => leaves
                .iter()
                .zip(entries)
                .position(|(signed, entry)| *signed != entry.leaf)
                .map_or(Vec::new(), |index| fault(format!("entry {index} is not what was signed"))),
        }
    }

    /// Entries under the checkpoint that stands in an organisation's log.
    pub(crate) fn sealed(&self, organisation: OrganisationId) -> u64 {
        let note = std::fs::read_to_string(self.log(organisation).join("checkpoint")).unwrap_or_default();
        ledger::Checkpoint::parse_note(&note).map_or(0, |checkpoint| checkpoint.size)
    }

    fn log(&self, organisation: OrganisationId) -> PathBuf {
        self.places.data.join("ledger").join(organisation.to_string())
    }

    /// How often each subject has an entry of a kind.
    pub(crate) fn entries_of(&self, kind: &str) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for entry in self.entries.values().flatten() {
            if let Ok(entry) = Entry::from_bytes(&entry.leaf)
                && entry.kind == kind
            {
                *counts.entry(entry.subject).or_default() += 1;
            }
        }
        counts
    }
}

/// The leaves under the checkpoint of `size`, from the log's own files.
fn signed_leaves(directory: &Path, size: u64) -> Result<Vec<Vec<u8>>, String> {
    let mut leaves = Vec::new();
    for index in 0..size.div_ceil(tile::WIDTH) {
        let path = tile::bundle_path(index, tile::width_at(0, index, size));
        let bytes = std::fs::read(directory.join(&path)).map_err(|error| format!("{path}: {error}"))?;
        let bundle = tile::decode_bundle(&bytes).ok_or_else(|| format!("{path} is no bundle"))?;
        leaves.extend(bundle.into_iter().map(<[u8]>::to_vec));
    }
    Ok(leaves)
}
