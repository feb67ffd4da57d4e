//! Invitations keep their order (RFC 5546): what updates or cancels one reaches nobody before it, and not at all where it
//! was stopped. Which messages belong together is told by organiser and UID, and their order by when they came.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use access::{Operation, OperationError, StoreError, Tx, Value};
use mail::Message;
use vocabulary::{EmailAddress, Entropy, FlowId, HoldId, OutboxId, Timestamp, bounds};

use super::opened::OpenFlow;
use super::{DeliveryState, outbox};

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT = "INSERT INTO invitation (organisation, event, flow, cancels, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, event, flow) DO NOTHING";
        Organisation OF_FLOW = "SELECT event, cancels, at FROM invitation WHERE organisation = $1 AND flow = $2 LIMIT 20";
        Organisation BEFORE = "SELECT d.recipient, d.state, d.outbox, (SELECT c.hold FROM companion c WHERE c.organisation = $1 AND c.flow = i.flow), (SELECT h.id FROM hold h WHERE h.organisation = $1 AND h.flow = i.flow AND h.state = 'waiting') FROM invitation i JOIN delivery d ON d.organisation = $1 AND d.flow = i.flow WHERE i.organisation = $1 AND i.event = $2 AND (i.at, i.flow) < ($3, $4) ORDER BY i.at DESC, i.flow DESC, d.position LIMIT 2000";
        Organisation IN_STATE = "SELECT id, recipient FROM delivery WHERE organisation = $1 AND flow = $2 AND state = $3 ORDER BY position LIMIT 1000";
        Organisation MOVE = "UPDATE delivery SET state = $3, outbox = $4, changed_at = $5 WHERE organisation = $1 AND id = $2 AND state = $6";
    }
}

/// Where the message before this one stands, for one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Before {
    /// There is none, or the recipient has it.
    #[default]
    Nothing,
    /// It will not reach the recipient: somebody, or a control, said no.
    Stopped(DeliveryState),
    /// It leaves by that row.
    Leaving(OutboxId),
    /// It waits for a person.
    Held(HoldId),
}

impl Before {
    /// What weighs most when one message belongs to several events.
    const fn weight(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Stopped(_) => 1,
            Self::Leaving(_) => 2,
            Self::Held(_) => 3,
        }
    }
}

/// What a message says of events, when its sender organises them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invitation {
    /// Blind indices of organiser and UID.
    events: Vec<Vec<u8>>,
    /// It does nothing but cancel.
    pub(crate) cancels: bool,
    /// When it came.
    at: Timestamp,
}

/// Methods of an organiser that change what attendees have (RFC 5546 §3.2). The others are attendees' answers.
const METHODS: [&str; 4] = ["REQUEST", "ADD", "CANCEL", "PUBLISH"];

impl Invitation {
    /// `None`: it is no invitation.
    ///
    /// # Errors
    /// The key store did not answer.
    pub(crate) fn of(
        op: &Operation,
        flow: &OpenFlow,
        message: &Message,
    ) -> Result<Option<Self>, OperationError> {
        let objects = message.calendar.iter().filter(|object| METHODS.contains(&object.method.as_str()));
        let (mut events, mut cancels) = (Vec::new(), true);
        for object in objects {
            cancels &= object.method == "CANCEL";
            // Who sends speaks for the organiser where the object does not name one.
            let organiser = match (&flow.envelope.reverse_path, object.organizer.as_str()) {
                (Some(sender), "") => sender.key(),
                (_, named) => named.to_owned(),
            };
            for uid in object.uids.iter().filter(|uid| !uid.is_empty()) {
                let event = format!("{organiser}\n{uid}");
                let event = op.instance().blind_index(op.organisation(), "calendar_event", &event)?;
                if events.len() < bounds::INVITATION_EVENTS_MAX && !events.contains(&event) {
                    events.push(event);
                }
            }
        }
        Ok((!events.is_empty()).then(|| Self { events, cancels, at: op.now() }))
    }

    /// The invitation a settled flow is.
    ///
    /// # Errors
    /// The database did not answer.
    pub(crate) async fn of_settled(tx: &mut Tx<'_>, flow: FlowId) -> Result<Option<Self>, StoreError> {
        let mut found: Option<Self> = None;
        for row in tx.fetch(sql::OF_FLOW, vec![flow.into()]).await? {
            let one = Self { events: Vec::new(), cancels: row.get(1)?, at: row.get(2)? };
            found.get_or_insert(one).events.push(row.get(0)?);
        }
        Ok(found)
    }

    /// Keeps it, inside the write that settles its flow.
    ///
    /// # Errors
    /// The database did not answer.
    pub(crate) async fn keep(&self, tx: &mut Tx<'_>, flow: FlowId) -> Result<(), StoreError> {
        for event in &self.events {
            let values = vec![event.clone().into(), flow.into(), self.cancels.into(), self.at.into()];
            tx.execute(sql::INSERT, values).await?;
        }
        Ok(())
    }

    /// Where the message before it stands, by the recipient's key; who is absent got none.
    ///
    /// # Errors
    /// The database did not answer, or what it said makes no sense.
    pub(crate) async fn before(
        &self,
        tx: &mut Tx<'_>,
        flow: FlowId,
    ) -> Result<HashMap<String, Before>, OperationError> {
        let mut all: HashMap<String, Before> = HashMap::new();
        for event in &self.events {
            let values = vec![event.clone().into(), self.at.into(), flow.into()];
            let mut latest: HashMap<String, Before> = HashMap::new();
            for row in tx.fetch(sql::BEFORE, values).await? {
                let recipient = row.parse::<EmailAddress>(0)?.key();
                let hold = row.parse_optional(3)?.or(row.parse_optional(4)?);
                let standing = standing(row.parse(1)?, row.parse_optional(2)?, hold)?;
                // The latest comes first. Where an update was stopped, a cancellation is of the invitation before it.
                match latest.entry(recipient) {
                    Entry::Vacant(place) => {
                        place.insert(standing);
                    }
                    Entry::Occupied(mut known)
                        if self.cancels && matches!(known.get(), Before::Stopped(_)) =>
                    {
                        known.insert(standing);
                    }
                    Entry::Occupied(_) => {}
                }
            }
            for (recipient, before) in latest {
                let known = all.entry(recipient).or_default();
                if before.weight() > known.weight() {
                    *known = before;
                }
            }
        }
        Ok(all)
    }
}

fn standing(
    state: DeliveryState,
    outbox: Option<OutboxId>,
    hold: Option<HoldId>,
) -> Result<Before, OperationError> {
    Ok(match (state, outbox, hold) {
        (DeliveryState::Held, _, Some(hold)) => Before::Held(hold),
        (DeliveryState::Held, _, None) => {
            return Err(OperationError::Damaged("a delivery is held without a hold".into()));
        }
        (DeliveryState::Queued | DeliveryState::Attempting, Some(outbox), _) => Before::Leaving(outbox),
        (DeliveryState::Rejected | DeliveryState::Refused | DeliveryState::Withdrawn, ..) => {
            Before::Stopped(state)
        }
        _ => Before::Nothing,
    })
}

/// What became of an invitation's deliveries that a decision let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Placed {
    /// They leave, behind what must leave first.
    pub(crate) queued: u64,
    /// They do not leave, since what they follow does not.
    pub(crate) stopped: u64,
    /// They wait on, with that hold.
    pub(crate) waits: Option<HoldId>,
}

/// Lets an invitation's deliveries go, each as what it follows stands by now. `with` is the hold whose decision lets them
/// go: what was stopped by it stops an update too.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn place(
    tx: &mut Tx<'_>,
    invitation: &Invitation,
    flow: FlowId,
    from: DeliveryState,
    stops: bool,
    (now, entropy): (Timestamp, &dyn Entropy),
) -> Result<Placed, OperationError> {
    let before = invitation.before(tx, flow).await?;
    let mut rows: HashMap<Option<OutboxId>, OutboxId> = HashMap::new();
    let mut placed = Placed::default();
    for delivery in tx.fetch(sql::IN_STATE, vec![flow.into(), from.word().into()]).await? {
        let recipient = delivery.parse::<EmailAddress>(1)?.key();
        let behind = match before.get(&recipient).copied().unwrap_or_default() {
            Before::Held(hold) => {
                placed.waits = Some(hold);
                if from != DeliveryState::Held {
                    let waits = (DeliveryState::Held, None);
                    move_one(tx, &delivery.get::<String>(0)?, from, waits, now).await?;
                }
                continue;
            }
            Before::Stopped(state) if stops || invitation.cancels => {
                placed.stopped += move_one(tx, &delivery.get::<String>(0)?, from, (state, None), now).await?;
                continue;
            }
            Before::Leaving(row) => Some(row),
            Before::Nothing | Before::Stopped(_) => None,
        };
        let row = match rows.get(&behind) {
            Some(row) => *row,
            None => {
                let row = OutboxId::new(now, entropy);
                outbox::enqueue(tx, row, flow, behind, now).await?;
                rows.insert(behind, row);
                row
            }
        };
        let to = (DeliveryState::Queued, Some(row));
        placed.queued += move_one(tx, &delivery.get::<String>(0)?, from, to, now).await?;
    }
    Ok(placed)
}

async fn move_one(
    tx: &mut Tx<'_>,
    delivery: &str,
    from: DeliveryState,
    (state, row): (DeliveryState, Option<OutboxId>),
    now: Timestamp,
) -> Result<u64, StoreError> {
    // What a control refused of the one is refused by nobody of the other: a person's word, or its lack, stops it.
    let state = if state == DeliveryState::Refused { DeliveryState::Rejected } else { state };
    let row = row.map_or(Value::Null, Value::from);
    let values = vec![delivery.into(), state.word().into(), row, now.into(), from.word().into()];
    tx.execute(sql::MOVE, values).await
}
