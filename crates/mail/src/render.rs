//! Text a reviewer can safely look at: nothing hides, nothing moves, nothing is loaded.
//!
//! The output is text, never markup: whoever shows it escapes it as any text. Characters that show nothing or
//! change how their neighbours look are replaced by a visible name, so that what a person approves is what stands there.

use std::cell::OnceCell;
use std::fmt;
use std::marker::PhantomData;

use crate::html::{self, HtmlText};

pub use vocabulary::unseen::is_invisible;

/// Markup of unknown origin. It cannot be displayed, only turned into text.
pub enum Untrusted {}

/// HTML, with what is known of it in its type.
pub struct Html<Trust> {
    source: String,
    /// Its texts, read when the first of them is asked for.
    texts: OnceCell<HtmlText>,
    trust: PhantomData<Trust>,
}

impl Html<Untrusted> {
    /// Markup as it came.
    #[must_use]
    pub fn untrusted(source: &str) -> Self {
        Self { source: source.to_owned(), texts: OnceCell::new(), trust: PhantomData }
    }

    /// What its reader sees, as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.texts().visible.clone()
    }

    /// What its reader does not see: hidden elements, comments, values of attributes; one piece a line.
    #[must_use]
    pub fn hidden_text(&self) -> String {
        self.texts().hidden.clone()
    }

    /// Some values of attributes are longer or more than are read.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.texts().cut
    }

    /// The pictures it carries in its addresses, as files, each once; ornaments are left out.
    #[must_use]
    pub fn pictures(&self) -> &[Vec<u8>] {
        &self.texts().pictures
    }

    fn texts(&self) -> &HtmlText {
        self.texts.get_or_init(|| html::to_text(&self.source))
    }
}

impl<Trust> fmt::Debug for Html<Trust> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Html({} bytes)", self.source.len())
    }
}

/// A stretch of displayable text and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What to show: no control, invisible or direction character is left in it, save line ends and tabs.
    pub shown: String,
    /// The stretch stands for characters that cannot be shown; style it apart.
    pub is_mark: bool,
    /// First byte of the stretch in the original text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// Cuts a text into displayable pieces that cover it, so that a finding's offsets still point into it.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match (mark(c), pieces.last_mut()) {
            (Some(shown), _) => pieces.push(Piece { shown, is_mark: true, start: at, end }),
            (None, Some(last)) if !last.is_mark => {
                last.shown.push(c);
                last.end = end;
            }
            (None, _) => pieces.push(Piece { shown: c.to_string(), is_mark: false, start: at, end }),
        }
    }
    pieces
}

/// The whole text, displayable.
#[must_use]
pub fn display(text: &str) -> String {
    pieces(text).into_iter().map(|piece| piece.shown).collect()
}

/// One line, displayable: subjects, names, file names.
#[must_use]
pub fn display_line(text: &str) -> String {
    display(&text.replace(['\r', '\n', '\t'], " "))
}

/// What stands for a character that cannot be shown; `None` for one that can.
fn mark(c: char) -> Option<String> {
    match c {
        '\n' | '\t' => None,
        // The pictures Unicode has for the C0 controls.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\u{7f}' => Some('\u{2421}'.to_string()),
        '\u{202a}' => Some("⟦LRE⟧".to_owned()),
        '\u{202b}' => Some("⟦RLE⟧".to_owned()),
        '\u{202c}' => Some("⟦PDF⟧".to_owned()),
        '\u{202d}' => Some("⟦LRO⟧".to_owned()),
        '\u{202e}' => Some("⟦RLO⟧".to_owned()),
        '\u{2066}' => Some("⟦LRI⟧".to_owned()),
        '\u{2067}' => Some("⟦RLI⟧".to_owned()),
        '\u{2068}' => Some("⟦FSI⟧".to_owned()),
        '\u{2069}' => Some("⟦PDI⟧".to_owned()),
        '\u{ad}' => Some("⟦SHY⟧".to_owned()),
        '\u{200b}' => Some("⟦ZWSP⟧".to_owned()),
        _ if c.is_control() || is_invisible(c) => Some(format!("⟦U+{:04X}⟧", u32::from(c))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(display("fac\u{202e}fdp.exe"), "fac⟦RLO⟧fdp.exe");
        assert_eq!(display("IB\u{200b}AN\0\u{7f}"), "IB⟦ZWSP⟧AN␀␡");
        assert_eq!(display_line("a\r\nb"), "a  b");
        assert_eq!(display("é\u{a0}ﬁn\n"), "é\u{a0}ﬁn\n");
    }

    #[test]
    fn markup_gives_text_only() {
        let html =
            Html::untrusted("<p onclick=x>Bon<img src=https://x.example/p.png>jour</p><script>x</script>");
        assert_eq!(html.to_text().trim(), "Bon jour");
    }

    proptest! {
        #[test]
        fn pieces_cover_the_text_and_hide_nothing(text in "(?s).{0,200}") {
            let pieces = pieces(&text);
            let mut at = 0;
            for piece in &pieces {
                prop_assert_eq!(piece.start, at);
                at = piece.end;
                prop_assert!(!piece.shown.chars().any(|c| is_invisible(c) || (c.is_control() && c != '\n' && c != '\t')));
                prop_assert!(piece.is_mark || piece.shown == text[piece.start..piece.end]);
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
