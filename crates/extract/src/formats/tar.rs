//! tar (POSIX.1-1988 ustar, with the long names of GNU).

use crate::work::{File, Work};
use crate::{Empty, Reason};

const BLOCK: usize = 512;

/// Looks into each file of a tar.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    work.nothing(file, "application/x-tar", Empty::Container);
    let mut rest = file.bytes;
    let mut long_name: Option<String> = None;
    while let Some((block, after)) = rest.split_at_checked(BLOCK) {
        if block.iter().all(|byte| *byte == 0) {
            rest = after;
            continue;
        }
        let Some(size) = octal(block.get(124..136).unwrap_or(&[])).filter(|_| has_checksum(block)) else {
            return work.rest(file, Reason::Corrupt);
        };
        let padded = size.div_ceil(BLOCK).saturating_mul(BLOCK);
        let content = after.get(..size.min(after.len())).unwrap_or(&[]);
        let kind = block.get(156).copied().unwrap_or(0);
        match kind {
            b'L' => long_name = Some(text(content)),
            0 | b'0' | b'7' => {
                let name = long_name.take().unwrap_or_else(|| name(block));
                if !work.take_member(file) {
                    return;
                }
                let part = file.part.member(&name);
                work.file(&File { part, name: &name, declared: "", bytes: content, depth: file.depth + 1 });
            }
            _ => {}
        }
        if content.len() < size {
            return work.rest(file, Reason::Truncated);
        }
        rest = after.get(padded.min(after.len())..).unwrap_or(&[]);
    }
}

fn name(block: &[u8]) -> String {
    let prefix = if block.get(257..262) == Some(b"ustar") {
        text(block.get(345..500).unwrap_or(&[]))
    } else {
        String::new()
    };
    let name = text(block.get(..100).unwrap_or(&[]));
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or(&[])).into_owned()
}

fn octal(field: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    if digits.is_empty() { Some(0) } else { usize::from_str_radix(digits, 8).ok() }
}

/// The sum of a header block, its own field counted as blanks.
pub(crate) fn has_checksum(block: &[u8]) -> bool {
    let field = 148..156;
    let sum: usize = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if field.contains(&at) { usize::from(b' ') } else { usize::from(*byte) })
        .sum();
    let stored = block.get(field.clone()).and_then(octal);
    stored == Some(sum) && sum > 0
}
