//! An organisation begins: its row, its log, its first people and services, in one evidenced write.

use std::path::Path;

use access::{
    Evidence, EvidenceKind, Instance, Mission, Operation, OperationError, StoreError, SystemReason, Tx,
    action,
};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::password::{AcceptedPassword, PasswordHasher};
use vocabulary::{
    AccountId, AuthenticatorId, EmailAddress, Entropy, GrantId, Locale, OrganisationId, Secret, Timestamp,
    TokenId, bounds, entropy,
};

use super::link::{NewLink, Purpose};
use super::{authenticator_context, sql};
use crate::evidence::seal::{self, SealingError};
use crate::organisation::{self, Policy};

/// A person to begin with.
#[derive(Debug)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// Their nominative address.
    pub email: EmailAddress,
    /// Their language.
    pub locale: Locale,
    /// What they are there for.
    pub missions: Vec<Mission>,
    /// Their first password; without one they get a link to set it.
    pub password: Option<AcceptedPassword>,
    /// Their TOTP secret, raw bytes; without one they enrol a second factor themselves.
    pub totp: Option<Secret<Vec<u8>>>,
}

/// An organisation to begin.
#[derive(Debug)]
pub struct NewOrganisation {
    /// Its name.
    pub name: String,
    /// Domains its people send from.
    pub domains: Vec<String>,
    /// The origin of its log, for ever (`orveane.example/cerebro`).
    pub origin: String,
    /// Its settings.
    pub policy: Policy,
    /// Its first people.
    pub people: Vec<NewPerson>,
    /// Named services, each with its missions and a token.
    pub services: Vec<(String, Vec<Mission>)>,
}

/// Where its log and its lock go.
#[derive(Debug, Clone, Copy)]
pub struct LogPlaces<'a> {
    /// The directory of all logs.
    pub logs: &'a Path,
    /// The directory of locks.
    pub locks: &'a Path,
}

/// What was made.
#[derive(Debug)]
pub struct Begun {
    /// Its id.
    pub organisation: OrganisationId,
    /// The public key of its log.
    pub public_key: String,
    /// The services' tokens: shown once, kept hashed.
    pub tokens: Vec<(String, Secret<String>)>,
    /// The links of people who set their first password themselves: shown once, kept hashed.
    pub invitations: Vec<Invitation>,
}

/// A link for one person's first password.
#[derive(Debug)]
pub struct Invitation {
    /// Whose.
    pub email: EmailAddress,
    /// What its address ends with.
    pub token: Secret<String>,
    /// Until when it is good.
    pub until: Timestamp,
}

/// Why it did not begin.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// A password could not be hashed.
    #[error("a password could not be hashed: {0}")]
    Password(String),
    /// The log could not be made.
    #[error(transparent)]
    Log(#[from] SealingError),
    /// The database or the keys said no.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for BootstrapError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

pub(crate) struct Row {
    pub(crate) account: AccountId,
    kind: &'static str,
    email: Option<String>,
    name: String,
    locale: Locale,
    sensitive: bool,
    missions: Vec<(GrantId, Mission)>,
    authenticators: Vec<(AuthenticatorId, &'static str, Vec<u8>)>,
    token: Option<(TokenId, Vec<u8>)>,
    link: Option<NewLink>,
}

/// Makes an organisation. A crash before the write leaves a log and a key that no row names: the same origin cannot
/// be made again there without removing them by hand, on purpose.
///
/// # Errors
/// It exists already, or something could not be kept.
pub async fn bootstrap(
    instance: &Instance,
    hasher: &PasswordHasher,
    places: LogPlaces<'_>,
    new: NewOrganisation,
) -> Result<Begun, BootstrapError> {
    let now = instance.now();
    let id = OrganisationId::new(now, instance.entropy());
    let op = instance.operation(access::Actor::System(SystemReason::Console), id, new.policy.locale);
    let (mut rows, mut invitations) = (Vec::new(), Vec::new());
    for person in new.people {
        let email = person.email.clone();
        let row = person_row(&op, hasher, id, person)?;
        let invited =
            row.link.as_ref().map(|link| Invitation { email, token: link.text(), until: link.until });
        invitations.extend(invited);
        rows.push(row);
    }
    let mut tokens = Vec::new();
    for (name, missions) in new.services {
        let token = new_token(instance.entropy());
        rows.push(service_row(instance, &name, missions, &token, new.policy.locale));
        tokens.push((name, token));
    }
    let public_key = seal::create_log(instance, id, &new.origin, places.logs, places.locks)?;
    let domains = serde_json::to_string(&new.domains).unwrap_or_default();
    let policy = serde_json::to_string(&new.policy).unwrap_or_default();
    let (name, origin) = (new.name, new.origin);
    let permit = op.permit(action::Bootstrap, id).await.map_err(OperationError::from)?;
    op.write(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        let values =
            vec![name.clone().into(), domains.into(), origin.clone().into(), policy.into(), now.into()];
        tx.execute(organisation::sql::INSERT_ORGANISATION, values).await?;
        let mut evidence = Evidence::of(EvidenceKind::OrganisationCreated, organisation)
            .with("name", name)
            .with("origin", origin);
        for row in rows {
            evidence = evidence.and(insert(tx, row, now).await?);
        }
        Ok::<_, BootstrapError>(((), evidence))
    })
    .await?;
    Ok(Begun { organisation: id, public_key, tokens, invitations })
}

pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    row: Row,
    now: vocabulary::Timestamp,
) -> Result<Evidence, StoreError> {
    let account = row.account;
    let values = vec![
        account.into(),
        row.kind.into(),
        row.email.into(),
        row.name.into(),
        row.locale.tag().into(),
        row.sensitive.into(),
        now.into(),
    ];
    tx.execute(sql::INSERT_ACCOUNT, values).await?;
    let mut evidence = Evidence::of(EvidenceKind::AccountActivated, account).with("kind", row.kind);
    for (id, kind, sealed) in row.authenticators {
        let values = vec![id.into(), account.into(), kind.into(), sealed.into(), now.into()];
        tx.execute(sql::INSERT_AUTHENTICATOR, values).await?;
        evidence = evidence.and(Evidence::of(EvidenceKind::AuthenticatorAdded, id).with("kind", kind));
    }
    for (id, mission) in row.missions {
        let values =
            vec![id.into(), account.into(), mission.word().into(), now.into(), "system:console".into()];
        tx.execute(sql::INSERT_GRANT, values).await?;
        let fact = Evidence::of(EvidenceKind::MissionGranted, id)
            .with("account", account.to_string())
            .with("mission", mission.word());
        evidence = evidence.and(fact);
    }
    if let Some((id, hash)) = row.token {
        let until = now.plus(bounds::TOKEN_LIFE);
        let values = vec![id.into(), account.into(), hash.into(), now.into(), until.into()];
        tx.execute(sql::INSERT_TOKEN, values).await?;
        let fact = Evidence::of(EvidenceKind::TokenCreated, id)
            .with("account", account.to_string())
            .with("until", until.rfc3339());
        evidence = evidence.and(fact);
    }
    if let Some(link) = row.link {
        evidence = evidence.and(link.keep(tx, account).await?);
    }
    Ok(evidence)
}

fn person_row(
    op: &Operation,
    hasher: &PasswordHasher,
    organisation: OrganisationId,
    person: NewPerson,
) -> Result<Row, BootstrapError> {
    let (instance, now, entropy) = (op.instance(), op.now(), op.entropy());
    let hash = person.password.as_ref().map(|password| hasher.hash(password, entropy)).transpose();
    let hash = hash.map_err(|error| BootstrapError::Password(error.to_string()))?;
    let link = hash.is_none().then(|| NewLink::new(op, Purpose::Activate, bounds::ACTIVATION_LINK_LIFE));
    let mut authenticators = Vec::new();
    let totp = person.totp.as_ref().map(|secret| ("totp", secret.expose().as_slice()));
    let password = hash.as_ref().map(|hash| ("password", hash.as_bytes()));
    for (kind, secret) in password.into_iter().chain(totp) {
        let id = AuthenticatorId::new(now, entropy);
        let sealed = instance.seal_lasting(organisation, &authenticator_context(id), secret)?;
        authenticators.push((id, kind, sealed));
    }
    Ok(Row {
        account: AccountId::new(now, entropy),
        kind: "person",
        email: Some(person.email.key()),
        name: person.name,
        locale: person.locale,
        sensitive: false,
        missions: person.missions.into_iter().map(|mission| (GrantId::new(now, entropy), mission)).collect(),
        authenticators,
        token: None,
        link,
    })
}

pub(crate) fn service_row(
    instance: &Instance,
    name: &str,
    missions: Vec<Mission>,
    token: &Secret<String>,
    locale: Locale,
) -> Row {
    let (now, entropy) = (instance.now(), instance.entropy());
    Row {
        account: AccountId::new(now, entropy),
        kind: "service",
        email: None,
        name: name.to_owned(),
        locale,
        sensitive: false,
        missions: missions.into_iter().map(|mission| (GrantId::new(now, entropy), mission)).collect(),
        authenticators: Vec::new(),
        token: Some((TokenId::new(now, entropy), token_hash(token.expose()))),
        link: None,
    }
}

/// A new token of a service: 256 random bits, named for whoever scans for secrets that leaked.
pub(crate) fn new_token(entropy: &dyn Entropy) -> Secret<String> {
    Secret::new(format!("cbt_{}", URL_SAFE_NO_PAD.encode(entropy::random::<32>(entropy))))
}

/// The hash under which a session's or a service's token is kept: 256 random bits need no slow hash.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}
