//! How far sealing is behind, said by the sealer and read by every process that changes something: a backlog over its
//! bound refuses changes wherever they are asked for.

use access::{MechanicalReason, StoreError, Tx};
use vocabulary::{OrganisationId, PlatformReason, bounds};

use super::sql;
use crate::Cerebro;

/// Says how many entries of one log are under a signed checkpoint.
///
/// # Errors
/// The database did not answer: the others go on with what was said last.
pub(super) async fn say(
    cerebro: &Cerebro,
    organisation: OrganisationId,
    sealed: u64,
) -> Result<(), StoreError> {
    let instance = cerebro.instance();
    instance
        .write_mechanical(
            PlatformReason::Sealer,
            MechanicalReason::Sequencing,
            async move |tx: &mut Tx<'_>| {
                tx.execute(sql::SAY_SEALED, vec![organisation.into(), sealed.into()]).await.map(drop)
            },
        )
        .await
}

/// Reads how far behind the sealer of another process is.
///
/// # Errors
/// The database did not answer.
pub async fn watch(cerebro: &Cerebro) -> Result<(), StoreError> {
    let instance = cerebro.instance();
    let behind = instance
        .read_platform(PlatformReason::Sealer, async |tx: &mut Tx<'_>| {
            let mut behind = 0_u64;
            for statement in [sql::UNSEALED, sql::UNNUMBERED] {
                for row in tx.fetch(statement, vec![]).await? {
                    // Less than nothing: a database from a backup, which takes no changes until it is taken over.
                    let left = u64::try_from(row.get::<i64>(0)?).unwrap_or(bounds::SEALING_BACKLOG_MAX + 1);
                    behind = behind.saturating_add(left);
                }
            }
            Ok::<_, StoreError>(behind)
        })
        .await?;
    instance.set_backlog(behind);
    Ok(())
}
