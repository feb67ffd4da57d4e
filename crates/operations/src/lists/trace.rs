//! A message trace of the mail system the organisation had before: who wrote to whom.
//!
//! Read as what mail administrators export: a table with a header line, fields parted by commas, semicolons or tabs, quotes
//! doubled inside quotes, UTF-8 or the UTF-16 Microsoft's exports are written in. Columns are found by their names, whatever
//! their case, spaces and underscores; other columns are left alone. Several recipients in one field are parted by `;` (with
//! `##` and what became of the message behind each, in Exchange Online's historical search).

use std::collections::HashMap;

use vocabulary::{EmailAddress, bounds};

const SENDER: &[&str] =
    &["senderaddress", "sender", "from", "fromaddress", "originating_address", "mailfrom"];
const RECIPIENT: &[&str] =
    &["recipientaddress", "recipient", "recipients", "to", "toaddress", "recipientstatus", "rcptto"];

/// Why a file is no message trace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// It has more lines than are read.
    #[error("a message trace has {} lines at most: give it in pieces", bounds::TRACE_LINES_MAX)]
    TooLong,
    /// More people wrote to each other than are remembered.
    #[error("a message trace has {} pairs at most: give it in pieces", bounds::TRACE_PAIRS_MAX)]
    TooMany,
    /// Its first line names no sender or no recipient.
    #[error("the first line names no column of senders ({}) and none of recipients ({})", SENDER.join(", "), RECIPIENT.join(", "))]
    NoColumns,
    /// It is neither UTF-8 nor UTF-16.
    #[error("the file is neither UTF-8 nor UTF-16")]
    Encoding,
}

/// Who wrote to whom, and how often: pairs of sender and recipient, both in the form that is compared.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Trace {
    pub(super) pairs: HashMap<(String, String), u32>,
    /// Lines whose addresses are no addresses.
    pub skipped: usize,
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} pairs, {} lines skipped", self.pairs.len(), self.skipped)
    }
}

impl Trace {
    /// Reads a file.
    ///
    /// # Errors
    /// [`TraceError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, TraceError> {
        let text = decode(bytes)?;
        let mut rows = Rows::of(&text);
        let header = rows.next().unwrap_or_default();
        let column = |names: &[&str]| header.iter().position(|field| names.contains(&plain(field).as_str()));
        let (Some(sender), Some(recipient)) = (column(SENDER), column(RECIPIENT)) else {
            return Err(TraceError::NoColumns);
        };
        let mut trace = Self::default();
        for (number, row) in rows.enumerate() {
            if number >= bounds::TRACE_LINES_MAX {
                return Err(TraceError::TooLong);
            }
            trace.add(row.get(sender), row.get(recipient));
            if trace.pairs.len() > bounds::TRACE_PAIRS_MAX {
                return Err(TraceError::TooMany);
            }
        }
        Ok(trace)
    }

    fn add(&mut self, sender: Option<&String>, recipients: Option<&String>) {
        let (Some(sender), Some(recipients)) = (sender, recipients) else {
            self.skipped += 1;
            return;
        };
        let Ok(sender) = EmailAddress::parse(sender.trim()) else {
            self.skipped += 1;
            return;
        };
        for recipient in recipients.split(';') {
            let recipient = recipient.split("##").next().unwrap_or(recipient).trim();
            match EmailAddress::parse(recipient) {
                Ok(recipient) => *self.pairs.entry((sender.key(), recipient.key())).or_default() += 1,
                Err(_) if recipient.is_empty() => {}
                Err(_) => self.skipped += 1,
            }
        }
    }
}

fn plain(field: &str) -> String {
    field.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn decode(bytes: &[u8]) -> Result<String, TraceError> {
    let units = |pair: fn([u8; 2]) -> u16, rest: &[u8]| -> Vec<u16> {
        rest.chunks_exact(2).filter_map(|two| two.try_into().ok()).map(pair).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => String::from_utf16(&units(u16::from_le_bytes, rest)).ok(),
        [0xfe, 0xff, rest @ ..] => String::from_utf16(&units(u16::from_be_bytes, rest)).ok(),
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    }
    .ok_or(TraceError::Encoding)
}

/// The rows of a table; the separator is that of `,`, tab and `;` which stands most often in the first line.
struct Rows<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
}

impl<'a> Rows<'a> {
    fn of(text: &'a str) -> Self {
        let first = text.lines().next().unwrap_or("");
        let separator =
            [',', '\t', ';'].into_iter().max_by_key(|separator| first.matches(*separator).count());
        Self { rest: text.chars().peekable(), separator: separator.unwrap_or(',') }
    }
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        self.rest.peek()?;
        let (mut row, mut field, mut quoted) = (Vec::new(), String::new(), false);
        while let Some(c) = self.rest.next() {
            match c {
                '"' if quoted && self.rest.peek() == Some(&'"') => {
                    self.rest.next();
                    field.push('"');
                }
                '"' => quoted = !quoted,
                '\n' if !quoted => break,
                '\r' if !quoted => {}
                c if c == self.separator && !quoted => row.push(std::mem::take(&mut field)),
                c => field.push(c),
            }
        }
        row.push(field);
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String, u32)> {
        let mut all: Vec<_> = Trace::parse(text.as_bytes())
            .unwrap()
            .pairs
            .into_iter()
            .map(|((sender, recipient), times)| (sender, recipient, times))
            .collect();
        all.sort();
        all
    }

    #[test]
    fn the_forms_mail_systems_export() {
        let expected = [
            ("hugo.perrac@orveane.example".to_owned(), "agathe.vidal@sableval.example".to_owned(), 2),
            ("hugo.perrac@orveane.example".to_owned(), "compta@quillon.example".to_owned(), 1),
        ];
        // Get-MessageTrace | Export-Csv; a historical search; a table of Postfix's own log.
        for text in [
            "\"Received\",\"SenderAddress\",\"RecipientAddress\",\"Subject\"\r\n\"1\",\"Hugo.Perrac@orveane.example\",\"agathe.vidal@sableval.example\",\"a, \"\"b\"\"\r\nc\"\r\n\"2\",\"hugo.perrac@orveane.example\",\"Agathe.Vidal@Sableval.example\",\"\"\r\n\"3\",\"hugo.perrac@orveane.example\",\"compta@quillon.example\",\"\"\r\n",
            "origin_timestamp,sender_address,recipient_status\n1,hugo.perrac@orveane.example,\"agathe.vidal@sableval.example##Receive, Deliver;compta@quillon.example##Receive\"\n2,hugo.perrac@orveane.example,agathe.vidal@sableval.example##Receive",
            "From;To\nhugo.perrac@orveane.example;agathe.vidal@sableval.example\nhugo.perrac@orveane.example;agathe.vidal@sableval.example\nhugo.perrac@orveane.example;compta@quillon.example\n",
        ] {
            assert_eq!(pairs(text), expected, "{text}");
        }
        let wide: Vec<u8> = "Sender\tRecipient\r\na@b.example\tc@d.example\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(Trace::parse(&[&[0xff, 0xfe][..], &wide].concat()).unwrap().pairs.len(), 1);
    }

    #[test]
    fn what_is_no_trace_is_told_and_what_is_no_address_is_counted() {
        assert_eq!(Trace::parse(b"a,b\n1,2\n"), Err(TraceError::NoColumns));
        assert_eq!(Trace::parse(&[0xff, 0x00, 0x80]), Err(TraceError::Encoding));
        let trace =
            Trace::parse(b"sender,recipient\n<>,a@b.example\nx@y.example\na@b.example,nobody\n").unwrap();
        assert_eq!((trace.pairs.len(), trace.skipped), (0, 3));
    }
}
