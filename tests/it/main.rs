//! The service seen from outside, one binary: verbs on both engines, then the whole program as people use it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on says so"
)]

mod cases;
mod documents;
mod pages;
mod program;
#[path = "../support/mod.rs"]
mod support;
mod tidy;
mod verbs;
