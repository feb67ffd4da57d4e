//! Documents that say what the code does are made from it.

mod configuration;
mod ledger;
