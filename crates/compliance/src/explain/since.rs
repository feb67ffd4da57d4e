//! A control as it was when it matched, and what became of it since.

use serde::{Deserialize, Serialize};

use super::Sets;
use crate::{Control, ControlMatch, ControlSet};

/// What became of a control since it matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// It is in force as it was.
    Same,
    /// It is in force in another version; what is told of it is what the version that matched says.
    Changed(u32),
    /// It is in force no more.
    Removed,
    /// What the version that matched said is not kept: what is told of it is what this version says, in force today.
    Unkept(u32),
}

impl Sets<'_> {
    pub(super) fn since(self, found: &ControlMatch) -> Since {
        let version = |control: &Control| control.version;
        let of = |set: &ControlSet| set.control(&found.control).map(version);
        match (self.then.and_then(of), of(self.now)) {
            (_, None) => Since::Removed,
            (Some(_), Some(now)) if now != found.version => Since::Changed(now),
            (None, Some(now)) if now != found.version => Since::Unkept(now),
            _ => Since::Same,
        }
    }
}

#[cfg(test)]
mod tests {
    use vocabulary::Locale;

    use super::*;
    use crate::control::sample_assessment;
    use crate::explain::for_reviewer;

    /// The shipped set with PII-01 in another version and words, or without it.
    fn edited(with: bool) -> ControlSet {
        let shipped = ControlSet::shipped();
        let change = |id: &str, text: &str| match id {
            "PII-01" => text.replacen("version = 1", "version = 2", 1).replace("L. 511-33", "L. 999-99"),
            _ => text.to_owned(),
        };
        let files: Vec<(String, String)> = shipped
            .texts()
            .filter(|(id, _)| with || *id != "PII-01")
            .map(|(id, text)| (id.to_owned(), change(id, text)))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        ControlSet::parse(&files).unwrap()
    }

    #[test]
    fn a_decision_is_explained_with_the_law_of_its_time() {
        let shipped = ControlSet::shipped();
        let sample = shipped.control("PII-01").unwrap().samples.iter().find(|sample| sample.matches).unwrap();
        let assessment = sample_assessment(&shipped, sample);
        let (changed, removed) = (edited(true), edited(false));
        let told = |then: Option<&ControlSet>, now: &ControlSet| {
            let reasons = for_reviewer(&assessment, Sets { then, now }, Locale::Fr);
            let reason = reasons.into_iter().find(|reason| reason.control == "PII-01").unwrap();
            (reason.ground, reason.now)
        };
        let (ground, now) = told(Some(&shipped), &shipped);
        assert!(ground.contains("L. 511-33") && now == Since::Same);
        assert_eq!(told(Some(&shipped), &changed), (ground.clone(), Since::Changed(2)));
        assert_eq!(told(Some(&shipped), &removed), (ground, Since::Removed));
        let (other, now) = told(None, &changed);
        assert!(other.contains("L. 999-99") && now == Since::Unkept(2), "{other}");
        assert_eq!(told(None, &removed), (String::new(), Since::Removed));
    }
}
