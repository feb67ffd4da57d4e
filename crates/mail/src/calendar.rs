//! iCalendar objects in mail (RFC 5545): what they say, and what they cancel (RFC 5546).

/// A calendar object, read.
pub(crate) struct Calendar {
    /// `METHOD`, in upper case.
    pub(crate) method: String,
    /// The address of `ORGANIZER`, in lower case.
    pub(crate) organizer: String,
    /// Distinct `UID`s.
    pub(crate) uids: Vec<String>,
    /// Its lines unfolded and unescaped, without inline binary.
    pub(crate) text: String,
}

/// Distinct UIDs kept.
const UIDS_MAX: usize = 100;

/// Reads an object.
pub(crate) fn read(source: &str) -> Calendar {
    let (method, organizer) = (String::new(), String::new());
    let mut calendar = Calendar { method, organizer, uids: Vec::new(), text: String::new() };
    // RFC 5545 §3.1: a line continues where the next one starts with a blank.
    let unfolded = source.replace("\n ", "").replace("\n\t", "");
    for line in unfolded.lines() {
        let Some((property, value)) = line.split_once(':') else { continue };
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
            "BEGIN" | "END" | "VERSION" | "PRODID" => continue,
            "ATTACH" if property.to_ascii_uppercase().contains("BASE64") => continue,
            _ => {}
        }
        calendar.text.push_str(property);
        calendar.text.push_str(": ");
        unescape(value, &mut calendar.text);
        calendar.text.push('\n');
    }
    calendar
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
