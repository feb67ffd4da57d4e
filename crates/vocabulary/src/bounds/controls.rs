//! Control sets, lists, encoders, and past flows read again.

use std::time::Duration;

/// Findings kept in one assessment; more are counted, not kept.
pub const FINDINGS_MAX: usize = 500;
/// Sentences of one message that are scored, its own first, those of attached messages, then those of files: about eight
/// milliseconds' work. More are not ranked, counted in the assessment, and still looked at by every detector.
pub const TOPIC_SENTENCES_MAX: usize = 5_000;
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
/// Past flows read again in one rehearsal, the latest first.
pub const REPLAYED_FLOWS_MAX: usize = 5_000;
/// Past flows looked at in one look back, the latest first.
pub const LOOKED_BACK_FLOWS_MAX: usize = 100_000;
/// Past flows whose ids are asked for at once while they are read again.
pub const REPLAY_PAGE: usize = 500;
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
/// Flows a look back names, the latest first; the others are counted.
pub const LOOKED_BACK_MAX: usize = 1_000;
/// Of those, on one page.
pub const LOOKED_BACK_SHOWN: usize = 100;
/// Recipients named of each; the others are counted.
pub const LOOKED_BACK_RECIPIENTS: usize = 5;
/// Messages a calibration rests on, at least: fewer say nothing of what one message in a hundred scores.
pub const CALIBRATION_MESSAGES_MIN: u64 = 1_000;
/// Days with messages a calibration rests on, at least: two working weeks.
pub const CALIBRATION_DAYS_MIN: u64 = 10;
/// Days a measurement of scores looks back.
pub const CALIBRATION_DAYS_MAX: u32 = 90;
/// Messages a measurement of scores counts, the latest first: ten days of 50,000 a day, so that an institution that writes as much can
/// calibrate at all.
pub const CALIBRATION_MESSAGES_MAX: usize = 500_000;
/// Messages read at once while scores are counted.
pub const CALIBRATION_PAGE: usize = 2_000;
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
/// Controls in a set.
pub const CONTROLS_MAX: usize = 500;
/// A control file, bytes.
pub const CONTROL_FILE_BYTES_MAX: u64 = 256 * 1024;
/// Identifiers and own addresses of clients in one file: 240 MB in memory.
pub const CLIENT_IDENTIFIERS_MAX: usize = 20_000_000;
/// What is kept of a client file stands in pieces of so many bytes.
pub const CLIENT_PIECE_BYTES: usize = 1024 * 1024;
/// Versions of an organisation's client file that are kept, the one in force among them.
pub const CLIENT_VERSIONS_KEPT: u64 = 2;
/// Wrong lines of a client file that are told by their numbers.
pub const CLIENT_LINES_TOLD: usize = 20;
