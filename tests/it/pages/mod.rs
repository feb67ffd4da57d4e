//! The console's own routes, as a browser without script uses them, on both engines. Names carry the clause and the
//! attack they show: `clause_a1_m1_…`, or the attack alone, `r1_…` (`docs/guides/clauses.md`, `docs/guides/sign-in-cases.md`).

mod access_review;
mod accounts;
mod attacks;
mod break_glass;
mod controls;
mod devices;
mod enrolment;
mod evidence;
mod explained;
mod families;
mod guarded;
mod keys;
mod labels;
mod lists;
mod look_back;
mod missions;
mod nodes;
mod outgoing;
mod passages;
mod passwords;
mod people;
mod places;
mod policy;
mod register;
mod registrar;
mod restored;
mod services;
mod sessions;
mod signed;
mod standing;
mod tickets;
mod ways;
