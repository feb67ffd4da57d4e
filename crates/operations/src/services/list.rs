//! The services of an organisation: what each may do, when it last did, and with which tokens.

use std::collections::HashMap;

use access::{Mission, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use identity::AccountState;
use vocabulary::{AccountId, Timestamp, TokenId, bounds};

use super::sql;

/// One service.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its account.
    pub account: AccountId,
    /// What it is known by.
    pub name: String,
    /// Where it stands.
    pub state: AccountState,
    /// Since when it exists.
    pub since: Timestamp,
    /// The missions it holds now, and when each was last of use, to the hour.
    pub missions: Vec<(Mission, Option<Timestamp>)>,
    /// Its tokens that stand, oldest first.
    pub tokens: Vec<Token>,
}

/// One token that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` for one made before tokens had an end.
    pub until: Option<Timestamp>,
    /// When it was last shown, to the hour.
    pub used: Option<Timestamp>,
}

impl Service {
    /// When one of its tokens was last shown, to the hour.
    #[must_use]
    pub fn used(&self) -> Option<Timestamp> {
        self.tokens.iter().filter_map(|token| token.used).max()
    }

    /// When it can call no more unless its token is renewed: the end of the token that lasts longest, where that is near.
    #[must_use]
    pub fn ends_soon(&self, now: Timestamp) -> Option<Timestamp> {
        let ends: Option<Vec<Timestamp>> = self.tokens.iter().map(|token| token.until).collect();
        // One without an end lasts.
        ends?.into_iter().max().filter(|until| until.since(now) <= bounds::TOKEN_ENDS_SOON)
    }
}

/// All of them that are not closed, by name.
///
/// # Errors
/// The database did not answer.
pub async fn list(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<Vec<Service>, OperationError> {
    let now = op.now();
    op.read(async move |tx: &mut Tx<'_>| {
        let mut missions: HashMap<AccountId, Vec<_>> = HashMap::new();
        for row in tx.fetch(sql::MISSIONS, vec![now.into()]).await? {
            missions.entry(row.parse(0)?).or_default().push((row.parse(1)?, row.get(2)?));
        }
        let mut tokens: HashMap<AccountId, Vec<Token>> = HashMap::new();
        for row in tx.fetch(sql::TOKENS, vec![now.into()]).await? {
            let token =
                Token { id: row.parse(0)?, since: row.get(2)?, until: row.get(3)?, used: row.get(4)? };
            tokens.entry(row.parse(1)?).or_default().push(token);
        }
        let read = |row: &Row| {
            let account = row.parse(0)?;
            Ok(Service {
                account,
                name: row.get(1)?,
                state: row.parse(2)?,
                since: row.get(3)?,
                missions: missions.remove(&account).unwrap_or_default(),
                tokens: tokens.remove(&account).unwrap_or_default(),
            })
        };
        let rows = tx.fetch(sql::SERVICES, vec![]).await?;
        rows.iter().map(read).collect::<Result<Vec<_>, StoreError>>()
    })
    .await
    .map_err(OperationError::Store)
}
