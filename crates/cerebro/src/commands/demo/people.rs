//! Who plays in the demo. Every name is invented. Passwords are made for each demo and shown by it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use access::Mission;
use anyhow::Context;
use operations::Policy;
use operations::accounts::bootstrap::{LogPlaces, NewOrganisation, NewPerson, bootstrap};
use serde::{Deserialize, Serialize};
use vocabulary::{EmailAddress, Locale, Secret};

use crate::assembly::{Opened, Places, Running};
use crate::commands::init::{base32, first_password, totp_secret};

/// Everything a visitor needs to know of who plays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Cast {
    pub(crate) organisations: Vec<Institution>,
    pub(crate) senders: Vec<String>,
    pub(crate) people: Vec<Player>,
    pub(crate) token: String,
    /// Of a service for each mission, where they were asked for: the mission, the token.
    #[serde(default)]
    pub(crate) tokens: BTreeMap<String, String>,
    pub(crate) ledger_public_keys: Vec<String>,
}

/// One institution.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Institution {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) origin: String,
}

/// One person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Player {
    pub(crate) name: String,
    pub(crate) mission: String,
    pub(crate) family: String,
    pub(crate) organisation: String,
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) totp_secret: String,
}

struct Plan {
    name: &'static str,
    domain: &'static str,
    locale: Locale,
    people: &'static [(&'static str, &'static str, Mission)],
    senders: &'static [&'static str],
}

const PLANS: [Plan; 2] = [
    Plan {
        name: "Banque Orvéane",
        domain: "orveane.example",
        locale: Locale::Fr,
        people: &[
            ("Inès Kermadec", "ines.kermadec", Mission::Operator),
            ("Ludovic Chantraine", "ludovic.chantraine", Mission::Operator),
            ("Sofiane Delattre", "sofiane.delattre", Mission::Arbiter),
            ("Solenne Marchais", "solenne.marchais", Mission::Custodian),
            ("Maëlle Brisson", "maelle.brisson", Mission::Supervisor),
            ("Renan Trégor", "renan.tregor", Mission::Supervisor),
            ("Félix Quémener-Duval", "felix.quemener-duval", Mission::Auditor),
            ("Odile Sarrazin", "odile.sarrazin", Mission::Administrator),
            ("Bastien Lormeau", "bastien.lormeau", Mission::Administrator),
        ],
        senders: &["theodore.vasquin", "clemence.aubertin", "gaspard.nivelle", "yasmine.ferrand-okoye"],
    },
    Plan {
        name: "Quillon Asset Management",
        domain: "quillon.example",
        locale: Locale::En,
        people: &[
            ("Harriet Lowe", "harriet.lowe", Mission::Operator),
            ("Tobias Penrose", "tobias.penrose", Mission::Operator),
            ("Imogen Vale", "imogen.vale", Mission::Arbiter),
            ("Gwendolen Tarrant", "gwendolen.tarrant", Mission::Custodian),
            ("Rupert Ashdown", "rupert.ashdown", Mission::Supervisor),
            ("Nadia Fenwick", "nadia.fenwick", Mission::Auditor),
            ("Callum Draycott", "callum.draycott", Mission::Administrator),
            ("Beatrix Holm", "beatrix.holm", Mission::Administrator),
        ],
        senders: &["paul.anselin", "edith.marlowe", "oscar.trent"],
    },
];

const FILE: &str = "people.json";

/// Makes both institutions and keeps who plays beside the demo's data.
pub(crate) async fn begin(
    opened: &Opened,
    places: &Places,
    directory: &Path,
    services: bool,
) -> anyhow::Result<Cast> {
    let mut cast = Cast {
        organisations: Vec::new(),
        senders: Vec::new(),
        people: Vec::new(),
        token: String::new(),
        tokens: BTreeMap::new(),
        ledger_public_keys: Vec::new(),
    };
    for plan in &PLANS {
        // The first one's are enough.
        let each_mission = services && cast.organisations.is_empty();
        institution(opened, places, plan, each_mission, &mut cast).await?;
    }
    std::fs::write(directory.join(FILE), serde_json::to_vec_pretty(&cast)?)?;
    Ok(cast)
}

/// Who plays in a demo that ran before.
pub(crate) fn again(directory: &Path) -> anyhow::Result<Cast> {
    let path = directory.join(FILE);
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

async fn institution(
    opened: &Opened,
    places: &Places,
    plan: &Plan,
    each_mission: bool,
    cast: &mut Cast,
) -> anyhow::Result<()> {
    let address = |local: &str| EmailAddress::parse(&format!("{local}@{}", plan.domain));
    let origin = format!("{}/cerebro", plan.domain);
    let mut people = Vec::new();
    for (name, local, mission) in plan.people {
        let (password, totp) = (first_password(), totp_secret());
        cast.people.push(Player {
            name: (*name).to_owned(),
            mission: mission.word().to_owned(),
            family: serde_json::to_value(mission.family())?.as_str().unwrap_or_default().to_owned(),
            organisation: plan.name.to_owned(),
            email: address(local)?.to_string(),
            password: password.presented().expose().to_owned(),
            totp_secret: base32(&totp),
        });
        people.push(NewPerson {
            name: (*name).to_owned(),
            email: address(local)?,
            locale: plan.locale,
            missions: vec![*mission],
            password: Some(password),
            totp: Some(Secret::new(totp)),
        });
    }
    cast.senders.extend(plan.senders.iter().map(|local| format!("{local}@{}", plan.domain)));
    let deputy = plan.people.get(1).map(|(_, local, _)| address(local)).transpose()?;
    let mut services = vec![("CRM".to_owned(), vec![Mission::Connector, Mission::Operator])];
    if each_mission {
        services.extend(Mission::ALL.iter().map(|mission| (mission.word().to_owned(), vec![*mission])));
    }
    let new = NewOrganisation {
        name: plan.name.to_owned(),
        domains: vec![plan.domain.to_owned()],
        origin: origin.clone(),
        policy: Policy { locale: plan.locale, deputy, ..Policy::default() },
        people,
        services,
    };
    let logs = places.logs();
    let begun =
        bootstrap(&opened.instance, &opened.hasher, LogPlaces { logs: &logs, locks: &places.locks }, new)
            .await?;
    if let (true, Some((_, token))) = (cast.token.is_empty(), begun.tokens.first()) {
        cast.token = token.expose().clone();
    }
    let more = begun.tokens.iter().skip(1).map(|(mission, token)| (mission.clone(), token.expose().clone()));
    cast.tokens.extend(more);
    cast.ledger_public_keys.push(begun.public_key);
    cast.organisations.push(Institution {
        id: begun.organisation.to_string(),
        name: plan.name.to_owned(),
        domain: plan.domain.to_owned(),
        origin,
    });
    Ok(())
}

impl Cast {
    /// What a person at a terminal reads.
    pub(crate) fn welcome(&self, running: &Running, sink: SocketAddr, directory: &Path) -> String {
        let mut text = format!(
            "\nCEREBRO demo\n\n  console   {}   (its certificate is self-signed: your browser asks once)\n  \
             SMTP in   {}\n  outside   {sink}, kept in {}\n  data      {}\n\nSign in as:\n\n",
            super::url(running.console),
            running.smtp,
            directory.join("sink").display(),
            directory.display()
        );
        for person in &self.people {
            text += &format!(
                "  {:<14} {:<22} {:<36} {}\n",
                person.mission, person.name, person.email, person.password
            );
        }
        // As this very program was called, so that what is printed can be pasted.
        let program = std::env::args().next().unwrap_or_else(|| "cerebro".to_owned());
        text += &format!(
            "\nEach one's code of the moment (it counts once):\n\n  {program} demo-code --dir {} {}\n",
            directory.display(),
            self.people.first().map_or("", |person| person.email.as_str()),
        );
        text += &format!(
            "\nSend something:\n\n  printf 'Subject: Test\\r\\n\\r\\nFR76 3000 6000 0112 3456 7890 189\\r\\n' | \
             curl smtp://{} --mail-from {} --mail-rcpt someone@client.example -T -\n\n\
             Verify the evidence:\n\n  {program} ledger export /tmp/evidence --dir {} --organisation {}\n  {program} verify /tmp/evidence --key '{}'\n\n\
             Stop with Ctrl-C.\n",
            running.smtp,
            self.senders.first().map_or("", String::as_str),
            directory.display(),
            self.organisations.first().map_or("", |known| known.origin.as_str()),
            self.ledger_public_keys.first().map_or("", String::as_str),
        );
        text
    }
}
