//! The sensitivity labels that are confidential to an organisation. A recent Office writes a label's identifier into its files and no
//! name: only the organisation knows which of them is which.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use mail::{Label, guid};
use vocabulary::bounds::LABEL_NAME_CHARS_MAX;

use crate::words::fold;

/// Hexadecimal digits in a row, dashes apart, that are meant as an identifier.
const ID_DIGITS_MIN: usize = 16;

/// An entry of the list `labels`.
#[derive(Clone, PartialEq, Eq)]
pub enum LabelEntry {
    /// `2096f6a2-d2f7-48be-b329-b73aaa526e5d = C3 - Confidentiel`, or the identifier alone: the label that has it, whatever it is called.
    Id {
        /// The label's identifier in its tenant, as [`mail::guid`] writes it.
        id: String,
        /// What people call it; nothing is compared with it.
        name: Option<String>,
    },
    /// `C3 - Confidentiel`: any label of that name, whatever its identifier. Case, accents and punctuation do not count.
    Name(String),
}

/// Why a text is no entry of the list of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelEntryError {
    /// An identifier that is none: too short, behind the name, within other words.
    #[error("a label's identifier is a GUID, before any name")]
    Id,
    /// No name of a label.
    #[error("a label's name has letters or digits, {LABEL_NAME_CHARS_MAX} characters at most")]
    Name,
}

impl FromStr for LabelEntry {
    type Err = LabelEntryError;

    /// What was meant as an identifier and is none is an error, never a name: it would watch nothing.
    fn from_str(text: &str) -> Result<Self, LabelEntryError> {
        if let Some((id, name)) = text.split_once('=') {
            let id = guid(id).ok_or(LabelEntryError::Id)?;
            return Ok(Self::Id { id, name: Some(named(name)?) });
        }
        match guid(text) {
            Some(id) => Ok(Self::Id { id, name: None }),
            None if holds_id(text) => Err(LabelEntryError::Id),
            None => named(text).map(Self::Name),
        }
    }
}

fn named(text: &str) -> Result<String, LabelEntryError> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_name = name.chars().any(char::is_alphanumeric) && name.chars().count() <= LABEL_NAME_CHARS_MAX;
    if is_name { Ok(name) } else { Err(LabelEntryError::Name) }
}

/// `Confidentiel 2096f6a2-d2f7-…`, `2096f6a2-d2f7-48be-b329`, `MSIP_Label_2096f6a2-d2f7-…_Name`.
fn holds_id(text: &str) -> bool {
    let digits = |run: &str| run.chars().filter(char::is_ascii_hexdigit).count();
    text.split(|c: char| !c.is_ascii_hexdigit() && c != '-').any(|run| digits(run) >= ID_DIGITS_MIN)
}

impl fmt::Display for LabelEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id { id, name: Some(name) } => write!(f, "{id} = {name}"),
            Self::Id { id, name: None } => f.write_str(id),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// Lists are confidential: their entries are not shown (invariant 12).
impl fmt::Debug for LabelEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::Id { .. }) { "Id" } else { "Name" })
    }
}

/// The list, ready to be asked.
#[derive(Default)]
pub(crate) struct Labels {
    /// By identifier; what people call it.
    ids: HashMap<String, Option<Box<str>>>,
    /// By its folded form; the name as it was given.
    names: HashMap<String, Box<str>>,
}

impl Labels {
    /// An entry that cannot be read names no label. Of two names for one identifier the first of the list counts.
    pub(crate) fn new(entries: &[String]) -> Self {
        let mut labels = Self::default();
        for entry in entries.iter().filter_map(|entry| entry.parse::<LabelEntry>().ok()) {
            match entry {
                LabelEntry::Id { id, name } => {
                    let known = labels.ids.entry(id).or_default();
                    *known = known.take().or(name.map(Into::into));
                }
                LabelEntry::Name(name) => {
                    labels.names.entry(key(&name)).or_insert_with(|| name.into());
                }
            }
        }
        labels
    }

    /// What a label of the list is called: by its identifier, the name given with it, else the identifier itself; by its name, the
    /// name as it was given. `None` for a label that is not on the list.
    pub(crate) fn listed(&self, label: &Label) -> Option<&str> {
        if let Some((id, name)) = self.ids.get_key_value(&label.id) {
            return Some(name.as_deref().unwrap_or(id));
        }
        if label.name.is_empty() || self.names.is_empty() {
            return None;
        }
        self.names.get(&key(&label.name)).map(AsRef::as_ref)
    }

    /// What people call the label of an identifier.
    pub(crate) fn name_of(&self, id: &str) -> Option<&str> {
        self.ids.get(id)?.as_deref()
    }
}

/// The form in which names are compared; of a name without a word in it, its small letters.
fn key(name: &str) -> String {
    let folded = fold(name);
    if folded.is_empty() { name.trim().to_lowercase() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";
    const OTHER: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    #[test]
    fn an_entry_is_an_identifier_a_pair_or_a_name() {
        let pair = format!("{ID} = C3 - Confidentiel");
        for (text, read) in [
            (ID.to_owned(), Ok(ID)),
            (format!(" {{{}}} ", ID.to_uppercase()), Ok(ID)),
            (ID.replace('-', ""), Ok(ID)),
            (format!("{{{}}}=C3  -\tConfidentiel ", ID.to_uppercase()), Ok(&*pair)),
            ("  C3 -  Confidentiel".to_owned(), Ok("C3 - Confidentiel")),
            ("Façade".to_owned(), Ok("Façade")),
            ("机密".to_owned(), Ok("机密")),
            // Meant as an identifier.
            (format!("C3 - Confidentiel = {ID}"), Err(LabelEntryError::Id)),
            (format!("C3 - Confidentiel    {ID}"), Err(LabelEntryError::Id)),
            (format!("MSIP_Label_{ID}_Name"), Err(LabelEntryError::Id)),
            (format!("{ID}, {OTHER}"), Err(LabelEntryError::Id)),
            ("2096f6a2-d2f7-48be-b329-b73aaa526e5".to_owned(), Err(LabelEntryError::Id)),
            ("2096f6a2-d2f7-48be = C3".to_owned(), Err(LabelEntryError::Id)),
            ("C3 = C4".to_owned(), Err(LabelEntryError::Id)),
            ("= C3".to_owned(), Err(LabelEntryError::Id)),
            (format!("{ID} ="), Err(LabelEntryError::Name)),
            ("***".to_owned(), Err(LabelEntryError::Name)),
            ("é".repeat(256), Err(LabelEntryError::Name)),
        ] {
            let parsed = text.parse::<LabelEntry>();
            let shown = parsed.as_ref().map(ToString::to_string).map_err(|error| *error);
            assert_eq!(shown.as_deref(), read.as_ref().copied(), "{text}");
            if let Ok(shown) = shown {
                assert_eq!(shown.parse(), parsed, "its form is read as it was");
            }
        }
    }

    #[test]
    fn a_label_is_on_the_list_by_its_identifier_or_its_name() {
        let lists = Labels::new(&[
            format!("{ID} = C3 - Confidentiel"),
            OTHER.to_owned(),
            "Diffusion limitée".to_owned(),
            "机密".to_owned(),
            "= nothing".to_owned(),
        ]);
        for (id, name, listed) in [
            // The institution's name for it, whatever the file says it is called.
            (ID, "", Some("C3 - Confidentiel")),
            (ID, "Public", Some("C3 - Confidentiel")),
            (OTHER, "", Some(OTHER)),
            ("", "DIFFUSION  LIMITEE", Some("Diffusion limitée")),
            ("0", "Diffusion-limitée", Some("Diffusion limitée")),
            ("0", "机密", Some("机密")),
            // A name given with an identifier is for people; part of a name is another name.
            ("0", "C3 - Confidentiel", None),
            ("0", "Diffusion limitée au groupe", None),
            ("0", "", None),
            ("", "", None),
        ] {
            let label = Label { id: id.to_owned(), name: name.to_owned() };
            assert_eq!(lists.listed(&label), listed, "{id} {name}");
        }
        assert_eq!(lists.name_of(ID), Some("C3 - Confidentiel"));
        assert_eq!((lists.name_of(OTHER), lists.name_of("")), (None, None));
    }

    #[test]
    fn of_two_names_for_one_label_the_first_counts() {
        let list = [ID.to_owned(), format!("{ID} = A"), format!("{ID} = B")];
        assert_eq!(Labels::new(&list).name_of(ID), Some("A"));
    }
}
