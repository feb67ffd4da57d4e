//! The routes of control sets, and of past flows read again.

use super::Endpoint::Controls as E;
use super::Needs::Action;
use super::{Route, get, post};

use Controls as C;

/// The lines.
pub(super) const ROUTES: &[Route] = &[
    get("/controls", Action("controls.read"), E(C::Sets)),
    get("/controls/in-force", Action("controls.read"), E(C::InForce)),
    get("/controls/in-force/{control}", Action("controls.read"), E(C::InForceControl)),
    get("/controls/sets/{set}", Action("controls.read"), E(C::Set)),
    get("/controls/sets/{set}/rehearsal", Action("controls.read"), E(C::Rehearsal)),
    post("/controls/sets/{set}/rehearse", Action("controls.rehearse"), E(C::Rehearse)),
    get("/controls/sets/{set}/publish", Action("controls.publish"), E(C::PublishPage)),
    post("/controls/sets/{set}/publish", Action("controls.publish"), E(C::Publish)),
    post("/controls/sets/{set}/drop", Action("controls.drop"), E(C::Drop)),
    get("/controls/sets/{set}/of/{control}", Action("controls.read"), E(C::SetControl)),
    get("/controls/change", Action("controls.draft"), E(C::ChangePage)),
    post("/controls/change", Action("controls.draft"), E(C::Change)),
    get("/controls/upload", Action("controls.draft"), E(C::UploadPage)),
    post("/controls/upload", Action("controls.draft"), E(C::Upload)).long(),
    post("/controls/look-back", Action("controls.look_back"), E(C::LookBack)),
    get("/controls/replays/{replay}", Action("controls.read"), E(C::Replay)),
    get("/controls/replays/{replay}/progress", Action("controls.read"), E(C::Progress)).idle(),
    post("/controls/replays/{replay}/stop", Action("controls.stop_replay"), E(C::StopReplay)),
];

/// What answers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Controls {
    /// Control sets.
    Sets,
    /// The set in force.
    InForce,
    /// One of its controls.
    InForceControl,
    /// One set.
    Set,
    /// One of its controls.
    SetControl,
    /// Its rehearsal, message by message.
    Rehearsal,
    /// A rehearsal is asked for.
    Rehearse,
    /// A set, before a second person publishes it.
    PublishPage,
    /// A second person publishes it.
    Publish,
    /// A draft is dropped.
    Drop,
    /// A control is changed in a copy of a set: the form.
    ChangePage,
    /// A control is changed in a copy of a set.
    Change,
    /// Files are put into a copy of a set: the form.
    UploadPage,
    /// Files are put into a copy of a set.
    Upload,
    /// A look back is asked for.
    LookBack,
    /// Past flows being read again, and what was found.
    Replay,
    /// How far that is.
    Progress,
    /// It is stopped.
    StopReplay,
}
