//! One command line → one [`Command`], strictly (RFC 5321 §4.1, RFC 6531, RFC 1870, RFC 6152, RFC 3461, RFC 4954).
//!
//! Own parser: the lines that reach it end only at CRLF, and anything but printable characters is refused before it is
//! looked at. Choices: verbs and parameter names in any case; spaces after `FROM:`/`TO:` and at the end of a line are
//! tolerated (real servers send them); angle brackets are required; exactly one space elsewhere.

use vocabulary::{Notify, Return, Xtext};

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
    Rcpt(Rcpt),
    Data,
    Rset,
    Noop,
    Quit,
    Vrfy,
    Help,
    StartTls,
    Auth {
        mechanism: &'a str,
        initial: Option<&'a str>,
    },
    /// Known to SMTP, not done here: EXPN, ETRN, TURN and old kin.
    NotImplemented,
    /// `BDAT`, which is not offered: the chunk that follows it may not be read as commands.
    Chunk,
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
    pub(crate) returns: Option<Return>,
    pub(crate) envelope_id: Option<Xtext>,
}

/// `RCPT TO` with its parameters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rcpt {
    pub(crate) path: Path,
    pub(crate) notify: Notify,
    pub(crate) original: Option<Xtext>,
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
        "AUTH" => auth(rest),
        "BDAT" => Ok(Command::Chunk),
        "EXPN" | "ETRN" | "ATRN" | "TURN" | "SEND" | "SOML" | "SAML" | "XCLIENT" | "XFORWARD" => {
            Ok(Command::NotImplemented)
        }
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
    let mut mail =
        Mail { path, size: None, eight_bit: false, smtputf8: false, returns: None, envelope_id: None };
    each_parameter(parameters, |name, value| {
        match (name, value) {
            ("SIZE", Some(value)) => mail.size = Some(size(value)?),
            ("BODY", Some(value)) if value.eq_ignore_ascii_case("8BITMIME") => mail.eight_bit = true,
            ("BODY", Some(value)) if value.eq_ignore_ascii_case("7BIT") => {}
            ("SMTPUTF8", None) => mail.smtputf8 = true,
            ("RET", Some(value)) => mail.returns = Some(value.parse().map_err(|_| bad_value())?),
            ("ENVID", Some(value)) => {
                mail.envelope_id = Some(Xtext::envelope_id(value).map_err(|_| bad_value())?);
            }
            // Who the message is from was decided by what the client proved: read, and dropped (RFC 4954 §5).
            ("AUTH", Some(_)) => {}
            ("SIZE" | "BODY" | "SMTPUTF8" | "RET" | "ENVID" | "AUTH", _) => return Err(bad_value()),
            _ => return Err(replies::PARAMETER_UNKNOWN.reply()),
        }
        Ok(())
    })?;
    match &mail.path {
        Path::Mailbox(address) if address.is_international() && !mail.smtputf8 => {
            Err(replies::NEEDS_SMTPUTF8.reply())
        }
        _ => Ok(mail),
    }
}

fn rcpt(rest: Option<&str>) -> Result<Rcpt, Reply> {
    let rest = after_keyword(rest, "TO:").ok_or_else(|| replies::RCPT_SYNTAX.reply())?;
    let (path, parameters) = path::parse(rest).map_err(|error| match error {
        PathError::Syntax => replies::RCPT_SYNTAX.reply(),
        PathError::Address => replies::RECIPIENT_ADDRESS.reply(),
    })?;
    if path == Path::Null {
        return Err(replies::RECIPIENT_ADDRESS.reply());
    }
    let mut rcpt = Rcpt { path, notify: Notify::default(), original: None };
    each_parameter(parameters, |name, value| {
        match (name, value.filter(|value| !value.is_empty())) {
            ("NOTIFY", Some(value)) => rcpt.notify = value.parse().map_err(|_| bad_value())?,
            ("ORCPT", Some(value)) => {
                rcpt.original = Some(Xtext::original_recipient(value).map_err(|_| bad_value())?);
            }
            ("NOTIFY" | "ORCPT", _) => return Err(bad_value()),
            _ => return Err(replies::PARAMETER_UNKNOWN.reply()),
        }
        Ok(())
    })?;
    Ok(rcpt)
}

/// `NAME` or `NAME=value`, separated by spaces; each name once, in upper case.
fn each_parameter(
    parameters: &str,
    mut take: impl FnMut(&str, Option<&str>) -> Result<(), Reply>,
) -> Result<(), Reply> {
    let mut seen: Vec<String> = Vec::new();
    for parameter in parameters.split(' ').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name.to_ascii_uppercase(), Some(value)),
            None => (parameter.to_ascii_uppercase(), None),
        };
        if seen.contains(&name) {
            return Err(bad_value());
        }
        take(&name, value)?;
        seen.push(name);
    }
    Ok(())
}

fn bad_value() -> Reply {
    replies::PARAMETER_VALUE.reply()
}

/// `AUTH mechanism [initial-response]` (RFC 4954 §4).
fn auth(rest: Option<&str>) -> Result<Command<'_>, Reply> {
    let mut words = rest.unwrap_or_default().split(' ').filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (Some(mechanism), initial, None) => Ok(Command::Auth { mechanism, initial }),
        _ => Err(replies::AUTH_SYNTAX.reply()),
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
        assert_eq!(code("MAIL FROM:<a@b> HOLDFOR=60"), "555 5.5.4");
        assert_eq!(code("RCPT TO:<a@b> X=Y"), "555 5.5.4");
    }

    #[test]
    fn d03_report_parameters_are_read() {
        let Ok(Command::Mail(mail)) = parse(b"MAIL FROM:<a@b> RET=hdrs ENVID=QQ+2B1 AUTH=<>") else {
            panic!()
        };
        assert_eq!((mail.returns, mail.envelope_id.unwrap().as_str()), (Some(Return::Headers), "QQ+2B1"));
        let line = b"RCPT TO:<a@b> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;c@d";
        let Ok(Command::Rcpt(rcpt)) = parse(line) else { panic!() };
        assert!(rcpt.notify.success() && rcpt.notify.delay() && !rcpt.notify.failure());
        assert_eq!(rcpt.original.unwrap().as_str(), "rfc822;c@d");
        for line in [
            "MAIL FROM:<a@b> RET=ALL",
            "MAIL FROM:<a@b> RET",
            "MAIL FROM:<a@b> ENVID=a=b",
            "MAIL FROM:<a@b> ENVID=",
            "MAIL FROM:<a@b> AUTH",
            "RCPT TO:<a@b> NOTIFY=NEVER,SUCCESS",
            "RCPT TO:<a@b> NOTIFY=",
            "RCPT TO:<a@b> NOTIFY",
            "RCPT TO:<a@b> ORCPT=a@b",
            "RCPT TO:<a@b> NOTIFY=NEVER NOTIFY=NEVER",
        ] {
            assert_eq!(code(line), "501 5.5.4", "{line}");
        }
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
