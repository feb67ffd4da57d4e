//! Ways to hide a number or a sentence in a file, and that it is read in one piece all the same.

use super::made::zip;
use super::pdf::{FONT, Made, stream};
use super::{all_text, look};
use crate::{Extraction, Feature, Reason};

const GROUPS: [&str; 7] = ["FR76", "3000", "6000", "0112", "3456", "7890", "189"];
const IBAN: &str = "FR76 3000 6000 0112 3456 7890 189";
const SENTENCE: &str = "Votre compte a été signalé à Tracfin.";

fn word(body: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

fn run(text: &str, how: &str) -> String {
    format!("<w:r><w:rPr>{how}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>")
}

fn odt(body: &str) -> Vec<u8> {
    let content = format!("<o xmlns:text='t' xmlns:table='b' xmlns:office='o'>{body}</o>");
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())])
}

/// The text has the piece, whole.
fn says(name: &str, bytes: &[u8], piece: &str) {
    let text = all_text(&look(name, bytes));
    assert!(text.contains(piece), "{name}: {piece:?} not in {text:?}");
}

#[test]
fn a_number_over_cells_that_hold_paragraphs_is_one_row() {
    let row = GROUPS.join("\t");
    let cells: String =
        GROUPS.iter().map(|group| format!("<w:tc><w:p>{}</w:p></w:tc>", run(group, ""))).collect();
    says("a.docx", &word(&format!("<w:tbl><w:tr>{cells}</w:tr></w:tbl>")), &row);
    let cells: String = GROUPS
        .iter()
        .map(|group| format!("<a:tc><a:txBody><a:p><a:r><a:t>{group}</a:t></a:r></a:p></a:txBody></a:tc>"))
        .collect();
    let slide = format!("<p:sld xmlns:p='p' xmlns:a='a'><a:tbl><a:tr>{cells}</a:tr></a:tbl></p:sld>");
    let slides = zip(&[("[Content_Types].xml", b"<Types/>"), ("ppt/slides/slide1.xml", slide.as_bytes())]);
    says("a.pptx", &slides, &row);
    // Several paragraphs of one cell stay lines, and a table within a cell ends with it.
    let inner = "<w:tbl><w:tr><w:tc><w:p><w:t>a</w:t></w:p><w:p><w:t>b</w:t></w:p></w:tc></w:tr></w:tbl>";
    says("a.docx", &word(&format!("<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>")), "a\nb\t\t\n");
}

#[test]
fn quoted_cells_of_a_table_in_text_are_cells() {
    let row = GROUPS.join("\t");
    for (sign, quote) in [(";", "\""), (",", "\""), ("\t", "\""), (";", "=\"")] {
        let quoted: Vec<String> = GROUPS.iter().map(|group| format!("{quote}{group}\"")).collect();
        says("a.csv", quoted.join(sign).as_bytes(), &row);
        says("a.txt", quoted.join(sign).as_bytes(), &row);
    }
    says("a.csv", "FR76;\"3000\";6000".as_bytes(), "FR76\t3000\t6000");
}

const BASE64: &str = "Qm9uam91ciBJQkFOIEZSNzYgMzAwMCA2MDAwIDAxMTIgMzQ1NiA3ODkwIDE4OQ==";

#[test]
fn every_message_of_a_mailbox_is_read() {
    let letter = |n: u8, body: &str| {
        format!(
            "From a@b.example Mon Jan  5 10:00:0{n} 2026\nFrom: a@b.example\nSubject: {n}\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{body}\n\n"
        )
    };
    let mailbox = letter(1, "cmllbg==") + &letter(2, "cmllbg==") + &letter(3, BASE64);
    let found = look("a.mbox", mailbox.as_bytes());
    assert!(all_text(&found).contains(IBAN), "{found:?}");
    assert_eq!(found[2].part.as_str(), "!message 3");
    says("a.mbox", mailbox.replace('\n', "\r\n").as_bytes(), IBAN);
    // A sentence that begins so begins no message.
    let sentence = letter(1, "cmllbg==") + "From Paris we write:\nwords\n";
    assert_eq!(look("a.mbox", sentence.as_bytes()).len(), 1);
}

#[test]
fn a_message_of_one_field_is_one() {
    for head in [
        "Content-Type: text/plain\nContent-Transfer-Encoding: base64",
        "X-Unsent: 1\nContent-Transfer-Encoding: base64",
    ] {
        says("a.eml", format!("{head}\n\n{BASE64}\n").as_bytes(), IBAN);
    }
    let text = "Content-Type: c’est un champ\net ceci un texte";
    assert_eq!(look("a.txt", text.as_bytes())[0].detected_type, "text/plain");
}

#[test]
fn a_piece_of_a_page_is_read_as_a_page() {
    let pieces = "FR76 <b>3000</b> 6000 0112 3456 7890 189";
    for (name, page) in [
        ("a.html", format!("<p>{pieces}</p>")),
        ("a", format!("<div><font face=Arial>{pieces}</font></div>")),
        ("a.htm", format!("<!-- {} --><x>{pieces}</x>", "x".repeat(1_100))),
    ] {
        says(name, page.as_bytes(), IBAN);
        says("a.zip", &zip(&[(name, page.as_bytes())]), IBAN);
    }
    let page = format!("<html><body>{pieces}</body></html>");
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(page.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    says("a", &wide, IBAN);
    assert_eq!(look("a.txt", b"<pourquoi> un texte")[0].detected_type, "text/plain");
}

fn field(code: &str, result: &str) -> String {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>");
    let result = if result.is_empty() { String::new() } else { run(result, "") };
    format!(
        "{}<w:r><w:instrText xml:space='preserve'>{code}</w:instrText></w:r>{}{result}{}",
        mark("begin"),
        mark("separate"),
        mark("end")
    )
}

#[test]
fn codes_of_fields_part_no_number() {
    let merged: Vec<String> = GROUPS.iter().map(|group| field(" MERGEFIELD G ", group)).collect();
    let body = |inner: String| word(&format!("<w:p>{inner}</w:p>"));
    says("a.docx", &body(merged.join(&run(" ", ""))), IBAN);
    let symbols: String =
        IBAN.chars().map(|c| field(&format!(" SYMBOL {} \\f Arial ", u32::from(c)), "")).collect();
    says("a.docx", &body(symbols), IBAN);
    let link = run("FR76 3000 6000 ", "")
        + &field(" HYPERLINK \"https://x.example\" ", "0112 3456")
        + &run(" 7890 189", "");
    says("a.docx", &body(link.clone()), IBAN);
    // What the codes say is read beside.
    says("a.docx", &body(link), "https://x.example");
    let symbol: String = IBAN
        .chars()
        .map(|c| format!("<w:r><w:sym w:font='Symbol' w:char='F0{:02X}'/></w:r>", u32::from(c)))
        .collect();
    says("a.docx", &body(symbol), &IBAN.replace(' ', ""));
}

#[test]
fn what_readers_pass_over_parts_no_number() {
    let body = |inner: String| word(&format!("<w:p>{inner}</w:p>"));
    for how in [
        "<w:color w:val='FFFFFF'/>",
        "<w:sz w:val='2'/>",
        "<w:vanish/>",
        "<w:vertAlign w:val='superscript'/>",
    ] {
        let pieces: Vec<String> = GROUPS.iter().map(|group| run(group, "")).collect();
        says("a.docx", &body(pieces.join(&run("9", how))), &GROUPS.concat());
        says("a.docx", &body(run(IBAN, "") + &run("1", how)), &format!("{IBAN}\n"));
    }
    // Raised letters are part of their word, and nothing is said twice where nothing is left out.
    let text =
        all_text(&look("a.docx", &body(run("1", "") + &run("er", "<w:vertAlign w:val='superscript'/>"))));
    assert_eq!(text.trim(), "1er");
    says(
        "a.docx",
        &body(run("Client", "") + "<w:r><w:ptab/></w:r>" + &run(IBAN, "")),
        &format!("Client\t{IBAN}"),
    );
}

#[test]
fn remarks_in_a_text_stand_behind_its_paragraph() {
    let remark = "<office:annotation><dc:creator>Nadia</dc:creator><text:p>voir</text:p></office:annotation>";
    let note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>voir</text:p></text:note-body></text:note>";
    for beside in [remark, note] {
        says("a.odt", &odt(&format!("<text:p>FR76 3000 6000{beside} 0112 3456 7890 189</text:p>")), IBAN);
        says(
            "a.odt",
            &odt(&format!("<text:p>Votre compte a été signalé à Trac{beside}fin.</text:p>")),
            SENTENCE,
        );
        says("a.odt", &odt(&format!("<text:p>{IBAN}{beside}</text:p>")), "voir");
    }
    let cells: String = GROUPS
        .iter()
        .map(|group| format!("<table:table-cell>{remark}<text:p>{group}</text:p></table:table-cell>"))
        .collect();
    says("a.odt", &odt(&format!("<table:table-row>{cells}</table:table-row>")), &GROUPS.join("\t"));
}

#[test]
fn xml_is_read_without_its_tags_too() {
    let runs: String =
        ["FR76 3000 ", "6000 0112", " 3456 7890 189"].iter().map(|piece| run(piece, "")).collect();
    for (name, source) in [
        ("a.xml", format!("<?xml version='1.0'?><w:wordDocument xmlns:w='w'><w:body><w:p>{runs}</w:p></w:body></w:wordDocument>")),
        ("a.xml", "<!DOCTYPE r [<!ENTITY k \"6000 0112\">]><r>FR76 3000 &k; 3456 7890 189</r>".to_owned()),
        ("a.xhtml", "<!DOCTYPE html [<!ENTITY k \"6000 0112\">]><html><body>FR76 3000 &k; 3456 7890 189</body></html>".to_owned()),
        ("a.fodt", "<office:document xmlns:office='o'><text:p>FR76 3000 <text:span>6000 0112</text:span> 3456 7890 189</text:p></office:document>".to_owned()),
    ] {
        says(name, source.as_bytes(), IBAN);
    }
    says("a.xml", b"<r>d&#233;claration de soup&#xe7;on</r>", "déclaration de soupçon");
}

#[test]
fn characters_by_number_are_characters() {
    let escaped: String = IBAN.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    says("a.json", format!("{{\"iban\":\"{escaped}\"}}").as_bytes(), IBAN);
    says("a.properties", b"note=sign\\u00e9 \\u00e0 Tracfin", "signé à Tracfin");
    let found = look("a.txt", b"c:\\users\\x");
    assert!(matches!(&found[0].outcome, Extraction::Text { text, .. } if text == "c:\\users\\x"));
}

#[test]
fn codes_and_unknown_groups_part_no_number_in_rtf() {
    let rtf = |inner: String| {
        format!("{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}{{\\f1\\fcharset2 Symbol;}}}}{inner}}}").into_bytes()
    };
    let merged = |code: &str| {
        GROUPS.map(|group| format!("{{\\field{{\\*\\fldinst {code}}}{{\\fldrslt {group}}}}} ")).concat()
    };
    says("a.rtf", &rtf(merged("MERGEFIELD G")), IBAN);
    says("a.rtf", &rtf(merged("MERGEFIELD secret")), "secret");
    says("a.rtf", &rtf(GROUPS.join("{\\*\\nobody k9}")), &GROUPS.concat());
    says("a.rtf", &rtf(GROUPS.join("{\\*\\nobody k9}")), "k9");
    let symbols: String = IBAN.chars().map(|c| format!("\\u{}?", 0xf000 + u32::from(c))).collect();
    says("a.rtf", &rtf(format!("\\f1 {symbols}")), &IBAN.replace(' ', "\u{f020}"));
    // What the page shows stays where it stands.
    says("a.rtf", &rtf(format!("{{\\shp{{\\*\\shpinst{{\\shptxt {IBAN}}}}}}}")), IBAN);
    says("a.rtf", b"{\\rt {\\b FR76} 3000}", "FR76 3000");
}

/// A workbook of one sheet: its cells, what follows them, its formats.
fn workbook(cells: &str, after: &str, format: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData><row r='1'>{cells}</row></sheetData>{after}</worksheet>");
    let styles = format!(
        "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='{format}'/></numFmts><cellXfs><xf/><xf numFmtId='170'/></cellXfs></styleSheet>"
    );
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn a_cell_says_what_excel_shows() {
    let cells = "<c s='1'><v>30006</v></c><c s='1'><v>1</v></c><c><v>89</v></c>";
    says("a.xlsx", &workbook(cells, "", "00000"), "30006\t00001\t89");
    let code = "&quot;FR76 3000 6000 0112 3456 7890 &quot;0";
    says("a.xlsx", &workbook("<c s='1'><v>189</v></c>", "", code), IBAN);
    says("a.xlsx", &workbook("", "", &format!("&quot;{SENTENCE}&quot;")), SENTENCE);
    let formula = "<c t='str'><f>CONCATENATE(\"FR76 \",\"3000 6000\",\" 0112 3456 7890 189\")</f></c>";
    says("a.xlsx", &workbook(formula, "", "0"), IBAN);
    let header = "<headerFooter><oddHeader>&amp;CFR76 3000 &amp;B6000 0112&amp;B 3456 7890 189</oddHeader></headerFooter>";
    says("a.xlsx", &workbook("", header, "0"), IBAN);
    let list = format!(
        "<dataValidations><dataValidation><formula1>\"{SENTENCE}\"</formula1></dataValidation></dataValidations>"
    );
    says("a.xlsx", &workbook("", &list, "0"), SENTENCE);
    // Digits hide behind no format.
    says(
        "a.xlsx",
        &workbook("<c s='1'><v>4111111111111111</v></c>", "", "0000&quot;x&quot;0000"),
        "4111111111111111",
    );
}

#[test]
fn a_part_is_what_the_document_says_it_is() {
    let of = "application/vnd.openxmlformats-officedocument.";
    let types = |name: &str, kind: &str| {
        format!("<Types><Override PartName='/{name}' ContentType='{kind}'/></Types>").into_bytes()
    };
    let pieces: String =
        ["FR76 3000 ", "6000 0112", " 3456 7890 189"].iter().map(|piece| run(piece, "")).collect();
    let document = format!("<w:document xmlns:w='w'><w:p>{pieces}</w:p></w:document>");
    for name in ["doc/main.xml", "word/document.dat", "WORD/DOCUMENT.XML"] {
        let kind = types(name, &format!("{of}wordprocessingml.document.main+xml"));
        says("a.docx", &zip(&[("[Content_Types].xml", kind.as_slice()), (name, document.as_bytes())]), IBAN);
    }
    let strings = format!("<sst><si><t>{IBAN}</t></si></sst>");
    for name in ["xl/feuilles/f.xml", "xl/worksheets/f.dat", "xl/Worksheets/F.xml"] {
        let kind = types(name, &format!("{of}spreadsheetml.worksheet+xml"));
        let book = zip(&[
            ("[Content_Types].xml", kind.as_slice()),
            ("xl/sharedStrings.xml", strings.as_bytes()),
            (name, b"<worksheet><sheetData><row><c t='s'><v>0</v></c></row></sheetData></worksheet>"),
        ]);
        says("a.xlsx", &book, IBAN);
    }
    for (kind, page) in [
        ("application/rtf", "{\\rtf1 FR76 {\\b 3000} 6000 0112 3456 7890 189}"),
        ("text/html", "<html><body><i>FR76</i> 3000 <b>6000 0112</b> 3456 7890 189</body></html>"),
    ] {
        let kind = types("word/a.xml", kind);
        let file = zip(&[
            ("[Content_Types].xml", kind.as_slice()),
            ("word/document.xml", b"<w:d/>"),
            ("word/a.xml", page.as_bytes()),
        ]);
        says("a.docx", &file, IBAN);
    }
}

/// A page that draws, with more objects behind it.
fn page(content: &str, more: &[&str]) -> Vec<u8> {
    let mut made = Made::new(FONT, &stream(&format!("/Length {}", content.len()), "", content.as_bytes()));
    more.iter().for_each(|object| made.object(object.as_bytes()));
    made.finish()
}

fn letter(c: char, at: usize, how: &str) -> String {
    format!("{how} BT /F1 12 Tf 1 0 0 1 {} 700 Tm ({c}) Tj ET 0 g BT 0 Tr ET\n", 50 + at * 8)
}

#[test]
fn what_a_page_shows_is_read_in_the_order_it_stands_in() {
    let mut letters: Vec<String> = IBAN.chars().enumerate().map(|(at, c)| letter(c, at, "")).collect();
    let plain = all_text(&look("a.pdf", &page(&letters.concat(), &[])));
    assert_eq!(plain.matches(IBAN).count(), 1, "{plain}");
    letters.reverse();
    says("a.pdf", &page(&letters.concat(), &[]), IBAN);
    for how in ["1 g", "BT 3 Tr ET"] {
        let decoys = IBAN.chars().enumerate().map(|(at, c)| letter(c, at, "") + &letter('k', at, how));
        says("a.pdf", &page(&decoys.collect::<String>(), &[]), IBAN);
    }
    let raised =
        format!("BT /F1 12 Tf 1 0 0 1 50 700 Tm ({IBAN}) Tj ET BT /F1 7 Tf 1 0 0 1 248 704 Tm (1) Tj ET");
    says("a.pdf", &page(&raised, &[]), &format!("{IBAN}\n"));
}

#[test]
fn what_stands_directly_in_objects_of_a_pdf_is_read() {
    for object in [
        format!("<< /Annots [ << /Subtype /FreeText /Contents ({IBAN}) >> ] >>"),
        format!("<< /OpenAction << /S /JavaScript /JS ({IBAN}) >> >>"),
        format!("<< /FT /Ch /Opt [ [ (1) ({IBAN}) ] ] >>"),
        format!("<< /MK << /CA ({IBAN}) >> >>"),
        format!("<< /Type /OCG /Name ({IBAN}) >>"),
        format!("<< /PageLabels << /Nums [ 0 << /P ({IBAN}) >> ] >> >>"),
        "<< /XFA [ (template) 8 0 R ] >>".to_owned(),
    ] {
        let form = format!("<x><text>{IBAN}</text></x>");
        let form =
            String::from_utf8(stream(&format!("/Length {}", form.len()), "", form.as_bytes())).unwrap();
        let form = if object.contains("XFA") { form.as_str() } else { "null" };
        says("a.pdf", &page("", &["null", &object, form]), IBAN);
    }
    let fields: Vec<String> = GROUPS
        .iter()
        .enumerate()
        .map(|(at, group)| {
            format!("<< /FT /Tx /V ({group}) /Rect [ {} 600 {} 620 ] >>", 50 + at * 60, 100 + at * 60)
        })
        .collect();
    let fields: Vec<&str> = fields.iter().rev().map(String::as_str).collect();
    says("a.pdf", &page("", &[&["null"], fields.as_slice()].concat()), IBAN);
}

#[test]
fn arrays_and_forms_that_hold_themselves_have_an_end() {
    let around = format!("[ {} ]", "6 0 R ".repeat(1_000));
    let forms = format!("<< /XFA [ {} ] /Opt 6 0 R >>", "8 0 R ".repeat(10_000));
    let form = String::from_utf8(stream("/Length 3", "", b"<x>")).unwrap();
    let found = look("a.pdf", &page("BT /F1 12 Tf (x) Tj ET", &[&around, &forms, &form]));
    assert!(found.iter().any(|file| file.outcome == Extraction::Unreadable(Reason::TooLarge)), "{found:?}");
}

#[test]
fn a_text_before_a_pdf_is_read_and_a_program_in_a_page_is_told() {
    let pdf = page("BT /F1 12 Tf (x) Tj ET", &[]);
    says("a.txt", &[format!("{IBAN}\n").as_bytes(), &pdf].concat(), IBAN);
    let html = "<html><body>FR76 <b>3000</b> 6000 0112 3456 7890 189</body><!-- ";
    says("a.html", &[html.as_bytes(), &pdf].concat(), IBAN);
    let found = look("a.html", b"<p>x</p><SCRIPT>document.write('y')</SCRIPT>");
    assert_eq!(found[0].features, [Feature::Macros]);
}

#[test]
fn a_program_that_draws_pages_is_read_as_its_source_and_told() {
    for head in ["%!PS-Adobe-3.0 EPSF-3.0\n", "\u{4}%!PS\n"] {
        let source = format!("{head}/Helvetica findfont 12 scalefont setfont (FR76 3000 6) show (000) show");
        let found = look("plan.eps", source.as_bytes());
        assert_eq!(found[0].detected_type, "application/postscript");
        assert!(found[0].outcome.text().unwrap().contains("FR76 3000 6"));
        assert_eq!(found[1].part.as_str(), "!(rest)");
        assert_eq!(found[1].outcome, Extraction::Unreadable(Reason::UnknownFormat));
    }
    for (name, head) in [
        ("a.eps", "\u{c5}\u{d0}\u{d3}\u{c6}"),
        ("a.prn", "\u{1b}%-12345X@PJL\n"),
        ("a.pcl", "\u{1b}E\u{1b}&l0O"),
    ] {
        let bytes: Vec<u8> =
            head.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).chain(*b"FR76 (3000)").collect();
        assert_eq!(look(name, &bytes)[0].outcome, Extraction::Unreadable(Reason::UnknownFormat), "{name}");
    }
    assert_eq!(look("a.txt", b"% !PS : rien").len(), 1);
}

#[test]
fn a_description_written_as_a_page_in_an_invitation_is_read_as_shown() {
    let page = "<p>FR76 <b>3000</b> 6000&nbsp\\;0112 <i>34</i>56 7890 189</p><p hidden>caché</p>";
    for property in
        ["X-ALT-DESC;FMTTYPE=text/html", "X-ALT-DESC", "STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=\"text/html\""]
    {
        let file = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{property}:{page}\r\nSUMMARY:a <b>b</b>\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let text = all_text(&look("a.ics", file.as_bytes())).replace('\u{a0}', " ");
        assert!(
            text.contains(IBAN) && text.contains("caché") && text.contains("a <b>b</b>"),
            "{property}: {text}"
        );
    }
    let picture = "iVBORw0KGgoAAAANSUhEUgAAAyAAAAEsCAAAAAA".repeat(4);
    let file = format!(
        "BEGIN:VCALENDAR\nX-ALT-DESC:<img src=\"data:image/png\\;base64\\,{picture}\">\nEND:VCALENDAR\n"
    );
    assert_eq!(look("a.ics", file.as_bytes())[1].part.as_str(), "!picture 1");
}

#[test]
fn words_drawn_as_lines_in_a_page_are_told() {
    let strokes = "<path d='M0 0L1 1'/>".repeat(14);
    let page = format!("<html><p>Voir</p><svg viewBox='0 0 600 40'>{strokes}</svg></html>");
    let found = look("a.html", page.as_bytes());
    assert!(found.iter().any(|file| file.features.contains(&Feature::UnreadPicture)), "{found:?}");
    // A drawing by itself says it once.
    let found = look("a.svg", format!("<svg xmlns='http://www.w3.org/2000/svg'>{strokes}</svg>").as_bytes());
    assert_eq!((found.len(), found[0].features.as_slice()), (1, &[Feature::UnreadPicture][..]));
}
