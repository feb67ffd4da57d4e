//! The sentence encoder, where its files are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compliance::semantic::{Exemplars, Models};
use encoder::{Encoder, Files};

/// Skipped and said where the model is not; never in the build's own run.
pub(crate) fn models() -> Option<Models> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models");
    let folder = std::env::var_os("CEREBRO_MODELS").map_or(beside, PathBuf::from);
    if !folder.join("use-m3-fren.safetensors").is_file() {
        assert!(std::env::var_os("CEREBRO_CI").is_none(), "there is no encoder (set CEREBRO_MODELS)");
        eprintln!("skipped: there is no encoder (set CEREBRO_MODELS)");
        return None;
    }
    let read = |end: &str| std::fs::read(folder.join(format!("use-m3-fren.{end}"))).unwrap();
    let (network, pieces, head) = (read("safetensors"), read("vocab.txt"), read("head.safetensors"));
    let encoder = Encoder::read(Files { network: &network, pieces: &pieces, head: &head }).unwrap();
    Some(Models::new(Arc::new(encoder), Exemplars::default()).unwrap())
}
