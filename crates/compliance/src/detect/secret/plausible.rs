//! Whether a value could be a secret, or only stands for one.

/// Words that stand for a value, in small letters.
const PLACEHOLDERS: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "motdepasse",
    "pass",
    "secret",
    "token",
    "changeme",
    "username",
    "user",
    "test",
    "xxx",
    "yyy",
    "example",
    "exemple",
    "your",
    "votre",
    "dummy",
    "redacted",
    "hidden",
    "none",
    "null",
];

/// Names variables, templates or blanks to fill in.
pub(super) fn is_placeholder(value: &str) -> bool {
    let plain: String = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let template = value.starts_with(['$', '<', '[', '%', '*', '(']) && !value.starts_with("$$")
        || ["${", "$(", "{{", "...", "****", "<", "\\n"].iter().any(|mark| value.contains(mark));
    template
        || plain.is_empty()
        || PLACEHOLDERS.contains(&plain.as_str())
        || [
            "xxxx",
            "example",
            "yourpassword",
            "votremotdepasse",
            "putyour",
            "yourtoken",
            "yourkey",
            "0000000",
        ]
        .iter()
        .any(|word| plain.contains(word))
}

/// Characters vary as random ones do: no counting (`abcd1234`), no repeating.
pub(super) fn is_random(value: &str) -> bool {
    let bytes = value.as_bytes();
    let mut seen = [false; 256];
    for byte in bytes {
        if let Some(known) = seen.get_mut(usize::from(*byte)) {
            *known = true;
        }
    }
    let distinct = seen.iter().filter(|known| **known).count();
    let steps =
        bytes.windows(2).filter(|pair| matches!(pair, [a, b] if a == b || a.wrapping_add(1) == *b)).count();
    distinct >= (bytes.len() / 3).clamp(4, 10) && steps * 5 <= bytes.len() * 2
}

/// How many of small letters, capitals, digits and other characters stand in a value.
pub(super) fn classes(value: &str) -> usize {
    let has = |class: fn(char) -> bool| usize::from(value.chars().any(class));
    has(|c| c.is_lowercase())
        + has(|c| c.is_uppercase())
        + has(|c| c.is_numeric())
        + has(|c| !c.is_alphanumeric())
}

/// Letters and digits both.
pub(super) fn is_mixed(value: &str) -> bool {
    value.chars().any(char::is_alphabetic) && value.chars().any(|c| c.is_ascii_digit())
}
