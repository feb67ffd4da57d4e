#![no_main]
//! Where a message ends. The same bytes give the same end and content however they are cut (SMTP smuggling); what
//! comes out never has a bare line end or a NUL.

use gateway::session::data::{DataReader, Progress, check_content};
use libfuzzer_sys::fuzz_target;

fn read<'b>(
    chunks: impl Iterator<Item = &'b [u8]>,
) -> (Option<usize>, Result<Vec<u8>, gateway::session::data::Fault>) {
    let mut reader = DataReader::new(1 << 20, 2_000, 0);
    let mut before = 0;
    for chunk in chunks {
        match reader.push(chunk) {
            Progress::More => before += chunk.len(),
            Progress::End(at) => return (Some(before + at), reader.finish()),
        }
    }
    (None, reader.finish())
}

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (cut, bytes) = input;
    let whole = read(std::iter::once(bytes.as_slice()));
    assert_eq!(whole, read(bytes.chunks(usize::from(cut).max(1))));
    if let (Some(_), Ok(content)) = &whole {
        assert!(check_content(content).is_ok());
    }
});
