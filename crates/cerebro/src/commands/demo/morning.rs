//! What people decided on the first held messages of the day: signed in like everybody, through the verbs of everybody.

use std::net::Ipv4Addr;

use access::{Operation, action};
use anyhow::{Context, bail};
use identity::password::PresentedPassword;
use operations::Cerebro;
use operations::accounts::place::{Device, Place};
use operations::accounts::{session, sign_in};
use operations::organisation::Reason;
use operations::review::arbitrate::{Ruling, arbitrate};
use operations::review::queue::{HoldSummary, Slice, decided, waiting};
use operations::review::{Decision, Seen, decide, escalate, open, overrule};
use vocabulary::HoldId;

use super::code::code;
use super::people::{Cast, Player};
use crate::assembly::Opened;

/// What somebody does with a message, and why.
enum Deed {
    Release,
    Reject,
    Escalate,
    RuleRelease,
    OverruleRelease,
}

/// Who does what with the message of which subject.
struct Step(&'static str, Deed, &'static str, &'static str);

/// Each deed follows from the ones above it.
const MORNING: &[Step] = &[
    Step(
        "ludovic.chantraine@orveane.example",
        Deed::Release,
        "RIB corrigé",
        "Le destinataire est le titulaire du compte, vérifié au dossier.",
    ),
    Step(
        "ludovic.chantraine@orveane.example",
        Deed::Reject,
        "Réservation du 2 décembre",
        "Numéro de carte en clair vers un hôtel : à régler par le portail des voyages.",
    ),
    Step(
        "ludovic.chantraine@orveane.example",
        Deed::Escalate,
        "Belvédère : dernier point avant jeudi",
        "Je ne sais pas si le projet est encore sous embargo.",
    ),
    Step(
        "ludovic.chantraine@orveane.example",
        Deed::Escalate,
        "Séquestre de la vente Lormont",
        "Deux destinataires à l’étude : le second est-il habilité ?",
    ),
    Step(
        "sofiane.delattre@orveane.example",
        Deed::RuleRelease,
        "Séquestre de la vente Lormont",
        "Le clerc figure au mandat. Le compte de séquestre peut leur être communiqué.",
    ),
    Step(
        "ludovic.chantraine@orveane.example",
        Deed::Reject,
        "Relevé d’octobre",
        "Envoi à une adresse qui n’est pas celle du client.",
    ),
    Step(
        "maelle.brisson@orveane.example",
        Deed::OverruleRelease,
        "Relevé d’octobre",
        "Le client a déclaré cette adresse hier au guichet, formulaire au dossier.",
    ),
    Step(
        "tobias.penrose@quillon.example",
        Deed::Release,
        "Settlement instructions",
        "Standing instruction with the custodian, account on file.",
    ),
    Step(
        "tobias.penrose@quillon.example",
        Deed::Escalate,
        "Change of standing instructions",
        "The new account was never called back.",
    ),
];

/// Plays the morning.
///
/// # Errors
/// Somebody could not sign in, or a verb refused.
pub(super) async fn play(cerebro: &Cerebro, opened: &Opened, cast: &Cast) -> anyhow::Result<()> {
    let mut signed_in: Vec<(&str, Operation)> = Vec::new();
    for step in MORNING {
        if !signed_in.iter().any(|(email, _)| *email == step.0) {
            signed_in.push((step.0, sign_in_as(cerebro, opened, cast, step.0).await?));
        }
        let known = signed_in.iter().find(|(email, _)| *email == step.0);
        let (_, op) = known.with_context(|| format!("{} is not signed in", step.0))?;
        act(cerebro, op, step).await.with_context(|| format!("{} and {:?}", step.0, step.2))?;
    }
    Ok(())
}

async fn sign_in_as(
    cerebro: &Cerebro,
    opened: &Opened,
    cast: &Cast,
    email: &str,
) -> anyhow::Result<Operation> {
    let player: &Player = cast
        .people
        .iter()
        .find(|player| player.email == email)
        .with_context(|| format!("{email} does not play"))?;
    let instance = cerebro.instance();
    let password = PresentedPassword::new(&player.password).context("the password")?;
    let device = Device::generate(instance);
    let place = Place { address: Some(Ipv4Addr::LOCALHOST.into()), agent: "Firefox · Linux".into(), device };
    let ticket = sign_in::password(cerebro, &opened.hasher, email, password, &place).await?;
    let now = code(&player.totp_secret, instance.now()).context("the second factor's secret")?;
    let signed = sign_in::second_factor(cerebro, &ticket, &now, &place).await?;
    let behind =
        session::behind(instance, signed.token.expose(), true).await?.context("the session is gone")?;
    Ok(behind.operation(instance))
}

async fn act(cerebro: &Cerebro, op: &Operation, step: &Step) -> anyhow::Result<()> {
    let Step(_, deed, subject, why) = step;
    let hold = find(op, deed, subject).await?;
    let message = open::open(op, op.permit(action::ReadHold, hold).await?).await?;
    let reason = Reason::parse(why)?;
    let seen = Seen(message.seen.0);
    let decision = Decision { reason: reason.clone(), note: None, seen, signed: None };
    match deed {
        Deed::Release => {
            decide::release(cerebro, op, op.permit(action::ReleaseHold, hold).await?, decision).await?
        }
        Deed::Reject => {
            decide::reject(cerebro, op, op.permit(action::RejectHold, hold).await?, decision).await?
        }
        Deed::Escalate => {
            escalate::escalate(cerebro, op, op.permit(action::EscalateHold, hold).await?, reason).await?
        }
        Deed::RuleRelease => {
            let permit = op.permit(action::ArbitrateHold, hold).await?;
            arbitrate(cerebro, op, permit, Ruling::Release, decision).await?;
        }
        Deed::OverruleRelease => {
            let permit = op.permit(action::OverruleHold, hold).await?;
            overrule::overrule(cerebro, op, permit, Ruling::Release, decision).await?;
        }
    }
    Ok(())
}

/// The hold of a subject line: among what waits, or what was decided where that is to be overruled.
async fn find(op: &Operation, deed: &Deed, subject: &str) -> anyhow::Result<HoldId> {
    let permit = op.permit(action::ReadQueue, op.organisation()).await?;
    let all: Vec<HoldSummary> = match deed {
        Deed::OverruleRelease => {
            decided(op, &permit).await?.into_iter().map(|decided| decided.hold).collect()
        }
        _ => waiting(op, &permit, Slice::FIRST).await?,
    };
    match all.iter().find(|hold| hold.subject == subject) {
        Some(hold) => Ok(hold.id),
        None => bail!("no such message is there"),
    }
}
