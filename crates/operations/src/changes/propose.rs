//! A change is asked for: a row that waits, inside the write of the verb that asks.

use access::{Evidence, EvidenceKind, Operation, OperationError, Row, StoreError, Tx};
use vocabulary::{AccountId, ChangeId, Timestamp, bounds};

use super::{Kept, context, sql};

/// Why a change cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProposeError {
    /// One of the same kind for the same subject waits.
    #[error("such a change waits for an answer already")]
    Waits,
    /// Too many wait.
    #[error("at most {} changes wait at once", bounds::CHANGES_WAITING_MAX)]
    TooMany,
}

/// A change on its way into a write.
pub(crate) struct Proposed {
    pub(crate) id: ChangeId,
    kind: &'static str,
    subject: String,
    sealed: Vec<u8>,
    by: AccountId,
    now: Timestamp,
}

impl Proposed {
    pub(crate) fn prepare(op: &Operation, by: AccountId, kept: &Kept) -> Result<Self, OperationError> {
        let id = ChangeId::new(op.now(), op.entropy());
        let text = serde_json::to_vec(kept)
            .map_err(|_| OperationError::Damaged("a change does not write".into()))?;
        let sealed = op.instance().seal_lasting(op.organisation(), &context(id), &text)?;
        let beneficiary = kept.proposal.beneficiary();
        let subject =
            beneficiary.map_or_else(|| op.organisation().to_string(), |account| account.to_string());
        Ok(Self { id, kind: kept.proposal.word(), subject, sealed, by, now: op.now() })
    }

    /// Lets it wait.
    pub(crate) async fn keep<E>(self, tx: &mut Tx<'_>) -> Result<Evidence, E>
    where
        E: From<StoreError> + From<ProposeError>,
    {
        let Self { id, kind, subject, sealed, by, now } = self;
        let count = |row: Option<Row>| row.map_or(Ok(0), |row| row.get::<u32>(0));
        let same = vec![now.into(), kind.into(), subject.as_str().into()];
        if count(tx.fetch_optional(sql::SAME, same).await?)? > 0 {
            return Err(ProposeError::Waits.into());
        }
        if count(tx.fetch_optional(sql::WAITING_COUNT, vec![now.into()]).await?)?
            >= bounds::CHANGES_WAITING_MAX
        {
            return Err(ProposeError::TooMany.into());
        }
        let until = now.plus(bounds::CHANGE_LIFE);
        let values = vec![
            id.into(),
            kind.into(),
            subject.as_str().into(),
            sealed.into(),
            by.to_string().into(),
            now.into(),
            until.into(),
        ];
        tx.execute(sql::INSERT, values).await?;
        Ok(Evidence::of(EvidenceKind::ChangeRequested, id)
            .with("kind", kind)
            .with("for", subject)
            .with("until", until.rfc3339()))
    }
}
