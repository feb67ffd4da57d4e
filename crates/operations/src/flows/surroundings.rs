//! What a message has to do with others: a campaign it is one of, an invitation it follows.

use access::{Operation, OperationError, Tx};
use mail::Message;
use vocabulary::{EmailAddress, HoldId};

use super::campaign::{self, Sending};
use super::invitation::{Before, Invitation};
use super::opened::OpenFlow;

mod sql {
    access::statements! {
        Organisation ACCEPTED_BEFORE = "SELECT id FROM flow WHERE organisation = $1 AND sender = $2 AND verdict = 'accepted' AND id < $3 LIMIT 1";
    }
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// How it is sent.
    pub(crate) sending: Sending,
    /// What it says of events.
    pub(crate) invitation: Option<Invitation>,
    /// What must be with each recipient first, in the order of the envelope; empty when nothing must.
    pub(crate) before: Vec<Before>,
    /// It is of an event, and its sender handed over a message before that nobody has understood yet: what it follows.
    pub(crate) too_early: bool,
}

impl Surroundings {
    /// Looks at a message before it is settled.
    ///
    /// # Errors
    /// The key store or the database did not answer.
    pub(crate) async fn look(
        op: &Operation,
        flow: &OpenFlow,
        message: &Message,
    ) -> Result<Self, OperationError> {
        let sending = campaign::sending(op, flow, message).await?;
        let Some(invitation) = Invitation::of(op, flow, message)? else {
            return Ok(Self { sending, ..Self::default() });
        };
        let (id, asked) = (flow.id, invitation.clone());
        let earlier = vec![flow.envelope.reverse_path.as_ref().map(EmailAddress::as_str).into(), id.into()];
        let (known, too_early) = op
            .read(async move |tx: &mut Tx<'_>| {
                let accepted = tx.fetch_optional(sql::ACCEPTED_BEFORE, earlier).await?;
                Ok::<_, OperationError>((asked.before(tx, id).await?, accepted.is_some()))
            })
            .await?;
        let recipients = flow.envelope.recipients.iter();
        let before = recipients.map(|to| known.get(&to.address.key()).copied().unwrap_or_default()).collect();
        Ok(Self { sending, invitation: Some(invitation), before, too_early })
    }

    /// What a recipient must have first.
    pub(crate) fn before(&self, position: usize) -> Before {
        self.before.get(position).copied().unwrap_or_default()
    }

    /// It does nothing but cancel.
    pub(crate) fn cancels(&self) -> bool {
        self.invitation.as_ref().is_some_and(|invitation| invitation.cancels)
    }

    /// The hold of what it follows, for the first recipient who must wait.
    pub(crate) fn held_by(&self) -> Option<HoldId> {
        self.before.iter().find_map(|before| match before {
            Before::Held(hold) => Some(*hold),
            _ => None,
        })
    }
}
