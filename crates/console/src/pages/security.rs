//! "My security": what a person proves themselves with, adding to it, taking from it, proving presence again.

use askama::Template;

use super::Shell;

/// Everything of one's own.
#[derive(Debug, Clone, Template)]
#[template(path = "security.html")]
pub struct Security {
    /// The frame.
    pub s: Shell,
    /// Where the account stands with its second factor.
    pub factor: FactorState,
    /// Second factors, oldest first.
    pub factors: Vec<FactorRow>,
    /// Since when the password is what it is.
    pub password_since: String,
    /// Backup codes not used yet.
    pub codes_left: u64,
    /// When they were made.
    pub codes_since: Option<String>,
    /// Security keys can be used here.
    pub keys: bool,
    /// Where to go once done: a path of ours.
    pub next: String,
    /// Why the last act was not done.
    pub problem: Option<String>,
}

/// Where an account stands with its second factor (clause A1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorState {
    /// It has one.
    Enrolled,
    /// It must have one and can do nothing else until then.
    Owed,
    /// It should have one: asked, and may be put off.
    Asked,
    /// Put off for now.
    Postponed,
    /// The session came in by a backup code: a new factor is to be enrolled.
    CameByCode,
}

/// One second factor.
#[derive(Debug, Clone)]
pub struct FactorRow {
    /// Its glyph.
    pub icon: &'static str,
    /// The name its holder gave it.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Since when.
    pub since: String,
    /// When it last proved something.
    pub used: Option<String>,
    /// It proves nothing any more.
    pub suspended: bool,
    /// Where it is removed; none where it cannot be.
    pub remove: Option<String>,
}

/// A security key is added.
#[derive(Debug, Clone, Template)]
#[template(path = "key.html")]
pub struct KeyPage {
    /// The frame.
    pub s: Shell,
    /// What the browser asks the key.
    pub options: String,
    /// The name given so far.
    pub name: String,
    /// Where to go once done.
    pub next: String,
    /// Why the last try did not pass.
    pub problem: Option<String>,
}

/// An authenticator app is added: the secret, and the place for its first code.
#[derive(Debug, Clone, Template)]
#[template(path = "totp.html")]
pub struct TotpPage {
    /// The frame.
    pub s: Shell,
    /// The QR code.
    pub qr: Qr,
    /// The secret in groups of four, to be typed.
    pub secret: String,
    /// What comes back with the code.
    pub offer: String,
    /// The name given so far.
    pub name: String,
    /// Where to go once done.
    pub next: String,
    /// Why the last code did not pass.
    pub problem: Option<String>,
}

/// A QR code as the path of one picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Modules a side, with the quiet zone around.
    pub side: usize,
    /// The dark modules, as an SVG path.
    pub path: String,
}

/// Modules of quiet zone (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

impl Qr {
    /// The QR code of a text; empty when the text is too long for one.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let Ok(code) = fast_qr::QRBuilder::new(text).build() else {
            return Self { side: 2 * QUIET, path: String::new() };
        };
        let mut path = String::new();
        for (y, row) in
            (0..code.size).filter_map(|y| Some((y, code.data.get(y * code.size..(y + 1) * code.size)?)))
        {
            for (x, _) in row.iter().enumerate().filter(|(_, module)| module.value()) {
                path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
            }
        }
        Self { side: code.size + 2 * QUIET, path }
    }
}

/// Ten backup codes, shown once.
#[derive(Debug, Clone, Template)]
#[template(path = "codes.html")]
pub struct CodesPage {
    /// The frame.
    pub s: Shell,
    /// The codes.
    pub codes: Vec<String>,
    /// Where to go on to.
    pub next: String,
}

/// A second factor is about to be removed.
#[derive(Debug, Clone, Template)]
#[template(path = "remove_factor.html")]
pub struct RemovePage {
    /// The frame.
    pub s: Shell,
    /// Its name.
    pub name: String,
    /// Where the form goes.
    pub action: String,
    /// It is the last: backup codes go with it.
    pub last: bool,
}

/// Presence is asked for again.
#[derive(Debug, Clone, Template)]
#[template(path = "step_up.html")]
pub struct StepUpPage {
    /// The frame.
    pub s: Shell,
    /// A code may be given.
    pub code: bool,
    /// The password is asked for.
    pub password: bool,
    /// What the browser asks a security key, where there is one.
    pub key: Option<String>,
    /// Where to go once proved.
    pub next: String,
    /// Why the last try did not pass.
    pub problem: Option<super::sign_in::Problem>,
}

/// A backup code instead of the second factor.
#[derive(Debug, Clone, Template)]
#[template(path = "backup_code.html")]
pub struct BackupCodePage {
    /// The frame.
    pub s: Shell,
    /// Why the last try did not pass.
    pub problem: Option<super::sign_in::Problem>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_has_its_quiet_zone_and_its_finder_patterns() {
        let qr = Qr::of("otpauth://totp/CEREBRO:ines.kermadec%40orveane.example?secret=GEZDGNBVGY3TQOJQ");
        assert!(qr.side > 29 + 2 * QUIET);
        // The three finders' outer corners, and nothing in the quiet zone.
        let far = qr.side - QUIET - 1;
        for corner in [(QUIET, QUIET), (far, QUIET), (QUIET, far)] {
            assert!(qr.path.contains(&format!("M{} {}h1v1h-1z", corner.0, corner.1)), "{corner:?}");
        }
        assert!(!qr.path.contains("M3 ") && !qr.path.contains(" 3h"));
    }
}
