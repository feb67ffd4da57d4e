//! Accounts (clauses A4, A5): one natural person, or one named service, of one organisation.
//! Requested → Active → Suspended → Closed.

use std::fmt;
use std::str::FromStr;

use vocabulary::{AccountId, EmailAddress, Locale, OrganisationId};

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// Asked for; nobody approved it; nothing works.
    Requested,
    /// In use.
    Active,
    /// Nothing works until reinstated.
    Suspended,
    /// For good. Its id and history stay; its address may be used for a new account, which inherits nothing.
    Closed,
}

impl AccountState {
    /// The word in tables and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for AccountState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for AccountState {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, AccountError> {
        [Self::Requested, Self::Active, Self::Suspended, Self::Closed]
            .into_iter()
            .find(|state| state.word() == text)
            .ok_or(AccountError::UnknownState)
    }
}

/// What may be done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountVerb {
    /// Lets a requested account in.
    Approve,
    /// Turns a request down.
    Refuse,
    /// Stops it, for now.
    Suspend,
    /// Lets it work again.
    Reinstate,
    /// Stops it, for good.
    Close,
}

impl AccountVerb {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Approve, Self::Refuse, Self::Suspend, Self::Reinstate, Self::Close];

    const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Refuse => "refused",
            Self::Suspend => "suspended",
            Self::Reinstate => "reinstated",
            Self::Close => "closed",
        }
    }
}

/// Why an account did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The state does not allow it.
    #[error("an account that is {from} cannot be {}", verb.word())]
    InvalidTransition {
        /// Where it stands.
        from: AccountState,
        /// What was asked.
        verb: AccountVerb,
    },
    /// Whoever asked for an account, or is its holder, does not approve it (clause A4).
    #[error(
        "clause A4: an account is approved by an administrator who is neither its holder nor who asked for it"
    )]
    SelfApproval,
    /// Not a word of the table.
    #[error("an account is requested, active, suspended or closed")]
    UnknownState,
}

/// Who is behind an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountKind {
    /// One natural person, with a nominative address.
    Person {
        /// Where notices go, and what the person signs in with.
        email: EmailAddress,
    },
    /// One named service, which has tokens and no password.
    Service,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Person or service.
    pub kind: AccountKind,
    /// Shown to colleagues.
    pub name: String,
    /// The language it is spoken to in.
    pub locale: Locale,
    /// The organisation marked it sensitive: a second factor is mandatory (clause A1).
    pub sensitive: bool,
    /// Who asked for it; `None` when its holder did.
    pub requested_by: Option<AccountId>,
    /// Where it stands.
    pub state: AccountState,
}

impl Account {
    /// What may be done to it now: what the console offers.
    #[must_use]
    pub fn verbs(&self) -> Vec<AccountVerb> {
        AccountVerb::ALL.into_iter().filter(|verb| becomes(self.state, *verb).is_some()).collect()
    }

    /// An administrator lets it in.
    ///
    /// # Errors
    /// It is not requested, or `by` is its holder or asked for it.
    pub fn approve(self, by: AccountId) -> Result<Self, AccountError> {
        if by == self.id || self.requested_by == Some(by) {
            return Err(AccountError::SelfApproval);
        }
        self.change(AccountVerb::Approve)
    }

    /// Turns the request down.
    ///
    /// # Errors
    /// It is not requested.
    pub fn refuse(self) -> Result<Self, AccountError> {
        self.change(AccountVerb::Refuse)
    }

    /// Stops it for now. The caller ends its sessions and tokens in the same write (clause R4).
    ///
    /// # Errors
    /// It is not active.
    pub fn suspend(self) -> Result<Self, AccountError> {
        self.change(AccountVerb::Suspend)
    }

    /// Lets it work again.
    ///
    /// # Errors
    /// It is not suspended.
    pub fn reinstate(self) -> Result<Self, AccountError> {
        self.change(AccountVerb::Reinstate)
    }

    /// Stops it for good. The caller ends its sessions and tokens in the same write (clause R4).
    ///
    /// # Errors
    /// It is requested (refuse it) or closed.
    pub fn close(self) -> Result<Self, AccountError> {
        self.change(AccountVerb::Close)
    }

    fn change(self, verb: AccountVerb) -> Result<Self, AccountError> {
        let state =
            becomes(self.state, verb).ok_or(AccountError::InvalidTransition { from: self.state, verb })?;
        Ok(Self { state, ..self })
    }
}

/// The whole machine.
const fn becomes(from: AccountState, verb: AccountVerb) -> Option<AccountState> {
    match (from, verb) {
        (AccountState::Requested, AccountVerb::Approve) => Some(AccountState::Active),
        (AccountState::Requested, AccountVerb::Refuse) => Some(AccountState::Closed),
        (AccountState::Active, AccountVerb::Suspend) => Some(AccountState::Suspended),
        (AccountState::Suspended, AccountVerb::Reinstate) => Some(AccountState::Active),
        (AccountState::Active | AccountState::Suspended, AccountVerb::Close) => Some(AccountState::Closed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::{SeededEntropy, Timestamp};

    fn id(seed: u64) -> AccountId {
        AccountId::new(Timestamp::from_micros(1), &SeededEntropy::new(seed))
    }

    fn account(state: AccountState) -> Account {
        Account {
            id: id(1),
            organisation: OrganisationId::new(Timestamp::from_micros(1), &SeededEntropy::new(9)),
            kind: AccountKind::Person {
                email: EmailAddress::parse("ines.kermadec@orveane.example").unwrap(),
            },
            name: "Inès Kermadec".into(),
            locale: Locale::Fr,
            sensitive: false,
            requested_by: Some(id(2)),
            state,
        }
    }

    fn apply(account: Account, verb: AccountVerb, by: AccountId) -> Result<Account, AccountError> {
        match verb {
            AccountVerb::Approve => account.approve(by),
            AccountVerb::Refuse => account.refuse(),
            AccountVerb::Suspend => account.suspend(),
            AccountVerb::Reinstate => account.reinstate(),
            AccountVerb::Close => account.close(),
        }
    }

    #[test]
    fn the_whole_machine() {
        use AccountState::{Active, Closed, Requested, Suspended};
        let states = [Requested, Active, Suspended, Closed];
        // Rows: states. Columns: approve, refuse, suspend, reinstate, close.
        let table = [
            [Some(Active), Some(Closed), None, None, None],
            [None, None, Some(Suspended), None, Some(Closed)],
            [None, None, None, Some(Active), Some(Closed)],
            [None, None, None, None, None],
        ];
        for (state, row) in states.into_iter().zip(table) {
            for (verb, expected) in AccountVerb::ALL.into_iter().zip(row) {
                let answer = apply(account(state), verb, id(3)).map(|account| account.state);
                let refusal = AccountError::InvalidTransition { from: state, verb };
                assert_eq!(answer, expected.ok_or(refusal), "{state} {verb:?}");
                assert_eq!(account(state).verbs().contains(&verb), expected.is_some());
            }
            assert_eq!(state.word().parse(), Ok(state));
        }
    }

    #[test]
    fn clause_a4_nobody_approves_themselves() {
        let requested = account(AccountState::Requested);
        assert_eq!(requested.clone().approve(id(1)), Err(AccountError::SelfApproval));
        assert_eq!(requested.clone().approve(id(2)), Err(AccountError::SelfApproval));
        let own = Account { requested_by: None, ..requested };
        assert_eq!(own.clone().approve(id(1)), Err(AccountError::SelfApproval));
        assert!(own.approve(id(2)).is_ok());
    }

    proptest! {
        #[test]
        fn clause_a4_active_only_after_approval_and_closed_for_good(verbs in proptest::collection::vec(0usize..5, 0..30)) {
            let mut account = account(AccountState::Requested);
            let (mut was_approved, mut was_closed) = (false, false);
            for verb in verbs.into_iter().map(|place| AccountVerb::ALL[place]) {
                if let Ok(changed) = apply(account.clone(), verb, id(3)) {
                    was_approved |= verb == AccountVerb::Approve;
                    account = changed;
                }
                prop_assert!(was_approved || !matches!(account.state, AccountState::Active | AccountState::Suspended));
                prop_assert!(!was_closed || account.state == AccountState::Closed);
                was_closed |= account.state == AccountState::Closed;
            }
        }
    }
}
