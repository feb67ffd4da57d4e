//! One command line → one [`Command`], strictly (RFC 5321 §4.1, RFC 6531, RFC 1870, RFC 6152).
//!
//! Own parser: the lines that reach it end only at CRLF, and anything but printable characters is refused before it is
//! looked at. Choices: verbs and parameter names in any case; spaces after `FROM:`/`TO:` and at the end of a line are
//! tolerated (real servers send them); angle brackets are required; exactly one space elsewhere.

use super::path::{self, Path, PathError};
use super::replies;
use crate::Reply;

/// What a client asks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command<'a> {
    /// The host name or literal, checked by its characters only.
    Helo(&'a str),
    Ehlo(&'a str),
    Mail(Mail),
    Rcpt(Path),
    Data,
    Rset,
    Noop,
    Quit,
    Vrfy,
    Help,
    StartTls,
    /// Known to SMTP, not done here: EXPN, AUTH, BDAT, ETRN, TURN and old kin.
    NotImplemented,
    /// A browser or a proxy, not a mail server.
    Http,
}

/// `MAIL FROM` with its parameters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) path: Path,
    /// `SIZE=`; `u64::MAX` when the number is larger than that.
    pub(crate) size: Option<u64>,
    pub(crate) eight_bit: bool,
    pub(crate) smtputf8: bool,
}

/// Reads a line without its CRLF.
///
/// # Errors
/// The reply to give.
pub(crate) fn parse(line: &[u8]) -> Result<Command<'_>, Reply> {
    if line.iter().any(|byte| byte.is_ascii_control()) {
        return Err(replies::CONTROL_CHARACTER.reply());
    }
    let line = std::str::from_utf8(line).map_err(|_| replies::NOT_UTF8.reply())?;
    let line = line.trim_end_matches(' ');
    let (verb, rest) = match line.split_once(' ') {
        Some((verb, rest)) => (verb, Some(rest)),
        None => (line, None),
    };
    let verb = verb.to_ascii_uppercase();
    if !line.is_ascii() && verb != "MAIL" && verb != "RCPT" {
        return Err(replies::SYNTAX.reply());
    }
    let alone = |command| if rest.is_none() { Ok(command) } else { Err(replies::NO_ARGUMENT.reply()) };
    match verb.as_str() {
        "HELO" => Ok(Command::Helo(host(rest)?)),
        "EHLO" => Ok(Command::Ehlo(host(rest)?)),
        "MAIL" => mail(rest).map(Command::Mail),
        "RCPT" => rcpt(rest).map(Command::Rcpt),
        "DATA" => alone(Command::Data),
        "RSET" => alone(Command::Rset),
        "QUIT" => alone(Command::Quit),
        "STARTTLS" => alone(Command::StartTls),
        "NOOP" => Ok(Command::Noop),
        "HELP" => Ok(Command::Help),
        "VRFY" if rest.is_some() => Ok(Command::Vrfy),
        "VRFY" => Err(replies::SYNTAX.reply()),
        "EXPN" | "AUTH" | "BDAT" | "ETRN" | "ATRN" | "TURN" | "SEND" | "SOML" | "SAML" | "XCLIENT"
        | "XFORWARD" => Ok(Command::NotImplemented),
        "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "CONNECT" | "OPTIONS" | "TRACE" | "PATCH" | "PRI" => {
            Ok(Command::Http)
        }
        _ if line.contains(" HTTP/") || verb == "HOST:" || verb == "USER-AGENT:" => Ok(Command::Http),
        _ => Err(replies::UNKNOWN.reply()),
    }
}

/// RFC 5321 §4.1.1.1 wants a host name or a literal; real servers also send underscores. No more than that.
fn host(rest: Option<&str>) -> Result<&str, Reply> {
    let host = rest.ok_or_else(|| replies::HELO_NEEDS_NAME.reply())?;
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    if host.len() <= vocabulary::address::DOMAIN_BYTES_MAX && host.chars().all(good) {
        Ok(host)
    } else {
        Err(replies::HELO_NEEDS_NAME.reply())
    }
}

fn mail(rest: Option<&str>) -> Result<Mail, Reply> {
    let rest = after_keyword(rest, "FROM:").ok_or_else(|| replies::MAIL_SYNTAX.reply())?;
    let (path, parameters) = path::parse(rest).map_err(|error| match error {
        PathError::Syntax => replies::MAIL_SYNTAX.reply(),
        PathError::Address => replies::SENDER_ADDRESS.reply(),
    })?;
    if path == Path::Postmaster {
        return Err(replies::SENDER_ADDRESS.reply());
    }
    let mut mail = Mail { path, size: None, eight_bit: false, smtputf8: false };
    let mut seen: Vec<String> = Vec::new();
    for parameter in parameters.split(' ').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name.to_ascii_uppercase(), Some(value)),
            None => (parameter.to_ascii_uppercase(), None),
        };
        match (name.as_str(), value) {
            _ if seen.contains(&name) => return Err(replies::PARAMETER_VALUE.reply()),
            ("SIZE", Some(value)) => mail.size = Some(size(value)?),
            ("BODY", Some(value)) if value.eq_ignore_ascii_case("8BITMIME") => mail.eight_bit = true,
            ("BODY", Some(value)) if value.eq_ignore_ascii_case("7BIT") => {}
            ("SMTPUTF8", None) => mail.smtputf8 = true,
            ("SIZE" | "BODY" | "SMTPUTF8", _) => return Err(replies::PARAMETER_VALUE.reply()),
            _ => return Err(replies::PARAMETER_UNKNOWN.reply()),
        }
        seen.push(name);
    }
    match &mail.path {
        Path::Mailbox(address) if address.is_international() && !mail.smtputf8 => {
            Err(replies::NEEDS_SMTPUTF8.reply())
        }
        _ => Ok(mail),
    }
}

fn rcpt(rest: Option<&str>) -> Result<Path, Reply> {
    let rest = after_keyword(rest, "TO:").ok_or_else(|| replies::RCPT_SYNTAX.reply())?;
    let (path, parameters) = path::parse(rest).map_err(|error| match error {
        PathError::Syntax => replies::RCPT_SYNTAX.reply(),
        PathError::Address => replies::RECIPIENT_ADDRESS.reply(),
    })?;
    match path {
        Path::Null => Err(replies::RECIPIENT_ADDRESS.reply()),
        _ if !parameters.is_empty() => Err(replies::PARAMETER_UNKNOWN.reply()),
        path => Ok(path),
    }
}

/// What stands after `FROM:` or `TO:`, spaces before the bracket removed.
fn after_keyword<'a>(rest: Option<&'a str>, keyword: &str) -> Option<&'a str> {
    let (head, tail) = rest?.split_at_checked(keyword.len())?;
    head.eq_ignore_ascii_case(keyword).then(|| tail.trim_start_matches(' '))
}

/// RFC 1870 §3: 1 to 20 digits.
fn size(value: &str) -> Result<u64, Reply> {
    if value.is_empty() || value.len() > 20 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(replies::PARAMETER_VALUE.reply());
    }
    Ok(value.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(line: &str) -> String {
        match parse(line.as_bytes()) {
            Ok(command) => format!("{command:?}"),
            Err(reply) => {
                let mut wire = Vec::new();
                reply.write_to(&mut wire);
                String::from_utf8_lossy(&wire[..9]).into_owned()
            }
        }
    }

    #[test]
    fn a02_verbs_in_any_case_and_spaces() {
        for line in ["ehlo a", "EHLO a", "eHlO a  "] {
            assert_eq!(code(line), "Ehlo(\"a\")");
        }
        for line in ["MAIL FROM:<a@b>", "mail from:<a@b>", "MAIL FROM: <a@b>  ", "MAIL FROM:<a@b> BODY=7bit"]
        {
            assert!(
                code(line).starts_with("Mail(Mail { path: Mailbox(…@b), size: None, eight_bit: false"),
                "{line}"
            );
        }
        for line in
            ["MAIL  FROM:<a@b>", "MAIL FROM <a@b>", "MAIL FROM:a@b", "MAIL", "MAIL FROM:", "MAIL FROM:<a@b"]
        {
            assert_eq!(code(line), "501 5.5.2", "{line}");
        }
    }

    #[test]
    fn a06_control_and_eight_bit_characters() {
        for line in ["MAIL FROM:<a\0@b>", "NOOP\rNOOP", "NOOP\nNOOP", "RCPT TO:<a@b>\n", "NOOP\t", "NOOP\x7f"]
        {
            assert_eq!(code(line), "500 5.5.2", "{line:?}");
        }
        assert!(parse(b"NOOP \xff").is_err());
        assert_eq!(code("NOOP é"), "500 5.5.2");
        assert_eq!(code("EHLO é"), "500 5.5.2");
        assert_eq!(code("MAIL FROM:<é@b>"), "550 5.6.7");
        assert!(code("MAIL FROM:<é@b> SMTPUTF8").starts_with("Mail"));
    }

    #[test]
    fn a08_size_is_a_number() {
        for (value, expected) in [("0", 0), ("12", 12), ("99999999999999999999", u64::MAX)] {
            assert_eq!(size(value).unwrap(), expected);
        }
        for value in ["", "x", "-1", "+1", "1k", "999999999999999999999", "１"] {
            assert!(size(value).is_err(), "{value}");
        }
        assert_eq!(code("MAIL FROM:<a@b> SIZE=garbage"), "501 5.5.4");
        assert_eq!(code("MAIL FROM:<a@b> SIZE"), "501 5.5.4");
        assert_eq!(code("MAIL FROM:<a@b> SIZE=1 SIZE=2"), "501 5.5.4");
        assert_eq!(code("MAIL FROM:<a@b> BODY=BINARYMIME"), "501 5.5.4");
        assert_eq!(code("MAIL FROM:<a@b> RET=FULL"), "555 5.5.4");
        assert_eq!(code("RCPT TO:<a@b> NOTIFY=NEVER"), "555 5.5.4");
    }

    #[test]
    fn arguments_where_none_belong() {
        for line in ["DATA x", "RSET x", "QUIT x", "STARTTLS x"] {
            assert_eq!(code(line), "501 5.5.4", "{line}");
        }
        assert_eq!(code("NOOP whatever"), "Noop");
        assert_eq!(code("EHLO"), "501 5.5.4");
        assert_eq!(code("EHLO a b"), "501 5.5.4");
        assert_eq!(code("EHLO <script>"), "501 5.5.4");
        assert_eq!(code("FOO"), "500 5.5.1");
        assert_eq!(code(""), "500 5.5.1");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(line in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&line);
        }

        #[test]
        fn any_tail_is_read_or_refused(tail in "[ -~é]{0,100}") {
            let _ = parse(format!("MAIL FROM:{tail}").as_bytes());
            let _ = parse(format!("RCPT TO:<{tail}").as_bytes());
        }
    }
}
