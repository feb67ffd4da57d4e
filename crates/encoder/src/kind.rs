//! The two models there are, and what differs between them beside their networks.

use crate::attention::WIDTH;
use crate::embedding::DIMENSIONS;
use crate::model_file::{ModelError, Tables};
use crate::network::{Convolutions, Precision};
use crate::pieces::Marks;
use crate::transformer::Transformer;

/// Which model it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `use-m3-fren`: fast enough for mail on its way.
    First,
    /// `e5-small-fren`: for mail that waits.
    Second,
}

impl Kind {
    /// Numbers of a vector.
    #[must_use]
    pub const fn dimensions(self) -> usize {
        match self {
            Self::First => DIMENSIONS,
            Self::Second => WIDTH,
        }
    }

    /// What stands before each sentence, as the model was taught.
    pub(crate) const fn prompt(self) -> &'static str {
        match self {
            Self::First => "",
            Self::Second => "query: ",
        }
    }

    pub(crate) const fn marks(self) -> Marks {
        match self {
            Self::First => Marks { all: &["<unk>", "<s>", "</s>"], unknown: 0, start: 1, end: 2 },
            Self::Second => Marks { all: &["<s>", "<pad>", "</s>", "<unk>"], unknown: 3, start: 0, end: 2 },
        }
    }
}

/// One of the two networks.
pub(crate) enum Network {
    First(Box<Convolutions>),
    Second(Transformer),
}

impl Network {
    /// Reads whichever the tables are of.
    pub(crate) fn read(tables: &Tables<'_>) -> Result<Self, ModelError> {
        if Transformer::is_in(tables) {
            return Ok(Self::Second(Transformer::read(tables)?));
        }
        Ok(Self::First(Box::new(Convolutions::read(tables)?)))
    }

    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::First(_) => Kind::First,
            Self::Second(_) => Kind::Second,
        }
    }

    /// How many pieces there are rows for.
    pub(crate) fn pieces(&self) -> usize {
        match self {
            Self::First(network) => network.pieces(),
            Self::Second(network) => network.pieces(),
        }
    }

    /// Sentences, each as its pieces' numbers, to unit rows, one after the other. What a sentence gives does not
    /// depend on its neighbours.
    pub(crate) fn encode(&self, sentences: &[&[u32]], precision: Precision) -> Vec<f32> {
        match self {
            Self::First(network) => network.encode(sentences, precision),
            Self::Second(network) => network.encode(sentences, precision),
        }
    }
}
