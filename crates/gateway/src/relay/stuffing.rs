//! Dot-stuffing (RFC 5321 §4.5.2): the content as it goes on the wire, in blocks, byte for byte otherwise.

/// Stuffs block after block of one message.
pub(super) struct Stuffing {
    /// The next byte stands at the start of a line.
    line_start: bool,
    empty: bool,
}

impl Stuffing {
    pub(super) fn new() -> Self {
        Self { line_start: true, empty: true }
    }

    /// What ends the message: its final dot, after a CRLF of ours if the content has none.
    pub(super) fn final_dot(&self) -> &'static [u8] {
        if self.line_start { b".\r\n" } else { b"\r\n.\r\n" }
    }

    /// Whether the final dot needed a CRLF before it that the content does not have.
    pub(super) fn adds_crlf(&self) -> bool {
        !self.empty && !self.line_start
    }

    /// Content holds no bare LF (checked before), so a line starts after each LF.
    pub(super) fn stuff(&mut self, block: &[u8], out: &mut Vec<u8>) {
        self.empty &= block.is_empty();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::content::BLOCK_BYTES;
    use crate::session::data::{DataReader, Progress};
    use proptest::prelude::*;

    fn wire_in(content: &[u8], block: usize) -> (Vec<u8>, bool) {
        let (mut stuffing, mut all) = (Stuffing::new(), Vec::new());
        for block in content.chunks(block) {
            stuffing.stuff(block, &mut all);
        }
        all.extend_from_slice(stuffing.final_dot());
        (all, stuffing.adds_crlf())
    }

    fn wire(content: &[u8]) -> Vec<u8> {
        wire_in(content, BLOCK_BYTES).0
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
        assert!(wire_in(b"a", 9).1 && !wire_in(b"", 9).1 && !wire_in(b"a\r\n", 9).1);
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
        fn our_reader_takes_our_stuffing_back(block in 1..300_usize, lines in proptest::collection::vec((0..4_usize, 0..90_usize, any::<u8>()), 0..3_000)) {
            let mut content = Vec::new();
            for (dots, length, byte) in lines {
                content.extend(std::iter::repeat_n(b'.', dots));
                content.extend(std::iter::repeat_n(if matches!(byte, 0 | b'\r' | b'\n') { b'.' } else { byte }, length));
                content.extend_from_slice(b"\r\n");
            }
            let (wire, _) = wire_in(&content, block);
            let mut reader = DataReader::new(usize::MAX, usize::MAX, 0);
            prop_assert_eq!(reader.push(&wire), Progress::End(wire.len()));
            prop_assert!(reader.finish() == Ok(content));
        }
    }
}
