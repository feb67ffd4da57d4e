//! Lists as people handle them: an issuer is added and counts at once; what watches less is asked for by one and agreed to by another.

use console::router::ROUTES;

use super::people::{INES, ODILE, administrator};
use crate::support::browser::Page;
use crate::support::{Browser, TestCerebro, each_engine, message};

const MAELLE: &str = "maelle.brisson@orveane.example";
const RENAN: &str = "renan.tregor@orveane.example";
const FELIX: &str = "felix.quemener@orveane.example";
const ISSUER: &str = "Le dossier Lormont Aciéries avance.";

async fn verdict(cerebro: &TestCerebro) -> &'static str {
    cerebro.send(&["a@client.example"], message(ISSUER)).await.unwrap().verdict
}

async fn change(browser: &mut Browser, list: &str, act: &str, text: &str, reason: &str) -> Page {
    browser.get(&format!("/lists/{list}/change?act={act}")).await;
    let fields = [("act", act), ("text", text), ("reason", reason)];
    browser.post(&format!("/lists/{list}/change"), &fields).await
}

/// Where the first proposal that the page names is.
async fn proposal(browser: &mut Browser) -> String {
    let page = browser.get("/lists").await;
    let (_, rest) = page.body.split_once("href=\"/proposals/").unwrap_or_else(|| panic!("{}", page.body));
    format!("/proposals/{}", rest.split('"').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_adds_an_issuer_and_two_take_it_away() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        let empty = maelle.get("/lists").await;
        assert!(
            empty.body.contains("Jamais donnée") && empty.body.contains("Rien n’attend."),
            "{}",
            empty.body
        );
        assert!(maelle.get("/queue").await.body.contains("href=\"/lists\""), "the navigation leads there");
        let added = change(&mut maelle, "restricted", "add", "Lormont Aciéries\nVerrerie Astel", "").await;
        assert!(added.location.starts_with("/lists/restricted?recorded="), "{} {}", added.status, added.body);
        let shown = maelle.get(&added.location).await.body;
        assert!(shown.contains("Enregistré, en vigueur") && shown.contains("Verrerie Astel"), "{shown}");
        assert!(shown.contains("/controls/look-back"), "past messages can be read again from here");
        assert_eq!(verdict(cerebro).await, "hold");

        let silent = change(&mut maelle, "restricted", "take", "Lormont Aciéries", "").await;
        assert_eq!(silent.status, 422);
        assert!(
            silent.body.contains("seconde personne") && silent.body.contains(">Lormont Aciéries</textarea>")
        );
        let asked = change(&mut maelle, "restricted", "take", "Lormont Aciéries", "Opération annoncée").await;
        assert!(maelle.get(&asked.location).await.body.contains("Proposé"), "{}", asked.body);
        let href = proposal(&mut maelle).await;
        let own = maelle.get(&href).await.body;
        assert!(own.contains("Vous l’avez demandée") && !own.contains(&format!("{href}/agree")), "{own}");
        let forced = maelle.post(&format!("{href}/agree"), &[]).await;
        assert_eq!(forced.status, 403, "{}", forced.body);
        assert_eq!(verdict(cerebro).await, "hold");

        let mut renan = administrator(cerebro, RENAN).await;
        let seen = renan.get(&href).await.body;
        assert!(seen.contains("<li>Lormont Aciéries</li>") && seen.contains("Opération annoncée"), "{seen}");
        assert!(seen.contains("1 entrée serait retirée") && !seen.contains("Verrerie Astel"), "{seen}");
        let agreed = renan.post(&format!("{href}/agree"), &[]).await;
        assert_eq!(agreed.status, 303, "{}", agreed.body);
        assert!(renan.get(&agreed.location).await.body.contains("Accordé, en vigueur"));
        assert_eq!(verdict(cerebro).await, "pass");
        renan.get(&href).await;
        assert_eq!(renan.post(&format!("{href}/agree"), &[]).await.status, 409);
        let history = renan.get("/lists/restricted").await.body;
        assert!(history.contains("Version 2") && history.contains("1 entrée"), "{history}");
    })
    .await;
}

/// An entry of two domains is read with its line, waits for a second person, and is shown in words to both.
#[tokio::test(flavor = "multi_thread")]
async fn a_pair_of_domains_is_shown_in_words() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        let list = "encrypted_domains";
        let wrong = "sableval.example\norveane.example > quillon.example > ruelle.example";
        let wrong = change(&mut maelle, list, "add", wrong, "Convention").await;
        assert!(wrong.status == 422 && wrong.body.contains("Ligne 2"), "{}", wrong.body);
        assert!(wrong.body.contains("le domaine d’un destinataire, ou l’un des vôtres"), "{}", wrong.body);
        let pairs = "Orveane.example>Sableval.example\nquillon.example";
        let asked = change(&mut maelle, list, "add", pairs, "Convention signée").await;
        assert_eq!(asked.status, 303, "{}", asked.body);
        let href = proposal(&mut maelle).await;
        let mut renan = administrator(cerebro, RENAN).await;
        let seen = renan.get(&href).await.body;
        let words =
            ["Du domaine orveane.example vers sableval.example", "De tous nos domaines vers quillon.example"];
        assert!(words.iter().all(|words| seen.contains(words)), "{seen}");
        assert!(seen.contains("<li>orveane.example &#62; sableval.example<"), "as it is written too: {seen}");
        assert_eq!(renan.post(&format!("{href}/agree"), &[]).await.status, 303);
        let shown = renan.get(&format!("/lists/{list}")).await.body;
        assert!(words.iter().all(|words| shown.contains(words)), "{shown}");
        let found = renan.get(&format!("/lists/{list}?q=sableval")).await.body;
        assert!(found.contains(words[0]) && !found.contains(words[1]), "{found}");

        // What is taken away is the entry as it stands, at once, and the other counts on.
        let form = format!("/lists/{list}/change?act=take&entry=orveane.example+%3E+sableval.example");
        let form = renan.get(&form).await.body;
        assert!(form.contains(">orveane.example &#62; sableval.example</textarea>"));
        let taken = [("act", "take"), ("text", "orveane.example > sableval.example"), ("reason", "")];
        assert_eq!(renan.post(&format!("/lists/{list}/change"), &taken).await.status, 303);
        let left = renan.get(&format!("/lists/{list}")).await.body;
        assert!(!left.contains(words[0]) && left.contains(words[1]), "{left}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_asks_for_presence_and_a_refusal_for_a_reason() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        change(&mut maelle, "own_identifiers", "add", "FR7630006000011234567890189", "Notre compte").await;
        let href = proposal(&mut maelle).await;
        let mut renan = administrator(cerebro, RENAN).await;
        renan.get(&href).await;
        cerebro.clock.advance(vocabulary::bounds::PRESENCE + std::time::Duration::from_secs(1));
        let late = renan.post(&format!("{href}/agree"), &[]).await;
        assert_eq!(late.location, format!("/step-up?next={href}/agree"));
        let silent = renan.post(&format!("{href}/refuse"), &[("reason", "")]).await;
        assert_eq!(silent.status, 422, "{}", silent.body);
        let refused = renan.post(&format!("{href}/refuse"), &[("reason", "Ce n’est pas le nôtre")]).await;
        assert_eq!(refused.status, 303, "{}", refused.body);
        let told = maelle.get(&href).await.body;
        assert!(told.contains("Refusée") && told.contains("Ce n’est pas le nôtre"), "{told}");
        assert!(!told.contains(&format!("{href}/refuse")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_searched_page_by_page_and_only_by_those_who_change_them() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        let many: String = (100..330).map(|number| format!("Émetteur {number}\n")).collect();
        let hostile = "<b>\"Astel\" & Cie</b>";
        change(&mut maelle, "restricted", "replace", &format!("{many}{hostile}"), "").await;
        let first = maelle.get("/lists/restricted").await.body;
        assert!(first.contains("231 entrées") && !first.contains("<b>\"Astel"), "{first}");
        assert!(first.contains("&#60;b&#62;") || first.contains("&lt;b"), "escaped: {first}");
        let next = first.split("href=\"/lists/restricted?q=&#38;after=").nth(1).expect("a next page");
        let next = next.split('"').next().unwrap();
        let second = maelle.get(&format!("/lists/restricted?q=&after={next}")).await.body;
        assert!(second.contains("Émetteur 210") && !second.contains("Émetteur 101<"), "{second}");
        let found = maelle.get("/lists/restricted?q=%C3%A9metteur+32").await.body;
        assert!(found.contains("10 entrées trouvées") && found.contains("Émetteur 329"), "{found}");
        assert!(maelle.get("/lists/nothing").await.status == 404);
        let same = change(&mut maelle, "restricted", "add", "Émetteur 100", "").await;
        assert!(same.status == 422 && same.body.contains("Rien n’en serait changé"), "{}", same.body);
        let wrong = change(&mut maelle, "restricted", "add", "Astel\n***", "").await;
        assert!(wrong.status == 422 && wrong.body.contains("Ligne 2"), "{}", wrong.body);

        let mut felix = administrator(cerebro, FELIX).await;
        let sizes = felix.get("/lists").await.body;
        assert!(sizes.contains("231") && !sizes.contains("href=\"/lists/restricted\""), "{sizes}");
        assert_eq!(felix.get("/lists/restricted").await.status, 403);
        assert_eq!(felix.get("/examples").await.status, 200);
        for person in [INES, ODILE] {
            let mut browser = administrator(cerebro, person).await;
            let gets = ROUTES.iter().filter(|route| !route.changes);
            for route in gets.filter(|route| {
                ["/lists", "/proposals", "/examples"].iter().any(|at| route.path.starts_with(at))
            }) {
                let path = route.path.replace("{list}", "restricted").replace("{category}", "x");
                assert_eq!(browser.get(&path).await.status, 403, "{person} {path}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_is_defined_changed_and_given_up() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        assert!(maelle.get("/examples").await.body.contains("Aucune catégorie"));
        let sentences =
            "Follow me to the new bank.\nVenez avec moi, vos frais baisseront.\nTake your account along.";
        maelle.get("/examples/new").await;
        let few = [("name", "client_poaching"), ("near", "550"), ("sentences", "Follow me.")];
        let few = maelle.post("/examples/new", &few).await;
        assert!(few.status == 422 && few.body.contains(">Follow me.</textarea>"), "{}", few.body);
        let fields = [("name", "client_poaching"), ("near", "600"), ("sentences", sentences), ("reason", "")];
        let made = maelle.post("/examples/new", &fields).await;
        assert!(made.location.starts_with("/examples/of/client_poaching?recorded="), "{}", made.body);
        let shown = maelle.get(&made.location).await.body;
        assert!(shown.contains("Enregistré, en vigueur") && shown.contains("Take your account along."));
        let raised = [("near", "700"), ("sentences", sentences), ("reason", "Trop de constats")];
        let raised = maelle.post("/examples/of/client_poaching", &raised).await;
        assert_eq!(raised.status, 303, "{}", raised.body);
        let page = maelle.get("/examples").await.body;
        assert!(page.contains("600") && page.contains("Attend"), "{page}");
        assert!(page.contains("Aucun modèle"), "this process has no model: {page}");
        let href = proposal(&mut maelle).await;
        let mut renan = administrator(cerebro, RENAN).await;
        assert!(renan.get(&href).await.body.contains("700"));
        assert_eq!(renan.post(&format!("{href}/agree"), &[]).await.status, 303);
        assert!(renan.get("/examples/of/client_poaching").await.body.contains("value=\"700\""));
        let dropped = renan.post("/examples/of/client_poaching/drop", &[("reason", "Plus utile")]).await;
        assert_eq!(dropped.status, 303, "{}", dropped.body);
        assert_eq!(renan.get("/examples/of/client_poaching").await.status, 200, "it waits");
        assert_eq!(renan.get("/examples/of/nothing").await.status, 404);
    })
    .await;
}
