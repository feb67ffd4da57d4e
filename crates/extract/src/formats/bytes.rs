//! Little-endian numbers and strings at places that may not exist.

use encoding_rs::{Encoding, WINDOWS_1252};

/// The byte at `at`.
pub(crate) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// Two bytes at `at`.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

/// Four bytes at `at`.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

/// Eight bytes at `at`.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// Four bytes at `at`, as a place or a length.
pub(crate) fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).and_then(|size| usize::try_from(size).ok())
}

/// `len` bytes at `at`; fewer where the bytes end.
pub(crate) fn slice(bytes: &[u8], at: usize, len: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or(&[]);
    rest.get(..len).unwrap_or(rest)
}

/// UTF-16 little-endian; half a character is a replacement character.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| u16::from_le_bytes(*pair)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Text of a Windows code page; what we do not know is read as Western European.
pub(crate) fn code_page(bytes: &[u8], page: u16) -> String {
    encoding(page).decode_without_bom_handling(bytes).0.into_owned()
}

fn encoding(page: u16) -> &'static Encoding {
    use encoding_rs as all;
    match page {
        874 => all::WINDOWS_874,
        932 => all::SHIFT_JIS,
        936 => all::GBK,
        949 => all::EUC_KR,
        950 => all::BIG5,
        1250 => all::WINDOWS_1250,
        1251 => all::WINDOWS_1251,
        1253 => all::WINDOWS_1253,
        1254 => all::WINDOWS_1254,
        1255 => all::WINDOWS_1255,
        1256 => all::WINDOWS_1256,
        1257 => all::WINDOWS_1257,
        1258 => all::WINDOWS_1258,
        10_000 => all::MACINTOSH,
        20_866 => all::KOI8_R,
        28_592 => all::ISO_8859_2,
        54_936 => all::GB18030,
        65_001 => all::UTF_8,
        _ => WINDOWS_1252,
    }
}

/// Up to the first zero.
pub(crate) fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or(&[])
}
