## What is wrong with control files
wrong-told = { $place }: { $what }
wrong-line = line { $line }
wrong-character = at character { $at }, { $what }
wrong-empty = A set has one control at least: give a file.
wrong-sample-missed = { $control }, sample { $sample } ({ $language }): it must match and passes. Change the condition or the sample.
wrong-sample-caught = { $control }, sample { $sample } ({ $language }): it must pass and matches. Change the condition or the sample.
wrong-unreadable = it cannot be read: check that it exists and that the service may read it.
wrong-no-file = there is no *.toml file: put one file per control there.
wrong-too-large = the file is larger than { $size }: keep one control per file.
wrong-too-many = a set has at most { $n } controls: remove some.
wrong-taken = the id { $id } is taken by { $other }: give each control its own.
form-syntax = this is not TOML: check quotes, brackets and the sign =, and that the key is written once only.
form-missing = the key “{ $found }” is missing: add it.
form-unknown = no key is called “{ $found }”. There is: { $known }.
form-choice = “{ $found }” is not allowed. Write one of: { $known }.
form-kind = the value is not of the kind wanted: a text stands in quotes, a number and true or false do not.
form-kind-found = “{ $found }” is not of the kind wanted: a text stands in quotes, a number and true or false do not.
form-value = the value is not allowed here: check the address, the language or the code written.
rule-id = an id has capital letters, digits and dashes, 32 at most, as in PII-01.
rule-version = versions start at 1.
rule-verdict = a control holds or refuses: write "hold" or "refuse"; to let pass and record, write mode = "observe".
rule-score = a score ranks and explains: it may hold, never refuse. Write "hold".
rule-class = a hold class has small letters, digits and _, 32 at most, as in standard.
rule-languages = write it in both languages, fr and en.
rule-sample-match = add a [[samples]] with locale = "{ $locale }" and matches = true: a control shows in both languages what it catches and what it leaves.
rule-sample-no-match = add a [[samples]] with locale = "{ $locale }" and matches = false: a control shows in both languages what it catches and what it leaves.
condition-long = the condition has { $n } bytes and may have { $most }: split it into several controls.
condition-syntax = this is not a CEL expression: check parentheses, quotes and operators.
condition-deep = the condition nests deeper than is read (about { $n } levels): simplify it or split it into several controls.
condition-nested = all, exists, filter and map may nest { $n } deep at most: split the condition.
condition-field = no field is called “{ $found }”. There is: { $known }.
condition-mismatch = { $what } needs { $wanted }, and this is { $found }.
condition-not-bool = the condition must be a yes or no, and this is { $found }: compare it with something.
condition-name-taken = “{ $found }” is the name of a field: give the variable another name.
condition-thread = the condition could not be read for want of memory: try again later.
advice-expression = this expression cannot be used here: a condition has fields, texts, whole numbers, true, false and lists of those.
advice-literal = this value cannot be used here: write a text, a whole number, true or false.
advice-list = this list cannot be used here: write at least one item, a text, a whole number, true or false.
advice-list-only = { $found } exists on lists only, with a variable and an expression, as in recipients.domains.exists(d, d == 'x.example').
advice-has = { $found } cannot be used here: every field always has a value; ask about the value.
advice-matches = { $found } cannot be used here: use startsWith, endsWith or contains.
advice-functions = { $found } cannot be used here. The functions are: size, startsWith, endsWith, contains, lowerAscii, all, exists, exists_one, filter and map.
type-bool = a yes or no (bool)
type-int = a whole number (int)
type-text = a text (string)
type-texts = a list of texts
type-ints = a list of whole numbers
type-bools = a list of yes or no
wanted-list = a list
wanted-alike = items of one type
wanted-left = one item on the left
wanted-ordered = a whole number or a text
wanted-added = whole numbers, texts or lists
wanted-sized = a text or a list
wanted-item = one item
