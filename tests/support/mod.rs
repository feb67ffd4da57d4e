//! Actors and a CEREBRO to act on. A test reads as a sentence about people.

pub(crate) mod authority;
mod backup;
pub(crate) mod browser;
pub(crate) mod census;
pub(crate) mod cerebro;
pub(crate) mod certificate;
pub(crate) mod disk;
pub(crate) mod documents;
pub(crate) mod encoder;
mod files;
pub(crate) mod key;
mod people;
pub(crate) mod ports;
pub(crate) mod power;
pub(crate) mod program;
pub(crate) mod service;
pub(crate) mod tls;
mod verifier_go;
pub(crate) mod wire;

pub(crate) use browser::Browser;
pub(crate) use cerebro::{Person, TestCerebro, each_engine, message};
pub(crate) use files::{Scratch, copy_tree, corpus, tool};
pub(crate) use key::{Maker, SoftKey};
pub(crate) use verifier_go::GoVerifier;
