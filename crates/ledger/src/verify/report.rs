//! What a verification found, for people and for machines.

use std::fmt;

use serde::Serialize;

use crate::Checkpoint;

/// Faults named one by one. Past this the verification stops looking: it is not this log.
pub(super) const FAULTS_MAX: usize = 50;

/// What was checked, what is wrong, and what cannot be shown this way.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The log verifies.
    pub ok: bool,
    /// The log's name; empty when no checkpoint is signed by the key.
    pub origin: String,
    /// Entries under the latest checkpoint.
    pub size: u64,
    /// Its root, base64.
    pub root: String,
    /// Kept checkpoints that are signed by the key.
    pub checkpoints: usize,
    /// What is wrong, each with its place.
    pub faults: Vec<String>,
    /// The places of the faults, in the same order.
    pub places: Vec<Place>,
    /// There were more faults than are named, and the verification stopped looking.
    pub more_faults: bool,
    /// What this verification shows.
    pub shown: Vec<String>,
    /// What it does not show.
    pub not_shown: Vec<String>,
}

/// Where a fault is: a file of the log, the entries it concerns, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The path inside the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The first entry concerned, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// The last entry concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
}

impl Place {
    pub(super) fn file(path: impl Into<String>) -> Self {
        Self { file: Some(path.into()), ..Self::default() }
    }

    pub(super) fn entry(index: u64, path: impl Into<String>) -> Self {
        Self::entries(index, index).at(path)
    }

    pub(super) const fn entries(first: u64, last: u64) -> Self {
        Self { file: None, first: Some(first), last: Some(last) }
    }

    pub(super) fn at(self, path: impl Into<String>) -> Self {
        Self { file: Some(path.into()), ..self }
    }
}

impl Report {
    /// The log verifies.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        self.ok
    }

    pub(super) fn begin(&mut self, latest: &Checkpoint) {
        self.origin.clone_from(&latest.origin);
        self.size = latest.size;
        self.root = latest.root.to_string();
        self.show(format!("the checkpoint of {} entries is signed by the log's key", latest.size));
    }

    pub(super) fn fault(&mut self, place: Place, text: String) {
        if self.full() {
            self.more_faults = true;
        } else {
            self.faults.push(text);
            self.places.push(place);
        }
    }

    /// So much is wrong that looking further tells nobody anything.
    pub(super) const fn full(&self) -> bool {
        self.faults.len() >= FAULTS_MAX
    }

    pub(super) fn show(&mut self, text: String) {
        self.shown.push(text);
    }

    pub(super) fn not_show(&mut self, text: impl Into<String>) {
        self.not_shown.push(text.into());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.origin.is_empty() {
            writeln!(f, "log          {}", self.origin)?;
            writeln!(f, "entries      {}", self.size)?;
            writeln!(f, "root         {}", self.root)?;
        }
        for line in &self.shown {
            writeln!(f, "shown        {line}")?;
        }
        for line in &self.not_shown {
            writeln!(f, "not shown    {line}")?;
        }
        for line in &self.faults {
            writeln!(f, "FAULT        {line}")?;
        }
        if self.more_faults {
            writeln!(f, "FAULT        and more: stopped looking")?;
        }
        f.write_str(if self.ok { "VERIFIED" } else { "NOT VERIFIED" })
    }
}
