//! Files made here: bombs, nesting, mixes, and the formats by their smallest example.

use std::io::{Cursor, Write as _};

use mail::{Place, PlaceKind};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::places::{nameless, place_of};
use super::{all_text, check, look};
use crate::{Empty, Extraction, Reason, extract_here};

pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

#[test]
fn a_word_file_with_text_in_every_corner() {
    let file = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "word/document.xml",
            b"<w:document xmlns:w='w'><w:p><w:r><w:t>FR76 3000</w:t></w:r><w:r><w:t>6000</w:t></w:r></w:p>\
              <w:p><w:del><w:delText>effac&#233;</w:delText></w:del><w:t>&lt;R&amp;D&gt;</w:t></w:p></w:document>",
        ),
        ("word/comments.xml", b"<w:comments xmlns:w='w'><w:p><w:t>une remarque</w:t></w:p></w:comments>"),
        ("word/footer1.xml", b"<w:ftr xmlns:w='w'><w:p><w:t>pied</w:t></w:p></w:ftr>"),
        ("docProps/core.xml", b"<p><dc:title xmlns:dc='d'>le titre</dc:title></p>"),
        ("word/_rels/document.xml.rels", b"<R><Relationship Target='https://x.example/' TargetMode='External'/></R>"),
        ("word/embeddings/inner.docx", &docx("<w:p><w:t>dedans</w:t></w:p>")),
    ]);
    let found = look("a.docx", &file);
    let text = all_text(&found);
    for piece in [
        "FR76 30006000\n",
        "effacé",
        "<R&D>",
        "une remarque",
        "pied",
        "le titre",
        "https://x.example/",
        "dedans",
    ] {
        assert!(text.contains(piece), "{piece}: {text}");
    }
    assert_eq!(found[1].part.as_str(), "!word/embeddings/inner.docx");
    assert_eq!(place_of(&found, "une remarque").kind, PlaceKind::Comment);
    assert_eq!(place_of(&found, "6000"), Place { number: 1, ..nameless(PlaceKind::Paragraph) });
    assert_eq!(place_of(&found, "<R&D>"), Place { number: 2, ..nameless(PlaceKind::Paragraph) });
    assert_eq!(place_of(&found, "effacé"), Place { number: 2, ..nameless(PlaceKind::Deleted) });
    assert_eq!(place_of(&found, "pied").kind, PlaceKind::Header);
    assert_eq!(place_of(&found, "le titre").kind, PlaceKind::Properties);
    assert_eq!(place_of(&found, "https://x.example").kind, PlaceKind::Links);
}

#[test]
fn a_workbook_names_its_rows() {
    let file = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "xl/workbook.xml",
            b"<workbook xmlns:r='r'><sheets><sheet name='Clients' r:id='rId1'/><sheet name='Cache' state='veryHidden' r:id='rId2'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<R><Relationship Id='rId1' Target='worksheets/sheet1.xml'/><Relationship Id='rId2' Target='/xl/worksheets/sheet2.xml'/></R>",
        ),
        ("xl/sharedStrings.xml", b"<sst><si><t>IBAN</t></si><si><r><t>FR76</t></r><r><t>3000</t></r></si></sst>"),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><sheetData><row r='7'><c r='A7' t='s'><v>0</v></c><c r='B7' t='s'><v>1</v></c><c><v>42</v></c></row></sheetData></worksheet>",
        ),
        ("xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row><c t='inlineStr'><is><t>secret</t></is></c></row></sheetData></worksheet>"),
    ]);
    let found = look("a.xlsx", &file);
    let text = found[0].outcome.text().unwrap();
    assert_eq!(text.trim(), "IBAN\tFR763000\t42\t\nsecret");
    let cell =
        |name: &str, number, column| Place { kind: PlaceKind::Cell, name: name.into(), number, column };
    assert_eq!(place_of(&found, "IBAN"), cell("Clients", 7, 1));
    assert_eq!(place_of(&found, "FR763000"), cell("Clients", 7, 2));
    assert_eq!(place_of(&found, "42"), cell("Clients", 7, 3));
    assert_eq!(place_of(&found, "secret"), cell("Cache (hidden)", 1, 1));
}

#[test]
fn an_opendocument_sheet_keeps_its_rows() {
    let file = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        (
            "content.xml",
            b"<o><table:table xmlns:table='t' xmlns:text='x' table:name='Feuille'><table:table-row><table:table-cell><text:p>FR76</text:p></table:table-cell>\
              <table:table-cell><text:p>3000</text:p></table:table-cell></table:table-row></table:table></o>",
        ),
    ]);
    let found = look("a.ods", &file);
    assert!(all_text(&found).contains("FR76\t3000"), "{}", all_text(&found));
    assert_eq!(found[0].detected_type, "application/vnd.oasis.opendocument.spreadsheet");
}

#[test]
fn rtf_gives_its_text_alone() {
    let source = br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Relev\'e9 {\b n\u176 ?} 7\par suite\u8364\'80{\*\generator x;}}";
    assert_eq!(all_text(&look("a.rtf", source)).trim(), "Relevé n° 7\nsuite€");
}

#[test]
fn archives_in_archives() {
    let inner = zip(&[("note.txt", "le secret".as_bytes())]);
    let file = zip(&[
        ("a/b.zip", &inner),
        ("mail.eml", b"From: a@x.example\r\nTo: b@x.example\r\nSubject: sujet\r\n\r\ncorps"),
    ]);
    let found = look("a.zip", &file);
    assert_eq!(found[0].outcome, Extraction::Nothing(Empty::Container));
    let parts: Vec<&str> = found.iter().map(|file| file.part.as_str()).collect();
    assert_eq!(parts, ["", "!a/b.zip", "!a/b.zip!note.txt", "!mail.eml"]);
    assert!(all_text(&found).contains("le secret") && all_text(&found).contains("corps"));
    let mut deep = b"fond".to_vec();
    for _ in 0..10 {
        deep = zip(&[("x.zip", &deep)]);
    }
    let found = look("x.zip", &deep);
    assert!(found.iter().any(|file| file.outcome == Extraction::Unreadable(Reason::TooDeep)));
}

#[test]
fn bombs_are_stopped_and_said() {
    let zeros = vec![b'0'; 60 * 1024 * 1024];
    let bomb = zip(&[("a", &zeros), ("b", &zeros), ("c", b"petit")]);
    let found = look("bomb.zip", &bomb);
    assert!(found.iter().any(|file| file.outcome == Extraction::Unreadable(Reason::TooLarge)), "{found:?}");
    let long = docx(&"<w:p><w:t>mot mot mot mot mot</w:t></w:p>".repeat(300_000));
    let found = look("long.docx", &long);
    assert_eq!(found[1].outcome, Extraction::Unreadable(Reason::TooLarge), "{found:?}");
    let many: Vec<(String, &[u8])> = (0..1_500).map(|n| (format!("{n}.txt"), &b"x"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let found = look("many.zip", &zip(&many));
    assert!(found.iter().any(|file| file.outcome == Extraction::Unreadable(Reason::TooMany)));
}

#[test]
fn xml_entities_are_expanded_as_far_as_their_bounds_go() {
    let mut document = String::from("<!DOCTYPE x [<!ENTITY a0 'boum'>");
    for n in 1..30 {
        document.push_str(&format!("<!ENTITY a{n} '&a{0};&a{0};&a{0};'>", n - 1));
    }
    document.push_str("]><w:document xmlns:w='w'><w:p><w:t>avant&a29;apr\u{e8}s</w:t></w:p></w:document>");
    let file = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())]);
    let text = all_text(&look("a.docx", &file));
    assert!(text.contains("avantboumboum") && text.contains("apr\u{e8}s") && text.len() < 64 * 1024);
}

#[test]
fn a_picture_with_a_zip_behind_it_is_both() {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(zip(&[("note.txt", b"le secret")]));
    let found = look("a.png", &file);
    assert_eq!(found[0].outcome, Extraction::Nothing(Empty::Image));
    assert!(all_text(&found).contains("le secret"), "{found:?}");
}

#[test]
fn bytes_decide_not_names() {
    let found = extract_here("rapport.txt", "text/plain", &zip(&[("n.txt", b"le secret")]));
    assert!(all_text(&found).contains("le secret"));
    assert_eq!(
        look("x.pdf", b"\x01\x02\x03\x00\x05\x06").pop().unwrap().outcome,
        Extraction::Unreadable(Reason::UnknownFormat)
    );
    assert_eq!(look("x", b"").pop().unwrap().outcome, Extraction::Nothing(Empty::NoText));
    assert_eq!(
        look("x.pdf", b"%PDF-1.7\nrien").pop().unwrap().outcome,
        Extraction::Unreadable(Reason::Corrupt)
    );
}

/// A PDF of one page with this content.
fn pdf(content: &str) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let stream = document.add_object(Stream::new(dictionary! {}, content.as_bytes().to_vec()));
    let page = document.add_object(
        dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => stream, "Resources" => resources },
    );
    let kids: Vec<Object> = vec![page.into()];
    document
        .objects
        .insert(pages, Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 1 }));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_page_keeps_its_words_and_lines() {
    let found = look(
        "a.pdf",
        &pdf(
            "BT /F1 12 Tf 50 700 Td (R\\351f\\351rence FR76) Tj 100 0 Td (3000) Tj 0 -14 Td [(6\\256ne) -300 (suite)] TJ ET",
        ),
    );
    assert_eq!(found[0].outcome.text().unwrap().trim(), "Référence FR76 3000\n6®ne suite");
    assert_eq!(place_of(&found, "suite"), Place { number: 1, ..nameless(PlaceKind::Page) });
    let scanned = look("b.pdf", &pdf("q 1 0 0 1 0 0 cm 0 0 5 5 re f Q"));
    assert_eq!(scanned[0].outcome, Extraction::Nothing(Empty::ScannedPages));
    assert_eq!(look("c.pdf", &pdf("q Q"))[0].outcome, Extraction::Nothing(Empty::NoText));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_give_an_outcome(start in prop::sample::select(vec![&b""[..], b"%PDF-1.4\n", b"PK\x03\x04", b"{\\rtf1", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]), rest in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&extract_here("x", "", &[start, &rest].concat()));
    }

    #[test]
    fn mutated_files_give_an_outcome(which in 0..4usize, cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = match which {
            0 => pdf("BT /F1 12 Tf 50 700 Td (Texte) Tj ET"),
            1 => docx("<w:p><w:t>Texte</w:t></w:p>"),
            2 => zip(&[("a.txt", b"texte"), ("b.rtf", b"{\\rtf1 texte}")]),
            _ => br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Relev\'e9\par}".to_vec(),
        };
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        check(&extract_here("x", "", &bytes));
    }
}
