//! Certificates of a test's own, made by openssl.

use std::path::Path;
use std::process::{Command, Stdio};

/// `tls.pem` and `tls.key` in a directory: a certificate that vouches for itself, for one name.
pub(crate) fn self_signed(directory: &Path, name: &str) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", &format!("/CN={name}"), "-addext", &format!("subjectAltName=DNS:{name}")])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(directory.join("tls.key"))
        .arg("-out")
        .arg(directory.join("tls.pem"))
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
}
