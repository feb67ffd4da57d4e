//! A model, ready to read sentences.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::cache::{self, Cache};
use crate::embedding::Embedding;
use crate::head::Head;
use crate::kind::{Kind, Network};
use crate::model_file::{ModelError, Tables};
use crate::network::Precision;
use crate::pieces::Pieces;

/// The bytes of a model's three files.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    /// `*.safetensors`, the network.
    pub network: &'a [u8],
    /// `*.vocab.txt`, its pieces.
    pub pieces: &'a [u8],
    /// `*.head.safetensors`, its classes.
    pub head: &'a [u8],
}

/// What a sentence gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its vector.
    pub embedding: Embedding,
    /// How much it is like each of [`Encoder::classes`], per mille.
    pub scores: Vec<u16>,
}

/// A model in memory. Asking it twice gives the same, from the cache or not.
pub struct Encoder {
    pieces: Pieces,
    pub(crate) network: Network,
    head: Head,
    digest: String,
    cache: Mutex<Cache>,
}

impl Encoder {
    /// Reads a model.
    ///
    /// # Errors
    /// [`ModelError`]: the files are not of this form, or not of one model.
    pub fn read(files: Files<'_>) -> Result<Self, ModelError> {
        let tables = Tables::read(files.network)?;
        let network = Network::read(&tables)?;
        let pieces = Pieces::read(files.pieces, &tables, network.kind().marks())?;
        if tables.rows("piece.score")? != network.pieces() {
            return Err(ModelError::Pieces);
        }
        let head = Head::read(&Tables::read(files.head)?, network.kind().dimensions())?;
        Ok(Self { pieces, network, head, digest: digest(files), cache: Mutex::default() })
    }

    /// SHA-256 over the three files, lower-case hexadecimal: what stands in an assessment.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Which of the two it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.network.kind()
    }

    /// The kinds of sentence its head knows.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        self.head.classes()
    }

    /// The numbers of a sentence's pieces, with the marks of its start and end.
    #[must_use]
    pub fn tokens(&self, sentence: &str) -> Vec<u32> {
        match self.kind().prompt() {
            "" => self.pieces.of(sentence),
            prompt => self.pieces.of(&format!("{prompt}{sentence}")),
        }
    }

    /// The unit rows of sentences, before they are rounded, one after the other: for measures.
    #[must_use]
    pub fn rows(&self, sentences: &[&str], precision: Precision) -> Vec<f32> {
        let pieces: Vec<Vec<u32>> = sentences.iter().map(|sentence| self.tokens(sentence)).collect();
        self.network.encode(&pieces.iter().map(Vec::as_slice).collect::<Vec<_>>(), precision)
    }

    /// Reads sentences: what each is like.
    #[must_use]
    pub fn sentences(&self, sentences: &[&str]) -> Vec<Arc<Reading>> {
        let pieces: Vec<Vec<u32>> = sentences.iter().map(|sentence| self.tokens(sentence)).collect();
        let keys: Vec<cache::Key> = pieces.iter().map(|pieces| cache::key(pieces)).collect();
        let mut readings: Vec<Option<Arc<Reading>>> = {
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            keys.iter().map(|key| cache.get(key)).collect()
        };
        let unknown: Vec<&[u32]> = pieces
            .iter()
            .zip(&readings)
            .filter(|(_, known)| known.is_none())
            .map(|(pieces, _)| pieces.as_slice())
            .collect();
        let rows = self.network.encode(&unknown, Precision::Fast);
        let mut read = rows
            .chunks_exact(self.kind().dimensions())
            .map(|row| Arc::new(Reading { embedding: Embedding::of(row), scores: self.head.scores(row) }));
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        for (reading, key) in readings.iter_mut().zip(keys).filter(|(reading, _)| reading.is_none()) {
            *reading = read.next();
            if let Some(reading) = reading {
                cache.put(key, Arc::clone(reading));
            }
        }
        readings.into_iter().flatten().collect()
    }
}

fn digest(files: Files<'_>) -> String {
    let mut hash = Sha256::new();
    for file in [files.network, files.pieces, files.head] {
        hash.update((file.len() as u64).to_be_bytes());
        hash.update(file);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        hex
    })
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoder({})", self.digest)
    }
}
