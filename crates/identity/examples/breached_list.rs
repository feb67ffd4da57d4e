//! Makes `data/breached.bin` from a list of passwords, one a line: `cargo run --example breached_list < list > data/breached.bin`.

use std::collections::BTreeSet;
use std::io::{BufRead, Write, stdin, stdout};

use identity::password::{PresentedPassword, breached_key};
use vocabulary::bounds::PASSWORD_CHARS_MIN;

fn main() -> std::io::Result<()> {
    let mut keys = BTreeSet::new();
    for line in stdin().lock().split(b'\n') {
        // A few lines of such lists are not UTF-8: nobody can type them here.
        let Ok(line) = String::from_utf8(line?) else { continue };
        let Ok(password) = PresentedPassword::new(line.trim_end_matches('\r')) else { continue };
        if password.chars() >= PASSWORD_CHARS_MIN {
            keys.insert(breached_key(password.expose()));
        }
    }
    let bytes: Vec<u8> = keys.into_iter().flatten().collect();
    stdout().lock().write_all(&bytes)
}
