//! What someone may do: missions, the permission table, permits, and the operation that carries them.
//!
//! Read [`table`] first: it is the whole of who may do what. [`Operation`] is the first argument of every verb, and
//! [`Operation::write`] the only way to change governed data: it consumes a [`Permit`], checks it again inside the
//! transaction, hands the closure the subject *from the permit*, and makes the evidence durable in the same commit.
//!
//! **Invariants:** 3, 4, 5 and 8 live here. A `Permit` has no public constructor.

pub mod action;
pub mod actor;
pub mod demands;
pub mod evidence;
pub mod instance;
pub mod mission;
pub mod operation;
pub mod permit;
pub mod table;
pub mod uses;

pub use action::{Action, ActionName};
pub use actor::{Actor, SystemReason};
pub use demands::Mandatory;
pub use evidence::{Evidence, EvidenceKind};
pub use identity::Assurance;
pub use instance::Instance;
pub use mission::{Family, Mission};
pub use operation::{Operation, OperationError};
pub use permit::{Denied, Permit, is_held_in_enrolment, missions, missions_in, must_have_factor};
pub use store::blob::BlobWriter;
pub use store::{MechanicalReason, Row, Statement, StoreError, Tx, Value, WriteError, statements};
pub use table::Rule;
pub use uses::{Use, Uses};
pub use vault::{HEADER_BYTES as SEALED_HEADER_BYTES, OpenError, Opener, Sealer};

/// Every statement of this crate, for the test that prepares them all on both engines.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    permit::sql::ALL.to_vec()
}
