//! 7z archives, and the single streams that 7-Zip and others write: xz, bzip2.

use std::io::{Cursor, ErrorKind, Read};

use bzip2::read::MultiBzDecoder;
use lzma_rust2::XzReader;
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};
use vocabulary::bounds::ARCHIVE_DICTIONARY_KIB_MAX;

use super::archive::compressed;
use crate::work::{Expanded, File, Work};
use crate::{Empty, Reason};

const KIND: &str = "application/x-7z-compressed";

/// Looks into each file of an archive. Blocks are read one by one, in this thread: a broken one loses only itself.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    let mut source = Cursor::new(file.bytes);
    let nobody = Password::empty();
    let memory = usize::try_from(ARCHIVE_DICTIONARY_KIB_MAX).unwrap_or(usize::MAX);
    let archive = match Archive::read_with_memory_limit(&mut source, &nobody, memory) {
        Ok(archive) => archive,
        Err(error) => return work.unreadable(file, KIND, reason(&error)),
    };
    work.nothing(file, KIND, Empty::Container);
    for block in 0..archive.blocks.len() {
        let decoder = BlockDecoder::new_with_memory_limit(1, memory, block, &archive, &nobody, &mut source);
        let names: Vec<String> = decoder.entries().iter().map(|entry| entry.name().to_owned()).collect();
        let mut read = 0;
        let result = decoder.for_each_entries(&mut |entry, stream| {
            read += 1;
            Ok(member(work, file, entry, stream))
        });
        // Those the block did not come to, each by its name.
        if let Err(error) = result {
            for name in names.iter().skip(read) {
                if !work.take_member(file) {
                    return;
                }
                let part = file.part.member(name);
                let inner = File { part, name, declared: "", bytes: &[], depth: file.depth + 1 };
                work.unreadable(&inner, "application/octet-stream", reason(&error));
            }
            work.rest(file, reason(&error));
        }
    }
}

/// One member. False when no other is to be read.
fn member(work: &mut Work, file: &File<'_>, entry: &ArchiveEntry, stream: &mut dyn Read) -> bool {
    if entry.is_directory() {
        return true;
    }
    if !work.take_member(file) {
        return false;
    }
    let name = entry.name();
    let part = file.part.member(name);
    let expanded = work.expand(stream);
    work.expanded(&expanded, &|bytes| File {
        part: part.clone(),
        name,
        declared: "",
        bytes,
        depth: file.depth + 1,
    });
    !matches!(expanded, Expanded::TooLarge)
}

fn reason(error: &Error) -> Reason {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => Reason::Encrypted,
        Error::UnsupportedCompressionMethod(method) if method.contains("AES") => Reason::Encrypted,
        Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_) | Error::UnsupportedVersion { .. } => {
            Reason::UnknownFormat
        }
        Error::Io(error, _) if error.kind() == ErrorKind::UnexpectedEof => Reason::Truncated,
        Error::MaxMemLimited { .. } => Reason::TooLarge,
        _ => Reason::Corrupt,
    }
}

/// One file compressed by xz.
pub(crate) fn xz(work: &mut Work, file: &File<'_>) {
    let memory = u32::try_from(ARCHIVE_DICTIONARY_KIB_MAX).unwrap_or(u32::MAX);
    let stream = XzReader::new_mem_limit(file.bytes, true, memory);
    compressed(work, file, "application/x-xz", stem(file.name, &[".xz", ".txz"]), stream);
}

/// One file compressed by bzip2.
pub(crate) fn bzip2(work: &mut Work, file: &File<'_>) {
    let stem = stem(file.name, &[".bz2", ".tbz", ".tbz2"]);
    compressed(work, file, "application/x-bzip2", stem, MultiBzDecoder::new(file.bytes));
}

fn stem<'a>(name: &'a str, ends: &[&str]) -> Option<&'a str> {
    ends.iter().find_map(|end| name.strip_suffix(end))
}
