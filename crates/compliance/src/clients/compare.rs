//! What a client file takes away from the one before it: identifiers that are not looked for any more, and mailboxes to which data
//! that was held may go.

use super::{ClientNumber, Clients};

/// Which identifiers of a file that was just read are mailboxes or domains of clients.
#[derive(Debug, Default)]
pub struct Mailboxes {
    /// By client.
    pairs: Vec<(ClientNumber, u64)>,
}

impl Mailboxes {
    pub(super) fn new(mut pairs: Vec<(ClientNumber, u64)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        Self { pairs }
    }
}

/// How a file differs from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Difference {
    /// Identifiers it does not have any more.
    pub gone: u64,
    /// Identifiers the one before did not have.
    pub new: u64,
    /// Mailboxes to which data of a client may go that was held on its way there.
    pub mailboxes: u64,
}

impl Difference {
    /// With the file in force, less is found than with the one before.
    #[must_use]
    pub const fn watches_less(&self) -> bool {
        self.gone > 0 || self.mailboxes > 0
    }
}

impl Clients {
    /// How this file, just read with its mailboxes, differs from `before`. Clients are told by what is theirs, never by their
    /// numbers: those are the order of lines. What the one before kept does not tell data from mailboxes: a mailbox that is gone counts
    /// as data that is.
    #[must_use]
    pub fn difference(&self, before: &Self, mailboxes: &Mailboxes) -> Difference {
        Difference {
            gone: missing(before, self),
            new: missing(self, before),
            mailboxes: self.opened(before, mailboxes),
        }
    }

    /// Mailboxes of a client whose data was not let go there before.
    fn opened(&self, before: &Self, mailboxes: &Mailboxes) -> u64 {
        if before.is_empty() {
            return 0;
        }
        let mut theirs: Vec<(ClientNumber, u64)> =
            self.owners.iter().copied().zip(self.hashes.iter().copied()).collect();
        theirs.sort_unstable();
        let is_mailbox = |pair: &(ClientNumber, u64)| mailboxes.pairs.binary_search(pair).is_ok();
        let opens = |(client, mailbox): &&(ClientNumber, u64)| {
            let from = theirs.partition_point(|(owner, _)| owner < client);
            let own = theirs.get(from..).unwrap_or_default().iter();
            let allowed = before.owners_of(*mailbox);
            own.take_while(|(owner, _)| owner == client).any(|pair| {
                let owners = before.owners_of(pair.1);
                !owners.is_empty() && !is_mailbox(pair) && !owners.iter().any(|owner| allowed.contains(owner))
            })
        };
        mailboxes.pairs.iter().filter(opens).count() as u64
    }
}

/// Identifiers of one file that the other does not have.
fn missing(of: &Clients, from: &Clients) -> u64 {
    let mut last = None;
    let distinct = of.hashes.iter().filter(|hash| last.replace(**hash) != Some(**hash));
    distinct.filter(|hash| from.owners_of(**hash).is_empty()).count() as u64
}

#[cfg(test)]
mod tests {
    use super::super::Builder;
    use super::*;

    fn file(write: impl FnOnce(&mut Builder)) -> (Clients, Mailboxes) {
        let mut file = Builder::new(&[9; 32]);
        write(&mut file);
        file.finish_to_compare()
    }

    const ACCOUNT: &str = "FR76 3000 6000 0112 3456 7890 189";

    fn two(file: &mut Builder) {
        file.number(1, ACCOUNT).unwrap();
        file.email(1, "agathe.vidal@sableval.example").unwrap();
        file.number(2, "2024-118-00733").unwrap();
        file.recipient(2, "quillon.example").unwrap();
    }

    #[test]
    fn what_a_file_takes_away_and_what_it_opens() {
        let (before, _) = file(two);
        let of = |write: &dyn Fn(&mut Builder)| {
            let (after, mailboxes) = file(write);
            after.difference(&before, &mailboxes)
        };
        assert_eq!(of(&two), Difference::default());
        // The same clients in another order.
        let turned = of(&|file| {
            file.number(1, "2024-118-00733").unwrap();
            file.recipient(1, "quillon.example").unwrap();
            file.number(2, ACCOUNT).unwrap();
            file.email(2, "agathe.vidal@sableval.example").unwrap();
        });
        assert_eq!(turned, Difference::default());
        let more = of(&|file| {
            two(file);
            file.number(3, "2025-001-00001").unwrap();
            file.recipient(3, "verrerie.example").unwrap();
            file.number(1, "2024-118-00999").unwrap();
        });
        assert_eq!(more, Difference { gone: 0, new: 3, mailboxes: 0 });
        assert!(!more.watches_less());
        let lacks = of(&|file| {
            file.number(1, ACCOUNT).unwrap();
        });
        // An address is data and a mailbox.
        assert_eq!(lacks, Difference { gone: 4, new: 0, mailboxes: 0 });
        assert_eq!(of(&|_| {}).gone, 5);
    }

    #[test]
    fn a_mailbox_that_data_may_go_to_from_now_on_watches_less() {
        let (before, _) = file(two);
        let of = |write: &dyn Fn(&mut Builder)| {
            let (after, mailboxes) = file(|file| {
                two(file);
                write(file);
            });
            let difference = after.difference(&before, &mailboxes);
            assert_eq!(difference.gone, 0);
            (difference.mailboxes, difference.watches_less())
        };
        // Another address of a client, the account of one given to the other, the other's domain.
        assert_eq!(of(&|file| file.email(1, "perso@boite.example").unwrap()), (1, true));
        assert_eq!(of(&|file| file.number(2, ACCOUNT).unwrap()), (1, true));
        assert_eq!(of(&|file| file.recipient(1, "quillon.example").unwrap()), (1, true));
        // A shared account that was shared before.
        let shared = |file: &mut Builder| {
            two(file);
            file.number(2, ACCOUNT).unwrap();
        };
        let (before, _) = file(shared);
        let (after, mailboxes) = file(shared);
        assert_eq!(after.difference(&before, &mailboxes), Difference::default());
    }
}
