//! One module per family of formats. Each gets a file and says what came out of it through [`crate::work::Work`].

pub(crate) mod archive;
pub(crate) mod message;
pub(crate) mod odf;
pub(crate) mod ole;
pub(crate) mod ooxml;
pub(crate) mod pdf;
pub(crate) mod tar;
pub(crate) mod text;
pub(crate) mod xlsx;
pub(crate) mod xml;
