//! The pages of a PDF in order, the streams each draws, and the resources it may use.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::{Doubts, dictionary, dictionary_at};
use crate::Reason;

/// Pages read of one file; a later one is unread.
const PAGES_MAX: usize = 20_000;
/// How deep a tree of pages is followed.
const TREE_DEPTH_MAX: usize = 64;

/// The pages, as the tree lists them. What the tree names and does not have is doubted.
pub(super) fn pages<'a>(document: &'a Document, doubts: &mut Doubts) -> Vec<&'a Dictionary> {
    let mut walk = Walk { document, doubts, seen: BTreeSet::new(), found: Vec::new() };
    let root = document.catalog().ok().and_then(|catalog| catalog.get(b"Pages").ok());
    match root {
        Some(root) => walk.node(root, 0),
        None => walk.doubts.say(Reason::Corrupt),
    }
    let Walk { mut found, .. } = walk;
    if found.is_empty() {
        // No tree: whatever says that it is a page.
        found = document.objects.values().filter_map(|object| object.as_dict().ok()).collect();
        found.retain(|page| page.has_type(b"Page"));
        found.truncate(PAGES_MAX);
        doubts.say(Reason::Corrupt);
    }
    found
}

struct Walk<'a, 'd> {
    document: &'a Document,
    doubts: &'d mut Doubts,
    seen: BTreeSet<ObjectId>,
    found: Vec<&'a Dictionary>,
}

impl<'a> Walk<'a, '_> {
    fn node(&mut self, node: &'a Object, depth: usize) {
        let Some(dictionary) = dictionary(self.document, node) else {
            return self.doubts.say(Reason::Corrupt);
        };
        if let Object::Reference(id) = node
            && !self.seen.insert(*id)
        {
            // A page may stand twice; a node above itself may not.
            if dictionary.has(b"Kids") {
                self.doubts.say(Reason::Corrupt);
            }
            return;
        }
        let kids = dictionary.get(b"Kids").ok().and_then(|kids| self.document.dereference(kids).ok());
        match kids.map(|(_, kids)| kids) {
            Some(Object::Array(kids)) if depth < TREE_DEPTH_MAX => {
                for kid in kids {
                    self.node(kid, depth + 1);
                }
            }
            Some(_) => self.doubts.say(Reason::Corrupt),
            None if dictionary.has_type(b"Pages") => {}
            None if self.found.len() < PAGES_MAX => self.found.push(dictionary),
            None => self.doubts.say(Reason::TooMany),
        }
    }
}

/// The streams that make up what a page draws, in order; one that is not there is doubted.
pub(super) fn contents<'a>(
    document: &'a Document,
    page: &'a Dictionary,
    doubts: &mut Doubts,
) -> Vec<&'a Stream> {
    let Ok(contents) = page.get(b"Contents") else { return Vec::new() };
    let all = match document.dereference(contents) {
        Ok((_, Object::Array(all))) => all.as_slice(),
        Ok((_, Object::Null)) => &[],
        _ => std::slice::from_ref(contents),
    };
    let mut streams = Vec::with_capacity(all.len());
    for one in all {
        match document.dereference(one) {
            Ok((_, Object::Stream(stream))) => streams.push(stream),
            Ok((_, Object::Null)) => {}
            _ => doubts.say(Reason::Corrupt),
        }
    }
    streams
}

/// What a page may use by name: its own resources, then those of the nodes above it.
pub(super) fn resources<'a>(document: &'a Document, page: &'a Dictionary) -> Vec<&'a Dictionary> {
    let mut found = Vec::new();
    let mut node = Some(page);
    for _ in 0..TREE_DEPTH_MAX {
        let Some(here) = node else { break };
        found.extend(dictionary_at(document, here, b"Resources"));
        node = dictionary_at(document, here, b"Parent");
    }
    found
}
