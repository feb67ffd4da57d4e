//! The month after which a wrapping key may be destroyed.

use std::fmt;
use std::str::FromStr;

use jiff::tz::Offset;
use vocabulary::Timestamp;

/// The text is not a month `YYYY-MM` between 1970-01 and 9999-12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a month is written YYYY-MM, from 1970-01 to 9999-12")]
pub struct MonthError;

/// A calendar month in UTC, `2033-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: u16,
    month: u8,
}

impl Month {
    /// For what has no retention end of its own (an authenticator's secret): the last month there is.
    pub const NEVER: Self = Self { year: 9999, month: 12 };

    /// The month `month` (1–12) of `year` (1970–9999).
    ///
    /// # Errors
    /// Either is outside its range.
    pub fn new(year: u16, month: u8) -> Result<Self, MonthError> {
        if (1970..=9999).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(MonthError)
        }
    }

    /// The month `at` falls in, UTC. Instants before 1970 count as 1970-01.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let date = jiff::Timestamp::from_microsecond(at.micros().max(0)).map(|t| Offset::UTC.to_datetime(t));
        match date {
            Ok(date) => Self {
                year: u16::try_from(date.year()).unwrap_or(9999),
                month: u8::try_from(date.month()).unwrap_or(12),
            },
            Err(_) => Self::NEVER,
        }
    }

    /// When what starts its retention at `start` may be erased: kept at least `retention_months` whole months,
    /// and to the end of the month they end in.
    #[must_use]
    pub fn expiry(start: Timestamp, retention_months: u16) -> Self {
        Self::of(start).plus(retention_months)
    }

    /// This month, `months` later; stops at [`Month::NEVER`].
    #[must_use]
    pub fn plus(self, months: u16) -> Self {
        let count = u32::from(self.year) * 12 + u32::from(self.month) - 1 + u32::from(months);
        match (u16::try_from(count / 12), u8::try_from(count % 12)) {
            (Ok(year @ ..=9999), Ok(month)) => Self { year, month: month + 1 },
            _ => Self::NEVER,
        }
    }

    /// The whole month lies before `now`: its keys may go, when nothing held needs them.
    #[must_use]
    pub fn is_over(self, now: Timestamp) -> bool {
        self < Self::of(now)
    }

    /// 1970–9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// 1–12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return Err(MonthError);
        }
        Self::new(year.parse().map_err(|_| MonthError)?, month.parse().map_err(|_| MonthError)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn retention_ends_with_its_month() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let expiry = Month::expiry(at("2026-11-24T10:00:00Z"), 84);
        assert_eq!(expiry.to_string(), "2033-11");
        assert!(!expiry.is_over(at("2033-11-30T23:59:59.999999Z")));
        assert!(expiry.is_over(at("2033-12-01T00:00:00Z")));
        assert_eq!(Month::of(at("2026-12-31T23:59:59Z")).plus(1).to_string(), "2027-01");
        assert_eq!(Month::NEVER.plus(1), Month::NEVER);
        assert!(!Month::NEVER.is_over(Timestamp::from_micros(i64::MAX / 1_000_000)));
    }

    #[test]
    fn months_that_are_not() {
        for text in
            ["", "2026", "2026-13", "2026-00", "1969-12", "+026-11", "2026-1", "2026-011", "2026-11-01"]
        {
            assert!(text.parse::<Month>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_month_survives_its_text(year in 1970u16..=9999, month in 1u8..=12) {
            let month = Month::new(year, month).unwrap();
            prop_assert_eq!(month.to_string().parse(), Ok(month));
        }

        #[test]
        fn months_add_up(year in 1970u16..=2500, month in 1u8..=12, a in 0u16..500, b in 0u16..500) {
            let month = Month::new(year, month).unwrap();
            prop_assert_eq!(month.plus(a).plus(b), month.plus(a + b));
            prop_assert!(month.plus(a) >= month);
        }
    }
}
