//! What holds for the crate as a whole.

mod pages;

use std::path::Path;

/// Every source file and template of this crate but its tests, with its text.
pub(crate) fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["src", "templates"] {
        walk(&root.join(folder), &mut found);
    }
    found
}

fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".html") || (name.ends_with(".rs") && name != "tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let own = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
            found.push((name, own));
        }
    }
}
