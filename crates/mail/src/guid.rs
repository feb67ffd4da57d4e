//! Identifiers as Microsoft writes them.

/// Places of the dashes.
const DASHES: [usize; 4] = [8, 13, 18, 23];

/// A GUID in the one form in which labels are compared, small letters and dashes: `{2096F6A2-…}` and `2096f6a2d2f7…` are
/// `2096f6a2-…`. `None` for any other text.
#[must_use]
pub fn guid(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = match text.strip_prefix('{') {
        Some(inner) => inner.strip_suffix('}')?,
        None => text,
    };
    let digits: String = bare.chars().filter(char::is_ascii_hexdigit).collect();
    let dashes: Vec<usize> = bare.match_indices('-').map(|(at, _)| at).collect();
    let is_whole = digits.len() == 32 && digits.len() + dashes.len() == bare.len();
    if !is_whole || !(dashes.is_empty() || dashes == DASHES) {
        return None;
    }
    let mut guid = digits.to_ascii_lowercase();
    for at in DASHES {
        guid.insert(at, '-');
    }
    Some(guid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_one_guid_is_one() {
        const GUID: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";
        for text in [
            GUID,
            " 2096F6A2-D2F7-48BE-B329-B73AAA526E5D\t",
            "{2096f6a2-d2f7-48be-b329-b73aaa526e5d}",
            "2096f6a2d2f748beb329b73aaa526e5d",
            "{2096F6A2D2F748BEB329B73AAA526E5D}",
        ] {
            assert_eq!(guid(text).as_deref(), Some(GUID), "{text}");
        }
    }

    #[test]
    fn what_is_no_guid_is_none() {
        for text in [
            "",
            "{}",
            "2096f6a2-d2f7-48be-b329-b73aaa526e5",
            "2096f6a2-d2f7-48be-b329-b73aaa526e5dd",
            "2096f6a2-d2f748be-b329-b73aaa526e5d",
            "2096f6a-2d2f7-48be-b329-b73aaa526e5d",
            "{2096f6a2-d2f7-48be-b329-b73aaa526e5d",
            "2096f6a2-d2f7-48be-b329-b73aaa526e5d}",
            "2096g6a2-d2f7-48be-b329-b73aaa526e5d",
            "é096f6a2-d2f7-48be-b329-b73aaa526e5d",
            "2096f6a2-d2f7-48be-b329-b73aaa526e5d ou 2096f6a2",
            "Confidentiel",
        ] {
            assert_eq!(guid(text), None, "{text}");
        }
    }
}
