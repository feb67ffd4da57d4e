//! Letters of other alphabets, and letters in boxes, that are drawn like Latin ones.

/// The Latin letter, small, that a letter looks like, else the letter itself.
///
/// From Unicode's confusables (UTS #39), the single letters of Cyrillic, Greek, Armenian, Cherokee and Lisu that common fonts
/// draw as Latin ones, small capitals, and letters in circles and squares that no normal form opens. Capitals have rows of their
/// own: `В` is a `B`, and `в` no `b`. French and English never write them, so nothing is lost by reading them as what they look like.
pub(crate) const fn latin(c: char) -> char {
    match c {
        'а' | 'α' | 'А' | 'Α' | 'Ꭺ' | 'ꓮ' | 'ᴀ' => 'a',
        'ь' | 'Ь' | 'В' | 'Β' | 'Ᏼ' | 'ꓐ' | 'ʙ' => 'b',
        'с' | 'ϲ' | 'С' | 'Ϲ' | 'Ꮯ' | 'ꓚ' | 'ᴄ' => 'c',
        'ԁ' | 'Ԁ' | 'Ꭰ' | 'ꓓ' | 'ᴅ' => 'd',
        'е' | 'ҽ' | 'Е' | 'Ε' | 'Ꭼ' | 'ꓰ' | 'ᴇ' => 'e',
        'Ϝ' | 'ꓝ' | 'ꜰ' => 'f',
        'ɡ' | 'ց' | 'Ԍ' | 'Ꮐ' | 'ꓖ' | 'ɢ' => 'g',
        'һ' | 'հ' | 'Һ' | 'Н' | 'Η' | 'Ꮋ' | 'ꓧ' | 'ʜ' => 'h',
        'і' | 'ι' | 'ı' | 'ӏ' | 'І' | 'Ι' | 'Ӏ' | 'Ꭵ' | 'ꓲ' | 'ɪ' => 'i',
        'ј' | 'Ј' | 'Ϳ' | 'Ꭻ' | 'ꓙ' | 'ᴊ' => 'j',
        'κ' | 'к' | 'К' | 'Κ' | 'Ꮶ' | 'ꓗ' | 'ᴋ' => 'k',
        'Լ' | 'Ꮮ' | 'ꓡ' | 'ʟ' => 'l',
        'М' | 'Μ' | 'Ϻ' | 'Ꮇ' | 'ꓟ' | 'ᴍ' => 'm',
        'ո' | 'Ν' | 'ꓠ' | 'ɴ' => 'n',
        'о' | 'ο' | 'օ' | 'О' | 'Ο' | 'Օ' | 'ꓳ' | 'ᴏ' => 'o',
        'р' | 'ρ' | 'Р' | 'Ρ' | 'Ꮲ' | 'ꓑ' | 'ᴘ' => 'p',
        'ԛ' | 'Ԛ' => 'q',
        'г' | 'Ꭱ' | 'Ꮢ' | 'ꓣ' | 'ʀ' => 'r',
        'ѕ' | 'Ѕ' | 'Տ' | 'Ꮪ' | 'ꓢ' | 'ꜱ' => 's',
        'т' | 'τ' | 'Т' | 'Τ' | 'Ꭲ' | 'ꓔ' | 'ᴛ' => 't',
        'υ' | 'ս' | 'Ս' | 'ꓴ' | 'ᴜ' => 'u',
        'ν' | 'ѵ' | 'Ѵ' | 'Ꮩ' | 'ꓦ' | 'ᴠ' => 'v',
        'ѡ' | 'ω' | 'ԝ' | 'Ԝ' | 'Ꮃ' | 'ꓪ' | 'ᴡ' => 'w',
        'х' | 'χ' | 'Х' | 'Χ' | 'ꓫ' => 'x',
        'у' | 'γ' | 'У' | 'Υ' | 'Ү' | 'Ꭹ' | 'ꓬ' | 'ʏ' => 'y',
        'Ζ' | 'Ꮓ' | 'ꓜ' | 'ᴢ' => 'z',
        // Letters in dark circles and squares, and those of flags.
        '\u{1f150}'..='\u{1f169}' => nth(c, 0x1f150),
        '\u{1f170}'..='\u{1f189}' => nth(c, 0x1f170),
        '\u{1f1e6}'..='\u{1f1ff}' => nth(c, 0x1f1e6),
        _ => c,
    }
}

/// The letter as far from `a` as the character is from `first`.
const fn nth(c: char, first: u32) -> char {
    match char::from_u32('a' as u32 + (c as u32 - first)) {
        Some(letter) => letter,
        None => c,
    }
}
