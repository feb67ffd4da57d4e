//! What is in a message: its parts, its attachments, its pictures.

use std::time::Duration;

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
/// Members looked into in one attachment, nested ones included.
pub const ARCHIVE_MEMBERS_MAX: usize = 1_000;
/// Places (pages, runs of cells, slides, paragraphs) named in the text of one file; later text has no place.
pub const EXTRACT_PLACES_MAX: usize = 100_000;
/// The name of a place (a sheet's, an author's), characters.
pub const PLACE_NAME_CHARS_MAX: usize = 128;
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
/// A sensitivity label's name, characters.
pub const LABEL_NAME_CHARS_MAX: usize = 255;
