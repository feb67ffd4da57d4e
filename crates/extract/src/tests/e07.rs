//! Case E07: whatever a file hides behind another form is read, or why it is not is said.

use super::made::zip;
use super::{all_text, look};
use crate::{Empty, Extracted, Extraction, Reason};

const SECRET: &str = "FR7630006000011234567890189";

fn is_said(found: &[Extracted], reason: Reason) -> bool {
    found.iter().any(|file| file.outcome == Extraction::Unreadable(reason))
}

#[test]
fn e07_archives_in_archives() {
    let mut file = SECRET.as_bytes().to_vec();
    for depth in 1..=12 {
        file = zip(&[("x.zip", &file)]);
        let found = look("x.zip", &file);
        let is_read = all_text(&found).contains(SECRET);
        // Read, or said: one of both, at every depth.
        assert!(is_read != is_said(&found, Reason::TooDeep), "{depth}: {found:?}");
    }
    assert!(is_said(&look("x.zip", &file), Reason::TooDeep));
}

/// The local header and the directory of a ZIP disagree on what stands in it.
#[test]
fn e07_a_zip_that_disagrees_with_itself() {
    let whole = zip(&[("note.txt", SECRET.as_bytes())]);
    let directory = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
    // The sum of the member's bytes, in the directory.
    let mut sum = whole.clone();
    sum[directory + 16] ^= 0xff;
    let found = look("a.zip", &sum);
    assert!(all_text(&found).contains(SECRET) || is_said(&found, Reason::Corrupt), "{found:?}");
    // Where the member starts.
    let mut start = whole.clone();
    start[directory + 42] = 7;
    let found = look("a.zip", &start);
    assert!(is_said(&found, Reason::Corrupt) || is_said(&found, Reason::Truncated), "{found:?}");
    // The directory is gone.
    let found = look("a.zip", &whole[..directory]);
    assert!(is_said(&found, Reason::Truncated), "{found:?}");
}

#[test]
fn e07_a_file_of_two_kinds_is_both() {
    let hidden = zip(&[("note.txt", SECRET.as_bytes())]);
    let pdf = super::pdf::with_information("/Title (titre)", "");
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    for (name, front) in [("a.pdf", &pdf), ("a.png", &picture), ("a.rtf", &b"{\\rtf1 x}".to_vec())] {
        let found = look(name, &[front.as_slice(), &hidden].concat());
        assert!(all_text(&found).contains(SECRET), "{name}: {found:?}");
    }
}

#[test]
fn e07_messages_inside_files() {
    let mail = format!("From: a@x.example\r\nSubject: x\r\n\r\n{SECRET}");
    let found = look("a.zip", &zip(&[("m.eml", mail.as_bytes())]));
    assert!(all_text(&found).contains(SECRET), "{found:?}");
}

#[test]
fn e07_messages_inside_files_that_read_in_several_ways_say_so() {
    let plain = format!("From: a@x.example\r\nSubject: x\r\n\r\n{SECRET}");
    assert!(!is_said(&look("m.eml", plain.as_bytes()), Reason::Ambiguous));
    for header in [
        "Content-Type: text/plain\r\nContent-Type: text/html",
        "Content-Type: text/plain; charset=klingon",
        "Content-Transfer-Encoding: rot13",
    ] {
        let mail = format!("From: a@x.example\r\nSubject: x\r\n{header}\r\n\r\né {SECRET}");
        for (name, file) in
            [("m.eml", mail.clone().into_bytes()), ("a.zip", zip(&[("m.eml", mail.as_bytes())]))]
        {
            let found = look(name, &file);
            assert!(all_text(&found).contains(SECRET), "{header}: {found:?}");
            assert!(is_said(&found, Reason::Ambiguous), "{header}: {found:?}");
        }
    }
}

/// A text whose first letters are also those of another format.
#[test]
fn e07_a_text_that_begins_as_a_font_or_a_film_is_read() {
    for start in [
        "OTTO",
        "wOFF",
        "wOF2",
        "fLaC",
        "OggS",
        "GIF8",
        "8BPS",
        "ID3",
        "MSCF",
        "070707",
        "070701",
        "BZh",
        "MZ",
        "abcdftypisom",
        "RIFFabcdWAVE",
    ] {
        let text = format!("{start};Hamburg;{SECRET}\r\nMARTIN;Lyon;rien\r\n");
        let found = look("clients.csv", text.as_bytes());
        assert!(all_text(&found).contains(SECRET), "{start}: {found:?}");
        // Not a text, and no font either: not known, and so not read.
        let odd = [start.as_bytes(), &b"\x01\x01\x02\x03".repeat(40), text.as_bytes()].concat();
        let found = look("clients.csv", &odd);
        let is_picture = found[0].outcome == Extraction::Nothing(Empty::Image);
        assert!(is_picture || matches!(found[0].outcome, Extraction::Unreadable(_)), "{start}: {found:?}");
    }
    // A head that is right, and a list behind it.
    let list = format!("MARTIN;Lyon;{SECRET}\r\n").repeat(200);
    let font = [&b"OTTO\0\x0a\0\x80\0\x03\0\x20CFF \x12\x34\x56\x78"[..], list.as_bytes()].concat();
    let found = look("a.otf", &font);
    assert!(all_text(&found).contains(SECRET) || is_said(&found, Reason::UnknownFormat), "{found:?}");
    // Behind more than half of what else it has, in letters of one byte and of two; a title is read as well.
    let noise: Vec<u8> = (0..40_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let wide: Vec<u8> = format!("titre {SECRET}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    for head in [
        &b"OTTO\0\x0a\0\x80\0\x03\0\x20CFF \x12\x34\x56\x78"[..],
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        b"ID3\x03\0\0\0\0\x0f\x76",
    ] {
        for words in [list.lines().next().unwrap().as_bytes(), SECRET.as_bytes(), &wide] {
            let file = [head, &noise, &[0], words, &[0, 1], &noise].concat();
            let found = look("a.bin", &file);
            assert!(all_text(&found).contains(SECRET), "{head:?}: {found:?}");
        }
    }
    // And what is one.
    let noise: Vec<u8> = (0..4_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let font = [&b"OTTO\0\x0a\0\x80\0\x03\0\x20CFF \x12\x34\x56\x78"[..], &noise].concat();
    assert_eq!(look("a.otf", &font)[0].outcome, Extraction::Nothing(Empty::Font));
    let film = [&b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"[..], &noise].concat();
    assert_eq!(look("a.mp4", &film)[0].outcome, Extraction::Nothing(Empty::AudioVideo));
}

#[test]
fn e07_what_a_page_does_not_show_is_read_or_told() {
    let page = format!("<html><style>p::after{{content:'{SECRET}'}}</style><p data-x='un mot'>x");
    let text = all_text(&look("a.html", page.as_bytes()));
    assert!(text.contains(SECRET) && text.contains("un mot"), "{text}");
    let long = format!("<html><p data-x='{}'>x", "a ".repeat(50_000));
    assert!(is_said(&look("a.html", long.as_bytes()), Reason::TooLarge));
}

#[test]
fn e07_what_needs_a_password_says_so() {
    // An encrypted member: the flag of the local header and of the directory.
    let mut file = zip(&[("note.txt", SECRET.as_bytes())]);
    let directory = memchr::memmem::find(&file, b"PK\x01\x02").unwrap();
    file[6] |= 1;
    file[directory + 8] |= 1;
    let found = look("a.zip", &file);
    assert_eq!(found[0].outcome, Extraction::Nothing(Empty::Container));
    assert!(is_said(&found, Reason::Encrypted) && !all_text(&found).contains(SECRET), "{found:?}");
    // The names are seen, the contents are not.
    assert_eq!(found[1].name, "note.txt");
}

#[test]
fn e07_hostile_names_stay_names() {
    for name in ["../../etc/passwd", "C:\\Windows\\a.txt", "/abs.txt", "a\0b.txt", "NUL", "a\u{202e}txt.exe"]
    {
        let found = look("a.zip", &zip(&[(name, SECRET.as_bytes())]));
        assert!(all_text(&found).contains(SECRET), "{name:?}: {found:?}");
        assert!(found.iter().all(|file| !file.name.contains('\0')), "{found:?}");
    }
}

#[test]
fn e07_what_an_office_document_carries_besides_itself() {
    let document =
        format!("<w:document xmlns:w='w'><w:p><w:t>{}</w:t></w:p></w:document>", "mot ".repeat(200));
    let inner = zip(&[("note.txt", SECRET.as_bytes())]);
    let page = format!("MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>{SECRET}");
    for (name, bytes) in [
        ("notes.txt", SECRET.as_bytes()),
        ("word/media/image1.png", &inner),
        ("word/htmlDoc.mht", page.as_bytes()),
        ("xl/printerSettings/printerSettings1.bin", &inner),
        ("customXml/item1.xml", format!("<a>{SECRET}</a>").as_bytes()),
    ] {
        let file = zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", document.as_bytes()),
            (name, bytes),
        ]);
        let found = look("a.docx", &file);
        assert!(all_text(&found).contains(SECRET), "{name}: {found:?}");
    }
    // Not read, and said.
    let file = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
        ("x.dat", b"\x01\x02\0\x05"),
    ]);
    assert!(is_said(&look("a.docx", &file), Reason::UnknownFormat));
    // Pictures and settings are of the format.
    for name in ["word/media/image1.png", "word/printerSettings/p1.bin"] {
        let bytes: &[u8] =
            if name.ends_with("png") { b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" } else { b"\x01\x02\0\x05" };
        let file = zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", document.as_bytes()),
            (name, bytes),
        ]);
        let found = look("a.docx", &file);
        assert!(
            !found.iter().any(|file| matches!(file.outcome, Extraction::Unreadable(_))),
            "{name}: {found:?}"
        );
    }
    // The text itself breaks off: what came before is read, and the rest is said.
    let mut file = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())]);
    let at = memchr::memmem::find(&file, b"word/document.xml").unwrap() + 17;
    file[at + 20] ^= 0xff;
    let found = look("a.docx", &file);
    assert!(is_said(&found, Reason::Corrupt), "{found:?}");
}
