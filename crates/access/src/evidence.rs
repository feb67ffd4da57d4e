//! What a change rests on, and how it becomes a ledger entry.

use serde_json::{Map, Value as Json};
use store::Record;
use vocabulary::{OrganisationId, Timestamp, entropy};

use crate::{Actor, Instance};

macro_rules! kinds {
    ($($(#[doc = $meaning:literal])* $name:ident = $word:literal;)*) => {
        /// The closed list of facts an entry can state.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EvidenceKind {
            $($(#[doc = $meaning])* $name,)*
        }

        impl EvidenceKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word in the entry.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it says, as `docs/formats/ledger.md` has it.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($meaning),*).trim_ascii(),)* }
            }
        }
    };
}

kinds! {
    /// The organisation and its log were made.
    OrganisationCreated = "organisation.created";
    /// A database from a backup was taken over: what it had forgotten ended again, and all that is good once is over.
    OrganisationRestored = "organisation.restored";
    /// One of the organisation's lists changed.
    ListReplaced = "list.replaced";
    /// Pairs of people who had written to each other were taken from a message trace.
    HistorySeeded = "history.seeded";
    /// The organisation's client file was imported.
    ClientsImported = "clients.imported";
    /// A category that the organisation defines by examples changed.
    ExamplesChanged = "examples.changed";
    /// What makes the organisation watch less was proposed, and waits for a second person.
    ProposalMade = "proposal.made";
    /// A second person agreed to a proposal, and it was done.
    ProposalAgreed = "proposal.agreed";
    /// A proposal was turned down, taken back, or another took its place.
    ProposalRefused = "proposal.refused";
    /// Nobody answered a proposal in time.
    ProposalLapsed = "proposal.lapsed";
    /// A control set was drafted.
    ControlsDrafted = "controls.drafted";
    /// A drafted control set was rehearsed on past flows.
    ControlsRehearsed = "controls.rehearsed";
    /// A control set was published by somebody else than who drafted it, and is in force.
    ControlsPublished = "controls.published";
    /// A drafted control set was given up.
    ControlsWithdrawn = "controls.withdrawn";
    /// What the models scored on the organisation's own messages was counted.
    ScoresMeasured = "calibration.measured";
    /// From which score on controls may hold was proposed.
    CalibrationProposed = "calibration.proposed";
    /// A proposed calibration was signed by somebody else than who proposed it, and is in force.
    CalibrationSigned = "calibration.signed";
    /// A proposed calibration was turned down or taken back.
    CalibrationDropped = "calibration.dropped";
    /// Past flows were looked at again with the controls and lists of that day.
    FlowsLookedBack = "flows.looked_back";
    /// Past flows began to be read again in the background: a rehearsal, or a look back.
    ReplayStarted = "replay.started";
    /// Reading past flows again was stopped by a person.
    ReplayStopped = "replay.stopped";
    /// Reading past flows again did not get further, and was given up.
    ReplayFailed = "replay.failed";
    /// The samples of the controls in force were run: how many, and which controls do not do as they say.
    SamplesChecked = "controls.samples_checked";
    /// An account was asked for.
    AccountRequested = "account.requested";
    /// A request for an account was turned down, or nobody answered it in time.
    AccountRefused = "account.refused";
    /// An account was approved, and is active.
    AccountApproved = "account.approved";
    /// A link was sent to an account's own mailbox.
    LinkSent = "account.link_sent";
    /// A password was set by its holder.
    PasswordSet = "authenticator.password_set";
    /// A password may be known to others: it is worth nothing any more.
    PasswordCompromised = "authenticator.password_compromised";
    /// Passwords are looked for in another list of breached ones from now on.
    BreachedListTakenUp = "password.list_taken_up";
    /// An account was made and is active.
    AccountActivated = "account.activated";
    /// An account was suspended.
    AccountSuspended = "account.suspended";
    /// A suspended account works again.
    AccountReinstated = "account.reinstated";
    /// An account was closed for good.
    AccountClosed = "account.closed";
    /// A mission was given.
    MissionGranted = "mission.granted";
    /// A mission was withdrawn.
    MissionWithdrawn = "mission.withdrawn";
    /// A change that weakens security was asked for, and waits for a second administrator.
    ChangeRequested = "change.requested";
    /// A second administrator agreed to a change, and it was done.
    ChangeApproved = "change.approved";
    /// A change was turned down, or taken back.
    ChangeRefused = "change.refused";
    /// Nobody answered a change in time.
    ChangeLapsed = "change.lapsed";
    /// A setting that decides who comes in changed.
    PolicyChanged = "policy.changed";
    /// A way in was opened at the machine's console.
    BreakGlassOpened = "break_glass.opened";
    /// Its time was over.
    BreakGlassEnded = "break_glass.ended";
    /// Somebody else than its user looked at what was done.
    BreakGlassReviewed = "break_glass.reviewed";
    /// The quarter's review of access was opened, with every right that stood.
    AccessReviewOpened = "access_review.opened";
    /// No right of a review of access was left to decide on.
    AccessReviewClosed = "access_review.closed";
    /// Administrators were told that a review of access ends soon.
    AccessReviewWarned = "access_review.warned";
    /// A review of access was not done in time.
    AccessReviewLapsed = "access_review.lapsed";
    /// A right that nobody decided on in time stands still until somebody does.
    RightSuspended = "right.suspended";
    /// A right was looked at in a review, and kept or ended.
    RightReviewed = "right.reviewed";
    /// An authenticator was added.
    AuthenticatorAdded = "authenticator.added";
    /// An authenticator was removed by its holder.
    AuthenticatorRemoved = "authenticator.removed";
    /// A security key showed signs of being copied, and proves nothing any more.
    AuthenticatorSuspended = "authenticator.suspended";
    /// Ten new backup codes replaced all earlier ones.
    BackupCodesMade = "authenticator.codes_made";
    /// The question of a second factor was put off.
    FactorPostponed = "authenticator.postponed";
    /// Presence was proved again in an open session.
    SessionProved = "session.proved";
    /// An API token was made.
    TokenCreated = "token.created";
    /// An API token was ended.
    TokenEnded = "token.ended";
    /// Administrators were told that a service's last token ends soon.
    TokenEndsSoon = "token.ends_soon";
    /// Somebody signed in.
    SessionOpened = "session.opened";
    /// A session ended.
    SessionEnded = "session.ended";
    /// A sign-in failed.
    SignInRefused = "session.refused";
    /// A code for a sign-in from a new place was sent to the account's own mailbox.
    SignInCodeSent = "session.code_sent";
    /// A sign-in from a new device or network waits for an administrator.
    ArrivalWaits = "arrival.waits";
    /// An administrator answered a sign-in from a new device or network.
    ArrivalDecided = "arrival.decided";
    /// One password seems to be tried on many accounts.
    SprayingSuspected = "security.spraying";
    /// A message was received, assessed and settled.
    FlowSettled = "flow.settled";
    /// A message was let go although its assessment failed, as the organisation's policy says: the assessment is owed.
    FlowOpenedWithDebt = "flow.opened_with_debt";
    /// An assessment that was owed was made, after the message had been let go.
    FlowDebtAssessed = "flow.debt_assessed";
    /// Contents were opened by a person.
    ContentRead = "content.read";
    /// The contents of a guarded hold were opened for a while, by one person: in which of the cases the law knows, on what
    /// ground, until when.
    GuardedOpened = "content.opened";
    /// A hold was released.
    HoldReleased = "hold.released";
    /// A hold was rejected.
    HoldRejected = "hold.rejected";
    /// A hold went to the arbiters.
    HoldEscalated = "hold.escalated";
    /// A hold's cover was called in.
    HoldCovered = "hold.covered";
    /// A hold's time ran out; it goes on waiting for an arbiter.
    HoldExpired = "hold.expired";
    /// An arbiter ruled.
    HoldArbitrated = "hold.arbitrated";
    /// A verdict or decision was overruled.
    HoldOverruled = "hold.overruled";
    /// The second encoder read a held message: which model, how many sentences, of what kinds it found some. It decides nothing.
    HoldReadAgain = "hold.read_again";
    /// The sender justified their message.
    HoldJustified = "hold.justified";
    /// The sender took the private mark off their message: it is reviewed as any other.
    HoldRequalified = "hold.requalified";
    /// The sender withdrew their message.
    HoldWithdrawn = "hold.withdrawn";
    /// What was decided on a hold was carried out for flows that waited with it.
    HoldCarried = "hold.carried";
    /// A delivery is about to be handed over: after this, the remote may have it. With `earlier_unanswered`, it may have it already.
    DeliveryAttempting = "delivery.attempting";
    /// A delivery was put off, for another reason than before.
    DeliveryDeferred = "delivery.deferred";
    /// The sender was told that a delivery takes long.
    DeliveryDelayed = "delivery.delayed";
    /// A delivery reached its end.
    DeliveryEnded = "delivery.ended";
    /// A message that waits to leave was asked to be tried at once.
    DeliveryRetried = "delivery.retried";
    /// A message was taken out of what waits to leave.
    DeliveryWithdrawn = "delivery.withdrawn";
    /// What leaves to a destination, or everything, was stopped.
    RelayPaused = "relay.paused";
    /// What had been stopped leaves again.
    RelayResumed = "relay.resumed";
    /// The ledger was exported.
    LedgerExported = "ledger.exported";
    /// The register of why messages were held was taken out, redacted: what was asked for.
    RegisterExported = "register.exported";
}

/// One fact, or several, that a change rests on.
#[must_use = "evidence that is not returned from the write is not written"]
#[derive(Debug, Clone)]
pub struct Evidence(Vec<Fact>);

#[derive(Debug, Clone)]
struct Fact {
    kind: EvidenceKind,
    subject: String,
    detail: Map<String, Json>,
}

impl Evidence {
    /// A fact about a subject (an id).
    pub fn of(kind: EvidenceKind, subject: impl std::fmt::Display) -> Self {
        Self(vec![Fact { kind, subject: subject.to_string(), detail: Map::new() }])
    }

    /// Adds a detail to the last fact. Details are sealed; the leaf only commits to them.
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        if let Some(fact) = self.0.last_mut() {
            fact.detail.insert(key.to_owned(), value.into());
        }
        self
    }

    /// Another fact of the same change.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// As records: the leaf's canonical bytes and the sealed detail with its salt. A few microseconds a fact; done
    /// in the write because the detail may hold what only the write knows.
    pub(crate) fn into_records(
        self,
        instance: &Instance,
        organisation: OrganisationId,
        actor: Actor,
        operation: vocabulary::OperationId,
        now: Timestamp,
    ) -> Result<Vec<Record>, crate::OperationError> {
        let mut records = Vec::with_capacity(self.0.len());
        for fact in self.0 {
            let salt: [u8; 32] = entropy::random(instance.entropy());
            let detail = serde_json::to_vec(&fact.detail).unwrap_or_default();
            let entry = ledger::Entry {
                organisation,
                kind: fact.kind.word().to_owned(),
                at: now,
                actor: actor.to_string(),
                operation,
                subject: fact.subject,
                commitment: ledger::commitment(&salt, &detail),
            };
            let leaf = entry.to_bytes();
            let sealed =
                instance.seal_evidence(organisation, operation, now, &[&salt[..], &detail].concat())?;
            records.push(Record { organisation, operation: operation.to_string(), leaf, detail: sealed });
        }
        Ok(records)
    }
}
