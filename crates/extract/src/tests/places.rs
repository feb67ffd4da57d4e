//! What is planted at a page, a cell, a slide, a paragraph is found to stand exactly there; and every cell of the corpus stands
//! where another reader of sheets says.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader};
use mail::{Place, PlaceKind};
use proptest::prelude::*;

use super::corpus::files;
use super::look;
use super::made::zip;
use crate::{Extracted, Extraction};

const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

pub(super) fn nameless(kind: PlaceKind) -> Place {
    Place { kind, name: String::new(), number: 0, column: 0 }
}

/// Where a piece of text stands, that stands once.
pub(super) fn place_of(found: &[Extracted], piece: &str) -> Place {
    let mut all = found.iter().filter_map(|file| match &file.outcome {
        Extraction::Text { text, places } => text.find(piece).and_then(|at| places.at(text, at)),
        _ => None,
    });
    all.next().unwrap_or_else(|| panic!("{piece} stands nowhere in {found:?}"))
}

fn column_name(column: u32) -> String {
    Place { number: 1, column, ..nameless(PlaceKind::Cell) }.cell().unwrap().trim_end_matches('1').to_owned()
}

/// What cells hold besides: blanks, tabs and lines within a cell, words that end in a space.
fn filling() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "mot", "deux mots ", "a\tb", "une\nligne", "\t", "42"])
        .prop_map(str::to_owned)
}

type Cells = BTreeMap<(u32, u32), String>;

/// Sheets of cells, and which of them holds the value that is looked for.
fn sheets() -> impl Strategy<Value = (Vec<Cells>, usize, (u32, u32))> {
    let cells = prop::collection::btree_map((1..40_u32, 1..60_u32), filling(), 0..60);
    (prop::collection::vec(cells, 1..4), any::<prop::sample::Index>(), (1..40_u32, 1..60_u32)).prop_map(
        |(mut sheets, which, at)| {
            let which = which.index(sheets.len());
            sheets[which].insert(at, PLANTED.to_owned());
            (sheets, which, at)
        },
    )
}

const PLANTED: &str = "FR7630006000011234567890189";

fn rows(cells: &Cells) -> BTreeMap<u32, Vec<(u32, &str)>> {
    let mut rows: BTreeMap<u32, Vec<(u32, &str)>> = BTreeMap::new();
    for ((row, column), value) in cells {
        rows.entry(*row).or_default().push((*column, value));
    }
    rows
}

/// Cells say where they stand, or are the next one of their row.
fn xlsx(sheets: &[Cells], says: bool) -> Vec<u8> {
    let (mut book, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (at, cells) in sheets.iter().enumerate() {
        // The order of sheets is not that of their files.
        let path = sheets.len() - at;
        book += &format!("<sheet name='Feuille {at}' r:id='r{at}'/>");
        relations += &format!("<Relationship Id='r{at}' Target='worksheets/sheet{path}.xml'/>");
        let mut sheet = String::from("<worksheet><sheetData>");
        for (row, columns) in rows(cells) {
            sheet += &format!("<row r='{row}'>");
            let mut next = 1;
            for (column, value) in columns {
                let name = if says || column != next {
                    format!(" r='{}{row}'", column_name(column))
                } else {
                    String::new()
                };
                sheet += &format!("<c{name} t='inlineStr'><is><t xml:space='preserve'>{value}</t></is></c>");
                next = column + 1;
            }
            sheet += "</row>";
        }
        sheet += "</sheetData><headerFooter><oddHeader>en tête</oddHeader></headerFooter></worksheet>";
        parts.push((format!("xl/worksheets/sheet{path}.xml"), sheet));
    }
    parts.push((
        "xl/workbook.xml".into(),
        format!("<workbook xmlns:r='r'><sheets>{book}</sheets></workbook>"),
    ));
    parts.push(("xl/_rels/workbook.xml.rels".into(), format!("<R>{relations}</R>")));
    let members: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, part)| (name.as_str(), part.as_bytes())).collect();
    zip(&[&[TYPES], members.as_slice()].concat())
}

/// Rows and cells that are alike are said once, with how often they stand there.
fn ods(sheets: &[Cells]) -> Vec<u8> {
    let mut content = String::from("<o xmlns:table='t' xmlns:text='x'>");
    for (at, cells) in sheets.iter().enumerate() {
        content += &format!("<table:table table:name='Feuille {at}'>");
        let mut next_row = 1;
        for (row, columns) in rows(cells) {
            if row > next_row {
                content += &format!("<table:table-row table:number-rows-repeated='{}'/>", row - next_row);
            }
            content += "<table:table-row>";
            let mut next = 1;
            for (column, value) in columns {
                if column > next {
                    content +=
                        &format!("<table:table-cell table:number-columns-repeated='{}'/>", column - next);
                }
                content += &format!("<table:table-cell><text:p>{value}</text:p></table:table-cell>");
                next = column + 1;
            }
            content += "</table:table-row>";
            next_row = row + 1;
        }
        content += "</table:table>";
    }
    content += "</o>";
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

fn pdf(pages: usize, planted: usize) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let font = document.add_object(
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding" },
    );
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let kids: Vec<Object> = (0..pages)
        .map(|page| {
            let says = if page == planted { PLANTED } else { "rien" };
            let content = format!("BT /F1 12 Tf 50 700 Td (page) Tj 0 -14 Td ({says}) Tj ET");
            let stream = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
            let page = dictionary! { "Type" => "Page", "Parent" => tree, "Contents" => stream, "Resources" => resources };
            document.add_object(page).into()
        })
        .collect();
    let count = i64::try_from(pages).unwrap();
    document.objects.insert(
        tree,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A presentation that shows its files in this order; slide `planted` of what is shown says the value, in its notes or itself.
fn pptx(order: &[usize], planted: usize, in_notes: bool) -> Vec<u8> {
    let mut parts: Vec<(String, String)> = Vec::new();
    let (mut ids, mut relations) = (String::new(), String::new());
    for (place, file) in order.iter().enumerate() {
        ids += &format!("<p:sldId id='{}' r:id='rId{file}'/>", 256 + place);
        relations += &format!("<Relationship Id='rId{file}' Target='slides/slide{file}.xml'/>");
        let says = |wanted: bool| if place == planted && wanted { PLANTED } else { "rien" };
        let slide = format!("<p:sld xmlns:a='a'><a:p><a:t>{}</a:t></a:p></p:sld>", says(!in_notes));
        parts.push((format!("ppt/slides/slide{file}.xml"), slide));
        // Notes are numbered by themselves.
        let notes = order.len() - place;
        let text = format!("<p:notes xmlns:a='a'><a:p><a:t>{}</a:t></a:p></p:notes>", says(in_notes));
        parts.push((format!("ppt/notesSlides/notesSlide{notes}.xml"), text));
        let of = format!("<R><Relationship Id='r1' Target='../slides/slide{file}.xml'/></R>");
        parts.push((format!("ppt/notesSlides/_rels/notesSlide{notes}.xml.rels"), of));
    }
    parts.push((
        "ppt/presentation.xml".into(),
        format!("<p:presentation xmlns:r='r'><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"),
    ));
    parts.push(("ppt/_rels/presentation.xml.rels".into(), format!("<R>{relations}</R>")));
    let members: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, part)| (name.as_str(), part.as_bytes())).collect();
    zip(&[&[TYPES], members.as_slice()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_cell_stands_where_it_was_put((sheets, which, (row, column)) in sheets(), says in any::<bool>()) {
        let expected = Place { kind: PlaceKind::Cell, name: format!("Feuille {which}"), number: row, column };
        prop_assert_eq!(place_of(&look("a.xlsx", &xlsx(&sheets, says)), PLANTED), expected.clone());
        prop_assert_eq!(place_of(&look("a.ods", &ods(&sheets)), PLANTED), expected);
    }

    #[test]
    fn a_page_stands_where_it_was_put((pages, planted) in (1..12_usize).prop_flat_map(|pages| (Just(pages), 0..pages))) {
        let expected = Place { number: u32::try_from(planted).unwrap() + 1, ..nameless(PlaceKind::Page) };
        prop_assert_eq!(place_of(&look("a.pdf", &pdf(pages, planted)), PLANTED), expected);
    }

    #[test]
    fn a_slide_and_its_notes_stand_where_they_are_shown(order in Just((1..12_usize).collect::<Vec<_>>()).prop_shuffle(), planted in 0..11_usize, in_notes in any::<bool>()) {
        let kind = if in_notes { PlaceKind::Notes } else { PlaceKind::Slide };
        let expected = Place { number: u32::try_from(planted).unwrap() + 1, ..nameless(kind) };
        prop_assert_eq!(place_of(&look("a.pptx", &pptx(&order, planted, in_notes)), PLANTED), expected);
    }

    #[test]
    fn a_paragraph_stands_where_it_was_put(before in prop::collection::vec(0..4_u8, 0..30), how in 0..3_u8) {
        let paragraph = |kind: u8, text: &str| match kind {
            0 => format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"),
            1 => format!("<w:p><w:ins w:author='Nadia'><w:r><w:t>{text}</w:t></w:r></w:ins></w:p>"),
            2 => format!("<w:p><w:del w:author='Yann'><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>"),
            _ => "<w:p/>".to_owned(),
        };
        let mut body: String = before.iter().map(|kind| paragraph(*kind, "mot")).collect();
        body += &paragraph(how, PLANTED);
        body += "<w:p><w:r><w:t>fin</w:t></w:r></w:p>";
        let document = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
        let found = look("a.docx", &zip(&[TYPES, ("word/document.xml", document.as_bytes())]));
        let number = u32::try_from(before.len()).unwrap() + 1;
        let (kind, name) = [(PlaceKind::Paragraph, ""), (PlaceKind::Inserted, "Nadia"), (PlaceKind::Deleted, "Yann")][usize::from(how)];
        prop_assert_eq!(place_of(&found, PLANTED), Place { kind, name: name.to_owned(), number, column: 0 });
        prop_assert_eq!(place_of(&found, "fin"), Place { number: number + 1, ..nameless(PlaceKind::Paragraph) });
    }
}

#[test]
fn remarks_say_by_whom_and_of_which_cell() {
    let word =
        b"<w:comments xmlns:w='w'><w:comment w:author='Nadia'><w:p><w:t>premier</w:t></w:p></w:comment>\
                 <w:comment w:author='Yann'><w:p><w:t>second</w:t></w:p></w:comment></w:comments>";
    let document = b"<w:document xmlns:w='w'><w:p><w:t>corps</w:t></w:p></w:document>";
    let found = look("a.docx", &zip(&[TYPES, ("word/document.xml", document), ("word/comments.xml", word)]));
    let by = |name: &str| Place { name: name.to_owned(), ..nameless(PlaceKind::Comment) };
    assert_eq!(place_of(&found, "premier"), by("Nadia"));
    assert_eq!(place_of(&found, "second"), by("Yann"));
    let excel = b"<comments><authors><author>Nadia</author><author>Yann</author></authors><commentList>\
                  <comment ref='C12' authorId='1'><text><r><t>remarque</t></r></text></comment></commentList></comments>";
    let found = look("a.xlsx", &zip(&[TYPES, ("xl/comments1.xml", excel)]));
    assert_eq!(place_of(&found, "remarque"), Place { number: 12, column: 3, ..by("Yann") });
    // Which sheet refers to them is said beside the sheet.
    let book =
        b"<workbook xmlns:r='r'><sheets><sheet name='Clients' state='hidden' r:id='r1'/></sheets></workbook>";
    let relations = b"<R><Relationship Id='r1' Target='worksheets/sheet1.xml'/></R>";
    let of_sheet = b"<R><Relationship Id='r1' Target='../comments1.xml'/><Relationship Id='r2' Target='/xl/threadedComments/threadedComment1.xml'/></R>";
    let thread = b"<ThreadedComments><threadedComment ref='B7'><text>r\xc3\xa9ponse</text></threadedComment></ThreadedComments>";
    let found = look(
        "a.xlsx",
        &zip(&[
            TYPES,
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/worksheets/sheet1.xml", b"<worksheet/>"),
            ("xl/worksheets/_rels/sheet1.xml.rels", of_sheet),
            ("xl/comments1.xml", excel),
            ("xl/threadedComments/threadedComment1.xml", thread),
        ]),
    );
    assert_eq!(place_of(&found, "remarque"), Place { number: 12, column: 3, ..by("Yann (Clients)") });
    assert_eq!(place_of(&found, "r\u{e9}ponse"), Place { number: 7, column: 2, ..by("(Clients)") });
    let text = b"<o xmlns:text='x' xmlns:office='o' xmlns:dc='d'><text:p>avant<office:annotation><dc:creator>Nadia</dc:creator>\
                 <text:p>remarque</text:p></office:annotation>apr\xc3\xa8s</text:p><text:p>deux</text:p></o>";
    let found = look(
        "a.odt",
        &zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", text)]),
    );
    assert_eq!(place_of(&found, "remarque"), by("Nadia"));
    for (piece, number) in [("avant", 1), ("après", 1), ("deux", 2)] {
        assert_eq!(place_of(&found, piece), Place { number, ..nameless(PlaceKind::Paragraph) });
    }
}

/// Every cell of a text of its own, as `calamine` reads the file: sheet, row, column, text.
fn cells(bytes: &[u8]) -> Vec<(String, u32, u32, String)> {
    let read = || {
        let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes.to_vec())).ok()?;
        let mut all = Vec::new();
        for name in book.sheet_names() {
            let Ok(range) = book.worksheet_range(&name) else { continue };
            let (first_row, first_column) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                if let Data::String(text) = value {
                    let (row, column) = (u32::try_from(row).unwrap(), u32::try_from(column).unwrap());
                    all.push((name.clone(), first_row + row + 1, first_column + column + 1, text.clone()));
                }
            }
        }
        Some(all)
    };
    std::panic::catch_unwind(read).ok().flatten().unwrap_or_default()
}

#[test]
fn every_cell_of_the_corpus_stands_where_another_reader_says() {
    const ENDINGS: [&str; 6] = ["xls", "xlsx", "xlsm", "xlsb", "ods", "xltx"];
    let (mut same, mut other) = (BTreeMap::new(), Vec::new());
    for path in files() {
        let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        if !ENDINGS.contains(&ending.as_str()) {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let found = look("a", &bytes);
        let Extraction::Text { text, places } = &found[0].outcome else { continue };
        for (sheet, row, column, cell) in cells(&bytes) {
            let is_plain = cell.chars().count() >= 5 && !cell.contains(['\t', '\n', '\r']);
            if !is_plain || text.matches(&cell).count() != 1 {
                continue;
            }
            let place = text.find(&cell).and_then(|at| places.at(text, at));
            let is_there = place.as_ref().is_some_and(|place| {
                let name = place.name.trim_end_matches(" (hidden)");
                (place.kind, name, place.number, place.column) == (PlaceKind::Cell, &sheet, row, column)
            });
            if is_there {
                *same.entry(ending.clone()).or_insert(0) += 1;
            } else {
                other.push(format!("{}: {cell:?} in {sheet}!{row},{column}, not {place:?}", path.display()));
            }
        }
    }
    let count: usize = same.values().sum();
    assert!(count == 0 && files().is_empty() || count > 500, "{same:?}");
    assert!(other.is_empty(), "{} cells: {:#?}", other.len(), other.iter().take(30).collect::<Vec<_>>());
}
