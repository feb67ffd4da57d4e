//! Organisations as the verbs see them: domains, control set, policy.

pub mod change_security;
mod places;
mod security;
mod signed;

use std::sync::Arc;
use std::time::Duration;

use access::{Mandatory, Row, StoreError, Tx};
use compliance::clients::Clients;
use compliance::{ControlSet, OrganisationFacts, PreparedOrganisation};
use identity::webauthn::Aaguid;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use vocabulary::{ControlSetId, EmailAddress, Locale, OrganisationId, bounds};

use crate::examples;
use crate::lists;
pub use places::Places;
pub use security::{Change, FloorError, Lasting, Passwords, Sessions, Setting};
pub use signed::{DecisionKind, HoldClass, HoldClassError, SignedDecisions};

pub(crate) mod sql {
    access::statements! {
        Platform ALL_ORGANISATIONS = "SELECT id, name, domains, origin, policy FROM organisation ORDER BY id LIMIT 1000";
        Organisation POLICY = "SELECT policy FROM organisation WHERE id = $1";
        Organisation SET_POLICY = "UPDATE organisation SET policy = $2 WHERE id = $1";
        Organisation INSERT_ORGANISATION = "INSERT INTO organisation (id, name, domains, origin, policy, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    }
}

/// What happens to a message when its assessment fails (clause P4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// A person decides.
    #[default]
    Hold,
    /// It goes, is stamped, counted and assessed afterwards.
    OpenWithDebt,
    /// The sender's server is told to come back (451).
    RefuseTemporarily,
}

/// An organisation's governed settings. A key that a newer version of CEREBRO wrote is passed over, and stays where it is
/// when this one changes another: nodes of two versions work side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Minutes a held message may wait before its due time.
    pub hold_minutes: u32,
    /// Per cent of that time after which the cover is called.
    pub cover_at_percent: u32,
    /// Per cent of that time after which the arbiters are called.
    pub escalate_at_percent: u32,
    /// What happens when assessment fails.
    pub on_failure: OnFailure,
    /// Whether senders are told that their message waits.
    pub notify_senders: bool,
    /// The language of notices to people whose own language is unknown.
    pub locale: Locale,
    /// Who is called when the team does not answer: one deputy.
    pub deputy: Option<EmailAddress>,
    /// The address notices come from.
    pub notices_from: Option<EmailAddress>,
    /// The time zone its people read clocks in (IANA name).
    pub time_zone: String,
    /// Models of security keys it accepts, by AAGUID; all when empty. Keys enrolled before stay.
    pub key_models: Vec<Aaguid>,
    /// A key's model is proved by its maker's certificates, or the key is not taken.
    pub proved_models: bool,
    /// Where its people may sign in from.
    pub places: Places,
    /// How long their sessions last (clause T1).
    pub sessions: Sessions,
    /// Families that must have a second factor besides administration (clause A1).
    pub mandatory: Mandatory,
    /// For how many days the question of a second factor may be put off; 0 asks at each sign-in (clause A1).
    pub postpone_days: u32,
    /// What passwords must be (clause A3).
    pub passwords: Passwords,
    /// Which decisions a security key must sign besides.
    pub signed: SignedDecisions,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            hold_minutes: 240,
            cover_at_percent: 50,
            escalate_at_percent: 75,
            on_failure: OnFailure::Hold,
            notify_senders: true,
            locale: Locale::Fr,
            deputy: None,
            notices_from: None,
            time_zone: "Europe/Paris".into(),
            key_models: Vec::new(),
            proved_models: false,
            places: Places::default(),
            sessions: Sessions::default(),
            mandatory: Mandatory::default(),
            postpone_days: bounds::FACTOR_POSTPONED_DAYS_MAX,
            passwords: Passwords::default(),
            signed: SignedDecisions::default(),
        }
    }
}

impl Policy {
    /// How long a hold may wait.
    #[must_use]
    pub fn hold_time(&self) -> Duration {
        Duration::from_secs(u64::from(self.hold_minutes.max(1)) * 60)
    }

    /// The part of the hold time at which something happens.
    #[must_use]
    pub fn part(&self, percent: u32) -> Duration {
        self.hold_time() * percent.min(100) / 100
    }
}

impl Policy {
    /// Reads a column.
    pub(crate) fn from_column(row: &Row, column: usize) -> Result<Self, StoreError> {
        let read = serde_json::from_str(&row.get::<String>(column)?);
        read.map_err(|_| StoreError::Column { column, wanted: "a policy" })
    }

    /// The policy of the organisation a transaction is of, as it stands there.
    pub(crate) async fn inside(tx: &mut Tx<'_>) -> Result<Self, StoreError> {
        match tx.fetch_optional(sql::POLICY, vec![]).await? {
            Some(row) => Self::from_column(&row, 0),
            None => Ok(Self::default()),
        }
    }

    /// Writes it in the place of what stands, of which what this version does not know stays as it is.
    pub(crate) async fn keep(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let unreadable = StoreError::Column { column: 0, wanted: "a policy that writes" };
        let Ok(mut ours) = serde_json::to_value(self) else { return Err(unreadable) };
        if let Some(row) = tx.fetch_optional(sql::POLICY, vec![]).await?
            && let Ok(before) = serde_json::from_str(&row.get::<String>(0)?)
        {
            keep_unknown(&mut ours, before);
        }
        tx.execute(sql::SET_POLICY, vec![ours.to_string().into()]).await.map(drop)
    }
}

/// Adds to `ours` the keys that only `before` has, however deep.
fn keep_unknown(ours: &mut Json, before: Json) {
    let (Some(ours), Json::Object(before)) = (ours.as_object_mut(), before) else { return };
    for (key, value) in before {
        match ours.get_mut(&key) {
            Some(known) => keep_unknown(known, value),
            None => drop(ours.insert(key, value)),
        }
    }
}

/// One organisation, ready to serve.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name, as people write it.
    pub name: String,
    /// The domains its people send from.
    pub domains: Vec<String>,
    /// The origin of its log.
    pub origin: String,
    /// Its governed settings.
    pub policy: Policy,
    /// The control set in force.
    pub controls: Arc<ControlSet>,
    /// Which of its own that is; `None`: the one the service was started with.
    pub control_set: Option<ControlSetId>,
    /// What the engine is told about it.
    pub facts: Arc<PreparedOrganisation>,
    /// Which versions of its lists that is.
    pub list_versions: lists::Versions,
    /// Which version of its client file; 0 without one.
    pub client_version: u64,
    /// Which versions of its examples the controls have.
    pub example_versions: examples::Versions,
}

/// The lists of an organisation that is read again.
pub(crate) enum Lists {
    /// Those it had.
    Kept(Arc<Organisation>),
    /// Others, and the clients in force.
    Read(Box<(OrganisationFacts, lists::Versions)>, Arc<Clients>, u64),
}

impl Organisation {
    /// Its row, its controls and its lists.
    pub(crate) fn from_row(
        row: &Row,
        (controls, control_set): (Arc<ControlSet>, Option<ControlSetId>),
        lists: Lists,
        example_versions: examples::Versions,
    ) -> Result<Self, StoreError> {
        let damaged = |column, wanted| StoreError::Column { column, wanted };
        let first: Vec<String> =
            serde_json::from_str(&row.get::<String>(2)?).map_err(|_| damaged(2, "a list of domains"))?;
        let policy = Policy::from_column(row, 4)?;
        let (facts, list_versions, client_version) = match lists {
            Lists::Kept(known) => {
                (Arc::clone(&known.facts), known.list_versions.clone(), known.client_version)
            }
            Lists::Read(read, clients, client_version) => {
                let (mut facts, versions) = *read;
                let others: Vec<String> =
                    facts.domains.drain(..).filter(|domain| !first.contains(domain)).collect();
                facts.domains = [first, others].concat();
                let prepared = PreparedOrganisation::from(facts).with_clients(clients);
                (Arc::new(prepared), versions, client_version)
            }
        };
        Ok(Self {
            id: row.parse(0)?,
            name: row.get(1)?,
            origin: row.get(3)?,
            policy,
            controls,
            control_set,
            domains: facts.domains.clone(),
            facts,
            list_versions,
            client_version,
            example_versions,
        })
    }

    /// Whether an address is one of its own.
    #[must_use]
    pub fn owns(&self, address: &EmailAddress) -> bool {
        self.domains.iter().any(|domain| domain == address.domain())
    }

    /// The address its notices come from.
    #[must_use]
    pub fn notices_from(&self) -> Option<EmailAddress> {
        self.policy.notices_from.clone().or_else(|| {
            let domain = self.domains.first()?;
            EmailAddress::parse(&format!("cerebro@{domain}")).ok()
        })
    }
}

/// A short name a person gives something of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(String);

/// The text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {} characters", bounds::AUTHENTICATOR_NAME_CHARS_MAX)]
pub struct LabelError;

impl Label {
    /// Reads a name; surrounding space does not count, control characters are refused.
    ///
    /// # Errors
    /// Empty, too long, or with control characters.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let text = text.trim();
        let length = text.chars().count();
        let fits = (1..=bounds::AUTHENTICATOR_NAME_CHARS_MAX).contains(&length);
        if fits && !text.chars().any(char::is_control) { Ok(Self(text.to_owned())) } else { Err(LabelError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A reason, ground or justification written by a person: says something, and is not endless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// The text is too short or too long to be a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reason has {} to {} characters", bounds::REASON_CHARS_MIN, bounds::REASON_CHARS_MAX)]
pub struct ReasonError;

impl Reason {
    /// Reads a reason; surrounding space does not count, control characters become spaces.
    ///
    /// # Errors
    /// Too short or too long.
    pub fn parse(text: &str) -> Result<Self, ReasonError> {
        let text: String =
            text.trim().chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
        let length = text.chars().count();
        if (bounds::REASON_CHARS_MIN..=bounds::REASON_CHARS_MAX).contains(&length) {
            Ok(Self(text))
        } else {
            Err(ReasonError)
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
