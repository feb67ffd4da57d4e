//! An MTA-STS policy and the record that announces it (RFC 8461 §3).

use std::time::Duration;

use vocabulary::bounds::{MTA_STS_AGE_MAX, MTA_STS_PATTERNS_MAX};

/// What a domain asks of whoever sends to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) mode: Mode,
    /// How long it holds once fetched.
    pub(crate) max_age: Duration,
    /// Host names, or `*.` and a domain.
    mx: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Without a match and a good certificate nothing is delivered.
    Enforce,
    /// Failures are told, mail is delivered.
    Testing,
    /// As without a policy.
    None,
}

/// The text is no policy. The words go to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an MTA-STS policy: {0}")]
pub(crate) struct PolicyFault(&'static str);

impl Policy {
    /// Reads a policy. Unknown keys say nothing; of a key given twice the first counts, but for `mx` (§3.2).
    pub(crate) fn parse(text: &str) -> Result<Self, PolicyFault> {
        let (mut version, mut mode, mut max_age, mut mx) = (None, None, None, Vec::new());
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (key, value) = line.split_once(':').ok_or(PolicyFault("a line is no key and value"))?;
            let (key, value) = (key.trim(), value.trim());
            match key {
                "version" => _ = version.get_or_insert(value),
                "mode" => _ = mode.get_or_insert(value),
                "max_age" => _ = max_age.get_or_insert(value),
                "mx" => mx.push(value.to_ascii_lowercase()),
                _ => {}
            }
        }
        if version != Some("STSv1") {
            return Err(PolicyFault("its version is not STSv1"));
        }
        let mode = match mode {
            Some("enforce") => Mode::Enforce,
            Some("testing") => Mode::Testing,
            Some("none") => Mode::None,
            _ => return Err(PolicyFault("its mode is none we know")),
        };
        let digits = max_age.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let seconds =
            digits.and_then(|text| text.parse().ok()).ok_or(PolicyFault("its max_age is no number"))?;
        if mx.is_empty() && mode != Mode::None {
            return Err(PolicyFault("it names no mx"));
        }
        if mx.len() > MTA_STS_PATTERNS_MAX {
            return Err(PolicyFault("it names too many mx"));
        }
        Ok(Self { mode, max_age: Duration::from_secs(seconds).min(MTA_STS_AGE_MAX), mx })
    }

    /// Whether a mail exchanger is among those the policy names: `*.` stands for exactly one label (§4.1).
    pub(crate) fn names(&self, host: &str) -> bool {
        self.mx.iter().any(|pattern| match pattern.strip_prefix("*.") {
            None => host == pattern,
            Some(domain) => {
                host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest == domain)
            }
        })
    }
}

/// The id that the text records of `_mta-sts.domain` announce; `None`: there is no policy (§3.1).
pub(crate) fn announced<'r>(records: impl Iterator<Item = &'r [u8]>) -> Option<String> {
    let mut all = records.filter_map(|text| std::str::from_utf8(text).ok()).filter(|text| {
        text.strip_prefix("v=STSv1").is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with(';'))
    });
    let (only, None) = (all.next()?, all.next()) else { return None };
    let mut fields = only.split(';').filter_map(|field| field.split_once('='));
    let id = fields.find(|(key, _)| key.trim() == "id")?.1.trim();
    let is_id = (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 8461 §3.2's example.
    const EXAMPLE: &str = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\nmax_age: 604800\n";

    #[test]
    fn c06_policies_that_are_and_are_not() {
        let policy = Policy::parse(EXAMPLE).unwrap();
        assert_eq!((policy.mode, policy.max_age), (Mode::Enforce, Duration::from_secs(604_800)));
        let crlf = Policy::parse(&EXAMPLE.replace('\n', "\r\n")).unwrap();
        assert_eq!(crlf, policy);
        assert_eq!(
            Policy::parse(&format!("{EXAMPLE}mode: none\nnew: thing\n")).unwrap(),
            policy,
            "the first counts"
        );
        let forever = Policy::parse(&EXAMPLE.replace("604800", "99999999999")).unwrap();
        assert_eq!(forever.max_age, MTA_STS_AGE_MAX);
        assert_eq!(Policy::parse("version: STSv1\nmode: none\nmax_age: 86400").unwrap().mode, Mode::None);
        for broken in [
            String::new(),
            EXAMPLE.replace("STSv1", "STSv2"),
            EXAMPLE.replace("enforce", "Enforce"),
            EXAMPLE.replace("604800", "-1"),
            EXAMPLE.replace("max_age", "age"),
            EXAMPLE.replace("mx", "nx"),
            format!("{EXAMPLE}<html>\n"),
            format!("{EXAMPLE}{}", "mx: a.example\n".repeat(MTA_STS_PATTERNS_MAX)),
        ] {
            assert!(Policy::parse(&broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn c06_a_wildcard_is_one_label() {
        let policy = Policy::parse(EXAMPLE).unwrap();
        for (host, named) in [
            ("mail.example.com", true),
            ("a.example.net", true),
            ("a.b.example.net", false),
            ("example.net", false),
            (".example.net", false),
            ("mail.example.com.evil.example", false),
            ("other.example.com", false),
        ] {
            assert_eq!(policy.names(host), named, "{host}");
        }
    }

    #[test]
    fn c06_one_record_announces_one_id() {
        for (records, id) in [
            (&["v=STSv1; id=20160831085700Z;"][..], Some("20160831085700Z")),
            (&["v=STSv1;id=a"], Some("a")),
            (&["v=spf1 -all", "v=STSv1; x=y; id=1; z=w"], Some("1")),
            (&[], None),
            (&["v=STSv1; id=1", "v=STSv1; id=2"], None),
            (&["v=STSv12; id=1"], None),
            (&["v=STSv1; id="], None),
            (&["v=STSv1; id=a b"], None),
            (&["v=STSv1"], None),
            (&[" v=STSv1; id=1"], None),
        ] {
            assert_eq!(announced(records.iter().map(|text| text.as_bytes())).as_deref(), id, "{records:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(version: STSv1\n)?(mode: (enforce|none)\n)?\\PC{0,60}") {
            let _ = Policy::parse(&text);
            let _ = announced(std::iter::once(text.as_bytes()));
        }
    }
}
