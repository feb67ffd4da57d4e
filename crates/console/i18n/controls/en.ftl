## Control sets
nav-controls = Controls
nav-governance = Governance
controls = Controls
controls-text = What decides that a message leaves, waits or is refused. One person drafts a set, it is rehearsed on past messages, another person publishes it.
controls-upload = Draft from files
controls-see = See the controls
controls-all = Controls
controls-hold = Hold or refuse
controls-observe = Observe
controls-sets = Control sets
controls-empty = No set drafted yet
controls-empty-text = The set that ships is in force. To change it, open it, choose a control and propose its new values.
controls-started = The set that ships with the service
controls-in-force-since = Set { $number }, published { $at } by { $who }
set-name = Set { $number }
set-in-force = In force
set-past = Replaced
set-draft = Draft
set-dropped = Dropped
set-next = What next
set-drop = Drop this draft
set-upload = Start from this set with files
set-changes = Differences from the set in force
set-same = The same controls as the set in force.
set-change-whole = The whole control
set-part-text = { $part }: text changed
set-digest = Digest
set-drafted = Drafted
set-published = Published
set-ended-dropped = Dropped
set-by-at = { $who }, { $at }
set-differs = { $n ->
    [one] { $shown } control differs from the set in force
   *[other] { $shown } controls differ from the set in force
}
set-controls = { $n ->
    [one] { $shown } control
   *[other] { $shown } controls
}
set-machine = the service
col-set = Set
col-drafted = Drafted
col-rehearsed = Rehearsed
col-ended = Published or dropped
col-mode = Effect
col-severity = Severity
col-class = Hold class
col-category = Category
not-yet = not yet
mode-observe = Observes
mode-hold = Holds
mode-refuse = Refuses
change-added = New
change-removed = Removed
change-changed = Changed
part-mode = Mode
part-verdict = Verdict
part-severity = Severity
part-hold-class = Hold class
part-neutral-notice = Neutral notice
part-when = Condition
part-title = Title
part-explanation = Explanation
part-remedy = Remedy
part-ground = Ground
part-samples = Samples
category-personal-data = Client and personal data
category-scanning = What cannot be read
category-recipients = Recipients
category-client-protection = Client protection
category-market-abuse = Market abuse
category-financial-crime = Financial crime
category-records = Records
category-conduct = Conduct
category-security = Security
category-protected = Protected correspondence
category-other = Other
neutral-yes = Yes: the sender learns that the message waits, not why
neutral-no = No: the sender learns why
control-change = Change this control
control-change-text = Nothing changes yet: a draft is made, to be rehearsed, then published by another person.
control-class-hint = The kind of hold: standard, sensitive, urgent. Your organisation can ask that decisions on a class be signed.
control-when-hint = What a message must be for the control to match. It is checked before the draft exists.
fields-all = What a condition can ask about
fields-name = Field
fields-meaning = What it says
fields-detectors = Detectors
fields-of-each = Of each detector
fields-message = Of the message
fields-recipient = Of one recipient: the control is asked for each
fields-example = For example:
control-add = New control
control-copy = New one like it
control-what = What it does
control-words = What it says
control-id = Identifier
control-id-hint = Capital letters, digits and dashes, as in PII-01. It stays as it is afterwards.
control-title-hint = A few words, as reviewers read them in a list.
control-explanation-hint = Why a sender or a reviewer should care, in plain words.
control-remedy-hint = What would make the message pass.
control-ground-hint = The law or contract it rests on, cited in full.
control-samples-hint = Invented messages that it must match, and others that it must let pass, in both languages. They run before the draft exists, and every night once it is in force.
sample-number = Sample { $number }
sample-kind = What it is
sample-unused = Not used
sample-fr-yes = In French, must match
sample-fr-no = In French, must pass
sample-en-yes = In English, must match
sample-en-no = In English, must pass
sample-text = Text
sample-rest = Recipients, files, lists
sample-rest-has = With: { $keys }
sample-rest-hint = As control files write them, one a line. Without recipients, one outside client gets it.
language-fr = French
language-en = English
control-observes = Observes: the message leaves, and that is noted
control-holds = Holds: a person decides
control-refuses = Refuses: the message does not leave
control-file = This control’s file
control-samples = { $n ->
    [one] { $shown } sample
   *[other] { $shown } samples
}
sample-no-text = No text: a subject, a file or recipients
sample-must = Must
sample-match = match
sample-no-match = pass
sample-result = Result
sample-right = As expected
sample-wrong = Otherwise
sample-attachment = attachment { $name }
draft-verb = Make the draft
controls-upload-text = Starting from: { $set }. Each file replaces the control of the same id, or is added.
upload-files = Files, .toml
upload-text = Controls
upload-text-hint = One file a control. Between two files, a line of three plus signs.
upload-whole = These files are the whole set
publish = Publish
publish-open = Publish…
publish-verb = Publish: this set applies at once
publish-text = You answer for this change with the person who drafted it. It applies on every node within seconds and stays in the ledger.
publish-same-person = Whoever drafts a set and whoever publishes it are two people.
publish-uncalibrated = These controls would hold by scores without a calibration in force: { $controls }. Sign a calibration, or let them observe.
publish-not-rehearsed = This set was not rehearsed beside the one in force today: rehearse it first.
publish-own = You made this draft: another person publishes it.
set-over = This set is no longer a draft.
set-is-in-force = This very set is in force already.
set-no-control = The set has no such control.
replay-busy = Past messages are being read again already: wait for the end, or stop it.
rehearsal = Rehearsal
rehearsal-of = Rehearsal of set { $number }
rehearsal-text = The draft and the set in force read the same past messages, 5,000 at most. Nobody is shown their contents.
rehearsal-about = { $flows } messages over { $days }, rehearsed { $at }
rehearsal-days = { $n ->
    [one] { $shown } day
   *[other] { $shown } days
}
rehearsal-partial = { $text }. There are more in the window; { $unread } could not be read again.
rehearsal-unread = { $text }; { $unread } could not be read again.
rehearsal-stale = The set in force changed since: rehearse again before publishing.
rehearsal-see = See message by message
rehearsal-per-day = Held a day
rehearsal-was = { $n } today
rehearsal-changed = Verdicts that change
rehearsal-review = Review time a day
rehearsal-expiries = Expiries a day
rehearsal-unknown = unknown
rehearsal-controls = Controls that match more or less
rehearsal-now = In force
rehearsal-then = By the draft
rehearsal-messages = Messages whose verdict changes
rehearsal-none = No verdict changes
rehearsal-none-text = On these messages the draft decides as the set in force does.
rehearsal-gained = Controls gained
rehearsal-lost = Controls lost
rehearsal-more = { $n ->
    [one] { $shown } other message changes and is not named here.
   *[other] { $shown } other messages change and are not named here.
}
rehearse-verb = Start the rehearsal
replays = Readings
replay-days = Past days to read again
replay-flows = Messages read
replay-running = Running
replay-done = Done
replay-stopped = Stopped
replay-failed = Failed
replay-stop = Stop
replay-begins = Messages are being counted.
replay-progress = { $done } messages of { $total }.
replay-leave = You can leave this page.
replay-asked = Asked for
replay-window = Messages since
look-back = Look back
look-back-text = After lists or controls changed, past messages are read again: those that would match today are named. Nothing is undone.
look-back-verb = Read past messages again
look-back-bound = Stopped at { $most } messages: those before { $at } were not read.
look-back-unread = { $n ->
    [one] { $shown } message could not be read again (erased, or too large).
   *[other] { $shown } messages could not be read again (erased, or too large).
}
look-back-controls = By control
look-back-newly = Messages newly found
look-back-further = Found already, with something new
look-back-guarded = { $n ->
    [one] { $shown } of them is private or protected: what is found in it is not told.
   *[other] { $shown } of them are private or protected: what is found in them is not told.
}
look-back-message = Message
look-back-people = From, to
look-back-to = to { $to }
look-back-others = { $n ->
    [one] and { $shown } other
   *[other] and { $shown } others
}
look-back-no-subject = No subject
look-back-found = Found today
look-back-again = { $controls } (something else than then)
look-back-unnamed = { $n ->
    [one] { $shown } other message, older, is counted and not named.
   *[other] { $shown } other messages, older, are counted and not named.
}
look-back-newer = Newer
look-back-older = Older
look-back-seen = { $n ->
    [0] Nothing new
    [one] { $shown } message would match today
   *[other] { $shown } messages would match today
}
look-back-none = Nothing new
look-back-none-text = In no past message does a control find today what it did not find then.
toast-drafted = Draft made.
toast-published = Set published: it applies.
toast-dropped = Draft dropped.
toast-replay = Reading asked for.
toast-replay-stopped = Reading stopped.
part-version = Version
samples-right = { $n } samples run, { $at }: all as expected.
samples-wrong = { $n } samples do not do as they say, run { $at }.
samples-not-yet = Samples will be run tonight.
similar-pair = Decided between these correspondents
why-whom = Concerns { $names }
why-whom-more = Concerns { $names } and { $more } others
