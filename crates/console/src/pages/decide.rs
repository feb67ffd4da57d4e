//! The form of a decision: a reason, what the sender will read, and the hash of what was read. Works as a page of its
//! own without script, and as a dialog over the message with it.

use askama::Template;

use operations::review::signature::Demand;

use super::Shell;
use crate::clock::ClockView;
use crate::forms::{Form, FormError, Trouble};
use crate::i18n::Words;
use vocabulary::Locale;
use vocabulary::bounds::{REASON_CHARS_MAX, REASON_CHARS_MIN};

/// A decision on a hold, by who makes it and what it concludes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// An operator lets it go.
    Release,
    /// An operator refuses it.
    Reject,
    /// An operator hands it to the arbiters.
    Escalate,
    /// An arbiter rules that it goes.
    RuleRelease,
    /// An arbiter rules that it does not.
    RuleReject,
    /// Governance lets it go, against a verdict or a decision.
    OverruleRelease,
    /// Governance refuses it, against a decision.
    OverruleReject,
    /// Who keeps private and protected mail lets it go.
    CustodyRelease,
    /// Who keeps private and protected mail refuses it.
    CustodyReject,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Release,
        Self::Reject,
        Self::Escalate,
        Self::RuleRelease,
        Self::RuleReject,
        Self::OverruleRelease,
        Self::OverruleReject,
        Self::CustodyRelease,
        Self::CustodyReject,
    ];

    /// It lets the message go.
    #[must_use]
    pub const fn lets_go(self) -> bool {
        matches!(self, Self::Release | Self::RuleRelease | Self::OverruleRelease | Self::CustodyRelease)
    }

    /// The last segment of its form's address.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Reject => "reject",
            Self::Escalate => "escalate",
            Self::RuleRelease => "rule/release",
            Self::RuleReject => "rule/reject",
            Self::OverruleRelease => "overrule/release",
            Self::OverruleReject => "overrule/reject",
            Self::CustodyRelease => "custody/release",
            Self::CustodyReject => "custody/reject",
        }
    }

    /// Where its form is.
    #[must_use]
    pub fn href(self, hold: &str) -> String {
        format!("/holds/{hold}/{}", self.slug())
    }

    /// The verb on the button.
    #[must_use]
    pub fn verb(self, w: &Words) -> String {
        match self {
            Self::Release | Self::RuleRelease | Self::CustodyRelease => w.t("act-release"),
            Self::Reject | Self::RuleReject | Self::CustodyReject => w.t("act-reject"),
            Self::Escalate => w.t("act-escalate"),
            Self::OverruleRelease => w.t("act-overrule-release"),
            Self::OverruleReject => w.t("act-overrule-reject"),
        }
    }

    /// The title of the form.
    #[must_use]
    pub fn title(self, w: &Words) -> String {
        match self {
            Self::Release => w.t("decide-release"),
            Self::Reject => w.t("decide-reject"),
            Self::Escalate => w.t("decide-escalate"),
            Self::RuleRelease => w.t("decide-rule-release"),
            Self::RuleReject => w.t("decide-rule-reject"),
            Self::OverruleRelease => w.t("decide-overrule-release"),
            Self::OverruleReject => w.t("decide-overrule-reject"),
            Self::CustodyRelease => w.t("decide-custody-release"),
            Self::CustodyReject => w.t("decide-custody-reject"),
        }
    }

    /// The key that opens its form.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Escalate => "e",
            act if act.lets_go() => "a",
            _ => "r",
        }
    }

    /// The glyph.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Escalate => "up",
            act if act.lets_go() => "pass",
            _ => "refuse",
        }
    }

    /// The modifier of `.btn--d`.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self.key().as_bytes() {
            b"a" => "is-pass",
            b"r" => "is-refuse",
            _ => "is-up",
        }
    }

    /// Only confirming a rejection is red.
    #[must_use]
    pub const fn confirm(self) -> &'static str {
        match self.key().as_bytes() {
            b"r" => "btn--danger",
            _ => "btn--primary",
        }
    }

    /// Arbitration, override and custody give their grounds in full; ordinary decisions may pick a reason from the list.
    #[must_use]
    pub const fn needs_grounds(self) -> bool {
        !matches!(self, Self::Release | Self::Reject | Self::Escalate)
    }

    /// The sender reads something about it.
    #[must_use]
    pub const fn tells_sender(self) -> bool {
        !matches!(self, Self::Escalate)
    }

    /// The reasons on offer, each with the value it is posted as. The last one must be explained.
    #[must_use]
    pub fn motives(self, w: &Words) -> Vec<Motive> {
        let texts = match self {
            Self::Release => vec![
                ("entitled", w.t("motive-release-entitled")),
                ("harmless", w.t("motive-release-harmless")),
                ("required", w.t("motive-release-required")),
                ("other", w.t("motive-other")),
            ],
            Self::Reject => vec![
                ("recipient", w.t("motive-reject-recipient")),
                ("content", w.t("motive-reject-content")),
                ("correct", w.t("motive-reject-correct")),
                ("other", w.t("motive-other")),
            ],
            Self::Escalate => vec![
                ("doubt", w.t("motive-escalate-doubt")),
                ("interest", w.t("motive-escalate-interest")),
                ("stake", w.t("motive-escalate-stake")),
                ("other", w.t("motive-other")),
            ],
            _ => Vec::new(),
        };
        texts.into_iter().enumerate().map(|(at, (value, text))| Motive { value, text, key: at + 1 }).collect()
    }
}

/// A reason on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Motive {
    /// What is posted.
    pub value: &'static str,
    /// What is read, and recorded.
    pub text: String,
    /// The digit that picks it.
    pub key: usize,
}

/// The form's page.
#[derive(Debug, Clone, Template)]
#[template(path = "decide.html")]
pub struct DecidePage {
    /// The frame.
    pub s: Shell,
    /// Which decision.
    pub act: Act,
    /// The hold's page.
    pub back: String,
    /// Where it is posted.
    pub action: String,
    /// The message's subject line.
    pub subject: String,
    /// Who sent it.
    pub sender: String,
    /// Its clock, while it waits.
    pub clock: Option<ClockView>,
    /// What the decision goes against: `Rejeté le 24 nov. à 14:19 par Maëlle Brisson : « … »`.
    pub against: Option<String>,
    /// SHA-256 of the message that was read, lower-case hexadecimal.
    pub seen: String,
    /// Whether a security key signs it.
    pub demand: Demand,
    /// What was filled in before.
    pub draft: Draft,
    /// What was wrong with it.
    pub problems: Vec<Problem>,
}

/// A decision, whole, before a security key signs it: what is shown is what is signed.
#[derive(Debug, Clone, Template)]
#[template(path = "decide_sign.html")]
pub struct SignDecisionPage {
    /// The frame.
    pub s: Shell,
    /// Which decision.
    pub act: Act,
    /// The form it was made in.
    pub back: String,
    /// Where it is posted.
    pub action: String,
    /// The message's subject line.
    pub subject: String,
    /// Who sent it.
    pub sender: String,
    /// SHA-256 of the message that was read, lower-case hexadecimal.
    pub seen: String,
    /// The reason, as it will be recorded.
    pub reason: String,
    /// What was filled in.
    pub draft: Draft,
    /// What makes the question one of a kind.
    pub nonce: String,
    /// What the key is asked.
    pub options: String,
    /// The key did not sign.
    pub problem: bool,
}

/// What was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The reason picked.
    pub motive: String,
    /// Precisions, or the grounds.
    pub reason: String,
    /// What the sender will read besides the standing words.
    pub note: String,
    /// A security key is to sign it.
    pub sign: bool,
}

/// Something to correct in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's id.
    pub field: &'static str,
    /// What to do.
    pub text: String,
}

/// A decision as the form states it, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The reason to record: the one picked, then the precisions.
    pub reason: String,
    /// What the sender will read, if anything.
    pub note: Option<String>,
    /// The hash of what was read.
    pub seen: String,
}

impl DecidePage {
    /// The error about a field, if there is one.
    #[must_use]
    pub fn problem(&self, field: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.field == field)
    }
}

/// What an override goes against: `Rejeté, 14:19, par Maëlle Brisson`. `what` is the standing's word with its moment.
#[must_use]
pub fn against(w: Words, what: &str, who: &str) -> String {
    w.with2("decide-against", "what", what, "who", who)
}

/// Says something in a language.
pub type Say = fn(Words) -> String;

/// Of a reason as it was recorded, the code of the one that was picked and its words; `other` for one written out. What was
/// written besides is not told.
#[must_use]
pub fn motive_of(reason: &str) -> (&'static str, Say) {
    const PICKED: [(&str, Say); 9] = [
        ("entitled", |w| w.t("motive-release-entitled")),
        ("harmless", |w| w.t("motive-release-harmless")),
        ("required", |w| w.t("motive-release-required")),
        ("recipient", |w| w.t("motive-reject-recipient")),
        ("content", |w| w.t("motive-reject-content")),
        ("correct", |w| w.t("motive-reject-correct")),
        ("doubt", |w| w.t("motive-escalate-doubt")),
        ("interest", |w| w.t("motive-escalate-interest")),
        ("stake", |w| w.t("motive-escalate-stake")),
    ];
    let begins = |words: Say| {
        Locale::ALL.into_iter().any(|locale| {
            let rest = reason.strip_prefix(&words(Words(locale)));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let picked = PICKED.into_iter().find(|(_, words)| begins(*words));
    picked.unwrap_or(("other", |w| w.t("motive-written")))
}

/// What was filled in.
#[must_use]
pub fn draft(form: &Form) -> Draft {
    Draft {
        motive: form.text("motive").to_owned(),
        reason: form.text("reason").trim().to_owned(),
        note: form.text("note").trim().to_owned(),
        sign: form.text("sign") == "yes",
    }
}

/// Reads the posted form: the decision, or what is wrong with it beside what was filled in.
///
/// # Errors
/// The draft as it was posted, and what to correct.
pub fn read(form: &Form, act: Act, w: Words) -> Result<Stated, (Draft, Vec<Problem>)> {
    let draft = draft(form);
    let motives = act.motives(&w);
    let motive = motives.iter().find(|motive| motive.value == draft.motive);
    let mut problems = Vec::new();
    if !motives.is_empty() && motive.is_none() {
        problems.push(Problem { field: "motive", text: w.t("decide-pick-motive") });
    }
    let explained = act.needs_grounds() || motive.is_some_and(|motive| motive.value == "other");
    if explained && draft.reason.chars().count() < REASON_CHARS_MIN {
        problems.push(Problem { field: "reason", text: w.t("decide-give-reason") });
    }
    let reason = [
        motive.filter(|motive| motive.value != "other").map(|motive| motive.text.as_str()),
        Some(&draft.reason),
    ]
    .into_iter()
    .flatten()
    .filter(|part| !part.is_empty())
    .collect::<Vec<_>>()
    .join(". ");
    for (field, text) in [("reason", &reason), ("note", &draft.note)] {
        if text.chars().count() > REASON_CHARS_MAX {
            problems.push(Problem { field, text: w.n("decide-too-long", REASON_CHARS_MAX as u64) });
        }
    }
    if problems.is_empty() {
        let note = act.tells_sender().then(|| draft.note.clone()).filter(|note| !note.is_empty());
        return Ok(Stated { reason, note, seen: form.text("seen").to_owned() });
    }
    Err((draft, problems))
}

/// The SHA-256 a decision is bound to, or the error that names the field.
///
/// # Errors
/// It is not 64 hexadecimal digits.
pub fn seen(form: &Form) -> Result<Vec<u8>, FormError> {
    let text = form.text("seen");
    let wrong = || FormError { field: "seen".to_owned(), trouble: Trouble::NotAChoice };
    // `from_str_radix` alone would let a sign through.
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    (0..64)
        .step_by(2)
        .map(|at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(wrong))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: Words = Words(Locale::Fr);

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_reason_is_picked_or_written() {
        let stated =
            read(&form("motive=correct&reason=Voir+le+point+2&note=&seen=aa"), Act::Reject, W).unwrap();
        assert_eq!(stated.reason, format!("{}. Voir le point 2", W.t("motive-reject-correct")));
        assert_eq!(stated.note, None);
        let stated = read(&form("motive=other&reason=Parce+que&note=Bonjour"), Act::Release, W).unwrap();
        assert_eq!((stated.reason.as_str(), stated.note.as_deref()), ("Parce que", Some("Bonjour")));
    }

    #[test]
    fn what_is_missing_is_named_and_what_was_written_is_kept() {
        let cases = [
            ("reason=abc", Act::Reject, "motive"),
            ("motive=nonsense&reason=abc", Act::Reject, "motive"),
            ("motive=other&reason=+", Act::Release, "reason"),
            ("reason=ab", Act::OverruleRelease, "reason"),
            ("motive=correct&reason=", Act::RuleReject, "reason"),
        ];
        for (text, act, field) in cases {
            let (draft, problems) = read(&form(text), act, W).unwrap_err();
            assert_eq!(problems.first().map(|problem| problem.field), Some(field), "{text}");
            assert_eq!(draft.reason, form(text).text("reason").trim());
        }
        let long = format!("motive=other&reason={}", "x".repeat(REASON_CHARS_MAX + 1));
        assert!(read(&form(&long), Act::Reject, W).is_err());
    }

    #[test]
    fn a_reason_picked_is_known_by_its_code_and_what_was_written_is_not_told() {
        for act in Act::ALL {
            for motive in act.motives(&W).iter().filter(|motive| motive.value != "other") {
                assert_eq!(motive_of(&motive.text).0, motive.value);
                let (code, words) = motive_of(&format!("{}. Voir FR76 3000", motive.text));
                assert_eq!((code, words(W)), (motive.value, motive.text.clone()));
            }
        }
        assert_eq!(motive_of("Le compte FR76 3000 est le nôtre").0, "other");
    }

    #[test]
    fn an_arbiter_s_grounds_are_enough() {
        assert_eq!(read(&form("reason=Fond%C3%A9"), Act::RuleReject, W).unwrap().reason, "Fondé");
    }

    #[test]
    fn the_hash_is_read_strictly() {
        assert_eq!(seen(&form(&format!("seen={}", "0f".repeat(32)))).unwrap(), vec![0x0f; 32]);
        for text in ["seen=", "seen=zz", "x=1"] {
            assert!(seen(&form(text)).is_err(), "{text}");
        }
        assert!(seen(&form(&format!("seen={}", "+f".repeat(32).replace('+', "%2B")))).is_err());
    }
}
