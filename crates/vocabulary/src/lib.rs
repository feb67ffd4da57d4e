//! Words every crate shares: typed ids, addresses, secrets, bounds, clock, entropy, scope.
//!
//! **Invariant:** no I/O beyond asking the machine for the time and for random bytes, and nothing of ours
//! below it. A type here is a word of the design; when a word is missing, it is added here once.

pub mod address;
pub mod bounds;
pub mod dsn;
pub mod entropy;
pub mod ids;
pub mod lease;
pub mod locale;
pub mod scope;
pub mod secret;
pub mod time;
pub mod unseen;
mod words;

pub use address::{AddressError, EmailAddress};
pub use dsn::{ForwardPath, Notify, Return, Xtext};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use ids::*;
pub use lease::{Leased, Target};
pub use locale::{Bilingual, Locale};
pub use scope::{PlatformReason, Scope};
pub use secret::Secret;
pub use time::{Clock, ManualClock, SystemClock, Timestamp};
pub use words::UnknownWord;
