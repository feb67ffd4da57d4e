//! Parts of an office document by what the document says they are (ECMA-376 part 2 §10.1.2.2): its programs follow types, not
//! folders, so a part may have any name.

use std::collections::HashMap;

use super::archive::Archive;
use super::xlsx::Pairs;
use super::xml;
use crate::work::Work;

/// What types are named by, and the folder of such parts. The first that fits counts.
const FOLDERS: &[(&str, &str)] = &[
    ("spreadsheetml.worksheet", "xl/worksheets/"),
    ("spreadsheetml.chartsheet", "xl/chartsheets/"),
    ("ms-excel.macrosheet", "xl/macrosheets/"),
    ("presentationml.notesSlide+", "ppt/notesSlides/"),
    ("presentationml.slide+", "ppt/slides/"),
    ("presentationml.", "ppt/"),
    ("spreadsheetml.", "xl/"),
    ("wordprocessingml.", "word/"),
    ("ms-word.", "word/"),
    ("ms-powerpoint.", "ppt/"),
    ("ms-excel.", "xl/"),
];
const OF_FORMAT: [&str; 3] = ["word/", "xl/", "ppt/"];

/// The names of an archive's members, each where its format expects it.
pub(super) fn in_place(
    archive: &mut Archive<'_>,
    names: Vec<(String, bool)>,
    work: &mut Work,
) -> Vec<(String, bool)> {
    let is_list = |(name, _): &(String, bool)| name.eq_ignore_ascii_case("[Content_Types].xml");
    let Some(at) = names.iter().position(is_list) else { return names };
    let mut types = Pairs::of("Override", "PartName", &["ContentType"]);
    if let Some(source) = archive.text_at(at, work) {
        xml::walk(&source, &mut types);
    }
    let types: HashMap<String, String> = types
        .found
        .into_iter()
        .filter_map(|(name, kinds)| {
            Some((name.trim_start_matches('/').to_ascii_lowercase(), kinds.into_iter().next()?))
        })
        .collect();
    let placed = names.into_iter().enumerate().map(|(index, (name, is_dir))| {
        let kind = types.get(&name.to_ascii_lowercase()).map(String::as_str);
        (if is_dir { name } else { placed(&name, kind, index) }, is_dir)
    });
    placed.collect()
}

fn placed(name: &str, kind: Option<&str>, index: usize) -> String {
    let small = name.to_ascii_lowercase();
    let is_below = |folders: &[&str], name: &str| folders.iter().any(|folder| name.starts_with(folder));
    let kind = kind.unwrap_or("");
    let folder = FOLDERS.iter().find(|(part, _)| kind.contains(part) && kind.ends_with("xml"));
    match folder {
        _ if small == "[content_types].xml" => "[Content_Types].xml".to_owned(),
        // A page of another format that Word shows in its place.
        _ if is_below(&["word/"], &small)
            && small.ends_with(".xml")
            && ["rtf", "html", "plain", "mht", "message/"].iter().any(|part| kind.contains(part)) =>
        {
            format!("word/afchunk/{index}")
        }
        Some((part, folder)) if !is_below(&[folder], name) || !name.ends_with(".xml") => {
            // What such parts are called, so that each is taken for what it is.
            let after = kind.split_once(part).map_or("", |(_, after)| after);
            let stem: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
            let stem = if part.ends_with('.') { stem } else { "part".to_owned() };
            let standing = ["sharedStrings", "styles", "workbook"].contains(&stem.as_str());
            if standing { name.to_owned() } else { format!("{folder}{stem}{index}.xml") }
        }
        _ if is_below(&OF_FORMAT, &small) && !is_below(&OF_FORMAT, name) => small,
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_where_their_types_say() {
        let of = "application/vnd.openxmlformats-officedocument.";
        let kind = |rest: &str| format!("{of}{rest}");
        for (name, kind, place) in [
            ("word/document.xml", kind("wordprocessingml.document.main+xml"), "word/document.xml"),
            ("doc/main.dat", kind("wordprocessingml.document.main+xml"), "word/document7.xml"),
            ("xl/feuilles/f.xml", kind("spreadsheetml.worksheet+xml"), "xl/worksheets/part7.xml"),
            ("xl/worksheets/f.dat", kind("spreadsheetml.worksheet+xml"), "xl/worksheets/part7.xml"),
            ("xl/sharedStrings.xml", kind("spreadsheetml.sharedStrings+xml"), "xl/sharedStrings.xml"),
            ("WORD/DOCUMENT.XML", String::new(), "word/document.xml"),
            ("word/a.xml", "application/rtf".to_owned(), "word/afchunk/7"),
            ("docProps/core.xml", String::new(), "docProps/core.xml"),
        ] {
            assert_eq!(placed(name, Some(&kind), 7), place, "{name}");
        }
    }
}
