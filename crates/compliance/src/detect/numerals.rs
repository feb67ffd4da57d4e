//! Digits of every alphabet: what a phone set to Bengali or Thai writes is a number to who reads it, and to whom it is sent.

/// Where the ten decimal digits of each alphabet begin (Unicode 16.0, general category Nd), ASCII's apart.
const ZEROS: &[u32] = &[
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30,
    0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0,
    0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60,
    0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0,
    0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// Digits in dark circles and in two, which no normal form opens: where they begin, what the first is, how many.
const ENCIRCLED: &[(u32, u8, u32)] =
    &[(0x24F5, 1, 9), (0x24FF, 0, 1), (0x2776, 1, 9), (0x2780, 1, 9), (0x278A, 1, 9)];

/// The digit a character is, as ASCII; `None` for any other, ASCII's own too.
pub(super) fn digit(c: char) -> Option<u8> {
    let c = u32::from(c);
    let decimal = || {
        let zero = *ZEROS.get(ZEROS.partition_point(|zero| *zero <= c).checked_sub(1)?)?;
        u8::try_from(c - zero).ok().filter(|value| *value < 10)
    };
    let encircled = || {
        let &(start, first, _) =
            ENCIRCLED.iter().find(|(start, _, many)| (*start..start + many).contains(&c))?;
        Some(first + u8::try_from(c - start).ok()?)
    };
    decimal().or_else(encircled).map(|value| b'0' + value)
}

/// Whether a text that starts with these bytes may start with a character that folds to a digit. Never wrong
/// when it says no.
pub(super) const fn may_be_wide(lead: u8, second: u8) -> bool {
    match lead {
        // Superscript digits U+00B2, U+00B3, U+00B9.
        0xC2 => matches!(second, 0xB2 | 0xB3 | 0xB9),
        // Arabic U+0660 and U+06F0, N'Ko U+07C0.
        0xD9 | 0xDB => matches!(second, 0xA0..=0xB9),
        0xDF => matches!(second, 0x80..=0x89),
        // The alphabets of India and those that came from them: U+0966 to U+0F29.
        0xE0 => matches!(
            second,
            0xA5 | 0xA7 | 0xA9 | 0xAB | 0xAD | 0xAF | 0xB1 | 0xB3 | 0xB5 | 0xB7 | 0xB9 | 0xBB | 0xBC
        ),
        // Burma to Lepcha and Ol Chiki: U+1040 to U+1C59.
        0xE1 => matches!(second, 0x81 | 0x82 | 0x9F | 0xA0 | 0xA5 | 0xA7 | 0xAA | 0xAD | 0xAE | 0xB1),
        // Superscripts and subscripts U+2070–209F, enclosed U+2460–24FF, in dark circles U+2776–2793.
        0xE2 => matches!(second, 0x81 | 0x82 | 0x91..=0x93 | 0x9D | 0x9E),
        // Vai to Meetei Mayek: U+A620 to U+ABF9.
        0xEA => matches!(second, 0x98 | 0xA3 | 0xA4 | 0xA7 | 0xA9 | 0xAF),
        // Full width U+FF10–FF19.
        0xEF => second == 0xBC,
        // Mathematical, outlined, segmented, and the alphabets beyond U+FFFF.
        0xF0 => matches!(second, 0x90 | 0x91 | 0x96 | 0x9C | 0x9D | 0x9E | 0x9F),
        _ => false,
    }
}
