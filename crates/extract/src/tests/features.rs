//! What a file has besides the text one sees: made here, one of each.

use super::made::zip;
use super::{all_text, look};
use crate::{Extraction, Feature, Reason};

const LABEL: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";

fn label(name: &str) -> Feature {
    Feature::Label(mail::Label { id: LABEL.into(), name: name.into() })
}

#[test]
fn labels_of_office_documents() {
    let custom = format!(
        "<Properties xmlns:vt='v'><property name='MSIP_Label_{LABEL}_Enabled'><vt:lpwstr>true</vt:lpwstr></property>\
         <property name='MSIP_Label_{LABEL}_Name'><vt:lpwstr>Secret bancaire</vt:lpwstr></property>\
         <property name='Dossier'><vt:lpwstr>Sableval</vt:lpwstr></property></Properties>"
    );
    let found = look(
        "a.docx",
        &zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", b"<w:document xmlns:w='w'><w:p><w:t>x</w:t></w:p></w:document>"),
            ("docProps/custom.xml", custom.as_bytes()),
        ]),
    );
    assert_eq!(found[0].features, [label("Secret bancaire")]);
    assert!(all_text(&found).contains("Dossier: Sableval\n"), "{}", all_text(&found));
    let info = format!(
        "<clbl:labelList xmlns:clbl='c'><clbl:label id='{{{}}}' enabled='1' removed='0'/></clbl:labelList>",
        LABEL.to_uppercase()
    );
    let found = look(
        "a.docx",
        &zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", b"<w:document xmlns:w='w'><w:p><w:t>x</w:t></w:p></w:document>"),
            ("docMetadata/LabelInfo.xml", info.as_bytes()),
        ]),
    );
    assert_eq!(found[0].features, [label("")]);
}

#[test]
fn labels_and_programs_of_open_documents_and_pdfs() {
    let meta = format!(
        "<office:meta xmlns:office='o' xmlns:meta='m'><meta:user-defined meta:name='MSIP_Label_{LABEL}_Name'>Secret</meta:user-defined></office:meta>"
    );
    let found = look("a.odt", &zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        (
            "content.xml",
            b"<o xmlns:text='t' xmlns:office='f'><text:p>x<office:annotation><text:p>y</text:p></office:annotation></text:p></o>",
        ),
        ("meta.xml", meta.as_bytes()),
        ("Basic/Standard/Module1.xml", b"<x/>"),
    ]));
    assert_eq!(found[0].features, [Feature::Comments, label("Secret"), Feature::Macros]);
    for (info, metadata) in [
        (format!("/MSIP_Label_{LABEL}_Name (Secret)"), String::new()),
        (
            String::new(),
            format!(
                "<x:d xmlns:x='x'><pdfx:MSIP_Label_{LABEL}_Name xmlns:pdfx='p'>Secret</pdfx:MSIP_Label_{LABEL}_Name></x:d>"
            ),
        ),
        (String::new(), format!("<x:d xmlns:x='x' xmlns:p='p' p:MSIP_Label_{LABEL}_Name='Secret'/>")),
    ] {
        let found = look("a.pdf", &super::pdf::with_information(&info, &metadata));
        assert_eq!(found[0].features, [Feature::Macros, label("Secret")], "{info} {metadata}");
    }
}

#[test]
fn a_word_document_with_everything() {
    let found = look("a.docm", &zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "word/document.xml",
            b"<w:document xmlns:w='w'><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>cach\xc3\xa9</w:t></w:r>\
              <w:ins><w:r><w:t>ajout</w:t></w:r></w:ins></w:p></w:document>",
        ),
        ("word/comments.xml", b"<w:comments xmlns:w='w'><w:p><w:t>remarque</w:t></w:p></w:comments>"),
        ("word/vbaProject.bin", b"x"),
        ("word/embeddings/a.txt", b"dedans"),
        (
            "word/_rels/document.xml.rels",
            b"<R><Relationship Type='t/attachedTemplate' Target='https://x.example/t.dotm' TargetMode='External'/></R>",
        ),
    ]));
    for feature in [
        Feature::HiddenText,
        Feature::TrackedChanges,
        Feature::Comments,
        Feature::Macros,
        Feature::EmbeddedFiles,
        Feature::ExternalLinks,
    ] {
        assert!(found[0].features.contains(&feature), "{feature:?} {found:?}");
    }
    let plain = look("a.docx", &zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<w:document xmlns:w='w'><w:p><w:t>x</w:t></w:p></w:document>"),
        (
            "word/_rels/document.xml.rels",
            b"<R><Relationship Type='t/hyperlink' Target='https://x.example/' TargetMode='External'/></R>",
        ),
    ]));
    assert_eq!(plain[0].features, []);
}

#[test]
fn a_workbook_with_hidden_sheets_and_dates() {
    let found = look("a.xlsx", &zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "xl/workbook.xml",
            b"<workbook xmlns:r='r'><sheets><sheet name='Cache' state='hidden' r:id='rId1'/></sheets></workbook>",
        ),
        ("xl/_rels/workbook.xml.rels", b"<R><Relationship Id='rId1' Target='worksheets/sheet1.xml'/></R>"),
        (
            "xl/styles.xml",
            b"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd/mm/yyyy'/></numFmts>\
              <cellStyleXfs><xf numFmtId='0'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/></cellXfs></styleSheet>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><sheetData><row r='1' hidden='1'><c s='1'><v>25033</v></c><c s='0'><v>25033</v></c>\
              <c><v>4.97010123456789E15</v></c></row></sheetData></worksheet>",
        ),
    ]));
    assert_eq!(found[0].features, [Feature::HiddenSheets, Feature::HiddenCells]);
    assert_eq!(all_text(&found).trim(), "1968-07-14\t25033\t4970101234567890");
}

#[test]
fn slides_with_notes_and_one_hidden() {
    let found = look(
        "a.pptx",
        &zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            (
                "ppt/slides/slide1.xml",
                b"<p:sld xmlns:p='p' xmlns:a='a' show='0'><a:p><a:t>titre</a:t></a:p></p:sld>",
            ),
            (
                "ppt/notesSlides/notesSlide1.xml",
                b"<p:notes xmlns:p='p' xmlns:a='a'><a:p><a:t>dire</a:t></a:p></p:notes>",
            ),
        ]),
    );
    assert_eq!(found[0].features, [Feature::HiddenText, Feature::SpeakerNotes]);
}

#[test]
fn calendars_and_cards_are_put_together_again() {
    let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=fr:Point sur FR76 3000\r\n  6000 0112\\, suite\r\n\
        ATTENDEE;CN=\"Nivelle: Gaspard\":mailto:gaspard@x.example\r\n\
        ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=\"n.txt\":bGUg\r\n c2VjcmV0\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let found = look("a.ics", calendar.as_bytes());
    assert_eq!(found[0].detected_type, "text/calendar");
    let text = all_text(&found);
    assert!(text.contains("SUMMARY: Point sur FR76 3000 6000 0112, suite\n"), "{text}");
    assert!(text.contains("ATTENDEE: mailto:gaspard@x.example"), "{text}");
    assert_eq!((found[1].part.as_str(), found[1].outcome.text()), ("!n.txt", Some("le secret")));
    let card = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:Ferrand;H=E9l=\n=E8ne\nNOTE:a\\nb\nEND:VCARD\n";
    let found = look("a.vcf", card.as_bytes());
    let text = all_text(&found);
    assert!(text.contains("N: Ferrand;Hélène") && text.contains("NOTE: a\nb"), "{text}");
}

#[test]
fn rtf_in_other_scripts_with_an_object_and_hidden_words() {
    // An object of OLE 1: version, kind, class "Package", no names, then label, path, file.
    let field = |text: &str| {
        let len = u32::try_from(text.len() + 1).unwrap();
        [&len.to_le_bytes()[..], text.as_bytes(), b"\0"].concat()
    };
    let inner = [
        b"\x02\0note.txt\0C:\\note.txt\0\0\0\x03\0".as_slice(),
        &field("C:\\temp\\note.txt"),
        &9_u32.to_le_bytes(),
        b"le secret",
    ]
    .concat();
    let size = u32::try_from(inner.len()).unwrap().to_le_bytes();
    let object =
        [b"\x01\x05\0\0\x02\0\0\0".as_slice(), &field("Package"), &[0; 4], &[0; 4], &size, &inner].concat();
    let digits: String = object.iter().map(|byte| format!("{byte:02x}")).collect();
    let source = format!(
        "{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0\\fcharset0 Arial;}}{{\\f1\\fcharset204 Arial Cyr;}}}}\
         \\f1 \\'cf\\'f0\\'e8 \\f0 \\'e9t\\'e9 {{\\v cache}}{{\\object{{\\*\\objdata {digits}}}}}}}"
    );
    let found = look("a.rtf", source.as_bytes());
    assert_eq!(found[0].outcome.text(), Some("При été cache"));
    assert_eq!(found[0].features, [Feature::HiddenText, Feature::EmbeddedFiles]);
    assert!(found.iter().any(|file| file.outcome.text() == Some("le secret")), "{found:?}");
}

#[test]
fn e07_bombs_and_what_is_cut_off_are_told_apart() {
    let zeros = vec![b'0'; 60 * 1024 * 1024];
    let bomb = zip(&[("a", &zeros), ("b", &zeros)]);
    let found = look("bomb.zip", &bomb);
    assert!(found.iter().any(|file| file.outcome == Extraction::Unreadable(Reason::Bomb)), "{found:?}");
    let whole = zip(&[("a.txt", b"un texte assez long pour ne pas tenir"), ("b.txt", b"la suite")]);
    let found = look("cut.zip", &whole[..whole.len() - 60]);
    assert_eq!(found[0].outcome, Extraction::Unreadable(Reason::Truncated), "{found:?}");
}
