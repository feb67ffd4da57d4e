//! Text out of XML parts, in one pass; entities of a document type are put in as far as their bounds go.

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
    let mut entities = Entities::default();
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
                _ => visitor.text(entities.get(&reference)),
            },
            Ok(Event::DocType(declared)) => {
                entities.declare(&declared);
                true
            }
            Ok(_) => true,
        };
        if !going_on {
            return true;
        }
    }
}

/// Entities that a document declares itself.
#[derive(Default)]
struct Entities {
    declared: Vec<(String, String)>,
    /// Bytes that they were put in for.
    given: usize,
}

impl Entities {
    /// Entities kept, bytes of each, and bytes that all may be put in for: a few hundred bytes must not become gigabytes.
    const COUNT_MAX: usize = 64;
    const BYTES_MAX: usize = 4_096;
    const GIVEN_MAX: usize = 1024 * 1024;

    /// Those of `<!ENTITY name "value">`; what stands elsewhere is not fetched.
    fn declare(&mut self, declared: &str) {
        for declaration in declared.split("<!ENTITY").skip(1).take(Self::COUNT_MAX) {
            let Some((name, value)) = declaration.trim_start().split_once(char::is_whitespace) else {
                continue;
            };
            let value = value.trim_start();
            let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let value = quoted.and_then(|quote| value.get(1..)?.split_once(quote)).map(|(value, _)| value);
            if let Some(value) = value.filter(|value| value.len() <= Self::BYTES_MAX) {
                let value = self.expanded(value);
                self.declared.push((name.to_owned(), value));
            }
        }
    }

    /// A value with the characters and the entities declared before it put in.
    fn expanded(&self, value: &str) -> String {
        let known = |name: &str| {
            let found = self.declared.iter().find(|(known, _)| known == name);
            Some(found.map_or_else(|| predefined(name), |(_, value)| value.as_str()))
        };
        let expanded = quick_xml::escape::unescape_with(value, known);
        expanded
            .map_or_else(|_| value.to_owned(), |expanded| expanded.into_owned())
            .chars()
            .take(Self::BYTES_MAX)
            .collect()
    }

    fn get(&mut self, name: &str) -> &str {
        match self.declared.iter().find(|(known, _)| known == name) {
            Some((_, value)) if self.given + value.len() <= Self::GIVEN_MAX => {
                self.given += value.len();
                value
            }
            _ => predefined(name),
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
