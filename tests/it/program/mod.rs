//! The program from outside: SMTP in, decisions by API and console, mail out, evidence verified by its own command.

mod api;
mod backup;
mod breached;
mod client_file;
mod clients;
mod console;
mod disk_faults;
mod durability;
mod extract;
mod ledger;
mod lists;
mod lost_commit;
mod mail;
mod mx;
mod nodes;
mod parts;
mod plaintext;
mod power_cut;
mod proxies;
mod queue;
mod restored;
mod schemathesis;
mod served;
mod signatures;
mod smuggling;
mod tenants;
