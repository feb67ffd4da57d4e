//! A sentence cut into pieces: of all ways to cut it, the likeliest, where each piece has a probability of its own
//! (unigram model; the path is Viterbi's).

use vocabulary::bounds;

use crate::model_file::{ModelError, Tables};
use crate::normal_form;

/// The first pieces of a list, which mark and never match what a sentence says.
pub(crate) struct Marks {
    /// They, in their order.
    pub(crate) all: &'static [&'static str],
    /// What stands for a character that no piece has.
    pub(crate) unknown: u32,
    /// Before the first piece.
    pub(crate) start: u32,
    /// After the last.
    pub(crate) end: u32,
}

/// A character that no piece has is this much less likely than the least likely piece.
const UNKNOWN_BELOW: f32 = 10.0;

/// The pieces as a trie of their bytes. The children of a node stand side by side, in the order of their bytes.
pub(crate) struct Pieces {
    /// By node: its first child; the next node's first child is one past its last.
    first: Vec<u32>,
    /// By node: the byte that leads to it.
    byte: Vec<u8>,
    /// By node: the piece that ends there and its log-probability.
    ends: Vec<Option<(u32, f32)>>,
    unknown: f32,
    marks: Marks,
}

impl Pieces {
    /// Reads the list, one piece a line, and their log-probabilities.
    pub(crate) fn read(list: &[u8], tables: &Tables<'_>, marks: Marks) -> Result<Self, ModelError> {
        let count = tables.rows("piece.score")?;
        if count > bounds::ENCODER_PIECES_MAX {
            return Err(ModelError::Pieces);
        }
        let scores = tables.floats("piece.score", &[count])?;
        let list = std::str::from_utf8(list).map_err(|_| ModelError::Pieces)?;
        let lines: Vec<&str> = list.strip_suffix('\n').unwrap_or(list).split('\n').collect();
        if lines.len() != count || !lines.starts_with(marks.all) {
            return Err(ModelError::Pieces);
        }
        let lowest = scores.iter().fold(0.0_f32, |lowest, score| lowest.min(*score));
        let mut pieces: Vec<(&[u8], u32, f32)> = (0_u32..)
            .zip(&lines)
            .zip(&scores)
            .skip(marks.all.len())
            .map(|((id, piece), score)| (piece.as_bytes(), id, *score))
            .collect();
        pieces.sort_unstable_by_key(|(piece, _, _)| *piece);
        let is_long = |piece: &[u8]| piece.is_empty() || piece.len() > bounds::ENCODER_PIECE_BYTES_MAX;
        let twice = pieces.windows(2).any(|pair| matches!(pair, [(a, ..), (b, ..)] if a == b));
        if twice || pieces.iter().any(|(piece, _, _)| is_long(piece)) {
            return Err(ModelError::Pieces);
        }
        Ok(Self::trie(&pieces, lowest - UNKNOWN_BELOW, marks))
    }

    /// Node after node, level after level, each from the stretch of sorted pieces that begin as it does.
    fn trie(pieces: &[(&[u8], u32, f32)], unknown: f32, marks: Marks) -> Self {
        let mut trie = Self { first: Vec::new(), byte: vec![0], ends: Vec::new(), unknown, marks };
        let mut waiting = std::collections::VecDeque::from([(pieces, 0_usize)]);
        while let Some((stretch, depth)) = waiting.pop_front() {
            let (end, longer) = match stretch.split_first() {
                Some(((piece, id, score), longer)) if piece.len() == depth => (Some((*id, *score)), longer),
                _ => (None, stretch),
            };
            trie.ends.push(end);
            trie.first.push(u32::try_from(trie.byte.len()).unwrap_or(u32::MAX));
            for group in longer.chunk_by(|(a, ..), (b, ..)| a.get(depth) == b.get(depth)) {
                trie.byte.push(group.first().and_then(|(piece, ..)| piece.get(depth)).copied().unwrap_or(0));
                waiting.push_back((group, depth + 1));
            }
        }
        trie.first.push(u32::try_from(trie.byte.len()).unwrap_or(u32::MAX));
        trie
    }

    fn child(&self, node: usize, byte: u8) -> Option<usize> {
        let (from, to) = (*self.first.get(node)? as usize, *self.first.get(node + 1)? as usize);
        let bytes = self.byte.get(from..to)?;
        let place = if bytes.len() <= 8 {
            bytes.iter().position(|known| *known == byte)?
        } else {
            bytes.binary_search(&byte).ok()?
        };
        Some(from + place)
    }

    /// The numbers of a sentence's pieces, between the marks of its start and its end; at most
    /// [`bounds::ENCODED_PIECES_MAX`], what follows is left out.
    pub(crate) fn of(&self, sentence: &str) -> Vec<u32> {
        let form = normal_form::normal(sentence);
        let path = self.likeliest(&form);
        // From the last piece back.
        let mut numbers = Vec::with_capacity(path.len() / 3);
        let mut at = form.len();
        while let Some(step) = path.get(at).filter(|_| at > 0) {
            numbers.push(step.piece);
            at = step.from;
        }
        numbers.reverse();
        numbers.truncate(bounds::ENCODED_PIECES_MAX - 2);
        numbers.insert(0, self.marks.start);
        numbers.push(self.marks.end);
        numbers
    }

    /// By byte of the text: the likeliest way to come there.
    fn likeliest(&self, form: &str) -> Vec<Step> {
        let unknown = self.marks.unknown;
        let mut path = vec![Step { score: f32::MIN, from: 0, piece: unknown }; form.len() + 1];
        if let Some(start) = path.first_mut() {
            start.score = 0.0;
        }
        for (at, c) in form.char_indices() {
            let score = path.get(at).map_or(f32::MIN, |step| step.score);
            let next = at + c.len_utf8();
            let (mut node, mut alone) = (0, false);
            for (end, byte) in (at + 1..).zip(form.as_bytes().get(at..).unwrap_or(&[])) {
                let Some(child) = self.child(node, *byte) else { break };
                node = child;
                if let Some((piece, likely)) = self.ends.get(node).copied().flatten() {
                    reach(&mut path, end, Step { score: score + likely, from: at, piece });
                    alone |= end == next;
                }
            }
            if !alone {
                reach(&mut path, next, Step { score: score + self.unknown, from: at, piece: unknown });
            }
        }
        path
    }
}

/// One piece of a way through the text.
#[derive(Clone, Copy)]
struct Step {
    score: f32,
    from: usize,
    piece: u32,
}

/// Of two ways equally likely, the one that began earlier stays.
fn reach(path: &mut [Step], end: usize, step: Step) {
    if let Some(known) = path.get_mut(end).filter(|known| step.score > known.score) {
        *known = step;
    }
}
