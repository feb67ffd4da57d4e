//! What a finding says besides its detector's name: the lexicon's line, the kind and its score, the nearest example, the client's
//! number, or why something was not read. For whoever may read the message: a line of a lexicon tells what stands in it.

use vocabulary::Locale;

use super::place::pick;
use super::{cause, colon, label};
use crate::Finding;
use crate::clients;
use crate::detect::{CLIENT_DATA, EXEMPLAR, SEMANTIC, detector};
use crate::lexicon::is_lexicon;

/// Scores, per mille, from which they are called so; what is below all of them is low.
const DEGREES: [(u16, &str, &str); 3] =
    [(800, "très élevé", "very high"), (600, "élevé", "high"), (400, "moyen", "medium")];

/// In words, without a capital and a full stop; `None` where the detector's name says it all.
#[must_use]
pub fn told(finding: &Finding, locale: Locale) -> Option<String> {
    if let Some(cause) = cause(finding, locale) {
        return Some(cause.to_owned());
    }
    let term = Some(finding.term.as_str()).filter(|term| !term.is_empty())?;
    match finding.detector.as_str() {
        SEMANTIC => kind(term, locale),
        EXEMPLAR => example(term, locale),
        CLIENT_DATA => client(term, locale),
        name if is_lexicon(name) => Some(format!(
            "{} {}",
            pick(locale, "terme du lexique", "term of the lexicon"),
            quoted(term, locale)
        )),
        _ => degree(term.rsplit_once(' ')?.1, locale),
    }
}

/// `market_abuse 914`: what a sentence is like, for the encoder.
fn kind(term: &str, locale: Locale) -> Option<String> {
    let (kind, score) = term.rsplit_once(' ')?;
    let topic = format!("topic_{kind}");
    // A model may know a kind that no topic has.
    let kind = if detector(&topic).is_some() { label(&topic, locale) } else { kind };
    Some(format!("{kind}, {}", degree(score, locale)?))
}

/// `client_poaching 612: Venez avec moi.`: the nearest of the institution's own examples.
fn example(term: &str, locale: Locale) -> Option<String> {
    let (near, sentence) = term.split_once(": ")?;
    let (category, score) = near.rsplit_once(' ')?;
    Some(format!(
        "{} {}, {}{} {}{} {}",
        pick(locale, "catégorie", "category"),
        quoted(category, locale),
        degree(score, locale)?,
        pick(locale, "\u{202f};", ";"),
        pick(locale, "exemple le plus proche", "nearest example"),
        colon(locale),
        quoted(sentence, locale)
    ))
}

/// `12, 45`: whose data it is, by the order of the client file.
fn client(term: &str, locale: Locale) -> Option<String> {
    let of_file = pick(locale, "du fichier", "of the file");
    let word = match clients::read(term).len() {
        0 => return None,
        1 => pick(locale, "client nº", "client no."),
        _ => pick(locale, "clients nº", "clients no."),
    };
    Some(format!("{word}\u{a0}{term} {of_file}"))
}

/// `score élevé (870 sur 1 000)`.
fn degree(score: &str, locale: Locale) -> Option<String> {
    let per_mille: u16 = score.parse().ok()?;
    let known = DEGREES.iter().find(|(from, ..)| per_mille >= *from);
    let degree = known.map_or(pick(locale, "faible", "low"), |(_, fr, en)| pick(locale, fr, en));
    Some(match locale {
        Locale::Fr => format!("score {degree} ({per_mille} sur 1\u{202f}000)"),
        Locale::En => format!("{degree} score ({per_mille} out of 1,000)"),
    })
}

fn quoted(text: &str, locale: Locale) -> String {
    match locale {
        Locale::Fr => format!("«\u{a0}{text}\u{a0}»"),
        Locale::En => format!("“{text}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::reading::tests::found;

    #[test]
    fn what_a_model_a_lexicon_or_the_client_file_said_is_told_in_words() {
        for (detector, term, fr, en) in [
            (
                "lexicon_market_abuse",
                "front running",
                "terme du lexique « front running »",
                "term of the lexicon “front running”",
            ),
            (
                "semantic",
                "market_abuse 914",
                "phrase proche de : abus de marché, score très élevé (914 sur 1 000)",
                "sentence close to: market abuse, very high score (914 out of 1,000)",
            ),
            (
                "semantic",
                "poaching 399",
                "poaching, score faible (399 sur 1 000)",
                "poaching, low score (399 out of 1,000)",
            ),
            ("topic_aml", "aml 600", "score élevé (600 sur 1 000)", "high score (600 out of 1,000)"),
            (
                "exemplar",
                "client_poaching 512: Venez : on s’arrangera.",
                "catégorie « client_poaching », score moyen (512 sur 1 000) ; exemple le plus proche : « Venez : on s’arrangera. »",
                "category “client_poaching”, medium score (512 out of 1,000); nearest example: “Venez : on s’arrangera.”",
            ),
            ("client_data", "12", "client nº 12 du fichier", "client no. 12 of the file"),
            ("client_data", "12, 45", "clients nº 12, 45 du fichier", "clients no. 12, 45 of the file"),
        ] {
            let finding = Finding { term: term.into(), ..found(detector, "x") };
            let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
            assert_eq!(told(&finding, Locale::Fr).map(plain).as_deref(), Some(fr));
            assert_eq!(told(&finding, Locale::En).map(plain).as_deref(), Some(en));
        }
        assert_eq!(told(&found("iban", "FR76"), Locale::Fr), None);
        assert!(told(&found("unreadable_attachment", "bomb"), Locale::En).unwrap().contains("expand"));
    }
}
