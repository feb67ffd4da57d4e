# CEREBRO in British English. $n chooses the plural form, $shown is the number as written.

## Frame
skip = Skip to content
menu = Menu
other-language = Français
nav-main = Main
nav-operations = Operations
nav-queue = Queue
nav-decisions = Decisions
nav-evidence = Evidence
nav-ledger = Ledger
session = Session:
session-over = ended
sign-out = Sign out
close = Close
cancel = Cancel
continue = Continue
key-enter = Enter
key-escape = Esc
quoted = “{ $text }”
no-subject = No subject

## Keyboard
hint-move = move
hint-search = search
hint-help = help
help-title = Keyboard
help-move = Next message, previous message
help-decide = Release, reject, escalate
help-motive = Pick a reason
help-confirm = Confirm the decision
help-cancel = Cancel, close
help-search = Search the queue
help-help = This help
help-off = Turn single-letter keys off on this device

## Verdicts, states, severities
state-pass = Pass
state-held = Held
state-refused = Refused
state-waiting = Waiting
state-escalated = Escalated
state-released = Released
state-rejected = Rejected
state-withdrawn = Withdrawn
state-expired = Expired
state-sending = Sending
state-delivered = Delivered
state-bounced = Bounced
state-uncertain = Delivery uncertain
severity-low = Low
severity-medium = Medium
severity-high = High
severity-critical = Critical

## Clocks
clock-over = overdue by { $span }
clock-said-due = { $rest }, due { $due }
clock-said-seconds = { $n ->
    [one] { $shown } second left
   *[other] { $shown } seconds left
}
clock-said-minutes = { $n ->
    [one] { $shown } minute left
   *[other] { $shown } minutes left
}
clock-said-hours = { $n ->
    [one] { $shown } hour left
   *[other] { $shown } hours left
}
clock-said-days = { $n ->
    [one] { $shown } day left
   *[other] { $shown } days left
}
clock-said-over = { $n ->
    [one] Overdue by { $shown } minute
   *[other] Overdue by { $shown } minutes
}
clock-said-risk = This message is running short of time
clock-said-critical = This message is almost out of time
clock-said-expired = This message has run out of time
due-at = due { $due }

## Sign-in
sign-in = Sign in
sign-in-step = Step 1 of 2: who you are
sign-in-email = Work e-mail address
sign-in-password = Password
sign-in-password-hint = Pasting and password managers welcome.
sign-in-no-account = No account yet? Every account belongs to one named person and is approved.
sign-in-verb = Sign in
sign-in-again = Try again
sign-in-refused = Sign-in refused
sign-in-refused-advice = The address or the password does not match, or the account is not active.
sign-in-wait = Too many tries
sign-in-wait-advice = Wait fifteen minutes, or ask an administrator of your organisation.
network-title = Undeclared network.
network-text = You are not on one of your organisation’s trusted networks. Avoid public networks, even with a VPN.
code = Second factor
code-step = Step 2 of 2: proof
code-label = Six-digit code
code-hint = In your authenticator app, on the CEREBRO line.
code-again = Enter a new code
code-restart = Start again with another address
code-wrong = This code is not the right one
code-wrong-advice = Check the time on your phone, then take the code shown now.
code-used = This code has already been used
code-used-advice = Each code works once: wait for the next one, at most thirty seconds.
code-late = The first step has expired
code-late-advice = Enter your address and password again.

## Second factors
otherwise = Otherwise
backup = Backup code
backup-only = Only lets you enrol a new factor
backup-text = One of your ten codes, when you no longer have your second factor. It opens a session that can only enrol a new one.
backup-label = Backup code
backup-hint = Six groups of four characters; hyphens and spaces do not count.
backup-again = Enter another code
backup-not = Back to the six-digit code
backup-wrong = This backup code is not right
backup-wrong-advice = It is mistyped, used already, or replaced.
presence = Confirm your presence
presence-text = This action needs proof, from the last ten minutes, that it is you. Your session then continues.
presence-verb = Confirm
proof-wrong = Your presence is not confirmed
proof-wrong-advice = The code or the password is not right. A code is good only once.
security = My security
security-text = What proves that it is you. Each change leaves an entry in the ledger.
not-done = Nothing changed
never = never
factors = Second factors
factors-empty = None yet.
factor-owed = A second factor is mandatory.
factor-owed-text = Your account has the administration mission, or is sensitive: until a second factor is enrolled, it can do nothing else.
factor-by-code = Enrol a new second factor.
factor-by-code-text = This session was opened with a backup code: it can do nothing else. Remember to remove the lost factor afterwards.
factor-asked = Protect your account with a second factor.
factor-asked-text = A password can be stolen; a second factor stops the thief. Enrolling takes a minute.
factor-none = Your account has no second factor.
factor-none-text = You will be asked again at a later sign-in.
factor-postpone = Later, in a week
factor-add-app = Add an authenticator app
factor-name = Name
factor-name-hint = To tell it from others: “Work phone”.
factor-name-first = Phone
factor-last = Last: cannot be removed
factor-too-many = This account has as many factors as allowed. Remove one first.
factor-name-wrong = Give a name of at most sixty characters.
factor-offer-over = This QR code is no longer valid: here is a new one.
factor-add-key = Add a security key
key-text = A USB or NFC key, or a passkey of this device. It checks your PIN or fingerprint, and only answers this site.
key-name-first = My key
key-name-hint = To tell it from others: “Key on my badge”.
key-verb = Touch the key
key-use = Use a security key
key-failed = The key did not answer. Try again.
key-known = This key is already enrolled.
key-none = This browser does not support security keys.
key-script = Security keys need JavaScript.
key-not-taken = This key was not accepted: it must check its holder, and be of a model your organisation allows, attested by its maker if your organisation asks for that.
key-over = The request has expired, or this key is already enrolled. Here is a new one.
key-wrong = This key did not prove that it is you
key-wrong-advice = It is not enrolled, is suspended, or answered too late. Try again, or use another factor.
key-suspended = Suspended: it seems to exist twice.
kind-key = Security key
kind-totp = Authenticator app
col-name = Name
col-since = Since
col-used = Last used
remove = Remove
remove-named = Remove “{ $name }”
remove-text = From now on it no longer proves that it is you.
remove-last = It is your last second factor: your backup codes go with it, and only its password will protect your account.
codes = Backup codes
codes-text = Each is good once, and only lets you enrol a new factor.
codes-left = { $n ->
    [0] No code
    [one] { $shown } unused code
   *[other] { $shown } unused codes
}
codes-made = made on { $when }
codes-renew = Make ten new codes
codes-once = They will never be shown again. Earlier codes no longer work.
codes-keep = Print them or copy them out, and keep them away from your phone.
codes-yours = Your ten codes
codes-kept = I have kept them
password-since = Yours dates from { $when }. It does not expire: change it if you believe that somebody else knows it.
app-text = Any app that makes six-digit codes (RFC 6238) will do.
app-step-1 = 1. Read this code with your app
app-qr = QR code of the secret to copy into your app
app-typed = Or type this key:
app-step-2 = 2. Give the code it shows
app-code-hint = It proves that the copy is right, and is used up.
app-verb = Enrol

## Accounts
nav-administration = Administration
nav-accounts = Accounts
accounts = Accounts
accounts-text = Each belongs to one person, or to one named service. An account without a mission can do nothing.
accounts-all = See all accounts
accounts-more = Around accounts
accounts-pages = Pages of accounts
page-before = Previous page
page-after = Next page
col-state = State
col-missions = Missions
col-factor = Second factor
col-seen = Last seen
col-until = Until
missions-none = none
account-requested = Requested
account-active = Active
account-suspended = Suspended
account-closed = Closed
account-service = Named service
factor-service = token
factor-none-owed = none, though it is mandatory
factor-none-yet = none
factor-count = { $n ->
    [one] { $shown } enrolled
   *[other] { $shown } enrolled
}
coverage = People with a second factor
coverage-list = See who has none
coverage-must = Mandatory
coverage-must-text = administration and sensitive accounts with a second factor
coverage-without = Active people without a second factor.
coverage-full = Everybody has a second factor
coverage-full-text = Active people without a second factor would appear here.
requests = Account requests
requests-see = See the requests
requests-text = An account exists only once approved by an administrator who neither asked for it nor holds it.
requests-empty = No request is waiting
requests-empty-text = A request made on the public page, or an invitation, appears here with its reason.
asked-by-holder = the person themselves
account-known = What is known
account-why = Why
account-asked-by = Asked for by
account-approved-by = Approved by
account-missions-asked = Missions asked for
account-sensitive = Sensitive
account-sensitive-text = a second factor is mandatory
account-exception = Role address accepted.
account-answer = Answer this request
account-answer-text = Once approved, the account gets a link to choose its password, valid once and for three days. Administration is granted apart, by two.
account-approve = Approve
account-refuse = Refuse
account-self-approval = You cannot approve this account: it is yours, you asked for it, or its request goes back to you.
account-answered = This request was answered already.
account-suspend = Suspend
account-suspend-text = From the next request on, its sessions, links and tokens open nothing. The mission of administration, if it has it, ends.
account-reinstate = Reinstate
account-reinstate-text = The account works again, with the missions it still has. No session comes back, and administration is given again by two.
account-close = Close for good
account-close-text = Sessions, links, tokens, second factors and missions end. The address is free again; a new account inherits nothing.
account-last-administrator = This is the last administrator with a password, a second factor and no end date: give the mission to somebody else first
account-other-state = The state of the account changed meanwhile
reason-hint = In a sentence, for your colleagues and the auditor. Recorded in the ledger.
mission-give = Give a mission
mission-give-text = Least privilege: nothing more than what the person does. Administration, custody of private mail and any mission of a service wait for a second administrator.
mission-give-verb = Give
mission-choose = Choose a mission
mission-first-day = First day
mission-first-day-hint = Empty: from now on.
mission-last-day = Last day
mission-last-day-hint = Empty: until it is withdrawn.
mission-date-wrong = Give a date, such as 2026-12-31
mission-same-person = Nobody gives a mission to themselves, nor to another account of theirs
mission-wrong-kind = This mission is not for this kind of account: a service connects, a person does everything else
mission-period = A mission begins within a year and ends after it begins, within ten years
mission-held = The account already has this mission in that period
mission-too-many = The account already has too many missions
mission-withdraw = Withdraw
mission-withdraw-one = Withdraw the mission { $mission }
mission-withdraw-text = From the next request on, it no longer allows anything.
mission-by-console = the machine’s console
mission-since = since { $when }
mission-from = from { $when }
mission-until = until { $when }
mission-over = over { $when }
mission-begins = Begins
mission-ends = Ends
missions-empty = This account has no mission: it can do nothing.
col-mission = Mission
col-period = When
col-change = Change
changes = Changes by two
changes-see = See the changes
changes-text = What weakens security waits for a second administrator, who is neither the one who asks nor the one it is for.
changes-empty = Nothing is waiting for a second person
changes-empty-text = A new administrator or a looser setting would appear here.
administrators-few = { $n ->
    [0] No administrator could go on alone.
   *[other] Only one administrator could go on alone.
}
administrators-few-text = Whoever can has a password, a second factor and no end date. Give the mission to somebody else, or have a colleague who holds it enrol a second factor: with a single administrator, one lost key locks everybody out.
access-review = Review of access
access-review-text = Every quarter each right is looked at with its last use, and kept or ended by an administrator who does not hold it. What is ended ends at once; what nobody decided on in time is suspended until somebody does.
access-review-left = { $n ->
    [one] One right is left to review.
   *[other] { $shown } rights are left to review.
}
access-review-overdue = { $n ->
    [one] The review of access is late: one right is left.
   *[other] The review of access is late: { $shown } rights are left.
}
access-review-due = To be done before { $due }.
access-review-late = Past its due date: { $due }
access-review-none = No review is open
access-review-last = The last one closed on { $when }. The next opens by itself, a quarter after that one opened.
access-review-first = The first opens by itself, a quarter after the organisation was made.
right-waits = To review
right-suspended = Suspended
right-suspended-since = since { $when }
mission-suspended = suspended { $when }: not reviewed in time
right-kept = Kept
right-ended = Ended
right-gone = Over meanwhile
right-keep = Keep
right-end = End
right-keep-named = Keep { $name }’s mission { $mission }
right-end-named = End { $name }’s mission { $mission }
right-own = somebody else decides
right-same-person = Nobody decides on their own rights, even under another account.
toast-right = Right reviewed.
glass = Break-glass
glass-text = Emergency access opened at the machine when no administrator could come in. Each shuts by itself, and its review is closed by somebody other than its user.
glass-none = Never used
glass-none-text = Access opened at the machine would appear here.
glass-open = Open
glass-to-review = To review
glass-reviewed = Reviewed
glass-review = Review
glass-review-text = What was done during this access stands in the ledger. Say what you found there.
glass-review-verb = Close the review
glass-review-named = Close the review of { $name }’s access
glass-not-yet = once it is shut
glass-not-now = The review is closed once, when the access is shut
glass-own = Whoever used the access does not close its review, even under another account
glass-waits = { $n ->
    [one] One emergency access waits for its review.
   *[other] { $shown } emergency accesses wait for their review.
}
glass-see = See
toast-glass = Review closed.
services = Services and tokens
services-text = A service is a program that calls the API. Whoever holds its token is the service: keep it where secrets are kept.
services-none = No service
services-none-text = A CRM or a directory that calls the API would appear here.
col-tokens = Tokens
used-on = last used: { $when }
never-used = never used
token = Token
token-none = no good token: the service cannot come in
token-since = since { $when }
token-until = until { $when }
token-no-end = no end
token-ends-soon = ends soon
token-end = End
token-end-named = End the token { $id } of { $name }
token-end-one = End the token { $id }
token-end-text = It opens nothing from the next call on, on every node. A program that still uses it stops.
token-renew = Renew the token
token-renew-named = Renew the token of { $name }
token-renew-verb = Ask, and show the token
token-renew-text = { $n ->
    [one] The new token is shown once, here, and is good for nothing before a second administrator agrees. The old one then stays good for a day, while programs are changed over.
   *[other] The new token is shown once, here, and is good for nothing before a second administrator agrees. The old one then stays good for { $shown } days, while programs are changed over.
}
token-once = This token is shown only once.
token-keep = Copy it now to where secrets are kept. Once lost, it cannot be found again: ask for another.
token-yours = The service’s token
token-good = It is good from now on, until { $until }. The service has no mission yet: it can do nothing.
token-waits = It is good for nothing yet: a second administrator has to agree.
token-see-change = See what waits
token-too-many = The service has two tokens already: end one first
service-make = New service
service-make-text = It begins without a mission. Each mission it is given waits for a second administrator.
service-name = Name
service-name-hint = What it will be known by: the program, and what it is for.
service-name-wrong = Give a name of 1 to 100 characters, all of them visible
service-exists = A service has this name already
service-too-many = The organisation has a hundred services already: close one first
service-make-verb = Make it and show the token
change-token = { $name }: new token
change-token-before = The token before
change-token-before-text = { $n ->
    [one] good for one more day after the second person agrees
   *[other] good for { $shown } more days after the second person agrees
}
toast-token-ended = Token ended.
policy = Who comes in, and how
policy-text = Your organisation’s settings, within CEREBRO’s bounds. What tightens counts at once; what loosens waits for a second administrator.
policy-change = Change these settings
policy-change-text = What tightens counts as soon as it is saved, everywhere. What loosens waits until a second administrator agrees.
policy-change-verb = Save
policy-same = Nothing differs from what stands
policy-meanwhile = A colleague has just changed these settings: look at them again
policy-list-fails = No password can be set
policy-idle = Minutes without activity
policy-whole = Minutes in all
policy-most = At most { $most }.
policy-place = New device or network
policy-mandatory = Second factor mandatory
policy-mandatory-always = The second factor is always mandatory for administration.
policy-postpone-hint = In days, 0 to 7. Zero: the question comes back at each sign-in.
policy-trusted-hint = One block a line, such as 192.0.2.0/24. Once there are some, whoever comes from elsewhere is told.
policy-trusted-wrong = A block is written 192.0.2.0/24 or 2001:db8::/32, from its first address
policy-models-hint = One AAGUID a line. None: all models are accepted. Keys enrolled before stay.
policy-models-wrong = An AAGUID is written in hexadecimal, xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
policy-chars-hint = From 12 to 64.
policy-not-a-number = This is not a number
policy-place-wrong = Choose what a new device asks for
policy-floor-sessions = These durations are out of bounds: they can only be shorter, and inactivity no longer than the whole
policy-floor-code = A code by e-mail is never enough for administration
policy-floor-everywhere = A block wider than /8 (/16 in IPv6) covers everybody
policy-floor-many = At most a hundred blocks and a hundred models
col-setting = Setting
col-value = Value
family-operational = Operations
family-governance = Governance
family-administration = Administration
setting-session = Sessions · { $family }
setting-session-value = { $idle } without activity, { $whole } in all
duration-minutes = { $minutes } min
duration-hours = { $hours } h
duration-both = { $hours } h { $minutes } min
setting-mandatory = Second factor mandatory · { $family }
setting-place = New device or network · { $family }
setting-postpone = Second factor put off
setting-postpone-never = never: asked at each sign-in
setting-postpone-value = { $n ->
    [one] at most { $shown } day
   *[other] at most { $shown } days
}
setting-trusted = The organisation’s networks
setting-trusted-none = none is declared
setting-models = Models of security keys accepted
setting-models-all = all
setting-proved = Models proved by the maker’s certificate
setting-chars = Shortest password
setting-chars-value = { $n ->
    [one] { $shown } character
   *[other] { $shown } characters
}
setting-passphrases = Passphrases of 20 characters or more, without a mixture
setting-signed = Decisions signed by a security key · { $kind }
setting-signed-classes = Decisions signed, for classes of holds
setting-signed-none = none
signed-review = releases and rejections
signed-ruling = rulings
signed-override = overrides
policy-signed = Decisions signed by a security key
policy-signed-one = A security key signs: { $kind }
policy-classes-hint = One word a line, as controls name them. Every decision on a hold of these classes is signed.
policy-classes-wrong = A class is written in small letters, digits and _
setting-yes = yes
setting-no = no
place-rule-code = a code sent by e-mail
place-rule-factor = the second factor; a code by e-mail for anyone who has none
place-rule-factor-always = the second factor
place-rule-approval = another administrator’s approval
place-rule-refuse = refused outside declared networks
change-security = Access rules loosened: { $settings }
change-from-to = { $before } → { $after }
toast-policy = Settings changed.
change-mission = { $name }: mission { $mission }
change-waiting = Waiting
change-approved = Approved
change-refused = Refused
change-lapsed = Unanswered
change-lapses = Dropped if unanswered
change-answered-by = Answered by
change-answer = Answer this request
change-answer-text = Approved, the change happens at once. Three people: who asks, who approves, whom it is for.
change-approve = Approve
change-refuse = Refuse
change-same-person = You cannot approve this change: you asked for it, it is for you, or one of the accounts goes back to you.
change-requester-gone = Whoever asked is no longer an administrator: it has to be asked for again.
change-over = This change is no longer waiting for an answer.
change-waits = Such a change waits for an answer already
change-too-many = Too many changes wait already
invite = Invite a person
invite-text = Another administrator will approve; the person then chooses a password.
invite-missions-hint = Least privilege: nothing more than what the person does.
invite-sensitive = Sensitive account: second factor mandatory
invite-exception = Why this address is one person’s
invite-exception-hint = Recorded in the ledger, and shown to whoever approves.
invite-verb = Invite
person-name = First and last name
person-email-hint = Your own or theirs, never that of a department.
person-email-wrong = Give a whole address, such as first.last@bank.example
person-name-wrong = Give a first and a last name, in at most one hundred and twenty characters
person-collective = This name is a role’s or a team’s: each account belongs to one person
person-role-mailbox = This address is a role’s: each account belongs to one person
person-other-domain = This address is not of a domain of your organisation
person-exists = This address has an account already
person-reason-hint = What the person will do here, in a sentence.
ask = Ask for an account
ask-text = An administrator of your organisation will read your request.
ask-why = Why you need one
ask-verb = Send the request
ask-done = Request received.
ask-done-text = If your address belongs to an organisation served here, its administrators will see your request. Once it is approved, you will receive a link.
ask-not-yet = Something is missing
ask-wait = Too many requests from here. Wait fifteen minutes.
set-password = Choose a password
set-password-done = Your password is chosen.
set-password-done-text = Sessions that were open have ended.
set-password-first-text = Sign in: you will be asked for a second factor, at once if you administer.
set-password-no = This password is not accepted
set-password-verb = Choose
password-new = New password
password-again = The new password, once more
password-rules = At least { $min } characters, with lower case, upper case, digit and sign; from 14 on, three of the four will do. Password managers are welcome.
password-differs = The two entries differ
password-too-short = At least { $min } characters
password-too-long = At most 256 characters
password-classes = At least { $min } of the four: lower case, upper case, digit, other sign
password-guessable = It is easily guessed by anybody who knows your name and your organisation
password-breached = It appears in breaches of other services
password-unchecked = The list of breached passwords cannot be read: no password is chosen without it. Tell your administrator.
password-list = Compared with the list of breached passwords of { $date }.
password-list-own = Compared with the list of breached passwords CEREBRO holds.
password-change = Change password
password-change-text = All your sessions will end, this one too.
password-change-verb = Change
password-current = Current password
password-current-wrong = This is not your current password
password-same = This is your current password
forgotten = Forgotten password
forgotten-text = A link will be sent to your mailbox, valid once and for an hour. Your second factor is still asked for.
forgotten-verb = Send the link
forgotten-done = Request received.
forgotten-done-text = If this address has an active account here, the link is on its way to its mailbox.
sign-in-renew = Password to be renewed
sign-in-renew-advice = Yours appears in breaches of other services: it is no longer accepted. A link to choose another is in your mailbox.
compromised = Password may be known
compromised-own = Mine may be known
compromised-text = From now on your password is no longer accepted, your sessions end, and a link to choose another goes to your mailbox.
compromised-other-text = From now on their password is no longer accepted, their sessions end, and a link to choose another goes to their mailbox. You will not see it.
compromised-verb = Invalidate it
link-over = This link is no longer valid
link-over-happened = It was used, replaced, or is too old.
link-over-todo = Ask for another, or turn to an administrator.

## Queue
queue = Queue
queue-search = Search the queue
queue-search-hint = Sender, subject, control
queue-views = Queue views
queue-list = Held messages, most urgent first
queue-more = Show the next ones
queue-empty = Nothing is waiting
queue-empty-text = The queue refreshes by itself; a newly held message appears here with its clock.
queue-none-found = No message found
queue-none-found-text = No waiting message matches “{ $search }”. The search looks at the sender, the subject and the control.
queue-all = Show the whole queue
queue-choose = Choose a message
queue-choose-text = Messages are sorted by the time they have left. Opening one records the reading in the ledger.
tab-team = Team
tab-escalated = Escalated
first-contact = First contact
recipient-lookalike = looks like { $domain }
recipient-typo = one letter from { $address }
recipient-like-sender = carries the sender’s name
recipient-foreign-data = another client’s data
recipient-international = domain in letters of another alphabet
recipient-webmail = personal webmail
recipient-client = a client’s mailbox
recipient-group = entity of the group
recipient-protected = protected correspondent
recipient-encryption-agreed = encryption agreed
recipient-encryption-agreed-with = encryption agreed with { $to }, from any of our domains
recipient-encryption-agreed-pair = encryption agreed from { $from } to { $to }
recipient-encryption-open = encryption not agreed with { $to }
recipient-encryption-open-pair = encryption not agreed from { $from } to { $to }
attachment = Attachment
waiting-count = { $shown } waiting
day = Your day
day-released = Released
day-rejected = Rejected
day-escalated = Escalated

## A held message
flow = Flow
message-region = Message and context
message-text = Message text
why = Why this message is held
why-ground = Legal ground.
why-control = Control { $control }, version { $version }
why-published = set published { $when }
why-changed = changed since (version { $version })
why-removed = removed since
why-unkept = what this version said is not kept: the text is that of version { $version }, in force
why-remedy = What would make it pass.
why-files = Files concerned.
why-message = the message
why-passages = { $n ->
    [one] Passage
   *[other] Passages
}
finding-n = Finding { $n }
finding = Finding
passage-n = Show passage { $n }
findings = { $n ->
    [one] Finding · { $shown }
   *[other] Findings · { $shown }
}
second = Second reading
second-what = A slower model read the message again. It helps to look in the right place; it decides nothing.
second-read = { $n ->
    [one] { $shown } sentence read
   *[other] { $shown } sentences read
 }
second-more = the rest was not read
second-model = model
second-score = { $score } out of 1,000
second-nothing = It found no sentence like those it was taught.
findings-more = { $n ->
    [one] { $shown } more finding counted, not shown.
   *[other] { $shown } more findings counted, not shown.
}
region-new = Text
region-quoted = Earlier exchange, nothing found
region-signature = Signature, nothing found
region-footer = Footer, nothing found
attachments = Attachments, read as text
attachment-no-text = no text
attachment-shortened = Text shortened: its beginning, then what stands around findings. { $left } of { $whole } are not shown; all of it was assessed.
attachment-unread = could not be read: { $reason }. What is not read never counts as a pass.
context = Context
recipients = { $n ->
    [one] Recipient
   *[other] Recipients · { $shown }
}
external = External
internal = Internal
similar = Decided on similar messages
alike-counted = { $released } of { $of } { $period }
alike-released = { $shown } released
alike-days = { $n ->
    [one] in { $shown } day
   *[other] in { $shown } days
}
alike-since = since { $when }
timeline = Timeline
decided = Decision made
decide = Decide
bound = Bound to the text read

## Deciding
act-release = Release
act-reject = Reject
act-escalate = Escalate
act-overrule-release = Override: release
act-overrule-reject = Override: reject
decide-dialog = Decision
decide-release = Release this message
decide-reject = Reject this message
decide-escalate = Escalate this message
decide-rule-release = Arbitration: release this message
decide-rule-reject = Arbitration: reject this message
decide-overrule-release = Override: release this message
decide-overrule-reject = Override: reject this message
decide-back = Back to the message
decide-motive = Reason
decide-reason = Details, recorded in the ledger
decide-grounds = Grounds, recorded in the ledger
decide-reason-hint = Write for a reader who will come to this case in five years.
decide-reason-optional = Optional, except for another reason.
decide-note = Add a note for the sender
decide-note-hint = The sender learns the decision in any case; this text is added to the notice they receive.
decide-not-yet = Something is missing to decide
decide-kept = What you wrote is kept.
decide-pick-motive = Pick a reason
decide-give-reason = Give your reason in a few words
decide-too-long = { $n ->
    [one] At most { $shown } character
   *[other] At most { $shown } characters
}
decide-against = { $what } by { $who }
sign-back = Back to the decision
sign-text = This is the whole decision. Your security key signs exactly this, and the ledger keeps its signature: anybody can check that it was you who made it.
sign-sender = Sender
sign-decision = Decision
sign-reason = Grounds
sign-note = Note for the sender
sign-verb = Sign and decide
sign-offer = Sign this decision with my security key
sign-needed = Your organisation asks your security key to sign this decision. It will be asked for in the next step.
sign-impossible = Your organisation asks for the signature of a security key on this decision, and you have none.
sign-wrong = The key did not sign this decision
sign-wrong-advice = It answered too late, answered another request, or is not yours. Nothing was decided: here is a new request.
motive-release-entitled = Recipient entitled to this information
motive-release-harmless = Finding does not apply: nothing sensitive in the passages
motive-release-required = Sending required by law or by contract
motive-reject-recipient = Recipient not entitled to this information
motive-reject-content = Content that may not be sent, whoever receives it
motive-reject-correct = To be corrected and sent again
motive-escalate-doubt = Doubt about how to read the control
motive-escalate-interest = I am a party to the exchange, or close to one
motive-escalate-stake = More is at stake than my mission covers
motive-other = Another reason, to be given

## Decisions
decisions = Decisions
decisions-text = What was decided lately, latest first.
decisions-text-governance = What was decided lately. An override decides against a verdict or a decision, with grounds, and leaves its own entry in the ledger.
decisions-empty = No decision yet
decisions-empty-text = Each held message, once released or rejected, appears here with its reason and how long it took.
overrule = Override
overrule-no = Final
decided-overridden = by override
col-message = Message
col-decision = Decision
col-by = By
col-control = Control
col-took = Took
col-action = Action
col-time = Time
col-size = Size
col-root = Root
col-number = No.
col-kind = Event
col-subject = Subject

## Ledger
ledger = Ledger
ledger-text = Every decision leaves an entry here. Nothing is erased or rewritten without the root changing.
ledger-entries = Entries
ledger-sealed = Under a signed checkpoint
ledger-all-sealed = every entry
ledger-unsealed = { $n ->
    [one] { $shown } entry waits for the next checkpoint
   *[other] { $shown } entries wait for the next checkpoint
}
ledger-last-checkpoint = Latest checkpoint
ledger-latest = Entries
ledger-latest-text = no content and no personal data in the tree
ledger-pages = Ledger pages
ledger-newest = Latest
ledger-earlier = Earlier
checkpoints = Checkpoints
checkpoints-text = tree size and root, signed
checkpoint-latest = Latest signed checkpoint
origin = Log
note = Note
prove = Prove
prove-n = Prove entry { $n }
not-sealed-yet = soon
signed-note = Signed note of the checkpoint
verify = Verify without us
verify-1 = Take a copy of the ledger and the public key.
verify-1-text = Get the key by another route too, and compare.
verify-2 = Build the tool yourself,
verify-2-text = or use a third-party tool that reads the same format (C2SP tlog-tiles).
verify-3 = Cut the network and verify.
command = Command
proof-title = Proof of entry { $n }
proof-text = This entry is under a signed checkpoint. With this file and the public key, anyone can check it offline.
proof-download = Download the proof
proof-entry = The entry
proof-detail = What the entry commits to
proof-detail-text = opened for you, absent from the tree
proof-verify-text = The proof file follows the C2SP tlog-proof format.
proof-path = Inclusion path
proof-leaf = Leaf
proof-hashes = { $n ->
    [one] { $shown } hash, from the leaf to the root
   *[other] { $shown } hashes, from the leaf to the root
}

## Mishaps
mishap-happened = What happened
mishap-kept = What is kept
mishap-todo = What you can do
mishap-back = Back to the start
mishap-reference = Reference for support:
mishap-kept-all = Nothing has changed.
mishap-kept-nothing-changed = Nothing has changed: your decision was not made, and nothing left by it.
not-found = This page does not exist
not-found-happened = The address leads to nothing you can see.
not-found-todo = Check the address, or start again from the beginning.
not-allowed = Your missions do not allow this
not-allowed-happened = This action needs a mission you do not hold, or a second factor.
not-allowed-todo = Ask an administrator of your organisation for the mission.
stale-page = This page is too old
stale-page-happened = The form does not come from a page opened in this session.
stale-page-todo = Open the page again, then try once more.
bad-request = The request cannot be read
bad-request-happened = What was sent does not have the expected form.
bad-request-todo = Go back to the page and try again.
too-large = The request is too large
too-large-happened = What was sent is over the accepted size.
too-large-todo = Shorten the text, then try again.
unrecorded = Your decision was not recorded
unrecorded-happened = The ledger could not be written. An act without a trace does not happen.
unrecorded-todo = Try again. If it fails once more, go on to the next message: the arbiter will be called before it is due.
already-decided = This message is already decided
already-decided-happened = This message no longer waits, or can no longer change.
already-decided-todo = Open the message again to read what was decided.
seen-other = The message has changed since you read it
seen-other-happened = A decision is bound to the text that was read; the one that waits is another.
seen-other-todo = Open the message again, read it, then decide.
unsigned = This decision must be signed
unsigned-happened = Your organisation asks for the signature of a security key, and none came.
unsigned-todo = Open the message again and sign the decision with your key.
own-message = This message is yours
own-message-happened = Nobody decides on their own message.
own-message-todo = Leave it to a colleague, or escalate.
same-hands = You have acted on this message already
same-hands-happened = Whoever decided on a message, or called the arbiters, neither rules on it nor overrules it, even under another account.
same-hands-todo = Leave the decision to somebody else in governance.
follows = This message follows an invitation
follows-happened = It changes or cancels an invitation that still waits for a decision, or that will not be sent.
follows-todo = Decide on the invitation first. If it is rejected, reject this message too.
wrong-stage = This message is not at that stage
wrong-stage-happened = It is with the arbiter already, or not yet.
wrong-stage-todo = Open the message again to see where it stands.
not-sealed = The entry is not under a checkpoint yet
not-sealed-happened = It is recorded; the next signed checkpoint will cover it.
not-sealed-todo = Reload the page in a few seconds.
failed = Something failed on our side
failed-happened = The request could not be carried out; the operations team has a record of it.
failed-todo = Try again. If it fails once more, give the reference below to support.
field-missing = Field “{ $field }”: it is missing.
field-repeated = Field “{ $field }”: it is given twice.
field-unknown = Field “{ $field }”: it is not expected.
field-encoding = Field “{ $field }”: it cannot be read.
field-choice = Field “{ $field }”: its value is not one of those offered.
field-too-many = The form has too many fields.

## The sender's link
link-title = Your held message
link-text = Your message waits for a check before it leaves. This page lets you explain it or take it back.
link-due = A decision is expected before { $due }. You will be told.
link-text-over = This message no longer waits: there is nothing left to do here.
link-justify-missing = Write your explanation in a few words
link-justify = Explain why it should leave
link-justify-label = Your explanation
link-justify-hint = Read by the person who decides, and kept with the decision.
link-justify-verb = Send the explanation
link-withdraw = Take it back
link-withdraw-text = The message will not leave. You can send another one.
link-withdraw-verb = Take the message back
link-justified = Your explanation is recorded and passed on.
link-withdrawn = Your message is taken back: it will not leave.
link-genuine = CEREBRO never asks for a password or a code on this page.

## What the pages say of a message, a person and a time
role-operator = Operations
role-connector = Connector
role-arbiter = Arbitration
role-custodian = Custody of private mail
role-supervisor = Supervision
role-auditor = Audit
role-administrator = Administration
role-registrar = Directory
facts-sent = received { $time }
timeline-held = Received, assessed, held
timeline-opened = Opened by you; reading recorded
timeline-due = Due. Nothing leaves by itself.
timeline-decided = Decided by { $who }
no-act = Your missions do not allow deciding on this message.

## What was just recorded
toast-released = Released: the message leaves.
toast-rejected = Rejected: the message does not leave.
toast-escalated = Escalated: the arbiters are called.
toast-arbitrated = Ruling recorded.
toast-overruled = Override recorded.
toast-suspended = Account suspended.
toast-reinstated = Account reinstated.
toast-closed = Account closed.
toast-mission-given = Mission given.
toast-mission-withdrawn = Mission withdrawn.
toast-change-waits = Asked for: a second administrator must approve it.
toast-change-approved = Approved, and done.
toast-change-refused = Refused.
toast-compromised = Password invalidated.
toast-entry = Entry No. { $n } in the ledger.
toast-entry-soon = Its entry is joining the ledger.

## What a clock did and will do
next-cover = cover { $time }
next-escalate = arbiters { $time }
timeline-covered = Cover called
timeline-escalated = Escalated by { $who }
timeline-escalated-clock = Arbiters called
timeline-expired = Due time passed without a decision
timeline-justified = The sender explained
timeline-next-cover = Cover is called
timeline-next-escalate = Arbiters are called
said-sender = The sender explains
said-escalated = { $who } escalates
decide-against-reason = { $what }: “{ $reason }”
queue-fewer = Show the previous ones

## Who acts besides people
actor-timer = clock
actor-gateway = gateway
actor-relay = relay
actor-sealer = sealer
actor-link-holder = sender, by their link
actor-console = the machine’s console
actor-anonymous = before sign-in

## Sessions and places
sessions = Sessions
sessions-text = Where your account is open now. Ending one from here also makes its device new again.
sessions-see = See open sessions
sessions-none = No session is open.
sessions-end-others = End all others
sessions-end-all = End all of them
session-this = This one
session-end = End
session-end-named = End the session of { $name }
col-device = Device
col-network = Network
col-activity = Last activity
unknown = unknown
proved-enrolment = may only enrol a factor
proved-password = password
proved-two = password and second factor
stay-title = Your session is about to end
stay-text = Nothing was done here for a while. Time left:
stay-kept = What you have typed on this page stays.
stay-verb = Stay signed in
mail-code = Check your mail
mail-code-text = This device or network is new to your account. A code was sent to your own mailbox.
mail-code-label = Eight-digit code
mail-code-hint = Valid once, for ten minutes. Nobody will ever ask you for it.
mail-code-wrong = This code is not right
mail-code-wrong-advice = It is mistyped, used already, or too old.
place-waits = An administrator must approve this device
place-waits-advice = It is new to your account, or its network is. Sign in again once it is approved; that is good for a day.
place-refused = Sign-in refused from here
place-refused-advice = Your organisation takes no new device, and no new network, from outside its own.
arrivals = New devices
arrivals-text = Sign-ins from a device or a network new to the account. Check with the person, by another channel, that it was them.
arrivals-none = Nobody is waiting.
arrival-own = You cannot answer for your own device: ask another administrator.
arrival-approve-named = Approve the device of { $name }
arrival-refuse-named = Refuse the device of { $name }

## What waits to leave
nav-outgoing = Outgoing
outgoing = Waiting to leave
outgoing-text = What may leave and has not been delivered yet. No subject, no sender, no contents.
outgoing-waiting = Waiting
outgoing-oldest = oldest: { $since }
outgoing-deferred-count = To be tried again
outgoing-debts = Left unassessed
outgoing-late = { $n ->
    [0] none should have been held
    [one] { $shown } should have been held
   *[other] { $shown } should have been held
  }
outgoing-ready = Ready
outgoing-deferred = To be tried again
outgoing-paused = Paused
outgoing-behind = After another
outgoing-next = next try: { $at }
outgoing-attempts = Tries
outgoing-reply = Last answer
outgoing-no-reply = none yet
reply-connection = no connection
reply-broken = connection lost
reply-dns = no answer from DNS
reply-tls = TLS impossible
reply-ours = a fault of ours
recipient-deferred = To be tried again: { $reason }
timeline-joined-parts = { $n ->
    [one] { $shown } other copy of the message joined it
   *[other] { $shown } other copies of the message joined it
  }
timeline-joined-campaign = { $n ->
    [one] { $shown } message with the same text joined it
   *[other] { $shown } messages with the same text joined it
  }
timeline-joined-follows = { $n ->
    [one] { $shown } message that changes or cancels the invitation joined it
   *[other] { $shown } messages that change or cancel the invitation joined it
  }
together-parts = { $n ->
    [one] The sender’s server handed this message over in several goes; { $shown } other waits for the same decision.
   *[other] The sender’s server handed this message over in several goes; { $shown } others wait for the same decision.
  }
together-campaign = { $n ->
    [one] { $shown } other message with the same text waits for the same decision.
   *[other] { $shown } other messages with the same text wait for the same decision.
  }
together-follows = { $n ->
    [one] { $shown } message that changes or cancels this invitation will leave after it, or not at all if it is rejected.
   *[other] { $shown } messages that change or cancel this invitation will leave after it, or not at all if it is rejected.
  }
outgoing-recipients = { $n ->
    [one] { $shown } recipient
   *[other] { $shown } recipients
  }
outgoing-notice = platform notice
outgoing-empty = Nothing is waiting
outgoing-empty-text = All that could leave has left. A message shows here when a remote server asks to wait, or when a destination is paused.
outgoing-pages = Pages of what waits to leave
outgoing-first = The oldest
restored = Database brought back from a backup
restored-title = Nothing leaves: the database was brought back from a backup.
restored-text = It does not know what happened since { $since }: a message that left since still waits in it and would leave a second time.
restored-attempted = { $n ->
    [0] By the ledger, no message that waits was offered to the next server since.
    [one] By the ledger, { $shown } message that waits was offered to the next server since, which may have it already.
   *[other] By the ledger, { $shown } messages that wait were offered to the next server since, which may have them already.
  }
restored-ended = { $n ->
    [0] No delivery that ended since was recognised.
    [one] { $shown } delivery that ended since is not made again.
   *[other] { $shown } deliveries that ended since are not made again.
  }
restored-then = Compare the list below with the next server’s log from that time on, have a supervisor take out what has left, then resume “Everything that leaves”. Until then no notice of the platform leaves either: no code and no link.
pauses = Paused destinations
pauses-none = None: all that may leave leaves.
pause = Pause a destination
pause-all = Everything that leaves
pause-destination = Destination
pause-destination-hint = A domain, for example client.example; * to stop everything.
pause-destination-wrong = Give a domain, or * for everything that leaves.
pause-already = That destination is paused already.
pause-too-many = Too many destinations are paused: stop everything that leaves.
pause-verb = Pause
resume = Resume
resume-one = Resume: { $name }
retry = Try now
retry-one = Try now: { $name }
take-out = Take out
withdraw-one = Take out: { $name }
take-out-title = Take a message out of what waits to leave
take-out-text = It will not leave, and its sender is told. Recipients who have it already keep it.
take-out-being-sent = The message is being sent, or may have been: look again in a moment.

## Calibration
nav-calibration = Calibration
calibration = Calibration of scores
calibration-text = A score ranks messages; it holds them only as far as it was counted on your organisation’s own and signed by a second person.
calibration-count = Count the scores
calibration-counted = Counted { $at } by { $by }
calibration-counted-at = Counted
calibration-unread = { $n ->
    [one] { $shown } message without a readable score
   *[other] { $shown } messages without a readable score
}
calibration-more = the latest only
calibration-empty = Nothing was counted yet
calibration-empty-text = Counting reads the scores of the messages of the last 90 days, without their contents, with what your people decided.
calibration-none = Observes only
calibration-waits = Waits for a signature
calibration-from = Holds from { $from }
calibration-in-force = In force
calibration-expired = Expired: the models changed
calibration-ended = Replaced or turned down
calibration-curve = What each threshold would have held
calibration-curve-text = A day, from each threshold on. “To release”: what decisions lead to expect; as long as nobody decided, everything counts as to release. Decisions are of held messages only.
calibration-figure = { $score }: messages a day by threshold
calibration-figure-text = Two curves that fall from threshold 500 to threshold 1000; the table below gives the same numbers.
calibration-a-day = { $n } a day
calibration-held = Held a day
calibration-wrong = To release a day
calibration-signed-from = Signed threshold
calibration-numbers = The curve in numbers
calibration-decided = Rejected / released
calibration-precision = Share to reject
calibration-lines = Proposals and signatures
calibration-rests = Rests on
calibration-rests-on = { $messages } messages, { $days } days
calibration-proposed-by = Proposed by
calibration-signed-by = Signed by
calibration-sign = Sign
calibration-sign-one = Sign threshold { $from }
calibration-drop = Turn down
calibration-drop-one = Turn down threshold { $from }
calibration-propose = Propose a threshold
calibration-propose-text = Once somebody else has signed it, controls that rest on this score may hold from this threshold on, and never refuse.
calibration-propose-verb = Propose
calibration-from-hint = From 10 to 1000, in steps of ten; at most twenty messages in a thousand may reach it.
calibration-days = Days with messages
calibration-least = What it takes
calibration-least-text = { $messages } messages over { $days } days
calibration-machine = a command at the machine
calibration-colleague = a colleague
calibration-closed-mission = Your missions let you read calibrations, not propose them.
calibration-not-counted = Count the scores first: nothing was counted in the last thirty days.
calibration-other-models = The models changed since the count: count again.
calibration-too-few = Too few messages or days were counted: the score observes only.
calibration-too-much = More than twenty messages in a thousand reach this threshold: choose a higher one.
calibration-too-many = Too many proposals wait: answer some first.
calibration-same-person = Whoever proposes and whoever signs are two people.
calibration-over = This proposal is no longer waiting.
col-score = Score
col-messages = Messages
col-at-900 = At 900, a day
col-from = Threshold
score-highest = The most suspicious topic
score-aml = Money laundering
score-bribery = Bribery
score-collusion-secrecy = Collusion and concealment
score-complaint = Complaint
score-conflict-of-interest = Conflict of interest
score-data-leak = Data leak
score-guaranteed-return = Guaranteed return
score-harassment-threat = Harassment and threats
score-market-abuse = Market abuse
score-off-channel = Off the recorded channels
score-payment-fraud = Payment fraud
score-sales-signal = Sales pressure
score-sanctions-evasion = Sanctions evasion
score-tax-evasion = Tax fraud
score-whistleblowing = Whistleblowing
score-encoder = Encoder: the likeliest kind
score-nearest = Encoder: the nearest example
toast-scores-counted = Scores counted
toast-calibration-proposed = Threshold proposed: a second person signs it
toast-calibration-signed = Threshold signed, in force
toast-calibration-dropped = Proposal turned down

## Reasons for holds
nav-register = Reasons for holds
register = Reasons for holds
register-text = Why each message was held: which control, on what ground, what was found and where. Values are masked, texts are not shown.
register-ask = Search
register-from = From
register-until = To
register-control-hint = Its identifier, for example CLI-02.
register-severity = Severity at least
register-any = Any
register-show = Show
register-day-wrong = Choose a day, as YYYY-MM-DD
register-export-text = The export holds what the search asks for; it is an entry in the ledger.
register-export-csv = Export as CSV
register-export-json = Export as JSON
register-why = Reason and findings
register-own = your message: you read what a sender may know of it
register-version = { $control }, version { $version }
register-neutral = neutral notice to the sender
register-found = { $what }: { $value }
register-more = { $n ->
    [one] and { $n } more finding
   *[other] and { $n } more findings
}
register-due = to be decided before { $time }
register-erased = Contents erased when their time was over.
register-no-line = No control: the assessment failed, or the message follows another.
register-empty = Nothing matches
register-empty-text = No held message answers this search.
register-empty-more = Nothing among the messages looked through. The next page goes on.
register-pages = Pages of reasons for holds
register-first = The latest
motive-written = reason written out

## My messages
own-messages = My held messages
own-messages-text = Messages from your address that waited for a decision, and what may be told to you of why.
own-messages-see = See my held messages
own-messages-empty = None of your messages was held
own-messages-empty-text = A held message stands here as soon as it waits; a notice tells you by mail as well.
