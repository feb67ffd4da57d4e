//! A process that confines itself, then tries what is forbidden. It ends with [`DONE`] when it succeeded, with
//! [`REFUSED`] when the kernel said no; or the kernel kills it.

use std::fs::File;
use std::io::{self, Read};
use std::mem::ManuallyDrop;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use extract::confine;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

/// What was tried worked.
pub(crate) const DONE: u8 = 10;
/// What was tried was refused.
pub(crate) const REFUSED: u8 = 11;

/// Confines itself by `layer` (`all`, or one of three alone, or `none`), then attempts.
pub(crate) fn run(layer: &str, attempt: &str, extra: &str) -> ExitCode {
    // Inherited by mistake, as a badly behaved library would leave it.
    let mut inherited = ManuallyDrop::new(File::open("/proc/self/status").unwrap());
    match layer {
        "none" => {}
        "limits" => confine::limits().unwrap(),
        "landlock" => confine::landlock().unwrap(),
        "seccomp" => confine::seccomp().unwrap(),
        "all" => assert!(confine::confine(false).unwrap().missing.is_empty()),
        _ => panic!("no layer {layer}"),
    }
    let outcome = match attempt {
        "open" => File::open("/etc/passwd").map(drop),
        "create" => File::create(extra).map(drop),
        "list" => std::fs::read_dir("/").map(drop),
        "remove" => std::fs::remove_file(extra),
        "read-inherited" => inherited.read(&mut [0; 16]).map(drop),
        "connect" => TcpStream::connect(extra).map(drop),
        "listen" => TcpListener::bind("127.0.0.1:0").map(drop),
        "datagram" => UdpSocket::bind("127.0.0.1:0").map(drop),
        "pair" => UnixStream::pair().map(drop),
        "run" => Command::new("/bin/true").status().map(drop),
        "become" => Err(Command::new("/bin/true").exec()),
        "thread" => std::thread::Builder::new().spawn(|| {}).map(drop),
        "signal" => signal(extra),
        "memory" => memory(),
        _ => panic!("no attempt {attempt}"),
    };
    ExitCode::from(if outcome.is_ok() { DONE } else { REFUSED })
}

fn signal(to: &str) -> io::Result<()> {
    let to = rustix::process::Pid::from_raw(to.parse().unwrap()).unwrap();
    Ok(rustix::process::kill_process(to, rustix::process::Signal::CONT)?)
}

/// A little more than is allowed, in pieces that an allocator cannot refuse for being large.
fn memory() -> io::Result<()> {
    let mut held: Vec<Vec<u8>> = Vec::new();
    for _ in 0..=vocabulary::bounds::EXTRACT_MEMORY_BYTES_MAX / (4 * 1024 * 1024) {
        let mut piece = Vec::new();
        piece.try_reserve_exact(4 * 1024 * 1024).map_err(|_| io::ErrorKind::OutOfMemory)?;
        held.push(piece);
    }
    Ok(())
}

/// Makes this process live under a kernel that lacks a layer.
pub(crate) fn take_away(layer: &str) {
    let (calls, answer): (&[i64], i32) = match layer {
        "nothing" => return,
        "landlock" => (&[libc::SYS_landlock_create_ruleset], libc::ENOSYS),
        "seccomp" => (&[libc::SYS_seccomp], libc::EINVAL),
        _ => panic!("no layer {layer}"),
    };
    let filter = SeccompFilter::new(
        calls.iter().map(|call| (*call, vec![])).collect(),
        SeccompAction::Allow,
        SeccompAction::Errno(answer.unsigned_abs()),
        std::env::consts::ARCH.try_into().unwrap(),
    );
    apply_filter(&BpfProgram::try_from(filter.unwrap()).unwrap()).unwrap();
}
