//! Where a finding stands, in words: the part of the message, or the file within its files and the place in it.

use mail::{Place, PlaceKind, RegionKind};
use vocabulary::Locale;

use crate::{AttachmentText, Finding};

/// What extractors add to the title of a sheet that is not shown.
const HIDDEN: &str = " (hidden)";

/// A file of a message, as what was read of it names it.
pub trait FileName {
    /// Its part, `2` or `2!inner.xlsx`.
    fn part(&self) -> &str;
    /// Its name.
    fn name(&self) -> &str;
}

impl FileName for AttachmentText {
    fn part(&self) -> &str {
        &self.part
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// `dossier.zip › annexe.xlsx`: the file that is or holds `part`, from the attachment inwards; `None` where it is no file's.
#[must_use]
pub fn file_of<F: FileName>(part: &str, files: &[F]) -> Option<String> {
    let path = path_of(part, files);
    // What is left of a file that was not read to its end is the file itself.
    let names: Vec<&str> =
        path.iter().filter(|file| !file.part().ends_with("!(rest)")).map(|file| file.name()).collect();
    (!names.is_empty()).then(|| names.join(" › "))
}

/// The files that hold `part`, from the attachment inwards.
fn path_of<'f, F: FileName>(part: &str, files: &'f [F]) -> Vec<&'f F> {
    let part = part.split_once("#name").map_or(part, |(part, _)| part);
    let holds = |file: &&F| {
        part.strip_prefix(file.part()).is_some_and(|inner| inner.is_empty() || inner.starts_with(['!', '/']))
    };
    let mut path: Vec<&F> = files.iter().filter(holds).collect();
    path.sort_by_key(|file| file.part().len());
    path
}

/// The text of an attached message that a part is: `1` of `3/1`, where `3` is a file and `3/1` none.
fn text_of<'p, F: FileName>(part: &'p str, files: &[F]) -> Option<&'p str> {
    part.strip_prefix(path_of(part, files).last()?.part())?.strip_prefix('/')
}

/// The file a finding stands in, or is the name of: the innermost, by its place in `files`; `None` where it is no file's.
#[must_use]
pub fn file_at<F: FileName>(part: &str, files: &[F]) -> Option<usize> {
    let inmost = path_of(part, files).last()?.part();
    files.iter().position(|file| file.part() == inmost)
}

/// Where a finding stands: `Corps du message, texte cité`, or `dossier.zip › annexe.xlsx, feuille « Clients », cellule B7`.
#[must_use]
pub fn whereabouts<F: FileName>(finding: &Finding, files: &[F], locale: Locale) -> String {
    let is_name = finding.part.contains("#name");
    let Some(file) = file_of(&finding.part, files) else {
        return of_message(&finding.part, finding.region, is_name, locale);
    };
    let inside = match (&finding.place, text_of(&finding.part, files)) {
        (Some(found), _) => place(found, locale),
        (None, _) if is_name => pick(locale, "dans son nom", "in its name").to_owned(),
        (None, Some(text)) => lower(&of_message(text, finding.region, false, locale)),
        (None, None) => String::new(),
    };
    if inside.is_empty() { file } else { format!("{file}, {inside}") }
}

/// The first letter small: it stands within a line.
fn lower(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| first.to_lowercase().chain(rest).collect())
}

fn of_message(part: &str, region: Option<RegionKind>, is_name: bool, locale: Locale) -> String {
    match part {
        "subject" => pick(locale, "Objet", "Subject").to_owned(),
        "message" => pick(locale, "Le message", "The message").to_owned(),
        _ if is_name => pick(locale, "Nom d’une pièce jointe", "Name of an attachment").to_owned(),
        part => match part.strip_prefix("header:") {
            Some(header) => format!("{} {header}", pick(locale, "Champ", "Field")),
            None => {
                let body = pick(locale, "Corps du message", "Message body");
                match region.and_then(|region| region_words(region, locale)) {
                    Some(region) => format!("{body}, {region}"),
                    None => body.to_owned(),
                }
            }
        },
    }
}

const fn region_words(region: RegionKind, locale: Locale) -> Option<&'static str> {
    match region {
        RegionKind::New => None,
        RegionKind::Quoted => Some(pick(locale, "échange précédent", "earlier exchange")),
        RegionKind::Signature => Some(pick(locale, "signature", "signature")),
        RegionKind::Disclaimer => Some(pick(locale, "mentions de bas de page", "footer")),
    }
}

pub(super) const fn pick(locale: Locale, fr: &'static str, en: &'static str) -> &'static str {
    match locale {
        Locale::Fr => fr,
        Locale::En => en,
    }
}

/// A place in a file: `feuille « Clients », cellule B7`, `page 3`, `commentaire de Nadia`.
#[must_use]
pub fn place(place: &Place, locale: Locale) -> String {
    let say = |fr: &'static str, en: &'static str| pick(locale, fr, en);
    let numbered = |fr, en, alone: &str| match place.number {
        0 => alone.to_owned(),
        number => format!("{} {number}", say(fr, en)),
    };
    let by = |fr, en| match place.name.as_str() {
        "" => say(fr, en).to_owned(),
        // Nobody is named, only the sheet.
        name if name.starts_with('(') => format!("{} {name}", say(fr, en)),
        name => format!("{} {} {name}", say(fr, en), say("de", "by")),
    };
    match place.kind {
        PlaceKind::Nowhere => String::new(),
        PlaceKind::Page => numbered("page", "page", ""),
        PlaceKind::Slide => numbered("diapositive", "slide", say("une diapositive", "a slide")),
        PlaceKind::Notes => numbered(
            "notes de la diapositive",
            "notes of slide",
            say("notes de présentation", "speaker notes"),
        ),
        PlaceKind::Paragraph => numbered("paragraphe", "paragraph", ""),
        PlaceKind::Cell | PlaceKind::Sheet => join(&[sheet(&place.name, locale), cell(place, locale)]),
        PlaceKind::Comment => join(&[by("commentaire", "comment"), cell(place, locale)]),
        PlaceKind::Inserted => {
            join(&[by("ajout suivi", "tracked insertion"), numbered("paragraphe", "paragraph", "")])
        }
        PlaceKind::Deleted => {
            join(&[by("suppression suivie", "tracked deletion"), numbered("paragraphe", "paragraph", "")])
        }
        PlaceKind::Entry => format!("{} {}", say("entrée", "entry"), place.number),
        PlaceKind::Part => format!("{} {}", say("partie", "part"), place.name),
        PlaceKind::Field => format!("{} {}", say("champ", "field"), place.name),
        other => join(&[fixed(other, locale).to_owned(), sheet(&place.name, locale)]),
    }
}

/// Places of which there is one, or one a sheet.
const fn fixed(kind: PlaceKind, locale: Locale) -> &'static str {
    match kind {
        PlaceKind::Header => pick(locale, "en-tête ou pied de page", "header or footer"),
        PlaceKind::Footnote => pick(locale, "note de bas de page", "footnote"),
        PlaceKind::TextBox => pick(locale, "zone de texte ou commentaire", "text box or comment"),
        PlaceKind::Properties => pick(locale, "propriétés du fichier", "file properties"),
        PlaceKind::Links => pick(locale, "cible d’un lien", "target of a link"),
        PlaceKind::Hidden => pick(locale, "texte masqué", "hidden text"),
        PlaceKind::Annotations => {
            pick(locale, "annotations, champs ou propriétés", "annotations, fields or properties")
        }
        PlaceKind::Form => pick(locale, "formulaire hors des pages", "form outside the pages"),
        PlaceKind::Drawing => pick(locale, "dessin", "drawing"),
        PlaceKind::Chart => pick(locale, "graphique", "chart"),
        PlaceKind::External => pick(locale, "lien vers un autre classeur", "link to another workbook"),
        PlaceKind::Pivot => pick(locale, "données d’un tableau croisé", "data of a pivot table"),
        PlaceKind::Outline => pick(locale, "plan de la présentation", "outline of the presentation"),
        PlaceKind::Picture => pick(locale, "texte lu dans une image", "text read in a picture"),
        PlaceKind::Master => pick(locale, "masque de la présentation", "master of the presentation"),
        _ => "",
    }
}

fn sheet(name: &str, locale: Locale) -> String {
    let (name, is_hidden) = name.strip_suffix(HIDDEN).map_or((name, false), |name| (name, true));
    match (name, locale, is_hidden) {
        ("", ..) => String::new(),
        (name, Locale::Fr, false) => format!("feuille « {name} »"),
        (name, Locale::Fr, true) => format!("feuille masquée « {name} »"),
        (name, Locale::En, false) => format!("sheet “{name}”"),
        (name, Locale::En, true) => format!("hidden sheet “{name}”"),
    }
}

fn cell(place: &Place, locale: Locale) -> String {
    place.cell().map_or_else(String::new, |name| format!("{} {name}", pick(locale, "cellule", "cell")))
}

fn join(words: &[String]) -> String {
    words.iter().filter(|words| !words.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(&'static str, &'static str);

    impl FileName for Named {
        fn part(&self) -> &str {
            self.0
        }

        fn name(&self) -> &str {
            self.1
        }
    }

    fn finding(part: &str, place: Option<Place>) -> Finding {
        Finding {
            detector: "iban".into(),
            part: part.into(),
            start: 0,
            end: 1,
            region: None,
            place,
            certainty: 100,
            excerpt: String::new(),
            term: String::new(),
            controls: Vec::new(),
        }
    }

    #[test]
    fn a_finding_in_a_file_within_files_is_found_by_its_path_and_place() {
        let files = [
            Named("1", "lettre.pdf"),
            Named("2", "dossier.zip"),
            Named("2!a/annexe.xlsx", "a/annexe.xlsx"),
            Named("2!a/annexe.xlsx!(rest)", "a/annexe.xlsx"),
            Named("3", "courrier.eml"),
            Named("3/2", "photo.png"),
        ];
        let at = |kind, name: &str, number, column| Some(Place { kind, name: name.into(), number, column });
        let cases = [
            (
                "2!a/annexe.xlsx",
                at(PlaceKind::Cell, "Clients", 7, 2),
                "dossier.zip › a/annexe.xlsx, feuille « Clients », cellule B7",
                "dossier.zip › a/annexe.xlsx, sheet “Clients”, cell B7",
            ),
            (
                "2!a/annexe.xlsx",
                at(PlaceKind::Cell, "Cache (hidden)", 1, 1),
                "dossier.zip › a/annexe.xlsx, feuille masquée « Cache », cellule A1",
                "dossier.zip › a/annexe.xlsx, hidden sheet “Cache”, cell A1",
            ),
            ("1", at(PlaceKind::Page, "", 3, 0), "lettre.pdf, page 3", "lettre.pdf, page 3"),
            (
                "1",
                at(PlaceKind::Comment, "Nadia", 12, 3),
                "lettre.pdf, commentaire de Nadia, cellule C12",
                "lettre.pdf, comment by Nadia, cell C12",
            ),
            (
                "1",
                at(PlaceKind::Deleted, "Yann", 4, 0),
                "lettre.pdf, suppression suivie de Yann, paragraphe 4",
                "lettre.pdf, tracked deletion by Yann, paragraph 4",
            ),
            (
                "1",
                at(PlaceKind::Notes, "", 2, 0),
                "lettre.pdf, notes de la diapositive 2",
                "lettre.pdf, notes of slide 2",
            ),
            ("1", None, "lettre.pdf", "lettre.pdf"),
            ("2!a/annexe.xlsx!(rest)", None, "dossier.zip › a/annexe.xlsx", "dossier.zip › a/annexe.xlsx"),
            ("3/2", None, "courrier.eml › photo.png", "courrier.eml › photo.png"),
            ("3/1", None, "courrier.eml, corps du message", "courrier.eml, message body"),
            ("3/subject", None, "courrier.eml, objet", "courrier.eml, subject"),
            (
                "3/2#name",
                None,
                "courrier.eml › photo.png, dans son nom",
                "courrier.eml › photo.png, in its name",
            ),
            ("2#name", None, "dossier.zip, dans son nom", "dossier.zip, in its name"),
            ("subject", None, "Objet", "Subject"),
            ("9.1", None, "Corps du message", "Message body"),
        ];
        for (part, place, fr, en) in cases {
            let found = finding(part, place);
            assert_eq!(whereabouts(&found, &files, Locale::Fr), fr);
            assert_eq!(whereabouts(&found, &files, Locale::En), en);
        }
    }

    #[test]
    fn every_kind_of_place_has_words_in_both_languages() {
        for kind in PlaceKind::ALL.iter().filter(|kind| **kind != PlaceKind::Nowhere) {
            let found = Place { kind: *kind, name: "X".into(), number: 2, column: 2 };
            for locale in Locale::ALL {
                assert!(!place(&found, locale).is_empty(), "{kind:?}");
            }
        }
    }
}
