//! The file that clients come in: a table with a header line, read a line at a time. No value outlives its line.

use std::collections::HashMap;
use std::io::{self, BufRead};

use access::{Operation, OperationError};
use compliance::clients::{Builder, Clients, Mailboxes, Unfit};
use vocabulary::bounds;

use super::key;

/// What a column holds, by the words its name may be.
const COLUMNS: &[(&[&str], Column)] = &[
    (&["client", "clientid", "id", "numeroclient", "customer", "customerid"], Column::Client),
    (
        &[
            "iban", "ibans", "account", "accounts", "compte", "comptes", "number", "numbers", "numero",
            "numeros", "contract", "contrat", "siren", "card", "carte",
        ],
        Column::Number,
    ),
    (&["email", "emails", "mail", "courriel", "courriels"], Column::Email),
    (&["phone", "phones", "telephone", "telephones", "mobile"], Column::Phone),
    (&["name", "nom", "fullname", "nomcomplet"], Column::Name),
    (&["born", "birthdate", "dateofbirth", "naissance", "datedenaissance", "neele"], Column::Born),
    (
        &["recipients", "recipient", "domain", "domains", "domaine", "domaines", "destinataires"],
        Column::Recipient,
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Client,
    Number,
    Email,
    Phone,
    Name,
    Born,
    Recipient,
}

/// Why a file is no client file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Its first line names no client, or nothing of theirs.
    #[error(
        "the first line names a column of clients (client) and others: iban, account, contract, email, phone, name with born, recipients"
    )]
    NoColumns,
    /// Lines that cannot be compared: the first of them, and how many there are.
    #[error("{} lines cannot be read: {}", .count, .first.iter().map(WrongLine::to_string).collect::<Vec<_>>().join("; "))]
    Lines {
        /// At most [`bounds::CLIENT_LINES_TOLD`].
        first: Vec<WrongLine>,
        /// All of them.
        count: usize,
    },
    /// More identifiers than a file may have.
    #[error(transparent)]
    TooMany(Unfit),
    /// It cannot be read, or is not UTF-8.
    #[error("the file cannot be read: {0}")]
    Read(#[from] io::Error),
    /// There is no key.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

/// A line that cannot be compared. What stands in it is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl std::fmt::Display for WrongLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// A client file that was read: hashes alone.
#[derive(Debug)]
pub struct ClientFile {
    clients: Clients,
    mailboxes: Mailboxes,
}

impl ClientFile {
    /// Nobody: the file in force is given up.
    #[must_use]
    pub fn none() -> Self {
        Self { clients: Clients::none(), mailboxes: Mailboxes::default() }
    }

    /// Reads a file: fields parted by `,`, `;` or tabs, as its first line has it, in quotes where they hold one; several values
    /// of one field parted by `|`. A client may have several lines.
    ///
    /// # Errors
    /// [`FileError`]. A file with one wrong line is not imported: half a list of clients would pass for all of it.
    pub fn read(op: &Operation, from: impl BufRead) -> Result<Self, FileError> {
        Self::read_with(key(op)?.expose(), from)
    }

    fn read_with(key: &[u8; 32], from: impl BufRead) -> Result<Self, FileError> {
        let mut lines = from.lines();
        let header = lines.next().transpose()?.unwrap_or_default();
        let header = header.trim_start_matches('\u{feff}');
        let separator =
            [',', '\t', ';'].into_iter().max_by_key(|separator| header.matches(*separator).count());
        let separator = separator.unwrap_or(',');
        let columns: Vec<Option<Column>> =
            fields(header, separator).iter().map(|name| column(name)).collect();
        if !columns.contains(&Some(Column::Client)) || columns.iter().flatten().count() < 2 {
            return Err(FileError::NoColumns);
        }
        let mut reading = Reading { builder: Builder::new(key), numbers: HashMap::new() };
        let (mut first, mut count) = (Vec::new(), 0);
        for (line, text) in (2..).zip(lines) {
            let text = text?;
            if text.trim().is_empty() {
                continue;
            }
            match reading.line(&fields(&text, separator), &columns) {
                Ok(()) => {}
                Err(Wrong::Unfit(Unfit::TooMany)) => return Err(FileError::TooMany(Unfit::TooMany)),
                Err(wrong) => {
                    count += 1;
                    if first.len() < bounds::CLIENT_LINES_TOLD {
                        first.push(WrongLine { line, what: wrong.to_string() });
                    }
                }
            }
        }
        if count > 0 {
            return Err(FileError::Lines { first, count });
        }
        let (clients, mailboxes) = reading.builder.finish_to_compare();
        Ok(Self { clients, mailboxes })
    }

    pub(super) fn into_parts(self) -> (Clients, Mailboxes) {
        (self.clients, self.mailboxes)
    }
}

#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error("it names no client")]
    NoClient,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

struct Reading {
    builder: Builder,
    /// Clients named so far, by their own numbers: dropped with the file.
    numbers: HashMap<String, u32>,
}

impl Reading {
    fn line(&mut self, fields: &[String], columns: &[Option<Column>]) -> Result<(), Wrong> {
        let of = |wanted: Column| {
            let both = columns.iter().zip(fields).filter(move |(column, _)| **column == Some(wanted));
            both.flat_map(|(_, field)| field.split('|')).map(str::trim).filter(|value| !value.is_empty())
        };
        let name = of(Column::Client).next().ok_or(Wrong::NoClient)?;
        let client = match self.numbers.get(name) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.numbers.len() + 1).map_err(|_| Unfit::TooMany)?;
                self.numbers.insert(name.to_owned(), number);
                number
            }
        };
        for value in of(Column::Number) {
            self.builder.number(client, value)?;
        }
        for value in of(Column::Email) {
            self.builder.email(client, value)?;
        }
        for value in of(Column::Phone) {
            self.builder.phone(client, value)?;
        }
        for value in of(Column::Recipient) {
            self.builder.recipient(client, value)?;
        }
        // A date belongs to the name before it; a company has a name and no birth.
        for (name, born) in of(Column::Name).zip(of(Column::Born)) {
            self.builder.person(client, name, born)?;
        }
        Ok(())
    }
}

fn column(name: &str) -> Option<Column> {
    let plain: String = compliance::clients::plain(name);
    COLUMNS.iter().find(|(names, _)| names.contains(&plain.as_str())).map(|(_, column)| *column)
}

/// The fields of a line; a quote inside quotes is doubled.
fn fields(line: &str, separator: char) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut rest = line.trim_end_matches(['\r', '\n']).chars().peekable();
    while let Some(c) = rest.next() {
        let Some(field) = fields.last_mut() else { break };
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            c if c == separator && !quoted => fields.push(String::new()),
            c => field.push(c),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Clients, FileError> {
        ClientFile::read_with(&[5; 32], text.as_bytes()).map(|file| file.into_parts().0)
    }

    #[test]
    fn columns_are_known_by_their_names_and_clients_by_theirs() {
        let clients = read(
            "\u{feff}N° client;Numéro client;IBAN;Courriel;Téléphone;Nom;Date de naissance;Domaines\r\n\
             x;C-1;\"FR76 3000 6000 0112 3456 7890 189|2024-118-00733\";;01 23 45 67 89;Odile Tréhorel;12/03/1975;\r\n\
             \n\
             x;C-2;;agathe.vidal@sableval.example;;;;quillon.example|sableval.example\n\
             x;C-1;FR1420041010050500013M02606;;;;;\n",
        )
        .unwrap();
        assert_eq!(clients.len(), 2);
        // Three accounts, a telephone, a person; an address twice (data, mailbox), two domains.
        assert_eq!(clients.identifiers(), 9);
        assert_eq!(clients.of_number("2024/118/00733"), [1]);
        assert_eq!(clients.of_number("FR1420041010050500013M02606"), [1]);
    }

    #[test]
    fn a_wrong_line_is_told_by_its_number_and_not_repeated() {
        let error =
            read("client,iban\nC-1,FR7630006000011234567890189\nC-2,secret-inconnu\n,FR76300\n").unwrap_err();
        let FileError::Lines { first, count } = &error else { panic!("{error}") };
        assert_eq!((first.iter().map(|wrong| wrong.line).collect::<Vec<_>>(), *count), (vec![3, 4], 2));
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(matches!(read("a,b\n1,2\n"), Err(FileError::NoColumns)));
        assert!(matches!(read("client\n1\n"), Err(FileError::NoColumns)));
        assert!(matches!(read(""), Err(FileError::NoColumns)));
        assert!(matches!(
            ClientFile::read_with(&[0; 32], &b"client,iban\n\xff,1"[..]),
            Err(FileError::Read(_))
        ));
    }
}
