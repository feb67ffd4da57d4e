//! The words people read, in French and English, from `.ftl` files: what CEREBRO writes by mail, and the catalogue that
//! others make of files of their own. A key missing in a language is caught by a test and, should it slip through, shown
//! as the key itself: never a panic, never the other language.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};
use vocabulary::Locale;

const FR: &str = include_str!("../i18n/fr.ftl");
const EN: &str = include_str!("../i18n/en.ftl");

static MAIL: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FR, EN));

type Bundle = FluentBundle<FluentResource>;

/// The sentences of two files that say the same in each language.
pub struct Catalogue {
    fr: Bundle,
    en: Bundle,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Catalogue")
    }
}

impl Catalogue {
    /// Reads a file of each language.
    #[must_use]
    pub fn new(fr: &str, en: &str) -> Self {
        Self { fr: bundle(langid!("fr-FR"), fr), en: bundle(langid!("en-GB"), en) }
    }

    /// The sentence `key` in `locale`, its `{ $name }`s filled from `values`.
    #[must_use]
    pub fn say(&self, locale: Locale, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let bundle = match locale {
            Locale::Fr => &self.fr,
            Locale::En => &self.en,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let values: FluentArgs<'_> = values.iter().cloned().collect();
        bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }
}

fn bundle(language: LanguageIdentifier, source: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks around values would break searching, copying and comparing what people read.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
    bundle.add_resource_overriding(resource);
    bundle
}

/// A sentence of our mail.
pub(crate) fn say(locale: Locale, key: &str, values: &[(&str, &str)]) -> String {
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
    MAIL.say(locale, key, &values)
}

/// A letter: its subject and its text.
pub(crate) fn letter(locale: Locale, key: &str, values: &[(&str, &str)]) -> (String, String) {
    let subject = say(locale, &format!("{key}-subject"), values);
    (subject, say(locale, key, values) + "\n")
}

#[cfg(test)]
mod tests;
