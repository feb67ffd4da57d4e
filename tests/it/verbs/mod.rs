//! Verbs through `operations`, on SQLite and PostgreSQL, with a clock that stands still.

mod bulk;
mod calibration;
mod clients;
mod clock;
mod controls;
mod evidence;
mod examples;
mod failing;
mod flows;
mod invitations;
mod lists;
mod mail;
mod outgoing;
mod proposals;
mod register;
mod relaying;
mod replays;
mod reports;
mod review;
mod second;
mod sign_in;
mod statements;
mod submit;
mod sweep;
mod together;
mod uses;
