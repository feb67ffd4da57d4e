//! What makes the bank watch more counts at once; what makes it watch less waits for a second person, who sees exactly what changes.

use access::{Denied, OperationError, SystemReason, action};
use operations::clients::{self, ClientFile, Imported};
use operations::lists::{self, Changed, Entries, ListError, ListName, Wanted};
use operations::organisation::Reason;
use operations::proposals::{Line, ProposalError, ProposalState, Unchanged, What, agree, look, refuse};
use vocabulary::{ProposalId, bounds};

use crate::support::{Person, TestCerebro, each_engine, message};

const MAELLE: &str = "maelle.brisson@orveane.example";
const RENAN: &str = "renan.tregor@orveane.example";
const CLIENT: &str = "a@client.example";
const ISSUER: &str = "Le dossier Lormont Aciéries avance.";
const ACCOUNT: &str = "FR76 3000 6000 0112 3456 7890 189";

fn why() -> Reason {
    Reason::parse("Demandé par la conformité").unwrap()
}

async fn change(
    cerebro: &TestCerebro,
    person: &Person,
    wanted: fn(Entries) -> Wanted,
    list: ListName,
    text: &str,
) -> Result<Changed, ListError> {
    let permit = person.op.permit(action::ReplaceList, cerebro.bank).await.map_err(OperationError::from)?;
    let wanted = wanted(Entries::parse(list, text).unwrap());
    lists::change(&cerebro.cerebro, &person.op, permit, wanted, Some(&why())).await
}

async fn agreed(cerebro: &TestCerebro, person: &Person, id: ProposalId) -> Result<(), ProposalError> {
    let permit = person.op.permit(action::AgreeProposal, id).await.map_err(OperationError::from)?;
    agree::agree(&cerebro.cerebro, &person.op, permit).await
}

async fn refused(person: &Person, id: ProposalId) -> Result<(), ProposalError> {
    let permit = person.op.permit(action::RefuseProposal, id).await.map_err(OperationError::from)?;
    refuse::refuse(&person.op, permit, &Reason::parse("Toujours en discussion").unwrap()).await
}

async fn proposals(cerebro: &TestCerebro) -> Vec<Line> {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::ReadLists, cerebro.bank).await.unwrap();
    look::list(&op, &permit).await.unwrap()
}

async fn verdict(cerebro: &TestCerebro, text: &str) -> &'static str {
    cerebro.send(&[CLIENT], message(text)).await.unwrap().verdict
}

fn restricted(cerebro: &TestCerebro) -> Vec<String> {
    cerebro.cerebro.organisation(cerebro.bank).unwrap().facts.restricted.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_counts_at_once_and_leaves_the_list_by_two_people() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let list = ListName::Restricted;
        let added = change(cerebro, &maelle, Wanted::Added, list, "Lormont Aciéries\nVerrerie Astel").await;
        let added = added.unwrap();
        assert_eq!((added.version, added.added, added.waits), (1, 2, None));
        assert_eq!(verdict(cerebro, ISSUER).await, "hold");

        let asked = change(cerebro, &maelle, Wanted::Removed, list, "Lormont Aciéries").await.unwrap();
        let waits = asked.waits.unwrap();
        assert_eq!((asked.version, asked.removed, waits.removed), (1, 0, 1));
        assert_eq!(verdict(cerebro, ISSUER).await, "hold", "nothing that waits is in force");
        let again = change(cerebro, &maelle, Wanted::Removed, list, "Lormont Aciéries").await.unwrap();
        assert_eq!(again.waits.map(|waits| (waits.id, waits.is_known)), Some((waits.id, true)));
        assert_eq!(proposals(cerebro).await.len(), 1, "asked twice, it waits once");

        let own = agreed(cerebro, &maelle, waits.id).await;
        assert!(matches!(own, Err(ProposalError::SamePerson(_))), "{own:?}");
        let console = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        assert!(
            console.permit(action::AgreeProposal, waits.id).await.is_err(),
            "the machine agrees to nothing"
        );
        // An issuer that was added meanwhile stays.
        change(cerebro, &maelle, Wanted::Added, list, "Cimenterie du Ponant").await.unwrap();

        let renan = cerebro.sign_in(RENAN).await;
        let permit = renan.op.permit(action::ReadListEntries, cerebro.bank).await.unwrap();
        let whole = look::one(&renan.op, &permit, waits.id).await.unwrap().unwrap();
        let What::List(delta) = &whole.what else { panic!("{whole:?}") };
        assert_eq!((delta.added.len(), delta.removed.as_slice()), (0, &["Lormont Aciéries".to_owned()][..]));
        assert_eq!(whole.reason, why().as_str());
        agreed(cerebro, &renan, waits.id).await.unwrap();
        assert_eq!(restricted(cerebro), ["Cimenterie du Ponant", "Verrerie Astel"]);
        assert_eq!(verdict(cerebro, ISSUER).await, "pass");
        let twice = agreed(cerebro, &renan, waits.id).await;
        assert!(matches!(twice, Err(ProposalError::Over)), "{twice:?}");

        let kinds = cerebro.kinds().await;
        let ours: Vec<&str> = kinds
            .iter()
            .map(String::as_str)
            .filter(|kind| kind.starts_with("proposal.") || *kind == "list.replaced")
            .collect();
        assert_eq!(
            ours,
            ["list.replaced", "proposal.agreed", "list.replaced", "proposal.made", "list.replaced"],
            "each step is an entry"
        );
        let made = &cerebro.details("proposal.made").await[0];
        assert_eq!((made["about"].as_str(), made["removed"].as_u64()), (Some("restricted"), Some(1)));
        assert!(!made.to_string().contains("Lormont"), "{made}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_silences_grows_by_two_people_and_shrinks_by_one() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let ours = format!("Réglez sur le compte {ACCOUNT}.");
        let asked = change(cerebro, &maelle, Wanted::Added, ListName::OwnIdentifiers, ACCOUNT).await.unwrap();
        assert_eq!((asked.version, asked.entries), (0, 0));
        assert_eq!(verdict(cerebro, &ours).await, "hold");
        cerebro.agree(asked.waits.unwrap().id).await;
        assert_eq!(verdict(cerebro, &ours).await, "pass");
        let maelle = cerebro.sign_in(MAELLE).await;
        let gone = change(cerebro, &maelle, Wanted::Whole, ListName::OwnIdentifiers, "# none").await.unwrap();
        assert_eq!((gone.version, gone.removed, gone.waits), (2, 1, None));
        assert_eq!(verdict(cerebro, &ours).await, "hold");
    })
    .await;
}

/// A known domain is what look-alikes are held to, and is none itself: one person changes nothing about it.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_does_both_changes_by_two_people_whatever_changes() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        for list in ListName::ALL.iter().filter(|list| list.effect() == lists::Effect::Both) {
            let text =
                if *list == ListName::Correspondents { "x@sableval.example" } else { "sableval.example" };
            let asked = change(cerebro, &maelle, Wanted::Whole, *list, text).await.unwrap();
            assert_eq!((asked.version, asked.added), (0, 0), "{list}");
            assert_eq!(asked.waits.map(|waits| waits.added), Some(1), "{list}");
            cerebro.agree(asked.waits.unwrap().id).await;
            let maelle = cerebro.sign_in(MAELLE).await;
            let asked = change(cerebro, &maelle, Wanted::Removed, *list, text).await.unwrap();
            assert_eq!((asked.version, asked.removed), (1, 0), "{list}");
            assert_eq!(asked.waits.map(|waits| waits.removed), Some(1), "{list}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_refused_with_a_reason_or_lapses_and_is_nobody_elses() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let ask = async |text: &str| {
            let asked = change(cerebro, &maelle, Wanted::Added, ListName::EncryptedDomains, text).await;
            asked.unwrap().waits.unwrap().id
        };
        let silent = {
            let permit = maelle.op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
            let entries = Entries::parse(ListName::EncryptedDomains, "sableval.example").unwrap();
            lists::change(&cerebro.cerebro, &maelle.op, permit, Wanted::Added(entries), None).await
        };
        assert!(matches!(silent, Err(ListError::Unchanged(Unchanged::ReasonWanted))), "{silent:?}");
        let first = ask("sableval.example").await;
        let renan = cerebro.sign_in(RENAN).await;
        refused(&renan, first).await.unwrap();
        assert!(matches!(refused(&renan, first).await, Err(ProposalError::Over)));
        assert!(matches!(agreed(cerebro, &renan, first).await, Err(ProposalError::Over)));
        let permit = renan.op.permit(action::ReadListEntries, cerebro.bank).await.unwrap();
        let whole = look::one(&renan.op, &permit, first).await.unwrap().unwrap();
        assert_eq!(whole.answer.as_deref(), Some("Toujours en discussion"));

        let second = ask("quillon-conseil.example").await;
        cerebro.clock.advance(bounds::PRESENCE + std::time::Duration::from_secs(1));
        let late = renan.op.permit(action::AgreeProposal, second).await;
        assert!(matches!(late, Err(Denied::StepUp { .. })), "{late:?}");
        let foreign = cerebro.cerebro.system(SystemReason::Console, cerebro.other);
        let permit = foreign.permit(action::ReadListEntries, cerebro.other).await.unwrap();
        assert!(look::one(&foreign, &permit, second).await.unwrap().is_none(), "a foreign one looks missing");
        let permit = foreign.permit(action::RefuseProposal, second).await.unwrap();
        let missing = refuse::refuse(&foreign, permit, &why()).await;
        assert!(matches!(missing, Err(ProposalError::NotFound)), "{missing:?}");
        for person in ["ines.kermadec", "sofiane.delattre", "felix.quemener", "odile.sarrazin"] {
            let person = cerebro.sign_in(&format!("{person}@orveane.example")).await;
            assert!(person.op.permit(action::AgreeProposal, second).await.is_err());
            assert!(person.op.permit(action::RefuseProposal, second).await.is_err());
            assert!(person.op.permit(action::ReadListEntries, cerebro.bank).await.is_err());
        }
        assert_eq!(refuse::lapse_due(&cerebro.cerebro).await.unwrap(), 0);
        cerebro.clock.advance(bounds::PROPOSAL_LIFE);
        assert_eq!(refuse::lapse_due(&cerebro.cerebro).await.unwrap(), 1);
        let states: Vec<ProposalState> = proposals(cerebro).await.iter().map(|line| line.state).collect();
        assert_eq!(states, [ProposalState::Lapsed, ProposalState::Refused]);
        let renan = cerebro.sign_in(RENAN).await;
        assert!(matches!(agreed(cerebro, &renan, second).await, Err(ProposalError::Over)));
        let kinds = cerebro.kinds().await;
        for kind in ["proposal.refused", "proposal.lapsed"] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind}: {kinds:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_wait_and_a_tightening_passes_them_by() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        for number in 0..bounds::PROPOSALS_WAITING_MAX {
            let domain = format!("d{number}.example");
            change(cerebro, &maelle, Wanted::Added, ListName::EncryptedDomains, &domain).await.unwrap();
        }
        let over = change(cerebro, &maelle, Wanted::Added, ListName::EncryptedDomains, "one.example").await;
        assert!(matches!(over, Err(ListError::Unchanged(Unchanged::TooManyWait))), "{over:?}");
        change(cerebro, &maelle, Wanted::Added, ListName::Restricted, "Lormont Aciéries").await.unwrap();
        assert_eq!(verdict(cerebro, ISSUER).await, "hold");
    })
    .await;
}

const FILE: &str = "client;numbers;email;domains\n\
    A;3000 6000 0112 3456 7890 1;agathe.vidal@sableval.example;\n\
    B;2024-118-00733;;quillon.example\n";

async fn import(cerebro: &TestCerebro, person: &Person, text: &str) -> Result<Imported, Unchanged> {
    let permit = person.op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
    let file = ClientFile::read(&person.op, text.as_bytes()).unwrap();
    clients::import(&cerebro.cerebro, &person.op, permit, file, Some(&why())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_file_that_finds_less_waits_and_one_that_finds_more_does_not() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let data = "Relevé du compte 3000-6000-0112-3456-7890-1.";
        let to_b = async || cerebro.send(&["compta@quillon.example"], message(data)).await.unwrap().verdict;
        let in_force = || cerebro.cerebro.organisation(cerebro.bank).unwrap().client_version;
        assert_eq!(import(cerebro, &maelle, FILE).await.unwrap().version, 1);
        let more = format!("{FILE}C;2025-001-00001;;verrerie.example\n");
        let grown = import(cerebro, &maelle, &more).await.unwrap();
        assert_eq!((grown.version, grown.waits, grown.difference.new), (2, None, 2));
        assert_eq!(to_b().await, "hold");

        // It lacks a client; then another that lacks two takes its place.
        let lacks = import(cerebro, &maelle, FILE).await.unwrap();
        assert_eq!((lacks.version, lacks.difference.gone, in_force()), (2, 2, 2));
        let same = import(cerebro, &maelle, FILE).await.unwrap();
        assert_eq!(same.waits, lacks.waits, "asked twice, it waits once");
        let fewer = "client;numbers\nB;2024-118-00733\n";
        let fewer = import(cerebro, &maelle, fewer).await.unwrap();
        assert_eq!(fewer.difference.gone, 6);
        assert_eq!(to_b().await, "hold", "nothing that waits is in force");
        let renan = cerebro.sign_in(RENAN).await;
        let replaced = agreed(cerebro, &renan, lacks.waits.unwrap()).await;
        assert!(matches!(replaced, Err(ProposalError::Over)), "{replaced:?}");
        let own = agreed(cerebro, &maelle, fewer.waits.unwrap()).await;
        assert!(own.is_err());
        agreed(cerebro, &renan, fewer.waits.unwrap()).await.unwrap();
        assert_eq!(in_force(), 3);
        assert_eq!(to_b().await, "pass");

        // An address at which data may arrive from now on; a file given meanwhile; and no file at all.
        let opened = "client;numbers;email\nB;2024-118-00733;perso@boite.example\n";
        let opened = import(cerebro, &maelle, opened).await.unwrap();
        assert_eq!((opened.difference.gone, opened.difference.mailboxes), (0, 1));
        import(cerebro, &maelle, "client;numbers\nB;2024-118-00733\nD;2025-002-00002\n").await.unwrap();
        let stale = agreed(cerebro, &renan, opened.waits.unwrap()).await;
        assert!(matches!(stale, Err(ProposalError::Meanwhile(_))), "{stale:?}");
        let permit = maelle.op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let dropped =
            clients::import(&cerebro.cerebro, &maelle.op, permit, ClientFile::none(), Some(&why())).await;
        let dropped = dropped.unwrap().waits.unwrap();
        assert_eq!(in_force(), 4);
        agreed(cerebro, &renan, dropped).await.unwrap();
        assert_eq!(in_force(), 5);
        assert!(cerebro.cerebro.organisation(cerebro.bank).unwrap().facts.clients().is_empty());
        cerebro.cerebro.refresh().await.unwrap();
    })
    .await;
}

/// Invariant 3, at each step: with the ledger down nothing is asked for, agreed to, refused or ended.
#[tokio::test(flavor = "multi_thread")]
async fn without_evidence_no_step_is_taken() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let list = ListName::Restricted;
        change(cerebro, &maelle, Wanted::Added, list, "Lormont Aciéries").await.unwrap();
        let renan = cerebro.sign_in(RENAN).await;

        cerebro.evidence_is_kept(false).await;
        // What counts at once and what waits, of one change: neither.
        let asked = change(cerebro, &maelle, Wanted::Whole, list, "Verrerie Astel").await;
        let file = import(cerebro, &maelle, FILE).await;
        cerebro.evidence_is_kept(true).await;
        assert!(asked.is_err() && file.is_err());
        cerebro.cerebro.refresh().await.unwrap();
        assert_eq!(restricted(cerebro), ["Lormont Aciéries"]);
        assert!(proposals(cerebro).await.is_empty());

        let asked = change(cerebro, &maelle, Wanted::Removed, list, "Lormont Aciéries").await.unwrap();
        let id = asked.waits.unwrap().id;
        import(cerebro, &maelle, FILE).await.unwrap();
        let fewer = "client;numbers\nB;2024-118-00733\n";
        let file = import(cerebro, &maelle, fewer).await.unwrap().waits.unwrap();
        cerebro.evidence_is_kept(false).await;
        assert!(agreed(cerebro, &renan, id).await.is_err());
        assert!(agreed(cerebro, &renan, file).await.is_err());
        assert!(refused(&renan, id).await.is_err());
        cerebro.evidence_is_kept(true).await;
        cerebro.cerebro.refresh().await.unwrap();
        assert_eq!(restricted(cerebro), ["Lormont Aciéries"]);
        assert_eq!(cerebro.cerebro.organisation(cerebro.bank).unwrap().client_version, 1);
        let renan = cerebro.sign_in(RENAN).await;
        agreed(cerebro, &renan, id).await.unwrap();
        agreed(cerebro, &renan, file).await.unwrap();
        assert!(restricted(cerebro).is_empty());
        assert_eq!(cerebro.cerebro.organisation(cerebro.bank).unwrap().client_version, 2);
    })
    .await;
}
