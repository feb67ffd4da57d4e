//! Dot-stuffing (RFC 5321 §4.5.2): the content as it goes on the wire, in blocks, byte for byte otherwise.

/// Content bytes of one block. Small mail is one block: its body and the final dot leave in one write.
const BLOCK_BYTES: usize = 64 * 1024;

/// Cuts content into stuffed blocks. The last one ends with the final dot.
pub(super) struct Stuffing<'a> {
    rest: &'a [u8],
    /// The next byte stands at the start of a line.
    line_start: bool,
    done: bool,
}

impl<'a> Stuffing<'a> {
    pub(super) fn new(content: &'a [u8]) -> Self {
        Self { rest: content, line_start: true, done: false }
    }

    /// The next block into `out` (cleared first); true if it is the last.
    pub(super) fn next_block(&mut self, out: &mut Vec<u8>) -> bool {
        out.clear();
        let (block, rest) = self.rest.split_at(self.rest.len().min(BLOCK_BYTES));
        self.rest = rest;
        self.stuff(block, out);
        if rest.is_empty() && !self.done {
            self.done = true;
            out.extend_from_slice(if self.line_start { b".\r\n" } else { b"\r\n.\r\n" });
        }
        self.done
    }

    /// Content holds no bare LF (checked before), so a line starts after each LF.
    fn stuff(&mut self, block: &[u8], out: &mut Vec<u8>) {
        out.reserve(block.len() + block.len() / 32 + 8);
        let mut from = 0;
        if self.line_start && block.first() == Some(&b'.') {
            out.push(b'.');
        }
        for at in memchr::memmem::find_iter(block, b"\n.") {
            out.extend_from_slice(block.get(from..=at).unwrap_or_default());
            out.push(b'.');
            from = at + 1;
        }
        out.extend_from_slice(block.get(from..).unwrap_or_default());
        if let Some(last) = block.last() {
            self.line_start = *last == b'\n';
        }
    }
}

/// Whether the final dot needs a CRLF before it that the content does not have.
pub(super) fn lacks_final_crlf(content: &[u8]) -> bool {
    !content.is_empty() && !content.ends_with(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::data::{DataReader, Progress};
    use proptest::prelude::*;

    fn wire(content: &[u8]) -> Vec<u8> {
        let (mut stuffing, mut all, mut block) = (Stuffing::new(content), Vec::new(), Vec::new());
        loop {
            let last = stuffing.next_block(&mut block);
            all.extend_from_slice(&block);
            if last {
                return all;
            }
        }
    }

    #[test]
    fn b26_dots_and_ends() {
        for (content, expected) in [
            (&b""[..], &b".\r\n"[..]),
            (b"a\r\n", b"a\r\n.\r\n"),
            (b"a", b"a\r\n.\r\n"),
            (b".", b"..\r\n.\r\n"),
            (b".\r\n..\r\na.\r\n", b"..\r\n...\r\na.\r\n.\r\n"),
            (b"\r\n.\r\n", b"\r\n..\r\n.\r\n"),
        ] {
            assert_eq!(wire(content), expected);
        }
        assert!(lacks_final_crlf(b"a") && !lacks_final_crlf(b"") && !lacks_final_crlf(b"a\r\n"));
    }

    #[test]
    fn a_dot_at_the_start_of_a_block_is_stuffed_only_after_a_line_end() {
        for at in 0..4 {
            let mut content = vec![b'x'; BLOCK_BYTES - at];
            content.extend_from_slice(b"\r\n..\r\n.x\r\n");
            let mut reader = DataReader::new(usize::MAX, usize::MAX, 0);
            let wire = wire(&content);
            assert_eq!(reader.push(&wire), Progress::End(wire.len()));
            assert_eq!(reader.finish(), Ok(content));
        }
        let content = [vec![b'x'; BLOCK_BYTES], b".\r\n".to_vec()].concat();
        assert_eq!(wire(&content).len(), content.len() + 3, "no dot added inside a line");
    }

    proptest! {
        #[test]
        fn our_reader_takes_our_stuffing_back(lines in proptest::collection::vec((0..4_usize, 0..90_usize, any::<u8>()), 0..3_000)) {
            let mut content = Vec::new();
            for (dots, length, byte) in lines {
                content.extend(std::iter::repeat_n(b'.', dots));
                content.extend(std::iter::repeat_n(if matches!(byte, 0 | b'\r' | b'\n') { b'.' } else { byte }, length));
                content.extend_from_slice(b"\r\n");
            }
            let wire = wire(&content);
            let mut reader = DataReader::new(usize::MAX, usize::MAX, 0);
            prop_assert_eq!(reader.push(&wire), Progress::End(wire.len()));
            prop_assert!(reader.finish() == Ok(content));
        }
    }
}
