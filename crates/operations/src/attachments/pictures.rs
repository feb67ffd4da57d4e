//! What is written in the pictures of one attachment, in the attachment itself where it is one.

use extract::{Empty, Extracted, Extraction, Feature, Ocr, Picture, Seen};
use mail::{PlaceKind, Places};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

/// Each picture becomes what is written in it, or says that it was not read. Those there is no time for were not.
///
/// The attachment itself comes first among the files; `attachment` are its bytes.
pub(super) async fn look(found: &mut [Extracted], attachment: &[u8], ocr: Option<&Ocr>, deadline: Instant) {
    let mut looking = JoinSet::new();
    for (at, file) in found.iter_mut().enumerate() {
        let Some(bytes) = picture(at, file, attachment) else { continue };
        let ocr = ocr.cloned();
        // As many at once as there are children; the others wait their turn.
        looking.spawn(async move {
            let seen = timeout_at(deadline, extract::see(ocr.as_ref(), &bytes)).await;
            (at, seen.unwrap_or(Seen::Unread))
        });
    }
    while let Some(seen) = looking.join_next().await {
        let Ok((at, seen)) = seen else { continue };
        if let Some(file) = found.get_mut(at) {
            tell(file, seen);
        }
    }
    // What was lost on the way was not read.
    for file in found.iter_mut() {
        if file.picture.take().is_some() {
            file.features.push(Feature::UnreadPicture);
        }
    }
    read_pages(found);
}

/// The bytes to look at, where the file is a picture that can be looked at; taken out of it.
fn picture(at: usize, file: &mut Extracted, attachment: &[u8]) -> Option<Vec<u8>> {
    let is_picture = file.outcome == Extraction::Nothing(Empty::Image);
    match &mut file.picture {
        Some(Picture(bytes)) => Some(std::mem::take(bytes)),
        None => (is_picture && at == 0).then(|| attachment.to_vec()),
    }
}

fn tell(file: &mut Extracted, seen: Seen) {
    file.picture = None;
    match seen {
        Seen::Text(text) if text.is_empty() => file.outcome = Extraction::Nothing(Empty::NoText),
        Seen::Text(text) => {
            let mut places = Places::default();
            places.mark(0, PlaceKind::Picture, "", 0, 0);
            file.outcome = Extraction::Text { text, places };
        }
        Seen::Small => {}
        Seen::Unread => file.features.push(Feature::UnreadPicture),
    }
}

/// A document whose pages are pictures, each of which was read, is a document that was read.
fn read_pages(found: &mut [Extracted]) {
    let is_unread = |file: &Extracted| file.features.contains(&Feature::UnreadPicture);
    let read: Vec<usize> = found
        .iter()
        .enumerate()
        .filter(|(_, file)| file.features.contains(&Feature::PicturePages) && !is_unread(file))
        .filter(|(_, file)| {
            let start = format!("{}!page ", file.part);
            let mut pages = found.iter().filter(|page| page.part.as_str().starts_with(&start)).peekable();
            pages.peek().is_some() && !pages.any(is_unread)
        })
        .map(|(at, _)| at)
        .collect();
    for at in read {
        if let Some(file) = found.get_mut(at) {
            file.features.retain(|feature| *feature != Feature::PicturePages);
        }
    }
}
