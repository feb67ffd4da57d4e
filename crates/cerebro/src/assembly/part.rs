//! Which parts of the service one process runs (invariant 13): all of them, or, on PostgreSQL, one.

use std::fmt;

use clap::ValueEnum;

/// A part that may run in a process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// SMTP in, and the assessment of what is accepted.
    Gateway,
    /// SMTP out, and the leases of relays that died.
    Relay,
    /// Pages, API, and the clocks of what is held.
    Console,
    /// Gives entries their index and signs checkpoints: the only one that uses the signing keys.
    Sealer,
}

/// What this process runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts(pub(crate) Option<Part>);

impl Parts {
    /// Everything.
    pub(crate) const ALL: Self = Self(None);

    pub(crate) fn runs(self, part: Part) -> bool {
        self.0.is_none_or(|only| only == part)
    }

    /// Another process may do what this one waits for: it looks by itself instead of being woken.
    pub(crate) fn is_alone(self) -> bool {
        self.0.is_some()
    }

    /// Several processes of this part work side by side, told apart by their leases; the others are alone on a data
    /// directory.
    pub(crate) fn is_one_of_many(self) -> bool {
        self.0.is_some_and(|part| part != Part::Sealer)
    }

    /// The file that keeps a second process of the same parts away from a data directory, where there must be one.
    pub(crate) fn lock_name(self) -> String {
        match self.0 {
            None => "cerebro.lock".into(),
            Some(part) => format!("cerebro-{part}.lock"),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gateway => "gateway",
            Self::Relay => "relay",
            Self::Console => "console",
            Self::Sealer => "sealer",
        })
    }
}
