//! Every file of the corpus gives text or a stated reason, within bounds; and what is in a file is found in it.

mod corners;
mod corpus;
mod e07;
mod evasions;
mod features;
mod made;
mod pdf;
mod pictures;
mod places;

use crate::{Empty, Extracted, Extraction, extract_here};

/// All the text that came out.
pub(crate) fn all_text(found: &[Extracted]) -> String {
    found.iter().filter_map(|file| file.outcome.text()).collect::<Vec<_>>().join("\n")
}

/// What holds of every outcome.
pub(crate) fn check(found: &[Extracted]) {
    assert!(!found.is_empty());
    for file in found {
        assert!(file.picture.is_none() || file.outcome == Extraction::Nothing(Empty::Image), "{file:?}");
        if let Extraction::Text { text, places } = &file.outcome {
            assert!(!text.trim().is_empty() && text.len() <= vocabulary::bounds::ATTACHMENT_TEXT_BYTES_MAX);
            assert!(places.is_sound(text), "{:?}", file.part);
        }
    }
    let pictures: Vec<usize> =
        found.iter().filter_map(|file| file.picture.as_ref()).map(|picture| picture.0.len()).collect();
    assert!(pictures.len() <= vocabulary::bounds::OCR_PICTURES_MAX);
    assert!(pictures.iter().sum::<usize>() <= vocabulary::bounds::OCR_HANDED_BYTES_MAX);
    let kept: usize = found.iter().filter_map(|file| file.outcome.text()).map(str::len).sum();
    assert!(kept <= vocabulary::bounds::MESSAGE_TEXT_BYTES_MAX);
}

pub(crate) fn look(name: &str, bytes: &[u8]) -> Vec<Extracted> {
    let found = extract_here(name, "application/octet-stream", bytes);
    check(&found);
    found
}
