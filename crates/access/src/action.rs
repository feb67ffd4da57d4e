//! Everything that can be permitted: one type per action, naming what it acts on.

use std::fmt;

use vocabulary::{
    AccessReviewId, AccountId, ArrivalId, AuthenticatorId, BreakGlassId, CalibrationId, ChangeId,
    ControlSetId, FlowId, GrantId, HoldId, OrganisationId, OutboxId, ProposalId, ReplayId, SessionId,
    TokenId,
};

/// Something that can be permitted on a subject.
pub trait Action: Send + Sync + 'static {
    /// What it acts on; the permit owns it.
    type Subject: Copy + fmt::Display + Send + Sync + 'static;
    /// Its line in the permission table.
    const NAME: ActionName;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident ($subject:ty) = $word:literal;)*) => {
        /// The line of an action in the permission table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ActionName {
            $($(#[$doc])* $name,)*
        }

        impl ActionName {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word in logs and entries.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl Action for $name {
                type Subject = $subject;
                const NAME: ActionName = ActionName::$name;
            }
        )*
    };
}

actions! {
    /// Take a message in and settle its verdict.
    ReceiveFlow(FlowId) = "flow.receive";
    /// Submit a message for decision by API.
    SubmitFlow(FlowId) = "flow.submit";
    /// Assess a message without keeping anything.
    DryRun(OrganisationId) = "flow.dry_run";
    /// See flows and their states, without contents.
    ReadFlows(OrganisationId) = "flow.read";
    /// Record what became of deliveries on the wire.
    RecordDelivery(OutboxId) = "delivery.record";
    /// See what waits to leave: destinations and times, no contents and no subject.
    ReadOutbox(OrganisationId) = "outbox.list";
    /// Have a message that waits to leave tried at once.
    RetryDelivery(OutboxId) = "outbox.retry";
    /// Take a message out of what waits to leave.
    WithdrawDelivery(OutboxId) = "outbox.withdraw";
    /// Stop and restart what leaves: to one destination, or everything.
    PauseRelay(OrganisationId) = "relay.pause";

    /// See which holds wait, with subject lines.
    ReadQueue(OrganisationId) = "hold.list";
    /// Open a held message: its contents, or what is told of it while it is guarded.
    ReadHold(HoldId) = "hold.read";
    /// Open the contents of a guarded hold, with grounds, for a while.
    OpenGuarded(HoldId) = "hold.open_guarded";
    /// Decide on a guarded hold, opened or not.
    DecideGuarded(HoldId) = "hold.decide_guarded";
    /// Let a waiting hold go.
    ReleaseHold(HoldId) = "hold.release";
    /// Refuse a waiting hold for good.
    RejectHold(HoldId) = "hold.reject";
    /// Hand a waiting hold to the arbiters.
    EscalateHold(HoldId) = "hold.escalate";
    /// Rule on an escalated hold.
    ArbitrateHold(HoldId) = "hold.arbitrate";
    /// Decide against a verdict or a decision, with grounds.
    OverruleHold(HoldId) = "hold.overrule";
    /// Move a hold's clock: cover, escalation, expiry.
    AdvanceHold(HoldId) = "hold.advance";
    /// Keep what the second encoder says of a held message.
    ReadHoldAgain(HoldId) = "hold.read_again";
    /// Justify or withdraw one's own held message, or take its private mark off.
    AnswerHold(HoldId) = "hold.answer";

    /// See why messages were held, redacted: controls, kinds and places, values masked.
    ReadRegister(OrganisationId) = "register.read";
    /// Take that register out, as a file or by a program.
    ExportRegister(OrganisationId) = "register.export";
    /// See which of one's own messages were held, and what a sender may know of why.
    ReadOwnMessages(AccountId) = "message.own";

    /// See the ledger and its proofs.
    ReadLedger(OrganisationId) = "ledger.read";
    /// Take a verifiable copy of the ledger.
    ExportLedger(OrganisationId) = "ledger.export";

    /// Make an organisation, its log and its first people.
    Bootstrap(OrganisationId) = "organisation.bootstrap";
    /// Take over a database that was brought back from a backup and is behind its log.
    TakeOverRestored(OrganisationId) = "organisation.restored";
    /// See which lists the organisation gave, and in which version.
    ReadLists(OrganisationId) = "list.read";
    /// See what stands in a list, and in a proposal about one: inside information, and people.
    ReadListEntries(OrganisationId) = "list.open";
    /// Change the organisation's lists, its client file, its examples, or say whom its people wrote to before. What makes it watch less
    /// waits for a second person.
    ReplaceList(OrganisationId) = "list.replace";
    /// Agree to what somebody else proposed and makes the organisation watch less: it is in force at once.
    AgreeProposal(ProposalId) = "proposal.agree";
    /// Turn a proposal down, or take it back.
    RefuseProposal(ProposalId) = "proposal.refuse";
    /// See control sets, their files and rehearsals.
    ReadControls(OrganisationId) = "controls.read";
    /// Draft a control set.
    DraftControls(OrganisationId) = "controls.draft";
    /// Rehearse a drafted set on past flows.
    RehearseControls(ControlSetId) = "controls.rehearse";
    /// Publish a set somebody else drafted: it is in force at once.
    PublishControls(ControlSetId) = "controls.publish";
    /// Give a drafted set up.
    DropControls(ControlSetId) = "controls.drop";
    /// Look at past flows again with the controls and lists of today.
    LookBack(OrganisationId) = "controls.look_back";
    /// Count what the models scored on the organisation's own messages.
    MeasureScores(OrganisationId) = "calibration.measure";
    /// Propose from which score on controls may hold.
    ProposeCalibration(OrganisationId) = "calibration.propose";
    /// Sign what somebody else proposed: it is in force at once.
    SignCalibration(CalibrationId) = "calibration.sign";
    /// Turn a proposed calibration down, or take it back.
    DropCalibration(CalibrationId) = "calibration.drop";
    /// Stop reading past flows again, or say that it failed.
    StopReplay(ReplayId) = "controls.stop_replay";
    /// Run the samples of the controls in force.
    CheckSamples(OrganisationId) = "controls.check_samples";
    /// See accounts and their missions.
    ReadAccounts(OrganisationId) = "account.list";
    /// Ask for an account for oneself.
    RequestAccount(OrganisationId) = "account.request";
    /// Ask for an account for somebody else.
    InviteAccount(OrganisationId) = "account.invite";
    /// Set a password by a link sent to the account's own mailbox.
    UseAccountLink(AccountId) = "account.link";
    /// Send such a link: a password was forgotten.
    SendAccountLink(AccountId) = "account.link_send";
    /// Look for passwords in another list of breached ones.
    UseBreachedList(OrganisationId) = "password.list";
    /// Change one's own password.
    ChangePassword(AccountId) = "password.change";
    /// Say that one's own password may be known.
    DeclareOwnCompromise(AccountId) = "password.suspect_own";
    /// Say that somebody's password may be known.
    DeclareCompromise(AccountId) = "password.suspect";
    /// Turn down an account that was asked for.
    RefuseAccount(AccountId) = "account.refuse";
    /// Approve an account that was asked for.
    ApproveAccount(AccountId) = "account.approve";
    /// Suspend an account: its sessions and tokens end at once.
    SuspendAccount(AccountId) = "account.suspend";
    /// Let a suspended account work again.
    ReinstateAccount(AccountId) = "account.reinstate";
    /// Close an account for good.
    CloseAccount(AccountId) = "account.close";
    /// Give somebody a mission; one of administration or of a service waits for a second administrator.
    GrantMission(AccountId) = "mission.grant";
    /// Withdraw a mission.
    WithdrawMission(GrantId) = "mission.withdraw";
    /// See the settings that decide who comes in.
    ReadPolicy(OrganisationId) = "policy.read";
    /// Change them; what loosens waits for a second administrator.
    ChangePolicy(OrganisationId) = "policy.change";
    /// Make a named service.
    CreateService(OrganisationId) = "service.create";
    /// Give a service a new token; it waits for a second administrator.
    RenewToken(AccountId) = "token.renew";
    /// End a token of a service.
    EndToken(TokenId) = "token.end";
    /// Tell that a service's last token ends soon.
    WarnOfToken(TokenId) = "token.warn";
    /// Open a way in for hours, at the machine's console.
    BreakGlass(OrganisationId) = "glass.break";
    /// Shut it when its time is over.
    ShutGlass(BreakGlassId) = "glass.shut";
    /// Say what was done by it.
    ReviewGlass(BreakGlassId) = "glass.review";
    /// Open the quarter's review of access.
    OpenAccessReview(OrganisationId) = "access_review.open";
    /// Tell that it ends soon, and suspend what it left open in its time.
    LapseAccessReview(AccessReviewId) = "access_review.lapse";
    /// Close it when no right is left to decide on.
    CloseAccessReview(AccessReviewId) = "access_review.close";
    /// Keep or end a right that the open review asks about.
    DecideRight(GrantId) = "right.review";
    /// Agree to a change that somebody else asked for.
    ApproveChange(ChangeId) = "change.approve";
    /// Turn a change down, or take it back.
    RefuseChange(ChangeId) = "change.refuse";
    /// Prove who one is.
    SignIn(AccountId) = "session.open";
    /// End one's own session.
    SignOut(SessionId) = "session.end";
    /// End all of one's own sessions but the one in use.
    EndOtherSessions(AccountId) = "session.end_others";
    /// End somebody's sessions.
    RevokeSessions(AccountId) = "session.revoke";
    /// End a session that another browser shows.
    DistrustSession(SessionId) = "session.distrust";
    /// Answer a sign-in from a new device or network.
    DecideArrival(ArrivalId) = "arrival.decide";
    /// Tell an organisation of an attack seen at its door.
    RaiseAlarm(OrganisationId) = "security.alarm";
    /// Prove presence again in one's own session.
    StepUp(SessionId) = "session.prove";
    /// See one's own authenticators and sessions.
    ReadOwnAccount(AccountId) = "account.own";
    /// Add an authenticator to one's own account.
    EnrolAuthenticator(AccountId) = "authenticator.enrol";
    /// Replace one's own backup codes.
    RenewBackupCodes(AccountId) = "authenticator.codes";
    /// Remove an authenticator of one's own.
    RemoveAuthenticator(AuthenticatorId) = "authenticator.remove";
    /// Put the question of a second factor off.
    PostponeFactor(AccountId) = "authenticator.postpone";
}

impl fmt::Display for ActionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
