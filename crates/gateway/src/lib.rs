//! SMTP in and out: the only crate that talks to mail servers.
//!
//! - [`listener`] accepts connections, [`session`] holds one SMTP conversation, its strict [`session::data`] reader
//!   decides where a message ends; what was received goes to a [`Reception`], whose [`Reply`] is what the client hears.
//! - [`relay`] leases what waits in an [`Outbox`] and delivers it along routes by domain, one [`Outcome`] per recipient;
//!   [`dns`] asks a validating resolver on its behalf.
//! - [`sink`] plays the outside world in demos.
//!
//! **Invariant:** nothing here decides on a message or keeps one. A `250` to a final dot is always the reception's own
//! word; content passes byte for byte; no panic is reachable from bytes that came over the network.

pub mod clients;
pub mod dns;
pub mod listener;
mod network;
mod proxy;
pub mod reception;
pub mod relay;
pub mod reply;
pub mod session;
pub mod shutdown;
pub mod sink;
mod tls;

pub use clients::{Clients, DeclaredClient, Login, TenantField};
pub use listener::{Door, listen};
pub use network::{Network, NetworkError};
pub use reception::{Client, Content, Envelope, Reception, Spool, Submission};
pub use relay::{Outbox, Outcome};
pub use reply::Reply;
pub use session::{Limits, Service};
pub use shutdown::{Shutdown, Trigger, shutdown};
pub use tls::{ListenerTls, ListenerTlsError};
