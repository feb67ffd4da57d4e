//! What FIN-02, enforced from the start, holds and lets pass: a client told of a report, and ordinary words about reports.

use super::*;

/// Whether a control matches a message of this text to one outside.
fn matches(control: &str, text: &str) -> bool {
    let assessment = Case::new(&plain(text)).assess();
    assessment.matches.iter().any(|found| found.control == control)
}

fn wrong(control: &str, texts: &[&str], expected: bool) -> Vec<String> {
    let wrong = texts.iter().filter(|text| matches(control, text) != expected);
    wrong.map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_client_told_of_a_report_is_held() {
    let told = [
        "Notre correspondant Tracfin a fait une déclaration de soupçon sur vous.",
        "En suivant la procédure, j'ai dû faire une déclaration de soupçon sur votre compte.",
        "Suite à votre rapport annuel, une déclaration de soupçon a été faite contre vous.",
        "Après la formation, j’ai envoyé une déclaration de soupçon.",
        "Une déclaration de soupçon vous concerne.",
        "Votre dossier a été transmis à Tracfin.",
        "Nous avons déclaré vos opérations à Tracfin.",
        "La banque vous a signalé à Tracfin.",
        "On a fait une DS sur votre compte.",
        "Ils ont envoyé une DS sur vos espèces du mois dernier, faites attention.",
        "J'ai dû faire une déclaration Tracfin vous concernant.",
        "La conformité a fait un signalement sur toi à la cellule anti-blanchiment.",
        "La banque a dû prévenir les autorités au sujet de vos dépôts d'espèces.",
        "La CTIF a été informée de vos versements.",
        "La CRF enquête sur vos fonds.",
        "Je ne peux pas vous expliquer pourquoi, mais votre virement est remonté à Bercy.",
        "Votre nom est sorti chez les gens qui luttent contre l'argent sale.",
        "Des enquêteurs de la police judiciaire sont venus à l'agence demander vos relevés.",
        "Of course we filed a suspicious activity report about you last week.",
        "As for your policy, we had to file a suspicious activity report about your premium payments.",
        "In the course of our review we filed a suspicious activity report.",
        "Our MLRO put in a report: you are under investigation.",
        "We've filed a SAR on you.",
        "A SAR was filed against your husband.",
        "We had to report you to the NCA.",
        "The bank has filed a report with the FIU about your transfers.",
        "I can't say why, but the financial crime team have escalated you and the bank has told the authorities.",
        "I am tipping you off: move the money.",
    ];
    assert_eq!(wrong("FIN-02", &told, true), Vec::<String>::new());
}

#[test]
fn ordinary_words_about_reports_pass() {
    let ordinary = [
        "Au programme : l'approche par les risques. La déclaration de soupçon. Le gel des avoirs.",
        "La rédaction d'une bonne déclaration de soupçon à Tracfin fera l'objet d'un atelier.",
        "Les déclarations de soupçon sont transmises par le correspondant Tracfin de chaque entité.",
        "La Banque est tenue d'effectuer une déclaration de soupçon auprès de Tracfin.",
        "Vos opérations sont susceptibles de faire l’objet d’une déclaration de soupçon.",
        "Le Prestataire s'interdit de divulguer l'existence ou le contenu de toute déclaration de soupçon.",
        "Avez-vous mis en place un système de détection et de déclaration de soupçon ?",
        "Disposez-vous d’une procédure de déclaration de soupçon ?",
        "Vous devez signaler à Tracfin toute opération suspecte.",
        "Informez votre client en cas de soupçon de fraude à la carte bancaire.",
        "Prévenez votre client en cas de soupçons de fraude.",
        "La déclaration sur vos revenus est disponible, et le signalement sur votre espace client.",
        "Prévenez les autorités en cas de perte de votre carte.",
        "Votre demande de rescrit a été transmise à Bercy.",
        "Your SAR has been received and we will reply within one calendar month.",
        "We will tell you about the SAR within a calendar month.",
        "We acknowledge the SAR filed on behalf of your client.",
        "We filed the SAR on behalf of your client.",
        "Corporate hospitality: tip-off at 7pm.",
        "They tipped us off about the road closure.",
        "We inform you that we have no suspicion of fraud.",
        "We may be required to make a suspicious activity report to the National Crime Agency and cannot tell you if we do so.",
        "Our guidance on suspicious activity reports is on the intranet.",
        "To make a suspicious activity report, please contact your officer.",
        "We must report your income to the authorities under the CRS.",
    ];
    assert_eq!(wrong("FIN-02", &ordinary, false), Vec::<String>::new());
}

/// `new` and `certainty` are of two findings: the word of the body is weak, and the strong one stands in the footer.
#[test]
fn a_disclaimer_says_nothing_of_the_body() {
    let body = "The union representative will join us on Thursday.";
    let footer =
        "This e-mail is privileged and confidential. If you are not the intended recipient, delete it.";
    let case = Case::new(&plain(&format!("{body}\r\n\r\n--\r\n{footer}")));
    let assessment = case.assess();
    let finding = assessment.matches.iter().find(|found| found.control == "PRV-02");
    assert_eq!(finding, None);
    let set = set(&[control(
        "A-1",
        "lexicon_whistleblowing.new > 0 && lexicon_whistleblowing.certainty >= 90",
        "observe",
        "hold",
    )]);
    assert_eq!(assess(&case.facts(), &set).matches.len(), 1, "the two findings are there");
}
