//! What a subject's processes used, as the kernel counts it (`/proc`, Linux).

use std::collections::BTreeMap;
use std::fs;

use anyhow::Context;

/// Processor seconds and memory of a process and all it started.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Used {
    /// User and system time, seconds; children that ended included.
    pub(crate) cpu_seconds: f64,
    /// Proportional set size, bytes: shared pages are counted once.
    pub(crate) memory_bytes: u64,
}

/// `root` and its descendants.
pub(crate) fn used(roots: &[u32]) -> Used {
    let mut total = Used::default();
    for pid in family(roots) {
        if let Some(stat) = Stat::read(&format!("/proc/{pid}/stat")) {
            total.cpu_seconds += stat.seconds(true);
        }
        total.memory_bytes += memory(pid);
    }
    total
}

/// Processor seconds of each kind of thread of one process, by its name.
pub(crate) fn threads(pid: u32) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = fs::read_to_string(path.join("comm")).unwrap_or_default();
        let name = name.trim().trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned();
        if let Some(stat) = Stat::read(&path.join("stat").to_string_lossy()) {
            *all.entry(name).or_default() += stat.seconds(false);
        }
    }
    all
}

/// The most memory a process ever had resident, bytes (`VmHWM`).
///
/// # Errors
/// It is gone, or the kernel does not say.
pub(crate) fn peak(pid: u32) -> anyhow::Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}

/// All that a process started and that lives.
pub(crate) fn children(of: u32) -> Vec<u32> {
    family(&[of]).into_iter().filter(|pid| *pid != of).collect()
}

fn family(roots: &[u32]) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok())
            && let Some(stat) = Stat::read(&format!("/proc/{pid}/stat"))
        {
            parents.push((pid, stat.parent));
        }
    }
    let mut found = roots.to_vec();
    let mut at = 0;
    while let Some(&parent) = found.get(at) {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        at += 1;
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn memory(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// The fields of `/proc/…/stat` we use, in ticks (proc(5)).
struct Stat {
    parent: u32,
    own: u64,
    ended_children: u64,
}

impl Stat {
    fn read(path: &str) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        // The name in parentheses may hold blanks: count from its end.
        let (_, rest) = text.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let number = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok());
        Some(Self {
            parent: u32::try_from(number(1)?).ok()?,
            own: number(11)? + number(12)?,
            ended_children: number(13)? + number(14)?,
        })
    }

    fn seconds(&self, with_children: bool) -> f64 {
        let ticks = self.own + if with_children { self.ended_children } else { 0 };
        ticks as f64 / rustix::param::clock_ticks_per_second() as f64
    }
}
