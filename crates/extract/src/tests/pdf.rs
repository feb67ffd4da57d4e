//! PDFs written by hand, byte by byte: what readers mend is mended, and what cannot be told is said.

use std::fmt::Write as _;
use std::io::Write as _;

use super::{all_text, look};
use crate::{Empty, Extracted, Extraction, Feature, Reason};

pub(super) const FONT: &str =
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
const SECRET: &[u8] = b"BT /F1 12 Tf 50 700 Td (Virement FR76 3000 6000) Tj ET";

/// A file: its objects in order, and where each says that it stands.
pub(super) struct Made {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Made {
    /// One page, with this font, and the stream object as it stands.
    pub(super) fn new(font: &str, stream: &[u8]) -> Self {
        let mut made = Self { bytes: b"%PDF-1.4\n".to_vec(), starts: Vec::new() };
        made.object(b"<< /Type /Catalog /Pages 2 0 R >>");
        made.object(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        made.object(
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X1 6 0 R >> >> >>",
        );
        made.object(stream);
        made.object(font.as_bytes());
        made
    }

    pub(super) fn object(&mut self, body: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend(format!("{} 0 obj\n", self.starts.len()).as_bytes());
        self.bytes.extend(body);
        self.bytes.extend(b"\nendobj\n");
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let Self { mut bytes, starts } = self;
        let (size, at) = (starts.len() + 1, bytes.len());
        let mut end = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for start in starts {
            let _ = writeln!(end, "{start:010} 00000 n ");
        }
        let _ = write!(end, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
        bytes.extend(end.as_bytes());
        bytes
    }
}

pub(super) fn stream(length: &str, keys: &str, content: &[u8]) -> Vec<u8> {
    [format!("<< {length} {keys} >>\nstream\n").as_bytes(), content, b"\nendstream"].concat()
}

/// A page with a program, properties, and a metadata stream.
pub(super) fn with_information(information: &str, metadata: &str) -> Vec<u8> {
    let mut made = Made::new(FONT, &stream("/Length 55", "", SECRET));
    made.object(b"<< /S /JavaScript /JS (app.alert) >>");
    made.object(format!("<< {information} >>").as_bytes());
    let length = format!("/Length {}", metadata.len());
    made.object(&stream(&length, "/Type /Metadata /Subtype /XML", metadata.as_bytes()));
    made.finish()
}

fn plain(font: &str, content: &[u8]) -> Vec<Extracted> {
    let length = format!("/Length {}", content.len());
    look("a.pdf", &Made::new(font, &stream(&length, "", content)).finish())
}

fn compressed(content: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

fn is_said(found: &[Extracted], reason: Reason) -> bool {
    found.iter().any(|file| file.outcome == Extraction::Unreadable(reason))
}

#[test]
fn a_wrong_length_hides_nothing() {
    let longer = [SECRET, b"\nendstream\nendobj\n(suite) Tj"].concat();
    for content in [SECRET, &longer] {
        for length in
            ["/Length 3", "/Length 0", "/Length 99999", "/Length -5", "/Length 77 0 R", "/Length (x)", ""]
        {
            let found = look("a.pdf", &Made::new(FONT, &stream(length, "", content)).finish());
            assert!(all_text(&found).contains("FR76 3000 6000"), "{length}: {found:?}");
        }
    }
    let packed = compressed(SECRET);
    for length in ["/Length 3", "/Length 4000", ""] {
        let file = Made::new(FONT, &stream(length, "/Filter /FlateDecode", &packed)).finish();
        let found = look("a.pdf", &file);
        assert!(all_text(&found).contains("FR76 3000 6000"), "{length}: {found:?}");
        assert!(!is_said(&found, Reason::Corrupt), "{length}: {found:?}");
    }
}

#[test]
fn a_stream_that_breaks_off_or_does_not_decode_is_said() {
    let long: Vec<u8> =
        (0..400).flat_map(|n| format!("BT /F1 9 Tf 5 {n} Td (ligne {n}) Tj ET\n").into_bytes()).collect();
    let packed = compressed(&long);
    let half = &packed[..packed.len() / 2];
    for (keys, content) in [
        ("/Filter /FlateDecode", half),
        ("/Filter /FlateDecode", &b"no such data"[..]),
        ("/Filter /JPXDecode", &packed),
        ("/Filter /Unknown", &packed),
        ("/Filter 7", &packed),
        ("/Filter /ASCII85Decode", b"\xff\xff\xff"),
        ("", &packed),
    ] {
        let length = format!("/Length {}", content.len());
        let found = look("a.pdf", &Made::new(FONT, &stream(&length, keys, content)).finish());
        assert!(is_said(&found, Reason::Corrupt), "{keys}: {found:?}");
    }
    let mut zlib = packed.clone();
    // Every reader forgives the checksum.
    *zlib.last_mut().unwrap() ^= 0xff;
    let length = format!("/Length {}", zlib.len());
    let found = look("a.pdf", &Made::new(FONT, &stream(&length, "/Filter /FlateDecode", &zlib)).finish());
    assert!(all_text(&found).contains("ligne 399") && !is_said(&found, Reason::Corrupt), "{found:?}");
}

#[test]
fn a_font_need_not_say_that_it_is_one() {
    for font in [
        "<< /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /BaseFont /Helvetica >>",
        "<< /Type /Fnt /Subtype /TrueType /BaseFont /Arial >>",
        "<< /Type /Font /Encoding /WinAnsiEncoding >>",
    ] {
        let found = plain(font, SECRET);
        assert!(all_text(&found).contains("Virement FR76 3000 6000"), "{font}: {found:?}");
    }
    // Written into the resources, not as an object of its own.
    let mut made = Made { bytes: b"%PDF-1.4\n".to_vec(), starts: Vec::new() };
    made.object(b"<< /Type /Catalog /Pages 2 0 R >>");
    made.object(b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources 5 0 R >>");
    made.object(b"<< /Type /Page /Parent 2 0 R /Contents [4 0 R] >>");
    made.object(&stream("/Length 4 0 R", "", SECRET));
    made.object(b"<< /Font << /F1 << /BaseFont /Helvetica >> >> >>");
    assert!(all_text(&look("a.pdf", &made.finish())).contains("FR76 3000 6000"));
}

#[test]
fn text_whose_characters_cannot_be_told_is_no_picture() {
    let digits = b"BT /F1 12 Tf 50 700 Td <000100020003000400050006> Tj ET";
    for font in [
        "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /X /Encoding << /Differences [0 /g1 /g2 /g3 /g4 /g5 /g6 /g7] >> >>",
        // It says that all are blanks.
        "<< /Type /Font /Subtype /Type1 /BaseFont /X /Encoding << /Differences [0 /space /space /space /space /space /space /space] >> >>",
    ] {
        let found = plain(font, digits);
        assert_eq!(found[0].outcome, Extraction::Unreadable(Reason::Illegible), "{font}");
    }
    // A font that the page does not have; a text that is not there; a form that is not there.
    assert!(is_said(&plain(FONT, b"BT /F9 12 Tf 5 7 Td (4970) Tj ET"), Reason::Illegible));
    assert!(is_said(&plain(FONT, b"q /X9 Do Q"), Reason::Corrupt));
    assert!(is_said(&plain(FONT, b"q /X1 Do Q"), Reason::Corrupt));
    let missing = Made::new(FONT, b"null").finish();
    assert_eq!(look("a.pdf", &missing)[0].outcome, Extraction::Nothing(Empty::NoText));
    let mut missing = Made::new(FONT, b"(no stream)").finish();
    assert!(is_said(&look("a.pdf", &missing), Reason::Corrupt));
    let at = memchr::memmem::find(&missing, b"/Kids [3").unwrap();
    missing[at + 7] = b'9';
    assert!(is_said(&look("a.pdf", &missing), Reason::Corrupt));
    // A few bullets are no secret.
    let bullets = "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats /Encoding << /Differences [1 /a71 /a72] >> >>";
    let found = plain(bullets, b"BT /F1 12 Tf 50 700 Td (\\001 x \\002) Tj ET");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn noise_among_the_operators_is_said() {
    let found = plain(FONT, b"BT /F1 12 Tf 50 700 Td (avant) Tj ) xyzzy (apr\\350s) Tj ET");
    assert!(all_text(&found).contains("avant") && all_text(&found).contains("après"), "{}", all_text(&found));
    assert!(is_said(&found, Reason::Corrupt), "{found:?}");
}

#[test]
fn a_damaged_table_is_mended() {
    let whole = Made::new(FONT, &stream("/Length 55", "", SECRET)).finish();
    let at = memchr::memmem::find(&whole, b"xref\n").unwrap();
    let cut = whole[..at].to_vec();
    let mut elsewhere = whole.clone();
    // The fourth object, the page's stream, is said to stand where nothing does.
    let entry = at + b"xref\n0 6\n".len() + 4 * 20;
    elsewhere[entry..entry + 10].copy_from_slice(b"0000000003");
    let mut shifted = b"%PDF-1.4\n% three more words\n".to_vec();
    shifted.extend(&whole[9..]);
    for (name, file) in [("cut", cut), ("elsewhere", elsewhere), ("shifted", shifted)] {
        let found = look("a.pdf", &file);
        assert!(all_text(&found).contains("FR76 3000 6000"), "{name}: {found:?}");
    }
}

#[test]
fn words_are_parted_where_one_sees_a_gap() {
    for (content, text) in [
        // Each letter put by its own operator, at its width: one word.
        ("/F1 10 Tf 50 700 Td (F) Tj 6.11 0 Td (R) Tj 7.22 0 Td (7) Tj 5.56 0 Td (6) Tj", "FR76"),
        // The same with a gap.
        ("/F1 10 Tf 50 700 Td (F) Tj 6.11 0 Td (R) Tj 10.5 0 Td (7) Tj 5.56 0 Td (6) Tj", "FR 76"),
        // Kerning, letter spacing, stretching, a matrix: none of them is a blank.
        ("/F1 10 Tf 50 700 Td [(F) 60 (R) -90 (7) 40 (6)] TJ", "FR76"),
        ("/F1 10 Tf 4 Tc 50 700 Td (FR) Tj (76) Tj", "FR76"),
        ("/F1 10 Tf 150 Tz 50 700 Td (FR) Tj (76) Tj", "FR76"),
        ("/F1 1 Tf 10 0 0 10 50 700 Tm (F) Tj 10 0 0 10 56.11 700 Tm (R) Tj", "FR"),
        ("/F1 1 Tf 10 0 0 10 50 700 Tm (F) Tj 10 0 0 10 59 700 Tm (R) Tj", "F R"),
        // Turned by a quarter, upwards.
        (
            "/F1 1 Tf 0 10 -10 0 50 100 Tm (F) Tj 0 10 -10 0 50 106.11 Tm (R) Tj 0 10 -10 0 38 100 Tm (7) Tj",
            "FR\n7",
        ),
        // A raised sign stays on its line; the next line does not.
        ("/F1 10 Tf 50 700 Td (10) Tj 3 Ts /F1 6 Tf (2) Tj 0 Ts /F1 10 Tf 0 -12 Td (x) Tj", "102\nx"),
        (
            "/F1 10 Tf 12 TL 50 700 Td (un) Tj T* (deux) Tj (trois) ' 1 2 (quatre) \"",
            "un\ndeux\ntrois\nquatre",
        ),
    ] {
        let found = plain(FONT, format!("BT {content} ET").as_bytes());
        assert_eq!(all_text(&found).trim(), text, "{content}");
    }
    // One BT per word, each moved by its own matrix.
    let moved =
        b"q 1 0 0 1 50 700 cm BT /F1 10 Tf (FR) Tj ET Q q 1 0 0 1 63.33 700 cm BT /F1 10 Tf (76) Tj ET Q";
    assert_eq!(all_text(&plain(FONT, moved)).trim(), "FR76");
}

#[test]
fn the_widths_a_font_states_are_used() {
    let font = "<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar 65 /Widths [1000 1000] >>";
    let found = plain(font, b"BT /F1 10 Tf 50 700 Td (A) Tj 10 0 Td (B) Tj 13 0 Td (A) Tj ET");
    assert_eq!(all_text(&found).trim(), "AB A");
    let map = b"1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfrange <0001> <000a> <0030> endbfrange";
    let mut made = Made::new(
        "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R] >>",
        &stream("/Length 66", "", b"BT /F1 10 Tf 50 700 Td <0005> Tj 4 0 Td <0008> Tj 9 0 Td <0001> Tj ET"),
    );
    made.object(&stream(&format!("/Length {}", map.len()), "", map));
    made.object(b"<< /Type /Font /Subtype /CIDFontType2 /DW 700 /W [4 6 400 8 [600]] >>");
    assert_eq!(all_text(&look("a.pdf", &made.finish())).trim(), "47 0");
}

#[test]
fn what_a_form_draws_is_read_in_its_place() {
    let mut made = Made::new(
        FONT,
        &stream(
            "/Length 95",
            "",
            b"BT /F1 10 Tf 50 700 Td (avant) Tj ET /X1 Do BT /F1 10 Tf 50 600 Td (apr\\350s) Tj ET /X1 Do",
        ),
    );
    // No resources of its own: those of the page.
    made.object(&stream("/Length 44", "/Subtype /Form", b"BT /F1 10 Tf 50 650 Td (dedans) Tj ET /X1 Do"));
    assert_eq!(all_text(&look("a.pdf", &made.finish())).trim(), "avant\ndedans\naprès");
}

#[test]
fn a_page_that_is_a_picture_is_said_beside_the_text_of_others() {
    let picture = b"<< /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\nstream\nx\nendstream";
    let mut made = Made::new(FONT, &stream("/Length 6", "", b"/X1 Do"));
    made.object(picture);
    let whole = look("a.pdf", &made.finish());
    assert_eq!(whole[0].outcome, Extraction::Nothing(Empty::ScannedPages));
    assert_eq!(whole[0].features, [Feature::PicturePages]);
    for (content, is_picture) in [("/X1 Do", true), ("BT /F1 9 Tf (x) Tj ET /X1 Do", false)] {
        let mut made =
            Made::new(FONT, &stream(&format!("/Length {}", content.len()), "", content.as_bytes()));
        made.object(picture);
        made.object(b"<< /Title (titre) >>");
        let found = look("a.pdf", &made.finish());
        assert_eq!(found[0].features.contains(&Feature::PicturePages), is_picture, "{found:?}");
    }
}

#[test]
fn glyph_names_and_actual_text_are_told() {
    let font = "<< /Subtype /Type1 /BaseFont /X /Encoding << /Differences [1 /seven /uni0036 /u20AC /f_i.alt /Aacute.sc] >> >>";
    let found = plain(
        font,
        b"BT /F1 12 Tf 50 700 Td <0102030405> Tj ET /Span << /ActualText <FEFF00660069006E> >> BDC EMC",
    );
    assert_eq!(all_text(&found).trim(), "76€fiÁ\nfin");
}

#[test]
fn characters_that_show_as_others_are_told() {
    let map = b"3 beginbfchar <31> <0037> <32> <0038> <33> <0039> endbfchar";
    let made = |encoding: &str, map: &[u8]| {
        let font =
            format!("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {encoding} /ToUnicode 6 0 R >>");
        let mut made =
            Made::new(&font, &stream("/Length 45", "", b"BT /F1 12 Tf 50 700 Td (FR76 1234 5678) Tj ET"));
        made.object(&stream(&format!("/Length {}", map.len()), "", map));
        look("a.pdf", &made.finish())
    };
    let winansi = "/Encoding /WinAnsiEncoding";
    assert_eq!(made(winansi, map)[0].features, [Feature::DisguisedText]);
    let differences = "/Encoding << /Differences [49 /one /two /three] >>";
    assert_eq!(made(differences, map)[0].features, [Feature::DisguisedText]);
    // The encoding is the font's own affair, or names that say nothing: what the map says is all there is.
    for encoding in [
        "",
        "/Encoding << /Differences [49 /g1 /g2 /g3] >>",
        "/Encoding << /Differences [49 /seven /eight /nine] >>",
    ] {
        assert_eq!(made(encoding, map)[0].features, [], "{encoding}");
    }
    let symbols = format!("{winansi} /FontDescriptor << /Flags 4 >>");
    assert_eq!(made(&symbols, map)[0].features, []);
    // One wrong character is a mistake; other cases, accents and ligatures are other drawings.
    assert_eq!(made(winansi, b"1 beginbfchar <31> <0037> endbfchar")[0].features, []);
    let drawn = b"4 beginbfchar <46> <0066> <52> <0072> <31> <00b9> <32> <00b2> endbfchar";
    assert_eq!(made(winansi, drawn)[0].features, []);
}

#[test]
fn letters_of_hidden_layers_part_nothing_that_is_seen() {
    let made = |layer: &str, properties: &str| {
        let letters: String = "FR7630006000011234567890189"
            .chars()
            .map(|c| format!("({c}) Tj /OC /L BDC (X) Tj EMC -7 0 Td "))
            .collect();
        let content = format!("BT /F1 12 Tf 500 700 Td {} ET", letters.replace("-7 0 Td", "16 0 Td"));
        let mut made = Made { bytes: b"%PDF-1.5\n".to_vec(), starts: Vec::new() };
        made.object(
            format!(
                "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << {properties} >> >> >>"
            )
            .as_bytes(),
        );
        made.object(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        made.object(
            format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /Properties << /L {layer} >> >> >>").as_bytes(),
        );
        made.object(&stream(&format!("/Length {}", content.len()), "", content.as_bytes()));
        made.object(FONT.as_bytes());
        made.object(b"<< /Type /OCG /Name (couche) >>");
        all_text(&look("a.pdf", &made.finish())).replace(' ', "")
    };
    let number = "FR7630006000011234567890189";
    for (layer, properties) in [
        ("6 0 R", "/OFF [6 0 R]"),
        ("6 0 R", "/BaseState /OFF"),
        ("<< /Type /OCMD /OCGs 6 0 R >>", "/OFF [6 0 R]"),
        ("<< /Type /OCMD /OCGs [6 0 R] /P /AllOn >>", "/OFF [6 0 R]"),
        ("<< /Type /OCMD /OCGs [6 0 R] /P /AllOff >>", "/ON [6 0 R]"),
    ] {
        let text = made(layer, properties);
        assert!(text.contains(number), "{layer} {properties}: {text}");
        // What is on the layer is read too.
        assert!(text.contains("FXRX7X"), "{text}");
    }
    for (layer, properties) in [
        ("6 0 R", ""),
        ("6 0 R", "/BaseState /OFF /ON [6 0 R]"),
        ("<< /OCGs [6 0 R] /P /AllOff >>", "/OFF [6 0 R]"),
    ] {
        assert!(!made(layer, properties).contains(number), "{layer} {properties}");
    }
}

#[test]
fn words_that_stand_for_others_are_read_in_their_line_and_part_nothing() {
    // Letters that show nothing of what they stand for, each with its word.
    let letters: String =
        "Tracfin".chars().map(|c| format!("/Span << /ActualText ({c}) >> BDC (*) Tj EMC ")).collect();
    let content = format!("BT /F1 12 Tf 50 700 Td (Signal \\340 ) Tj {letters} ( hier.) Tj ET");
    let text = all_text(&plain(FONT, content.as_bytes()));
    assert!(text.contains("Signal à Tracfin hier."), "{text}");
    // A number in which something is said to stand for something else, or for nothing.
    let content = b"BT /F1 12 Tf 50 700 Td (FR76 3000 60) Tj /Span << /ActualText (k) >> BDC (0) Tj EMC /Span << /Alt (note) >> BDC (0 0112) Tj EMC ( 3456) Tj ET";
    let text = all_text(&plain(FONT, content));
    assert!(
        text.contains("FR76 3000 6000 0112 3456\n") && text.contains("FR76 3000 60k0 0112 3456"),
        "{text}"
    );
    // A hyphen or a bullet that stands for another makes no second line.
    let content = b"BT /F1 12 Tf 50 700 Td /Span << /ActualText <FEFF2022> >> BDC (o) Tj EMC ( point) Tj ET BT /F1 12 Tf 50 680 Td (mot) Tj /Span << /ActualText <FEFF00AD> >> BDC (-) Tj EMC ET";
    let text = all_text(&plain(FONT, content));
    assert_eq!(text.matches("mot").count(), 1, "{text}");
}
