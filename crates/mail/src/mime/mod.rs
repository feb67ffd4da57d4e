//! The syntax of messages: header blocks, parameters, encodings, charsets, multiparts. Bytes in, pieces out.

pub(crate) mod charset;
pub(crate) mod headers;
pub(crate) mod params;
pub(crate) mod split;
pub(crate) mod transfer;
pub(crate) mod words;
