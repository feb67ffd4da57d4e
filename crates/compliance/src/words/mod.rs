//! A text as a list of words: small letters, no accents, and where each stands in the text as given.
//!
//! What people type and what evades are brought to one form: case, accents, ligatures, full-width and mathematical
//! letters (NFKD), invisible characters, Cyrillic and Greek letters that look Latin. Lexicons and the n-gram model read this
//! form, and never another.

mod confusable;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use vocabulary::unseen::{is_blank, is_invisible};

pub(crate) use confusable::latin;

/// Words in order, in one folded string: ` le prix , ` is ` le prix `, each word between single spaces.
#[derive(Debug, Default)]
pub(crate) struct Words {
    folded: String,
    words: Vec<Word>,
}

/// One word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    /// First byte in the folded string.
    at: usize,
    /// Bytes in the folded string.
    length: usize,
    /// First byte in the text.
    pub(crate) start: usize,
    /// One past its last byte in the text.
    pub(crate) end: usize,
    /// Which sentence it stands in, counted from 0.
    pub(crate) sentence: usize,
}

impl Words {
    /// Reads a text. One pass; memory is a small multiple of the text's.
    pub(crate) fn of(text: &str) -> Self {
        let mut words = Self {
            folded: String::with_capacity(text.len() + 2),
            words: Vec::with_capacity(text.len() / 6 + 1),
        };
        words.folded.push(' ');
        let mut reading = Reading::default();
        for (at, c) in text.char_indices() {
            if c.is_ascii_alphanumeric() {
                reading.letter(&mut words.folded, at, at + 1, c.to_ascii_lowercase());
            } else if c.is_ascii() {
                reading.gap(&mut words, text, at, c);
            } else {
                reading.wide(&mut words, text, at, c);
            }
        }
        reading.close(&mut words);
        words
    }

    /// The folded string. Starts and ends with a space when there is a word.
    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }

    /// The words in order.
    pub(crate) fn all(&self) -> &[Word] {
        &self.words
    }

    /// A word's letters and digits, folded.
    pub(crate) fn letters(&self, word: &Word) -> &str {
        self.folded.get(word.at..word.at + word.length).unwrap_or("")
    }

    /// Where each word starts in the folded string.
    pub(crate) fn starts(&self) -> impl Iterator<Item = usize> {
        self.words.iter().map(|word| word.at)
    }
}

/// Where the reading stands.
#[derive(Default)]
struct Reading {
    /// The word being read: first folded byte, first and last byte in the text.
    open: Option<(usize, usize, usize)>,
    sentence: usize,
}

impl Reading {
    fn letter(&mut self, folded: &mut String, start: usize, end: usize, letter: char) {
        let (_, _, last) = self.open.get_or_insert((folded.len(), start, end));
        *last = end;
        folded.push(letter);
    }

    fn close(&mut self, words: &mut Words) {
        let Some((at, start, end)) = self.open.take() else { return };
        words.words.push(Word { at, length: words.folded.len() - at, start, end, sentence: self.sentence });
        words.folded.push(' ');
    }

    /// What is neither letter nor digit ends a word, and may end a sentence.
    fn gap(&mut self, words: &mut Words, text: &str, at: usize, c: char) {
        self.close(words);
        let mut after = text.get(at + c.len_utf8()..).unwrap_or("").chars();
        let ends = match c {
            '.' | '!' | '?' => after.next().is_none_or(char::is_whitespace),
            // An empty line, or the next item of a list; a line alone may be a sentence wrapped.
            '\n' => match after.next() {
                None | Some('\n' | '•') => true,
                Some('-' | '*') => after.next() == Some(' '),
                Some(_) => false,
            },
            '…' => true,
            _ => false,
        };
        self.sentence += usize::from(ends);
    }

    fn wide(&mut self, words: &mut Words, text: &str, at: usize, c: char) {
        let end = at + c.len_utf8();
        if let Some(letter) = accented(c) {
            return self.letter(&mut words.folded, at, end, letter);
        }
        let blank = is_blank(c);
        if !blank && (is_combining_mark(c) || is_invisible(c)) {
            return;
        }
        if blank || !c.is_alphanumeric() {
            return self.gap(words, text, at, c);
        }
        match c {
            'œ' | 'Œ' => ['o', 'e'].into_iter().for_each(|l| self.letter(&mut words.folded, at, end, l)),
            'æ' | 'Æ' => ['a', 'e'].into_iter().for_each(|l| self.letter(&mut words.folded, at, end, l)),
            'ß' => ['s', 's'].into_iter().for_each(|l| self.letter(&mut words.folded, at, end, l)),
            _ => {
                // Capitals look like others than their small letters do: before, and again behind.
                let parts = std::iter::once(c).nfkd().filter(|part| part.is_alphanumeric()).map(latin);
                for letter in parts.flat_map(char::to_lowercase).filter(|part| part.is_alphanumeric()) {
                    self.letter(&mut words.folded, at, end, latin(letter));
                }
            }
        }
    }
}

/// The letters of French, without a table of Unicode.
pub(crate) const fn accented(c: char) -> Option<char> {
    Some(match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'À' | 'Â' | 'Ä' | 'Á' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'î' | 'ï' | 'í' | 'Î' | 'Ï' => 'i',
        'ô' | 'ö' | 'ó' | 'Ô' | 'Ö' => 'o',
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' => 'u',
        'ç' | 'Ç' => 'c',
        'ñ' | 'Ñ' => 'n',
        _ => return None,
    })
}

/// A piece of a lexicon, a name or an issuer, folded as texts are.
pub(crate) fn fold(text: &str) -> String {
    Words::of(text).folded.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_form_for_what_people_type_and_what_evades() {
        for (text, folded) in [
            ("Délit d’initié", "delit d initie"),
            ("DE\u{301}LIT d'Initié", "delit d initie"),
            ("W\u{200b}hats\u{ad}App", "whatsapp"),
            ("ｗｈａｔｓ 𝐚𝐩𝐩 ﬁn", "whats app fin"),
            ("Wһаtsарр", "whatsapp"),
            ("ТRАСFIΝ WНАТSАРР ВNР РАRIВАS", "tracfin whatsapp bnp paribas"),
            ("ᴛʀᴀᴄꜰɪɴ 🅣🆁🅰🅒🅕🅘🅝 ꓔꓣꓮꓚꓝꓲꓠ", "tracfin tracfin tracfin"),
            ("Lormont\u{3164}Acie\u{332}ries\u{2800}OPA", "lormont acieries opa"),
            ("cœur, Œuvre", "coeur oeuvre"),
            ("12 000€ à 8%", "12 000 a 8"),
            ("", ""),
            ("--- !", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let sentences =
            |text: &str| Words::of(text).all().iter().map(|word| word.sentence).collect::<Vec<_>>();
        assert_eq!(sentences("Un deux. Trois"), [0, 0, 1]);
        assert_eq!(sentences("un 3.5 deux"), [0, 0, 0, 0]);
        assert_eq!(sentences("une ligne\ncoupée\n\nautre"), [0, 0, 0, 1]);
        assert_eq!(sentences("- un\n- deux"), [0, 1]);
        assert_eq!(sentences("Quoi ? Rien."), [0, 1]);
    }

    proptest! {
        #[test]
        fn every_word_stands_where_it_says(text in "\\PC{0,60}") {
            let words = Words::of(&text);
            let mut last = 0;
            for (index, word) in words.all().iter().enumerate() {
                prop_assert!(word.start >= last && text.get(word.start..word.end).is_some());
                prop_assert!(!words.letters(word).is_empty());
                prop_assert_eq!(words.starts().nth(index), Some(word.at));
                last = word.end;
            }
        }
    }
}
