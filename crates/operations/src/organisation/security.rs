//! The settings that decide who comes in, and for how long (clauses A1–A3, T1, T2, T4): what each may be, and which way is
//! tighter. What loosens waits for a second administrator.

use std::fmt;

use access::Family;
use identity::Range;
use identity::password::{PasswordPolicy, PolicyError};
use identity::place::NewPlace;
use identity::session::{LimitsError, SessionLimits};
use identity::webauthn::Aaguid;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use vocabulary::bounds;

use super::{DecisionKind, HoldClass, Policy};

/// How long sessions of a family last, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lasting {
    /// Without activity.
    pub idle: u32,
    /// In all.
    pub whole: u32,
}

impl Lasting {
    const fn of(limits: SessionLimits) -> Self {
        Self { idle: (limits.idle().as_secs() / 60) as u32, whole: (limits.absolute().as_secs() / 60) as u32 }
    }

    fn limits(self, ceiling: SessionLimits) -> Result<SessionLimits, LimitsError> {
        let minutes = |count: u32| Duration::from_secs(u64::from(count) * 60);
        ceiling.tightened(minutes(self.idle), minutes(self.whole))
    }
}

/// How long sessions last, for each family (clause T1). Accounts without a mission follow the operational ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sessions {
    /// Of operational accounts.
    pub operational: Lasting,
    /// Of governance accounts.
    pub governance: Lasting,
    /// Of administration accounts.
    pub administration: Lasting,
}

impl Default for Sessions {
    fn default() -> Self {
        let standard = Lasting::of(SessionLimits::STANDARD);
        let administration = Lasting::of(SessionLimits::ADMINISTRATION);
        Self { operational: standard, governance: standard, administration }
    }
}

const fn ceiling(family: Family) -> SessionLimits {
    match family {
        Family::Operational | Family::Governance => SessionLimits::STANDARD,
        Family::Administration => SessionLimits::ADMINISTRATION,
    }
}

impl Sessions {
    /// What a family's sessions last.
    #[must_use]
    pub const fn of(&self, family: Family) -> Lasting {
        match family {
            Family::Operational => self.operational,
            Family::Governance => self.governance,
            Family::Administration => self.administration,
        }
    }

    const fn of_mut(&mut self, family: Family) -> &mut Lasting {
        match family {
            Family::Operational => &mut self.operational,
            Family::Governance => &mut self.governance,
            Family::Administration => &mut self.administration,
        }
    }

    /// The limits of an account that holds missions of these families: the strictest of them. What lies outside the clause
    /// counts as the clause.
    #[must_use]
    pub fn limits(&self, families: impl IntoIterator<Item = Family>) -> SessionLimits {
        let of = |family| self.of(family).limits(ceiling(family)).unwrap_or(ceiling(family));
        let mut families = families.into_iter().peekable();
        if families.peek().is_none() {
            return of(Family::Operational);
        }
        SessionLimits::strictest(families.map(of))
    }
}

/// What passwords must be (clause A3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Passwords {
    /// Characters at least.
    pub chars_min: u32,
    /// Long ones need no mixture.
    pub passphrases: bool,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { chars_min: bounds::PASSWORD_CHARS_MIN as u32, passphrases: false }
    }
}

impl Passwords {
    /// The rule.
    ///
    /// # Errors
    /// Outside clause A3.
    pub fn rule(self) -> Result<PasswordPolicy, PolicyError> {
        PasswordPolicy::new(self.chars_min as usize, self.passphrases)
    }
}

/// One setting and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "setting", content = "value", rename_all = "snake_case")]
pub enum Setting {
    /// How long a family's sessions last (clause T1).
    Session(Family, Lasting),
    /// A family's accounts must have a second factor (clause A1).
    Mandatory(Family, bool),
    /// For how many days the question of a second factor may be put off (clause A1).
    PostponeDays(u32),
    /// What a new device or network asks of a family (clause T2).
    NewPlace(Family, NewPlace),
    /// The networks declared as the organisation's own (clause T4).
    Trusted(Vec<Range>),
    /// The models of security keys that are accepted; all when empty (clause A2).
    KeyModels(Vec<Aaguid>),
    /// A key's model is proved by its maker's certificates (clause A2).
    ProvedModels(bool),
    /// Characters of a password, at least (clause A3).
    PasswordChars(u32),
    /// Long passwords need no mixture (clause A3).
    Passphrases(bool),
    /// A security key signs decisions of a kind.
    Signed(DecisionKind, bool),
    /// A security key signs every decision on holds of these classes.
    SignedClasses(Vec<HoldClass>),
}

/// A setting outside its clause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FloorError {
    /// Sessions.
    #[error(transparent)]
    Sessions(#[from] LimitsError),
    /// Passwords.
    #[error(transparent)]
    Passwords(#[from] PolicyError),
    /// Administration always has a second factor.
    #[error("clause A1: administration always has a second factor")]
    Administration,
    /// It is put off too long.
    #[error("clause A1: a second factor is put off for at most {} days", bounds::FACTOR_POSTPONED_DAYS_MAX)]
    Postponed,
    /// A code by mail never protects administration.
    #[error("clause T2: a code by mail is never enough for administration")]
    MailedCode,
    /// Networks the whole world is in.
    #[error("clause T4: a declared network is at most a /8, or a /16 in IPv6")]
    Everywhere,
    /// Too many entries.
    #[error("at most {} networks, and as many models of keys or classes", bounds::POLICY_LIST_MAX)]
    TooMany,
}

impl Setting {
    /// The word evidence, forms and the API name it by.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        use Family::{Administration, Governance, Operational};
        match self {
            Self::Session(Operational, _) => "session_operational",
            Self::Session(Governance, _) => "session_governance",
            Self::Session(Administration, _) => "session_administration",
            Self::Mandatory(Operational, _) => "mandatory_operational",
            Self::Mandatory(Governance, _) => "mandatory_governance",
            Self::Mandatory(Administration, _) => "mandatory_administration",
            Self::PostponeDays(_) => "postpone_days",
            Self::NewPlace(Operational, _) => "place_operational",
            Self::NewPlace(Governance, _) => "place_governance",
            Self::NewPlace(Administration, _) => "place_administration",
            Self::Trusted(_) => "trusted",
            Self::KeyModels(_) => "key_models",
            Self::ProvedModels(_) => "proved_models",
            Self::PasswordChars(_) => "password_chars",
            Self::Passphrases(_) => "passphrases",
            Self::Signed(DecisionKind::Review, _) => "signed_review",
            Self::Signed(DecisionKind::Ruling, _) => "signed_ruling",
            Self::Signed(DecisionKind::Override, _) => "signed_override",
            Self::SignedClasses(_) => "signed_classes",
        }
    }

    /// The setting, after `before` of the same word, lets in somebody or something that was kept out. A list that both gains
    /// and loses loosens.
    #[must_use]
    pub fn loosens(&self, before: &Self) -> bool {
        match (before, self) {
            (Self::Session(_, before), Self::Session(_, after)) => {
                after.idle > before.idle || after.whole > before.whole
            }
            (Self::Mandatory(_, before), Self::Mandatory(_, after))
            | (Self::Signed(_, before), Self::Signed(_, after))
            | (Self::ProvedModels(before), Self::ProvedModels(after)) => *before && !after,
            (Self::SignedClasses(before), Self::SignedClasses(after)) => {
                before.iter().any(|class| !after.contains(class))
            }
            (Self::PostponeDays(before), Self::PostponeDays(after)) => after > before,
            (Self::NewPlace(_, before), Self::NewPlace(_, after)) => after < before,
            // None declared: nobody is told that they come from elsewhere, which loosens too.
            (Self::Trusted(before), Self::Trusted(after)) => {
                (after.is_empty() && !before.is_empty())
                    || after.iter().any(|range| !before.iter().any(|known| known.covers(*range)))
            }
            // None named: all are accepted.
            (Self::KeyModels(before), Self::KeyModels(after)) => {
                !before.is_empty() && (after.is_empty() || after.iter().any(|model| !before.contains(model)))
            }
            (Self::PasswordChars(before), Self::PasswordChars(after)) => after < before,
            (Self::Passphrases(before), Self::Passphrases(after)) => *after && !before,
            _ => true,
        }
    }

    /// Within its clause.
    ///
    /// # Errors
    /// [`FloorError`] names the clause.
    pub fn check(&self) -> Result<(), FloorError> {
        match self {
            Self::Session(family, lasting) => lasting.limits(ceiling(*family)).map(drop)?,
            Self::Mandatory(Family::Administration, false) => return Err(FloorError::Administration),
            Self::PostponeDays(days) if *days > bounds::FACTOR_POSTPONED_DAYS_MAX => {
                return Err(FloorError::Postponed);
            }
            Self::NewPlace(Family::Administration, NewPlace::EmailedCode) => {
                return Err(FloorError::MailedCode);
            }
            Self::Trusted(ranges) if ranges.len() > bounds::POLICY_LIST_MAX => {
                return Err(FloorError::TooMany);
            }
            Self::Trusted(ranges) if ranges.iter().any(|range| range.is_everywhere()) => {
                return Err(FloorError::Everywhere);
            }
            Self::KeyModels(models) if models.len() > bounds::POLICY_LIST_MAX => {
                return Err(FloorError::TooMany);
            }
            Self::SignedClasses(classes) if classes.len() > bounds::POLICY_LIST_MAX => {
                return Err(FloorError::TooMany);
            }
            Self::PasswordChars(chars) => {
                Passwords { chars_min: *chars, passphrases: false }.rule().map(drop)?
            }
            _ => {}
        }
        Ok(())
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, all: &[T]) -> fmt::Result {
    if all.is_empty() {
        return f.write_str("none");
    }
    for (place, one) in all.iter().enumerate() {
        write!(f, "{}{one}", if place > 0 { " " } else { "" })?;
    }
    Ok(())
}

/// The value alone, as evidence and the API write it.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(_, lasting) => write!(f, "{}/{}", lasting.idle, lasting.whole),
            Self::Mandatory(_, on) | Self::Passphrases(on) | Self::Signed(_, on) | Self::ProvedModels(on) => {
                write!(f, "{on}")
            }
            Self::PostponeDays(count) | Self::PasswordChars(count) => write!(f, "{count}"),
            Self::NewPlace(_, rule) => f.write_str(rule.word()),
            Self::Trusted(ranges) => list(f, ranges),
            Self::KeyModels(models) => list(f, models),
            Self::SignedClasses(classes) => list(f, classes),
        }
    }
}

/// A setting that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As it is.
    pub before: Setting,
    /// As it would be.
    pub after: Setting,
}

impl Change {
    /// It lets in what was kept out.
    #[must_use]
    pub fn loosens(&self) -> bool {
        self.after.loosens(&self.before)
    }
}

const FAMILIES: [Family; 3] = [Family::Operational, Family::Governance, Family::Administration];

impl Policy {
    /// Every setting that decides who comes in, always in the same order.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        let mut all = Vec::with_capacity(18);
        all.extend(FAMILIES.map(|family| Setting::Session(family, self.sessions.of(family))));
        all.push(Setting::Mandatory(Family::Operational, self.mandatory.operational));
        all.push(Setting::Mandatory(Family::Governance, self.mandatory.governance));
        all.push(Setting::PostponeDays(self.postpone_days));
        all.extend(FAMILIES.map(|family| Setting::NewPlace(family, self.places.of(family))));
        all.push(Setting::Trusted(self.places.trusted.clone()));
        all.push(Setting::KeyModels(self.key_models.clone()));
        all.push(Setting::ProvedModels(self.proved_models));
        all.push(Setting::PasswordChars(self.passwords.chars_min));
        all.push(Setting::Passphrases(self.passwords.passphrases));
        all.extend(DecisionKind::ALL.map(|kind| Setting::Signed(kind, self.signed.of(kind))));
        all.push(Setting::SignedClasses(self.signed.classes.clone()));
        all
    }

    /// Takes a setting over.
    pub fn set(&mut self, setting: Setting) {
        match setting {
            Setting::Session(family, lasting) => *self.sessions.of_mut(family) = lasting,
            Setting::Mandatory(Family::Operational, on) => self.mandatory.operational = on,
            Setting::Mandatory(Family::Governance, on) => self.mandatory.governance = on,
            // Always.
            Setting::Mandatory(Family::Administration, _) => {}
            Setting::PostponeDays(days) => self.postpone_days = days,
            Setting::NewPlace(family, rule) => *self.places.of_mut(family) = rule,
            Setting::Trusted(ranges) => self.places.trusted = ranges,
            Setting::KeyModels(models) => self.key_models = models,
            Setting::ProvedModels(on) => self.proved_models = on,
            Setting::PasswordChars(chars) => self.passwords.chars_min = chars,
            Setting::Passphrases(on) => self.passwords.passphrases = on,
            Setting::Signed(kind, on) => *self.signed.of_mut(kind) = on,
            Setting::SignedClasses(classes) => self.signed.classes = classes,
        }
    }

    /// What of `wanted` differs from this policy.
    #[must_use]
    pub fn changes(&self, wanted: &[Setting]) -> Vec<Change> {
        let own = self.settings();
        let mut changes = Vec::new();
        for after in wanted {
            let before = own.iter().find(|before| before.word() == after.word() && *before != after);
            changes.extend(before.map(|before| Change { before: before.clone(), after: after.clone() }));
        }
        changes
    }
}

#[cfg(test)]
#[path = "security_tests.rs"]
mod tests;
