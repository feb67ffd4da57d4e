//! Pages and the API.

use std::time::Duration;

/// A form that carries control files or a list, bytes: percent-encoded, it is longer than they are.
pub const LONG_FORM_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Rows of a list page.
pub const PAGE_ROWS_MAX: usize = 100;
/// Bytes of a form or a JSON body that is not a message.
pub const REQUEST_BODY_BYTES_MAX: usize = 256 * 1024;
/// HTTP connections open at once.
pub const HTTP_CONNECTIONS_MAX: usize = 2_000;
/// Time to read a request's head.
pub const HTTP_HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// An `Idempotency-Key`, characters.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 200;
/// How long the answer to an `Idempotency-Key` is kept.
pub const IDEMPOTENCY_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// Fields of one posted form.
pub const FORM_FIELDS_MAX: usize = 256;
/// Streams open at once on one HTTP/2 connection.
pub const HTTP_STREAMS_MAX: u32 = 64;
/// Bytes of a request's head.
pub const HTTP_HEAD_BYTES_MAX: usize = 32 * 1024;
/// Time given to requests under way when the process is told to stop.
pub const HTTP_DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// Time to read a form's body.
pub const HTTP_BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest life of one HTTP connection; the browser opens another without a person noticing.
pub const HTTP_CONNECTION_LIFE: Duration = Duration::from_secs(15 * 60);
