//! Bytes in, message and defects out: MIME views, safe text, rendering. Pure, total, never fails.
