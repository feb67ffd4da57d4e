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

/// Marked private: mail protected as correspondence (Cour de cassation, chambre sociale, 2 October 2001, no. 99-42.942).
pub(crate) fn is_private(message: &Message) -> bool {
    matches!(message.sensitivity, Some(Sensitivity::Personal | Sensitivity::Private))
        || is_marked(&message.subject, PRIVATE)
}

/// Marked as not to leave.
pub(crate) fn is_confidential(message: &Message) -> bool {
    message.sensitivity == Some(Sensitivity::CompanyConfidential) || is_marked(&message.subject, CONFIDENTIAL)
}

/// `[Personnel] vacances`, `PERSONNEL : vacances`, `(privé)`, `Personnel et confidentiel`. Not: `Fichier du personnel`.
fn is_marked(subject: &str, marks: &[&str]) -> bool {
    let is_mark = |text: &str| marks.contains(&fold(text).as_str());
    let subject = without_prefixes(subject);
    let bracketed = [('[', ']'), ('(', ')'), ('{', '}'), ('<', '>'), ('*', '*'), ('#', '#')].iter().any(
        |(open, close)| {
            subject.match_indices(*open).any(|(at, opened)| {
                let inside = subject.get(at + opened.len()..).unwrap_or("");
                inside.find(*close).and_then(|end| inside.get(..end)).is_some_and(is_mark)
            })
        },
    );
    let head = [":", " - ", " – ", " — ", "/", "|"]
        .iter()
        .any(|separator| subject.split_once(separator).is_some_and(|(head, _)| is_mark(head)));
    bracketed || head || is_mark(subject)
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
