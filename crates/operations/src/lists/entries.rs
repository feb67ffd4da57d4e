//! The entries of a list, read from a file: one form, the one the engine compares.

use std::collections::HashSet;
use std::fmt;

use compliance::detect::canonical;
use compliance::{Agreement, LabelEntry, LabelEntryError};
use vocabulary::{EmailAddress, bounds};

use super::{Delta, ListName};

/// The entries of one list, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Entries {
    list: ListName,
    entries: Vec<String>,
}

/// Why a text is not a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntriesError {
    /// More entries than this list may have.
    #[error("the list has {0} entries at most")]
    TooMany(usize),
    /// More bytes than a list may have.
    #[error("a list has {} bytes at most", bounds::LIST_BYTES_MAX)]
    TooLong,
    /// An entry is not of the list's kind.
    #[error("line {line}: {what}")]
    Entry {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: EntryTrouble,
    },
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryTrouble {
    /// Longer than an entry may be.
    #[error("an entry is longer than a list allows")]
    Long,
    /// No domain.
    #[error("an entry is a domain, as in sableval.example")]
    Domain,
    /// Neither a domain nor a pair of them.
    #[error(
        "an entry is a recipient's domain, or one of yours > a recipient's, as in orveane.example > sableval.example"
    )]
    Agreement,
    /// No address.
    #[error("an entry is an address")]
    Address,
    /// Neither address nor domain.
    #[error("an entry is an address or a domain")]
    Either,
    /// Too short to be a number.
    #[error("an entry is an account or card number, six letters and digits at least")]
    Number,
    /// Nothing that could be an issuer.
    #[error("an entry is the name of an issuer, or a security's code")]
    Issuer,
    /// What was meant as the identifier of a label is none.
    #[error("an entry is a label's identifier (a GUID), an identifier = its name, or a name")]
    LabelId,
    /// No name of a label.
    #[error("a label's name has letters or digits, {} characters at most", bounds::LABEL_NAME_CHARS_MAX)]
    LabelName,
}

impl Entries {
    /// Reads a file: one entry a line, empty lines and lines that begin with `#` left out. In `own_footers` an entry is a
    /// paragraph, ended by an empty line.
    ///
    /// # Errors
    /// Too many entries, or the first one that is not of the list's kind.
    pub fn parse(list: ListName, text: &str) -> Result<Self, EntriesError> {
        if text.len() > bounds::LIST_BYTES_MAX {
            return Err(EntriesError::TooLong);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut entries: Vec<String> = Vec::new();
        let mut continues = false;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continues = false;
                continue;
            }
            let whole = list == ListName::OwnFooters;
            match entries.last_mut().filter(|_| whole && continues) {
                Some(entry) => {
                    entry.push(' ');
                    entry.push_str(line);
                }
                None => entries.push(line.to_owned()),
            }
            continues = true;
            let entry = entries.last_mut();
            let checked = entry.map_or(Ok(()), |entry| check(list, entry));
            checked.map_err(|what| EntriesError::Entry { line: index + 1, what })?;
            if entries.len() > list.most() {
                return Err(EntriesError::TooMany(list.most()));
            }
        }
        Ok(Self::of(list, entries))
    }

    /// Entries that are of the list's kind already.
    pub(super) fn of(list: ListName, mut entries: Vec<String>) -> Self {
        entries.sort();
        entries.dedup();
        Self { list, entries }
    }

    /// Which list.
    #[must_use]
    pub const fn list(&self) -> ListName {
        self.list
    }

    /// The entries, sorted, each once.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.entries
    }
}

/// Brings an entry to the form the engine compares, or says what it should be.
fn check(list: ListName, entry: &mut String) -> Result<(), EntryTrouble> {
    if entry.len() > bounds::LIST_ENTRY_BYTES_MAX {
        return Err(EntryTrouble::Long);
    }
    let domain =
        |text: &str| EmailAddress::parse(&format!("x@{text}")).map(|address| address.domain().to_owned());
    match list {
        ListName::OwnDomains | ListName::GroupDomains | ListName::KnownDomains | ListName::Webmail => {
            *entry = domain(entry).map_err(|_| EntryTrouble::Domain)?;
        }
        ListName::EncryptedDomains => {
            let agreement = entry.parse::<Agreement>().map_err(|_| EntryTrouble::Agreement)?;
            *entry = agreement.to_string();
        }
        ListName::Correspondents => {
            *entry = EmailAddress::parse(entry).map_err(|_| EntryTrouble::Address)?.key();
        }
        ListName::Protected if entry.contains('@') => {
            *entry = EmailAddress::parse(entry).map_err(|_| EntryTrouble::Either)?.key();
        }
        ListName::Protected => {
            *entry = domain(entry).map_err(|_| EntryTrouble::Either)?;
        }
        ListName::OwnIdentifiers if canonical(entry).len() < 6 => {
            return Err(EntryTrouble::Number);
        }
        ListName::Restricted if !entry.chars().any(char::is_alphanumeric) => {
            return Err(EntryTrouble::Issuer);
        }
        ListName::Labels => {
            let label = entry.parse::<LabelEntry>().map_err(|error| match error {
                LabelEntryError::Id => EntryTrouble::LabelId,
                LabelEntryError::Name => EntryTrouble::LabelName,
            })?;
            *entry = label.to_string();
        }
        ListName::OwnIdentifiers | ListName::OwnFooters | ListName::Restricted => {}
    }
    Ok(())
}

/// Of the labels that go, those whose identifier comes again under another name; sorted, as they are.
pub(super) fn renamed(delta: &Delta) -> Vec<String> {
    let id = |entry: &String| match entry.parse() {
        Ok(LabelEntry::Id { id, .. }) => Some(id),
        _ => None,
    };
    let come: HashSet<String> = delta.added.iter().filter_map(id).collect();
    let is_renamed = |entry: &&String| id(entry).is_some_and(|id| come.contains(&id));
    delta.removed.iter().filter(is_renamed).cloned().collect()
}

/// Lists are confidential: their entries are not shown (invariant 12).
impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries of {}", self.entries.len(), self.list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_take_the_form_that_is_compared() {
        let read = |list, text: &str| Entries::parse(list, text).map(|read| read.entries);
        let domains =
            read(ListName::KnownDomains, "# ours\nSableval.Example\n\nquillon.example\nsableval.example\n");
        assert_eq!(domains.unwrap(), ["quillon.example", "sableval.example"]);
        let people = read(ListName::Correspondents, "Agathe.Vidal@Sableval.Example");
        assert_eq!(people.unwrap(), ["agathe.vidal@sableval.example"]);
        let footers = read(ListName::OwnFooters, "Banque Orvéane\nParis\n\nOrvéane Gestion");
        assert_eq!(footers.unwrap(), ["Banque Orvéane Paris", "Orvéane Gestion"]);
        let pairs = "Sableval.example\nOrveane.Example>Quillon.example\norveane.example  >  quillon.example";
        let pairs = read(ListName::EncryptedDomains, pairs);
        assert_eq!(pairs.unwrap(), ["orveane.example > quillon.example", "sableval.example"]);
        let labels =
            "{2096F6A2-D2F7-48BE-B329-B73AAA526E5D}=C3\nDiffusion  limitée\n2096f6a2d2f748beb329b73aaa526e5d";
        let labels = read(ListName::Labels, labels);
        let id = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";
        assert_eq!(labels.unwrap(), [id.to_owned(), format!("{id} = C3"), "Diffusion limitée".to_owned()]);
        for (list, text, line) in [
            (ListName::Labels, "C3\nC3 2096f6a2-d2f7-48be-b329-b73aaa526e5d", 2),
            (ListName::Labels, "***", 1),
            (ListName::EncryptedDomains, "sableval.example\n# a pair\norveane.example > x@y.example", 3),
            (ListName::EncryptedDomains, "a.example > b.example > c.example", 1),
            (ListName::KnownDomains, "orveane.example > quillon.example", 1),
            (ListName::KnownDomains, "a.example\nnot a domain", 2),
            (ListName::Correspondents, "sableval.example", 1),
            (ListName::OwnIdentifiers, "12", 1),
            (ListName::Restricted, "***", 1),
        ] {
            let refused = read(list, text).unwrap_err();
            assert!(matches!(refused, EntriesError::Entry { line: found, .. } if found == line), "{refused}");
        }
        let many = "a.example\n".repeat(bounds::LIST_ENTRIES_MAX + 1);
        let most = bounds::LIST_ENTRIES_MAX;
        assert_eq!(read(ListName::KnownDomains, &many), Err(EntriesError::TooMany(most)));
    }

    /// What watches less waits; another name for the same label does not.
    #[test]
    fn a_label_may_be_called_otherwise_at_once() {
        const ID: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";
        let known = [format!("{ID} = C3"), "Diffusion limitée".to_owned()];
        let split = |wanted: &str| {
            let wanted = Entries::parse(ListName::Labels, wanted).unwrap();
            ListName::Labels.split(Delta::between(&known, wanted.as_slice()))
        };
        let (now, waits) = split(&format!("{ID} = C4\nDiffusion limitée"));
        assert_eq!((now.added, now.removed), (vec![format!("{ID} = C4")], vec![format!("{ID} = C3")]));
        assert!(waits.is_empty());
        let (now, waits) = split(&format!("{ID} = C4"));
        assert_eq!(
            (now.removed, waits.removed),
            (vec![format!("{ID} = C3")], vec!["Diffusion limitée".to_owned()])
        );
        let (now, waits) = split("Diffusion limitée\nC3");
        assert_eq!((now.added, now.removed), (vec!["C3".to_owned()], Vec::new()), "a name is no identifier");
        assert_eq!(waits.removed, [format!("{ID} = C3")]);
    }
}
