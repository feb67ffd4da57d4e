//! The verifier in another language, on libraries nobody here wrote.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Scratch, tool};

/// `tests/verifier-go`, built from Debian's packages alone.
pub(crate) struct GoVerifier(PathBuf);

impl GoVerifier {
    /// `None` where there is no Go; `./dev test` installs it.
    pub(crate) fn build(scratch: &Scratch) -> Option<Self> {
        if !tool("go") {
            return None;
        }
        let program = scratch.path().join("verifier");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("verifier-go");
        let built = Command::new("go")
            .args(["build", "-o"])
            .args([&program, &source.join("main.go"), &source.join("proof.go")])
            .env("GO111MODULE", "off")
            .env("GOPATH", "/usr/share/gocode")
            .env("GOFLAGS", "")
            .env("GOCACHE", scratch.path().join("cache"))
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        Some(Self(program))
    }

    /// What it says of a log or of a proof, against checkpoints seen earlier.
    pub(crate) fn verify(&self, log: &Path, key: &str, earlier: &[PathBuf]) -> Result<String, String> {
        let output = Command::new(&self.0).arg(log).arg(key).args(earlier).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        if output.status.success() { Ok(said) } else { Err(said) }
    }
}
