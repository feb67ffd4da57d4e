//! Recipients beside the organisation's lists.

use vocabulary::Timestamp;

use super::*;
use crate::PreparedOrganisation;

fn organisation() -> OrganisationFacts {
    let list = |entries: &[&str]| entries.iter().map(|entry| (*entry).to_owned()).collect();
    OrganisationFacts {
        domains: list(&["orveane.example"]),
        group_domains: list(&["orveane-gestion.example"]),
        known_domains: list(&["sableval.example", "quillon.example"]),
        correspondents: list(&["agathe.vidal@sableval.example", "compta1@quillon.example"]),
        protected: list(&["cse@orveane.example", "inspection-travail.example"]),
        webmail: list(&["boite-perso.example"]),
        ..OrganisationFacts::default()
    }
}

fn standing(address: &str) -> Standing {
    standing_of(organisation(), Some("clemence.aubertin@orveane.example"), address)
}

fn standing_of(organisation: OrganisationFacts, sender: Option<&str>, address: &str) -> Standing {
    let organisation = PreparedOrganisation::from(organisation);
    let message = mail::Message::default();
    let sender = sender.map(|sender| EmailAddress::parse(sender).unwrap());
    let address = EmailAddress::parse(address).unwrap();
    let external = !organisation.owns_domain(address.domain());
    let recipients = [RecipientFacts { address, external, first_contact: false }];
    let facts = Facts {
        message: &message,
        sender: sender.as_ref(),
        recipients: &recipients,
        attachments: &[],
        organisation: &organisation,
        at: Timestamp::default(),
    };
    let written = HashSet::from(["rozenn.lemarrec@cabinet-ruelle.example".to_owned()]);
    standings(&facts, &written, &HashSet::new()).remove(0)
}

#[test]
fn domains_that_look_like_ours_or_a_known_one() {
    for (address, lookalike) in [
        ("a@orveane.example", ""),
        ("a@paris.orveane.example", ""),
        ("a@sableval.example", ""),
        ("a@mail.sableval.example", ""),
        // Cyrillic letters, encoded and not; digits, rn for m, one slip, two letters that changed places.
        ("a@xn--orvane-5of.example", "orveane.example"),
        ("a@orvеane.example", "orveane.example"),
        ("a@0rveane.example", "orveane.example"),
        ("a@qui11on.example", "quillon.example"),
        ("a@sablevall.example", "sableval.example"),
        ("a@sabelval.example", "sableval.example"),
        ("a@sablevql.example", "sableval.example"),
        // Our own name under another ending, or inside another name.
        ("a@orveane.test", "orveane.example"),
        ("a@orveane-bank.test", "orveane.example"),
        ("a@banque-orveane.test", "orveane.example"),
        // A known domain's name elsewhere is common and honest.
        ("a@sableval.test", ""),
        ("a@ruelle.example", ""),
    ] {
        let known = standing(address).lookalike;
        assert_eq!(known.as_deref().unwrap_or_default(), lookalike, "{address}");
    }
}

#[test]
fn an_address_one_slip_from_a_known_one() {
    for (address, typo) in [
        ("agathe.vidal@sableval.example", ""),
        ("agathe.vidall@sableval.example", "agathe.vidal@sableval.example"),
        ("agahte.vidal@sableval.example", "agathe.vidal@sableval.example"),
        ("agathe.vidal@sablevel.example", "agathe.vidal@sableval.example"),
        ("compta2@quillon.example", ""),
        ("rozenn.lemarec@cabinet-ruelle.example", "rozenn.lemarrec@cabinet-ruelle.example"),
        ("quelqu.un@sableval.example", ""),
    ] {
        assert_eq!(standing(address).typo.as_deref().unwrap_or_default(), typo, "{address}");
    }
}

/// Two mailboxes that a list makes of dates and keys are no slip of each other, and a long number is no way around a known one.
#[test]
fn mailboxes_that_machines_make_are_no_slips() {
    let directory = Directory::new(&organisation());
    let typo = |address: &str, written: &str| {
        directory
            .slip_of(&EmailAddress::parse(address).unwrap(), &HashSet::from([written.to_owned()]))
            .is_some()
    };
    assert!(!typo("liste-dated-1030976555.34ad5b@x.example", "liste-dated-1030976555.34ad5c@x.example"));
    assert!(typo("liste-annonce@x.example", "liste-anonce@x.example"));
    assert!(typo("compte2024@x.example", "comte2024@x.example"));
}

#[test]
fn webmail_group_and_protected() {
    for (address, expected) in [
        ("x@gmail.com", Standing { webmail: true, ..Standing::default() }),
        ("x@boite-perso.example", Standing { webmail: true, ..Standing::default() }),
        ("x@orveane-gestion.example", Standing { group: true, ..Standing::default() }),
        ("CSE@orveane.example", Standing { protected: true, ..Standing::default() }),
        ("x@inspection-travail.example", Standing { protected: true, ..Standing::default() }),
        ("x@münchen.example", Standing { international: true, ..Standing::default() }),
        ("x@ruelle.example", Standing::default()),
    ] {
        assert_eq!(standing(address), expected, "{address}");
    }
}

#[test]
fn a_mailbox_with_the_senders_own_name() {
    for (address, like) in [
        ("clemence.aubertin@webmail.example", true),
        ("aubertin_clemence75@webmail.example", true),
        ("c.aubertin@webmail.example", true),
        ("caubertin12@webmail.example", true),
        ("clemence.aubertin@sableval.example", true),
        ("clemence.durand@webmail.example", false),
        ("hugo.aubertin@webmail.example", false),
        ("clemence.aubertin@orveane.example", false),
    ] {
        assert_eq!(standing(address).like_sender, like, "{address}");
    }
}

/// The sender's domain counts where the entry names one: theirs by the envelope, none for the null reverse-path.
#[test]
fn encrypted_mail_is_agreed_to_between_two_domains() {
    let list = ["quillon.example", "orveane.example > sableval.example", "gestion.example > ruelle.example"];
    for (sender, address, entry) in [
        (Some("a@orveane.example"), "x@sableval.example", "orveane.example > sableval.example"),
        (Some("a@paris.orveane.example"), "x@mail.sableval.example", "orveane.example > sableval.example"),
        (Some("a@gestion.example"), "x@sableval.example", ""),
        (Some("a@orveane.example"), "x@ruelle.example", ""),
        (Some("a@gestion.example"), "x@ruelle.example", "gestion.example > ruelle.example"),
        (None, "x@sableval.example", ""),
        (None, "x@quillon.example", "quillon.example"),
        (Some("a@gestion.example"), "x@quillon.example", "quillon.example"),
    ] {
        let lists =
            OrganisationFacts { encrypted_domains: list.map(str::to_owned).to_vec(), ..organisation() };
        let found = standing_of(lists, sender, address);
        assert_eq!(found.agreement.as_deref().unwrap_or_default(), entry, "{sender:?} to {address}");
        assert_eq!(found.encryption_agreed, !entry.is_empty());
    }
}

/// A known domain is itself however it is written, and no look-alike of itself.
#[test]
fn a_domain_in_other_letters_is_one_in_both_ways_to_write_it() {
    let lists = || OrganisationFacts {
        known_domains: vec!["münchen.example".to_owned()],
        group_domains: vec!["xn--bcher-kva.example".to_owned()],
        ..organisation()
    };
    for address in ["x@münchen.example", "x@xn--mnchen-3ya.example", "x@mail.xn--mnchen-3ya.example"] {
        assert_eq!(standing_of(lists(), None, address).lookalike, None, "{address}");
    }
    assert!(standing_of(lists(), None, "x@bücher.example").group);
    assert_eq!(standing_of(lists(), None, "x@munchen.example").lookalike.as_deref(), Some("münchen.example"));
}

/// What was kept before entries could be of pairs is read as it was.
#[test]
fn an_agreement_kept_before_is_read() {
    let read: Standing = serde_json::from_str(r#"{"encryption_agreed":true}"#).unwrap();
    assert_eq!(read, Standing { encryption_agreed: true, ..Standing::default() });
}
