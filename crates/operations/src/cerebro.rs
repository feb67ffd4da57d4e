//! One running CEREBRO: the instance, its organisations, the extractor, what wakes whom.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use access::{Actor, Instance, Operation, OperationError, Row, SystemReason, Tx};
use compliance::ControlSet;
use compliance::calibration::Calibrations;
use compliance::semantic::{Models, SecondReader};
use identity::webauthn::{RelyingParty, Roots};
use tokio::sync::{Mutex, Notify, OwnedSemaphorePermit, Semaphore};
use vocabulary::{ControlSetId, Locale, OrganisationId, PlatformReason, bounds};

use crate::AttachmentReader;
use crate::breached::Imported;
use crate::calibration;
use crate::clients;
use crate::controls;
use crate::examples;
use crate::flows::accepted::Lane;
use crate::flows::{Jumps, LostLeases, Readings};
use crate::lists::{self, ListName};
use crate::missions::usage::Noted;
use crate::organisation::{self, Lists, Organisation};

/// Everything the verbs share. Cheap to clone.
#[derive(Clone)]
pub struct Cerebro {
    parts: Arc<Parts>,
}

struct Parts {
    instance: Instance,
    organisations: RwLock<HashMap<OrganisationId, Arc<Organisation>>>,
    /// Held while organisations are read: what was read earlier never replaces what was read later.
    reading: Mutex<()>,
    controls: Arc<ControlSet>,
    attachments: AttachmentReader,
    console_url: String,
    logs: PathBuf,
    hostname: OnceLock<String>,
    roots: OnceLock<Roots>,
    second: OnceLock<SecondReader>,
    outbox: Notify,
    lost_leases: LostLeases,
    jumps: Jumps,
    readings: Readings,
    people: Notify,
    bulk: Notify,
    noted: Noted,
    breached: RwLock<Imported>,
    links: Arc<Semaphore>,
}

impl Cerebro {
    /// Assembles the service and reads its organisations. `console_url` is where links in notices lead; `logs` is
    /// where each organisation's log stands.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn open(
        instance: Instance,
        controls: Arc<ControlSet>,
        attachments: AttachmentReader,
        console_url: String,
        logs: PathBuf,
    ) -> Result<Self, OperationError> {
        let cerebro = Self {
            parts: Arc::new(Parts {
                instance,
                organisations: RwLock::default(),
                reading: Mutex::new(()),
                controls,
                attachments,
                console_url,
                logs,
                hostname: OnceLock::new(),
                roots: OnceLock::new(),
                second: OnceLock::new(),
                outbox: Notify::new(),
                lost_leases: LostLeases::default(),
                jumps: Jumps::default(),
                readings: Readings::default(),
                people: Notify::new(),
                bulk: Notify::new(),
                noted: Noted::default(),
                breached: RwLock::default(),
                links: Arc::new(Semaphore::new(bounds::PASSWORD_LINKS_AT_ONCE)),
            }),
        };
        cerebro.refresh().await?;
        Ok(cerebro)
    }

    /// The set of controls that the program came with: in force where none was published.
    pub(crate) fn started_with(&self) -> &Arc<ControlSet> {
        &self.parts.controls
    }

    /// Reads the organisations again, after one was made, or its policy, lists or controls changed. What did not change is not
    /// opened again. Where something of one cannot be read, what was in force for it stays, and the others go on.
    ///
    /// # Errors
    /// The database did not answer, or something of an organisation cannot be read: the first of these.
    pub async fn refresh(&self) -> Result<(), OperationError> {
        let _reading = self.parts.reading.lock().await;
        let rows = self
            .instance()
            .read_platform(PlatformReason::Gateway, async |tx: &mut Tx<'_>| {
                tx.fetch(organisation::sql::ALL_ORGANISATIONS, vec![]).await
            })
            .await
            .map_err(OperationError::Store)?;
        let versions = lists::versions(self.instance()).await?;
        let client_files = clients::versions(self.instance()).await?;
        let sets = controls::in_force(self.instance()).await?;
        let mut signed = calibration::in_force(self.instance()).await?;
        let mut examples = examples::versions(self.instance()).await?;
        let (mut found, mut trouble) = (HashMap::new(), None);
        for row in &rows {
            let id: OrganisationId = row.parse(0)?;
            let in_force = versions.get(&id).map_or(&[][..], Vec::as_slice);
            let calibrations = signed.remove(&id).unwrap_or_default();
            let client_version = client_files.get(&id).copied().unwrap_or(0);
            let asked = Asked {
                lists: in_force,
                client_version,
                examples: examples.remove(&id).unwrap_or_default(),
                published: sets.get(&id).copied(),
                calibrations,
            };
            match self.read_one(row, id, asked).await {
                Ok(organisation) => {
                    found.insert(id, Arc::new(organisation));
                }
                Err(error) => {
                    found.extend(self.organisation(id).map(|known| (id, known)));
                    trouble = trouble.or(Some(error));
                }
            }
        }
        *self.parts.organisations.write().unwrap_or_else(PoisonError::into_inner) = found;
        trouble.map_or(Ok(()), Err)
    }

    async fn read_one(
        &self,
        row: &Row,
        id: OrganisationId,
        asked: Asked<'_>,
    ) -> Result<Organisation, OperationError> {
        let known = self.organisation(id);
        let op = self.system(SystemReason::Timer, id);
        let set = match (asked.published, &known) {
            (same, Some(known)) if known.control_set == same => Arc::clone(&known.controls),
            (None, _) => Arc::clone(&self.parts.controls),
            (Some(set), _) => controls::load(&op, set, &self.parts.controls).await?,
        };
        let models = match &known {
            Some(known) if known.example_versions == asked.examples => known.controls.models().clone(),
            Some(known) => examples::load(&op, known.controls.models()).await?.0,
            None => examples::load(&op, self.parts.controls.models()).await?.0,
        };
        let set = complete(set, asked.calibrations, models);
        let lists = match known {
            Some(known)
                if known.list_versions == asked.lists && known.client_version == asked.client_version =>
            {
                Lists::Kept(known)
            }
            known => self.read_lists(id, known, asked.client_version).await?,
        };
        Ok(Organisation::from_row(row, (set, asked.published), lists, asked.examples)?)
    }

    /// Lists that changed, and clients: those known where their file did not change.
    async fn read_lists(
        &self,
        id: OrganisationId,
        known: Option<Arc<Organisation>>,
        client_version: u64,
    ) -> Result<Lists, OperationError> {
        let op = self.system(SystemReason::Timer, id);
        let (people, version) = match known.filter(|known| known.client_version == client_version) {
            Some(known) => (Arc::clone(known.facts.clients()), client_version),
            None => clients::load(&op).await?,
        };
        Ok(Lists::Read(Box::new(lists::load(&op).await?), people, version))
    }

    /// Follows what other processes changed, and says whether a list, examples, a control set or a calibration did. Policies are read again each time: they
    /// are small, and who comes in is asked of the database itself.
    ///
    /// # Errors
    /// As [`Cerebro::refresh`].
    pub async fn follow(&self) -> Result<bool, OperationError> {
        let versions = lists::versions(self.instance()).await?;
        let sets = controls::in_force(self.instance()).await?;
        let client_files = clients::versions(self.instance()).await?;
        let clients_changed = client_files
            .iter()
            .any(|(id, version)| self.organisation(*id).is_none_or(|known| known.client_version != *version));
        let lists_changed = versions.iter().any(|(id, in_force)| {
            self.organisation(*id).is_none_or(|known| known.list_versions != *in_force)
        });
        let signed = calibration::in_force(self.instance()).await?;
        let calibrations_changed = self.organisations().iter().any(|known| {
            signed
                .get(&known.id)
                .map_or(known.controls.calibrations() != &Calibrations::default(), |signed| {
                    known.controls.calibrations() != signed
                })
        });
        let examples = examples::versions(self.instance()).await?;
        let examples_changed = examples.iter().any(|(id, in_force)| {
            self.organisation(*id).is_none_or(|known| known.example_versions != *in_force)
        });
        let changed = lists_changed
            || examples_changed
            || calibrations_changed
            || clients_changed
            || sets
                .iter()
                .any(|(id, set)| self.organisation(*id).is_none_or(|known| known.control_set != Some(*set)));
        self.refresh().await?;
        Ok(changed)
    }

    /// The shared parts below.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        &self.parts.instance
    }

    /// One organisation.
    #[must_use]
    pub fn organisation(&self, id: OrganisationId) -> Option<Arc<Organisation>> {
        self.parts.organisations.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// All organisations of the instance, by id.
    #[must_use]
    pub fn organisations(&self) -> Vec<Arc<Organisation>> {
        let mut all: Vec<_> = self
            .parts
            .organisations
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect();
        all.sort_by_key(|organisation| organisation.id);
        all
    }

    /// Reads attachments.
    #[must_use]
    pub fn attachments(&self) -> &AttachmentReader {
        &self.parts.attachments
    }

    /// Where links in notices lead.
    #[must_use]
    pub fn console_url(&self) -> &str {
        &self.parts.console_url
    }

    /// Whom security keys are for; `None` where the console's address is no name, so that browsers allow none.
    #[must_use]
    pub fn relying_party(&self) -> Option<RelyingParty> {
        RelyingParty::of(self.console_url())
    }

    /// Takes the certificates that the operator placed for the makers of security keys; told once, when the service starts.
    pub fn trust_attestations(&self, roots: Roots) {
        // Told again, it is the same configuration that says so.
        let _ = self.parts.roots.set(roots);
    }

    /// The certificates that vouch for models of security keys.
    pub(crate) fn attestation_roots(&self) -> Roots {
        self.parts.roots.get().cloned().unwrap_or_default()
    }

    /// Has messages that wait read by a second encoder; told once, when the service starts.
    pub fn read_held_with(&self, reader: SecondReader) {
        // Told again, it is the same configuration that says so.
        let _ = self.parts.second.set(reader);
    }

    /// What reads messages that wait, if something does.
    #[must_use]
    pub fn second_reader(&self) -> Option<&SecondReader> {
        self.parts.second.get()
    }

    /// The name this host has in mail, for delivery reports; told once, when the service starts.
    pub fn name_host(&self, hostname: &str) {
        // Told again, it is the same configuration that says so.
        let _ = self.parts.hostname.set(hostname.to_owned());
    }

    /// The name this host has in mail.
    #[must_use]
    pub fn hostname(&self) -> &str {
        self.parts.hostname.get().map_or("localhost", String::as_str)
    }

    /// Where each organisation's log stands: a directory per organisation.
    #[must_use]
    pub fn log_directory(&self, organisation: OrganisationId) -> PathBuf {
        self.parts.logs.join(organisation.to_string())
    }

    /// The directory of all logs.
    #[must_use]
    pub fn logs(&self) -> &Path {
        &self.parts.logs
    }

    /// The lists of breached passwords.
    #[must_use]
    pub fn breached(&self) -> Imported {
        self.parts.breached.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes up the operator's own list of breached passwords.
    pub fn set_breached(&self, imported: Imported) {
        *self.parts.breached.write().unwrap_or_else(PoisonError::into_inner) = imported;
    }

    /// A place among the links for forgotten passwords that are prepared at once, if there is one.
    pub(crate) fn link_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.parts.links).try_acquire_owned().ok()
    }

    /// Uses of missions this process noted lately.
    pub(crate) fn noted(&self) -> &Noted {
        &self.parts.noted
    }

    /// Something is ready to leave: the relay looks.
    pub fn wake_relay(&self) {
        self.parts.outbox.notify_one();
    }

    /// Until something may be ready to leave.
    pub async fn relay_woken(&self) {
        self.parts.outbox.notified().await;
    }

    /// What the clock said when the outbox was looked at last.
    pub(crate) fn jumps(&self) -> &Jumps {
        &self.parts.jumps
    }

    /// Leases of ours whose answer was lost.
    pub(crate) fn lost_leases(&self) -> &LostLeases {
        &self.parts.lost_leases
    }

    /// What was read of flows that are not settled yet.
    pub(crate) fn readings(&self) -> &Readings {
        &self.parts.readings
    }

    /// A flow waits for its assessment: the assessor looks.
    pub(crate) fn wake_assessor(&self, lane: Lane) {
        self.assessor(lane).notify_one();
    }

    /// Until a flow may wait for its assessment.
    pub async fn assessor_woken(&self, lane: Lane) {
        self.assessor(lane).notified().await;
    }

    fn assessor(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::People => &self.parts.people,
            Lane::Bulk => &self.parts.bulk,
        }
    }

    /// The system begins to do something for an organisation.
    #[must_use]
    pub fn system(&self, reason: SystemReason, organisation: OrganisationId) -> Operation {
        let locale = self.organisation(organisation).map_or(Locale::Fr, |known| known.policy.locale);
        self.instance().operation(Actor::System(reason), organisation, locale)
    }
}

/// What is in force of an organisation that is read.
struct Asked<'a> {
    lists: &'a [(ListName, u64)],
    client_version: u64,
    examples: examples::Versions,
    published: Option<ControlSetId>,
    calibrations: Calibrations,
}

/// A set with these calibrations and models; the same one when it has them.
fn complete(set: Arc<ControlSet>, calibrations: Calibrations, models: Models) -> Arc<ControlSet> {
    if *set.calibrations() == calibrations && set.models_digest() == models.digest() {
        return set;
    }
    Arc::new(ControlSet::clone(&set).with_models(models).with_calibrations(calibrations))
}
