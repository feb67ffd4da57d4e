//! What the reader of TOML did not understand, told apart so that it can be said in any language.

/// What is wrong with the form of a control file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Not TOML: a quote, a bracket, a key written twice.
    Syntax,
    /// A key that has to be there.
    Missing(String),
    /// A key that no control has.
    UnknownKey {
        /// As written.
        found: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A value that is none of those there are.
    Choice {
        /// As written.
        found: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A text where a number belongs, a number where a text belongs, and so on; the value as far as it is short.
    Kind(Option<String>),
    /// A value that is not what its key asks for: no address, no language.
    Value,
}

impl Form {
    /// From the whole text and what its reader said of it.
    pub(super) fn of(text: &str, message: &str) -> Self {
        if toml::from_str::<toml::Table>(text).is_err() {
            return Self::Syntax;
        }
        let (head, rest) = message.split_once(", expected").unwrap_or((message, ""));
        let named = || names(head).into_iter().next();
        if head.starts_with("missing field") {
            return named().map_or(Self::Value, Self::Missing);
        }
        if head.starts_with("unknown field") {
            return named().map_or(Self::Value, |found| Self::UnknownKey { found, known: names(rest) });
        }
        if head.starts_with("unknown variant") {
            return named().map_or(Self::Value, |found| Self::Choice { found, known: names(rest) });
        }
        if head.starts_with("invalid type") { Self::Kind(value(head)) } else { Self::Value }
    }
}

/// What stands between backticks.
fn names(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The value named in `invalid type: string "1"` or in ``invalid type: integer `1` ``, 60 characters at most.
fn value(head: &str) -> Option<String> {
    let quoted = ['"', '`'].into_iter().find_map(|quote| {
        let (_, rest) = head.split_once(quote)?;
        Some(rest.rsplit_once(quote)?.0.to_owned())
    })?;
    (quoted.chars().count() <= 60).then_some(quoted)
}

#[cfg(test)]
mod tests {
    use crate::ControlSet;
    use crate::control::ControlFault;

    use super::Form;

    const GOOD: &str = include_str!("../../../../controls/pii-01.toml");

    /// What a good file with `from` written as `to` is told of its form.
    fn told(from: &str, to: &str) -> Form {
        assert!(GOOD.contains(from), "{from}");
        let errors = ControlSet::parse(&[("a.toml", &GOOD.replacen(from, to, 1))]).unwrap_err();
        match &errors[0].fault {
            ControlFault::Form { what, .. } => what.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Held to what the reader of TOML really says: another wording of another version fails here.
    #[test]
    fn each_form_is_told_from_the_others() {
        assert_eq!(told("mode = \"enforce\"", "mode = enforce"), Form::Syntax);
        assert_eq!(told("mode = \"enforce\"", "mode = \"enforce\"\nmode = \"enforce\""), Form::Syntax);
        assert_eq!(told("mode = \"enforce\"\n", ""), Form::Missing("mode".into()));
        let Form::UnknownKey { found, known } = told("severity = ", "severitee = ") else { panic!() };
        assert!(found == "severitee" && known.contains(&"severity".to_owned()), "{known:?}");
        let known = ["pass", "hold", "refuse"].map(str::to_owned).to_vec();
        assert_eq!(
            told("verdict = \"hold\"", "verdict = \"block\""),
            Form::Choice { found: "block".into(), known }
        );
        assert_eq!(
            told("severity = \"high\"", "severity = \"high\"\nneutral_notice = 3"),
            Form::Kind(Some("3".into()))
        );
        assert_eq!(told("hold_class = \"standard\"", "hold_class = true"), Form::Kind(Some("true".into())));
        assert_eq!(told("[[samples]]\n", "[[samples]]\nrecipients = [\"nobody\"]\n"), Form::Value);
    }
}
