//! The words of an enum without data: written once, read back as they are written.

/// Not a word of an enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a word of this table")]
pub struct UnknownWord;

/// Gives a public enum its words in tables, entries and JSON: `ALL` in the order written here, `word`, `Display`, and `FromStr`, which
/// reads what `word` says and nothing else. A variant without a word does not compile; of two with one word the second is unreachable,
/// which the compiler tells.
#[macro_export]
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $name {
            /// All of them.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// The word in tables, entries and JSON.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(word: &str) -> Result<Self, $crate::UnknownWord> {
                match word { $($word => Ok(Self::$variant),)* _ => Err($crate::UnknownWord) }
            }
        }
    };
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is for public enums")]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum State {
        Waiting,
        LookedAt,
    }

    words!(State { Waiting = "waiting", LookedAt = "looked_at" });

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        assert_eq!(State::ALL, [State::Waiting, State::LookedAt]);
        for state in State::ALL {
            assert_eq!((state.to_string().as_str(), state.word().parse()), (state.word(), Ok(state)));
        }
        for word in ["", "Waiting", " waiting", "looked at", "waitin"] {
            assert_eq!(word.parse::<State>(), Err(UnknownWord), "{word}");
        }
    }
}
