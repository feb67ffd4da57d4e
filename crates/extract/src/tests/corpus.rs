//! The corpus: 660 files, broken, encrypted and hostile ones among them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{all_text, look};
use crate::{Empty, Extraction, Feature, Reason};

fn root() -> Option<PathBuf> {
    let given = std::env::var_os("CEREBRO_CORPUS").map(PathBuf::from);
    let root = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    let root = root.join("attachments");
    if root.is_dir() {
        Some(root)
    } else {
        eprintln!("skipped: no corpus at {}", root.display());
        None
    }
}

pub(super) fn files() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = root()
        .into_iter()
        .flat_map(|root| std::fs::read_dir(root).unwrap())
        .map(|folder| folder.unwrap().path())
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name != "SOURCE.md"))
        .collect();
    found.sort();
    found
}

#[test]
fn every_file_gives_text_or_a_reason() {
    let verbose = std::env::var_os("CEREBRO_TIMES").is_some();
    let mut slowest = (Duration::ZERO, PathBuf::new());
    let mut outcomes: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let files = files();
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let start = Instant::now();
        let found = look(&name, &bytes);
        let took = start.elapsed();
        if took > slowest.0 {
            slowest = (took, path.clone());
        }
        let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let outcome = match &found[0].outcome {
            Extraction::Text { .. } => "text".to_owned(),
            other => format!("{other:?}"),
        };
        if verbose {
            let rest: Vec<String> =
                found[1..].iter().take(3).map(|file| format!("{} {:?}", file.part, file.outcome)).collect();
            eprintln!("{folder}/{name}: {} {:?} {rest:?}", found[0].detected_type, found[0].outcome);
        }
        *outcomes.entry(folder).or_default().entry(outcome).or_default() += 1;
    }
    if !files.is_empty() {
        eprintln!("{} files, slowest {slowest:?}\n{outcomes:#?}", files.len());
        assert!(files.len() > 600 && slowest.0 < Duration::from_secs(15), "{slowest:?}");
    }
}

/// file, text it holds
const KNOWN: &[(&str, &str)] = &[
    ("pdf-tika/testComment.pdf", "Here is some text"),
    ("pdf-tika/testExtraSpaces.pdf", "Here is some formatted text"),
    ("pdf-tika/testOverlappingText.pdf", "Text the first time\nText the second time"),
    ("pdf-tika/testPDF_JBIG2.pdf", "This is a sample file to test images compressed using JBIG2."),
    ("pdf-tika/testPDFFileEmbInAnnotation.pdf", "This is a Excel"),
    ("office-tika/testWORD_various.docx", "Footnote appears here"),
    ("office-tika/testComment.docx", "Here is some text"),
    ("office-tika/testEXCEL.xlsx", "Sample Excel Worksheet"),
    ("office-tika/testEXCEL_dateFormats.xlsx", "2018-09-20"),
    ("office-tika/testPPT_various.pptx", "This is the header text"),
    ("office-tika/testODFwithOOo3.odt", "Tika is part of the Lucene project"),
    ("office-tika/testRTFWord2010CzechCharacters.rtf", "Svitky od Mrtvého moře"),
    ("office-tika/EmbeddedOutlook.docx", "Sample Outlook Message with Attachments"),
    ("office-legacy-tika/testComment.doc", "Here is a comment"),
    ("office-legacy-tika/testComment.xls", "Here is a comment"),
    ("office-legacy-tika/testWORD_header_hyperlink.doc", "http://tw-systemhaus.de"),
    ("office-legacy-tika/testWORD_multi_authors.doc", "Checked by: metadata_checked_by"),
    ("office-legacy-tika/testEXCEL_custom_props.xls", "MyCustomString: MyStringValue"),
    ("office-legacy-tika/testEXCEL_dateFormats.xls", "2018-09-20"),
    ("office-legacy-tika/testEXCEL-charts.xls", "charttabyodawg"),
    ("office-legacy-tika/testWORD_embedded_rtf.doc", "embedded document"),
    ("office-legacy-tika/pictures.ppt", "Click to edit Master title style"),
    ("office-legacy-poi/spreadsheet__SimpleWithComments.xls", "second cell"),
    ("office-legacy-poi/spreadsheet__WithTwoHyperLinks.xls", "http://poi.apache.org/hssf/"),
    ("office-legacy-poi/spreadsheet__StringFormulas.xls", "XYZ"),
    ("office-legacy-poi/hpsf__TestUnicode.xls", "Der große"),
    ("msg-poi/hmef__quick-contents__quick.doc", "Gym class featuring a brown fox and lazy dog"),
    ("msg-poi/hsmf__cyrillic_message.msg", "Автоматический ответ подсистемы"),
    ("msg-poi/hsmf__outlook_30_msg.msg", "IN-SPIRE servers going down"),
    ("mail-tika/testMSG_chinese.msg", "恭喜"),
    ("mail-tika/testMSG_forwarded.msg", "Original Body"),
    ("mail-tika/testMSG_att_msg.msg", "Test Attachment"),
    ("archives-commons-compress/7z-hello-mhc-off-lzma2.7z", "Hello"),
    ("archives-tika/test-documents.7z", "Sample Excel Worksheet"),
    ("archives-commons-compress/imploding-8Kdict-3trees.zip", "Apache License"),
    ("archives-libarchive/test_read_format_zip_bzip2_multi.zipx", "vim"),
    ("archives-commons-compress/bla.tar.xz", "<?xml"),
    ("archives-tika/test-bz2.txt.bz2", "Hello World"),
];

#[test]
fn what_is_in_a_file_is_found() {
    let Some(root) = root() else { return };
    for (file, text) in KNOWN {
        let found = look(file, &std::fs::read(root.join(file)).unwrap());
        assert!(all_text(&found).contains(text), "{file}: {found:?} {}", all_text(&found));
    }
}

/// file, what it has besides text
const FEATURES: &[(&str, Feature)] = &[
    ("office-poi/spreadsheet__TwoSheetsOneHidden.xlsx", Feature::HiddenSheets),
    ("pdf-tika/testOCR.pdf", Feature::PicturePages),
    ("office-poi/spreadsheet__commentTest.xlsx", Feature::Comments),
    ("office-tika/testComment.pptx", Feature::Comments),
    ("office-tika/testAttachedTemplate.docx", Feature::ExternalLinks),
    ("office-tika/testDdeLink.xlsx", Feature::ExternalLinks),
    ("office-tika/testWORD_embedded_pics.docx", Feature::TrackedChanges),
    ("office-tika/test_recursive_embedded_npe.docx", Feature::EmbeddedFiles),
    ("office-legacy-tika/testComment.doc", Feature::Comments),
    ("office-legacy-tika/testComment.xls", Feature::Comments),
    ("office-legacy-poi/spreadsheet__multibookFormulaA.xls", Feature::ExternalLinks),
    ("mail-tika/testMSG_att_msg.msg", Feature::EmbeddedFiles),
];

#[test]
fn what_a_file_has_besides_text_is_said() {
    let Some(root) = root() else { return };
    for (file, feature) in FEATURES {
        let found = look(file, &std::fs::read(root.join(file)).unwrap());
        assert!(found[0].features.contains(feature), "{file}: {found:?}");
    }
}

/// The lists beside them were made by another reader; `body.rtf` is what we read as the message itself.
#[test]
fn the_attachments_of_a_winmail_are_those_of_its_list() {
    let Some(root) = root() else { return };
    let folder = root.join("../tnef/mimekit");
    let mut compared = 0;
    for list in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if list.extension().is_none_or(|extension| extension != "list") {
            continue;
        }
        let found = look("winmail.dat", &std::fs::read(list.with_extension("tnef")).unwrap());
        if list.ends_with("long-filename.list") {
            // The list forgets the one attachment, of the very name that the file is about.
            assert_eq!(found[1].part.as_str(), "!allproductsmar2000.dat");
            continue;
        }
        let ours = found.iter().filter_map(|file| file.part.as_str().strip_prefix('!'));
        // The pages of a PDF and the pictures of a document among them are told on their own.
        let ours: Vec<&str> =
            ours.filter(|name| !name.contains("!page ") && !name.contains("!picture ")).collect();
        let theirs = std::fs::read_to_string(&list).unwrap();
        let theirs: Vec<&str> = theirs.lines().filter(|name| *name != "body.rtf").collect();
        assert_eq!(ours, theirs, "{list:?}");
        compared += 1;
    }
    assert!(compared >= 5, "{compared}");
}

/// file, why it is not read
const UNREAD: &[(&str, Reason)] = &[
    ("pdf-qpdf/content-stream-errors.pdf", Reason::Corrupt),
    ("pdf-qpdf/terminate-parsing.pdf", Reason::Corrupt),
    ("pdf-qpdf/issue-100.pdf", Reason::Corrupt),
    ("office-legacy-poi/document__password_password_cryptoapi.doc", Reason::Encrypted),
    ("office-legacy-tika/testPPT_protected_passtika.ppt", Reason::Encrypted),
    ("office-legacy-tika/testWORD_protected_drm.doc", Reason::Encrypted),
    ("archives-commons-compress/bla.encrypted.7z", Reason::Encrypted),
    ("archives-libarchive/test_read_format_7zip_encryption_header.7z", Reason::Encrypted),
    ("archives-tika/test7Z_protected_passTika.7z", Reason::Encrypted),
    ("archives-libarchive/test_read_format_zip_encryption_data.zip", Reason::Encrypted),
    ("office-tika/testWORD_truncated.docx", Reason::Truncated),
    ("archives-commons-compress/COMPRESS-544_truncated_in_content-fail.tar", Reason::Truncated),
    ("archives-commons-compress/COMPRESS-542-endheadercorrupted.7z", Reason::Corrupt),
];

#[test]
fn what_is_not_read_says_why() {
    let Some(root) = root() else { return };
    for (file, reason) in UNREAD {
        let found = look(file, &std::fs::read(root.join(file)).unwrap());
        assert!(
            found.iter().any(|file| file.outcome == Extraction::Unreadable(*reason)),
            "{file}: {found:?}"
        );
    }
}

/// Pictures of every kind that documents carry are known as such: none of them holds a message.
#[test]
fn an_office_document_that_is_whole_has_nothing_unread() {
    let (mut seen, mut unread) = (0, Vec::new());
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_office = ["docx", "xlsx", "pptx", "odt", "ods"].iter().any(|end| name.ends_with(end));
        if is_office {
            seen += 1;
            let found = look(&name, &std::fs::read(&path).unwrap());
            let unknown = Extraction::Unreadable(Reason::UnknownFormat);
            unread.extend(
                found
                    .into_iter()
                    .filter(|file| file.outcome == unknown)
                    .map(|file| (name.clone(), file.part)),
            );
        }
    }
    assert!(seen == 0 || seen > 100, "{seen}");
    assert!(unread.is_empty(), "{unread:?}");
}

/// Files whose names say what they are.
#[test]
fn e07_encrypted_files_say_so() {
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().to_lowercase();
        let office =
            ["agile", "protected_passtika", "protect_password"].iter().any(|mark| name.contains(mark));
        if !office || !name.ends_with('x') {
            continue;
        }
        let found = look(&name, &std::fs::read(&path).unwrap());
        let told = found.iter().any(|file| file.outcome == Extraction::Unreadable(Reason::Encrypted));
        assert!(told, "{name}: {found:?}");
    }
}

#[test]
fn pictures_are_no_text() {
    let found = look("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    assert_eq!(found[0].outcome, Extraction::Nothing(Empty::Image));
}
