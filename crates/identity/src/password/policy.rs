//! Which passwords are accepted. The floor is compiled in; an organisation can only raise it.

use std::fmt;

use vocabulary::bounds::PASSWORD_CHARS_MIN;
use vocabulary::{Entropy, Secret};
use zeroize::Zeroizing;

use super::{BreachedList, Found, PresentedPassword};
use crate::fold;

/// From this length on three of the four classes do; below it all four are asked.
const CHARS_FOR_THREE_CLASSES: usize = 14;
/// From this length on an organisation may do without classes.
const PASSPHRASE_CHARS_MIN: usize = 20;
/// An organisation may not ask for more: people must be able to comply (NIST SP 800-63B-4 §3.1.1.2 asks that 64 be allowed).
const CHARS_MIN_MAX: usize = 64;
/// The least zxcvbn score, of 0–4: "safely unguessable", at least 10⁸ guesses.
const SCORE_MIN: u8 = 3;
/// Characters of a password zxcvbn looks at: its work grows with the square.
const SCORED_CHARS_MAX: usize = 100;
/// Shorter pieces of a name are too common to hold against a password.
const WORD_CHARS_MIN: usize = 3;
/// Characters that must be left when the known words are taken out.
const CHARS_LEFT_MIN: usize = 8;
/// Words of the person and organisation that are looked for.
const WORDS_MAX: usize = 100;
const GENERATED_GROUPS: usize = 5;
const GENERATED_LETTERS: &[u8; 16] = b"bcdfghjkmnpqrtwx";
/// Words every attacker would try here.
const OWN_WORDS: [&str; 3] = ["cerebro", "compliance", "conformite"];

/// A setting outside the clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("clause A3: the shortest password is {PASSWORD_CHARS_MIN} to {CHARS_MIN_MAX} characters, not {0}")]
pub struct PolicyError(usize);

/// What an organisation asks of passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    chars_min: usize,
    allows_passphrases: bool,
}

/// The floor itself.
impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { chars_min: PASSWORD_CHARS_MIN, allows_passphrases: false }
    }
}

impl PasswordPolicy {
    /// At least `chars_min` characters; `allows_passphrases` of 20 or more without class rule.
    ///
    /// # Errors
    /// Below the floor of clause A3, or so high that nobody can comply.
    pub fn new(chars_min: usize, allows_passphrases: bool) -> Result<Self, PolicyError> {
        if (PASSWORD_CHARS_MIN..=CHARS_MIN_MAX).contains(&chars_min) {
            Ok(Self { chars_min, allows_passphrases })
        } else {
            Err(PolicyError(chars_min))
        }
    }

    /// Accepts a password or names every rule it breaks.
    ///
    /// `words` are what an attacker knows of the person and the organisation: names, address, domains. Cases and
    /// separators do not matter.
    ///
    /// # Errors
    /// Every broken rule, at once: nobody likes to learn them one by one.
    pub fn accept(
        &self,
        password: PresentedPassword,
        words: &[&str],
        breached: &dyn BreachedList,
    ) -> Result<AcceptedPassword, BrokenRules> {
        let mut broken = Vec::new();
        if password.chars() < self.chars_min {
            broken.push(BrokenRule::TooShort { chars_min: self.chars_min });
        }
        let (classes, wanted) = (classes(password.expose()), self.classes_wanted(password.chars()));
        if classes < wanted {
            broken.push(BrokenRule::TooFewClasses { classes_min: wanted });
        }
        if is_guessable(password.expose(), words) {
            broken.push(BrokenRule::Guessable);
        }
        match breached.look(password.expose()) {
            Found::Yes => broken.push(BrokenRule::Breached),
            Found::Unreadable => broken.push(BrokenRule::Unchecked),
            Found::No => {}
        }
        if broken.is_empty() { Ok(AcceptedPassword(password)) } else { Err(BrokenRules(broken)) }
    }

    const fn classes_wanted(&self, chars: usize) -> usize {
        if self.allows_passphrases && chars >= PASSPHRASE_CHARS_MIN {
            0
        } else if chars >= CHARS_FOR_THREE_CLASSES {
            3
        } else {
            4
        }
    }
}

/// A password that breaks no rule: the only kind that can be hashed.
#[derive(Debug, Clone)]
pub struct AcceptedPassword(PresentedPassword);

impl AcceptedPassword {
    /// A first password for somebody, to be replaced by their own: `bcdf-KMNP-2345-ghjk-qrtw`, 76 random bits, without
    /// vowels or look-alikes, to be read aloud.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let random: Zeroizing<[u8; GENERATED_GROUPS * 4]> =
            Zeroizing::new(vocabulary::entropy::random(entropy));
        let mut text = Zeroizing::new(String::with_capacity(GENERATED_GROUPS * 5));
        for (group, bytes) in random.chunks(4).enumerate() {
            if group > 0 {
                text.push('-');
            }
            for byte in bytes {
                let letter = GENERATED_LETTERS.get(usize::from(byte & 15)).copied().unwrap_or(b'b');
                text.push(match group {
                    1 => char::from(letter.to_ascii_uppercase()),
                    2 => char::from(b'2' + (byte & 7)),
                    _ => char::from(letter),
                });
            }
        }
        let chars = text.len();
        Self(PresentedPassword { text: Secret::new(std::mem::take(&mut *text)), chars })
    }

    /// The password, to be verified later.
    #[must_use]
    pub const fn presented(&self) -> &PresentedPassword {
        &self.0
    }
}

/// A rule of the policy that a password breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenRule {
    /// Fewer characters than asked.
    TooShort {
        /// How many are asked.
        chars_min: usize,
    },
    /// Fewer classes (lower case, upper case, digit, other) than its length asks.
    TooFewClasses {
        /// How many are asked.
        classes_min: usize,
    },
    /// Easily guessed, knowing the person and the organisation.
    Guessable,
    /// Known from breaches of other services.
    Breached,
    /// The list of breached passwords cannot be read: it is refused rather than not checked.
    Unchecked,
}

impl BrokenRule {
    /// A stable word, for messages in two languages and for the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too_short",
            Self::TooFewClasses { .. } => "too_few_classes",
            Self::Guessable => "guessable",
            Self::Breached => "breached",
            Self::Unchecked => "unchecked",
        }
    }
}

impl fmt::Display for BrokenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { chars_min } => write!(f, "it has fewer than {chars_min} characters"),
            Self::TooFewClasses { classes_min } => {
                write!(f, "it has fewer than {classes_min} of: lower case, upper case, digit, other")
            }
            Self::Guessable => f.write_str("it is easily guessed"),
            Self::Breached => f.write_str("it is known from breaches of other services"),
            Self::Unchecked => f.write_str("the list of breached passwords cannot be read"),
        }
    }
}

/// Every rule a password breaks. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRules(Vec<BrokenRule>);

impl BrokenRules {
    /// The rules, in the order people read them.
    #[must_use]
    pub fn rules(&self) -> &[BrokenRule] {
        &self.0
    }
}

impl fmt::Display for BrokenRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the password is refused (clause A3): ")?;
        for (place, rule) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            rule.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for BrokenRules {}

/// Lower case, upper case, digit, other: how many of the four. Letters without case (漢, ع) are other.
fn classes(password: &str) -> usize {
    let tests: [fn(char) -> bool; 4] = [char::is_lowercase, char::is_uppercase, char::is_numeric, |c| {
        !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric()
    }];
    tests.iter().filter(|test| password.chars().any(**test)).count()
}

/// Guessed within 10⁸ tries, or little is left of it once the words everybody knows are taken away (zxcvbn forgives
/// `Ines.Kermadec1` because of its dot).
fn is_guessable(password: &str, words: &[&str]) -> bool {
    let pieces: Vec<String> = words
        .iter()
        .flat_map(|word| {
            let folded = fold(word);
            folded.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
        })
        .filter(|piece| piece.chars().count() >= WORD_CHARS_MIN)
        .take(WORDS_MAX)
        .collect();
    let known: Vec<&str> = OWN_WORDS.into_iter().chain(pieces.iter().map(String::as_str)).collect();
    let head = Zeroizing::new(password.chars().take(SCORED_CHARS_MAX).collect::<String>());
    u8::from(zxcvbn::zxcvbn(&head, &known).score()) < SCORE_MIN
        || chars_left(password, known) < CHARS_LEFT_MIN
}

/// Code points left when the known words, longest first, are taken out.
fn chars_left(password: &str, mut known: Vec<&str>) -> usize {
    known.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = Zeroizing::new(fold(password));
    for word in known {
        rest = Zeroizing::new(rest.replace(word, ""));
    }
    rest.chars().count()
}
