//! `cerebro service`: at the machine's console, a named service of an organisation, with a token for the API and no
//! mission. Administrators give it one.

use access::action;
use clap::Args;
use operations::accounts::service;
use serde_json::json;

use super::place::{Place, open};
use super::{runtime, say};
use crate::config::Config;

/// Make a named service with a token for the API; administrators give it missions afterwards. On SQLite run it while the
/// service is stopped.
#[derive(Debug, Args)]
pub(crate) struct Service {
    #[command(flatten)]
    place: Place,
    /// What administrators will know it by.
    #[arg(long)]
    name: String,
}

pub(crate) fn run(command: &Service) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    runtime()?.block_on(async {
        let (_opened, _, op) = open(&command.place, &config).await?;
        let permit = op.permit(action::CreateService, op.organisation()).await?;
        let made = service::create(&op, permit, &command.name).await?;
        say(&serde_json::to_string_pretty(&json!({
            "account": made.account.to_string(),
            "token": made.token.expose(),
            "next": "an administrator gives it a mission under Accounts; whoever holds the token is the service: keep it where secrets are kept",
        }))?);
        Ok(())
    })
}
