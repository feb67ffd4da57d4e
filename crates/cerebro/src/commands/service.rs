//! `cerebro service`: at the machine's console, a named service of an organisation, with a token for the API and no
//! mission. Administrators give it one.

use access::action;
use clap::Args;
use operations::services::create;
use serde_json::json;

use super::place::{Place, open};
use super::{runtime, say};
use crate::config::Config;

/// Make a named service with a token for the API; administrators give it missions afterwards.
///
/// While CEREBRO runs, administrators make one under Accounts, Services and tokens; on SQLite this command runs while it is stopped.
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
        let made = create::create(&op, permit, &command.name).await?;
        say(&serde_json::to_string_pretty(&json!({
            "account": made.account.to_string(),
            "token": made.token.expose(),
            "until": made.until.rfc3339(),
            "next": "it can do nothing yet: an administrator asks for its mission under Accounts, and a second one agrees; whoever holds the token is the service: keep it where secrets are kept; it is renewed and ended under Services and tokens",
        }))?);
        Ok(())
    })
}
