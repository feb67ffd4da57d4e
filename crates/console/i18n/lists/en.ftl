## Lists, the client file, examples, proposals
nav-lists = Lists
lists = Lists
lists-text = What your organisation tells the controls about itself. What makes it watch more counts at once; what makes it watch less waits for a second person.
lists-table = The lists
lists-waiting = Waits for a second person
lists-waiting-none = Nothing waits.
lists-past = Recent answers
lists-clients = Client file
lists-clients-text = No value is ever shown: hashes alone are kept. The file is given by the command cerebro clients import, or over the API up to 32 MB; a file that finds less than the one before waits for a second person.
lists-clients-none = No file was given.
lists-examples = Categories by example
lists-examples-see = See the categories
list-machine-note = More than 2 MB: by the command cerebro lists or the API.
col-list = List
col-entries = Entries
col-effect = What an entry does
col-added = Added
col-removed = Taken away
col-version = Version
col-in-force-since = In force since
col-asked = Asked for
col-about = About
col-clients = Clients
col-identifiers = Identifiers
list-not-given = Never given
list-waits = { $n ->
    [one] { $shown } proposal waits
   *[other] { $shown } proposals wait
}
effect-watches = Watches
effect-silences = Silences
effect-both = Both
effect-watches-text = Each entry is looked for. One that is added counts at once; taking one away waits for a second person.
effect-silences-text = Each entry silences findings. Taking one away counts at once; adding one waits for a second person.
effect-both-text = Each entry watches and silences at once: any change waits for a second person.
list-own-domains = The organisation’s domains
list-own-identifiers = The organisation’s numbers
list-own-footers = The organisation’s footers
list-group-domains = The group’s domains
list-known-domains = Known domains
list-correspondents = Correspondents
list-webmail = Personal mailboxes
list-protected = Protected correspondents
list-restricted = Restricted issuers
list-encrypted-domains = Domains with agreed encryption
list-labels = Confidential labels
list-own-domains-text = Where its people write from, besides the first domains: what is sent there stays in the house.
list-own-identifiers-text = Accounts and cards of the organisation itself: never a finding.
list-own-footers-text = Nothing inside one is a finding. An entry is a paragraph, ended by an empty line.
list-group-domains-text = The other entities of the group.
list-known-domains-text = Whom its people write to: a domain that looks like one is told.
list-correspondents-text = Addresses its people write to: one that is a letter away is told.
list-webmail-text = Personal mailboxes, besides those the service knows.
list-protected-text = Staff representatives, occupational doctor, lawyers, authorities: some controls leave them alone.
list-restricted-text = Names of issuers and codes of securities. Inside information.
list-encrypted-domains-text = With whom it is agreed that encrypted mail leaves unread: a recipient’s domain, for all of yours, or one of your domains > theirs. Each with everything under it.
list-labels-text = Sensitivity labels that are confidential here, by identifier (a GUID, = what you call it) or by name. A recent Office writes the identifier alone into its files.
list-size = { $n ->
    [one] { $shown } entry
   *[other] { $shown } entries
}
list-version = Version { $version }
list-search = Search the list
list-search-hint = A word, a domain, a name
list-search-verb = Search
list-found = { $n ->
    [one] { $shown } entry found
   *[other] { $shown } entries found
}
list-empty = No entry
list-empty-text = The list was never given, or nothing in it answers this search.
list-entries = Entries
list-versions = Versions
list-add = Add
list-take = Take away
list-take-one = Take away: { $entry }
list-replace = Replace
list-add-title = Add to “{ $list }”
list-take-title = Take away from “{ $list }”
list-replace-title = Replace “{ $list }”
list-file = From a file
list-lines = The entries
list-lines-hint = One a line; empty lines and those that begin with # are left out.
list-reason-hint = Needed as soon as something waits for a second person, who reads it. Recorded, sealed.
list-change-verb = Record
list-same = Nothing would change by it.
list-line-wrong = Line { $line }: { $what }
list-full = This list has { $n } entries at most.
list-too-long = A list has 16 MB at most.
list-taken = { $domain } is a domain of another organisation served here.
list-reason-wanted = What makes the organisation watch less waits for a second person: tell them why.
list-meanwhile = Somebody changed it meanwhile; nothing was recorded. Look at it, then do it again.
list-too-many = Too many proposals wait: answer some first.
entry-long = an entry is too long
entry-domain = an entry is a domain, as in sableval.example
entry-agreement = an entry is a recipient’s domain, or one of yours > theirs, as in orveane.example > sableval.example
entry-address = an entry is an address
entry-either = an entry is an address or a domain
entry-number = an entry is an account or card number, six letters and digits at least
entry-issuer = an entry is the name of an issuer, or a security’s code
entry-label-id = a label’s identifier is a GUID; the name comes behind it, after =
entry-label-name = a label’s name has letters or digits, 255 characters at most
entry-pair = From { $from } to { $to }
entry-any = From any of our domains to { $to }
entry-label-called = “{ $name }”, by its identifier
entry-label-unnamed = An identifier without a name
entry-label-name-any = “{ $name }”, by its name
list-look-back = Read past messages again with this list
list-look-back-text = An entry that was just added counts for messages to come. Those that left already can be read again with the lists of today; nothing is undone.
proposal = Proposal
proposal-list = { $name }
proposal-clients = Client file
proposal-clients-drop = Client file: given up
proposal-examples = Examples: { $name }
proposal-waiting = Waits
proposal-agreed = Agreed to
proposal-refused = Refused
proposal-replaced = Another took its place
proposal-lapsed = Unanswered
proposal-added = { $n ->
    [one] { $shown } entry would be added
   *[other] { $shown } entries would be added
}
proposal-removed = { $n ->
    [one] { $shown } entry would be taken away
   *[other] { $shown } entries would be taken away
}
proposal-near = Least nearness
proposal-clients-before = Clients in force
proposal-clients-after = Clients of the proposed file
proposal-new = New identifiers
proposal-gone = Identifiers that would not be found any more
proposal-mailboxes = Mailboxes to which data that is held might go
proposal-lapses = Unanswered, it lapses
proposal-ended = Answer
proposal-why-refused = Why it was refused
proposal-answer = Answer it
proposal-answer-text = Agreed to, it counts at once, on every node within seconds. Whoever asks and whoever agrees are two people.
proposal-answer-own = You asked for it: somebody else agrees to it. You can take it back.
proposal-agree = Agree
proposal-refuse = Refuse
proposal-take-back = Take it back
proposal-take-back-why = Why it is taken back
proposal-refuse-why = Why refuse it
proposal-same-person = Whoever asks and whoever agrees are two people: this proposal is yours, or one of the accounts goes back to you.
proposal-over = This proposal does not wait for an answer any more.
proposal-meanwhile = What it began from has changed since: it has to be asked for again.
proposal-full = There would be more than { $n } entries: something else has to go first.
examples = Categories by example
examples-text = What your organisation wants recognised, said by a dozen sentences. The model looks for the nearest sentences; it ranks and explains, a person judges.
examples-in-force = { $n ->
    [0] No category is in force.
    [one] { $shown } category is in force.
   *[other] { $shown } categories are in force.
}
examples-no-model = No model is configured here: the categories are kept, nothing is looked for.
examples-new = Define a category
examples-table = The categories
examples-empty = No category
examples-empty-text = A dozen sentences, in both languages, are enough to begin with.
examples-try = Try a sentence
examples-try-text = A sentence, in French or English: the nearest examples, and whether they are near enough for a finding. Nothing is kept.
examples-sentence = Sentence
examples-try-verb = Try
examples-tried = Nearest examples
examples-tried-none = No category is in force.
examples-found = Finding
examples-not-found = Too far
col-category-name = Category
col-near = Least nearness
col-nearness = Nearness
col-example = Example
col-sentences = Examples
example-name = Name
example-name-hint = Small letters, digits and _, as in client_poaching. Conditions use it.
example-near = Least nearness, per mille
example-near-hint = From 1 to 1000; 550 to begin with. Lowering it finds more and counts at once; raising it waits for a second person.
example-sentences = Examples
example-sentences-hint = One a line, 3 to 200. Those you add count at once; those you take away wait for a second person.
example-save = Record
example-drop = Give this category up
example-drop-text = It would find nothing any more: giving it up waits for a second person.
example-versions = Versions
example-gone = given up
example-rule-name = The name has small letters, digits and _, 32 at most.
example-rule-near = The nearness goes from 1 to 1000.
example-rule-sentences = It takes 3 to 200 examples that differ, each one sentence.
example-too-many = At most 50 categories are kept.
toast-list-changed = Recorded, in force
toast-list-waits = Proposed: a second person agrees to it
toast-proposal-agreed = Agreed to, in force
toast-proposal-refused = Proposal refused
