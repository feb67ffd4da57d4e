//! What elements are to a layout: which stand alone, which begin a line, which mail programs put around quotes.

use super::scan::Tag;
use crate::RegionKind;

/// Elements whose content a reader does not see, whatever styles say. `dialog` is shown where it says `open`.
pub(super) fn is_unshown(name: &str, tag: &Tag<'_>) -> bool {
    matches!(name, "template" | "rp" | "datalist" | "audio" | "video" | "canvas" | "mphantom" | "defs")
        || (name == "dialog" && tag.attribute("open").is_none())
}

/// How a style lays an element out, where it says so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Display {
    /// On lines of its own.
    Block,
    /// Within the line.
    Inline,
    /// Within the line, apart from its neighbours.
    Cell,
}

/// The `display` of a style; the last one counts.
pub(super) fn display(tag: &Tag<'_>) -> Option<Display> {
    tag.attribute("style")?.rsplit(';').find_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        if !property.trim().eq_ignore_ascii_case("display") {
            return None;
        }
        let value = value.trim();
        let starts = |known: &str| value.get(..known.len()).is_some_and(|s| s.eq_ignore_ascii_case(known));
        match value {
            _ if starts("table-cell") => Some(Display::Cell),
            _ if starts("inline") || starts("contents") => Some(Display::Inline),
            _ if ["block", "flex", "grid", "list-item", "table", "flow-root"]
                .iter()
                .any(|one| starts(one)) =>
            {
                Some(Display::Block)
            }
            _ => None,
        }
    })
}

/// The element's text is shown from its last character to its first.
pub(super) fn is_reversed(name: &str, tag: &Tag<'_>) -> bool {
    if name == "bdo" {
        return tag.attribute("dir").is_some_and(|dir| dir.trim().eq_ignore_ascii_case("rtl"));
    }
    tag.attribute("style").is_some_and(|style| {
        let style = style.as_bytes();
        memchr::memmem::find(style, b"-override").is_some() && memchr::memmem::find(style, b"rtl").is_some()
    })
}

/// A picture of no width holds the words beside it together.
pub(super) fn is_gap(tag: &Tag<'_>) -> bool {
    let width =
        tag.attribute("width").and_then(|width| width.trim().trim_end_matches("px").parse::<u32>().ok());
    width.is_none_or(|width| width > 2)
}

/// Elements without content.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "img"
            | "hr"
            | "input"
            | "meta"
            | "link"
            | "area"
            | "base"
            | "col"
            | "embed"
            | "source"
            | "wbr"
    )
}

/// Elements that begin and end a line.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "tr"
            | "table"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "center"
            | "form"
            | "dd"
            | "dt"
            | "address"
            | "fieldset"
            | "main"
            | "aside"
            | "nav"
            | "figure"
            | "figcaption"
            | "details"
            | "summary"
            | "dialog"
            | "dl"
            | "legend"
            | "menu"
            | "option"
            | "optgroup"
            | "hgroup"
            | "search"
            | "caption"
            | "body"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "pre"
    )
}

/// Elements that mail programs put around quotes and signatures.
pub(super) fn mark_of(name: &str, tag: &Tag<'_>) -> Option<RegionKind> {
    const QUOTES: &[&str] =
        &["gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix", "gmail_attr"];
    const SIGNATURES: &[&str] = &["gmail_signature", "moz-signature", "protonmail_signature_block"];
    if name == "blockquote" {
        return Some(RegionKind::Quoted);
    }
    let class = tag.attribute("class").unwrap_or("");
    let has = |known: &[&str]| class.split_whitespace().any(|class| known.contains(&class));
    let id = tag.attribute("id").unwrap_or("");
    if has(QUOTES) {
        Some(RegionKind::Quoted)
    } else if has(SIGNATURES) || matches!(id, "Signature" | "ms-outlook-mobile-signature" | "signature") {
        Some(RegionKind::Signature)
    } else {
        None
    }
}

/// Outlook marks where the thread begins, not what it holds.
pub(super) fn starts_thread(tag: &Tag<'_>) -> bool {
    matches!(
        tag.attribute("id"),
        Some("divRplyFwdMsg" | "appendonsend" | "mail-editor-reference-message-container")
    )
}
