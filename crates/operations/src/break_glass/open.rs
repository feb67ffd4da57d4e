//! The glass is broken, at the machine's console alone: one nominative account, administration for hours, a link for its
//! first password. Its holder enrols a second factor before anything else (clause A1).

use std::time::Duration;

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use identity::nominative::{self, NotNominative};
use vocabulary::{
    AccountId, BreakGlassId, EmailAddress, GrantId, Locale, OrganisationId, Secret, Timestamp, bounds,
};

use super::{administrators, context, sql};
use crate::Cerebro;
use crate::accounts::link::{NewLink, Purpose};
use crate::accounts::mail::{self, News};
use crate::accounts::{look, sql as accounts};
use crate::notices::{self, Notice};
use crate::organisation::Reason;

/// For whom, how long, and why.
#[derive(Debug, Clone)]
pub struct Breaking {
    /// One natural person.
    pub name: String,
    /// Their own address, which has no account here.
    pub email: EmailAddress,
    /// For how many hours.
    pub hours: u32,
    /// Why no administrator can do it.
    pub reason: Reason,
}

/// The way in.
#[derive(Debug)]
pub struct Opened {
    /// Its id.
    pub id: BreakGlassId,
    /// Where its holder sets a password: good once.
    pub link: Secret<String>,
    /// Until when the link is good.
    pub link_until: Timestamp,
    /// Until when they administer.
    pub until: Timestamp,
    /// How many administrators were told.
    pub told: usize,
}

/// Why nothing was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not one natural person (clause A5).
    #[error(transparent)]
    NotNominative(#[from] NotNominative),
    /// Too long, or not at all.
    #[error("break-glass lasts 1 to {} hours", bounds::BREAK_GLASS_HOURS_MAX)]
    Hours,
    /// One is open.
    #[error("one is open already: one at a time")]
    OpenAlready,
    /// The address has an account.
    #[error("the address has an account: its holder signs in, or sets a forgotten password")]
    Exists,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        if error.is_conflict() { Self::Exists } else { Self::Operation(error.into()) }
    }
}

/// Breaks the glass.
///
/// # Errors
/// [`OpenError`]; nothing changed, and nobody was told.
pub async fn open(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::BreakGlass>,
    breaking: Breaking,
) -> Result<Opened, OpenError> {
    nominative::check(&breaking.name, &breaking.email)?;
    if !(1..=bounds::BREAK_GLASS_HOURS_MAX).contains(&breaking.hours) {
        return Err(OpenError::Hours);
    }
    let now = op.now();
    let until = now.plus(Duration::from_secs(u64::from(breaking.hours) * 3600));
    let (id, account) = (BreakGlassId::new(now, op.entropy()), AccountId::new(now, op.entropy()));
    let sealed = op.instance().seal_lasting(
        op.organisation(),
        &context(id, "reason"),
        breaking.reason.as_str().as_bytes(),
    )?;
    let link = NewLink::new(op, Purpose::Activate, bounds::PASSWORD_LINK_LIFE);
    let (url, link_until) = (link.url(cerebro), link.until);
    let notices = alarm(cerebro, op, &breaking, until).await?;
    let told = notices.len();
    let grant = GrantId::new(now, op.entropy());
    let Breaking { name, email, hours, reason } = breaking;
    let locale = cerebro.organisation(op.organisation()).map_or(Locale::Fr, |known| known.policy.locale);
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
        let open = tx.fetch_optional(sql::OPEN_COUNT, vec![]).await?;
        if open.map_or(Ok(0), |row| row.get::<u64>(0))? > 0 {
            return Err(OpenError::OpenAlready);
        }
        let values = vec![
            account.into(),
            "person".into(),
            email.key().into(),
            name.trim().into(),
            locale.tag().into(),
            true.into(),
            now.into(),
        ];
        tx.execute(accounts::INSERT_ACCOUNT, values).await?;
        tx.execute(sql::GRANT, vec![grant.into(), account.into(), now.into(), until.into()]).await?;
        let values =
            vec![id.into(), account.into(), name.trim().into(), sealed.into(), now.into(), until.into()];
        tx.execute(sql::INSERT, values).await?;
        let opened = Evidence::of(EvidenceKind::BreakGlassOpened, id)
            .with("account", account.to_string())
            .with("hours", hours)
            .with("until", until.rfc3339())
            .with("reason", reason.as_str())
            .with("administrators_told", told);
        let granted = Evidence::of(EvidenceKind::MissionGranted, grant)
            .with("account", account.to_string())
            .with("mission", "administrator")
            .with("until", until.rfc3339());
        let sent = link.keep(tx, account).await?;
        for notice in notices {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok(((), opened.and(granted).and(sent)))
    })
    .await?;
    cerebro.wake_relay();
    tracing::warn!(event = "security.break_glass", %id, "the glass was broken at the machine's console");
    Ok(Opened { id, link: Secret::new(url), link_until, until, told })
}

/// What every administrator is told.
async fn alarm(
    cerebro: &Cerebro,
    op: &Operation,
    breaking: &Breaking,
    until: Timestamp,
) -> Result<Vec<Notice>, OperationError> {
    let ids = administrators(op).await?;
    let news = News::GlassBroken { name: breaking.name.trim().to_owned(), until };
    let mut notices = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(subject) = look::subject(op, id).await? {
            notices.extend(mail::news(cerebro, op, &subject, &news)?);
        }
    }
    Ok(notices)
}
