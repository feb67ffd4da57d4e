//! Who acts (invariant 8): a person, a named service, or the system with a reason. Nothing is anonymous by omission.

use std::fmt;

use identity::Assurance;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, SessionId, TokenId};

/// Why the system acts by itself. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemReason {
    /// A clock ran out.
    Timer,
    /// A message arrived by SMTP.
    Gateway,
    /// A message is leaving.
    Relay,
    /// Entries are being sealed.
    Sealer,
    /// Somebody holding a link of ours acts on their own message.
    LinkHolder,
    /// Somebody at the machine's console.
    Console,
    /// Somebody who is not signed in.
    Anonymous,
}

impl SystemReason {
    /// All of them, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::Timer,
        Self::Gateway,
        Self::Relay,
        Self::Sealer,
        Self::LinkHolder,
        Self::Console,
        Self::Anonymous,
    ];

    /// The word in entries: `system:timer`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Timer => "timer",
            Self::Gateway => "gateway",
            Self::Relay => "relay",
            Self::Sealer => "sealer",
            Self::LinkHolder => "link_holder",
            Self::Console => "console",
            Self::Anonymous => "anonymous",
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A natural person in a session.
    Person {
        /// Their account.
        account: AccountId,
        /// The session they act in.
        session: SessionId,
        /// What the session proved.
        assurance: Assurance,
    },
    /// A named service with a token.
    Service {
        /// Its account.
        account: AccountId,
        /// The token it showed.
        token: TokenId,
    },
    /// The system itself.
    System(SystemReason),
}

impl Actor {
    /// The account behind it, if there is one.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Person { account, .. } | Self::Service { account, .. } => Some(*account),
            Self::System(_) => None,
        }
    }
}

/// As entries name it: pseudonymous, `account_…` or `system:gateway`.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person { account, .. } | Self::Service { account, .. } => write!(f, "{account}"),
            Self::System(reason) => write!(f, "system:{}", reason.word()),
        }
    }
}
