//! An organisation's clients, imported from a file: whose data a message carries, and whose mailbox a recipient is.
//!
//! The file's values are hashed under a key of the organisation that stands in its key store, and forgotten: what is kept is
//! sealed besides, and says nothing to whoever has the database. Imported whole, each time a new version; the one before stays. A file that
//! finds less than the one in force waits for a second person.

mod file;
mod import;
mod load;
pub mod look;
mod version;

pub use compliance::clients::{Clients, Difference, Unfit};
pub use file::{ClientFile, FileError, WrongLine};
pub use import::{Imported, import};
pub(crate) use load::{load, versions};
pub use version::Differs;
pub(crate) use version::{NewFile, waiting};

use access::{Operation, OperationError};
use vocabulary::Secret;

pub(crate) mod sql {
    access::statements! {
        Platform VERSIONS = "SELECT organisation, MAX(version) FROM client_file GROUP BY organisation ORDER BY organisation LIMIT 1000";
        Organisation LATEST = "SELECT version, pieces, digest FROM client_file WHERE organisation = $1 ORDER BY version DESC LIMIT 1";
        Organisation ALL_VERSIONS = "SELECT version, clients, identifiers, digest, changed_by, changed_at, proposed_by FROM client_file WHERE organisation = $1 ORDER BY version DESC LIMIT 100";
        Organisation PIECE = "SELECT sealed FROM client_piece WHERE organisation = $1 AND version = $2 AND piece = $3";
        Organisation PUT_FILE = "INSERT INTO client_file (organisation, version, pieces, clients, identifiers, digest, changed_by, changed_at, proposed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        Organisation PUT_PIECE = "INSERT INTO client_piece (organisation, version, piece, sealed) VALUES ($1, $2, $3, $4)";
        Organisation DROP_PIECES = "DELETE FROM client_piece WHERE organisation = $1 AND version <= $2";
    }
}

/// The key of an organisation's client files.
pub(crate) fn key(op: &Operation) -> Result<Secret<[u8; 32]>, OperationError> {
    op.instance().secret_or_new(&format!("clients-{}", op.organisation()))
}

/// What a sealed piece is bound to.
fn context(version: u64, piece: u64) -> String {
    format!("client_piece/{version}/{piece}")
}
