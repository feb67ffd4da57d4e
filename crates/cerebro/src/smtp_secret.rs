//! What an SMTP client signs in with: 32 random bytes of ours, shown once; a file keeps their hash.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use vocabulary::{Entropy, entropy};

const FIRST_LINE: &str = "cerebro-smtp-secret 1";

/// Makes a secret, keeps its hash in a new file of mode 0600, and returns the secret.
pub(crate) fn create(path: &Path, entropy: &dyn Entropy) -> anyhow::Result<String> {
    let secret = URL_SAFE_NO_PAD.encode(entropy::random::<32>(entropy));
    let hash = digest::digest(&digest::SHA256, secret.as_bytes());
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    writeln!(file, "{FIRST_LINE}\nsha256: {}", STANDARD.encode(hash))?;
    file.sync_all()?;
    Ok(secret)
}

/// The hash a file keeps.
pub(crate) fn read(path: &Path) -> anyhow::Result<[u8; 32]> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut lines = text.lines();
    if lines.next() != Some(FIRST_LINE) {
        bail!("{} was not made by `cerebro smtp-secret`", path.display());
    }
    lines
        .next()
        .and_then(|line| line.strip_prefix("sha256: "))
        .and_then(|hash| STANDARD.decode(hash).ok()?.try_into().ok())
        .with_context(|| format!("{} is damaged", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SystemEntropy;

    #[test]
    fn a_secret_is_shown_once_and_its_hash_kept() {
        let path = std::env::temp_dir().join(format!("cerebro-smtp-secret-{}", std::process::id()));
        let secret = create(&path, &SystemEntropy::default()).unwrap();
        let hash = digest::digest(&digest::SHA256, secret.as_bytes());
        assert_eq!(read(&path).unwrap(), hash.as_ref());
        assert!(secret.len() == 43 && !std::fs::read_to_string(&path).unwrap().contains(&secret));
        assert!(create(&path, &SystemEntropy::default()).is_err(), "never overwritten");
        std::fs::write(&path, "password\n").unwrap();
        assert!(read(&path).is_err());
        std::fs::remove_file(path).unwrap();
    }
}
