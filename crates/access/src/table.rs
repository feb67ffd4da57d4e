//! The permission table: mission × action. A compliance officer can read it; `snapshots/` shows it whole.

use crate::{ActionName as A, Mission as M, SystemReason as S};

/// What the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Not allowed.
    No,
    /// Allowed, and a second person must agree.
    SecondPerson,
    /// Allowed after a fresh proof of presence.
    StepUp,
    /// Allowed.
    Yes,
}

impl Rule {
    /// As the table prints it.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Yes => "✔",
            Self::No => "·",
            Self::StepUp => "✔ fresh",
            Self::SecondPerson => "✔ second",
        }
    }
}

/// What a mission allows.
#[must_use]
pub const fn mission(mission: M, action: A) -> Rule {
    match mission {
        M::Operator => match action {
            A::ReadFlows | A::ReadQueue | A::ReadHold | A::ReleaseHold | A::RejectHold | A::EscalateHold => {
                Rule::Yes
            }
            _ => everyone(action),
        },
        M::Connector => match action {
            A::SubmitFlow | A::DryRun | A::ReadFlows | A::ReadQueue => Rule::Yes,
            _ => Rule::No,
        },
        M::Arbiter => match action {
            A::ReadFlows
            | A::ReadQueue
            | A::ReadHold
            | A::ArbitrateHold
            | A::OverruleHold
            | A::ReadLedger => Rule::Yes,
            _ => everyone(action),
        },
        M::Custodian => match action {
            A::ReadQueue | A::ReadHold | A::DecideGuarded => Rule::Yes,
            A::OpenGuarded => Rule::StepUp,
            _ => everyone(action),
        },
        M::Supervisor => match action {
            A::ReadFlows
            | A::ReadQueue
            | A::ReadHold
            | A::OverruleHold
            | A::DryRun
            | A::ReadOutbox
            | A::RetryDelivery
            | A::WithdrawDelivery
            | A::PauseRelay
            | A::ReadLists
            | A::ReadListEntries
            | A::ReplaceList
            | A::RefuseProposal
            | A::ReadControls
            | A::DraftControls
            | A::RehearseControls
            | A::DropControls
            | A::LookBack
            | A::MeasureScores
            | A::ProposeCalibration
            | A::DropCalibration
            | A::StopReplay
            | A::ReadLedger
            | A::ExportLedger => Rule::Yes,
            A::PublishControls | A::SignCalibration | A::AgreeProposal => Rule::StepUp,
            _ => everyone(action),
        },
        M::Auditor => match action {
            A::ReadFlows
            | A::ReadRegister
            | A::ExportRegister
            | A::ReadLedger
            | A::ExportLedger
            | A::ReadAccounts
            | A::ReadLists
            | A::ReadControls
            | A::ReadPolicy => Rule::Yes,
            _ => everyone(action),
        },
        M::Administrator => match action {
            A::ReadAccounts
            | A::InviteAccount
            | A::RefuseAccount
            | A::SuspendAccount
            | A::WithdrawMission
            | A::DeclareCompromise
            | A::ReadPolicy
            | A::RefuseChange
            | A::RevokeSessions
            | A::EndToken
            | A::ReadOutbox
            | A::RetryDelivery
            | A::PauseRelay
            | A::ReadLedger => Rule::Yes,
            A::ApproveAccount
            | A::ReinstateAccount
            | A::CloseAccount
            | A::GrantMission
            | A::ChangePolicy
            | A::CreateService
            | A::RenewToken
            | A::ReviewGlass
            | A::DecideRight
            | A::ApproveChange
            | A::DecideArrival => Rule::StepUp,
            _ => everyone(action),
        },
        M::Registrar => match action {
            A::ReadAccounts
            | A::InviteAccount
            | A::SuspendAccount
            | A::ReinstateAccount
            | A::CloseAccount
            | A::WithdrawMission => Rule::Yes,
            A::GrantMission => Rule::SecondPerson,
            _ => Rule::No,
        },
    }
}

/// What every signed-in person may do, whatever their missions.
#[must_use]
pub const fn everyone(action: A) -> Rule {
    match action {
        A::SignOut
        | A::StepUp
        | A::ReadOwnAccount
        | A::ReadOwnMessages
        | A::PostponeFactor
        | A::EndOtherSessions
        | A::DeclareOwnCompromise => Rule::Yes,
        A::EnrolAuthenticator | A::RenewBackupCodes | A::RemoveAuthenticator | A::ChangePassword => {
            Rule::StepUp
        }
        _ => Rule::No,
    }
}

/// What everybody may do to their own account, and nobody to another's.
#[must_use]
pub const fn is_own(action: A) -> bool {
    matches!(
        action,
        A::ReadOwnAccount
            | A::ReadOwnMessages
            | A::EnrolAuthenticator
            | A::RenewBackupCodes
            | A::PostponeFactor
            | A::EndOtherSessions
            | A::ChangePassword
            | A::DeclareOwnCompromise
    )
}

/// What a person may do who must have a second factor and has not shown one: enrol, and leave (clause A1).
#[must_use]
pub const fn enrolment(action: A) -> Rule {
    match action {
        A::SignOut | A::StepUp | A::ReadOwnAccount | A::DeclareOwnCompromise => Rule::Yes,
        A::EnrolAuthenticator => Rule::StepUp,
        _ => Rule::No,
    }
}

/// What the system may do by itself, for each reason it acts.
#[must_use]
pub const fn system(reason: S, action: A) -> Rule {
    match (reason, action) {
        (S::Gateway, A::ReceiveFlow)
        | (S::Relay, A::RecordDelivery)
        | (
            S::Timer,
            A::AdvanceHold
            | A::ReadHoldAgain
            | A::SignOut
            | A::RefuseAccount
            | A::RefuseChange
            | A::RefuseProposal
            | A::ShutGlass
            | A::UseBreachedList
            | A::OpenAccessReview
            | A::CloseAccessReview
            | A::LapseAccessReview
            | A::WarnOfToken
            | A::RehearseControls
            | A::LookBack
            | A::StopReplay
            | A::CheckSamples,
        )
        | (S::LinkHolder, A::AnswerHold)
        | (
            S::Console,
            A::Bootstrap
            | A::TakeOverRestored
            | A::BreakGlass
            | A::CreateService
            | A::ReadLists
            | A::ReadListEntries
            | A::ReplaceList
            | A::RefuseProposal
            | A::ReadControls
            | A::DraftControls
            | A::RehearseControls
            | A::DropControls
            | A::LookBack
            | A::MeasureScores
            | A::ProposeCalibration
            | A::DropCalibration
            | A::StopReplay
            | A::ExportLedger
            | A::ReadLedger,
        )
        | (
            S::Anonymous,
            A::SignIn
            | A::RequestAccount
            | A::UseAccountLink
            | A::SendAccountLink
            | A::RaiseAlarm
            | A::DistrustSession,
        ) => Rule::Yes,
        _ => Rule::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Family;

    /// The whole table, for people who do not read Rust.
    #[test]
    fn the_matrix_of_every_mission_and_action() {
        let mut text = format!("{:<24}", "action");
        for m in M::ALL {
            text += &format!("{:<15}", m.word());
        }
        for s in S::ALL {
            text += &format!("{:<13}", s.word());
        }
        text += "enrolling";
        for a in A::ALL {
            text = text.trim_end().to_owned() + &format!("\n{:<24}", a.word());
            for m in M::ALL {
                text += &format!("{:<15}", mission(*m, *a).sign());
            }
            for s in S::ALL {
                text += &format!("{:<13}", system(*s, *a).sign());
            }
            text += enrolment(*a).sign();
        }
        insta::assert_snapshot!("permission_table", text.trim_end());
    }

    /// Clause P3: an administrator cannot read contents or decide on flows by virtue of that role.
    #[test]
    fn clause_p3_administration_never_carries_contents() {
        let contents = [
            A::ReadHold,
            A::ReadQueue,
            A::OpenGuarded,
            A::DecideGuarded,
            A::ReleaseHold,
            A::RejectHold,
            A::EscalateHold,
            A::ArbitrateHold,
            A::OverruleHold,
            A::SubmitFlow,
            A::DryRun,
            A::WithdrawDelivery,
        ];
        for m in M::ALL.iter().filter(|m| m.family() == Family::Administration) {
            for action in contents {
                assert_eq!(mission(*m, action), Rule::No, "{m} {action}");
            }
        }
    }

    /// Decision 21: who clears the queue, rules, steers or checks does not open private mail by that; who opens it decides on
    /// nothing else.
    #[test]
    fn private_mail_is_opened_by_one_mission_alone() {
        for m in M::ALL {
            let may = (mission(*m, A::OpenGuarded), mission(*m, A::DecideGuarded));
            let wanted = if *m == M::Custodian { (Rule::StepUp, Rule::Yes) } else { (Rule::No, Rule::No) };
            assert_eq!(may, wanted, "{m}");
        }
        for action in
            [A::ReleaseHold, A::RejectHold, A::EscalateHold, A::ArbitrateHold, A::OverruleHold, A::ReadLedger]
        {
            assert_eq!(mission(M::Custodian, action), Rule::No, "{action}");
        }
        assert!(M::Custodian.is_given_by_two() && M::Custodian.always_has_factor());
    }

    /// Clause A4, attack A3: what a service asks for, a person agrees to.
    #[test]
    fn clause_a4_a3_a_service_approves_nothing() {
        let agreeing = [
            A::ApproveAccount,
            A::ApproveChange,
            A::DecideArrival,
            A::ReviewGlass,
            A::DecideRight,
            A::PublishControls,
            A::AgreeProposal,
        ];
        for m in M::ALL.iter().filter(|m| m.is_of_services()) {
            for action in agreeing {
                assert_eq!(mission(*m, action), Rule::No, "{m} {action}");
            }
        }
        assert_eq!(mission(M::Registrar, A::GrantMission), Rule::SecondPerson);
    }

    #[test]
    fn every_action_is_allowed_to_somebody() {
        for action in A::ALL {
            let somebody = M::ALL.iter().any(|m| mission(*m, *action) != Rule::No)
                || S::ALL.iter().any(|s| system(*s, *action) != Rule::No);
            assert!(somebody, "{action} can never happen: remove it");
        }
    }
}
