#![no_main]
//! Calendars, address cards, and OpenDocument files whose archive is well made: the first byte chooses which.

use libfuzzer_sys::fuzz_target;

const KINDS: [&str; 3] = ["text", "spreadsheet", "presentation"];
const PARTS: [&str; 4] = ["content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"];

fuzz_target!(|bytes: &[u8]| {
    let Some((which, rest)) = bytes.split_first() else { return };
    let which = usize::from(*which);
    let file = match which % 4 {
        0 => [b"BEGIN:VCALENDAR\r\n", rest].concat(),
        1 => [b"BEGIN:VCARD\r\n", rest].concat(),
        _ => {
            let kind = format!("application/vnd.oasis.opendocument.{}", KINDS[which / 4 % KINDS.len()]);
            let part = PARTS[which / 16 % PARTS.len()];
            let mut members = vec![("mimetype", kind.as_bytes()), (part, rest)];
            if part != PARTS[0] {
                members.push((PARTS[0], &b"<office:document-content/>"[..]));
            }
            fuzz::stored(&members)
        }
    };
    fuzz::extracted(&extract::extract_here("a", "", &file));
});
