//! Assess facts against a control set: pure, synchronous, replayable.
//!
//! [`assess`] is a function of its facts, the control set and the engine's version, and names all three in the
//! [`Assessment`] (invariant 2). Scores are integers, budgets count work and never time, nothing stops early:
//! every match is evidence. A control that errors is a finding and holds (invariant 15).
//!
//! Read [`assess`] first, then [`detect`], [`lexicon`] and [`topics`] for what is found, [`condition`] for the language of controls and
//! [`control`] for their files. `docs/formats/controls.md` is the manual for those who write them.

mod assess;
mod assessment;
pub mod calibration;
pub mod clients;
pub mod condition;
pub mod control;
pub mod detect;
pub mod explain;
mod facts;
mod gather;
pub mod guard;
mod labels;
pub mod lexicon;
mod marks;
mod recipients;
mod restricted;
pub mod semantic;
mod silence;
mod stage;
pub mod topics;
mod values;
mod words;

pub use assess::{ENGINE, assess, assess_watched};
pub use assessment::{Assessment, ControlMatch, Finding, Incomplete, Mode, Severity, Verdict, Versions};
pub use control::{Control, ControlError, ControlSet, SampleFailure};
pub use facts::{
    AttachmentOutcome, AttachmentText, Facts, OrganisationFacts, PreparedOrganisation, RecipientFacts, Unsent,
};
pub use guard::{Guard, Guarded};
pub use labels::{LabelEntry, LabelEntryError};
pub use recipients::{Agreement, AgreementError, Standing};
pub use stage::{Stage, Watch};

#[cfg(test)]
mod tests;
