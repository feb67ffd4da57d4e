//! Where a message ends. Only `<CRLF>.<CRLF>` ends one (RFC 5321 §4.1.1.4), whatever the segments it comes in.
//!
//! Promises: content without fault comes out byte for byte, one leading dot removed from each line that has one; a bare
//! CR, a bare LF or a NUL anywhere is a fault of the whole message, so that no neighbour can see an end where we saw
//! none (SMTP smuggling, VU#302671). Memory stays under the limit handed in whatever is sent; who takes what was read so
//! far ([`DataReader::take`]) bounds it further.
//!
//! The reader looks for line ends with `memchr` and copies whole runs: cost is per line, not per byte.

#[cfg(test)]
mod tests;

/// Why a message is not taken. The first fault met is kept, but a bare line end or a NUL goes before a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A CR that no LF follows, or an LF that no CR precedes.
    BareLineEnd,
    /// A NUL.
    Nul,
    /// A line over [`SMTP_CONTENT_LINE_BYTES_MAX`](vocabulary::bounds::SMTP_CONTENT_LINE_BYTES_MAX).
    LineTooLong,
    /// More than the limit.
    TooLarge,
}

/// What one push did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// All bytes were taken; the message goes on.
    More,
    /// The message ended after this many of the pushed bytes; the rest are not the message's.
    End(usize),
}

/// The state between two pushed chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// After CRLF, or at the very start.
    LineStart,
    /// Inside a line.
    Line,
    /// After a CR inside a line (it is in the content already).
    Cr,
    /// After the dot that starts a line (it is not in the content).
    Dot,
    /// After CR after that dot (the CR is not in the content).
    DotCr,
}

/// Reads the content of one message, chunk by chunk.
#[derive(Debug)]
pub struct DataReader {
    content: Vec<u8>,
    /// Bytes of content taken before.
    taken: usize,
    /// No byte above 127 was taken.
    ascii: bool,
    state: State,
    fault: Option<Fault>,
    bytes_max: usize,
    line_max: usize,
    /// Bytes of the current line so far, its CR included.
    line: usize,
    longest_line: usize,
}

impl DataReader {
    /// A reader that keeps at most `bytes_max` bytes in lines of at most `line_max`; `expected` bytes are reserved.
    #[must_use]
    pub fn new(bytes_max: usize, line_max: usize, expected: usize) -> Self {
        Self {
            content: Vec::with_capacity(expected),
            taken: 0,
            ascii: true,
            state: State::LineStart,
            fault: None,
            bytes_max,
            line_max,
            line: 0,
            longest_line: 0,
        }
    }

    /// The first fault so far. After one, content is no longer kept but the end is still looked for.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Bytes of content so far, those taken included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.taken + self.content.len()
    }

    /// There was no content so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The content that was not taken yet.
    #[must_use]
    pub fn waiting(&self) -> &[u8] {
        &self.content
    }

    /// Takes the content read so far out of memory; reading goes on. Nothing may be done with it that a fault found
    /// later could not undo.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        let content = std::mem::take(&mut self.content);
        self.taken += content.len();
        self.ascii &= content.is_ascii();
        content
    }

    /// No byte above 127 so far.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.ascii && self.content.is_ascii()
    }

    /// Bytes of the longest line so far, without CRLF.
    #[must_use]
    pub fn longest_line(&self) -> usize {
        self.longest_line
    }

    /// Gives up the content: it counts as [`Fault::TooLarge`] from here, and only the end is looked for.
    pub fn discard(&mut self) {
        self.set_fault(Fault::TooLarge);
    }

    /// The content that was not taken, or why there is none.
    ///
    /// # Errors
    /// The first fault.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(self.content),
        }
    }

    /// Takes the next bytes from the wire, split anywhere.
    pub fn push(&mut self, chunk: &[u8]) -> Progress {
        let mut at = 0;
        while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
            match self.step(rest) {
                Some(taken) => at += taken,
                None => return Progress::End(at + 1),
            }
        }
        Progress::More
    }

    /// Takes some bytes of a chunk that is not empty: how many, or `None` when its first byte is the LF that ends the
    /// message.
    fn step(&mut self, rest: &[u8]) -> Option<usize> {
        let first = rest.first().copied().unwrap_or(0);
        match (self.state, first) {
            (State::LineStart, b'.') => {
                self.state = State::Dot;
                Some(1)
            }
            (State::LineStart | State::Line, _) => Some(self.run(rest)),
            (State::Cr, b'\n') => {
                self.line_end();
                self.keep(b"\n");
                Some(1)
            }
            (State::Cr, _) => {
                self.set_fault(Fault::BareLineEnd);
                self.state = State::Line;
                Some(0)
            }
            (State::Dot, b'\r') => {
                self.state = State::DotCr;
                Some(1)
            }
            // Dot-unstuffing: the dot is gone, what follows is an ordinary line.
            (State::Dot, _) => {
                self.state = State::Line;
                Some(0)
            }
            (State::DotCr, b'\n') => None,
            (State::DotCr, _) => {
                self.keep(b"\r");
                self.state = State::Cr;
                Some(0)
            }
        }
    }

    /// Whole lines, as far as they are plain: up to a chunk's end, a faulty byte or a dot at the start of a line.
    fn run(&mut self, rest: &[u8]) -> usize {
        self.state = State::Line;
        let mut at = 0;
        loop {
            let tail = rest.get(at..).unwrap_or_default();
            let Some(found) = memchr::memchr3(b'\r', b'\n', 0, tail) else {
                self.line += tail.len();
                self.check_line();
                at = rest.len();
                break;
            };
            self.line += found;
            self.check_line();
            at += found;
            match (tail.get(found), tail.get(found + 1), tail.get(found + 2)) {
                (Some(b'\r'), Some(b'\n'), Some(b'.')) => {
                    at += 2;
                    self.line_end();
                    break;
                }
                (Some(b'\r'), Some(b'\n'), _) => {
                    at += 2;
                    self.line_end();
                    self.state = State::Line;
                }
                (Some(b'\r'), None, _) => {
                    at += 1;
                    self.state = State::Cr;
                    break;
                }
                (Some(0), _, _) => {
                    at += 1;
                    self.line += 1;
                    self.set_fault(Fault::Nul);
                }
                _ => {
                    at += 1;
                    self.line += 1;
                    self.set_fault(Fault::BareLineEnd);
                }
            }
            if at >= rest.len() {
                if self.line == 0 {
                    self.state = State::LineStart;
                }
                break;
            }
        }
        self.keep(rest.get(..at).unwrap_or_default());
        at
    }

    fn line_end(&mut self) {
        self.longest_line = self.longest_line.max(self.line);
        self.line = 0;
        self.state = State::LineStart;
    }

    fn check_line(&mut self) {
        if self.line > self.line_max {
            self.set_fault(Fault::LineTooLong);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.fault.is_none() && self.len() + bytes.len() > self.bytes_max {
            self.set_fault(Fault::TooLarge);
        }
        if self.fault.is_none() {
            self.content.extend_from_slice(bytes);
        }
    }

    fn set_fault(&mut self, fault: Fault) {
        // What could be smuggling says more than what is merely too much.
        let outranks = matches!(self.fault, Some(Fault::TooLarge | Fault::LineTooLong))
            && matches!(fault, Fault::BareLineEnd | Fault::Nul);
        if self.fault.is_none() || outranks {
            self.fault = Some(fault);
            self.content = Vec::new();
        }
    }
}

/// What is wrong with bytes that are to be sent as content, if anything: the same rules as for what comes in.
///
/// # Errors
/// A bare CR or LF, or a NUL. Length is not judged.
pub fn check_content(content: &[u8]) -> Result<(), Fault> {
    let mut rest = content;
    while let Some(found) = memchr::memchr3(b'\r', b'\n', 0, rest) {
        match (rest.get(found), rest.get(found + 1)) {
            (Some(b'\r'), Some(b'\n')) => rest = rest.get(found + 2..).unwrap_or_default(),
            (Some(0), _) => return Err(Fault::Nul),
            _ => return Err(Fault::BareLineEnd),
        }
    }
    Ok(())
}
