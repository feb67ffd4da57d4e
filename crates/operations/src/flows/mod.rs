//! Flows: a communication's passage, from its arrival to its last delivery.

pub mod accepted;
pub mod assessments;
pub(crate) mod body;
pub(crate) mod campaign;
pub mod debt;
pub mod dry_run;
pub mod facts;
pub(crate) mod invitation;
pub(crate) mod jumps;
pub mod list;
mod loops;
pub(crate) mod lost_leases;
mod opened;
pub mod outbox;
mod passage;
mod readings;
pub mod receive;
pub mod settle;
pub(crate) mod surroundings;
pub mod sweep;
pub(crate) mod together;
pub mod understand;

pub use body::{Chunks, Large, Spool};
pub(crate) use jumps::Jumps;
pub(crate) use lost_leases::LostLeases;
pub(crate) use opened::reopen;
pub use opened::{OpenFlow, Origin};
pub use passage::Passage;
pub(crate) use readings::Readings;
pub use receive::{Content, Envelope, Receipt, ReceiveError, Submission, receive, spool};
pub use together::Kind as CompanionKind;

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT_FLOW = "INSERT INTO flow (organisation, id, source, client, sender, message_id, size, verdict, eight_bit, smtputf8, body_sha256, body, body_blob, summary, received_at, helo, peer, protocol, tls, dsn_return, envelope_id, auto_replied, bulk, template) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";
        Organisation INSERT_DELIVERY = "INSERT INTO delivery (organisation, id, flow, position, recipient, external, verdict, state, reply, outbox, changed_at, notify, original_recipient) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $10, $11, $12)";
        Organisation INSERT_ASSESSMENT = "INSERT INTO assessment (organisation, id, flow, verdict, control_set, engine, sealed, created_at, lists, scores) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        Organisation ASSESSMENTS = "SELECT id, verdict, sealed, created_at FROM assessment WHERE organisation = $1 AND flow = $2 ORDER BY created_at, id LIMIT 20";
        Organisation INSERT_HOLD = "INSERT INTO hold (organisation, id, flow, assessment, class, severity, control, state, escalation, content_sha256, held_at, due_at, remind_at, next_event, link_hash, guard) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $9, $10, $11, 'cover', $12, $13)";
        Organisation REMEMBER_RECIPIENT = "INSERT INTO known_recipient (organisation, recipient, first_at) VALUES ($1, $2, $3) ON CONFLICT (organisation, recipient) DO NOTHING";
        Organisation IS_KNOWN = "SELECT first_at FROM known_recipient WHERE organisation = $1 AND recipient = $2";
        Organisation FLOW = "SELECT id, sender, size, verdict, received_at, source, client, summary, eight_bit, smtputf8, body, body_blob, helo, peer, protocol, tls, dsn_return, envelope_id, bulk FROM flow WHERE organisation = $1 AND id = $2";
        Organisation RECENT = "SELECT id, sender, size, verdict, received_at, source, client FROM flow WHERE organisation = $1 ORDER BY received_at DESC, id DESC LIMIT 101";
        Organisation RECENT_BEFORE = "SELECT id, sender, size, verdict, received_at, source, client FROM flow WHERE organisation = $1 AND (received_at, id) < (SELECT received_at, id FROM flow WHERE organisation = $1 AND id = $2) ORDER BY received_at DESC, id DESC LIMIT 101";
        Organisation DELIVERIES = "SELECT id, recipient, external, verdict, state, reply, changed_at, outbox, notify, original_recipient, deferred FROM delivery WHERE organisation = $1 AND flow = $2 ORDER BY position LIMIT 1000";
        Organisation ASSESSMENT = "SELECT id, sealed FROM assessment WHERE organisation = $1 AND flow = $2 ORDER BY created_at DESC LIMIT 1";
        Organisation SETTLE_ACCEPTED = "UPDATE flow SET verdict = $3, summary = $4, message_id = $5, auto_replied = $6, bulk = $7, template = $8 WHERE organisation = $1 AND id = $2 AND verdict = 'accepted'";
        Organisation SETTLE_DELIVERY = "UPDATE delivery SET verdict = $3, state = $4, outbox = $5, changed_at = $6, external = $7 WHERE organisation = $1 AND id = $2 AND state = 'accepted'";
        Platform NAMES_BLOB = "SELECT id FROM flow WHERE body_blob = $1";
        Platform ACCEPTED = "SELECT organisation, id, received_at FROM flow WHERE verdict = 'accepted' AND bulk = $1 AND (received_at, id) > ($2, $3) ORDER BY received_at, id LIMIT 50";
    }
}

/// The state of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryState {
    /// Durable; it is still to be assessed.
    Accepted,
    /// May leave.
    Queued,
    /// Waits for a person.
    Held,
    /// Refused by a control.
    Refused,
    /// Being handed over: the remote may have it.
    Attempting,
    /// The remote took it.
    Delivered,
    /// The remote refused it for good, or time ran out.
    Bounced,
    /// The sender took it back.
    Withdrawn,
    /// Refused by a person.
    Rejected,
    /// Handed over, and the remote's answer was lost.
    Uncertain,
}

vocabulary::words!(DeliveryState {
    Accepted = "accepted",
    Queued = "queued",
    Held = "held",
    Refused = "refused",
    Attempting = "attempting",
    Delivered = "delivered",
    Bounced = "bounced",
    Withdrawn = "withdrawn",
    Rejected = "rejected",
    Uncertain = "uncertain",
});

impl DeliveryState {
    /// Nothing more will happen to it.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::Delivered
                | Self::Bounced
                | Self::Withdrawn
                | Self::Rejected
                | Self::Uncertain
        )
    }
}
