//! The certificates of makers and models of security keys, from a directory the operator filled.

use std::path::Path;

use anyhow::{Context, bail};
use identity::webauthn::Roots;

/// Files read; the FIDO metadata of today names some four hundred certificates.
const FILES_MAX: usize = 2_000;

/// Reads every `.pem`, `.crt` and `.cer` of the directory.
///
/// # Errors
/// It cannot be read, or a file of it holds no certificate: an organisation that asks for proved models would take no key.
pub(crate) fn roots(directory: &Path) -> anyhow::Result<Roots> {
    let place = || format!("console.attestation: {}", directory.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).with_context(place)? {
        let path = entry.with_context(place)?.path();
        let is_certificate = path
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| ["pem", "crt", "cer"].contains(&end));
        if is_certificate {
            files.push(std::fs::read(&path).with_context(|| path.display().to_string())?);
        }
    }
    if files.len() > FILES_MAX {
        bail!("{}: more than {FILES_MAX} files", place());
    }
    let roots = Roots::from_pem(files.iter().map(Vec::as_slice)).with_context(place)?;
    tracing::info!(certificates = roots.len(), "models of security keys can be proved");
    Ok(roots)
}
