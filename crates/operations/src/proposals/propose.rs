//! Something is asked for that a second person must agree to: a row that waits, inside the write of the verb that asks.

use access::{Evidence, EvidenceKind, Operation, OperationError, Tx};
use vocabulary::{ProposalId, Timestamp, bounds};

use super::{Kept, Subject, Unchanged, What, context, sql};
use crate::organisation::Reason;

/// A proposal on its way into a write.
pub(crate) struct NewProposal {
    pub(crate) id: ProposalId,
    subject: Subject,
    sealed: Vec<u8>,
    added: u64,
    removed: u64,
    by: String,
    now: Timestamp,
}

impl NewProposal {
    pub(crate) fn prepare(
        op: &Operation,
        subject: Subject,
        what: What,
        reason: Option<&Reason>,
    ) -> Result<Self, Unchanged> {
        let reason = reason.ok_or(Unchanged::ReasonWanted)?;
        let id = ProposalId::new(op.now(), op.entropy());
        let (added, removed) = what.counts();
        let kept = Kept { what, reason: reason.as_str().to_owned() };
        let plain = serde_json::to_vec(&kept)
            .map_err(|_| OperationError::Damaged("a proposal does not write".into()))?;
        let sealed = op.instance().seal_lasting(op.organisation(), &context(id), &plain)?;
        Ok(Self { id, subject, sealed, added, removed, by: op.actor().to_string(), now: op.now() })
    }

    /// Lets it wait.
    pub(crate) async fn keep(self, tx: &mut Tx<'_>) -> Result<Evidence, Unchanged> {
        let row = tx.fetch_optional(sql::WAITING_COUNT, vec![self.now.into()]).await?;
        if row.map_or(Ok(0), |row| row.get::<u32>(0))? >= bounds::PROPOSALS_WAITING_MAX {
            return Err(Unchanged::TooManyWait);
        }
        let until = self.now.plus(bounds::PROPOSAL_LIFE);
        let values = vec![
            self.id.into(),
            self.subject.kind().into(),
            self.subject.name().into(),
            self.sealed.into(),
            self.added.into(),
            self.removed.into(),
            self.by.into(),
            self.now.into(),
            until.into(),
        ];
        tx.execute(sql::INSERT, values).await?;
        Ok(Evidence::of(EvidenceKind::ProposalMade, self.id)
            .with("kind", self.subject.kind())
            .with("about", self.subject.name())
            .with("added", self.added)
            .with("removed", self.removed)
            .with("until", until.rfc3339()))
    }
}
