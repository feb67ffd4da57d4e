//! Nominative accounts (clause A5): one natural person each. Role mailboxes and collective names are refused.
//!
//! The rule looks at words, in French and English, without accents, digits or separators. `jean.bureau@` is a person: a
//! role word counts when the local part begins with it, or holds nothing else.

mod words;

use vocabulary::EmailAddress;

use self::words::{FILLERS, ROLE_WORDS, TEAM_WORDS, TEAM_WORDS_LAST};
use crate::fold;

/// Characters of a person's name.
pub const NAME_CHARS_MAX: usize = 120;

/// Why an account would not be one person's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotNominative {
    /// The address is a role's.
    #[error("clause A5: \"{0}\" is the mailbox of a role, not of a person")]
    RoleMailbox(String),
    /// The name is a role's or a team's.
    #[error("clause A5: \"{0}\" names a role or a team, not a person")]
    CollectiveName(String),
    /// No name, too long, or not made of letters.
    #[error("a person's name has letters, no control characters, and at most {NAME_CHARS_MAX} characters")]
    Name,
}

/// Refuses the address and the name of anything but one person. Both are checked: the first that fails is told.
///
/// # Errors
/// A role mailbox, a collective name, or no name.
pub fn check(name: &str, email: &EmailAddress) -> Result<(), NotNominative> {
    if is_role_mailbox(email.local()) {
        return Err(NotNominative::RoleMailbox(email.local().to_owned()));
    }
    if name.chars().count() > NAME_CHARS_MAX
        || name.chars().any(char::is_control)
        || !name.chars().any(char::is_alphabetic)
    {
        return Err(NotNominative::Name);
    }
    if is_collective(name) { Err(NotNominative::CollectiveName(name.trim().to_owned())) } else { Ok(()) }
}

/// Two names that are one person's, as far as names tell: the same words, whatever their order, case and accents.
#[must_use]
pub fn is_same_person(one: &str, other: &str) -> bool {
    let sorted = |name: &str| {
        let mut words = words(name);
        words.sort_unstable();
        words
    };
    sorted(one) == sorted(other)
}

fn is_role_mailbox(local: &str) -> bool {
    // What stands after a plus sign is a label, not the mailbox.
    let local = local.trim_matches('"').split('+').next().unwrap_or("");
    let words = words(local);
    let collapsed = words.concat();
    let Some(first) = words.first() else {
        // Digits and signs only: nobody's name.
        return true;
    };
    // An initial is somebody's: `a.contact` may be Alain Contact.
    let is_impersonal = |word: &String| is_role(word) || (word.len() > 1 && is_filler(word));
    is_role(first) || is_role(&collapsed) || words.iter().all(is_impersonal)
}

fn is_collective(name: &str) -> bool {
    let words = words(name);
    is_role(&words.concat())
        || words.first().is_some_and(|first| TEAM_WORDS.contains(&first.as_str()))
        || words.last().is_some_and(|last| words.len() > 1 && TEAM_WORDS_LAST.contains(&last.as_str()))
        || words.iter().all(|word| is_role(word) || is_filler(word))
}

/// Runs of letters, in lower case, without accents.
fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_role(word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    ROLE_WORDS.contains(&word) || ROLE_WORDS.contains(&singular) || TEAM_WORDS.contains(&word)
}

fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}

#[cfg(test)]
mod tests;
