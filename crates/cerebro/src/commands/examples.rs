//! `cerebro examples`: categories that an organisation defines by examples, from files.

use std::path::{Path, PathBuf};

use access::action;
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use operations::examples::{self, ExampleCategory, look};
use operations::organisation::Reason;

use super::lists::reason;
use super::place::{Place, open};
use super::{runtime, say};
use crate::assembly::example_files;
use crate::config::Config;

/// Categories that an organisation defines by examples: see them, import files, give one up, try a sentence.
///
/// What finds more is in force at once; what finds less waits for a second person, who agrees in the console. On PostgreSQL every running
/// process follows within seconds; on SQLite run it while the service is stopped, or use the page of categories.
#[derive(Debug, Args)]
pub(crate) struct Examples {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Which categories there are, in which versions, by whom and when.
    Show,
    /// Bring categories to what files say; categories without a file stay as they are.
    Import {
        /// A file, or a directory of files (*.toml): name, near, sentences.
        files: PathBuf,
        /// Why, for the second person: needed where something finds less than before.
        #[arg(long, value_parser = reason)]
        reason: Option<Reason>,
    },
    /// Give a category up. A second person agrees.
    Drop {
        /// Its name.
        category: String,
        /// Why, for the second person.
        #[arg(long, value_parser = reason)]
        reason: Reason,
    },
    /// What a sentence is near to, by the examples in force.
    Try {
        /// The sentence.
        sentence: String,
    },
}

/// Reads the files first: one that is wrong is told before anything is opened.
pub(crate) fn run(command: &Examples) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    let place = &command.place;
    match &command.what {
        What::Show => runtime()?.block_on(show(place, &config)),
        What::Import { files, reason } => {
            let categories = read(files)?;
            runtime()?.block_on(import(place, &config, categories, reason.as_ref()))
        }
        What::Drop { category, reason } => runtime()?.block_on(give_up(place, &config, category, reason)),
        What::Try { sentence } => runtime()?.block_on(try_sentence(place, &config, sentence)),
    }
}

fn read(files: &Path) -> anyhow::Result<Vec<ExampleCategory>> {
    let texts = example_files(files)?;
    ensure!(!texts.is_empty(), "{} holds no *.toml", files.display());
    texts.iter().map(|(name, text)| Ok(ExampleCategory::parse(name, text)?)).collect()
}

async fn show(place: &Place, config: &Config) -> anyhow::Result<()> {
    let (_opened, _, op) = open(place, config).await?;
    let permit = op.permit(action::ReadLists, op.organisation()).await?;
    let versions = look::versions(&op, &permit).await?;
    if versions.is_empty() {
        say("no category was defined");
    }
    for known in versions {
        say(&format!(
            "{} version {}: {} examples, from {} on, {} by {}",
            known.category,
            known.version,
            known.sentences,
            known.near,
            known.by.at.rfc3339(),
            known.by.who
        ));
    }
    Ok(())
}

async fn import(
    place: &Place,
    config: &Config,
    categories: Vec<ExampleCategory>,
    reason: Option<&Reason>,
) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    for wanted in categories {
        let name = wanted.name.clone();
        let permit = op.permit(action::ReplaceList, op.organisation()).await?;
        let changed = examples::change(&cerebro, &op, permit, wanted, reason).await.context(name.clone())?;
        say(&format!(
            "{name} version {}: {} examples, {} new, from {} on",
            changed.version, changed.sentences, changed.added, changed.near
        ));
        if let Some(id) = changed.waits {
            say(&format!("{id} waits for a second person: {name} would find less"));
        }
    }
    Ok(())
}

async fn give_up(place: &Place, config: &Config, category: &str, reason: &Reason) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let changed = examples::change::take_away(&cerebro, &op, permit, category, reason).await?;
    if let Some(id) = changed.waits {
        say(&format!("{id} waits for a second person: {category} given up"));
    }
    Ok(())
}

async fn try_sentence(place: &Place, config: &Config, sentence: &str) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(place, config).await?;
    let permit = op.permit(action::ReadListEntries, op.organisation()).await?;
    let near = look::near(&cerebro, &permit, sentence).context("no model is configured: semantic.encoder")?;
    for tried in near {
        let found = if tried.found { "found" } else { "too far" };
        say(&format!("{} {} ({found}): {}", tried.category, tried.nearness, tried.example));
    }
    Ok(())
}
