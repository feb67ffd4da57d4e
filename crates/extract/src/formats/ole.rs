//! What stands in a compound file: an old Office document, an Outlook message, an encrypted new document, or a file
//! put into another.

use vocabulary::bounds::ARCHIVE_DEPTH_MAX;

use super::bytes::{code_page, size_at, slice, until_zero};
use super::compound::{Compound, Entry, ROOT};
use super::{doc, msg, ppt, xls};
use crate::work::{File, Work};
use crate::{Empty, Reason};

const KIND: &str = "application/x-ole-storage";

/// Storages of a document that hold no document: programs, signatures, XML data beside it.
const SERVICE: &[&str] = &[
    "Macros",
    "_VBA_PROJECT_CUR",
    "MsoDataStore",
    "\u{6}DataSpaces",
    "_signatures",
    "_xmlsignatures",
    "_SX_DB_CUR",
];

/// Looks into a compound file.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    let Some(compound) = Compound::open(file.bytes) else {
        return work.unreadable(file, KIND, Reason::Corrupt);
    };
    // Encrypted by password ([MS-OFFCRYPTO]), or by a rights management server.
    let marks = ["EncryptedPackage", "EncryptionInfo", "\u{9}DRMContent", "\u{9}DRMDataSpace"];
    if marks.iter().any(|mark| compound.find(ROOT, mark).is_some()) {
        return work.unreadable(file, "application/x-ole-encrypted", Reason::Encrypted);
    }
    storage(work, file, &compound, ROOT);
}

/// Looks into one storage: what it is, is told by what stands in it.
pub(crate) fn storage(work: &mut Work, file: &File<'_>, compound: &Compound<'_>, at: usize) {
    if file.depth > ARCHIVE_DEPTH_MAX {
        return work.unreadable(file, KIND, Reason::TooDeep);
    }
    let has = |name| compound.find(at, name).is_some();
    if has("__properties_version1.0") {
        return msg::extract(work, file, compound, at);
    } else if has("WordDocument") {
        doc::extract(work, file, compound, at);
    } else if has("Workbook") || has("Book") {
        xls::extract(work, file, compound, at);
    } else if has("PowerPoint Document") && at == ROOT {
        ppt::extract(work, file, compound);
    } else if let Some(native) = compound.read(at, "\u{1}Ole10Native", work) {
        return package(work, file, native.get(4..).unwrap_or(&[]));
    } else if let Some(name) = ["Package", "CONTENTS", "EmbeddedOdf"].into_iter().find(|name| has(name)) {
        return contents(work, file, compound, at, name);
    } else if at == ROOT && compound.children(at).any(|(_, entry)| entry.is_storage) {
        work.nothing(file, KIND, Empty::Container);
    } else {
        return work.unreadable(file, KIND, Reason::UnknownFormat);
    }
    embedded(work, file, compound, at);
}

/// The file that a storage wraps.
fn contents(work: &mut Work, file: &File<'_>, compound: &Compound<'_>, at: usize, name: &str) {
    match compound.read(at, name, work) {
        Some(bytes) => work.file(&File { bytes: &bytes, depth: file.depth + 1, ..file.clone() }),
        None => work.unreadable(file, KIND, Reason::TooLarge),
    }
}

/// A file put into a document by the packager: label, paths, then its bytes ([MS-OLEDS] §2.3.6).
pub(crate) fn package(work: &mut Work, file: &File<'_>, bytes: &[u8]) {
    let mut rest = bytes.get(2..).unwrap_or(&[]);
    let mut next = || {
        let found = until_zero(rest);
        rest = rest.get(found.len() + 1..).unwrap_or(&[]);
        code_page(found, 1_252)
    };
    let (label, path) = (next(), next());
    // Two numbers, a length and a temporary path.
    let behind = size_at(rest, 4).and_then(|len| rest.get(len.saturating_add(8)..));
    let data = behind.and_then(|rest| Some(slice(rest.get(4..)?, 0, size_at(rest, 0)?)));
    let Some(data) = data else { return work.unreadable(file, KIND, Reason::Corrupt) };
    let name = if label.is_empty() { path } else { label };
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let part = file.part.member(name);
    work.nothing(file, KIND, Empty::Container);
    if work.take_member(file) {
        work.file(&File { part, name, declared: "", bytes: data, depth: file.depth + 1 });
    }
}

/// Documents inside the document.
fn embedded(work: &mut Work, file: &File<'_>, compound: &Compound<'_>, at: usize) {
    let is_object = |entry: &Entry| entry.is_storage && !SERVICE.contains(&entry.name.as_str());
    let mut objects: Vec<(usize, String)> = Vec::new();
    for (child, entry) in compound.children(at).filter(|(_, entry)| is_object(entry)) {
        if entry.name == "ObjectPool" {
            let pool = compound.children(child).filter(|(_, entry)| is_object(entry));
            objects.extend(pool.map(|(object, entry)| (object, entry.name.clone())));
        } else {
            objects.push((child, entry.name.clone()));
        }
    }
    for (object, name) in objects {
        if !work.take_member(file) {
            return;
        }
        let part = file.part.member(&name);
        storage(
            work,
            &File { part, name: &name, declared: "", bytes: &[], depth: file.depth + 1 },
            compound,
            object,
        );
    }
}
