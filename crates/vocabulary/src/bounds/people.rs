//! Accounts, what proves them, and what they may do.

use std::time::Duration;

/// A password, Unicode code points after NFKC (clause A3).
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The longest password read.
pub const PASSWORD_CHARS_MAX: usize = 256;
/// Idle time of a standard session (clause T1).
pub const SESSION_IDLE: Duration = Duration::from_secs(30 * 60);
/// Idle time of a session with an administration mission (clause T1).
pub const SESSION_IDLE_ADMINISTRATION: Duration = Duration::from_secs(15 * 60);
/// Longest life of a session.
pub const SESSION_ABSOLUTE: Duration = Duration::from_secs(12 * 3600);
/// Longest life of a session with an administration mission.
pub const SESSION_ABSOLUTE_ADMINISTRATION: Duration = Duration::from_secs(8 * 3600);
/// Sessions of one account that are open at once: one more ends the one used longest ago.
pub const SESSIONS_MAX: usize = 10;
/// How often the uses of sessions that requests left are written.
pub const SESSION_USES_INTERVAL: Duration = Duration::from_millis(500);
/// A session whose written use is this close to its limit, or closer, has its next use written before the answer. A node that knows only
/// what is written never ends a session that is in use on another, though writing fails for most of this time.
pub const SESSION_USE_MARGIN: Duration = Duration::from_secs(30);
/// Uses of sessions that wait to be written, in a process: one more is written before the answer.
pub const SESSION_USES_WAITING_MAX: usize = 10_000;
/// Uses of sessions written at once.
pub const SESSION_USES_AT_ONCE: usize = 1_000;
/// A proof of presence counts this long for an act that asks for a fresh one.
pub const PRESENCE: Duration = Duration::from_secs(600);
/// Time between the first step of a sign-in and the second.
pub const SIGN_IN_TICKET_LIFE: Duration = Duration::from_secs(300);
/// Time to copy an offered TOTP secret into an authenticator app and type its first code.
pub const ENROLMENT_OFFER_LIFE: Duration = Duration::from_secs(600);
/// A device or network an account signed in from is known for this long after.
pub const PLACE_REMEMBERED: Duration = Duration::from_secs(180 * 24 * 3600);
/// How long a sign-in from a new place waits for an administrator, and how long what was approved is good.
pub const ARRIVAL_LIFE: Duration = Duration::from_secs(24 * 3600);
/// How long a code sent by mail is good (NIST SP 800-63B-4 §3.1.3.2: ten minutes).
pub const MAIL_CODE_LIFE: Duration = Duration::from_secs(600);
/// Codes sent to one account within [`SIGN_IN_WINDOW`].
pub const MAIL_CODES_PER_WINDOW: u32 = 5;
/// Sign-ins of one network, accounts that fail, within [`SIGN_IN_WINDOW`]: people behind one address share it.
pub const SIGN_IN_FAILURES_PER_NETWORK_MAX: u32 = 100;
/// Accounts one network fails to sign in to within [`SIGN_IN_WINDOW`] before it is taken for password spraying.
pub const SPRAYED_ACCOUNTS: u32 = 10;
/// As [`SPRAYED_ACCOUNTS`], all networks together.
pub const SPRAYED_ACCOUNTS_EVERYWHERE: u32 = 50;
/// A code of an app that was used this long ago, or longer, and is shown again, was seen by somebody.
pub const CODE_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// Time to touch a security key once it is asked.
pub const CEREMONY_LIFE: Duration = Duration::from_secs(300);
/// Questions to one account's authenticators that may be answered at once; an older one is forgotten for a newer.
pub const CEREMONIES_MAX: usize = 10;
/// Authenticators of one account that stand at once, backup codes apart.
pub const AUTHENTICATORS_MAX: usize = 20;
/// The name a person gives an authenticator, characters.
pub const AUTHENTICATOR_NAME_CHARS_MAX: usize = 60;
/// Days for which the question of a second factor may be put off (clause A1).
pub const FACTOR_POSTPONED_DAYS_MAX: u32 = 7;
/// Networks an organisation declares as its own, and models of keys it accepts.
pub const POLICY_LIST_MAX: usize = 100;
/// How long a request for an account waits for an administrator before it is purged.
pub const ACCOUNT_REQUEST_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// Requests of one organisation that wait at once; the next ones are not kept.
pub const ACCOUNT_REQUESTS_MAX: u32 = 500;
/// Requests for an account from one network, or for one address, within [`SIGN_IN_WINDOW`].
pub const ACCOUNT_REQUESTS_PER_WINDOW: u32 = 5;
/// How long the link that activates an approved account is good.
pub const ACTIVATION_LINK_LIFE: Duration = Duration::from_secs(72 * 3600);
/// Missions one account holds at once, or will.
pub const GRANTS_MAX: u64 = 40;
/// How far ahead a mission may begin.
pub const GRANT_AHEAD_MAX: Duration = Duration::from_secs(366 * 24 * 3600);
/// How far ahead a mission may end.
pub const GRANT_LENGTH_MAX: Duration = Duration::from_secs(10 * 366 * 24 * 3600);
/// How long a change waits for a second administrator before it lapses.
pub const CHANGE_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Changes of one organisation that wait at once.
pub const CHANGES_WAITING_MAX: u32 = 100;
/// The use of a mission is noted once in this time.
pub const MISSION_USE_STEP: Duration = Duration::from_secs(3600);
/// Uses of missions a process remembers to have noted; past this it notes them again.
pub const MISSION_USES_NOTED_MAX: usize = 20_000;
/// How long the link that sets a forgotten or compromised password is good.
pub const PASSWORD_LINK_LIFE: Duration = Duration::from_secs(3600);
/// Links for a forgotten password asked for from one network, or for one address, within [`SIGN_IN_WINDOW`].
pub const PASSWORD_LINKS_PER_WINDOW: u32 = 5;
/// Slow hashes that run at once in a process: 46 MiB each.
pub const PASSWORD_HASHES_AT_ONCE: usize = 4;
/// Those that wait for a place; whoever comes after is told to come back.
pub const PASSWORD_HASHES_WAITING_MAX: usize = 64;
/// A review of access opens that long after the last one: a quarter, at its shortest (clause R4).
pub const ACCESS_REVIEW_EVERY: Duration = Duration::from_secs(90 * 24 * 3600);
/// Until when it should be done.
pub const ACCESS_REVIEW_TIME: Duration = Duration::from_secs(21 * 24 * 3600);
/// How long before that administrators are told.
pub const ACCESS_REVIEW_WARNING: Duration = Duration::from_secs(7 * 24 * 3600);
/// Characters of a service's name.
pub const SERVICE_NAME_CHARS_MAX: usize = 100;
/// Named services of an organisation that are not closed.
pub const SERVICES_MAX: usize = 100;
/// How long a service's token is good.
pub const TOKEN_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);
/// How long the token before stays good beside a new one, while programs are changed over.
pub const TOKEN_OVERLAP: Duration = Duration::from_secs(7 * 24 * 3600);
/// Tokens of a service that are good at once.
pub const TOKENS_MAX: u64 = 2;
/// A service whose last token ends within this is shown as one that will stop, and its administrators are told.
pub const TOKEN_ENDS_SOON: Duration = Duration::from_secs(30 * 24 * 3600);
/// Within this they are told again.
pub const TOKEN_ENDS_VERY_SOON: Duration = Duration::from_secs(7 * 24 * 3600);
/// Administrators who could go on alone, below which it is said: with one fewer, a lost key locks the organisation out.
pub const ADMINISTRATORS_ADVISED: u64 = 2;
/// Hours for which break-glass opens a way in.
pub const BREAK_GLASS_HOURS_MAX: u32 = 4;
/// Links for forgotten passwords prepared at once by a process; further requests of the moment are dropped.
pub const PASSWORD_LINKS_AT_ONCE: usize = 16;
/// Accounts followed up a chain of "asked for by".
pub const ACCOUNT_CHAIN_MAX: usize = 20;
/// Failed sign-ins of one account within [`SIGN_IN_WINDOW`] before the next must wait.
pub const SIGN_IN_FAILURES_MAX: u32 = 10;
/// See [`SIGN_IN_FAILURES_MAX`].
pub const SIGN_IN_WINDOW: Duration = Duration::from_secs(15 * 60);
