//! The service seen from outside, one binary: verbs on both engines, then the whole program as people use it.

#[path = "../support/mod.rs"]
mod support;
mod program;
mod verbs;
