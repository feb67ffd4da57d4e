use std::io::Cursor;
use std::path::{Path, PathBuf};

use super::*;

/// SHA-1 of `password`, `P@ssw0rd`, `abc` (FIPS 180-1 appendix A) and of a made-up one, as the published list writes them.
const PUBLISHED: &str = "21BD12DC183F740EE76F27B78EB39C8AD972A757:52579\n\
5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\n\
A9993E364706816ABA3E25717850C26C9CD0D89D:8\n";

fn place(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("cerebro_breached_{}_{name}.list", std::process::id()))
}

fn key(byte: u8) -> Secret<[u8; 32]> {
    Secret::new([byte; 32])
}

fn made(name: &str, published: &str) -> Result<(PathBuf, u64), ListError> {
    let path = place(name);
    let count = import(Cursor::new(published), &path, "2026-11-01", &key(1))?;
    Ok((path, count))
}

fn found(path: &Path, password: &str) -> Found {
    ListFile::open(path, &key(1)).unwrap().look(password)
}

#[test]
fn what_was_published_is_found_and_nothing_else() {
    let (path, count) = made("found", PUBLISHED).unwrap();
    assert_eq!(count, 3);
    for password in ["password", "P@ssw0rd", "abc"] {
        assert_eq!(found(&path, password), Found::Yes, "{password}");
    }
    for password in ["Password", "", "abd", "Quatre-Vingts 9 tilleuls"] {
        assert_eq!(found(&path, password), Found::No, "{password}");
    }
    let list = ListFile::open(&path, &key(1)).unwrap();
    assert_eq!((list.date(), list.len()), ("2026-11-01", 3));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn many_blocks_are_searched_to_their_edges() {
    let keys = BLOCK_KEYS * 2 + 5;
    let mut published = String::new();
    for number in 0..keys {
        published.push_str(&format!("{:012X}{:028X}:1\r\n", number * 3 + 1, 0));
    }
    let (path, count) = made("blocks", &published).unwrap();
    assert_eq!(count, keys as u64);
    let list = ListFile::open(&path, &key(1)).unwrap();
    let key_of = |number: usize| -> Key { *(number as u64).to_be_bytes()[2..].first_chunk().unwrap() };
    for number in [0, 1, BLOCK_KEYS - 1, BLOCK_KEYS, BLOCK_KEYS * 2, keys - 1] {
        assert!(list.holds(key_of(number * 3 + 1)).unwrap(), "{number}");
        assert!(!list.holds(key_of(number * 3 + 2)).unwrap(), "{number}");
    }
    assert!(!list.holds(key_of(0)).unwrap() && !list.holds([0xff; 6]).unwrap());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_published_list_that_is_none_is_refused_by_line() {
    let twice = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:1\n21BD12DC183F740EE76F27B78EB39C8AD972A757:1\n";
    for (published, line) in [(twice, 2), ("password\n", 1), ("zz", 1), (&format!("{PUBLISHED}\n"), 4)] {
        let refused = made("refused", published).unwrap_err();
        assert!(matches!(refused, ListError::Line(at) if at == line), "{refused}");
    }
    assert!(matches!(made("empty", ""), Err(ListError::Empty)));
    for date in ["", "today", "2026-13-01", "26-01-01", "2026-01-01\nx"] {
        let refused = import(Cursor::new(PUBLISHED), &place("date"), date, &key(1));
        assert!(matches!(refused, Err(ListError::Date(_))), "{date}");
    }
    assert!(!place("refused").exists() && !place("empty").exists());
}

#[test]
fn p5_an_altered_list_answers_nothing() {
    let (path, _) = made("altered", PUBLISHED).unwrap();
    assert!(matches!(ListFile::open(&path, &key(2)), Err(ListError::NotOurs)), "another instance's");
    let whole = std::fs::read(&path).unwrap();
    let keys = whole.len() - 3 * BREACHED_KEY_BYTES;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        match ListFile::open(&path, &key(1)) {
            Ok(list) => {
                assert!(at >= keys, "byte {at} of the head is not signed");
                assert_eq!(list.look("password"), Found::Unreadable, "byte {at}");
            }
            Err(error) => assert!(at < keys, "{error}"),
        }
    }
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(ListFile::open(&path, &key(1)).is_err(), "{length} bytes");
    }
    std::fs::remove_file(path).unwrap();
}
