//! Every bound has a name, a unit and a reason, and stands here (invariant 9).

use std::time::Duration;

/// Largest message accepted over SMTP or the API, bytes. Exchange Online's 150 MB plus base64 fits.
pub const MESSAGE_BYTES_MAX: usize = 200 * 1024 * 1024;
/// Recipients of one message; further `RCPT TO` get 452 4.5.3 (RFC 5321 §4.5.3.1.8 asks for at least 100).
pub const RECIPIENTS_MAX: usize = 1_000;
/// An SMTP command line with its CRLF, bytes (RFC 5321 §4.5.3.1.4 plus room for extension parameters).
pub const SMTP_COMMAND_BYTES_MAX: usize = 2_048;
/// A line of message content without its CRLF, bytes (RFC 5321 §4.5.3.1.6).
pub const SMTP_TEXT_LINE_BYTES_MAX: usize = 998;
/// SMTP sessions open at once; the next one is answered 421.
pub const SMTP_SESSIONS_MAX: usize = 1_000;
/// Wrong commands before a client is sent away with 421.
pub const SMTP_ERRORS_MAX: usize = 20;
/// Silence allowed between commands (RFC 5321 §4.5.3.2.7).
pub const SMTP_COMMAND_TIMEOUT: Duration = Duration::from_secs(300);
/// Silence allowed inside DATA (RFC 5321 §4.5.3.2.5).
pub const SMTP_DATA_TIMEOUT: Duration = Duration::from_secs(180);
/// How long we wait for the remote's answer to the final dot (RFC 5321 §4.5.3.2.6).
pub const RELAY_FINAL_DOT_TIMEOUT: Duration = Duration::from_secs(600);
/// How long we wait for any other answer of a remote server.
pub const RELAY_COMMAND_TIMEOUT: Duration = Duration::from_secs(120);
/// A lease on an outbox row: longer than the wait for the answer to a final dot, before which it is renewed.
pub const RELAY_LEASE: Duration = Duration::from_secs(900);
/// A node that does not say that it lives for so long is gone: what it had in hand is done again. Longer than the others take
/// to say so again after the database failed over.
pub const NODE_ABSENCE: Duration = Duration::from_secs(10);
/// A lease is renewed this often while its attempt goes on, so that two relays never hold one row.
pub const RELAY_LEASE_RENEWED: Duration = Duration::from_secs(240);
/// A clock that differs from the time that passed by this much was set anew.
pub const CLOCK_JUMP_MIN: Duration = Duration::from_secs(5);
/// From an open connection to a host ready for a message, TLS included: greeting and EHLO may come byte by byte, not for ever.
pub const RELAY_OPEN_TIMEOUT: Duration = Duration::from_secs(240);
/// For all answers to one message's MAIL, RCPT and DATA together.
pub const RELAY_ENVELOPE_TIMEOUT: Duration = Duration::from_secs(600);
/// For a next hop to take all of one message's content before the final dot (200 MB at 60 KB/s).
pub const RELAY_CONTENT_TIMEOUT: Duration = Duration::from_secs(3_600);
/// Deliveries leased at once by one relay.
pub const RELAY_BATCH_MAX: usize = 256;
/// A message longer than this is read while it leaves, rather than held whole in memory; bytes.
pub const RELAY_MEMORY_BYTES_MAX: u64 = 1024 * 1024;
/// Connections of one relay at once, all destinations together.
pub const RELAY_CONNECTIONS_MAX: usize = 64;
/// Connections to one destination at once, where its route says nothing else.
pub const RELAY_DESTINATION_CONNECTIONS: usize = 16;
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
/// Events of one message whose earlier messages are looked for.
pub const INVITATION_EVENTS_MAX: usize = 20;
/// Changes of reason recorded of one delivery that is deferred again and again.
pub const DELIVERY_DEFERRALS_RECORDED_MAX: usize = 12;
/// Of the room a relay has, bulk takes at most one part in this many at a time: the rest is kept for people's messages.
pub const RELAY_BULK_SHARE: usize = 4;
/// A message that could not be delivered for this long is reported to its sender as delayed, once.
pub const RELAY_DELAY_TOLD: Duration = Duration::from_secs(4 * 3600);
/// Destinations of one organisation that are paused at once.
pub const RELAY_PAUSES_MAX: usize = 500;
/// A message whose destinations are all paused is looked at again after this, unless they are resumed first.
pub const RELAY_PAUSED_LOOK: Duration = Duration::from_secs(300);
/// Of those of an organisation that stopped everything, put behind in one lease.
pub const RELAY_HELD_OFF_AT_ONCE: usize = 1_000;
/// Leases made one after the other to pass over paused destinations before the relay does something else.
pub const RELAY_PASSED_OVER_MAX: usize = 64;
/// Recipient domains shown of one message that waits to leave.
pub const OUTGOING_DESTINATIONS_MAX: usize = 20;
/// Retries stop and a bounce is made after this long in the queue (RFC 5321 §4.5.4.1: 4–5 days).
pub const RELAY_EXPIRY: Duration = Duration::from_secs(5 * 24 * 3600);

/// Parts read in one message, nested ones included.
pub const MIME_PARTS_MAX: usize = 1_000;
/// Messages within messages.
pub const MIME_DEPTH_MAX: usize = 20;
/// Text kept from one message for assessment, bytes of UTF-8.
pub const MESSAGE_TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Text kept from one attachment, bytes of UTF-8.
pub const ATTACHMENT_TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Attachments read in one message.
pub const ATTACHMENTS_MAX: usize = 200;
/// Bytes an archive may expand to.
pub const ARCHIVE_EXPANDED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Memory a decompressor may use for what it looks back to, KiB. 7-Zip's strongest ordinary setting takes 64 MiB.
pub const ARCHIVE_DICTIONARY_KIB_MAX: u64 = 128 * 1024;
/// Archives within archives.
pub const ARCHIVE_DEPTH_MAX: usize = 5;
/// Processor seconds a confined child may use before it is replaced; one extraction never gets more than twice that.
pub const EXTRACT_CPU_SECONDS_MAX: u64 = 10;
/// Memory one extraction may use, bytes.
pub const EXTRACT_MEMORY_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Wall time given to one extraction before it is stopped.
pub const EXTRACT_TIMEOUT: Duration = Duration::from_secs(15);

/// A picture given to Tesseract, bytes.
pub const OCR_BYTES_MAX: usize = 20 * 1024 * 1024;
/// A picture given to Tesseract, pixels.
pub const OCR_PIXELS_MAX: u64 = 40_000_000;
/// The shorter side of a picture that may hold writing, pixels: what is smaller is an ornament.
pub const OCR_SIDE_MIN: u32 = 64;
/// What is read in one picture, bytes.
pub const OCR_TEXT_BYTES_MAX: u64 = 256 * 1024;
/// Pictures within one attachment (pages, members, those of a document) that are told or handed out to be read.
pub const OCR_PICTURES_MAX: usize = 40;
/// Bytes of pictures that one attachment hands out.
pub const OCR_HANDED_BYTES_MAX: usize = 48 * 1024 * 1024;
/// Pixels of the pages of one file that are decoded to be handed out: eleven pages of A4 at 300 dots an inch. Those that
/// stand in it as JPEG, JPEG 2000 or fax are handed out as they are.
pub const OCR_DECODED_PIXELS_MAX: u64 = 100_000_000;
/// Pictures read on the pages of one file that have text besides.
pub const OCR_BESIDE_TEXT_MAX: usize = 10;
/// Pictures read at once.
pub const OCR_CHILDREN_MAX: usize = 2;
/// Wall time given to one picture.
pub const OCR_TIMEOUT: Duration = Duration::from_secs(20);
/// Processor time given to one picture, seconds.
pub const OCR_CPU_SECONDS_MAX: u64 = 20;
/// Memory given to one picture, bytes.
pub const OCR_MEMORY_BYTES_MAX: u64 = 1024 * 1024 * 1024;

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
/// Findings kept in one assessment; more are counted, not kept.
pub const FINDINGS_MAX: usize = 500;
/// Sentences of one message that are scored; more are not ranked, and still looked at by every detector.
pub const TOPIC_SENTENCES_MAX: usize = 2_000;
/// A sentence's normal form that the encoder reads, bytes of UTF-8; what follows is left out.
pub const ENCODED_SENTENCE_BYTES_MAX: usize = 2_000;
/// Pieces of a sentence that the encoder reads, its two marks included.
pub const ENCODED_PIECES_MAX: usize = 256;
/// Pieces an encoder may know.
pub const ENCODER_PIECES_MAX: usize = 300_000;
/// One piece of an encoder, bytes of UTF-8.
pub const ENCODER_PIECE_BYTES_MAX: usize = 64;
/// One file of an encoder, bytes.
pub const ENCODER_FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Sentences of one message that the encoder reads: those the topics model suspects most.
pub const ENCODED_SENTENCES_MAX: usize = 6;
/// Pieces of one message that the encoder reads, over its sentences: about 15 milliseconds' work.
pub const ENCODED_MESSAGE_PIECES_MAX: usize = 320;
/// The topics score from which a sentence is worth reading, per mille: where 2 ordinary sentences in 100 stand.
pub const ENCODED_FROM: u16 = 700;
/// Sentences of one held message that the second encoder reads: the sender's own first, then those of files.
pub const SECOND_SENTENCES_MAX: usize = 60;
/// Pieces of one held message that the second encoder reads, over its sentences: about half a second's work.
pub const SECOND_PIECES_MAX: usize = 2_400;
/// Findings of a second reading that are kept, the likeliest.
pub const SECOND_FINDINGS_MAX: usize = 10;
/// Who reads a held message again is taken for gone after this, and another node does.
pub const SECOND_LEASE: Duration = Duration::from_secs(60);
/// Times the second reading of a held message is begun before it is given up.
pub const SECOND_ATTEMPTS_MAX: u32 = 3;
/// Categories that an institution may define by examples.
pub const EXEMPLAR_CATEGORIES_MAX: usize = 50;
/// Examples a category needs.
pub const EXEMPLAR_SENTENCES_MIN: usize = 3;
/// Examples of one category.
pub const EXEMPLAR_SENTENCES_MAX: usize = 200;
/// Sentences whose readings the encoder keeps in memory, 1 KiB each.
pub const ENCODER_CACHE_MAX: usize = 4_096;
/// A control's condition, bytes.
pub const CONDITION_BYTES_MAX: usize = 4 * 1024;
/// Comprehensions nested in a condition.
pub const CONDITION_COMPREHENSIONS_MAX: usize = 2;
/// Levels of a condition's tree.
pub const CONDITION_DEPTH_MAX: usize = 64;
/// Steps one evaluation of a condition may take.
pub const CONDITION_STEPS_MAX: u64 = 200_000;
/// Steps all conditions of one assessment may take together.
pub const ASSESSMENT_STEPS_MAX: u64 = 20_000_000;
/// Entries of one of an organisation's lists.
pub const LIST_ENTRIES_MAX: usize = 20_000;
/// Entries of the list of correspondents.
pub const LIST_CORRESPONDENTS_MAX: usize = 200_000;
/// Footers of an organisation: each is looked for in every text in which something was found.
pub const LIST_FOOTERS_MAX: usize = 200;
/// One entry of a list, bytes.
pub const LIST_ENTRY_BYTES_MAX: usize = 4_096;
/// A list given to a program or over the API, bytes.
pub const LIST_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Lines of one message trace.
pub const TRACE_LINES_MAX: usize = 5_000_000;
/// Pairs of one message trace that are remembered.
pub const TRACE_PAIRS_MAX: usize = 1_000_000;
/// Pairs of a message trace remembered in one write.
pub const TRACE_PAIRS_PER_WRITE: usize = 2_000;
/// How often a node looks whether lists, controls or policies changed elsewhere.
pub const FOLLOW_INTERVAL: Duration = Duration::from_secs(1);
/// Past flows read again in one rehearsal or one look back.
pub const REPLAYED_FLOWS_MAX: usize = 5_000;
/// Of those, between two notes of how far it is.
pub const REPLAY_NOTED_FLOWS: u64 = 25;
/// Who reads past flows again is taken for gone after this, and another goes on where it was.
pub const REPLAY_LEASE: Duration = Duration::from_secs(30);
/// Times it is begun again without getting further before it is given up.
pub const REPLAY_ATTEMPTS_MAX: u32 = 3;
/// When the samples of the controls in force are run each day, after midnight UTC.
pub const SAMPLES_AT: Duration = Duration::from_secs(2 * 3600);
/// Days a rehearsal looks back.
pub const REHEARSAL_DAYS_MAX: u32 = 90;
/// Flows a rehearsal names.
pub const REHEARSAL_CHANGES_MAX: usize = 500;
/// Flows a look back names.
pub const LOOKED_BACK_MAX: usize = 1_000;
/// Messages a calibration rests on, at least: fewer say nothing of what one message in a hundred scores.
pub const CALIBRATION_MESSAGES_MIN: u64 = 1_000;
/// Days with messages a calibration rests on, at least: two working weeks.
pub const CALIBRATION_DAYS_MIN: u64 = 10;
/// Days a measurement of scores looks back.
pub const CALIBRATION_DAYS_MAX: u32 = 90;
/// Messages a measurement of scores counts, the latest first.
pub const CALIBRATION_MESSAGES_MAX: usize = 50_000;
/// Messages read at once while scores are counted.
pub const CALIBRATION_PAGE: usize = 500;
/// Messages in a thousand that a calibrated score may hold at most.
pub const CALIBRATION_HELD_PER_MILLE_MAX: u64 = 20;
/// How long after scores were counted a calibration may be proposed or signed on them.
pub const CALIBRATION_MEASURED_MAX: Duration = Duration::from_secs(30 * 24 * 3600);
/// Calibrations that wait for a second person at once.
pub const CALIBRATIONS_PROPOSED_MAX: u64 = 50;
/// Proposals about an organisation's lists, clients and examples that wait at once.
pub const PROPOSALS_WAITING_MAX: u32 = 50;
/// How long a proposal waits for a second person before it lapses.
pub const PROPOSAL_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// Entries of a list, or of a proposal, that one page shows.
pub const LIST_PAGE_ENTRIES: usize = 100;
/// A client file given over the API, bytes: longer ones are given by the command, which reads a line at a time.
pub const CLIENT_BODY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// A form that carries control files or a list, bytes: percent-encoded, it is longer than they are.
pub const LONG_FORM_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Controls in a set.
pub const CONTROLS_MAX: usize = 500;
/// A control file, bytes.
pub const CONTROL_FILE_BYTES_MAX: u64 = 256 * 1024;

/// Ciphertext up to this size stands in its row, larger is a blob; bytes.
pub const INLINE_BODY_BYTES_MAX: usize = 64 * 1024;
/// A blob that no row names is removed after this long: longer than any message takes from its first byte to its row.
pub const BLOB_GRACE: Duration = Duration::from_secs(6 * 3600);
/// Writes that share one commit.
pub const GROUP_COMMIT_MAX: usize = 512;
/// Writes waiting for the writer; the next one waits at the door.
pub const WRITE_QUEUE_MAX: usize = 4_096;
/// Connections that read.
pub const READERS: usize = 4;
/// Entries not yet under a signed checkpoint; past this, changes are refused.
pub const SEALING_BACKLOG_MAX: u64 = 1_000_000;
/// A ledger leaf, bytes (C2SP tlog-tiles: 65,535).
pub const LEAF_BYTES_MAX: usize = 65_535;
/// Time from a commit to the checkpoint above it when busy.
pub const SEALING_INTERVAL: Duration = Duration::from_millis(500);

/// Rows of a list page.
pub const PAGE_ROWS_MAX: usize = 100;
/// Holds of one list; the statements that read them say the same.
pub const QUEUE_ROWS_MAX: usize = 500;
/// Bytes of a form or a JSON body that is not a message.
pub const REQUEST_BODY_BYTES_MAX: usize = 256 * 1024;
/// HTTP connections open at once.
pub const HTTP_CONNECTIONS_MAX: usize = 2_000;
/// Time to read a request's head.
pub const HTTP_HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// An `Idempotency-Key`, characters.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 200;
/// How long the answer to an `Idempotency-Key` is kept.
pub const IDEMPOTENCY_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// A reason, ground or justification written by a person, characters.
pub const REASON_CHARS_MAX: usize = 4_000;
/// A reason must say something, characters.
pub const REASON_CHARS_MIN: usize = 3;

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
/// Entries that are taken up from the log when a database from a backup lacks them.
pub const RESTORED_ENTRIES_MAX: u64 = 2_000_000;
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
/// A service whose last token ends within this is shown as one that will stop.
pub const TOKEN_ENDS_SOON: Duration = Duration::from_secs(30 * 24 * 3600);
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

/// One sealed plaintext, bytes: the largest message with room for what stands around it.
pub const SEALED_PLAINTEXT_BYTES_MAX: usize = 256 * 1024 * 1024;
/// What a sealed plaintext is bound to (whose it is, what it is), bytes.
pub const SEALED_CONTEXT_BYTES_MAX: usize = 1_024;
/// Wrapping keys kept unwrapped in memory; past this the cache starts anew.
pub const WRAPPING_KEYS_CACHED_MAX: usize = 4_096;

/// A line of message content we carry, without its CRLF, bytes. Above RFC 5321's 998, which real mail breaks: content
/// stays byte-identical, so it is carried whole or refused, never folded.
pub const SMTP_CONTENT_LINE_BYTES_MAX: usize = 64 * 1024;
/// Time one message may take from 354 to its final dot (200 MB at 60 KB/s): no endless trickle.
pub const SMTP_MESSAGE_TIMEOUT: Duration = Duration::from_secs(3_600);
/// Bytes of content held in memory by receptions at once, all sessions together; the next message is answered 452 4.3.1.
pub const SMTP_RECEIVING_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// A message longer than this leaves memory while it is being received: it goes, sealed, to its blob; bytes.
pub const SMTP_MEMORY_BYTES_MAX: usize = 25 * 1024 * 1024;
/// Wrong secrets in one SMTP session before it is closed with 421.
pub const SMTP_AUTH_FAILURES_MAX: usize = 3;
/// Time a declared proxy has for the header that names its client.
pub const SMTP_PROXY_TIMEOUT: Duration = Duration::from_secs(5);
/// A PROXY protocol header, bytes: what the specification asks a receiver to hold for version 1 (107) is inside.
pub const SMTP_PROXY_BYTES_MAX: usize = 1_024;
/// SMTP sessions of one address at once; the next one is answered 421.
pub const SMTP_SESSIONS_PER_PEER_MAX: usize = 500;
/// `Received` fields a message may carry before it is taken for a loop (RFC 5321 §6.3 asks for at least 100).
pub const SMTP_HOPS_MAX: usize = 100;
/// Time given to a TLS handshake, either way.
pub const SMTP_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client is kept waiting for our answer to its final dot; under the 600 s it must wait (RFC 5321 §4.5.3.2.6).
pub const SMTP_RECEIVE_TIMEOUT: Duration = Duration::from_secs(240);
/// How long we keep reading from a client we sent away, so that our last reply reaches it before a reset.
pub const SMTP_LINGER: Duration = Duration::from_secs(5);
/// Time given to open sessions and relay attempts to end when the service stops.
pub const SMTP_DRAIN_TIMEOUT: Duration = Duration::from_secs(30);
/// Text of one reply line of ours, bytes (RFC 5321 §4.5.3.1.5 allows 512 with code and CRLF).
pub const SMTP_REPLY_TEXT_BYTES_MAX: usize = 400;

/// Time given to one address of a route to accept a connection.
pub const RELAY_CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// Addresses of one host name tried in one attempt.
pub const RELAY_ADDRESSES_MAX: usize = 5;
/// Mail exchangers of one domain that are looked at.
pub const RELAY_EXCHANGERS_MAX: usize = 16;
/// Once an attempt has looked for a host this long, it tries no further one: an attempt fits in its lease.
pub const RELAY_REACH_MAX: Duration = Duration::from_secs(120);
/// Hosts that may refuse a message for now in one attempt; then it waits, whoever else could be asked.
pub const RELAY_REFUSING_HOSTS_MAX: usize = 4;
/// Transactions of one attempt: a host that takes fewer recipients at once than a message has gets it several times.
pub const RELAY_TRANSACTIONS_MAX: usize = 20;
/// Connections to a new destination at once; each message that goes well allows one more.
pub const RELAY_CONNECTIONS_FIRST: usize = 4;
/// How long a message in hand waits for a connection to its destination; then the destination is slow, and its line is
/// kept in the outbox.
pub const RELAY_LINE_WAIT: Duration = Duration::from_secs(5);
/// How long a destination counts as slow.
pub const RELAY_SLOW_PAUSE: Duration = Duration::from_secs(60);
/// A message that finds its destination full comes back no sooner.
pub const RELAY_POSTPONE_MIN: Duration = Duration::from_secs(1);
/// A message that finds its destination full comes back no later.
pub const RELAY_POSTPONE_MAX: Duration = Duration::from_secs(3_600);
/// What a destination with a limit of messages a minute may get at once, as time of that limit.
pub const RELAY_BURST: Duration = Duration::from_secs(10);
/// Waits between attempts are shifted by up to this much either way, in thousandths.
pub const RELAY_RETRY_JITTER: u32 = 200;
/// Destinations something is remembered of (pace, connections, that nobody answers); past this those unused longest go.
pub const RELAY_DESTINATIONS_MAX: usize = 10_000;
/// Hosts of one destination remembered as not reached lately.
pub const RELAY_UNREACHABLE_MAX: usize = 64;
/// Unused connections kept for one destination.
pub const RELAY_IDLE_PER_DESTINATION_MAX: usize = 16;
/// Where mail servers listen.
pub const SMTP_PORT: u16 = 25;
/// Patience with one DNS server for one question.
pub const DNS_TIMEOUT: Duration = Duration::from_secs(5);
/// How often all DNS servers are asked before a question is given up.
pub const DNS_ROUNDS: usize = 2;
/// A DNS answer over UDP, bytes (DNS flag day 2020); longer ones come over TCP.
pub const DNS_DATAGRAM_BYTES_MAX: usize = 1_232;
/// An MTA-STS policy, bytes (RFC 8461 §3.3 suggests 64 KiB).
pub const MTA_STS_POLICY_BYTES_MAX: usize = 64 * 1024;
/// The head of a policy host's HTTP answer, bytes.
pub const MTA_STS_HEAD_BYTES_MAX: usize = 16 * 1024;
/// Names in one MTA-STS policy.
pub const MTA_STS_PATTERNS_MAX: usize = 500;
/// How long an MTA-STS policy holds at most (RFC 8461 §3.2).
pub const MTA_STS_AGE_MAX: Duration = Duration::from_secs(31_557_600);
/// Patience with a policy host (RFC 8461 §3.3 suggests one minute).
pub const MTA_STS_FETCH_TIMEOUT: Duration = Duration::from_secs(60);
/// A policy that could not be fetched is not asked for again for this long (RFC 8461 §3.3).
pub const MTA_STS_RETRY: Duration = Duration::from_secs(300);
/// Policies kept at once; past this those fetched longest ago go.
pub const MTA_STS_KEPT_MAX: usize = 10_000;
/// How often what no longer holds is swept out of the kept policies.
pub const MTA_STS_SWEEP: Duration = Duration::from_secs(3_600);
/// Domains remembered whose policy could not be fetched lately; past this the oldest are asked again.
pub const MTA_STS_FAILED_MAX: usize = 10_000;
/// CNAME records followed in one DNS answer.
pub const DNS_ALIASES_MAX: usize = 16;
/// One reply of a remote server, all lines, bytes; more is a broken server.
pub const RELAY_REPLY_BYTES_MAX: usize = 16 * 1024;
/// Characters kept of a remote's reply.
pub const RELAY_REPLY_CHARS_MAX: usize = 500;
/// An idle connection to a route is closed after this.
pub const RELAY_IDLE: Duration = Duration::from_secs(20);
/// Messages sent over one connection before it is renewed.
pub const RELAY_MESSAGES_PER_CONNECTION_MAX: usize = 1_000;
/// First wait after a temporary failure; it doubles up to [`RELAY_RETRY_MAX`].
pub const RELAY_RETRY_FIRST: Duration = Duration::from_secs(60);
/// Wait after an attempt that failed here, for want of durable storage: the next hop has no part in it.
pub const RELAY_OWN_FAULT_PAUSE: Duration = Duration::from_secs(5);
/// Longest wait between two attempts.
pub const RELAY_RETRY_MAX: Duration = Duration::from_secs(4 * 3600);
/// A host that could not be reached is tried last for this long.
pub const RELAY_HOST_PAUSE: Duration = Duration::from_secs(60);
/// Pause between two leases while no host of the route can be reached.
pub const RELAY_DOWN_PAUSE: Duration = Duration::from_secs(1);
/// Longest sleep of an idle relay before it looks for due retries again.
pub const RELAY_POLL: Duration = Duration::from_secs(5);

/// Holds a search looks through, the most pressing first: subject lines are sealed, each one is opened to be compared.
pub const QUEUE_SEARCHED_MAX: usize = 2_000;

/// Messages the demo's sink remembers; older ones go.
pub const SINK_MESSAGES_MAX: usize = 10_000;
/// Bytes of messages the demo's sink remembers; older ones go.
pub const SINK_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Fields of one posted form.
pub const FORM_FIELDS_MAX: usize = 64;
/// Streams open at once on one HTTP/2 connection.
pub const HTTP_STREAMS_MAX: u32 = 64;
/// Bytes of a request's head.
pub const HTTP_HEAD_BYTES_MAX: usize = 32 * 1024;
/// Time given to requests under way when the process is told to stop.
pub const HTTP_DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// Time to read a form's body.
pub const HTTP_BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest life of one HTTP connection; the browser opens another without a person noticing.
pub const HTTP_CONNECTION_LIFE: Duration = Duration::from_secs(15 * 60);

/// Members looked into in one attachment, nested ones included.
pub const ARCHIVE_MEMBERS_MAX: usize = 1_000;
/// Places (pages, runs of cells, slides, paragraphs) named in the text of one file; later text has no place.
pub const EXTRACT_PLACES_MAX: usize = 100_000;
/// The name of a place (a sheet's, an author's), characters.
pub const PLACE_NAME_CHARS_MAX: usize = 128;
/// Identifiers and own addresses of clients in one file: 240 MB in memory.
pub const CLIENT_IDENTIFIERS_MAX: usize = 20_000_000;
/// What is kept of a client file stands in pieces of so many bytes.
pub const CLIENT_PIECE_BYTES: usize = 1024 * 1024;
/// Versions of an organisation's client file that are kept, the one in force among them.
pub const CLIENT_VERSIONS_KEPT: u64 = 2;
/// Wrong lines of a client file that are told by their numbers.
pub const CLIENT_LINES_TOLD: usize = 20;
/// Confined children kept at once; more extractions wait.
pub const EXTRACT_CHILDREN_MAX: usize = 4;
/// Files a confined child looks into before it is replaced.
pub const EXTRACT_CHILD_JOBS_MAX: usize = 200;
/// What a confined child says of one file, bytes of JSON: the text it may keep, and how JSON writes it.
pub const EXTRACT_ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// A file's name or declared type as told to a confined child, bytes.
pub const EXTRACT_NAME_BYTES_MAX: usize = 4_096;
/// Time given to a confined child to start and confine itself, or to end.
pub const EXTRACT_START_TIMEOUT: Duration = Duration::from_secs(10);
/// Wall time given to all the attachments of one message; those left then are unread.
pub const EXTRACT_MESSAGE_TIMEOUT: Duration = Duration::from_secs(120);
/// Messages of which a reading, begun or done, is kept until they are settled; the next one is read anew then.
pub const READINGS_MAX: usize = 8;
/// Features (hidden sheets, comments, labels) told of one file.
pub const EXTRACT_FEATURES_MAX: usize = 64;
/// Sensitivity labels read of one file or message; a tenant leaves one each.
pub const LABELS_MAX: usize = 32;
