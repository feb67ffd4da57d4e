//! Scores are counted on the organisation's own messages of late: by score, with what people decided of those that waited. What
//! is kept is counts.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Row, Tx, action};
use compliance::calibration::{Measure, Observations, Observed};
use vocabulary::{AssessmentId, FlowId, OrganisationId, Timestamp, bounds};

use super::{Counted, Counts, count_context, scale, sql};
use crate::Cerebro;
use crate::flows::settle::scores_context;

const DAY_MICROS: i64 = 86_400_000_000;
const DAY: Duration = Duration::from_secs(86_400);

/// Counts the messages of the last `days`, at most [`bounds::CALIBRATION_MESSAGES_MAX`], the latest first. A new count replaces
/// the last. Scores measured with other models than those of today are left out.
///
/// # Errors
/// Not permitted, the database did not answer, or the entry could not be kept: the last count stays.
pub async fn measure(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::MeasureScores>,
    days: u32,
) -> Result<Counts, OperationError> {
    let organisation = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    let scales = Measure::all().map(|measure| (measure, scale(&organisation.controls, measure)));
    let mut count = Count::new(scales.filter(|(_, scale)| !scale.is_empty()).collect());
    let since = op.now().minus(DAY * days.clamp(1, bounds::CALIBRATION_DAYS_MAX));
    let (mut before, mut id) = (op.now().plus(DAY), String::new());
    loop {
        let page = page(op, since, before, id.clone()).await?;
        for row in &page {
            (before, id) = (row.get(1)?, row.get(0)?);
            count.add(op, row)?;
        }
        if count.flows.len() >= bounds::CALIBRATION_MESSAGES_MAX {
            count.counts.more = true;
            break;
        }
        if page.len() < bounds::CALIBRATION_PAGE {
            break;
        }
        tokio::task::yield_now().await;
    }
    let counts = count.counts();
    keep(op, permit, &counts).await?;
    Ok(counts)
}

async fn page(
    op: &Operation,
    since: Timestamp,
    before: Timestamp,
    id: String,
) -> Result<Vec<Row>, OperationError> {
    let values = vec![since.into(), before.into(), id.into(), bounds::CALIBRATION_PAGE.into()];
    op.read(async move |tx: &mut Tx<'_>| tx.fetch(sql::SCORES, values).await)
        .await
        .map_err(OperationError::Store)
}

struct Count {
    scales: BTreeMap<Measure, String>,
    seen: BTreeMap<Measure, (Observations, HashSet<i64>)>,
    /// A flow counts once, by its latest assessment.
    flows: HashSet<FlowId>,
    counts: Counts,
}

impl Count {
    fn new(scales: BTreeMap<Measure, String>) -> Self {
        Self { scales, seen: BTreeMap::new(), flows: HashSet::new(), counts: Counts::default() }
    }

    fn add(&mut self, op: &Operation, row: &Row) -> Result<(), OperationError> {
        if !self.flows.insert(row.parse(0)?) {
            return Ok(());
        }
        let at: Timestamp = row.get(1)?;
        let assessment: AssessmentId = row.parse(2)?;
        let Some(observed) = opened(op, assessment, row.get(3)?)? else {
            self.counts.unread += 1;
            return Ok(());
        };
        let refused = match row.get::<Option<String>>(4)?.as_deref() {
            Some("rejected") => Some(true),
            Some("released") => Some(false),
            _ => None,
        };
        for (measure, scale) in &self.scales {
            let Some(score) = observed.score(*measure, scale) else { continue };
            let (seen, days) = self.seen.entry(*measure).or_default();
            seen.add(score, refused.and_then(|refused| observed.label(*measure, refused)));
            days.insert(at.micros().div_euclid(DAY_MICROS));
        }
        Ok(())
    }

    fn counts(mut self) -> Counts {
        for (measure, scale) in self.scales {
            let (seen, days) = self.seen.remove(&measure).unwrap_or_default();
            self.counts.measures.insert(measure, Counted { scale, days: days.len() as u64, seen });
        }
        self.counts
    }
}

/// The scores of an assessment; `None` when they were erased with it, or not kept.
fn opened(
    op: &Operation,
    assessment: AssessmentId,
    sealed: Option<Vec<u8>>,
) -> Result<Option<Observed>, OperationError> {
    let Some(sealed) = sealed else { return Ok(None) };
    match op.open(&scores_context(assessment), &sealed) {
        Ok(plain) => Ok(serde_json::from_slice(&plain).ok()),
        Err(OperationError::Open(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn keep(
    op: &Operation,
    permit: Permit<action::MeasureScores>,
    counts: &Counts,
) -> Result<(), OperationError> {
    let plain =
        serde_json::to_vec(counts).map_err(|_| OperationError::Damaged("a count of scores".into()))?;
    let sealed = op.instance().seal_lasting(op.organisation(), &count_context(op.organisation()), &plain)?;
    let messages = counts.measures.values().map(|counted| counted.seen.messages()).max().unwrap_or(0);
    let (by, now, unread) = (op.actor().to_string(), op.now(), counts.unread);
    op.write(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        tx.execute(sql::KEEP_COUNT, vec![sealed.into(), by.into(), now.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::ScoresMeasured, organisation)
            .with("messages", messages)
            .with("unread", unread);
        Ok::<_, OperationError>(((), evidence))
    })
    .await
}
