//! What the child does to itself before it reads the first byte of a file: it gives up files, network, other
//! processes, and more memory and time than one extraction may use. None of it can be taken back.
//!
//! Three layers, each enough against most attacks, so that a hole in one is not a hole: limits of the process
//! (`setrlimit(2)`), landlock (the kernel refuses every path, port and foreign signal) and seccomp (the kernel kills on
//! every system call but a handful). Must be called while the process has one thread: landlock binds the caller's.

use std::collections::BTreeMap;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};
use serde::{Deserialize, Serialize};
use vocabulary::bounds::{EXTRACT_CPU_SECONDS_MAX, EXTRACT_MEMORY_BYTES_MAX};

/// A layer that a kernel may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// `landlock(7)`, Linux 5.13.
    Landlock,
    /// `seccomp(2)` with filters.
    Seccomp,
}

/// How far a process is confined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// What this kernel could not give; empty unless declared weakened.
    pub missing: Vec<Layer>,
}

/// Why a process is not confined.
#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    /// The limits could not be set.
    #[error("the limits of the process cannot be set: {0}")]
    Limits(#[from] io::Error),
    /// No landlock.
    #[error("landlock is not available: {0}")]
    Landlock(String),
    /// No seccomp.
    #[error("seccomp is not available: {0}")]
    Seccomp(String),
}

/// Confines this process for good. `weakened`: what the kernel does not have is left out and said.
///
/// # Errors
/// A layer is missing and `weakened` is not set, or the limits could not be set. The process is then confined in part:
/// it must end.
pub fn confine(weakened: bool) -> Result<Confinement, ConfineError> {
    let mut missing = Vec::new();
    let mut layer = |layer, outcome: Result<(), ConfineError>| match outcome {
        Err(_) if weakened => {
            missing.push(layer);
            Ok(())
        }
        outcome => outcome,
    };
    layer(Layer::Landlock, landlock())?;
    // After landlock, which needs a file descriptor; before seccomp, which forbids this call too.
    limits()?;
    layer(Layer::Seccomp, seccomp())?;
    Ok(Confinement { missing })
}

/// No file, socket or process more; bounded memory and time; nothing left behind by a crash.
///
/// The processor time is twice that of one extraction: a child is replaced once it has used the first half.
///
/// # Errors
/// A limit is above the one we were started with.
pub fn limits() -> Result<(), ConfineError> {
    // A core file would hold the attachment in the clear.
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(io::Error::from)?;
    let cpu = EXTRACT_CPU_SECONDS_MAX.saturating_mul(2);
    let all = [
        (Resource::As, EXTRACT_MEMORY_BYTES_MAX, EXTRACT_MEMORY_BYTES_MAX),
        // SIGXCPU at the first, which says why; SIGKILL at the second.
        (Resource::Cpu, cpu, cpu.saturating_add(1)),
        (Resource::Fsize, 0, 0),
        (Resource::Nofile, 0, 0),
        (Resource::Nproc, 0, 0),
        (Resource::Core, 0, 0),
        (Resource::Memlock, 0, 0),
        (Resource::Msgqueue, 0, 0),
    ];
    for (resource, current, maximum) in all {
        let limit = Rlimit { current: Some(current), maximum: Some(maximum) };
        setrlimit(resource, limit).map_err(io::Error::from)?;
    }
    Ok(())
}

/// No path at all. Where the kernel knows them: no TCP port, no abstract socket, no signal to others.
///
/// # Errors
/// The kernel has no landlock, or it is not enabled.
pub fn landlock() -> Result<(), ConfineError> {
    let refused = |error: landlock::RulesetError| ConfineError::Landlock(error.to_string());
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .and_then(|rules| {
            // Seccomp refuses all of these as well, so an older kernel is enough.
            rules
                .set_compatibility(CompatLevel::BestEffort)
                .handle_access(AccessFs::from_all(ABI::V6))?
                .handle_access(AccessNet::from_all(ABI::V6))?
                .scope(Scope::from_all(ABI::V6))
        })
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(refused)?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err(ConfineError::Landlock("it is not enabled".into()));
    }
    Ok(())
}

/// Reading our standard input, writing our standard output and error, memory that is not executable, ending. Every
/// other system call kills the process.
///
/// # Errors
/// The kernel has no seccomp filters, or the processor is one we do not know.
pub fn seccomp() -> Result<(), ConfineError> {
    let refused = |error: &dyn std::fmt::Display| ConfineError::Seccomp(error.to_string());
    let rules = rules().map_err(|error| refused(&error))?;
    let arch =
        std::env::consts::ARCH.try_into().map_err(|error: seccompiler::BackendError| refused(&error))?;
    let filter = SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, arch)
        .map_err(|error| refused(&error))?;
    let program = BpfProgram::try_from(filter).map_err(|error| refused(&error))?;
    // Sets no_new_privs too.
    apply_filter(&program).map_err(|error| refused(&error))
}

/// What a thread that only computes needs, by system call: no rule means any arguments.
fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
    let argument = |index, operator, value| {
        SeccompRule::new(vec![SeccompCondition::new(index, SeccompCmpArgLen::Dword, operator, value)?])
    };
    let is = |index, value| argument(index, SeccompCmpOp::Eq, value);
    let not_executable = || argument(2, SeccompCmpOp::MaskedEq(PROT_EXEC), 0);
    let own_process = u64::from(std::process::id());
    Ok(BTreeMap::from([
        // Descriptors we may have inherited by mistake are of no use.
        (libc::SYS_read, vec![is(0, 0)?]),
        (libc::SYS_write, vec![is(0, 1)?, is(0, 2)?]),
        (libc::SYS_mmap, vec![not_executable()?]),
        (libc::SYS_mprotect, vec![not_executable()?]),
        (libc::SYS_munmap, vec![]),
        (libc::SYS_mremap, vec![]),
        (libc::SYS_madvise, vec![]),
        (libc::SYS_brk, vec![]),
        // The allocator names its memory.
        (libc::SYS_prctl, vec![is(0, PR_SET_VMA)?]),
        (libc::SYS_futex, vec![]),
        (libc::SYS_sched_yield, vec![]),
        (libc::SYS_getrandom, vec![]),
        (libc::SYS_clock_gettime, vec![]),
        // A crash that is not an attack ends by its own signal.
        (libc::SYS_rt_sigaction, vec![]),
        (libc::SYS_rt_sigprocmask, vec![]),
        (libc::SYS_rt_sigreturn, vec![]),
        (libc::SYS_sigaltstack, vec![]),
        (libc::SYS_getpid, vec![]),
        (libc::SYS_gettid, vec![]),
        (libc::SYS_tgkill, vec![is(0, own_process)?]),
        (libc::SYS_exit, vec![]),
        (libc::SYS_exit_group, vec![]),
    ]))
}

/// `PROT_EXEC` of `mmap(2)`.
const PROT_EXEC: u64 = libc::PROT_EXEC as u64;
/// `PR_SET_VMA` of `prctl(2)`.
const PR_SET_VMA: u64 = libc::PR_SET_VMA as u64;
