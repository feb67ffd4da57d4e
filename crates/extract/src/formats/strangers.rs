//! What an office document carries that its format does not write: a file put into its archive, a page in another
//! format that Word shows in its place, data of programs. Nobody sees most of it; it leaves all the same.

use super::archive::{Archive, members};
use super::office;
use crate::detect::Format;
use crate::work::{File, Work};

/// Folders of parts in XML that are read where they belong, or hold no text of their own.
const FOLDERS: &[&str] = &[
    "_rels/",
    "_xmlsignatures/",
    "Basic/",
    "Configurations2/",
    "Dialogs/",
    "META-INF/",
    "Object ",
    "Scripts/",
    "docMetadata/",
    "docProps/",
    "drs/",
    "package/",
    "ppt/",
    "theme/",
    "word/",
    "xl/",
];
/// Parts at the top.
const PARTS: &[&str] = &[
    "[Content_Types].xml",
    "content.xml",
    "encryption.xml",
    "layout-cache",
    "manifest.rdf",
    "meta.xml",
    "mimetype",
    "settings.xml",
    "styles.xml",
];
/// Binary parts of the format, by a piece of their name: settings of printers and controls, programs (told as such), fonts
/// made unreadable, drawings that stand for objects.
const BINARIES: &[&str] = &[
    "/activeX",
    "/customProperty",
    "/customUI",
    "/printerSettings",
    "/vbaData",
    "/vbaProject",
    ".fntdata",
    ".odttf",
    ".sigs",
    ".wdp",
    "Configurations2/",
    "ObjectReplacements/",
];

/// Looks into every member that is neither of the format nor read already. Pictures are handed out; sound and fonts hold
/// no text.
pub(crate) fn read(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    let (mut positions, mut pictures) = (Vec::new(), Vec::new());
    for (index, (name, is_dir)) in names.iter().enumerate() {
        if *is_dir || is_of_format(name) || office::is_inside(name) {
            continue;
        }
        // Sheets in binary are read where they belong.
        let is_sheet = name.starts_with("xl/") && name.ends_with(".bin");
        let is_binary = is_sheet || BINARIES.iter().any(|piece| name.contains(piece));
        match archive.format(index) {
            Format::Image(kind) => pictures.push((index, kind)),
            Format::AudioVideo(_) | Format::Font(_) | Format::Empty => {}
            // The programs of a document are compound files that nobody can read here.
            Format::Unknown | Format::Ole if is_binary => {}
            _ => positions.push(index),
        }
    }
    members(work, file, archive, names, &positions);
    for (index, kind) in pictures {
        let (Some((name, _)), Some(bytes)) = (names.get(index), archive.picture(index, work)) else {
            continue;
        };
        if !work.has_room_for_picture(file) {
            return;
        }
        let part = file.part.member(name);
        work.picture(&File { part, name, declared: "", bytes: &bytes, depth: file.depth + 1 }, kind);
    }
}

fn is_of_format(name: &str) -> bool {
    let is_markup = [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
    PARTS.contains(&name)
        || is_markup && FOLDERS.iter().any(|folder| name.starts_with(folder))
        // What describes an item, not the item.
        || name.starts_with("customXml/itemProps")
        || name.starts_with("customXml/_rels/")
}
