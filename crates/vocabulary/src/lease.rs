//! A row of the outbox in the hands of one relay: what `operations` hands out is what the gateway delivers and reports on.

use crate::{DeliveryId, EmailAddress, FlowId, ForwardPath, OrganisationId, OutboxId, Return, Xtext};

/// A row leased to one relay: a message for one or more recipients.
#[derive(Debug, Clone)]
pub struct Leased {
    /// The row.
    pub outbox: OutboxId,
    /// Whose message it is.
    pub organisation: OrganisationId,
    /// The flow it belongs to; `None` for a notice of ours.
    pub flow: Option<FlowId>,
    /// Who is told of a bounce; `None` is `<>`.
    pub reverse_path: Option<EmailAddress>,
    /// Those it is leased for, and still to be served: each is one delivery. Others of the row may wait for their destination.
    pub recipients: Vec<Target>,
    /// `RET`, for a next hop that knows delivery reports.
    pub returns: Option<Return>,
    /// `ENVID`, for the same.
    pub envelope_id: Option<Xtext>,
    /// The message needs 8BITMIME.
    pub eight_bit: bool,
    /// The message needs SMTPUTF8.
    pub smtputf8: bool,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// Proof that the lease is still ours: it grows with each lease of the row, and a write under an old one is refused.
    pub fence: u64,
    /// A relay attempted it and its answer was never recorded: it may be with the next hop already.
    pub unanswered: bool,
}

/// One recipient of a leased message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The delivery it is.
    pub delivery: DeliveryId,
    /// Where it goes, and what was asked about it.
    pub path: ForwardPath,
}
