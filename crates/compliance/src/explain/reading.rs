//! Why something of a message was not read, or reads in several ways: one plain sentence for each code, told to reviewers,
//! senders and auditors alike. They are words about files and formats, never about what these say.

use mail::DefectKind;
use vocabulary::Locale;

use super::place::pick;
use crate::Finding;
use crate::detect::{AMBIGUOUS_MESSAGE, UNREADABLE_ATTACHMENT, UNREADABLE_MESSAGE};

/// Why a finding stands, where its detector finds a code and no text; without a capital and a full stop, to follow a colon.
#[must_use]
pub fn cause(finding: &Finding, locale: Locale) -> Option<&'static str> {
    let code = finding.excerpt.as_str();
    match finding.detector.as_str() {
        UNREADABLE_ATTACHMENT => Some(unread(code, locale)),
        // A message saved as a file is told of by the file's reason, the message itself by its defect.
        UNREADABLE_MESSAGE | AMBIGUOUS_MESSAGE => {
            let kind = DefectKind::ALL.iter().find(|kind| kind.code() == code);
            Some(kind.map_or_else(|| unread(code, locale), |kind| defect(*kind, locale)))
        }
        _ => None,
    }
}

/// A sentence for each pattern, in French and in English.
macro_rules! sentences {
    ($of:expr, $locale:expr; $($pattern:pat, $fr:literal, $en:literal;)+) => {
        match $of { $($pattern => pick($locale, $fr, $en),)+ }
    };
}

/// What was wrong, doubtful or unread in the message itself.
#[must_use]
pub const fn defect(kind: DefectKind, locale: Locale) -> &'static str {
    use DefectKind as Kind;
    sentences! { kind, locale;
        Kind::NoHeaders, "le message n’a aucun en-tête : ni expéditeur, ni objet, ni date", "the message has no headers at all: no sender, no subject, no date";
        Kind::MalformedHeader, "une ligne d’en-tête n’a pas la forme prévue", "a header line does not have the form it should have";
        Kind::DuplicateHeader, "un en-tête qui doit être unique (expéditeur, objet, date…) figure deux fois avec des valeurs différentes", "a header that may stand only once (sender, subject, date…) stands twice with different values";
        Kind::AmbiguousType, "le type d’une partie est déclaré plusieurs fois, et les déclarations se contredisent", "the type of a part is declared several times, and the declarations contradict each other";
        Kind::AmbiguousEncoding, "la façon de décoder une partie est déclarée de manière contradictoire", "how a part is to be decoded is declared in contradictory ways";
        Kind::AmbiguousBoundary, "plusieurs séparateurs peuvent découper le message, chacun en d’autres parties", "several separators could split the message, each into other parts";
        Kind::MissingBoundary, "le message s’annonce en plusieurs parties, et le séparateur qui doit les délimiter manque", "the message says it has several parts, and the separator that should divide them is missing";
        Kind::MissingFinalBoundary, "la marque qui doit clore les parties du message manque : il est peut-être coupé", "the mark that should end the parts of the message is missing: it may be cut off";
        Kind::TextOutsideParts, "du texte se trouve hors des parties du message, où seuls certains logiciels le montrent", "text stands outside the parts of the message, where only some mail programs show it";
        Kind::UnknownEncoding, "le codage d’une partie est inconnu : elle a été lue telle quelle", "the encoding of a part is unknown: it was read as it stands";
        Kind::BrokenBase64, "le contenu codé d’une partie est défectueux : chaque logiciel peut le décoder autrement", "the encoded content of a part is faulty: each mail program may decode it differently";
        Kind::BrokenQuotedPrintable, "des caractères codés d’une partie sont défectueux", "encoded characters of a part are faulty";
        Kind::UnknownCharset, "le jeu de caractères déclaré d’une partie est inconnu : son texte peut se lire autrement", "the declared character set of a part is unknown: its text may read differently";
        Kind::WrongCharset, "le texte d’une partie n’est pas dans le jeu de caractères qu’elle déclare ; les deux lectures ont été examinées", "the text of a part is not in the character set it declares; both readings were examined";
        Kind::AmbiguousName, "une pièce jointe porte plusieurs noms qui se contredisent", "an attachment has several names that contradict each other";
        Kind::DeceptiveName, "le nom d’une pièce jointe contient des caractères invisibles ou trompeurs", "the name of an attachment holds invisible or misleading characters";
        Kind::EncodedInText, "un fichier est écrit à l’intérieur du texte ; ce qui a pu en être décodé est examiné comme une pièce jointe", "a file is written inside the text; what could be decoded of it is examined as an attachment";
        Kind::EncodedInTextUnread, "un fichier est écrit à l’intérieur du texte, dans un codage qui n’est pas lu", "a file is written inside the text, in an encoding that is not read";
        Kind::NotText, "une partie qui se dit du texte n’en est pas", "a part that says it is text is not";
        Kind::HiddenText, "le message contient du texte que son lecteur ne voit pas", "the message holds text that its reader does not see";
        Kind::PartialMessage, "ce message n’est qu’un morceau : le reste est dans d’autres messages", "this message is only a piece: the rest is in other messages";
        Kind::ExternalBody, "un contenu n’est pas dans le message mais ailleurs, où il n’a pas été cherché", "some content is not in the message but elsewhere, where it was not fetched";
        Kind::Encrypted, "un contenu est chiffré (S/MIME ou PGP) : sans sa clé, personne ne peut le lire ici", "some content is encrypted (S/MIME or PGP): without its key nobody can read it here";
        Kind::TooManyParts, "le message a plus de parties, d’en-têtes ou de textes qu’il n’en est lu", "the message has more parts, headers or texts than are read";
        Kind::TooDeep, "des parties du message sont emboîtées plus profondément qu’il n’est lu", "parts of the message are nested deeper than is read";
        Kind::TooLong, "le message contient plus de texte qu’il n’en est examiné", "the message holds more text than is examined";
        Kind::BareControl, "le message contient des caractères de commande que les logiciels traitent différemment", "the message holds control characters that mail programs treat differently";
    }
}

/// Why a file was not read, by its code.
#[must_use]
pub fn unread(code: &str, locale: Locale) -> &'static str {
    sentences! { code, locale;
        "encrypted", "le fichier est chiffré ou protégé par un mot de passe", "the file is encrypted or protected by a password";
        "corrupt", "le fichier est endommagé", "the file is damaged";
        "illegible", "son texte est tracé en caractères que rien ne permet d’identifier", "its text is drawn in characters that cannot be identified";
        "truncated", "le fichier est incomplet : sa fin manque", "the file is incomplete: its end is missing";
        "too_large", "le fichier, ou ce qu’il contient, est plus gros que ce qui est lu", "the file, or what it holds, is larger than what is read";
        "bomb", "c’est un petit fichier fait pour grossir sans fin", "it is a small file made to expand without end";
        "too_deep", "des archives y sont emboîtées plus profondément qu’il n’est lu", "archives stand in it nested deeper than is read";
        "too_many", "le fichier contient plus d’éléments qu’il n’en est lu", "the file holds more items than are read";
        "timeout", "sa lecture a dépassé le temps permis", "reading it took longer than is allowed";
        "crashed", "sa lecture a échoué", "reading it failed";
        "unknown_format", "son format n’est pas de ceux qui sont lus", "its format is not one of those that are read";
        "ambiguous", "c’est un message qui se lit de plusieurs façons", "it is a message that reads in several ways";
        "sandbox_unavailable", "le fichier n’a pas pu être ouvert en sécurité sur ce serveur", "the file could not be opened safely on this server";
        "not_extracted", "sa lecture n’a pas été tentée", "no attempt was made to read it";
        _, "la raison n’est pas connue de cette version", "the reason is not known to this version";
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::gather::NOT_EXTRACTED;

    pub(in crate::explain) fn found(detector: &str, code: &str) -> Finding {
        Finding {
            detector: detector.into(),
            part: "1".into(),
            start: 0,
            end: 0,
            region: None,
            place: None,
            certainty: 100,
            excerpt: code.into(),
            term: String::new(),
            controls: Vec::new(),
        }
    }

    /// No two kinds share a sentence, and none shows its code.
    #[test]
    fn every_defect_has_a_sentence_of_its_own_in_each_language() {
        for locale in Locale::ALL {
            let sentences: Vec<&str> = DefectKind::ALL.iter().map(|kind| defect(*kind, locale)).collect();
            assert!(sentences.iter().all(|sentence| sentence.len() > 20 && !sentence.contains('_')));
            assert_eq!(sentences.iter().collect::<HashSet<_>>().len(), DefectKind::ALL.len());
        }
        assert!(DefectKind::ALL.iter().all(|kind| defect(*kind, Locale::Fr) != defect(*kind, Locale::En)));
        assert_ne!(unread(NOT_EXTRACTED, Locale::Fr), unread("", Locale::Fr));
    }

    #[test]
    fn a_code_is_read_by_what_found_it() {
        let cause = |detector: &str, code: &str| cause(&found(detector, code), Locale::En);
        assert!(cause(UNREADABLE_ATTACHMENT, "encrypted").unwrap().contains("password"));
        assert!(cause(UNREADABLE_MESSAGE, "encrypted").unwrap().contains("S/MIME"));
        assert!(cause(AMBIGUOUS_MESSAGE, "missing_boundary").unwrap().contains("separator"));
        assert!(cause(AMBIGUOUS_MESSAGE, "ambiguous").unwrap().contains("several ways"));
        assert_eq!(cause("iban", "FR76"), None);
    }
}
