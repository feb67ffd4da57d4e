//! What a file has besides its text, in words, and which of it a control asks about.

use mail::Label;
use vocabulary::Locale;

use super::place::pick;
use crate::condition::FIELDS;
use crate::{Control, PreparedOrganisation};

/// Each code of `attachments.features`, in French and in English.
const FEATURES: &[(&str, &str, &str)] = &[
    ("hidden_sheets", "feuilles masquées", "hidden sheets"),
    ("hidden_cells", "lignes ou colonnes masquées", "hidden rows or columns"),
    ("hidden_text", "texte masqué", "hidden text"),
    ("comments", "commentaires", "comments"),
    ("tracked_changes", "modifications suivies", "tracked changes"),
    ("speaker_notes", "notes de présentation", "speaker notes"),
    ("macros", "macros", "macros"),
    ("external_links", "liens vers d’autres fichiers", "links to other files"),
    ("embedded_files", "fichiers incorporés", "embedded files"),
    ("picture_pages", "pages sans texte, en image", "pages that are pictures"),
    ("unread_picture", "image non lue", "unread picture"),
    ("disguised_text", "texte autre que ce qui s’affiche", "text other than what it shows"),
    ("pivot_cache", "données d’un tableau croisé", "data behind a pivot table"),
];

/// A code of `attachments.features` in words; the code itself where it is not known.
#[must_use]
pub fn feature(code: &str, locale: Locale) -> &str {
    let known = FEATURES.iter().find(|(known, ..)| *known == code);
    known.map_or(code, |(_, fr, en)| pick(locale, fr, en))
}

/// A sensitivity label in words: `étiquette « Confidentiel »`. By the name that the organisation's list has for it; else by what the
/// file says it is called, or by its identifier.
#[must_use]
pub fn label_words(label: &Label, organisation: &PreparedOrganisation, locale: Locale) -> String {
    let own = if label.name.is_empty() { &label.id } else { &label.name };
    let said = organisation.label_name(label).unwrap_or(own);
    match locale {
        Locale::Fr => format!("étiquette «\u{a0}{said}\u{a0}»"),
        Locale::En => format!("label “{said}”"),
    }
}

/// What of files besides their text a control asks about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Codes of features: those it names, or every one where it names none.
    features: Vec<String>,
    /// Sensitivity labels.
    is_of_labels: bool,
    /// How names of attachments end: `.exe`.
    endings: Vec<String>,
}

/// What a file has besides its text. The message itself is one without a name.
#[derive(Debug, Clone, Copy)]
pub struct Marks<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its features, by code.
    pub features: &'a [String],
    /// Its sensitivity labels.
    pub labels: &'a [Label],
}

impl Asked {
    /// What `control` asks about.
    #[must_use]
    pub fn of(control: &Control) -> Self {
        let fields = || {
            control.condition.fields().iter().filter_map(|field| FIELDS.get(*field)).map(|field| &*field.name)
        };
        let mut features = Vec::new();
        if fields().any(|name| name == "attachments.features") {
            let named = control.condition.texts();
            let all = || FEATURES.iter().map(|(code, ..)| *code);
            features =
                all().filter(|code| named.iter().any(|text| text == code)).map(str::to_owned).collect();
            if features.is_empty() {
                features = all().map(str::to_owned).collect();
            }
        }
        let mut endings = Vec::new();
        if fields().any(|name| name == "attachments.names") {
            let named = control.condition.texts().into_iter();
            endings = named.filter(|text| text.starts_with('.')).map(str::to_lowercase).collect();
        }
        Self { features, is_of_labels: fields().any(|name| name.starts_with("labels.")), endings }
    }

    /// What a file has of it, in words; empty when it has none.
    #[must_use]
    pub fn among(
        &self,
        marks: Marks<'_>,
        organisation: &PreparedOrganisation,
        locale: Locale,
    ) -> Vec<String> {
        let asked = marks.features.iter().filter(|code| self.features.contains(code));
        let features = asked.map(|code| feature(code, locale).to_owned());
        let labels = marks.labels.iter().filter(|_| self.is_of_labels);
        let name = marks.name.to_lowercase();
        let ending = self.endings.iter().find(|ending| name.ends_with(*ending));
        let ending = ending.map(|ending| format!("{} {ending}", pick(locale, "nom en", "name in")));
        let labels = labels.map(|label| label_words(label, organisation, locale));
        features.chain(labels).chain(ending).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ControlSet, OrganisationFacts};

    #[test]
    fn what_shipped_controls_ask_of_files() {
        let set = ControlSet::shipped();
        let has = ["macros", "tracked_changes", "unread_picture"].map(str::to_owned);
        const ID: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";
        let labels = [Label { id: ID.into(), name: String::new() }];
        let marks = Marks { name: "Outil.EXE", features: &has, labels: &labels };
        let asked = |id: &str, lists: &[String]| {
            let lists = OrganisationFacts { labels: lists.to_vec(), ..OrganisationFacts::default() };
            Asked::of(set.control(id).unwrap()).among(marks, &lists.into(), Locale::Fr).join(", ")
        };
        let among = |id: &str| asked(id, &[]);
        assert_eq!(among("SCAN-03"), "macros");
        assert_eq!(among("SCAN-04"), "modifications suivies");
        assert_eq!(among("SCAN-07"), "image non lue");
        assert_eq!(among("LBL-01"), format!("étiquette «\u{a0}{ID}\u{a0}»"));
        assert_eq!(asked("LBL-01", &[format!("{ID} = C3")]), "étiquette «\u{a0}C3\u{a0}»");
        assert_eq!(among("SEC-03"), "nom en .exe");
        assert_eq!(among("PII-01"), "");
    }

    #[test]
    fn every_feature_of_the_catalogue_has_words() {
        let field = FIELDS.iter().find(|field| field.name == "attachments.features").unwrap();
        for said in [field.meaning.fr, field.meaning.en] {
            let (_, codes) = said.split_once(": ").unwrap();
            for code in codes.split(", ") {
                assert!(FEATURES.iter().any(|(known, ..)| *known == code), "{code}");
            }
        }
    }
}
