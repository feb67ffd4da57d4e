//! Messages that wait for a person.

use std::time::Duration;

/// Messages of one template within [`CAMPAIGN_WINDOW`] after which the next ones are a campaign.
pub const CAMPAIGN_FLOWS: usize = 20;
/// See [`CAMPAIGN_FLOWS`].
pub const CAMPAIGN_WINDOW: Duration = Duration::from_secs(15 * 60);
/// A message that its server split is one hold while its parts come within this of the first.
pub const HOLD_PARTS_WINDOW: Duration = Duration::from_secs(30 * 60);
/// Messages of a campaign with one text join a hold that is younger than this.
pub const HOLD_CAMPAIGN_WINDOW: Duration = Duration::from_secs(24 * 3600);
/// Flows that wait with one hold besides its own; the next one has a hold of its own.
pub const HOLD_COMPANIONS_MAX: usize = 100_000;
/// Of those, moved in one write once it is decided.
pub const HOLD_COMPANIONS_CARRIED: usize = 200;
/// Controls and domains by which a hold is found to be like another.
pub const HOLD_FEATURES_MAX: usize = 64;
/// Decisions on messages like one are counted over so long.
pub const ALIKE_WINDOW: Duration = Duration::from_secs(90 * 24 * 3600);
/// Of those, the latest that are looked at.
pub const ALIKE_LOOKED_AT: usize = 1_000;
/// The contents of a guarded hold, opened with grounds, are shown for so long to who opened them; then they are opened anew.
pub const GUARDED_OPEN: Duration = Duration::from_secs(30 * 60);
/// Events of one message whose earlier messages are looked for.
pub const INVITATION_EVENTS_MAX: usize = 20;
/// Values shown of one control on one message in a register; more are counted.
pub const REGISTER_FOUND_MAX: usize = 20;
/// Held messages on a page of a register.
pub const REGISTER_ROWS_MAX: usize = 50;
/// Held messages looked through for a page of a register: a control or a category is known once a message's reasons are opened.
pub const REGISTER_SEARCHED_MAX: usize = 500;
/// Held messages in one export of a register; more are in the next one.
pub const REGISTER_EXPORT_MAX: usize = 10_000;
/// Past control sets read for one page of a register; the messages of others are told with the set in force.
pub const REGISTER_SETS_MAX: usize = 4;
/// Holds of one list; the statements that read them say the same.
pub const QUEUE_ROWS_MAX: usize = 500;
/// A reason, ground or justification written by a person, characters.
pub const REASON_CHARS_MAX: usize = 4_000;
/// A reason must say something, characters.
pub const REASON_CHARS_MIN: usize = 3;
/// Holds a search looks through, the most pressing first: subject lines are sealed, each one is opened to be compared.
pub const QUEUE_SEARCHED_MAX: usize = 2_000;
