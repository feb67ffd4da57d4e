//! The sentence encoder, read from the operator's files; and files of examples.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
use compliance::ControlSet;
use compliance::semantic::{Exemplars, Models, SecondReader};
use encoder::{Encoder, Files, Kind};
use vocabulary::bounds;

/// The controls with the model that `encoder` names, and the examples; as they are without one.
///
/// # Errors
/// A file cannot be read, or is not what it should be.
pub(crate) fn with_models(
    controls: Arc<ControlSet>,
    encoder: Option<&Path>,
    exemplars: Option<&Path>,
) -> anyhow::Result<Arc<ControlSet>> {
    let Some(encoder) = encoder else { return Ok(controls) };
    let encoder = Arc::new(read_encoder("semantic.encoder", encoder, "")?);
    ensure!(
        encoder.kind() == Kind::First,
        "semantic.encoder: these are the files of the second encoder, too slow for mail on its way (semantic.second)"
    );
    let exemplars = exemplars.map(|directory| read_exemplars(directory, &encoder)).transpose()?;
    let models = Models::new(encoder, exemplars.unwrap_or_default())?;
    Ok(Arc::new(Arc::unwrap_or_clone(controls).with_models(models)))
}

/// Says what reads sentences here, or that nothing does.
pub(crate) fn say_models(controls: &ControlSet) {
    match controls.models_digest() {
        "" => tracing::info!(
            "no sentence encoder is configured (semantic.encoder): everything else works without it"
        ),
        digest => tracing::info!(
            models = digest,
            instructions = encoder::instructions(),
            "the sentence encoder ranks the most suspicious sentences"
        ),
    }
}

/// The second encoder of the files that `second` names.
///
/// # Errors
/// A file cannot be read, or is not what it should be.
pub(crate) fn second_reader(second: Option<&Path>) -> anyhow::Result<Option<SecondReader>> {
    let Some(files) = second else { return Ok(None) };
    let encoder = read_encoder("semantic.second", files, "-q4")?;
    Ok(Some(SecondReader::new(Arc::new(encoder)).context("semantic.second")?))
}

/// `ending` stands between the name of the network and its own ending.
fn read_encoder(key: &str, files: &Path, ending: &str) -> anyhow::Result<Encoder> {
    let read = |ending: &str| {
        let mut path = files.as_os_str().to_owned();
        path.push(ending);
        bounded(&PathBuf::from(path), bounds::ENCODER_FILE_BYTES_MAX)
    };
    let (network, pieces, head) =
        (read(&format!("{ending}.safetensors"))?, read(".vocab.txt")?, read(".head.safetensors")?);
    Encoder::read(Files { network: &network, pieces: &pieces, head: &head })
        .with_context(|| format!("{key}: {} is no encoder", files.display()))
}

/// Name and text of a file of examples, or of each of a directory, by name.
///
/// # Errors
/// One cannot be read, or there are more than categories are kept.
pub(crate) fn example_files(place: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let told = || place.display().to_string();
    let mut paths = Vec::new();
    if place.is_file() {
        paths.push(place.to_owned());
    } else {
        for entry in std::fs::read_dir(place).with_context(told)? {
            let path = entry.with_context(told)?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
            ensure!(
                paths.len() <= bounds::EXEMPLAR_CATEGORIES_MAX,
                "{} has more than {} categories",
                place.display(),
                bounds::EXEMPLAR_CATEGORIES_MAX
            );
        }
    }
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    for path in &paths {
        let text = String::from_utf8(bounded(path, bounds::CONTROL_FILE_BYTES_MAX)?)
            .with_context(|| path.display().to_string())?;
        files.push((path.display().to_string(), text));
    }
    Ok(files)
}

fn read_exemplars(directory: &Path, encoder: &Encoder) -> anyhow::Result<Exemplars> {
    let files = example_files(directory)?;
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Ok(Exemplars::read(&files, encoder)?)
}

fn bounded(path: &Path, most: u64) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("{} cannot be read", path.display());
    let mut bytes = Vec::new();
    File::open(path).with_context(cannot)?.take(most + 1).read_to_end(&mut bytes).with_context(cannot)?;
    ensure!(bytes.len() as u64 <= most, "{} is larger than {most} bytes", path.display());
    Ok(bytes)
}
