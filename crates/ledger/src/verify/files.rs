//! Files that are no part of the log of this size. They prove nothing, and the report says that nobody looked at them.

use std::collections::HashSet;
use std::path::Path;

use super::Report;
use crate::export::kept_sizes;
use crate::tile::{WIDTH, bundle_path, hashes_at, tile_path, width_at};

/// Files named one by one; more are counted.
const NAMED_MAX: usize = 5;
/// Files looked at; a directory with more is told so.
const FILES_MAX: usize = 10_000_000;

/// Says which files were not looked at.
pub(super) fn name_others(directory: &Path, size: u64, report: &mut Report) {
    let (mut others, mut seen) = (Vec::new(), 0);
    let mut waiting = vec![String::new()];
    let kept: HashSet<u64> = kept_sizes(directory).into_iter().collect();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(directory.join(&folder)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // A link to a directory is a file here: nothing outside the log is walked.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push(path);
            } else if !belongs(&path, size, &kept) {
                others.push(path);
            }
            seen += 1;
        }
        if seen > FILES_MAX {
            others.push("and all that was not counted".to_owned());
            break;
        }
    }
    if others.is_empty() {
        return;
    }
    others.sort_unstable();
    let more = others.len().saturating_sub(NAMED_MAX);
    let named: Vec<&str> = others.iter().take(NAMED_MAX).map(String::as_str).collect();
    let and = if more == 0 { String::new() } else { format!(" and {more} more") };
    report.not_show(format!(
        "anything about files that are no part of a log of {size} entries: {}{and}",
        named.join(", ")
    ));
}

fn belongs(path: &str, size: u64, kept: &HashSet<u64>) -> bool {
    if matches!(path, "checkpoint" | "vkey") {
        return true;
    }
    if let Some(name) = path.strip_prefix("checkpoints/") {
        return name.parse().is_ok_and(|number: u64| kept.contains(&number) && number.to_string() == name);
    }
    let Some((kind, number)) = path.strip_prefix("tile/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let level = if kind == "entries" { Some(0) } else { kind.parse().ok() };
    let (Some(level), Some(index)) = (level, tile_index(number)) else { return false };
    let width = width_at(level, index, size);
    let expected =
        |width| if kind == "entries" { bundle_path(index, width) } else { tile_path(level, index, width) };
    // The full one may stand in for its partial one.
    hashes_at(level, size) > 0 && width > 0 && (path == expected(width) || path == expected(WIDTH))
}

/// `x001/x234/067` or `x001/x234/067.p/8` as a number.
fn tile_index(path: &str) -> Option<u64> {
    let digits = path.split_once(".p/").map_or(path, |(digits, _)| digits);
    let joined: String = digits.split('/').map(|group| group.trim_start_matches('x')).collect();
    joined.parse().ok()
}
