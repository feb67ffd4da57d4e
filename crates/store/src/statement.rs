//! Statements: constants with a name, a text for each engine, and a declared reach.

/// Whose rows a statement may touch, and with what kind of write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Rows of one organisation: the text names `organisation` and its value is `$1`, bound by the transaction.
    Organisation,
    /// Rows of any organisation, in a [`vocabulary::Scope::Platform`] transaction.
    Platform,
    /// As `Organisation`, and changes mechanical tables only.
    Mechanical,
    /// As `Platform`, and changes mechanical tables only.
    MechanicalPlatform,
}

/// Why mechanical state changes. Adding one is a decision to record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MechanicalReason {
    /// Who sends a message, reads past flows again or a held one for the second time, and until when.
    Lease,
    /// When something is tried again.
    Retry,
    /// A session was really used.
    SessionTouch,
    /// Failed attempts being counted.
    Throttle,
    /// An authenticator is asked a question.
    Ceremony,
    /// A mission was of use.
    MissionUse,
    /// A token was shown.
    TokenUse,
    /// Entries get their index.
    Sequencing,
    /// A blob of no row, or a row of expired mechanical state, is removed.
    Sweep,
}

/// The tables a mechanical write may change: nothing here is evidence of anything.
pub const MECHANICAL_TABLES: &[&str] = &[
    "outbox_lease",
    "session_touch",
    "mission_use",
    "token_use",
    "throttle",
    "ceremony",
    "evidence_outbox",
    "ledger_entry",
    "idempotency",
    "sealing",
    "replay_progress",
    "second_turn",
];

/// One SQL statement. Texts use `$1…`; `$1` is the organisation where the reach says so.
#[derive(Debug)]
pub struct Statement {
    /// For errors and tests: `module::NAME`.
    pub name: &'static str,
    /// Whose rows, which writes.
    pub reach: Reach,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL: the same unless the engines differ.
    pub postgres: &'static str,
}

impl Statement {
    /// The organisation is `$1`, bound by the transaction.
    #[must_use]
    pub const fn binds_organisation(&self) -> bool {
        matches!(self.reach, Reach::Organisation | Reach::Mechanical)
    }

    /// May run inside `write_mechanical`.
    #[must_use]
    pub const fn is_mechanical(&self) -> bool {
        matches!(self.reach, Reach::Mechanical | Reach::MechanicalPlatform)
    }

    /// It only reads.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.sqlite.trim_start().get(..6).is_some_and(|verb| verb.eq_ignore_ascii_case("select"))
    }

    /// The rules that can be checked without an engine; the reason when one is broken.
    ///
    /// # Errors
    /// The sentence to show.
    pub fn check(&self) -> Result<(), String> {
        for text in [self.sqlite, self.postgres] {
            let lower = text.to_lowercase();
            if self.binds_organisation() && !names_organisation(&lower) {
                return Err(format!("{}: no predicate on organisation = $1", self.name));
            }
            if self.is_mechanical() && !self.is_read() {
                let table = changed_table(&lower).unwrap_or_default();
                if !MECHANICAL_TABLES.contains(&table.as_str()) {
                    return Err(format!("{}: changes {table:?}, which is not a mechanical table", self.name));
                }
            }
        }
        Ok(())
    }
}

/// In the table `organisation` itself, the organisation is the row's own id.
fn names_organisation(lower: &str) -> bool {
    lower.contains("organisation = $1")
        || lower.contains("from organisation where id = $1")
        || (lower.starts_with("update organisation set ") && lower.ends_with(" where id = $1"))
        || lower.starts_with("insert into organisation (id, ")
        || inserts_organisation_first(lower)
}

/// `INSERT INTO t (organisation, …) VALUES ($1, …)`.
fn inserts_organisation_first(lower: &str) -> bool {
    lower.starts_with("insert into")
        && lower.split_once('(').is_some_and(|(_, rest)| rest.trim_start().starts_with("organisation,"))
        && (lower.contains("values ($1,") || lower.contains("select $1,"))
}

/// The table an INSERT, UPDATE or DELETE changes.
fn changed_table(lower: &str) -> Option<String> {
    let rest = ["insert into ", "update ", "delete from "]
        .iter()
        .find_map(|verb| lower.trim_start().strip_prefix(verb))?;
    rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().map(str::to_owned)
}

/// Declares statements: each becomes a `pub const NAME: &Statement`, all of them `ALL`.
///
/// ```ignore
/// statements! {
///     Organisation FIND = "SELECT … FROM hold WHERE organisation = $1 AND id = $2";
///     Platform     DUE  = "SELECT …" | "SELECT … FOR UPDATE SKIP LOCKED";   // SQLite | PostgreSQL
/// }
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $reach:ident $name:ident = $sqlite:expr $(=> $postgres:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: &$crate::Statement = &$crate::Statement {
                name: concat!(module_path!(), "::", stringify!($name)),
                reach: $crate::Reach::$reach,
                sqlite: $sqlite,
                postgres: $crate::statements!(@postgres $sqlite $(, $postgres)?),
            };
        )*
        /// Every statement of this module, for the test that prepares them all on both engines.
        pub(crate) const ALL: &[&$crate::Statement] = &[$($name),*];
    };
    (@postgres $sqlite:expr) => { $sqlite };
    (@postgres $sqlite:expr, $postgres:expr) => { $postgres };
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn statement(reach: Reach, text: &'static str) -> Statement {
        Statement { name: "t", reach, sqlite: text, postgres: text }
    }

    #[test]
    fn a_statement_without_its_organisation_is_caught() {
        assert!(statement(Reach::Organisation, "SELECT id FROM hold WHERE id = $2").check().is_err());
        assert!(
            statement(Reach::Organisation, "SELECT id FROM hold WHERE organisation = $1 AND id = $2")
                .check()
                .is_ok()
        );
        assert!(
            statement(Reach::Organisation, "INSERT INTO hold (organisation, id) VALUES ($1, $2)")
                .check()
                .is_ok()
        );
        assert!(
            statement(Reach::Organisation, "INSERT INTO hold (id, organisation) VALUES ($2, $1)")
                .check()
                .is_err()
        );
    }

    #[test]
    fn a_mechanical_statement_cannot_touch_governed_tables() {
        assert!(statement(Reach::MechanicalPlatform, "UPDATE hold SET state = 'released'").check().is_err());
        assert!(statement(Reach::MechanicalPlatform, "UPDATE outbox_lease SET fence = $1").check().is_ok());
        assert!(
            statement(Reach::Mechanical, "DELETE FROM delivery WHERE organisation = $1").check().is_err()
        );
    }
}
