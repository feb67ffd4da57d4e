//! Sensitivity labels of Microsoft Information Protection, as files and messages carry them: a list of pairs
//! `MSIP_Label_<id>_<attribute>`, one identifier per tenant that labelled it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vocabulary::bounds::{LABEL_NAME_CHARS_MAX, LABELS_MAX};

use crate::guid::guid;

/// A sensitivity label. Whoever wrote the file or the message could write it: it says what they claim.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Label {
    /// Its identifier in the tenant that made it, a GUID in lower case.
    pub id: String,
    /// Its name; empty where it is not said.
    pub name: String,
}

/// Labels being put together from pairs in any order.
#[derive(Debug, Default)]
pub struct Labels {
    found: BTreeMap<String, Attributes>,
}

#[derive(Debug, Default)]
struct Attributes {
    name: String,
    is_off: bool,
}

impl Labels {
    /// A property of a document. Any that is no label is passed over.
    pub fn property(&mut self, key: &str, value: &str) {
        let Some((id, attribute)) = parse_key(key) else { return };
        if self.found.len() >= LABELS_MAX && !self.found.contains_key(&id) {
            return;
        }
        let label = self.found.entry(id).or_default();
        match attribute.to_ascii_lowercase().as_str() {
            "name" => label.name = value.trim().chars().take(LABEL_NAME_CHARS_MAX).collect(),
            "enabled" => label.is_off |= value.trim().eq_ignore_ascii_case("false"),
            "removed" => label.is_off |= value.trim().eq_ignore_ascii_case("true"),
            _ => {}
        }
    }

    /// An element `label` of `docMetadata/LabelInfo.xml`, which has the identifier and no name.
    pub fn element(&mut self, id: &str, is_removed: bool) {
        self.property(&format!("MSIP_Label_{id}_Removed"), if is_removed { "true" } else { "false" });
    }

    /// The labels that stand, by identifier.
    pub fn standing(self) -> impl Iterator<Item = Label> {
        let standing = self.found.into_iter().filter(|(_, label)| !label.is_off);
        standing.map(|(id, label)| Label { id, name: label.name })
    }
}

/// `MSIP_Label_<id>_<attribute>`: identifier in lower case without braces, attribute. What is nearly a GUID is an identifier too.
fn parse_key(key: &str) -> Option<(String, &str)> {
    let start = key.get(..11).filter(|start| start.eq_ignore_ascii_case("MSIP_Label_"))?;
    let (id, attribute) = key.get(start.len()..)?.split_once('_')?;
    let id = guid(id).unwrap_or_else(|| id.trim_matches(['{', '}']).to_ascii_lowercase());
    let is_id = id.len() == 36 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    is_id.then_some((id, attribute))
}

/// The labels of a message: its `msip_labels` field, pairs `key=value;`.
pub(crate) fn of_field(value: &str) -> Vec<Label> {
    let mut labels = Labels::default();
    for pair in value.split(';').take(LABELS_MAX * 10) {
        if let Some((key, value)) = pair.split_once('=') {
            labels.property(key.trim(), value);
        }
    }
    labels.standing().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";

    #[test]
    fn a_header_names_its_labels() {
        let value = format!(
            "MSIP_Label_{ID}_Enabled=True; MSIP_Label_{ID}_SiteId=72f988bf; MSIP_Label_{ID}_Name=Confidentiel - Direction;\r\n MSIP_Label_{ID}_Method=Privileged;"
        );
        let label = Label { id: ID.into(), name: "Confidentiel - Direction".into() };
        assert_eq!(of_field(&value), [label]);
    }

    #[test]
    fn a_label_is_its_own_identifier_in_any_form_and_never_its_tenants() {
        let label = Label { id: ID.into(), name: String::new() };
        for id in [ID.to_uppercase(), format!("{{{ID}}}"), ID.replace('-', "")] {
            let value = format!(
                "MSIP_Label_{id}_Enabled=True;MSIP_Label_{id}_SiteId=72f988bf-86f1-41af-91ab-2d7cd011db47;\
                 MSIP_Label_{id}_ActionId=0b1d3d4e-1111-4111-8111-2d7cd011db47"
            );
            assert_eq!(of_field(&value), std::slice::from_ref(&label), "{value}");
        }
    }

    #[test]
    fn what_was_taken_off_or_is_no_label_does_not_count() {
        assert_eq!(of_field(&format!("MSIP_Label_{ID}_Enabled=False; MSIP_Label_{ID}_Name=X")), []);
        assert_eq!(of_field("MSIP_Label_court_Name=X; Author=Y; MSIP_Label_; =;é=ü"), []);
    }

    #[test]
    fn no_more_labels_than_bound() {
        let many: String =
            (0..500).map(|n| format!("MSIP_Label_{n:08}-d2f7-48be-b329-b73aaa526e5d_Name=n;")).collect();
        assert_eq!(of_field(&many).len(), LABELS_MAX);
    }
}
