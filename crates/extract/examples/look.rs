//! What comes out of files, for whoever works on the extractors: `cargo run -p extract --example look -- FILE…`.
//! It reads in this process: only for files you trust.

use std::io::Write;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        writeln!(out, "=== {path}")?;
        for file in extract::extract_here(&path, "application/octet-stream", &bytes) {
            writeln!(
                out,
                "--- {:?} {} {:?} {:?}",
                file.part.as_str(),
                file.detected_type,
                file.outcome,
                file.features
            )?;
            if let Some(text) = file.outcome.text() {
                writeln!(out, "{}", text.chars().take(1_500).collect::<String>())?;
            }
        }
    }
    Ok(())
}
