//! The routes of an organisation's lists, its client file, its examples, and of what waits for a second person.

use super::Endpoint::Lists as E;
use super::Needs::Action;
use super::{Route, get, post};

use Lists as L;

/// The lines.
pub(super) const ROUTES: &[Route] = &[
    get("/lists", Action("list.read"), E(L::All)),
    get("/lists/{list}", Action("list.open"), E(L::One)),
    get("/lists/{list}/change", Action("list.replace"), E(L::ChangePage)),
    post("/lists/{list}/change", Action("list.replace"), E(L::Change)).long(),
    get("/proposals/{proposal}", Action("list.open"), E(L::Proposal)),
    get("/proposals/{proposal}/agree", Action("proposal.agree"), E(L::AgreePage)),
    post("/proposals/{proposal}/agree", Action("proposal.agree"), E(L::Agree)),
    post("/proposals/{proposal}/refuse", Action("proposal.refuse"), E(L::Refuse)),
    get("/examples", Action("list.read"), E(L::Examples)),
    post("/examples/try", Action("list.open"), E(L::Try)),
    get("/examples/new", Action("list.replace"), E(L::NewExample)),
    post("/examples/new", Action("list.replace"), E(L::DefineExample)),
    get("/examples/of/{category}", Action("list.open"), E(L::Example)),
    post("/examples/of/{category}", Action("list.replace"), E(L::ChangeExample)),
    post("/examples/of/{category}/drop", Action("list.replace"), E(L::DropExample)),
];

/// What answers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lists {
    /// Every list, the client file, what waits.
    All,
    /// One list and its entries.
    One,
    /// Entries are added, taken away, replaced: the form.
    ChangePage,
    /// Entries are added, taken away, replaced.
    Change,
    /// What waits, or waited, for a second person.
    Proposal,
    /// The same, before a second person agrees.
    AgreePage,
    /// A second person agrees.
    Agree,
    /// It is refused, or taken back.
    Refuse,
    /// Categories by example.
    Examples,
    /// A sentence is tried.
    Try,
    /// A category is defined: the form.
    NewExample,
    /// A category is defined.
    DefineExample,
    /// One category: the form.
    Example,
    /// It is changed.
    ChangeExample,
    /// It is given up.
    DropExample,
}
