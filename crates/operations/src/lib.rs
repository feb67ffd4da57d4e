//! Everything CEREBRO can do, one verb per file. Read this page like a menu.
//!
//! Every verb takes an [`access::Operation`] first, or the [`Cerebro`] it opens one from; a verb that changes
//! something gives up a permit. Read [`flows::receive`] first: the way of a message from DATA to its verdict.

pub mod access_reviews;
pub mod accounts;
pub mod attachments;
pub mod breached;
pub mod break_glass;
pub mod calibration;
pub mod cerebro;
pub mod changes;
pub mod clients;
pub mod controls;
pub(crate) mod due;
pub mod evidence;
pub mod examples;
pub mod flows;
pub mod idempotency;
pub mod lists;
pub mod missions;
pub mod notices;
pub mod organisation;
pub mod outgoing;
pub mod proposals;
pub mod register;
pub mod review;
pub mod services;
pub mod storage;
pub mod words;

pub use attachments::AttachmentReader;
pub use cerebro::Cerebro;
pub use organisation::{OnFailure, Organisation, Policy};

/// Every statement of this crate, for the test that prepares them all on both engines.
#[must_use]
pub fn statements() -> Vec<&'static access::Statement> {
    [
        organisation::sql::ALL,
        clients::sql::ALL,
        lists::sql::ALL,
        examples::sql::ALL,
        proposals::sql::ALL,
        controls::sql::ALL,
        calibration::sql::ALL,
        controls::replays::sql::ALL,
        controls::samples::sql::ALL,
        flows::sql::ALL,
        flows::lost_leases::sql::ALL,
        storage::sql::ALL,
        flows::outbox::sql::ALL,
        flows::debt::sql::ALL,
        flows::campaign::sql::ALL,
        flows::invitation::sql::ALL,
        flows::together::sql::ALL,
        review::carry::sql::ALL,
        review::guarded::sql::ALL,
        outgoing::sql::ALL,
        review::sql::ALL,
        register::sql::ALL,
        breached::sql::ALL,
        evidence::sql::ALL,
        evidence::restored::sql::ALL,
        accounts::sql::ALL,
        accounts::ceremony::sql::ALL,
        accounts::standing::sql::ALL,
        missions::sql::ALL,
        changes::sql::ALL,
        services::sql::ALL,
        break_glass::sql::ALL,
        access_reviews::sql::ALL,
        notices::sql::ALL,
        idempotency::sql::ALL,
    ]
    .concat()
}
