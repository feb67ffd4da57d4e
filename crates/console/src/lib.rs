//! HTTP: the pages people use and the API programs use.
//!
//! Read [`router`] first: one line per route, with what it needs. [`server`] is the TLS 1.3 door in front of it,
//! [`pages`] what people see, [`i18n`] the words they read.

pub mod agent;
pub mod api;
mod app;
pub mod assets;
pub mod clock;
pub mod cookies;
pub mod csrf;
pub mod format;
pub mod forms;
pub mod guard;
pub mod headers;
pub mod i18n;
pub mod pages;
pub mod router;
pub mod server;
pub mod text;
pub mod webauthn;

pub use app::app;
pub use server::{Certificates, Proxies, serve};

#[cfg(test)]
extern crate self as console;
#[cfg(test)]
mod tests;
