//! Marks a sender puts on a message: private, confidential; and what a machine sent by itself.

use mail::{Message, Sensitivity};

use crate::words::fold;

/// Words that make a message private when they stand alone in brackets, or begin its subject before a colon or dash.
const PRIVATE: &[&str] = &[
    "personnel",
    "personnelle",
    "prive",
    "privee",
    "perso",
    "confidentiel personnel",
    "personnel et confidentiel",
    "personnel confidentiel",
    "personal",
    "private",
    "personal and confidential",
    "private and confidential",
];
const CONFIDENTIAL: &[&str] = &[
    "confidentiel",
    "strictement confidentiel",
    "confidentiel interne",
    "interne",
    "usage interne",
    "secret",
    "diffusion restreinte",
    "confidential",
    "strictly confidential",
    "internal",
    "internal use only",
    "internal only",
    "restricted",
];

/// What follows a word that is no mark then: a mark, and how the rest begins. `Personnel : planning` speaks of staff,
/// `Privé / public` of two sectors. Each is a way past the protection of private mail: the list stays short.
const NO_MARK_BEFORE: &[(&str, &[&str])] = &[
    ("personnel", &["planning", "note de service", "note d information", "effectif", "recrutement"]),
    ("prive", &["public", "et public"]),
    ("private", &["public", "and public", "equity"]),
    ("interne", &["externe", "et externe"]),
    ("internal", &["external", "and external"]),
    ("secret", &["santa"]),
    ("restricted", &["part ", "stock"]),
];

/// Marked private: mail protected as correspondence (Cour de cassation, chambre sociale, 2 October 2001, no. 99-42.942).
pub(crate) fn is_private(message: &Message) -> bool {
    matches!(message.sensitivity, Some(Sensitivity::Personal | Sensitivity::Private))
        || is_marked(&message.subject, PRIVATE)
}

/// Marked as not to leave.
pub(crate) fn is_confidential(message: &Message) -> bool {
    message.sensitivity == Some(Sensitivity::CompanyConfidential) || is_marked(&message.subject, CONFIDENTIAL)
}

/// `[Personnel] vacances`, `PERSONNEL : vacances`, `(privé)`, `Personnel et confidentiel`. Not: `Fichier du personnel`,
/// `Secteur (privé) : enquête`.
fn is_marked(subject: &str, marks: &[&str]) -> bool {
    let is_mark = |text: &str| marks.contains(&fold(text).as_str());
    let stands = |mark: &str, rest: &str| is_mark(mark) && !goes_on(&fold(mark), &fold(rest));
    let subject = without_prefixes(subject);
    let bracketed = [('[', ']'), ('(', ')'), ('{', '}'), ('<', '>'), ('*', '*'), ('#', '#')].iter().any(
        |(open, close)| {
            subject.match_indices(*open).any(|(at, opened)| {
                let inside = subject.get(at + opened.len()..).unwrap_or("");
                let Some((mark, rest)) = inside.split_once(*close) else { return false };
                // A word in parentheses in the middle explains the one before it.
                let apart = *open != '(' || at == 0 || rest.trim().is_empty();
                apart && stands(mark, rest)
            })
        },
    );
    let head = [":", " - ", " – ", " — ", "/", "|"]
        .iter()
        .any(|separator| subject.split_once(separator).is_some_and(|(head, rest)| stands(head, rest)));
    bracketed || head || is_mark(subject)
}

/// Whether what follows makes another thing of the word.
fn goes_on(mark: &str, rest: &str) -> bool {
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| rest.starts_with(beginning));
    NO_MARK_BEFORE.iter().any(|(word, beginnings)| *word == mark && begins(beginnings))
}

/// A subject without `Re:`, `TR:`, `Fwd:`…
fn without_prefixes(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((head, tail)) = rest.split_once(':') {
        if !matches!(fold(head).as_str(), "re" | "tr" | "fw" | "fwd" | "rep" | "ref" | "aw" | "wg") {
            break;
        }
        rest = tail.trim();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_apart_from_the_words() {
        for (subject, private, confidential) in [
            ("[Personnel] vacances", true, false),
            ("PERSONNEL : rendez-vous", true, false),
            ("Re: Privé - médecin", true, false),
            ("Personnel et confidentiel", true, false),
            ("Private: school", true, false),
            ("Fichier du personnel", false, false),
            ("Prêt personnel : taux", false, false),
            ("Private equity: the pipeline", false, false),
            ("[CONFIDENTIEL] projet Lormont", false, true),
            ("Strictly confidential – board", false, true),
            ("Clause de confidentialité", false, false),
            ("Private / public markets: our outlook", false, false),
            ("Personnel : planning des congés", false, false),
            ("PERSONNEL - Note de service n° 12", false, false),
            ("Privé - public : notre étude", false, false),
            ("Secteur (privé) : enquête", false, false),
            ("Interne / externe : répartition", false, false),
            ("Re: (secret) santa", false, false),
            ("Restricted - Part 2A brochure", false, false),
            ("Privé / école", true, false),
            ("Vacances (privé)", true, false),
            ("(privé) vacances", true, false),
            ("Personnel : congés", true, false),
            ("Interne / calendrier", false, true),
            ("", false, false),
        ] {
            let message = Message { subject: subject.into(), ..Message::default() };
            assert_eq!(
                (is_private(&message), is_confidential(&message)),
                (private, confidential),
                "{subject}"
            );
        }
        let message = Message { sensitivity: Some(Sensitivity::Private), ..Message::default() };
        assert!(is_private(&message));
    }
}
