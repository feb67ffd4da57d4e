//! Where a sign-in comes from, and what that asks for before a session opens (clause T2).
//!
//! A device is known to an account when a session of that account was opened with its cookie, and a network likewise.
//! The cookie is a browser's, random and marked by us; what is kept is a blind index of it *with the account*, so that two
//! people of one browser share nothing, and a copy of the database holds no cookie.

use std::net::IpAddr;

use access::{Assurance, Evidence, EvidenceKind, Instance, Mission, Operation, OperationError, Tx, action};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::place::{Arrival, Shown, Verification, verification};
use identity::{Network, Token};
use vocabulary::{AccountId, bounds};

use super::notify::{self, Change};
use super::opening::Opening;
use super::sign_in::SignInError;
use super::{arrivals, sql};
use crate::{Cerebro, Policy};

const DEVICE_KEY: &str = "device-cookie";

/// A browser's own mark.
#[derive(Debug, Clone)]
pub struct Device(Token);

impl Device {
    /// A new one.
    #[must_use]
    pub fn generate(instance: &Instance) -> Self {
        Self(Token::generate(instance.entropy()))
    }

    /// As a cookie carries it, with a mark that only this instance's nodes can make.
    ///
    /// # Errors
    /// The key store failed.
    pub fn to_text(&self, instance: &Instance) -> Result<String, OperationError> {
        let said = self.0.expose().expose();
        let mark = hmac::sign(&key(instance)?, said.as_bytes());
        Ok(format!("{said}.{}", URL_SAFE_NO_PAD.encode(mark)))
    }

    /// Reads what [`Device::to_text`] wrote; anything else is nothing.
    #[must_use]
    pub fn from_text(instance: &Instance, text: &str) -> Option<Self> {
        let (said, mark) = text.split_once('.')?;
        let mark = URL_SAFE_NO_PAD.decode(mark).ok()?;
        hmac::verify(&key(instance).ok()?, said.as_bytes(), &mark).ok()?;
        Token::parse(said).map(Self)
    }

    pub(super) fn lookup(&self, op: &Operation, account: AccountId) -> Result<Vec<u8>, OperationError> {
        let value = format!("{account}/{}", self.0.expose().expose());
        op.instance().blind_index(op.organisation(), "device", &value)
    }
}

fn key(instance: &Instance) -> Result<hmac::Key, OperationError> {
    Ok(hmac::Key::new(hmac::HMAC_SHA256, instance.secret_or_new(DEVICE_KEY)?.expose()))
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its address, where there is one.
    pub address: Option<IpAddr>,
    /// The browser and the system it says it is, in two words.
    pub agent: String,
    /// The browser's mark.
    pub device: Device,
}

impl Place {
    /// Its network, as coarse as it is kept; empty without an address.
    #[must_use]
    pub fn network(&self) -> String {
        self.address.map(|address| Network::of(address).to_string()).unwrap_or_default()
    }
}

/// What is known of an account and the place it arrives from.
struct Known {
    arrival: Arrival,
    missions: Vec<Mission>,
    sensitive: bool,
}

async fn known(
    cerebro: &Cerebro,
    op: &Operation,
    account: AccountId,
    place: &Place,
    device: &[u8],
) -> Result<Known, OperationError> {
    let (device, network, now) = (device.to_vec(), place.network(), op.now());
    let organisation = cerebro.organisation(op.organisation());
    let trusted = organisation.is_some_and(|known| known.policy.places.trusts(place.address));
    op.read(async move |tx: &mut Tx<'_>| {
        let since = now.minus(bounds::PLACE_REMEMBERED);
        let values = vec![account.into(), device.clone().into(), network.clone().into(), since.into()];
        let row = tx.fetch_optional(sql::PLACES_BEFORE, values).await?;
        let (all, devices, networks): (u64, u64, u64) = match row {
            Some(row) => (row.get(0)?, row.get(1)?, row.get(2)?),
            None => (0, 0, 0),
        };
        let approved = arrivals::is_approved(tx, account, &device, &network, now).await?;
        let arrival = Arrival {
            new_device: devices == 0,
            new_network: networks == 0,
            first: all == 0,
            trusted,
            approved,
        };
        let row = tx.fetch_optional(sql::ACCOUNT, vec![account.into()]).await?;
        let sensitive = match row {
            Some(row) => row.get::<i64>(1)? != 0,
            None => false,
        };
        let rows = tx.fetch(sql::GRANTS_OF, vec![account.into(), now.into()]).await?;
        let missions = rows.iter().map(|row| row.parse(0)).collect::<Result<_, _>>()?;
        Ok::<_, OperationError>(Known { arrival, missions, sensitive })
    })
    .await
}

/// The session that may open once everything was shown; or what is missing.
///
/// # Errors
/// [`SignInError::CodeNeeded`], [`SignInError::Waits`] or [`SignInError::PlaceRefused`] say what the place asks for.
pub(super) async fn arrive(
    cerebro: &Cerebro,
    op: &Operation,
    account: AccountId,
    place: &Place,
    assurance: Assurance,
) -> Result<Opening, SignInError> {
    let device = place.device.lookup(op, account)?;
    let known = known(cerebro, op, account, place, &device).await?;
    let policy =
        op.read(async |tx: &mut Tx<'_>| Policy::inside(tx).await).await.map_err(OperationError::Store)?;
    let shown = Shown {
        second_factor: assurance == Assurance::TwoFactor,
        must_have_factor: access::must_have_factor(known.sensitive, &known.missions, policy.mandatory)
            || assurance == Assurance::Enrolment,
    };
    let rule = policy.places.rule(&known.missions);
    match verification(rule, known.arrival, shown) {
        Verification::Nothing => Ok(opening(cerebro, op, account, place, assurance, known.arrival).await?),
        Verification::EmailedCode => Err(SignInError::CodeNeeded),
        Verification::Approval => {
            arrivals::ask(op, account, place, device).await?;
            Err(SignInError::Waits)
        }
        Verification::Refused => {
            let network = place.network();
            let permit = op.permit(action::SignIn, account).await.map_err(OperationError::from)?;
            op.write(permit, async move |_tx: &mut Tx<'_>, account: AccountId| {
                let evidence = Evidence::of(EvidenceKind::SignInRefused, account)
                    .with("step", "place")
                    .with("network", network);
                Ok::<_, OperationError>(((), evidence))
            })
            .await?;
            Err(SignInError::PlaceRefused)
        }
    }
}

/// As [`arrive`], where the place was verified already.
pub(super) async fn arrive_verified(
    cerebro: &Cerebro,
    op: &Operation,
    account: AccountId,
    place: &Place,
    assurance: Assurance,
) -> Result<Opening, SignInError> {
    let device = place.device.lookup(op, account)?;
    let known = known(cerebro, op, account, place, &device).await?;
    Ok(opening(cerebro, op, account, place, assurance, known.arrival).await?)
}

/// A session on its way; its holder is told where it comes from, when that is new.
async fn opening(
    cerebro: &Cerebro,
    op: &Operation,
    account: AccountId,
    place: &Place,
    assurance: Assurance,
    arrival: Arrival,
) -> Result<Opening, OperationError> {
    let device = place.device.lookup(op, account)?;
    let notice = if arrival.is_new() && !arrival.first {
        let change = Change::Place { agent: place.agent.clone(), network: place.network() };
        notify::compose(cerebro, op, account, &change).await?
    } else {
        None
    };
    Ok(Opening::new(op, assurance, place, device, arrival, notice))
}
