//! What waits to leave, for who runs the service: listed without contents, tried at once, stopped, taken out.

mod behind;
pub mod list;
pub mod pause;
pub mod restored;
pub mod retry;
pub mod withdraw;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use access::{StoreError, Tx};
use vocabulary::EmailAddress;

pub use list::{Figures, OutgoingLine, Paused, Step, Why};
pub use pause::{PauseError, pause, resume};
pub use restored::Restoration;
pub use retry::{RetryError, retry};
pub use withdraw::{WithdrawError, withdraw};

pub(crate) mod sql {
    access::statements! {
        Organisation WAITING = "SELECT l.outbox, o.flow, l.first_at, l.attempt, l.next_at, l.leased_until, l.held_off, l.last_reply, (SELECT b.outbox FROM outbox_lease b WHERE b.organisation = $1 AND b.outbox = l.behind AND b.state = 'ready') FROM outbox_lease l JOIN outbox o ON o.organisation = $1 AND o.id = l.outbox WHERE l.organisation = $1 AND l.state = 'ready' ORDER BY l.first_at, l.outbox LIMIT 101";
        Organisation WAITING_AFTER = "SELECT l.outbox, o.flow, l.first_at, l.attempt, l.next_at, l.leased_until, l.held_off, l.last_reply, (SELECT b.outbox FROM outbox_lease b WHERE b.organisation = $1 AND b.outbox = l.behind AND b.state = 'ready') FROM outbox_lease l JOIN outbox o ON o.organisation = $1 AND o.id = l.outbox WHERE l.organisation = $1 AND l.state = 'ready' AND (l.first_at, l.outbox) > (SELECT first_at, outbox FROM outbox_lease WHERE organisation = $1 AND outbox = $2) ORDER BY l.first_at, l.outbox LIMIT 101";
        Organisation RECIPIENTS = "SELECT recipient FROM delivery WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting') ORDER BY position LIMIT 1000";
        Organisation FIGURES = "SELECT COUNT(*), SUM(CASE WHEN leased_until > $2 THEN 1 ELSE 0 END), SUM(CASE WHEN attempt > 0 AND leased_until <= $2 THEN 1 ELSE 0 END), MIN(first_at) FROM outbox_lease WHERE organisation = $1 AND state = 'ready'";
        Organisation PAUSES = "SELECT destination, reason, paused_by, paused_at FROM relay_pause WHERE organisation = $1 ORDER BY destination LIMIT 500";
        Organisation DESTINATIONS = "SELECT destination FROM relay_pause WHERE organisation = $1 LIMIT 500";
        Organisation PAUSE = "INSERT INTO relay_pause (organisation, destination, reason, paused_by, paused_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, destination) DO NOTHING";
        Organisation RESUME = "DELETE FROM relay_pause WHERE organisation = $1 AND destination = $2";
        Mechanical HELD_OFF_NO_MORE = "UPDATE outbox_lease SET next_at = $2, held_off = 0 WHERE organisation = $1 AND state = 'ready' AND held_off = 1";
        Mechanical RETRY = "UPDATE outbox_lease SET next_at = $3, held_off = 0 WHERE organisation = $1 AND outbox = $2 AND state = 'ready' AND leased_until <= $3";
        Organisation LOCK = "SELECT l.state, l.leased_until, l.last_reply, o.flow FROM outbox_lease l JOIN outbox o ON o.organisation = $1 AND o.id = l.outbox WHERE l.organisation = $1 AND l.outbox = $2"
            => "SELECT l.state, l.leased_until, l.last_reply, o.flow FROM outbox_lease l JOIN outbox o ON o.organisation = $1 AND o.id = l.outbox WHERE l.organisation = $1 AND l.outbox = $2 FOR UPDATE OF l";
        Organisation FLOW_OF = "SELECT flow FROM outbox WHERE organisation = $1 AND id = $2";
        Organisation ATTEMPTED = "SELECT id FROM delivery WHERE organisation = $1 AND outbox = $2 AND state = 'attempting' LIMIT 1";
        Organisation WITHDRAW = "UPDATE delivery SET state = 'withdrawn', outbox = NULL, changed_at = $3 WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting')";
        Organisation BEHIND = "SELECT l.outbox, o.flow FROM outbox_lease l JOIN outbox o ON o.organisation = $1 AND o.id = l.outbox WHERE l.organisation = $1 AND l.behind = $2 AND l.state = 'ready' AND o.flow IS NOT NULL ORDER BY l.first_at LIMIT 2000";
        Mechanical MOVE_UP = "UPDATE outbox_lease SET behind = (SELECT t.behind FROM outbox_lease t WHERE t.organisation = $1 AND t.outbox = $2) WHERE organisation = $1 AND behind = $2 AND state = 'ready'";
        Organisation QUEUED = "SELECT id, recipient FROM delivery WHERE organisation = $1 AND outbox = $2 AND state = 'queued' ORDER BY position LIMIT 1000";
        Organisation WITHDRAW_ONE = "UPDATE delivery SET state = 'withdrawn', outbox = NULL, changed_at = $3 WHERE organisation = $1 AND id = $2 AND state = 'queued'";
        Organisation LEFT = "SELECT id FROM delivery WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting') LIMIT 1";
        Mechanical TAKEN_OUT = "UPDATE outbox_lease SET state = 'done', leased_until = 0, fence = fence + 1 WHERE organisation = $1 AND outbox = $2";
    }
}

/// Where messages go, as a pause names it: one recipient domain, or everything of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// Everything.
    All,
    /// Every recipient of this domain, in lower case.
    Domain(String),
}

/// The text is neither a domain nor `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a destination is a domain, or * for everything")]
pub struct DestinationError;

impl FromStr for Destination {
    type Err = DestinationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::All);
        }
        let address = EmailAddress::parse(&format!("x@{text}")).map_err(|_| DestinationError)?;
        Ok(Self::Domain(address.domain().to_owned()))
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Domain(domain) => f.write_str(domain),
        }
    }
}

/// The recipient domains that are paused, as the relay asks for them. Everything being paused is asked in the lease.
pub(crate) async fn paused_destinations(tx: &mut Tx<'_>) -> Result<HashSet<String>, StoreError> {
    tx.fetch(sql::DESTINATIONS, vec![]).await?.iter().map(|row| row.get(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_a_domain_or_everything() {
        assert_eq!("*".parse(), Ok(Destination::All));
        assert_eq!(" Client.Example ".parse(), Ok(Destination::Domain("client.example".into())));
        for text in ["", "a b", "a@b.example", "client.example\r\nx", "-"] {
            assert_eq!(text.parse::<Destination>(), Err(DestinationError), "{text:?}");
        }
    }
}
