# What CEREBRO itself writes by mail. A letter is a subject (`-subject`) and a text. Nothing of what messages say, no excerpt,
# nothing that a robot which follows links could act on.

held-subject = Waiting for validation: { $subject }
held =
    Hello,

    Your message “{ $subject }” has not left yet: a colleague must validate it first.

    Why:
    { $reasons }
    A decision is due before { $due }. Without one, an arbiter is called; nothing leaves and nothing is deleted silently.

    To explain it or take it back:
    { $url }

    Reference: { $reference }
    This is an automatic message.
held-private-subject = Waiting for validation: { $subject }
held-private =
    Hello,

    Your message “{ $subject }” has not left yet: a colleague must validate it first.

    Why:
    { $reasons }
    It is marked personal or private: neither its subject nor its contents are shown to the person who decides. By the link below you can take that mark off, so that it is read as a work message, explain it, or take it back.
    { $url }

    A decision is due before { $due }. Without one, an arbiter is called; nothing leaves and nothing is deleted silently.

    Reference: { $reference }
    This is an automatic message.
refused-subject = Refused: { $subject }
refused =
    Hello,

    Your message “{ $subject }” was not sent to all of its recipients: a rule refuses it.

    Why:
    { $reasons }
    This is an automatic message.
released-subject = Released: { $subject }
released =
    Hello,

    Your message “{ $subject }” was validated and leaves now.
    { $note }
    This is an automatic message.
rejected-subject = Rejected: { $subject }
rejected =
    Hello,

    Your message “{ $subject }” was reviewed and will not leave.
    { $note }
    This is an automatic message.
cover-subject = Cover: a message waits for a decision
cover =
    Hello,

    A held message is still waiting. You are its cover; due { $due }.
    { $url }
arbitration-subject = Arbitration: a held message waits for you
arbitration =
    Hello,

    A held message was escalated to you; due { $due }.
    { $url }
custody-subject = A private or protected message is waiting
custody =
    Hello,

    A private or protected message is held. Only you, or another who has this mission, can let it go; it need not be opened for that. Due: { $due }.
    { $url }
samples-wrong-subject = Controls do not do as their samples say
samples-wrong =
    Hello,

    Last night the samples of the controls in force were run. These do not do as they say: { $controls }.

    Messages are still assessed by these controls: look at them now.
    { $url }

    This message is automatic.
waits-behind-subject = Waiting: { $subject }
waits-behind =
    Hello,

    Your message “{ $subject }” changes or cancels an invitation that is itself held. It will leave after it, and will not leave if it is rejected. There is nothing for you to do.

    This is an automatic message.
not-sent-subject = Not sent: { $subject }
not-sent =
    Hello,

    Your message “{ $subject }” changes or cancels an invitation that was not sent to some of its recipients. It was not sent to them either. To invite them all the same, send a new invitation.

    This is an automatic message.
taken-out-subject = Taken out: { $subject }
taken-out =
    Hello,

    Your message “{ $subject }” was waiting to leave. It was taken out and will not leave; recipients who had it already keep it.

    This is an automatic message.
left-unassessed-subject = A message left without a full assessment
left-unassessed =
    Hello,

    While assessment was out of order, a message left, as the organisation’s policy provides. It has been assessed since: it should not have left without a decision.

    Reference: { $reference }
    This is an automatic message.
failed-subject = Not delivered: { $subject }
failed =
    Hello,

    Your message “{ $subject }” could not be delivered and will not be tried again for:
    { $recipients }
    This is an automatic message.
delayed-subject = Delayed: { $subject }
delayed =
    Hello,

    Your message “{ $subject }” could not be delivered yet to:
    { $recipients }
    It will be tried again until { $until }; there is nothing for you to do.

    This is an automatic message.
relayed-subject = Relayed: { $subject }
relayed =
    Hello,

    Your message “{ $subject }” was handed to a server that sends no delivery reports, for:
    { $recipients }
    This is an automatic message.

# To the holder of an account: a link that works once.

account-approved-subject = Your CEREBRO account is approved
account-approved =
    Hello,

    Your account for { $organisation } is approved. Choose your password before { $until }:

    { $url }

    This link works once. If you asked for nothing, tell an administrator.

    This is an automatic message.
password-forgotten-subject = Choose a new CEREBRO password
password-forgotten =
    Hello,

    Somebody asked for a new password for your account. Choose it before { $until }:

    { $url }

    This link works once, and does not stand in for your second factor. If you asked for nothing, do nothing: your password stays the same.

    This is an automatic message.
password-worthless-subject = Your CEREBRO password no longer works
password-worthless =
    Hello,

    Somebody else may know your password: it no longer works, and your sessions are over. Choose another before { $until }:

    { $url }

    This link works once, and does not stand in for your second factor. After that, “Forgotten password” sends another.

    This is an automatic message.
sign-in-code-subject = Your CEREBRO sign-in code
sign-in-code =
    Hello,

    Somebody is signing in to your account from a new device or network. If it is you, type this code, valid once and for ten minutes:

    { $code }

    If not, somebody else knows your password: tell an administrator at once. Nobody will ever ask you for this code.

    This is an automatic message and contains no link.

# To the holder of an account: what somebody else changed.

news =
    Hello,

    { $what }

    This was on { $at }. If it surprises you, tell an administrator at once.

    This is an automatic message and contains no link.
suspended-subject = Your CEREBRO account is suspended
suspended = An administrator suspended your account: its sessions are over.
reinstated-subject = Your CEREBRO account works again
reinstated = An administrator reinstated your account: you can sign in.
closed-subject = Your CEREBRO account is closed
closed = An administrator closed your account for good.
mission-given-subject = You were given a mission in CEREBRO
mission-given = You were given the mission “{ $mission }”.
mission-withdrawn-subject = A mission was withdrawn from you in CEREBRO
mission-withdrawn = The mission “{ $mission }” was withdrawn from you.
glass-broken-subject = Emergency access opened in CEREBRO (break-glass)
glass-broken = Emergency access (break-glass) was opened at the machine for { $name }, who administers until { $until }. It shuts by itself; an administrator other than that person must then close its review.
mission-suspended-subject = One of your missions is suspended in CEREBRO
mission-suspended = The mission “{ $mission }” was not reviewed in time: it allows nothing until an administrator decides. Ask one.
review-ends-subject = The review of access ends in a week
review-ends = The review of access ends in a week. Rights still to review: { $rights }. On that day those nobody decided on will allow nothing until somebody does.
review-lapsed-subject = The review of access was not done in time
review-lapsed = The review of access was not done in time. Rights nobody decided on: { $rights }. They allow nothing until somebody decides; the last administrator keeps theirs.
password-changed-subject = Your CEREBRO password was changed
password-changed = Your password was changed, and the sessions that were open are over.

# To administrators: a service's last token ends soon.

token-ends-month-subject = The last token of “{ $service }” ends within a month
token-ends-month =
    Hello,

    The last token of the service “{ $service }” ends on { $until }. From then on CEREBRO refuses all its calls.

    To keep it working, an administrator renews the token under Accounts, “Services and tokens”, and a second one agrees. The token before stays good for seven more days, while the new one is put in place. If the service is of no use any more, nothing is to be done.

    This is an automatic message and contains no link. It comes once more, a week before the end.
token-ends-week-subject = The last token of “{ $service }” ends within a week
token-ends-week =
    Hello,

    The last token of the service “{ $service }” ends on { $until }. From then on CEREBRO refuses all its calls.

    To keep it working, an administrator renews the token under Accounts, “Services and tokens”, and a second one agrees. If the service is of no use any more, nothing is to be done.

    This is an automatic message and contains no link. It is the last one before the token ends.

# To the holder of an account: what changed in how they prove who they are.

proof-changed =
    Hello,

    { $what } This was on { $at }.

    If it was you, there is nothing to do. If not, tell an administrator of { $organisation } at once and change your password.

    This is an automatic message and contains no link.
factor-added-subject = Second factor added to your CEREBRO account
factor-added = A second factor was added to your account: “{ $name }” ({ $kind }).
factor-removed-subject = Second factor removed from your CEREBRO account
factor-removed = A second factor was removed from your account: “{ $name }” ({ $kind }).
key-suspended-subject = Security key suspended on your CEREBRO account
key-suspended = A security key of your account seems to exist twice: it is suspended, and the sessions it had opened have ended.
backup-code-used-subject = A backup code opened your CEREBRO account
backup-code-used = One of your backup codes was used: { $agent } { $network }. The session can only enrol a new second factor.
code-again-subject = A code of your app was shown twice
code-again = Your password, then a code of your app that had been used already, were shown: { $agent } { $network }. Nothing was opened.
new-place-subject = Sign-in to your CEREBRO account from a new place
new-place = Your account was opened from a new device or network: { $agent } { $network }.
session-taken-subject = CEREBRO session ended: it was used on another device
session-taken = Your session was presented by another browser than yours: { $agent } { $network }. It has ended.

# Names.

factor-password = password
factor-totp = authenticator app
factor-security_key = security key
mission-operator = operations
mission-connector = connector
mission-arbiter = arbitration
mission-custodian = custody of private and protected mail
mission-supervisor = supervision
mission-auditor = audit
mission-administrator = administration
mission-registrar = directory
