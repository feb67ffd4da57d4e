//! The child's side: it confines itself, then looks into one file after another until it is no longer asked.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use rustix::time::{ClockId, clock_gettime};
use vocabulary::bounds::EXTRACT_CPU_SECONDS_MAX;

use crate::confine::confine;
use crate::wire::{Answer, Hello, Request, say};
use crate::{Extracted, Reason, extract_here};

/// The whole life of a child. To be called first thing in `main`, before any thread is started.
///
/// Without landlock or seccomp it says so and ends, unless it is declared `weakened` (invariant 14).
#[must_use]
pub fn worker_main(weakened: bool) -> ExitCode {
    // The message of a panic may hold contents (invariant 12). Our parent says that we died.
    std::panic::set_hook(Box::new(|_| {}));
    // The first look at a clock asks the kernel where it is, which is forbidden later.
    let _ = has_done_its_share();
    // Nothing is read from standard input before the confinement stands.
    let (mut from, mut to) = (io::stdin().lock(), io::stdout().lock());
    let confined = confine(weakened).map_err(|error| error.to_string());
    let refused = confined.is_err();
    if say(&mut to, &Hello { confined }).is_err() || refused {
        return ExitCode::FAILURE;
    }
    match serve(&mut from, &mut to) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    while let Some(Request { name, declared, bytes }) = Request::read(from)? {
        let files = extract_here(&name, &declared, &bytes);
        let last = has_done_its_share();
        match Answer::of(files, last).say(to) {
            // Nothing was written yet: an answer over its bound is not begun.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Answer::of(vec![Extracted::unread(&name, Reason::TooLarge)], last).say(to)?;
            }
            said => said?,
        }
        if last {
            break;
        }
    }
    Ok(())
}

/// Whether this process has used the processor as long as it may before it is replaced.
fn has_done_its_share() -> bool {
    clock_gettime(ClockId::ProcessCPUTime).tv_sec >= EXTRACT_CPU_SECONDS_MAX.cast_signed()
}
