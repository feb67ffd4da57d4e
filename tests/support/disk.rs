//! A program whose disk is watched: `tests/disk/shim.c` stands in between.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::program::Environment;

/// What a program is started with so that its disk is watched.
pub(crate) struct Watched {
    root: PathBuf,
    pub(crate) trace: PathBuf,
}

impl Watched {
    /// Watches `root`; the trace is kept beside it.
    pub(crate) fn new(root: &Path) -> Self {
        let mut trace = root.as_os_str().to_owned();
        trace.push(".trace");
        let watched = Self { root: root.to_owned(), trace: trace.into() };
        let _ = std::fs::remove_file(&watched.trace);
        watched
    }

    /// The environment of the program, with its operations recorded.
    pub(crate) fn recorded(&self) -> Environment {
        vec![
            ("LD_PRELOAD", shim().into()),
            ("CEREBRO_DISK_ROOT", self.root.clone().into()),
            ("CEREBRO_DISK_TRACE", self.trace.clone().into()),
        ]
    }

    /// Puts a mark of the test's own into the trace: what it stands for has been seen by now.
    pub(crate) fn mark(&self, text: &str) {
        let mut record = Vec::from(u32::try_from(text.len() + 1).unwrap().to_le_bytes());
        record.push(b'K');
        record.extend_from_slice(text.as_bytes());
        let mut file = std::fs::OpenOptions::new().append(true).open(&self.trace).unwrap();
        file.write_all(&record).unwrap();
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_file(&self.trace);
        }
    }
}

/// The shim, compiled by the compiler that Rust links with and kept beside the tests.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("disk/shim.c");
        let tests = std::env::current_exe().unwrap();
        let library = tests.with_file_name("cerebro-disk-shim.so");
        // Other tests may be making it too: whoever is last puts the same library there.
        let part = library.with_extension(format!("{}", std::process::id()));
        let made = Command::new("cc")
            .args(["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"])
            .args([&part, &source])
            .arg("-ldl")
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        std::fs::rename(&part, &library).unwrap();
        library
    })
}
