//! Whose data a query may touch (invariant 5).

use crate::OrganisationId;

/// One organisation's rows, or the platform's for a reason of a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The rows of one organisation.
    Organisation(OrganisationId),
    /// Rows of any organisation, for this reason.
    Platform(PlatformReason),
}

/// Why a query may cross organisations. Adding one is a decision to record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlatformReason {
    /// Finding the account behind a sign-in, a session cookie or an API token.
    SignIn,
    /// Finding which organisation a connected mail server speaks for.
    Gateway,
    /// Leasing what waits to leave.
    Relay,
    /// Finding clocks that ran out.
    Timer,
    /// Folding entries into the trees and signing checkpoints.
    Sealer,
    /// Making the instance: `init`, `demo`, bootstrap.
    Bootstrap,
}
