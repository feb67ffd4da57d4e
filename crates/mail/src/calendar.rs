//! iCalendar objects in mail (RFC 5545): what they say, the files in them, and what they cancel (RFC 5546).

use crate::html;
use crate::mime::transfer;

/// A calendar object, read.
pub(crate) struct Calendar {
    /// `METHOD`, in upper case.
    pub(crate) method: String,
    /// The address of `ORGANIZER`, in lower case.
    pub(crate) organizer: String,
    /// Distinct `UID`s.
    pub(crate) uids: Vec<String>,
    /// Its lines unfolded and unescaped, without the files in them.
    pub(crate) text: String,
    /// Files written in it, with their names.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// More files than are kept.
    pub(crate) cut: bool,
}

/// Distinct UIDs kept.
const UIDS_MAX: usize = 100;
/// Files kept.
const FILES_MAX: usize = 20;
/// Values of `BEGIN`, `END` and `VERSION` that every object has.
const USUAL: &[&str] = &[
    "VCALENDAR",
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VTIMEZONE",
    "VALARM",
    "STANDARD",
    "DAYLIGHT",
    "2.0",
    "1.0",
];

/// Reads an object.
pub(crate) fn read(source: &str) -> Calendar {
    let (method, organizer) = (String::new(), String::new());
    let mut calendar =
        Calendar { method, organizer, uids: Vec::new(), text: String::new(), files: Vec::new(), cut: false };
    // RFC 5545 §3.1: a line continues where the next one starts with a blank.
    let unfolded = source.replace("\n ", "").replace("\n\t", "");
    for line in unfolded.lines() {
        let Some((property, value)) = line.split_once(':') else {
            calendar.text.push_str(line);
            calendar.text.push('\n');
            continue;
        };
        let name = property.split(';').next().unwrap_or("").to_ascii_uppercase();
        match name.as_str() {
            "METHOD" => calendar.method = value.trim().to_ascii_uppercase().chars().take(32).collect(),
            "ORGANIZER" if calendar.organizer.is_empty() => {
                // A parameter may hold a colon, or an address of its own (`SENT-BY`): the last one is the value.
                let line = line.to_lowercase();
                let address = line.rsplit_once("mailto:").map_or(value, |(_, address)| address);
                calendar.organizer = address.trim().to_lowercase().chars().take(320).collect();
            }
            "UID" => {
                let uid: String = value.trim().chars().take(255).collect();
                if calendar.uids.len() < UIDS_MAX && !calendar.uids.contains(&uid) {
                    calendar.uids.push(uid);
                }
            }
            "BEGIN" | "END" | "VERSION"
                if USUAL.iter().any(|usual| usual.eq_ignore_ascii_case(value.trim())) =>
            {
                continue;
            }
            _ => {}
        }
        if let Some(bytes) = file(property, value) {
            calendar.cut |= calendar.files.len() == FILES_MAX;
            if calendar.files.len() < FILES_MAX {
                calendar.files.push((file_name(property), bytes));
            }
            continue;
        }
        calendar.text.push_str(property);
        calendar.text.push_str(": ");
        let start = calendar.text.len();
        unescape(value, &mut calendar.text);
        if is_markup(property) {
            let source = calendar.text.split_off(start);
            markup(&source, &mut calendar);
        }
        calendar.text.push('\n');
    }
    calendar
}

/// A description written as a page (`X-ALT-DESC;FMTTYPE=text/html:`, RFC 9073): what Outlook shows.
fn is_markup(property: &str) -> bool {
    let mut parts = property.split(';');
    let is_description = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("X-ALT-DESC"));
    let mut parts = parts.peekable();
    // One that does not say what it is, is a page.
    (is_description && parts.peek().is_none())
        || parts.any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            name.eq_ignore_ascii_case("FMTTYPE")
                && value.trim_matches('"').trim().eq_ignore_ascii_case("text/html")
        })
}

/// Adds what a page says, what its reader does not see of it, and its pictures.
fn markup(source: &str, calendar: &mut Calendar) {
    let page = html::to_text(source);
    calendar.text.push_str(&page.visible);
    calendar.text.push('\n');
    calendar.text.push_str(&page.hidden);
    for (number, bytes) in (1..).zip(page.pictures) {
        calendar.cut |= calendar.files.len() == FILES_MAX;
        if calendar.files.len() < FILES_MAX {
            calendar.files.push((format!("picture {number}"), bytes));
        }
    }
}

/// The file that a line holds: `ATTACH;ENCODING=BASE64;VALUE=BINARY:…`, or an address that is one (`ATTACH:data:…;base64,…`).
fn file(property: &str, value: &str) -> Option<Vec<u8>> {
    if property.to_ascii_uppercase().contains("ENCODING=BASE64") {
        // A parameter may hold a colon: the file stands behind the last.
        let data = value.rsplit_once(':').map_or(value, |(_, data)| data);
        return Some(transfer::base64(data.as_bytes()).bytes);
    }
    let is_data = value.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
    let (_, data) = value.split_once(";base64,").filter(|_| is_data)?;
    Some(transfer::base64(data.as_bytes()).bytes)
}

/// The name a line gives to its file, else what the line is.
fn file_name(property: &str) -> String {
    let mut parameters = property.split(';');
    let kind = parameters.next().unwrap_or("").to_ascii_lowercase();
    let named = parameters.filter_map(|one| one.split_once('=')).find(|(name, _)| {
        ["FILENAME", "X-FILENAME", "X-APPLE-FILENAME", "X-ORACLE-FILENAME"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    });
    named.map_or(kind, |(_, name)| name.trim_matches('"').to_owned())
}

fn unescape(value: &str, out: &mut String) {
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(escaped) => out.push(escaped),
                None => {}
            },
            _ => out.push(c),
        }
    }
}
