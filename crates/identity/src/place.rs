//! A sign-in from a new device or a new network triggers an additional verification, as the organisation's policy says
//! (clause T2). The rule alone: what is new is told by whoever keeps the sessions.

use serde::{Deserialize, Serialize};

/// What a new device or network asks for, from the mildest to the strictest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewPlace {
    /// A code sent to the account's own mailbox. Weak, never counted as a factor, never enough for administration or a
    /// sensitive account (NIST SP 800-63B-4 §3.1.3.1).
    EmailedCode,
    /// The second factor; the code by mail for who has none.
    #[default]
    SecondFactor,
    /// An administrator's approval besides.
    Approval,
    /// Nothing helps: a new device is only taken on a trusted network, a new network never.
    Refuse,
}

impl NewPlace {
    /// All of them, the mildest first.
    pub const ALL: [Self; 4] = [Self::EmailedCode, Self::SecondFactor, Self::Approval, Self::Refuse];

    /// The word in policies, forms and evidence.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EmailedCode => "emailed_code",
            Self::SecondFactor => "second_factor",
            Self::Approval => "approval",
            Self::Refuse => "refuse",
        }
    }

    /// The rule of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.word() == word)
    }
}

/// Where somebody comes from, compared with where their account came from before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The account never signed in with this device.
    pub new_device: bool,
    /// The account never signed in from this network.
    pub new_network: bool,
    /// The organisation declared the network as its own.
    pub trusted: bool,
    /// The account never signed in at all.
    pub first: bool,
    /// An administrator approved this device on this network.
    pub approved: bool,
}

impl Arrival {
    /// Something about it is new. A declared network is never new.
    #[must_use]
    pub const fn is_new(self) -> bool {
        !self.approved && (self.new_device || (self.new_network && !self.trusted))
    }
}

/// Who is arriving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// A second factor was shown.
    pub second_factor: bool,
    /// The account must have one (clause A1): without, its session can do nothing but enrol.
    pub must_have_factor: bool,
}

/// What is asked before a session opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// Nothing more.
    Nothing,
    /// The code sent by mail.
    EmailedCode,
    /// An administrator's approval.
    Approval,
    /// It is refused.
    Refused,
}

/// What an arrival asks for under a policy.
#[must_use]
pub const fn verification(policy: NewPlace, arrival: Arrival, shown: Shown) -> Verification {
    if !arrival.is_new() {
        return Verification::Nothing;
    }
    match policy {
        NewPlace::Refuse if arrival.trusted => Verification::Nothing,
        NewPlace::Refuse => Verification::Refused,
        // The first device of an account has nobody to be compared with: on the organisation's own network it is taken.
        NewPlace::Approval if arrival.first && arrival.trusted => Verification::Nothing,
        NewPlace::Approval => Verification::Approval,
        // Without its mandatory factor the session can only enrol one; mail would be no proof (clause A1). The very first
        // sign-in follows a link to the account's own mailbox: another code there would prove nothing more.
        NewPlace::SecondFactor | NewPlace::EmailedCode
            if shown.second_factor || shown.must_have_factor || arrival.first =>
        {
            Verification::Nothing
        }
        NewPlace::SecondFactor | NewPlace::EmailedCode => Verification::EmailedCode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Arrival =
        Arrival { new_device: false, new_network: false, trusted: false, first: false, approved: false };
    const PASSWORD: Shown = Shown { second_factor: false, must_have_factor: false };
    const FACTOR: Shown = Shown { second_factor: true, must_have_factor: false };
    const OWING: Shown = Shown { second_factor: false, must_have_factor: true };
    const ALL: [NewPlace; 4] = NewPlace::ALL;

    #[test]
    fn clause_t2_clause_t4_n4_the_whole_table() {
        use Verification::{Approval, EmailedCode, Nothing, Refused};
        let device = Arrival { new_device: true, ..OLD };
        let network = Arrival { new_network: true, ..OLD };
        let trusted = Arrival { new_device: true, new_network: true, trusted: true, ..OLD };
        let first = Arrival { first: true, ..trusted };
        // Columns: e-mailed code, second factor, approval, refuse.
        let table = [
            (OLD, PASSWORD, [Nothing, Nothing, Nothing, Nothing]),
            (device, FACTOR, [Nothing, Nothing, Approval, Refused]),
            (device, PASSWORD, [EmailedCode, EmailedCode, Approval, Refused]),
            (device, OWING, [Nothing, Nothing, Approval, Refused]),
            (network, PASSWORD, [EmailedCode, EmailedCode, Approval, Refused]),
            (network, FACTOR, [Nothing, Nothing, Approval, Refused]),
            (Arrival { trusted: true, ..network }, PASSWORD, [Nothing, Nothing, Nothing, Nothing]),
            (trusted, PASSWORD, [EmailedCode, EmailedCode, Approval, Nothing]),
            (first, FACTOR, [Nothing, Nothing, Nothing, Nothing]),
            (Arrival { first: true, ..device }, PASSWORD, [Nothing, Nothing, Approval, Refused]),
            (Arrival { approved: true, ..device }, FACTOR, [Nothing, Nothing, Nothing, Nothing]),
        ];
        for (arrival, shown, answers) in table {
            assert_eq!(
                ALL.map(|policy| verification(policy, arrival, shown)),
                answers,
                "{arrival:?} {shown:?}"
            );
        }
        assert!(ALL.is_sorted(), "the strictest of several is their maximum");
    }
}
