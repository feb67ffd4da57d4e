//! What was decided on messages like a held one: held by a control that holds it too, those that went to a domain it goes to
//! before others.

use access::{OperationError, Row, StoreError, Tx, Value};
use compliance::{Assessment, Mode, Verdict};
use vocabulary::{HoldId, Timestamp, bounds};

use super::sql;

/// What was decided on messages like a held one, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Of how many.
    pub decided: u64,
    /// How many of them left.
    pub released: u64,
    /// Since when they were decided, where it is less than [`bounds::ALIKE_WINDOW`]: more was decided than is looked at.
    pub since: Option<Timestamp>,
}

/// What makes a held message like another: its kind and its value.
pub(crate) type Feature = (&'static str, String);

/// The controls that hold a message, and the domains outside that it goes to; at most [`bounds::HOLD_FEATURES_MAX`], controls
/// first.
pub(crate) fn features<'a>(assessment: &Assessment, outside: impl Iterator<Item = &'a str>) -> Vec<Feature> {
    let holds = assessment.matches.iter();
    let holds = holds.filter(|found| found.mode == Mode::Enforce && found.verdict != Verdict::Pass);
    let controls = holds.map(|found| ("control", found.control.clone()));
    let mut all: Vec<Feature> = Vec::new();
    for feature in controls.chain(outside.map(|domain| ("domain", domain.to_lowercase()))) {
        if all.len() < bounds::HOLD_FEATURES_MAX && !all.contains(&feature) {
            all.push(feature);
        }
    }
    all
}

/// Keeps them with a hold; those of a part with the hold it joined.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn keep(tx: &mut Tx<'_>, hold: HoldId, features: Vec<Feature>) -> Result<(), StoreError> {
    for (kind, value) in features {
        tx.execute(sql::KEEP_FEATURE, vec![hold.into(), kind.into(), value.into()]).await?;
    }
    Ok(())
}

/// The holds most like one, and what was decided on all of those like it.
pub(super) struct Alike {
    pub(super) counted: Counted,
    /// The rows of the most alike, at most [`SHOWN`].
    pub(super) rows: Vec<Row>,
}

/// Decisions shown.
const SHOWN: usize = 3;

/// One like it.
struct Like {
    hold: HoldId,
    decided_at: Timestamp,
    shared: u64,
}

/// Looks at the latest decisions, [`bounds::ALIKE_LOOKED_AT`] at most. Of guarded messages nothing is told, and they do not count: a
/// reason may tell what a message says.
pub(super) async fn load(tx: &mut Tx<'_>, hold: HoldId, now: Timestamp) -> Result<Alike, OperationError> {
    let from = now.minus(bounds::ALIKE_WINDOW);
    let values = || -> Vec<Value> { vec![hold.into(), from.into(), bounds::ALIKE_LOOKED_AT.into()] };
    let found = tx.fetch(sql::ALIKE, values()).await?;
    let (mut counted, mut likes) = (Counted::default(), Vec::new());
    for row in &found {
        let controls: u64 = row.get(3)?;
        if controls == 0 {
            continue;
        }
        counted.decided += 1;
        counted.released += u64::from(row.get::<String>(1)? == "released");
        likes.push(Like { hold: row.parse(0)?, decided_at: row.get(2)?, shared: row.get(4)? });
    }
    counted.since = match tx.fetch_optional(sql::ALIKE_FROM, values()).await? {
        Some(row) => row.get(0)?,
        None => None,
    };
    likes.sort_by_key(|like| std::cmp::Reverse((like.shared, like.decided_at)));
    let mut rows = Vec::with_capacity(SHOWN);
    for like in likes.iter().take(SHOWN) {
        rows.extend(tx.fetch_optional(sql::DECISION, vec![like.hold.into()]).await?);
    }
    Ok(Alike { counted, rows })
}
