//! Text out of XML parts, in one pass, entities of a document type never expanded.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What a reader of XML does with what it meets.
pub(crate) trait Visitor {
    /// A start tag, by local name.
    fn start(&mut self, name: &str, tag: &BytesStart<'_>);
    /// An end tag (also after an empty element).
    fn end(&mut self, name: &str);
    /// Text between tags; false stops the reading.
    fn text(&mut self, text: &str) -> bool;
}

/// Walks through `source`. False when it broke off before the end.
pub(crate) fn walk(source: &str, visitor: &mut dyn Visitor) -> bool {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        let going_on = match reader.read_event() {
            Ok(Event::Eof) => return true,
            Err(_) => return false,
            Ok(Event::Start(tag)) => {
                visitor.start(tag.local_name().as_ref(), &tag);
                true
            }
            Ok(Event::Empty(tag)) => {
                visitor.start(tag.local_name().as_ref(), &tag);
                visitor.end(tag.local_name().as_ref());
                true
            }
            Ok(Event::End(tag)) => {
                visitor.end(tag.local_name().as_ref());
                true
            }
            Ok(Event::Text(text)) => visitor.text(&text.xml10_content()),
            Ok(Event::CData(text)) => visitor.text(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(c)) => visitor.text(c.encode_utf8(&mut [0; 4])),
                _ => visitor.text(predefined(&reference)),
            },
            Ok(_) => true,
        };
        if !going_on {
            return true;
        }
    }
}

/// The five entities every XML knows; others stand for nothing here.
fn predefined(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

/// The value of an attribute, by local name.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(
        quick_xml::escape::unescape(&found.value)
            .map_or_else(|_| found.value.to_string(), |value| value.into_owned()),
    )
}
