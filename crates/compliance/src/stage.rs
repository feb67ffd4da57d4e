//! The parts of an assessment's work, for who measures what each costs. The engine itself asks no clock.

macro_rules! stages {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal;)*) => {
        /// A part of the work.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Stage {
            $($(#[doc = $doc])* $name,)*
        }

        impl Stage {
            /// All of them, in the order they are done in.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its word in reports.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

stages! {
    /// The facts are hashed.
    Digest = "digest";
    /// Identifiers, secrets, amounts, addresses are looked for.
    Detectors = "detectors";
    /// Texts become words.
    Folding = "folding";
    /// Terms of lexicons are looked for.
    Lexicons = "lexicons";
    /// Restricted issuers are looked for.
    Issuers = "issuers";
    /// Clients' data is looked for.
    Clients = "clients";
    /// Sentences are scored.
    Topics = "topics";
    /// What is the organisation's own is left out, the rest is counted and kept.
    Findings = "findings";
    /// The encoder reads the most suspicious sentences, where there is one.
    Encoder = "encoder";
    /// Recipients are held to lists.
    Recipients = "recipients";
    /// Conditions are answered.
    Controls = "controls";
    /// Verdicts are drawn.
    Verdict = "verdict";
}

/// Told as each part of the work ends; a part may end several times.
pub type Watch<'a> = &'a mut dyn FnMut(Stage);
