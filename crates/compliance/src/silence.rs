//! What an organisation may say about itself: its own identifiers and its own footers are no findings.

use std::collections::HashSet;

use crate::detect::{EMAIL, Found, canonical};
use crate::{OrganisationFacts, PreparedOrganisation};

/// Its identifiers and footers in the form that is compared. Prepared once a list.
pub(crate) struct Own {
    identifiers: HashSet<String>,
    /// White space collapsed; none is empty.
    footers: Vec<String>,
}

impl Own {
    pub(crate) fn new(organisation: &OrganisationFacts) -> Self {
        let footers = organisation.own_footers.iter().map(|footer| collapse(footer.trim()).0);
        Self {
            identifiers: organisation.own_identifiers.iter().map(|own| canonical(own)).collect(),
            footers: footers.filter(|footer| !footer.is_empty()).collect(),
        }
    }
}

/// Removes what is the organisation's own; addresses under its domains too.
pub(crate) fn silence(organisation: &PreparedOrganisation, text: &str, found: &mut Vec<Found>) {
    let own = &organisation.own;
    found.retain(|hit| match hit.detector {
        EMAIL => !hit.value.rsplit('@').next().is_some_and(|domain| organisation.owns_domain(domain)),
        _ => !own.identifiers.contains(&hit.value),
    });
    if found.is_empty() || own.footers.is_empty() {
        return;
    }
    let footers = footers(text, &own.footers);
    found.retain(|hit| !footers.iter().any(|(start, end)| *start <= hit.start && hit.end <= *end));
}

/// Where the organisation's footers stand in a text, white space of any length taken for one space.
fn footers(text: &str, own: &[String]) -> Vec<(usize, usize)> {
    let (collapsed, places) = collapse(text);
    let place = |at: usize| places.get(at).copied().unwrap_or(text.len());
    own.iter()
        .flat_map(|footer| {
            collapsed
                .match_indices(footer.as_str())
                .map(|(at, _)| (place(at), place(at + footer.len())))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The text with white space collapsed, and for each of its bytes the byte it comes from.
fn collapse(text: &str) -> (String, Vec<usize>) {
    let mut collapsed = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    let mut space = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            if !space {
                collapsed.push(' ');
                places.push(at);
            }
        } else {
            collapsed.push(c);
            places.extend(at..at + c.len_utf8());
        }
        space = c.is_whitespace();
    }
    (collapsed, places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::scan;

    fn left(text: &str, organisation: &OrganisationFacts) -> usize {
        let mut found = scan(text);
        silence(&organisation.clone().into(), text, &mut found);
        found.len()
    }

    #[test]
    fn own_identifiers_in_any_grouping_are_silent() {
        let organisation = OrganisationFacts {
            own_identifiers: vec!["fr14 2004 1010 0505 0001 3m02 606".into()],
            ..Default::default()
        };
        assert_eq!(left("FR1420041010050500013M02606", &organisation), 0);
        assert_eq!(left("FR14 2004 1010 0505 0001 3M02 606 et DE89370400440532013000", &organisation), 1);
    }

    #[test]
    fn own_addresses_are_silent() {
        let organisation =
            OrganisationFacts { domains: vec!["orveane.example".into()], ..Default::default() };
        assert_eq!(
            left("ines@orveane.example, hugo@paris.orveane.example, c@sableval.example", &organisation),
            1
        );
    }

    #[test]
    fn own_footers_are_silent_however_they_are_wrapped() {
        let footer = "Banque Orvéane, RCS 000 — compte FR14 2004 1010 0505 0001 3M02 606.";
        let organisation = OrganisationFacts { own_footers: vec![footer.into()], ..Default::default() };
        assert_eq!(
            left(
                "Bonjour,\n\nBanque Orvéane, RCS\n  000 — compte FR14 2004\n1010 0505 0001 3M02 606.",
                &organisation
            ),
            0
        );
        assert_eq!(left("Virez sur FR14 2004 1010 0505 0001 3M02 606.", &organisation), 1);
    }
}
