//! The words people read, in French and English, from `i18n/`. A key missing in a language is caught by a test
//! and, should it slip through, shown as the key itself: never a panic, never the other language.

use std::fmt::Display;
use std::sync::LazyLock;

use fluent_bundle::FluentValue;
use operations::words::Catalogue;
use vocabulary::Locale;

use crate::format;

/// The French file.
pub const FR: &str = concat!(
    include_str!("../i18n/fr.ftl"),
    include_str!("../i18n/controls/fr.ftl"),
    include_str!("../i18n/lists/fr.ftl"),
    include_str!("../i18n/guarded/fr.ftl"),
    include_str!("../i18n/control_errors/fr.ftl")
);
/// The English file.
pub const EN: &str = concat!(
    include_str!("../i18n/en.ftl"),
    include_str!("../i18n/controls/en.ftl"),
    include_str!("../i18n/lists/en.ftl"),
    include_str!("../i18n/guarded/en.ftl"),
    include_str!("../i18n/control_errors/en.ftl")
);

static WORDS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FR, EN));

/// The sentence `key` in `locale`, its `{ $name }`s filled from `args`.
#[must_use]
pub fn t(locale: Locale, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
    WORDS.say(locale, key, args)
}

/// A number, however many references a template put before it.
pub trait Count {
    /// The number.
    fn count(&self) -> u64;
}

impl Count for u64 {
    fn count(&self) -> u64 {
        *self
    }
}

impl<C: Count + ?Sized> Count for &C {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

/// The words of one language, as templates use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub Locale);

impl Words {
    /// A sentence without values.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        t(self.0, key, &[])
    }

    /// A sentence with one value.
    #[must_use]
    pub fn with(self, key: &str, name: &str, value: impl Display) -> String {
        t(self.0, key, &[(name, value.to_string().into())])
    }

    /// A sentence with two values.
    #[must_use]
    pub fn with2(self, key: &str, one: &str, value: impl Display, two: &str, other: impl Display) -> String {
        t(self.0, key, &[(one, value.to_string().into()), (two, other.to_string().into())])
    }

    /// A sentence about a number: `$n` chooses the plural form, `$shown` is the number as people write it.
    #[must_use]
    pub fn n(self, key: &str, count: impl Count) -> String {
        let count = count.count();
        t(self.0, key, &[("n", FluentValue::from(count)), ("shown", format::integer(self.0, count).into())])
    }

    /// A number as people write it.
    #[must_use]
    pub fn int(self, number: impl Count) -> String {
        format::integer(self.0, number.count())
    }

    /// The language.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.0.tag()
    }

    /// The other language, offered on every page.
    #[must_use]
    pub fn other(self) -> Locale {
        match self.0 {
            Locale::Fr => Locale::En,
            Locale::En => Locale::Fr,
        }
    }
}

#[cfg(test)]
mod tests;
