//! A program whose disk is watched: `tests/disk/shim.c` stands in between.

use std::fmt::Write as _;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::program::Environment;

/// What a program is started with so that its disk is watched, or fails when told to.
pub(crate) struct Watched {
    root: PathBuf,
    pub(crate) trace: PathBuf,
    faults: PathBuf,
}

/// One thing the disk does wrong: an operation (`write`, `sync`, `syncdir`, `open`, `rename`, `mkdir`, `truncate`) on
/// every path that has `pattern` in it, or ends with it where it ends with `$`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) operation: &'static str,
    /// The errno the program sees.
    pub(crate) error: i32,
    /// It is done all the same: failed *but persisted*.
    pub(crate) persists: bool,
    pub(crate) pattern: &'static str,
}

/// Bytes of the page through which the shim is told.
const PAGE: usize = 4_096;

impl Watched {
    /// Watches `root`; the trace is kept beside it.
    pub(crate) fn new(root: &Path) -> Self {
        let beside = |suffix: &str| {
            let mut path = root.as_os_str().to_owned();
            path.push(suffix);
            PathBuf::from(path)
        };
        let watched = Self { root: root.to_owned(), trace: beside(".trace"), faults: beside(".faults") };
        let _ = std::fs::remove_file(&watched.trace);
        watched
    }

    /// The environment of the program, on a disk that fails when told to.
    pub(crate) fn failing(&self) -> Environment {
        std::fs::write(&self.faults, [0; PAGE]).unwrap();
        vec![
            ("LD_PRELOAD", shim().into()),
            ("CEREBRO_DISK_ROOT", self.root.clone().into()),
            ("CEREBRO_DISK_FAULTS", self.faults.clone().into()),
        ]
    }

    /// From now on the disk does this wrong.
    pub(crate) fn fail(&self, faults: &[Fault]) {
        let mut page = String::new();
        for fault in faults {
            let Fault { operation, error, persists, pattern } = fault;
            writeln!(page, "{operation} {error} {} {pattern}", u8::from(*persists)).unwrap();
        }
        // The shim reads nothing while the first byte is zero: it comes last.
        let file = std::fs::OpenOptions::new().write(true).open(&self.faults).unwrap();
        file.write_all_at(&[0], 0).unwrap();
        let mut rest = [0; PAGE];
        rest[..page.len()].copy_from_slice(page.as_bytes());
        file.write_all_at(&rest[1..], 1).unwrap();
        file.write_all_at(&rest[..1], 0).unwrap();
    }

    /// From now on the disk is whole again.
    pub(crate) fn mend(&self) {
        self.fail(&[]);
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
            let _ = std::fs::remove_file(&self.faults);
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
