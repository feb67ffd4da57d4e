//! What a stream of a PDF holds when its filters are undone, and whether all of it came out.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use lopdf::{DecompressError, Dictionary, Document, Error, Object, Stream};

use super::STREAM_BYTES_MAX;
use crate::Reason;

/// What came out of a stream, and why not all of it did.
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    pub(super) doubt: Option<Reason>,
}

/// The format a picture stands in, as its last filter names it (table 6), and what the filter is told.
pub(super) struct PictureFilter {
    pub(super) name: Vec<u8>,
    pub(super) parameters: Option<Dictionary>,
}

const PICTURE_FILTERS: &[&[u8]] =
    &[b"DCTDecode", b"DCT", b"JPXDecode", b"CCITTFaxDecode", b"CCF", b"JBIG2Decode"];

/// Undoes the filters of a stream.
pub(super) fn decode(document: &Document, stream: &Stream) -> Decoded {
    match filters(document, &stream.dict) {
        Some(filters) => undo(document, stream, filters),
        None => Decoded { bytes: Vec::new(), doubt: Some(Reason::Corrupt) },
    }
}

/// Undoes the filters of a picture, but for the one that makes its bytes a picture of a known format.
pub(super) fn decode_picture(document: &Document, stream: &Stream) -> (Decoded, Option<PictureFilter>) {
    let mut filters = filters(document, &stream.dict).unwrap_or_default();
    let last = filters.pop_if(|name| PICTURE_FILTERS.contains(&name.as_slice()));
    let parameters = parameters(document, &stream.dict, filters.len());
    (undo(document, stream, filters), last.map(|name| PictureFilter { name, parameters }))
}

fn undo(document: &Document, stream: &Stream, filters: Vec<Vec<u8>>) -> Decoded {
    let mut bytes = stream.content.clone();
    let mut doubt = None;
    if filters.len() > Stream::MAX_FILTERS {
        return Decoded { bytes: Vec::new(), doubt: Some(Reason::Corrupt) };
    }
    for (at, filter) in filters.into_iter().enumerate() {
        let parameters = parameters(document, &stream.dict, at);
        let step = match filter.as_slice() {
            b"FlateDecode" | b"Fl" if !has_predictor(parameters.as_ref()) => inflate(&bytes),
            _ => by_filter(filter, parameters, bytes),
        };
        doubt = doubt.or(step.doubt);
        bytes = step.bytes;
    }
    Decoded { bytes, doubt }
}

/// The names of the filters; `None` where something else stands.
fn filters(document: &Document, dictionary: &Dictionary) -> Option<Vec<Vec<u8>>> {
    let name = |object: &Object| Some(document.dereference(object).ok()?.1.as_name().ok()?.to_vec());
    let Ok(filter) = dictionary.get(b"Filter") else { return Some(Vec::new()) };
    match document.dereference(filter).ok()?.1 {
        Object::Null => Some(Vec::new()),
        Object::Array(all) => all.iter().map(name).collect(),
        one => Some(vec![name(one)?]),
    }
}

fn parameters(document: &Document, dictionary: &Dictionary, at: usize) -> Option<Dictionary> {
    let (_, parameters) = document.dereference(dictionary.get(b"DecodeParms").ok()?).ok()?;
    match parameters {
        Object::Dictionary(parameters) => Some(parameters.clone()),
        Object::Array(all) => document.dereference(all.get(at)?).ok()?.1.as_dict().ok().cloned(),
        _ => None,
    }
}

fn has_predictor(parameters: Option<&Dictionary>) -> bool {
    let predictor = parameters.and_then(|parameters| parameters.get(b"Predictor").ok());
    predictor.is_some_and(|predictor| !matches!(predictor, Object::Integer(0 | 1)))
}

fn by_filter(filter: Vec<u8>, parameters: Option<Dictionary>, bytes: Vec<u8>) -> Decoded {
    // An end that nobody can tell is worth a doubt only where nothing came out.
    let had_bytes = !bytes.is_empty();
    let mut dictionary = Dictionary::new();
    dictionary.set("Filter", Object::Name(long_name(filter)));
    if let Some(parameters) = parameters {
        dictionary.set("DecodeParms", parameters);
    }
    match Stream::new(dictionary, bytes).decompressed_content_with_limit(STREAM_BYTES_MAX) {
        Ok(bytes) => {
            let doubt = (had_bytes && bytes.is_empty()).then_some(Reason::Corrupt);
            Decoded { bytes, doubt }
        }
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => {
            Decoded { bytes: Vec::new(), doubt: Some(Reason::TooLarge) }
        }
        Err(_) => Decoded { bytes: Vec::new(), doubt: Some(Reason::Corrupt) },
    }
}

/// The short names of inline images are seen on streams as well.
fn long_name(filter: Vec<u8>) -> Vec<u8> {
    match filter.as_slice() {
        b"AHx" => b"ASCIIHexDecode".to_vec(),
        b"A85" => b"ASCII85Decode".to_vec(),
        b"LZW" => b"LZWDecode".to_vec(),
        b"RL" => b"RunLengthDecode".to_vec(),
        _ => filter,
    }
}

/// Inflates; a wrong checksum alone costs nothing, as in every reader.
fn inflate(bytes: &[u8]) -> Decoded {
    let (zlib, is_whole) = read(ZlibDecoder::new(bytes));
    if zlib.len() > STREAM_BYTES_MAX {
        return Decoded { bytes: Vec::new(), doubt: Some(Reason::TooLarge) };
    }
    if is_whole || bytes.is_empty() {
        return Decoded { bytes: zlib, doubt: None };
    }
    let (raw, is_whole) = read(DeflateDecoder::new(bytes.get(2..).unwrap_or_default()));
    let doubt = (!is_whole || raw.len() > STREAM_BYTES_MAX).then_some(Reason::Corrupt);
    let bytes = if raw.len() >= zlib.len() && raw.len() <= STREAM_BYTES_MAX { raw } else { zlib };
    Decoded { bytes, doubt }
}

fn read(decoder: impl Read) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let limit = u64::try_from(STREAM_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let is_whole = decoder.take(limit).read_to_end(&mut bytes).is_ok();
    (bytes, is_whole)
}
