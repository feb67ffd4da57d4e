//! Clients as they are read from a file: each value is brought to the form that texts are compared in, hashed, and forgotten.

use vocabulary::{EmailAddress, bounds};

use super::compare::Mailboxes;
use super::keyed::Keyed;
use super::{ClientNumber, Clients, Kind};
use crate::recipients::is_webmail;
use crate::words::fold;

/// Letters and digits of a number, at least and at most; fewer than five digits are too common.
const NUMBER: std::ops::RangeInclusive<usize> = 6..=40;
const DIGITS_MIN: usize = 5;
/// Words of a name.
pub(super) const NAME_WORDS: std::ops::RangeInclusive<usize> = 2..=4;

/// Why a value cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not a number that stands for one client.
    #[error("a number has 6 to 40 letters and digits, five digits at least")]
    Number,
    /// Not an address.
    #[error("this is no mail address")]
    Email,
    /// Not a telephone number.
    #[error("this is no telephone number: 0123456789 or +33123456789")]
    Phone,
    /// Not a name and a date.
    #[error("a person is a name of two to four words and a date of birth, 1975-03-12 or 12/03/1975")]
    Person,
    /// Neither an address nor a domain, or a domain that is everybody's.
    #[error("a client's own mail is an address, or a domain that is not one of personal mailboxes")]
    Recipient,
    /// More than a file may have.
    #[error("a file has {} identifiers at most", bounds::CLIENT_IDENTIFIERS_MAX)]
    TooMany,
}

/// A client file being read.
pub struct Builder {
    keyed: Keyed,
    pairs: Vec<(u64, ClientNumber)>,
    mailboxes: Vec<(ClientNumber, u64)>,
    lengths: u64,
}

impl Builder {
    /// `key` is the organisation's own.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self { keyed: Keyed::new(key), pairs: Vec::new(), mailboxes: Vec::new(), lengths: 0 }
    }

    /// An account, contract, card or company number, in any grouping.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn number(&mut self, client: ClientNumber, text: &str) -> Result<(), Unfit> {
        let number = number(text);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if !NUMBER.contains(&number.len()) || digits < DIGITS_MIN {
            return Err(Unfit::Number);
        }
        self.lengths |= 1 << number.len();
        self.add(client, Kind::Number, &number)
    }

    /// An address: the client's data in a text, and their own mailbox.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn email(&mut self, client: ClientNumber, text: &str) -> Result<(), Unfit> {
        let address = EmailAddress::parse(text).map_err(|_| Unfit::Email)?.key();
        self.add(client, Kind::Email, &address)?;
        self.add(client, Kind::Recipient, &address)
    }

    /// A telephone number.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn phone(&mut self, client: ClientNumber, text: &str) -> Result<(), Unfit> {
        let phone = phone(text).ok_or(Unfit::Phone)?;
        self.add(client, Kind::Phone, &phone)
    }

    /// A name and a date of birth: neither alone.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn person(&mut self, client: ClientNumber, name: &str, born: &str) -> Result<(), Unfit> {
        let folded = fold(name);
        let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        if !NAME_WORDS.contains(&words.len()) {
            return Err(Unfit::Person);
        }
        words.sort_unstable();
        let date = date(born).ok_or(Unfit::Person)?;
        self.add(client, Kind::Person, &format!("{} {date}", words.join(" ")))
    }

    /// Mail of the client's own besides their addresses: an address, or a domain.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn recipient(&mut self, client: ClientNumber, text: &str) -> Result<(), Unfit> {
        let own = if text.contains('@') {
            EmailAddress::parse(text).map(|address| address.key())
        } else {
            EmailAddress::parse(&format!("x@{text}")).map(|address| address.domain().to_owned())
        };
        let own = own.map_err(|_| Unfit::Recipient)?;
        if is_webmail(&own) {
            return Err(Unfit::Recipient);
        }
        self.add(client, Kind::Recipient, &own)
    }

    fn add(&mut self, client: ClientNumber, kind: Kind, value: &str) -> Result<(), Unfit> {
        if self.pairs.len() >= bounds::CLIENT_IDENTIFIERS_MAX {
            return Err(Unfit::TooMany);
        }
        let hash = self.keyed.of(kind as u8, value);
        if kind == Kind::Recipient {
            self.mailboxes.push((client, hash));
        }
        self.pairs.push((hash, client));
        Ok(())
    }

    /// The clients, ready.
    #[must_use]
    pub fn finish(self) -> Clients {
        self.finish_to_compare().0
    }

    /// The clients, ready, and which of their identifiers are mailboxes: what is kept does not tell.
    #[must_use]
    pub fn finish_to_compare(self) -> (Clients, Mailboxes) {
        let Self { keyed, mut pairs, mailboxes, lengths } = self;
        pairs.sort_unstable();
        pairs.dedup();
        let clients = pairs.iter().map(|(_, client)| *client).max().unwrap_or(0);
        let hashes = pairs.iter().map(|(hash, _)| *hash).collect();
        let owners = pairs.iter().map(|(_, client)| *client).collect();
        drop(pairs);
        (Clients::sorted(keyed, hashes, owners, lengths, clients), Mailboxes::new(mailboxes))
    }
}

/// Letters and digits alone, as the words of a text are folded.
pub(super) fn number(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A column's name as names are compared: small letters and digits alone.
#[must_use]
pub fn plain(name: &str) -> String {
    number(name)
}

/// With the country's code, digits alone: as texts are read.
fn phone(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let digits: String = trimmed.chars().filter(char::is_ascii_digit).collect();
    let odd = |c: char| !(c.is_ascii_digit() || c.is_whitespace() || "+().-/".contains(c));
    let number = if let Some(rest) = digits.strip_prefix("00").filter(|_| !trimmed.starts_with('+')) {
        rest.to_owned()
    } else if trimmed.starts_with('+') {
        digits
    } else {
        format!("33{}", digits.strip_prefix('0')?)
    };
    // The zero that is dialled at home only.
    let number = number.strip_prefix("330").map_or(number.clone(), |rest| format!("33{rest}"));
    (!trimmed.contains(odd) && (8..=15).contains(&number.len())).then_some(number)
}

/// `1975-03-12`, `12/03/1975`, `12.03.1975`: year, month and day in eight digits.
fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split(['-', '/', '.']).collect();
    let [first, month, last] = *parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let number = |text: &str| text.parse::<u32>().ok();
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let real = (1900..=2099).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    real.then(|| format!("{year:04}{month:02}{day:02}"))
}
