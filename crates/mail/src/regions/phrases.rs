//! The phrases mail programs and lawyers write, in French and English (and the German of Outlook).

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Labels of the header block Outlook writes above a thread.
pub(super) const FROM: &[&str] = &["from", "de", "von", "expéditeur"];
/// See [`FROM`].
pub(super) const SENT: &[&str] = &["sent", "date", "envoyé", "envoyé le", "gesendet"];
/// See [`FROM`].
pub(super) const TO: &[&str] = &["to", "à", "a", "an", "destinataire"];
/// See [`FROM`].
pub(super) const SUBJECT: &[&str] = &["subject", "objet", "sujet", "betreff"];

/// Longest line compared with phrases, bytes.
const LINE_BYTES_MAX: usize = 2_000;

/// Lower case, typographic apostrophes and no-break blanks made plain, `*bold*` marks removed.
fn plain(text: &str) -> String {
    if text.len() > LINE_BYTES_MAX {
        return String::new();
    }
    let mut out = String::with_capacity(text.len());
    text.chars().filter(|c| *c != '*').for_each(|c| push_plain(&mut out, c));
    out
}

/// One character of [`plain`]. Most are ASCII, and the walk through Unicode's tables costs ten times as much.
fn push_plain(out: &mut String, c: char) {
    match c {
        '\0'..='\u{7f}' => out.push(c.to_ascii_lowercase()),
        // Latin-1, where all that is a letter but `×` and `÷` is written alike 32 further on.
        '\u{a0}' => out.push(' '),
        '\u{a1}'..='\u{bf}' | '\u{d7}' | '\u{df}'..='\u{ff}' => out.push(c),
        '\u{c0}'..='\u{de}' => out.extend(char::from_u32(u32::from(c) + 32)),
        '\u{2019}' | '\u{2bc}' => out.push('\''),
        '\u{202f}' => out.push(' '),
        _ => out.extend(c.to_lowercase()),
    }
}

/// `From: …`, `*De :* …`.
pub(super) fn is_header_label(line: &str, labels: &[&str]) -> bool {
    let Some((label, _)) = line.split_once(':').filter(|(label, _)| label.len() <= 24) else { return false };
    let label = plain(label);
    labels.contains(&label.trim())
}

/// `-----Original Message-----`, `---------- Forwarded message ---------` and their French forms.
pub(super) fn is_thread_divider(line: &str) -> bool {
    const DIVIDERS: &[&str] = &[
        "original message",
        "message d'origine",
        "message original",
        "message initial",
        "forwarded message",
        "message transféré",
        "message transmis",
        "ursprüngliche nachricht",
    ];
    // Every divider starts with a dash, « Begin » or « Début »: most lines are not looked at twice.
    let first = line.trim_start_matches('*').bytes().next();
    if line.len() > 120 || !matches!(first, Some(b'-' | b'b' | b'B' | b'd' | b'D')) {
        return false;
    }
    let text = plain(line);
    if matches!(
        text.trim_end_matches([':', ' ']),
        "begin forwarded message" | "début du message réexpédié" | "début du message transféré"
    ) {
        return true;
    }
    text.starts_with("--") && DIVIDERS.contains(&text.trim_matches([' ', '-']))
}

/// Cheap test before [`is_attribution`].
pub(super) fn may_start_attribution(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or("").trim_end_matches(',');
    ["on", "le", "am"].iter().any(|word| first.eq_ignore_ascii_case(word)) || line.ends_with(':')
}

/// `On Mon, 3 Mar 2025, X wrote:`, `Le lun. 3 mars 2025 à 10:00, X <x@y.example> a écrit :`.
pub(super) fn is_attribution(line: &str) -> bool {
    let text = plain(line);
    let Some(text) = text.trim_end().strip_suffix(':') else { return false };
    let text = text.trim_end();
    let writes = ["wrote", "writes", "a écrit", "a ecrit", "écrivait", "schrieb"];
    writes.iter().any(|verb| text.ends_with(verb)) && text.contains([' ', '@']) && text.len() > 12
}

/// `Envoyé de mon iPhone`.
pub(super) fn is_device_line(line: &str) -> bool {
    const DEVICES: &[&str] = &[
        "envoyé de mon ",
        "envoyé depuis mon ",
        "envoyé à partir de ",
        "envoyé à partir d'",
        "sent from my ",
        "sent from outlook for ",
        "sent from mail for ",
        "télécharger outlook pour ",
        "obtenir outlook pour ",
        "get outlook for ",
    ];
    // Most lines begin otherwise, and are not looked at twice.
    let first = line.trim_start_matches('*').chars().next();
    if line.len() >= 120
        || !matches!(first, Some('e' | 'E' | 'é' | 'É' | 's' | 'S' | 't' | 'T' | 'o' | 'O' | 'g' | 'G'))
    {
        return false;
    }
    let text = plain(line);
    DEVICES.iter().any(|device| text.starts_with(device))
}

/// `Cordialement,`, `Best regards`.
pub(super) fn is_closing(line: &str) -> bool {
    const CLOSINGS: &[&str] = &[
        "cordialement",
        "bien cordialement",
        "très cordialement",
        "sincères salutations",
        "salutations distinguées",
        "meilleures salutations",
        "bien à vous",
        "bien à toi",
        "respectueusement",
        "amicalement",
        "bonne journée",
        "bonne réception",
        "cdt",
        "cdlt",
        "regards",
        "best regards",
        "kind regards",
        "warm regards",
        "best wishes",
        "sincerely",
        "yours sincerely",
        "yours faithfully",
        "yours truly",
        "many thanks",
        "thanks",
        "thank you",
        "best",
        "cheers",
        "merci",
        "merci d'avance",
    ];
    if line.len() > 60 {
        return false;
    }
    let text = plain(line);
    CLOSINGS.contains(&text.trim_matches([' ', ',', '.', '!', ';']))
}

/// What legal boilerplate says; no more than 64.
const PHRASES: &[&str] = &[
    "ce message et ses pièces jointes",
    "ce message et toutes les pièces jointes",
    "ce message et les éventuelles pièces jointes",
    "ce message électronique",
    "ce courriel",
    "cet e-mail",
    "à l'intention exclusive",
    "à l'attention exclusive",
    "exclusivement destiné",
    "strictement confidentiel",
    "confidentiel",
    "destinataire",
    "si vous avez reçu",
    "si vous recevez ce message",
    "reçu ce message par erreur",
    "par erreur",
    "de le détruire",
    "de le supprimer",
    "décline toute responsabilité",
    "l'intégrité de ce message",
    "utilisation non autorisée",
    "toute utilisation",
    "toute publication",
    "avant d'imprimer",
    "pensez à l'environnement",
    "protection des données",
    "données personnelles",
    "this message and any attachments",
    "this e-mail",
    "this email",
    "this communication",
    "is intended only",
    "intended solely",
    "intended recipient",
    "intended only for",
    "confidential",
    "privileged",
    "if you have received this",
    "received this message in error",
    "received this in error",
    "in error",
    "notify the sender",
    "delete this",
    "delete it",
    "unauthorized",
    "unauthorised",
    "accepts no liability",
    "not liable",
    "consider the environment",
    "before printing",
    "registered in england",
    "registered office",
    "authorised and regulated",
    "société anonyme au capital",
    "rcs paris",
    "agréée par l'acpr",
    "agréé par l'acpr",
];

const _: () = assert!(PHRASES.len() <= 64);

/// Of [`PHRASES`]; each is one bit of a sum.
static BOILERPLATE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(PHRASES).ok());

/// How many phrases of legal boilerplate a paragraph holds.
pub(super) fn disclaimer_score(paragraph: &str) -> usize {
    if paragraph.len() < 30 {
        return 0;
    }
    let cut = (0..=paragraph.len().min(8_000)).rev().find(|at| paragraph.is_char_boundary(*at)).unwrap_or(0);
    let mut text = String::with_capacity(cut);
    let flat = paragraph.get(..cut).unwrap_or("").chars().map(|c| if c == '\n' { ' ' } else { c });
    flat.for_each(|c| push_plain(&mut text, c));
    let found = BOILERPLATE.iter().flat_map(|phrases| phrases.find_overlapping_iter(&text));
    found.fold(0_u64, |seen, hit| seen | 1 << (hit.pattern().as_usize() % 64)).count_ones() as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The short way is the long way: what Unicode says of small letters.
        #[test]
        fn plain_is_what_unicode_calls_small(text in "[\\u{20}-\\u{24f}’ʼ\\u{a0}\\u{202f}\\PC]{0,80}") {
            let long: String = text
                .chars()
                .filter(|c| *c != '*')
                .flat_map(|c| match c {
                    '\u{2019}' | '\u{2bc}' => vec!['\''],
                    '\u{a0}' | '\u{202f}' => vec![' '],
                    _ => c.to_lowercase().collect(),
                })
                .collect();
            prop_assert_eq!(plain(&text), long);
        }
    }

    #[test]
    fn a_phrase_counts_once_however_often_it_stands() {
        assert_eq!(disclaimer_score("This e-mail is confidential. THIS E-MAIL is confidential, really."), 2);
        assert_eq!(
            disclaimer_score("Ce courriel, à l’intention exclusive de son\ndestinataire, est privé."),
            3
        );
        assert_eq!(disclaimer_score("confidential"), 0, "too short to be one");
    }
}
