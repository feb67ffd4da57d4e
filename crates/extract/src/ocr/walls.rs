//! The walls of the child that becomes Tesseract. They stay up through the change of program, and none can be taken down.
//!
//! Limits of the process, landlock (it may read its libraries, languages and nothing else, start itself and its loader, write no file), seccomp
//! (no socket, no other process, no signal: what a program needs to be loaded, to read, to compute and to answer). Without landlock or
//! seccomp there is no Tesseract, declared weakened or not: a picture can wait.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, SeccompRule, apply_filter};
use vocabulary::bounds::{OCR_CPU_SECONDS_MAX, OCR_MEMORY_BYTES_MAX};

/// Where libraries and languages stand on Debian and its like; what is absent is left out.
const READABLE: [&str; 7] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/tesseract-ocr",
    "/usr/share/tessdata",
    "/etc/ld.so.cache",
];
/// The loaders of programs.
const LOADERS: [&str; 2] = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

/// The whole life of the child: walls, then Tesseract. To be called first thing in `main`, before any thread is started.
#[must_use]
pub fn ocr_main(tesseract: &Path) -> ExitCode {
    if limits().is_err() || landlock(tesseract).is_none() || seccomp().is_none() {
        return ExitCode::FAILURE;
    }
    // It comes back only when it failed.
    let _ = Command::new(tesseract)
        .args(["stdin", "stdout", "-l", "fra+eng", "--dpi", "150"])
        .env_clear()
        .env("OMP_THREAD_LIMIT", "1")
        .exec();
    ExitCode::FAILURE
}

fn limits() -> io::Result<()> {
    // A core file would hold the picture in the clear.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    for (resource, most) in [
        (Resource::As, OCR_MEMORY_BYTES_MAX),
        (Resource::Cpu, OCR_CPU_SECONDS_MAX),
        (Resource::Fsize, 0),
        (Resource::Nofile, 32),
        (Resource::Core, 0),
        (Resource::Memlock, 0),
        (Resource::Msgqueue, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn landlock(tesseract: &Path) -> Option<()> {
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .and_then(|rules| {
            rules
                .set_compatibility(CompatLevel::BestEffort)
                .handle_access(AccessFs::from_all(ABI::V6))?
                .handle_access(AccessNet::from_all(ABI::V6))?
                .scope(Scope::from_all(ABI::V6))
        })
        .and_then(Ruleset::create)
        .ok()?;
    let started = LOADERS.iter().map(Path::new).chain([tesseract]);
    let read = READABLE.iter().map(|path| (Path::new(path), AccessFs::ReadFile | AccessFs::ReadDir));
    for (path, access) in read.chain(started.map(|path| (path, AccessFs::ReadFile | AccessFs::Execute))) {
        let Ok(place) = PathFd::new(path) else { continue };
        let access = if path.is_dir() { access } else { access & AccessFs::from_file(ABI::V1) };
        rules = rules.add_rule(PathBeneath::new(place, access)).ok()?;
    }
    let status = rules.restrict_self().ok()?;
    (status.ruleset != RulesetStatus::NotEnforced && status.no_new_privs).then_some(())
}

fn seccomp() -> Option<()> {
    let rules: BTreeMap<i64, Vec<SeccompRule>> = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let arch = std::env::consts::ARCH.try_into().ok()?;
    let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).ok()?);
    let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, arch).ok()?;
    apply_filter(&BpfProgram::try_from(filter).ok()?).ok()
}

/// What loading, reading, computing and answering take. Landlock says which program may be started.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_execve,
    libc::SYS_openat,
    libc::SYS_read,
    libc::SYS_pread64,
    libc::SYS_readv,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_ppoll,
    libc::SYS_newfstatat,
    libc::SYS_fstat,
    libc::SYS_faccessat,
    libc::SYS_fcntl,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_prlimit64,
    libc::SYS_sysinfo,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_exit,
    libc::SYS_exit_group,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_arch_prctl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
];
