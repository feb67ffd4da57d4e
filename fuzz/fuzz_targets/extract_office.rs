#![no_main]
//! The parts of office documents, in an archive that is well made: the first byte chooses which part the bytes are.

use libfuzzer_sys::fuzz_target;

const PARTS: &[(&str, &str)] = &[
    ("[Content_Types].xml", "word/document.xml"),
    ("[Content_Types].xml", "word/comments.xml"),
    ("[Content_Types].xml", "docProps/custom.xml"),
    ("[Content_Types].xml", "xl/worksheets/sheet1.xml"),
    ("[Content_Types].xml", "xl/styles.xml"),
    ("[Content_Types].xml", "xl/workbook.bin"),
    ("[Content_Types].xml", "ppt/slides/slide1.xml"),
    ("mimetype", "content.xml"),
];

fuzz_target!(|bytes: &[u8]| {
    let Some((which, part)) = bytes.split_first() else { return };
    let (first, name) = PARTS[usize::from(*which) % PARTS.len()];
    let file = fuzz::stored(&[(first, b"application/vnd.oasis.opendocument.text"), (name, part)]);
    fuzz::extracted(&extract::extract_here("a", "", &file));
});
