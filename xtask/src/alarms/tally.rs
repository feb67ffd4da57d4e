//! What was held of some mails, by whom and why.

use std::collections::BTreeMap;

use compliance::{Assessment, ControlMatch, Facts, Finding, Mode, Verdict};

/// Detectors whose excerpt is a code, not content.
const CODED: [&str; 3] = [
    compliance::detect::UNREADABLE_ATTACHMENT,
    compliance::detect::UNREADABLE_MESSAGE,
    compliance::detect::AMBIGUOUS_MESSAGE,
];

/// Characters shown on either side of what was found.
const AROUND: usize = 60;
/// Sentences shown of one match.
const SENTENCES: usize = 3;

/// Controls that read no meaning and whose sign is common in the mail of 2001: many recipients, `CONFIDENTIAL -`, `privileged`,
/// pages with a program (decision 24).
pub(super) const ARGUED: [&str; 5] = ["RCP-01", "RCP-05", "RCP-09", "PRV-02", "SCAN-03"];

/// The control that holds whoever names an issuer of the restricted list.
const LISTED: &str = "MAR-02";

/// See the module.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) all: usize,
    /// Held by the set as it ships.
    pub(super) shipped: usize,
    /// Of these, those that more than the restricted list holds: a name on it is what it asks for.
    pub(super) unlisted: usize,
    /// Held were every control enforced, and every score calibrated.
    pub(super) every: usize,
    /// Of these, those that more than the argued controls hold.
    pub(super) beyond: usize,
    /// By control: how it ships, and each message with its sentences.
    controls: BTreeMap<String, (Mode, Vec<String>)>,
}

impl Tally {
    pub(super) fn add(&mut self, name: &str, assessment: &Assessment, facts: &Facts<'_>) {
        self.all += 1;
        self.shipped += usize::from(assessment.verdict != Verdict::Pass);
        let unlisted = |found: &ControlMatch| found.mode == Mode::Enforce && found.control != LISTED;
        self.unlisted += usize::from(assessment.matches.iter().any(unlisted));
        self.every += usize::from(!assessment.matches.is_empty());
        let argued = |found: &ControlMatch| ARGUED.contains(&found.control.as_str());
        self.beyond += usize::from(!assessment.matches.iter().all(argued));
        for found in &assessment.matches {
            let (_, lines) =
                self.controls.entry(found.control.clone()).or_insert_with(|| (found.mode, Vec::new()));
            lines.push(format!("{name}: {}", sentences(found, assessment, facts)));
        }
    }

    /// The same with those of `other`.
    pub(super) fn join(&mut self, other: &Self) {
        self.all += other.all;
        self.shipped += other.shipped;
        self.unlisted += other.unlisted;
        self.every += other.every;
        self.beyond += other.beyond;
        for (control, (mode, lines)) in &other.controls {
            let (_, all) = self.controls.entry(control.clone()).or_insert_with(|| (*mode, Vec::new()));
            all.extend(lines.iter().cloned());
        }
    }

    /// The figures of `of` as a line.
    pub(super) fn figures(&self, of: &str) -> String {
        let figure = |held: usize| format!("{held} ({})", share(held, self.all));
        format!(
            "{of}: {} mails; held as shipped: {}, but for {LISTED}: {}; every shipped control enforced: {}, but for {}: {}",
            self.all,
            figure(self.shipped),
            figure(self.unlisted),
            figure(self.every),
            ARGUED.join(", "),
            figure(self.beyond)
        )
    }

    /// Each control and each mail that it holds, by its path in the folder of ordinary mail.
    #[cfg(test)]
    pub(super) fn rows(&self) -> std::collections::BTreeSet<(String, String)> {
        let mail = |line: &String| {
            let name = line.split_once(": ").map_or(line.as_str(), |(name, _)| name);
            name.strip_prefix("emails/").unwrap_or(name).to_owned()
        };
        let of = |(control, (_, lines)): (&String, &(Mode, Vec<String>))| {
            lines.iter().map(|line| (control.clone(), mail(line))).collect::<Vec<_>>()
        };
        self.controls.iter().flat_map(of).collect()
    }

    /// That line, then each control with what it holds.
    pub(super) fn print(&self, of: &str, sentences: bool) -> String {
        let mut lines = vec![self.figures(of)];
        for (control, (mode, held)) in &self.controls {
            let mode = if *mode == Mode::Enforce { "enforce" } else { "observe" };
            lines.push(format!("  {control:8} {mode} {} ({})", held.len(), share(held.len(), self.all)));
            if sentences {
                lines.extend(held.iter().map(|line| format!("      {line}")));
            }
        }
        lines.join("\n") + "\n"
    }
}

/// The sentences of a match, or what it is about where it has none.
fn sentences(found: &ControlMatch, assessment: &Assessment, facts: &Facts<'_>) -> String {
    let findings = found.findings.iter().filter_map(|index| assessment.findings.get(*index));
    let mut shown: Vec<String> = findings.map(|finding| sentence(finding, facts)).collect();
    shown.dedup();
    if shown.is_empty() {
        shown = found
            .recipients
            .iter()
            .take(SENTENCES)
            .filter_map(|at| facts.recipients.get(*at))
            .map(|one| format!("to {}", one.address))
            .collect();
    }
    let more = shown.len().saturating_sub(SENTENCES);
    shown.truncate(SENTENCES);
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(" | ")
}

fn sentence(finding: &Finding, facts: &Facts<'_>) -> String {
    let kind = &finding.detector;
    if CODED.contains(&kind.as_str()) {
        return format!("{kind} {}", finding.excerpt);
    }
    let texts = facts.message.all_texts();
    let text = texts.iter().find(|text| text.part.as_str() == finding.part).map(|text| text.text.as_str());
    let of_file = || {
        let file = facts.attachments.iter().find(|file| file.part == finding.part)?;
        match &file.outcome {
            compliance::AttachmentOutcome::Text(text) => Some(text.as_str()),
            _ => None,
        }
    };
    let Some(text) = text.or_else(of_file) else { return format!("{kind} {}", finding.excerpt) };
    let start =
        text.get(..finding.start).unwrap_or("").char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    let rest = text.get(finding.end..).unwrap_or("");
    let end = finding.end + rest.char_indices().nth(AROUND).map_or(rest.len(), |(at, _)| at);
    let around = text.get(start..end).unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{kind} {} in {} “{around}”", finding.certainty, finding.part)
}

/// A share in per cent, to the thousandth.
pub(super) fn share(part: usize, all: usize) -> String {
    let thousandths = (part * 100_000).checked_div(all).unwrap_or(0);
    format!("{}.{:03} %", thousandths / 1_000, thousandths % 1_000)
}
