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
