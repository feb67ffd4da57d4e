//! A line of the table of routes.

use std::fmt;

use axum::http::Method;
use axum::routing::MethodFilter;

use super::Endpoint;

/// What a request must have to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing, and why.
    Nothing(Why),
    /// Somebody signed in.
    Session,
    /// Somebody whose missions allow this action of the permission table, by its word.
    Action(&'static str),
}

/// Why a route needs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is how one signs in.
    SignIn,
    /// It holds nothing of anybody.
    Public,
    /// Its address holds the secret of a notice.
    Link,
    /// It is the look of the pages.
    Asset,
    /// It says that the process is alive.
    Alive,
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// True for POST.
    pub changes: bool,
    /// Its path, with axum's placeholders.
    pub path: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// What answers.
    pub endpoint: Endpoint,
    /// A request is a sign that somebody is there; polling is not (clause T1).
    pub activity: bool,
    /// Its form may carry files.
    pub long: bool,
}

pub(super) const fn get(path: &'static str, needs: Needs, endpoint: Endpoint) -> Route {
    Route { changes: false, path, needs, endpoint, activity: true, long: false }
}

pub(super) const fn post(path: &'static str, needs: Needs, endpoint: Endpoint) -> Route {
    Route { changes: true, path, needs, endpoint, activity: true, long: false }
}

impl Route {
    pub(super) const fn idle(self) -> Self {
        Self { activity: false, ..self }
    }

    pub(super) const fn long(self) -> Self {
        Self { long: true, ..self }
    }

    /// Its method.
    #[must_use]
    pub const fn method(&self) -> Method {
        if self.changes { Method::POST } else { Method::GET }
    }

    pub(super) const fn filter(&self) -> MethodFilter {
        if self.changes { MethodFilter::POST } else { MethodFilter::GET }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let needs = match self.needs {
            Needs::Nothing(why) => format!("nothing: {why:?}"),
            Needs::Session => "a session".to_owned(),
            Needs::Action(word) => word.to_owned(),
        };
        let idle = if self.activity { "" } else { " (idle)" };
        write!(f, "{:<5}{:<46}{needs}{idle}", self.method().as_str(), self.path)
    }
}

/// Lines of all files of the table.
#[expect(clippy::indexing_slicing, reason = "a constant: out of bounds, it does not compile")]
pub(super) const fn length(files: &[&[Route]]) -> usize {
    let (mut sum, mut file) = (0, 0);
    while file < files.len() {
        sum += files[file].len();
        file += 1;
    }
    sum
}

/// The files of the table one behind the other.
#[expect(clippy::indexing_slicing, reason = "a constant: out of bounds, it does not compile")]
pub(super) const fn joined<const N: usize>(files: &[&[Route]]) -> [Route; N] {
    let (mut all, mut at, mut file) = ([files[0][0]; N], 0, 0);
    while file < files.len() {
        let mut line = 0;
        while line < files[file].len() {
            all[at] = files[file][line];
            (at, line) = (at + 1, line + 1);
        }
        file += 1;
    }
    all
}
