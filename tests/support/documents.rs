//! Documentation that is made by tests, so that it cannot fall behind.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Holds the section `name` of a document to `text`. With `CEREBRO_WRITE_DOCS=1` it writes it instead.
pub(crate) fn generated(document: &str, name: &str, text: &str) {
    let path = repository().join(document);
    let whole = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- generated: {name} -->\n"), format!("<!-- end: {name} -->"));
    let from = whole.find(&begin).unwrap_or_else(|| panic!("{document} has no section {name}")) + begin.len();
    let to = from + whole[from..].find(&end).unwrap_or_else(|| panic!("{document}: {name} has no end"));
    let wanted = format!("\n{}\n\n", text.trim());
    if whole[from..to] == wanted {
        return;
    }
    if std::env::var_os("CEREBRO_WRITE_DOCS").is_some() {
        std::fs::write(&path, format!("{}{wanted}{}", &whole[..from], &whole[to..])).unwrap();
        return;
    }
    panic!(
        "{document} is behind in {name}. Write it anew and read the difference:\n\
         CEREBRO_WRITE_DOCS=1 cargo nextest run -p tests -E 'test(documents)'"
    );
}
