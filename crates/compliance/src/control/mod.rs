//! Controls and the set of them that is in force.

pub mod difference;
mod edit;
mod error;
mod file;
mod form;
mod sample;
mod shipped;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use vocabulary::Bilingual;

use crate::calibration::{Calibrations, Measure};
use crate::condition::Condition;
use crate::facts::Framed;
use crate::semantic::Models;
use crate::{Assessment, Mode, Severity, Verdict};

pub use edit::{ControlEdit, EditError, SampleEdit, id_of};
pub use error::{ControlError, ControlFault, Rule};
pub use form::Form;
#[cfg(test)]
pub(crate) use sample::assessment as sample_assessment;
pub use sample::{Sample, SampleFailure};
use shipped::SHIPPED;

/// One versioned compliance rule. Written out for readers; read only through a [`ControlSet`], which checks it.
#[derive(Debug, Clone, Serialize)]
pub struct Control {
    /// Its id, `PII-01`.
    pub id: String,
    /// Its version, from 1.
    pub version: u32,
    /// What it is called.
    pub title: Bilingual,
    /// Why a sender or a reviewer should care, in plain words.
    pub explanation: Bilingual,
    /// What would make the message pass.
    pub remedy: Bilingual,
    /// The law or contract it rests on, cited in full.
    pub ground: Bilingual,
    /// The sender is told that the message waits, not why.
    pub neutral_notice: bool,
    /// What it is about.
    pub category: Category,
    /// Its condition, as written.
    pub when: String,
    /// Its condition, checked.
    #[serde(skip)]
    pub(crate) condition: Condition,
    /// What it concludes when its condition holds.
    pub verdict: Verdict,
    /// How grave that is.
    pub severity: Severity,
    /// Which hold clock applies.
    pub hold_class: String,
    /// Whether its verdict counts.
    pub mode: Mode,
    /// Messages it must and must not match.
    pub samples: Vec<Sample>,
}

/// What a control is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Client and personal data.
    PersonalData,
    /// What cannot be read cannot be governed.
    Scanning,
    /// Who is written to.
    Recipients,
    /// What is promised to clients.
    ClientProtection,
    /// Abuse of markets.
    MarketAbuse,
    /// Money laundering, sanctions, bribery, tax, fraud.
    FinancialCrime,
    /// What must be recorded, and is taken elsewhere or hidden.
    Records,
    /// How people behave: harassment, interests of their own.
    Conduct,
    /// Access, programs, departures.
    Security,
    /// Alerts and privileged correspondence, which have a route of their own.
    Protected,
    /// Anything else.
    Other,
}

impl Category {
    /// All of them, in the order people choose from.
    pub const ALL: [Self; 11] = [
        Self::PersonalData,
        Self::Scanning,
        Self::Recipients,
        Self::ClientProtection,
        Self::MarketAbuse,
        Self::FinancialCrime,
        Self::Records,
        Self::Conduct,
        Self::Security,
        Self::Protected,
        Self::Other,
    ];

    /// Its word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PersonalData => "personal_data",
            Self::Scanning => "scanning",
            Self::Recipients => "recipients",
            Self::ClientProtection => "client_protection",
            Self::MarketAbuse => "market_abuse",
            Self::FinancialCrime => "financial_crime",
            Self::Records => "records",
            Self::Conduct => "conduct",
            Self::Security => "security",
            Self::Protected => "protected",
            Self::Other => "other",
        }
    }

    /// The category of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.word() == word)
    }
}

/// The controls in force, in the order of their ids.
#[derive(Clone)]
pub struct ControlSet {
    controls: Vec<Control>,
    /// Each control's file, in the same order.
    texts: Vec<String>,
    digest: String,
    /// By field of the catalogue: whether some control asks about it.
    asked: Vec<bool>,
    models: Models,
    models_digest: String,
    calibrations: Calibrations,
}

impl ControlSet {
    /// The same controls, which hold by scores as far as these were signed.
    #[must_use]
    pub fn with_calibrations(mut self, calibrations: Calibrations) -> Self {
        self.calibrations = calibrations;
        self
    }

    /// From which scores on controls may hold.
    #[must_use]
    pub const fn calibrations(&self) -> &Calibrations {
        &self.calibrations
    }

    /// Controls whose verdict is to count and that rest on scores without a calibration for how they are measured here.
    #[must_use]
    pub fn uncalibrated(&self) -> Vec<(&str, Vec<Measure>)> {
        let versions = Assessment::empty(self).versions;
        let enforced = self.controls.iter().filter(|control| control.mode == Mode::Enforce);
        enforced
            .map(|control| {
                (control.id.as_str(), self.calibrations.missing(control.condition.measures(), &versions))
            })
            .filter(|(_, missing)| !missing.is_empty())
            .collect()
    }

    /// The same controls, with a model that reads sentences for them.
    #[must_use]
    pub fn with_models(mut self, models: Models) -> Self {
        self.models_digest = models.digest().to_owned();
        self.models = models;
        self
    }

    /// What reads sentences.
    #[must_use]
    pub const fn models(&self) -> &Models {
        &self.models
    }

    /// SHA-256 over the model and the examples, lower-case hexadecimal; empty without them.
    #[must_use]
    pub fn models_digest(&self) -> &str {
        &self.models_digest
    }

    /// Reads every `*.toml` of a directory, one control a file.
    ///
    /// # Errors
    /// Everything wrong with every file, so that it can be put right at once.
    pub fn load_dir(directory: &Path) -> Result<Self, Vec<ControlError>> {
        let files = file::read_dir(directory)?;
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Self::parse(&files)
    }

    /// Reads control files, given as name and text.
    ///
    /// # Errors
    /// Everything wrong with every file, by file, line and key, with what to do.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, Vec<ControlError>> {
        let mut read = file::parse_all(files)?;
        read.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
        let mut digest = Framed::new("cerebro control set 1");
        for (control, text) in &read {
            digest.text(&control.id);
            digest.text(text);
        }
        let (controls, texts): (Vec<Control>, Vec<String>) =
            read.into_iter().map(|(control, text)| (control, text.to_owned())).unzip();
        let asked = (0..crate::condition::FIELDS.len())
            .map(|field| controls.iter().any(|control| control.condition.fields().contains(&field)))
            .collect();
        Ok(Self {
            controls,
            texts,
            digest: digest.finish(),
            asked,
            models: Models::default(),
            models_digest: String::new(),
            calibrations: Calibrations::default(),
        })
    }

    /// The controls CEREBRO comes with, from `controls/`.
    ///
    /// They are compiled in and tested. Should they not load all the same (a machine without room for a thread), the
    /// set holds everything: never a pass by accident.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).unwrap_or_else(|errors| Self::holding_everything(&errors))
    }

    fn holding_everything(errors: &[ControlError]) -> Self {
        let why = errors.first().map_or_else(String::new, ToString::to_string);
        let both = |fr: &str, en: &str| Bilingual { fr: fr.to_owned(), en: en.to_owned() };
        let control = Control {
            id: "ENGINE-00".to_owned(),
            version: 1,
            title: both("Contrôles indisponibles", "Controls unavailable"),
            explanation: both(
                // What is wrong is known in English only, and stands there.
                "Les contrôles n’ont pas pu être chargés\u{202f}; par prudence, tout message attend.",
                &format!("The controls could not be loaded ({why}); to be safe, every message waits."),
            ),
            remedy: both("Prévenir l’exploitation.", "Tell the operators of the service."),
            ground: both(
                "Règlement (UE) 2022/2554 (DORA), art. 9.",
                "Regulation (EU) 2022/2554 (DORA), art. 9.",
            ),
            neutral_notice: false,
            category: Category::Scanning,
            when: "true".to_owned(),
            condition: Condition::always(),
            verdict: Verdict::Hold,
            severity: Severity::High,
            hold_class: "standard".to_owned(),
            mode: Mode::Enforce,
            samples: Vec::new(),
        };
        let mut digest = Framed::new("cerebro control set 1");
        digest.text(&control.id);
        Self {
            controls: vec![control],
            texts: Vec::new(),
            digest: digest.finish(),
            asked: Vec::new(),
            models: Models::default(),
            models_digest: String::new(),
            calibrations: Calibrations::default(),
        }
    }

    /// The controls, in the order of their ids.
    pub fn controls(&self) -> impl ExactSizeIterator<Item = &Control> {
        self.controls.iter()
    }

    /// Each control's id and file, in the order of their ids.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.controls.iter().map(|control| control.id.as_str()).zip(self.texts.iter().map(String::as_str))
    }

    /// One control by its id.
    #[must_use]
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// SHA-256 over the controls' ids and texts, lower-case hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Runs every control's samples. Empty when all are as they say.
    #[must_use]
    pub fn check_samples(&self) -> Vec<SampleFailure> {
        self.controls.iter().flat_map(|control| sample::check(self, control)).collect()
    }

    /// Runs the samples of one control. Empty when all are as they say, or there is no such control.
    #[must_use]
    pub fn check_control(&self, id: &str) -> Vec<SampleFailure> {
        self.control(id).map(|control| sample::check(self, control)).unwrap_or_default()
    }

    pub(crate) fn asks_about(&self, field: usize) -> bool {
        self.asked.get(field).copied().unwrap_or(false)
    }
}

impl fmt::Debug for ControlSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.controls.iter().map(|control| (&control.id, control.version))).finish()
    }
}
