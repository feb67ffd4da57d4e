//! One hold for what belongs together: the parts of a message that its server split, the same text sent to very many, and
//! what follows an invitation that waits. Each message keeps its own flow and deliveries; they share the decision.

use access::{Operation, OperationError, StoreError, Tx, Value};
use aws_lc_rs::digest;
use compliance::{Assessment, Mode, Verdict};
use mail::{Message, PartId};
use vocabulary::{FlowId, HoldId, Timestamp, bounds};

use super::opened::OpenFlow;

pub(crate) mod sql {
    access::statements! {
        Organisation CLAIM = "INSERT INTO hold_likeness (organisation, likeness, hold) VALUES ($1, $2, $3) ON CONFLICT (organisation, likeness) DO NOTHING";
        Organisation CLAIMED = "SELECT hold FROM hold_likeness WHERE organisation = $1 AND likeness = $2"
            => "SELECT hold FROM hold_likeness WHERE organisation = $1 AND likeness = $2 FOR UPDATE";
        Organisation CLAIM_AGAIN = "UPDATE hold_likeness SET hold = $3 WHERE organisation = $1 AND likeness = $2";
        Organisation JOIN_ALIKE = "UPDATE hold SET companions = companions + 1 WHERE organisation = $1 AND id = $2 AND state = 'waiting' AND held_at >= $3 AND companions < $4";
        Organisation JOIN_FOLLOWED = "UPDATE hold SET companions = companions + 1, carrying = CASE WHEN state = 'waiting' THEN carrying ELSE 1 END WHERE organisation = $1 AND id = $2";
        Organisation CONTENT = "SELECT content_sha256 FROM hold WHERE organisation = $1 AND id = $2";
        Organisation SET_CONTENT = "UPDATE hold SET content_sha256 = $3 WHERE organisation = $1 AND id = $2";
        Organisation INSERT_COMPANION = "INSERT INTO companion (organisation, flow, hold, kind, joined_at) VALUES ($1, $2, $3, $4, $5)";
    }
}

/// Why a flow waits with another flow's hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The same message, in another transaction.
    Part,
    /// The same text of a campaign.
    Campaign,
    /// It updates or cancels an invitation that waits.
    Follows,
}

vocabulary::words!(Kind { Part = "part", Campaign = "campaign", Follows = "follows" });

/// By what a hold is found again: blind indices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Likeness {
    /// Sender, Message-ID and every byte that copies of one message share.
    part: Option<Vec<u8>>,
    /// Sender, everything that was assessed, and the controls that hold it; of a campaign's messages alone.
    campaign: Option<Vec<u8>>,
}

impl Likeness {
    /// What a message that is about to be held is like. `None` of either: it is its own hold's.
    ///
    /// # Errors
    /// The key store did not answer.
    pub(crate) fn of(
        op: &Operation,
        flow: &OpenFlow,
        message: &Message,
        assessment: &Assessment,
        bulk: bool,
    ) -> Result<Self, OperationError> {
        let Some(sender) = flow.envelope.reverse_path.as_ref().map(vocabulary::EmailAddress::key) else {
            return Ok(Self::default());
        };
        let index =
            |purpose: &str, text: String| op.instance().blind_index(op.organisation(), purpose, &text);
        let part = message.message_id.as_deref().filter(|id| !id.is_empty() && !flow.raw.is_empty());
        let part = part.map(|id| index("hold_part", format!("{sender}\n{id}\n{}", shared(&flow.raw))));
        let campaign =
            bulk.then(|| index("hold_campaign", format!("{sender}\n{}", text(message, assessment))));
        Ok(Self { part: part.transpose()?, campaign: campaign.transpose()? })
    }
}

/// SHA-256 of what copies of one message share.
fn shared(raw: &[u8]) -> String {
    let mut hash = digest::Context::new(&digest::SHA256);
    for stretch in mail::sameness::below_trace(raw) {
        hash.update(stretch);
    }
    crate::review::hex(hash.finish().as_ref())
}

/// SHA-256 of all that a reviewer reads of a message and its controls: two messages with the same are decided alike. Nothing
/// of it may change from one to the next, not even a name or a number, since nobody would have read it.
fn text(message: &Message, assessment: &Assessment) -> String {
    let mut hash = digest::Context::new(&digest::SHA256);
    // Each with its length: nothing moves from one to the next unseen.
    let mut add = |bytes: &[u8]| {
        hash.update(&bytes.len().to_be_bytes());
        hash.update(bytes);
    };
    let unseen = PartId::header("others");
    for text in message.all_texts() {
        add(format!("{} {:?}", text.part, text.kind).as_bytes());
        // Every message has an id of its own; what is found in one is a difference like any other.
        let its_own =
            |line: &&str| text.part == unseen && line.to_ascii_lowercase().starts_with("message-id:");
        text.text.split('\n').filter(|line| !its_own(line)).for_each(|line| add(line.as_bytes()));
    }
    for found in assessment.findings.iter().filter(|found| found.part == unseen.as_str()) {
        add(found.detector.as_bytes());
        add(found.excerpt.as_bytes());
    }
    for attachment in message.all_attachments() {
        add(format!("{} {}", attachment.declared_type, attachment.name).as_bytes());
        add(&attachment.bytes);
    }
    let mut controls: Vec<&str> = assessment
        .matches
        .iter()
        .filter(|found| found.mode == Mode::Enforce && found.verdict != Verdict::Pass)
        .map(|found| found.control.as_str())
        .collect();
    controls.sort_unstable();
    controls.dedup();
    controls.iter().for_each(|control| add(control.as_bytes()));
    crate::review::hex(hash.finish().as_ref())
}

/// Joins the hold of what a flow is like, inside the write that settles it. `None`: there is none that waits, and the
/// flow's own hold, `own`, will be the one to join.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn join(
    tx: &mut Tx<'_>,
    flow: FlowId,
    content: &[u8],
    likeness: &Likeness,
    own: HoldId,
    now: Timestamp,
) -> Result<Option<(HoldId, Kind)>, StoreError> {
    let kinds = [
        (Kind::Part, &likeness.part, bounds::HOLD_PARTS_WINDOW),
        (Kind::Campaign, &likeness.campaign, bounds::HOLD_CAMPAIGN_WINDOW),
    ];
    for (kind, index, window) in kinds {
        let Some(index) = index else { continue };
        let claim = vec![index.clone().into(), Value::from(own)];
        // On PostgreSQL this waits for whoever settles the like at the same moment.
        if tx.execute(sql::CLAIM, claim.clone()).await? > 0 {
            continue;
        }
        let Some(row) = tx.fetch_optional(sql::CLAIMED, vec![index.clone().into()]).await? else { continue };
        let hold: HoldId = row.parse(0)?;
        let values = vec![hold.into(), now.minus(window).into(), bounds::HOLD_COMPANIONS_MAX.into()];
        if tx.execute(sql::JOIN_ALIKE, values).await? == 0 {
            // Decided, full, or too long ago.
            tx.execute(sql::CLAIM_AGAIN, claim).await?;
            continue;
        }
        if kind == Kind::Part {
            rebind(tx, hold, content).await?;
        }
        insert(tx, flow, hold, kind, now).await?;
        return Ok(Some((hold, kind)));
    }
    Ok(None)
}

/// A decision is bound to every part: who read the message before this one joined looks again at whom it goes to.
async fn rebind(tx: &mut Tx<'_>, hold: HoldId, content: &[u8]) -> Result<(), StoreError> {
    let Some(row) = tx.fetch_optional(sql::CONTENT, vec![hold.into()]).await? else { return Ok(()) };
    let bound = [&row.get::<Vec<u8>>(0)?[..], content].concat();
    let bound = digest::digest(&digest::SHA256, &bound).as_ref().to_vec();
    tx.execute(sql::SET_CONTENT, vec![hold.into(), bound.into()]).await.map(drop)
}

/// Waits with the invitation it follows, whatever was decided on it a moment ago: that is carried out for this one too.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn follow(
    tx: &mut Tx<'_>,
    flow: FlowId,
    hold: HoldId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(sql::JOIN_FOLLOWED, vec![hold.into()]).await?;
    insert(tx, flow, hold, Kind::Follows, now).await
}

async fn insert(
    tx: &mut Tx<'_>,
    flow: FlowId,
    hold: HoldId,
    kind: Kind,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = vec![flow.into(), hold.into(), kind.word().into(), now.into()];
    tx.execute(sql::INSERT_COMPANION, values).await.map(drop)
}
