//! Opening a PDF, and mending what its readers mend: stream lengths that are wrong or absent, a cross-reference table
//! that points elsewhere, fonts that do not say that they are one.

use std::collections::BTreeSet;

use lopdf::content::Content;
use lopdf::xref::{XrefEntry, XrefRecovery};
use lopdf::{DecompressError, Dictionary, Document, Error, LoadOptions, Object, ObjectId, Stream};
use memchr::memmem;

use super::STREAM_BYTES_MAX;
use crate::Reason;

/// What a font says it is (ISO 32000-1 tables 110 and 117).
const FONTS: &[&[u8]] =
    &[b"Type0", b"Type1", b"MMType1", b"Type3", b"TrueType", b"CIDFontType0", b"CIDFontType2"];

/// Opens the file.
pub(super) fn open(bytes: &[u8]) -> Result<Document, Reason> {
    let mut document = load(bytes, false)?;
    if document.is_encrypted() && !document.was_encrypted() {
        return Err(Reason::Encrypted);
    }
    let lost = lost(&document);
    if !lost.is_empty()
        && document.xref_recovery != Some(XrefRecovery::Reconstructed)
        && let Ok(rebuilt) = load(bytes, true)
        && rebuilt.xref_recovery == Some(XrefRecovery::Reconstructed)
        && rebuilt.objects.len() > document.objects.len()
    {
        document = rebuilt;
    }
    // What an encrypted file lost stays lost: its bytes alone say nothing.
    if !document.was_encrypted() {
        mend_streams(&mut document, bytes);
    }
    mend_fonts(&mut document);
    Ok(document)
}

fn load(bytes: &[u8], rebuild: bool) -> Result<Document, Reason> {
    let options = LoadOptions {
        max_decompressed_size: Some(STREAM_BYTES_MAX),
        force_reconstruct: rebuild,
        ..LoadOptions::default()
    };
    Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        Error::InvalidPassword | Error::Decryption(_) => Reason::Encrypted,
        Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => Reason::TooLarge,
        _ if memmem::find(bytes, b"/Encrypt").is_some() => Reason::Encrypted,
        _ => Reason::Corrupt,
    })
}

/// Objects that the cross-reference table names and that could not be read: where each should stand.
fn lost(document: &Document) -> Vec<(ObjectId, usize)> {
    let entries = document.reference_table.entries.iter();
    entries
        .filter_map(|(number, entry)| match entry {
            XrefEntry::Normal { offset, generation } => {
                Some(((*number, *generation), usize::try_from(*offset).ok()?))
            }
            _ => None,
        })
        .filter(|(id, _)| !document.objects.contains_key(id))
        .collect()
}

/// Gives streams their contents by looking for their end, where their length does not say it.
fn mend_streams(document: &mut Document, bytes: &[u8]) {
    let start = memmem::find(bytes, b"%PDF-").unwrap_or(0);
    let bytes = bytes.get(start..).unwrap_or_default();
    let mut starts: Vec<usize> = document
        .reference_table
        .entries
        .values()
        .filter_map(|entry| match entry {
            XrefEntry::Normal { offset, .. } => usize::try_from(*offset).ok(),
            _ => None,
        })
        .collect();
    starts.sort_unstable();
    let end_after = |at: usize| {
        starts
            .get(starts.partition_point(|start| *start <= at))
            .map_or(bytes.len(), |end| *end.min(&bytes.len()))
    };
    for (id, at) in lost(document) {
        let found = bytes.get(at..end_after(at)).and_then(stream);
        if let Some(found) = found {
            document.objects.insert(id, Object::Stream(found));
        }
    }
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        if let Some(at) = stream.start_position.filter(|_| stream.content.is_empty()) {
            let rest = bytes.get(at..end_after(at)).unwrap_or_default();
            stream.content = before_end(rest).to_vec();
        }
    }
}

/// A stream object as it stands in the file: its dictionary, its contents.
fn stream(object: &[u8]) -> Option<Stream> {
    let open = memmem::find(object, b"<<")?;
    let is_keyword = |at: &usize| {
        let before = at.checked_sub(1).and_then(|at| object.get(at));
        let after = object.get(at + b"stream".len());
        before.is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>')
            && after.is_some_and(|byte| matches!(byte, b'\r' | b'\n' | b' '))
    };
    let keyword = memmem::find_iter(object, b"stream").find(|at| *at > open && is_keyword(at))?;
    // The operands of a content stream are the one grammar of objects that stands open.
    let source = [object.get(open..keyword)?, b" x"].concat();
    let mut operations = Content::decode_iter(&source);
    let operation = operations.next()?.ok()?;
    let Some(Object::Dictionary(dictionary)) = operation.operands.into_iter().next() else { return None };
    let rest = object.get(keyword + b"stream".len()..)?;
    let skip = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => rest.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1),
    };
    let content = before_end(rest.get(skip..)?).to_vec();
    Some(Stream { dict: dictionary, content, allows_compression: false, start_position: None })
}

/// What stands before the last end of a stream; all of it where there is none. Too much does no harm: compressed data
/// ends by itself, and text behind it is read as well.
fn before_end(rest: &[u8]) -> &[u8] {
    let end = memmem::rfind(rest, b"endstream").unwrap_or(rest.len());
    let found = rest.get(..end).unwrap_or(rest);
    let found = found.strip_suffix(b"\n").unwrap_or(found);
    found.strip_suffix(b"\r").unwrap_or(found)
}

/// Lets every font say that it is one: by what kind it is, or because a page names it among its fonts.
fn mend_fonts(document: &mut Document) {
    let mut named: Vec<ObjectId> = Vec::new();
    for object in document.objects.values_mut() {
        match object {
            Object::Dictionary(dictionary) => mend(dictionary, &mut named, 8),
            Object::Stream(stream) => mend(&mut stream.dict, &mut named, 8),
            Object::Array(array) => mend_array(array, &mut named, 8),
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = named.pop() {
        if !seen.insert(id) {
            continue;
        }
        match document.objects.get_mut(&id) {
            Some(Object::Dictionary(font)) if font.has(b"BaseFont") || font.has(b"Subtype") => {
                font.set("Type", "Font");
            }
            // The fonts of a page, by reference.
            Some(Object::Dictionary(fonts)) => fonts_of(fonts, &mut named),
            _ => {}
        }
    }
}

fn mend(dictionary: &mut Dictionary, named: &mut Vec<ObjectId>, depth: usize) {
    let kind = dictionary.get(b"Subtype").and_then(Object::as_name);
    if kind.is_ok_and(|kind| FONTS.contains(&kind)) {
        dictionary.set("Type", "Font");
    }
    for (key, value) in dictionary.iter_mut() {
        match value {
            Object::Dictionary(inner) if key == b"Font" => fonts_of(inner, named),
            Object::Reference(id) if key == b"Font" => named.push(*id),
            Object::Dictionary(inner) if depth > 0 => mend(inner, named, depth - 1),
            Object::Array(inner) if depth > 0 => mend_array(inner, named, depth - 1),
            _ => {}
        }
    }
}

fn mend_array(array: &mut [Object], named: &mut Vec<ObjectId>, depth: usize) {
    for value in array {
        match value {
            Object::Dictionary(inner) if depth > 0 => mend(inner, named, depth - 1),
            Object::Array(inner) if depth > 0 => mend_array(inner, named, depth - 1),
            _ => {}
        }
    }
}

/// The fonts a page names.
fn fonts_of(fonts: &mut Dictionary, named: &mut Vec<ObjectId>) {
    for (_, font) in fonts.iter_mut() {
        match font {
            Object::Dictionary(font) => font.set("Type", "Font"),
            Object::Reference(id) => named.push(*id),
            _ => {}
        }
    }
}
