//! Layers that are not shown when the file is opened (ISO 32000-1 §8.11): what stands on them is read, and parts nothing that is seen.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{dictionary, dictionary_at};

/// Layers that a file, or a condition, names.
const NAMED_MAX: usize = 10_000;

/// The layers that are off from the start.
pub(super) struct Layers {
    off: BTreeSet<ObjectId>,
}

impl Layers {
    pub(super) fn of(document: &Document) -> Self {
        let mut off = BTreeSet::new();
        let properties =
            document.catalog().ok().and_then(|catalog| dictionary_at(document, catalog, b"OCProperties"));
        if let Some(properties) = properties
            && let Some(from_the_start) = dictionary_at(document, properties, b"D")
        {
            let is_off = from_the_start
                .get(b"BaseState")
                .and_then(Object::as_name)
                .is_ok_and(|state| state.eq_ignore_ascii_case(b"OFF"));
            if is_off {
                off.extend(named(document, properties, b"OCGs"));
                for on in named(document, from_the_start, b"ON") {
                    off.remove(&on);
                }
            }
            off.extend(named(document, from_the_start, b"OFF"));
        }
        Self { off }
    }

    /// Whether a layer, or a condition on several (§8.11.2.2), hides what is on it.
    pub(super) fn hides(&self, document: &Document, layer: &Object) -> bool {
        if layer.as_reference().is_ok_and(|id| self.off.contains(&id)) {
            return true;
        }
        let Some(condition) = dictionary(document, layer) else { return false };
        let layers = named(document, condition, b"OCGs");
        let off = layers.iter().filter(|id| self.off.contains(id)).count();
        !layers.is_empty()
            && match condition.get(b"P").and_then(Object::as_name).unwrap_or(b"AnyOn") {
                b"AllOn" => off > 0,
                b"AnyOff" => off == 0,
                b"AllOff" => off < layers.len(),
                _ => off == layers.len(),
            }
    }
}

/// The objects that a key names: one, or a list.
fn named(document: &Document, of: &Dictionary, key: &[u8]) -> Vec<ObjectId> {
    let Ok(value) = of.get(key) else { return Vec::new() };
    match document.dereference(value) {
        Ok((_, Object::Array(all))) => {
            all.iter().take(NAMED_MAX).filter_map(|one| one.as_reference().ok()).collect()
        }
        _ => value.as_reference().into_iter().collect(),
    }
}
