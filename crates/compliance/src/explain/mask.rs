//! A value as a register shows it: enough for who knows it to recognise it, never enough for who does not to learn it.

use vocabulary::Locale;

use crate::Finding;
use crate::detect;

/// Stands for what is not shown, whatever its length.
const DOTS: &str = "•••";

/// What is shown of a value's letters and digits, by what found it: so many of the first, so many of the last. Of what is not
/// listed nothing is: words, sentences, secrets, sums of money, dates, addresses, data of clients.
const SHOWN: [(&str, usize, usize); 12] = [
    (detect::IBAN, 4, 3),
    (detect::RIB, 0, 3),
    (detect::CARD, 0, 4),
    (detect::BIC, 0, 2),
    (detect::NIR, 1, 2),
    (detect::TAX_NUMBER, 0, 2),
    (detect::SIREN, 0, 2),
    (detect::SIRET, 0, 3),
    (detect::TVA, 2, 2),
    (detect::LEI, 0, 3),
    (detect::ISIN, 2, 2),
    (detect::PHONE, 0, 2),
];

/// Of a value so many times longer than what is shown of it, no less is hidden than half.
const HIDDEN_TIMES: usize = 2;

/// `FR76•••189`; empty where nothing of it is shown, and where a finding has a code and no text.
#[must_use]
pub fn mask(finding: &Finding) -> String {
    of_value(&finding.detector, &finding.excerpt)
}

fn of_value(detector: &str, value: &str) -> String {
    let Some((_, first, last)) = SHOWN.iter().find(|(known, ..)| *known == detector) else {
        return String::new();
    };
    let told: Vec<char> = value.chars().filter(|c| c.is_alphanumeric()).collect();
    let (first, last) = if told.len() >= (first + last) * HIDDEN_TIMES { (*first, *last) } else { (0, 0) };
    let tail = told.get(told.len() - last..).unwrap_or_default();
    told.iter().take(first).copied().chain(DOTS.chars()).chain(tail.iter().copied()).collect()
}

/// A name of a file, a sheet or a person with every value that a detector knows masked in it, and what stands at these places.
#[must_use]
pub fn mask_name(name: &str, besides: &[(usize, usize)]) -> String {
    let known = detect::scan(name).into_iter().map(|found| {
        let masked = of_value(found.detector, name.get(found.start..found.end).unwrap_or_default());
        (found.start, found.end, masked)
    });
    let besides = besides.iter().map(|(start, end)| (*start, *end, String::new()));
    let mut all: Vec<(usize, usize, String)> = known.chain(besides).collect();
    // Of two that begin together, the longer: the shorter stands in it.
    all.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
    let (mut masked, mut at) = (String::with_capacity(name.len()), 0);
    for (start, end, value) in all {
        if end <= at {
            continue;
        }
        masked.push_str(name.get(at..start.max(at)).unwrap_or_default());
        // What overlaps is hidden whole.
        masked.push_str(if value.is_empty() || start < at { DOTS } else { &value });
        at = end;
    }
    masked.push_str(name.get(at..).unwrap_or_default());
    masked
}

/// What stands for a value of which nothing is shown.
#[must_use]
pub const fn not_shown(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => "non montré",
        Locale::En => "not shown",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::DETECTORS;

    #[test]
    fn values_are_shown_by_their_ends() {
        for (detector, value, shown) in [
            ("iban", "FR76 3000 6000 0112 3456 7890 189", "FR76•••189"),
            ("card", "4111-1111-1111-1111", "•••1111"),
            ("nir", "1 85 05 78 006 084 36", "1•••36"),
            ("phone", "+33 6 12 34 56 78", "•••78"),
            ("bic", "AB", "•••"),
            ("secret", "hunter2hunter2", ""),
            ("email", "nadia@sableval.example", ""),
            ("lexicon_aml", "ne pas déclarer", ""),
            ("client_data", "Nadia Perrault", ""),
        ] {
            assert_eq!(of_value(detector, value), shown);
        }
    }

    #[test]
    fn a_name_tells_no_value_that_stands_in_it() {
        let name = "RIB_FR1420041010050500013M02606_Perrault.pdf";
        assert_eq!(mask_name(name, &[]), "RIB_FR14•••606_Perrault.pdf");
        assert_eq!(mask_name(name, &[(32, 40)]), "RIB_FR14•••606_•••.pdf");
        assert_eq!(mask_name("été.pdf", &[(0, 5)]), "•••.pdf");
        assert_eq!(mask_name("note.pdf", &[]), "note.pdf");
    }

    proptest! {
        /// What is shown depends on the two ends alone, and is at most half.
        #[test]
        fn what_is_hidden_cannot_be_told(detector in 0..DETECTORS.len(), value in "[A-Z0-9]{1,40}", other in "[A-Z0-9]{1,20}") {
            let detector = DETECTORS[detector].name;
            let masked = of_value(detector, &value);
            let shown = masked.chars().filter(|c| c.is_alphanumeric()).count();
            prop_assert!(shown * 2 <= value.len());
            if shown > 0 {
                let (first, last) = SHOWN.iter().find(|(known, ..)| *known == detector).map(|(_, first, last)| (*first, *last)).unwrap();
                let same = format!("{}{other}{other}{}", &value[..first], &value[value.len() - last..]);
                if same.len() >= (first + last) * HIDDEN_TIMES {
                    prop_assert_eq!(of_value(detector, &same), masked);
                }
            }
        }

        #[test]
        fn any_name_is_masked(name in "\\PC{0,60}", spans in prop::collection::vec((0..70_usize, 0..70_usize), 0..4)) {
            let _ = mask_name(&name, &spans);
            let whole = if name.is_empty() { "" } else { DOTS };
            prop_assert_eq!(mask_name(&name, &[(0, name.len())]), whole);
        }
    }
}
