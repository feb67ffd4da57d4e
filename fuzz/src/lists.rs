//! Recipients and lists taken from the text that is read, so that names and addresses meet themselves there.

use compliance::{OrganisationFacts, PreparedOrganisation, RecipientFacts};
use vocabulary::EmailAddress;

/// Recipients, and entries of one list, at most.
const EACH_MAX: usize = 8;

/// The addresses of the text; every second one is outside, every third one new.
pub fn recipients(text: &str) -> Vec<RecipientFacts> {
    let written = text.split_whitespace().filter_map(|word| EmailAddress::parse(word).ok());
    let outside = ["a@sableval.example", "b@orveane.example"];
    let all =
        written.take(EACH_MAX).chain(outside.into_iter().filter_map(|own| EmailAddress::parse(own).ok()));
    let recipient = |(index, address): (usize, EmailAddress)| RecipientFacts {
        address,
        external: index % 2 == 0,
        first_contact: index % 3 == 0,
    };
    all.enumerate().map(recipient).collect()
}

/// Lists whose entries are words and lines of the text.
pub fn organisation(text: &str) -> PreparedOrganisation {
    let words = || text.split_whitespace().take(EACH_MAX).map(str::to_owned);
    let lines: Vec<String> = text.lines().take(EACH_MAX).map(str::to_owned).collect();
    let domains = || text.split(['@', ' ', '\n']).take(EACH_MAX).map(str::to_lowercase);
    OrganisationFacts {
        domains: vec!["orveane.example".into()],
        own_identifiers: words().collect(),
        own_footers: lines.clone(),
        group_domains: domains().collect(),
        known_domains: domains().collect(),
        correspondents: words().map(|word| word.to_lowercase()).collect(),
        webmail: domains().collect(),
        protected: words().collect(),
        restricted: lines.clone(),
        encrypted_domains: domains().chain(lines.iter().cloned()).collect(),
        labels: lines,
    }
    .into()
}
