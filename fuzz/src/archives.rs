//! Archives that are well made as far as it takes to be read at all; what stands in them is not.

/// A ZIP whose members are stored as they are (APPNOTE 4.3).
pub fn stored(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let at = u32::try_from(file.len()).unwrap().to_le_bytes();
        let size = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let name_size = u16::try_from(name.len()).unwrap().to_le_bytes();
        // Version, flags, method, time, date; the sum; both sizes; the sizes of name and extra field.
        let common = [
            &[10, 0, 0, 0, 0, 0, 0, 0, 33, 0][..],
            &sum(bytes).to_le_bytes(),
            &size,
            &size,
            &name_size,
            &[0, 0],
        ]
        .concat();
        file.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), bytes].concat());
        directory.extend([b"PK\x01\x02\x0a\0", common.as_slice(), &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(members.len()).unwrap();
    let start = u32::try_from(file.len()).unwrap();
    [file.as_slice(), &directory, &end(count, directory.len(), start)].concat()
}

/// A ZIP whose members stand as they must and whose directory is `bytes`, of as many members as they could be.
pub fn directory(bytes: &[u8]) -> Vec<u8> {
    let member = [b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0", &[0; 12][..], b"\x01\0\0\0a"].concat();
    let directory = [b"PK\x01\x02", bytes].concat();
    let count = u16::try_from(bytes.len() / 46 + 1).unwrap_or(u16::MAX);
    let start = u32::try_from(member.len()).unwrap();
    [member.as_slice(), &directory, &end(count, directory.len(), start)].concat()
}

/// The end of a ZIP's directory (APPNOTE 4.3.16).
fn end(count: u16, size: usize, start: u32) -> Vec<u8> {
    let count = count.to_le_bytes();
    let size = u32::try_from(size).unwrap().to_le_bytes();
    [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &start.to_le_bytes(), &[0, 0]].concat()
}

/// A 7z whose first byte says how much of the rest, from its end, is the header; both sums are right.
pub fn seven_zip(bytes: &[u8]) -> Vec<u8> {
    let Some((share, rest)) = bytes.split_first() else { return b"7z\xbc\xaf\x27\x1c".to_vec() };
    let (packed, header) = rest.split_at(rest.len() - rest.len() * usize::from(*share) / 255);
    let start = [
        &(packed.len() as u64).to_le_bytes()[..],
        &(header.len() as u64).to_le_bytes(),
        &sum(header).to_le_bytes(),
    ]
    .concat();
    [&b"7z\xbc\xaf\x27\x1c\0\x04"[..], &sum(&start).to_le_bytes(), &start, packed, header].concat()
}

/// A tar of blocks with the kinds, names and sizes that `bytes` say, each with its right checksum (POSIX.1-1988).
pub fn tar(bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    for member in bytes.chunks(600) {
        let Some((head, content)) = member.split_at_checked(32) else { break };
        let mut block = [0_u8; 512];
        block[..16].copy_from_slice(&head[..16]);
        // The size as it is, or as the bytes say it.
        let size = format!("{:011o}", content.len());
        let said = if head[16] & 1 == 0 { size.as_bytes() } else { &head[17..28] };
        block[124..135].copy_from_slice(said);
        block[156] = head[28];
        block[257..263].copy_from_slice(b"ustar\0");
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        file.extend(block);
        file.extend(content);
        file.resize(file.len().next_multiple_of(512), 0);
    }
    file
}

/// CRC-32 as ZIP and 7z have it.
fn sum(bytes: &[u8]) -> u32 {
    let byte = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(sum & 1)))
    };
    !bytes.iter().fold(!0, byte)
}
