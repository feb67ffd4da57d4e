//! The console's own routes, as a browser without script uses them, on both engines. Names carry the clause and the
//! attack they show: `a1_…` is clause A1, `r1_…` an attack of the list in `docs/guides`.

mod accounts;
mod enrolment;
mod evidence;
mod keys;
mod missions;
mod nodes;
mod outgoing;
mod passwords;
mod people;
mod places;
mod sessions;
mod standing;
