//! The routes of private and protected mail: opened on grounds, decided on by who keeps it, given up as private by its sender.

use super::Endpoint::Guarded as E;
use super::Needs::{Action, Nothing};
use super::Why::Link;
use super::{Route, get, post};

use Guarded as G;

/// The lines.
pub(super) const ROUTES: &[Route] = &[
    get("/holds/{hold}/open", Action("hold.open_guarded"), E(G::OpenPage)),
    post("/holds/{hold}/open", Action("hold.open_guarded"), E(G::Open)),
    get("/holds/{hold}/custody/{ruling}", Action("hold.decide_guarded"), E(G::CustodyPage)),
    post("/holds/{hold}/custody/{ruling}", Action("hold.decide_guarded"), E(G::Custody)),
    post("/notices/{link}/requalify", Nothing(Link), E(G::Requalify)),
];

/// What answers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guarded {
    /// The contents of a guarded message are opened: the form.
    OpenPage,
    /// They are opened.
    Open,
    /// A guarded message is decided on by who keeps such mail: the form.
    CustodyPage,
    /// It is decided on.
    Custody,
    /// The sender takes the private mark off.
    Requalify,
}
