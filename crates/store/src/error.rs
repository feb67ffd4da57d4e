//! What can go wrong between a verb and the disk.

/// The database refused, failed, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A uniqueness rule of a table: somebody else was first.
    #[error("the record exists already ({0})")]
    Conflict(String),
    /// Disk full, read-only, or a write or sync that failed. Nothing was acknowledged.
    #[error("durable storage failed: {0}")]
    Storage(String),
    /// The commit was sent and its answer lost: it may have happened.
    #[error("the commit's answer was lost: {0}")]
    Uncertain(String),
    /// The database is down, closing or unreachable.
    #[error("the database is not reachable: {0}")]
    Unreachable(String),
    /// The address of PostgreSQL cannot be used as it stands.
    #[error("the address of PostgreSQL: {0}")]
    Address(String),
    /// Too many entries wait for a signed checkpoint; changes are refused until sealing catches up (invariant 9).
    #[error("the ledger is too far behind: changes are refused until it is sealed")]
    LedgerBehind,
    /// The schema was made by a newer binary.
    #[error("the database has schema {found}, this binary knows {known}: use the newer binary")]
    NewerSchema {
        /// What stands in the database.
        found: i64,
        /// What this binary knows.
        known: i64,
    },
    /// A row does not hold what its column promises.
    #[error("column {column} holds something else than {wanted}")]
    Column {
        /// Place in the row, from 0.
        column: usize,
        /// What was asked for.
        wanted: &'static str,
    },
    /// A statement used where its reach does not allow it: a mistake of ours, caught before it runs.
    #[error("statement {statement} may not run here: {why}")]
    Reach {
        /// The statement's name.
        statement: &'static str,
        /// The rule it would break.
        why: &'static str,
    },
    /// Anything else the engine says.
    #[error("the database refused a statement: {0}")]
    Statement(String),
}

impl StoreError {
    /// Durable storage is the cause: stop taking work.
    #[must_use]
    pub fn is_storage(&self) -> bool {
        matches!(self, Self::Storage(_) | Self::Unreachable(_) | Self::Uncertain(_))
    }

    /// The change may have happened although it was not acknowledged.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(self, Self::Uncertain(_))
    }

    /// A uniqueness rule said no.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    /// The verb itself said no; its savepoint was rolled back.
    #[error(transparent)]
    Refused(E),
    /// The store could not keep it.
    #[error(transparent)]
    Store(StoreError),
}

impl<E: From<StoreError>> WriteError<E> {
    /// One error for callers that do not care which it was.
    pub fn into_inner(self) -> E {
        match self {
            Self::Refused(error) => error,
            Self::Store(error) => E::from(error),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::ConstraintViolation) => Self::Conflict(text),
            Some(
                Code::DiskFull
                | Code::SystemIoFailure
                | Code::ReadOnly
                | Code::CannotOpen
                | Code::OutOfMemory
                | Code::DatabaseCorrupt,
            ) => Self::Storage(text),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Unreachable(text),
            _ => Self::Statement(text),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let text = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
        match error.code().map(tokio_postgres::error::SqlState::code) {
            Some(code) if code.starts_with("23") => Self::Conflict(text),
            // Class 53: insufficient resources (disk full 53100); 58: system error; 40: rolled back by the server.
            Some(code) if code.starts_with("53") || code.starts_with("58") => Self::Storage(text),
            Some(code) if code.starts_with("57") || code.starts_with("08") || code.starts_with("40") => {
                Self::Unreachable(text)
            }
            Some(_) => Self::Statement(text),
            None => Self::Unreachable(text),
        }
    }
}
