//! Every bound has a name, a unit and a reason, and stands here (invariant 9).

mod content;
mod controls;
mod http;
mod people;
mod relay;
mod review;
mod smtp;
mod storage;

pub use content::*;
pub use controls::*;
pub use http::*;
pub use people::*;
pub use relay::*;
pub use review::*;
pub use smtp::*;
pub use storage::*;
