//! Corners of office documents where ordinary files keep what their senders no longer see.

use super::made::zip;
use super::{all_text, look};
use crate::{Extraction, Feature, Reason};

const SECRET: &str = "FR7630006000011234567890189";

fn with(name: &str, part: &str, source: &str) -> Vec<crate::Extracted> {
    let main = match name.rsplit('.').next().unwrap() {
        "docx" => ("word/document.xml", "<w:document xmlns:w='w'><w:p><w:t>texte</w:t></w:p></w:document>"),
        "pptx" => {
            ("ppt/slides/slide1.xml", "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:t>texte</a:t></a:p></p:sld>")
        }
        _ => ("xl/workbook.xml", "<workbook/>"),
    };
    let members: [(&str, &[u8]); 3] =
        [("[Content_Types].xml", b"<Types/>"), (main.0, main.1.as_bytes()), (part, source.as_bytes())];
    look(name, &zip(&members))
}

/// Every part of the format is read, whatever folder it stands in.
#[test]
fn text_in_any_part_is_read() {
    let shape = format!("<p:sp xmlns:p='p' xmlns:a='a'><a:p><a:t>{SECRET}</a:t></a:p></p:sp>");
    let chart = format!("<c:ser xmlns:c='c'><c:cat><c:pt><c:v>{SECRET}</c:v></c:pt></c:cat></c:ser>");
    let words = format!("<w:x xmlns:w='w'><w:p><w:t>{SECRET}</w:t></w:p></w:x>");
    let link = format!(
        "<R><Relationship TargetMode='External' Type='x/hyperlink' Target='https://x.example/{SECRET}'/></R>"
    );
    let stamp = format!("<xml xmlns:v='v'><v:textpath string='{SECRET}'/></xml>");
    let button = format!(
        "<xml xmlns:v='v'><x:Anchor>1, 2, 3</x:Anchor><v:textbox><div>{SECRET}</div></v:textbox></xml>"
    );
    for (name, part, source) in [
        ("a.docx", "word/diagrams/data1.xml", &shape),
        ("a.docx", "word/charts/chart1.xml", &chart),
        ("a.docx", "word/settings.xml", &words),
        ("a.docx", "word/nobody-knows/part.xml", &words),
        ("a.docx", "word/_rels/footnotes.xml.rels", &link),
        ("a.docx", "word/drawings/vmlDrawing1.vml", &stamp),
        ("a.pptx", "ppt/slideMasters/slideMaster1.xml", &shape),
        ("a.pptx", "ppt/slideLayouts/slideLayout3.xml", &shape),
        ("a.pptx", "ppt/handoutMasters/handoutMaster1.xml", &shape),
        ("a.pptx", "ppt/notesMasters/notesMaster1.xml", &shape),
        ("a.pptx", "ppt/diagrams/data1.xml", &shape),
        ("a.xlsx", "xl/diagrams/data1.xml", &shape),
        ("a.xlsx", "xl/charts/chart1.xml", &chart),
        ("a.xlsx", "xl/worksheets/_rels/sheet1.xml.rels", &link),
        ("a.xlsx", "xl/drawings/vmlDrawing1.vml", &button),
    ] {
        let found = with(name, part, source);
        assert!(all_text(&found).contains(SECRET), "{part}: {found:?}");
        assert!(!all_text(&found).contains("1, 2, 3"), "{part}");
    }
}

/// Attributes that nobody sees, by what they hold: words by their nature, or a number.
#[test]
fn values_of_attributes_in_parts_are_read() {
    for (name, part, source) in [
        (
            "a.docx",
            "word/settings.xml",
            format!(
                "<w:s xmlns:w='w'><w:docVar w:name='x' w:val='un mot'/><w:docVar w:name='y' w:val='{SECRET}'/></w:s>"
            ),
        ),
        (
            "a.docx",
            "word/glossary/document.xml",
            format!(
                "<w:d xmlns:w='w'><w:p><w:sdtPr><w:tag w:val='un mot'/></w:sdtPr><w:bookmarkStart w:name='_{SECRET}'/></w:p></w:d>"
            ),
        ),
        (
            "a.docx",
            "word/styles.xml",
            format!("<w:styles xmlns:w='w'><w:style><w:name w:val='un mot {SECRET}'/></w:style></w:styles>"),
        ),
        (
            "a.pptx",
            "ppt/tags/tag1.xml",
            format!("<p:tagLst xmlns:p='p'><p:tag name='A' val='un mot {SECRET}'/></p:tagLst>"),
        ),
        (
            "a.xlsx",
            "xl/connections.xml",
            format!(
                "<connections><connection name='un mot'><dbPr connection='Server={SECRET}' command='x'/></connection></connections>"
            ),
        ),
        (
            "a.xlsx",
            "xl/tables/table1.xml",
            format!("<table comment='un mot'><tableColumn name='{SECRET}'/></table>"),
        ),
        (
            "a.xlsx",
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet><sheetData/><dataValidation promptTitle='un mot' prompt='{SECRET}'/></worksheet>"
            ),
        ),
    ] {
        let found = with(name, part, &source);
        let text = all_text(&found);
        assert!(text.contains(SECRET) && text.contains("un mot"), "{part}: {text}");
        assert_eq!(super::places::place_of(&found, SECRET).kind, mail::PlaceKind::Hidden, "{part}");
    }
    // A number that is split by what stands between its halves stays whole, and what every file has gives nothing.
    let usual = "<w:d xmlns:w='w'><w:p><w:r w:rsidR='00A12B34'><w:t>FR7630006000</w:t></w:r><w:bookmarkStart w:name='_123456789012345'/>\
                 <w:ext uri='{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}'/><w:r><w:t>011234567890189</w:t></w:r></w:p></w:d>";
    let text = all_text(&with("a.docx", "word/header1.xml", usual));
    assert!(text.contains(SECRET) && !text.contains("5C22544A"), "{text}");
}

/// What stands for a name, and what a sheet is called.
#[test]
fn names_in_a_workbook_are_read() {
    let book = format!(
        "<workbook xmlns:r='r'><sheets><sheet name='Compte {SECRET}' r:id='r1'/><sheet name='Feuil2' r:id='r2'/></sheets>\
         <definedNames><definedName name='_xlnm.Print_Area'>Feuil2!$A$1</definedName>\
         <definedName name='taux' comment='une remarque'>\"DE89370400440532013000\"</definedName></definedNames></workbook>"
    );
    let relations = "<R><Relationship Id='r1' Target='worksheets/sheet1.xml'/></R>";
    let found = look(
        "a.xlsx",
        &zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
            ("xl/worksheets/sheet1.xml", b"<worksheet/>"),
        ]),
    );
    let text = all_text(&found);
    for value in [SECRET, "DE89370400440532013000", "taux", "une remarque"] {
        assert!(text.contains(value), "{value}: {text}");
    }
    assert!(!text.contains("Feuil2") && !text.contains("_xlnm"), "{text}");
}

/// A compound file ([MS-CFB]) of a workbook and of what a pivot table was made of, each in eight sectors: what follows is zero.
fn old_workbook(book: &[u8], cache: &[u8]) -> Vec<u8> {
    const STREAM: usize = 4_096;
    let entry = |name: &str, kind: u8, right: u32, child: u32, start: u32, size: usize| {
        let mut entry = vec![0; 128];
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        entry[..name.len()].copy_from_slice(&name);
        entry[0x40..0x42].copy_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        entry[0x42] = kind;
        let numbers = [u32::MAX, right, child].map(u32::to_le_bytes).concat();
        entry[0x44..0x50].copy_from_slice(&numbers);
        entry[0x74..0x78].copy_from_slice(&start.to_le_bytes());
        entry[0x78..0x7c].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
        entry
    };
    let mut head = vec![0; 512];
    head[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    (head[0x1e], head[0x20], head[0x30]) = (9, 6, 1);
    head[0x3c..0x40].fill(0xff);
    head[0x44..0x48].fill(0xff);
    head[0x50..].fill(0xff);
    // The table itself, the directory, both streams.
    let mut table = vec![0xffff_fffd_u32, 0xffff_fffe];
    for first in [2, 10] {
        table.extend(first + 1..first + 8);
        table.push(0xffff_fffe);
    }
    table.resize(128, u32::MAX);
    let directory = [
        entry("Root Entry", 5, u32::MAX, 1, 0xffff_fffe, 0),
        entry("Workbook", 2, 2, u32::MAX, 2, STREAM),
        entry("_SX_DB_CUR", 1, u32::MAX, 3, 0, 0),
        entry("0001", 2, u32::MAX, u32::MAX, 10, STREAM),
    ];
    let padded = |stream: &[u8]| {
        let mut stream = stream.to_vec();
        stream.resize(STREAM, 0);
        stream
    };
    let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    [head, table, directory.concat(), padded(book), padded(cache)].concat()
}

/// The same of Excel 97 to 2003, as its format says it is written.
#[test]
fn what_an_old_workbook_holds_besides_its_cells_is_read() {
    let record = |kind: u16, data: &[u8]| {
        [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
    };
    let short = |text: &str| [&[u8::try_from(text.len()).unwrap(), 0][..], text.as_bytes()].concat();
    let long =
        |text: &str| [&u16::try_from(text.len()).unwrap().to_le_bytes()[..], &[0], text.as_bytes()].concat();
    let constant = [&[0x17][..], &short("DE89370400440532013000")].concat();
    let length = u8::try_from(constant.len()).unwrap();
    let stream = [
        record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]),
        record(0x0085, &[&[0, 1, 0, 0, 0, 0][..], &short("Compte 30006 00001")].concat()),
        record(0x0293, &[&[0x10, 0][..], &long("mon style")].concat()),
        record(0x0293, &[0x10, 0x80, 3, 0xff]),
        record(
            0x0018,
            &[&[0, 0, 0, 4, length, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], b"taux", &constant].concat(),
        ),
        record(
            0x01be,
            &[&[0; 4][..], &long("titre"), &long("rien"), &long("mot caché"), &long("faux")].concat(),
        ),
        record(0x00cd, &long("SELECT nom FROM clients")),
        record(0x000a, &[]),
    ]
    .concat();
    let cache = [
        record(0x00c6, &[0; 20]),
        record(0x00c7, &[&[0; 14][..], &long("Client")].concat()),
        record(0x00cd, &long(SECRET)),
        record(0x00c9, &12.5_f64.to_le_bytes()),
        record(0x00cc, &7_u16.to_le_bytes()),
        record(0x00ce, &[0xea, 7, 11, 0, 27, 8, 55, 0]),
    ]
    .concat();
    let found = look("a.xls", &old_workbook(&stream, &cache));
    let text = all_text(&found);
    for value in [
        "Compte 30006 00001",
        "mon style",
        "taux",
        "DE89370400440532013000",
        "mot cach",
        "SELECT nom",
        "12.5",
        "7",
        "2026-11-27",
    ] {
        assert!(text.contains(value), "{value}: {text}");
    }
    assert_eq!(super::places::place_of(&found, SECRET).kind, mail::PlaceKind::Pivot);
    assert!(found[0].features.contains(&Feature::PivotCache), "{found:?}");
}

/// The sheet is deleted, the table that was made of it keeps every value.
#[test]
fn what_a_pivot_table_was_made_of_is_read_and_told() {
    let definition = format!(
        "<d><cacheField name='Client'><sharedItems><s v='Martin'/><s v='{SECRET}'/></sharedItems></cacheField></d>"
    );
    let records = "<pivotCacheRecords><r><x v='0'/><s v='DE89370400440532013000'/><n v='12.5'/></r></pivotCacheRecords>";
    for (part, source, value) in [
        ("xl/pivotCache/pivotCacheDefinition1.xml", definition.as_str(), SECRET),
        ("xl/pivotCache/pivotCacheRecords1.xml", records, "DE89370400440532013000\t12.5"),
    ] {
        let found = with("a.xlsx", part, source);
        assert!(all_text(&found).contains(value), "{part}: {}", all_text(&found));
        assert!(found[0].features.contains(&Feature::PivotCache), "{found:?}");
        assert_eq!(super::places::place_of(&found, value).kind, mail::PlaceKind::Pivot);
    }
}

/// A file of ten thousand parts costs no more than its length.
#[test]
fn many_parts_are_read_once_each() {
    let mut members: Vec<(String, &[u8])> =
        (0..10_000).map(|n| (format!("word/x{n}.xml"), &b"<a/>"[..])).collect();
    members.push(("[Content_Types].xml".into(), b"<Types/>"));
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let found = look("a.docx", &zip(&members));
    assert!(found.iter().all(|file| file.outcome != Extraction::Unreadable(Reason::Corrupt)), "{found:?}");
}
