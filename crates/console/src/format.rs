//! Numbers, instants and durations as people of each language write them. All spaces inside a figure are U+202F
//! (narrow, no break) in French; English groups with commas.

use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use vocabulary::{Locale, Timestamp};

/// Narrow no-break space, U+202F.
pub const NARROW: char = '\u{202f}';

const MONTHS_FR: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];
const DAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `1 482 907` or `1,482,907`.
#[must_use]
pub fn integer(locale: Locale, number: u64) -> String {
    let digits = number.to_string();
    let gap = match locale {
        Locale::Fr => NARROW,
        Locale::En => ',',
    };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(gap);
        }
        text.push(digit);
    }
    text
}

/// A number given in tenths: `1,5`, `12`.
#[must_use]
pub fn tenths(locale: Locale, tenths: u64) -> String {
    let mark = match locale {
        Locale::Fr => ',',
        Locale::En => '.',
    };
    match tenths % 10 {
        0 => integer(locale, tenths / 10),
        rest => format!("{}{mark}{rest}", integer(locale, tenths / 10)),
    }
}

/// `94 %` or `94%`.
#[must_use]
pub fn percent(locale: Locale, number: u8) -> String {
    match locale {
        Locale::Fr => format!("{number}{NARROW}%"),
        Locale::En => format!("{number}%"),
    }
}

/// `184 Ko`, `1,2 Mo` or `184 KB`, `1.2 MB`. Decimal units.
#[must_use]
pub fn size(locale: Locale, bytes: u64) -> String {
    let (unit, point, gap) = match locale {
        Locale::Fr => ('o', ',', NARROW),
        Locale::En => ('B', '.', NARROW),
    };
    match bytes {
        0..1_000 => match locale {
            Locale::Fr => format!("{bytes}{gap}octets"),
            Locale::En => format!("{bytes}{gap}bytes"),
        },
        1_000..1_000_000 => format!("{}{gap}K{unit}", bytes / 1_000),
        _ => format!("{}{point}{}{gap}M{unit}", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// `45 s`, `11 min 40 s`, `1 h 12 min`, `6 j` (`6 d`).
#[must_use]
pub fn span(locale: Locale, span: Duration) -> String {
    let seconds = span.as_secs();
    let day = match locale {
        Locale::Fr => 'j',
        Locale::En => 'd',
    };
    match seconds {
        0..60 => format!("{seconds}{NARROW}s"),
        60..3_600 => match seconds % 60 {
            0 => format!("{}{NARROW}min", seconds / 60),
            rest => format!("{}{NARROW}min {rest}{NARROW}s", seconds / 60),
        },
        3_600..172_800 => match seconds % 3_600 / 60 {
            0 => format!("{}{NARROW}h", seconds / 3_600),
            minutes => format!("{}{NARROW}h {minutes}{NARROW}min", seconds / 3_600),
        },
        _ => format!("{}{NARROW}{day}", seconds / 86_400),
    }
}

/// Words that stand alone begin with a capital: `numéro de compte` gives `Numéro de compte`.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Where the reader's clock hangs: their language and their organisation's time zone.
#[derive(Debug, Clone)]
pub struct Wall {
    /// The language of day and month names.
    pub locale: Locale,
    /// The time zone times are shown in.
    pub zone: TimeZone,
}

impl Wall {
    /// A wall in `locale` and `zone`.
    #[must_use]
    pub const fn new(locale: Locale, zone: TimeZone) -> Self {
        Self { locale, zone }
    }

    fn at(&self, instant: Timestamp) -> DateTime {
        self.zone.to_datetime(jiff::Timestamp::from_microsecond(instant.micros()).unwrap_or_default())
    }

    /// `14:32`.
    #[must_use]
    pub fn time(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// `14:32:05`.
    #[must_use]
    pub fn time_with_seconds(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
    }

    /// `18 nov.` or `18 Nov`.
    #[must_use]
    pub fn date(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{} {}", at.day(), self.month(&at))
    }

    /// `18 nov.` in the year of `now`, otherwise `18 nov. 2027`.
    #[must_use]
    pub fn day(&self, now: Timestamp, instant: Timestamp) -> String {
        let (today, at) = (self.at(now), self.at(instant));
        if today.year() == at.year() {
            self.date(instant)
        } else {
            format!("{} {}", self.date(instant), at.year())
        }
    }

    /// `mardi 24 nov.` or `Tue 24 Nov`.
    #[must_use]
    pub fn weekday(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        let place = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or(0);
        let names = match self.locale {
            Locale::Fr => &DAYS_FR,
            Locale::En => &DAYS_EN,
        };
        format!("{} {}", names.get(place).copied().unwrap_or_default(), self.date(instant))
    }

    /// `14:32` on the same day as `now`, otherwise `18 nov., 14:32`, with the year when it is another one.
    #[must_use]
    pub fn moment(&self, now: Timestamp, instant: Timestamp) -> String {
        let (today, at) = (self.at(now), self.at(instant));
        if today.date() == at.date() {
            return self.time(instant);
        }
        format!("{}, {}", self.day(now, instant), self.time(instant))
    }

    fn month(&self, at: &DateTime) -> &'static str {
        month(self.locale, at.date())
    }
}

/// `2026-11-01` as `1 nov. 2026`; what is no day stays as it is.
#[must_use]
pub fn written_day(locale: Locale, text: &str) -> String {
    let Ok(day) = text.parse::<Date>() else { return text.to_owned() };
    format!("{} {} {}", day.day(), month(locale, day), day.year())
}

fn month(locale: Locale, day: Date) -> &'static str {
    let place = usize::try_from(day.month() - 1).unwrap_or(0);
    let names = match locale {
        Locale::Fr => &MONTHS_FR,
        Locale::En => &MONTHS_EN,
    };
    names.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Locale::{En, Fr};

    #[test]
    fn figures_as_people_write_them() {
        assert_eq!(integer(Fr, 1_482_907), "1\u{202f}482\u{202f}907");
        assert_eq!(integer(En, 1_482_907), "1,482,907");
        assert_eq!(integer(Fr, 999), "999");
        assert_eq!(percent(Fr, 94), "94\u{202f}%");
        assert_eq!(percent(En, 94), "94%");
        assert_eq!(size(Fr, 184_320), "184\u{202f}Ko");
        assert_eq!(size(En, 1_250_000), "1.2\u{202f}MB");
        assert_eq!(size(Fr, 12), "12\u{202f}octets");
    }

    #[test]
    fn durations_as_people_write_them() {
        let cases =
            [(45, "45 s"), (700, "11 min 40 s"), (720, "12 min"), (4_320, "1 h 12 min"), (7_200, "2 h")];
        for (seconds, text) in cases {
            assert_eq!(span(Fr, Duration::from_secs(seconds)).replace(NARROW, " "), text);
        }
        assert_eq!(span(Fr, Duration::from_secs(6 * 86_400)), "6\u{202f}j");
        assert_eq!(span(En, Duration::from_secs(6 * 86_400)), "6\u{202f}d");
    }

    #[test]
    fn instants_in_the_reader_s_zone() {
        let paris = TimeZone::fixed(jiff::tz::offset(1));
        let (now, then) = ("2026-11-24T13:20:00Z", "2026-11-18T23:30:00Z");
        let (now, then) = (Timestamp::parse(now).unwrap(), Timestamp::parse(then).unwrap());
        let wall = Wall::new(Fr, paris.clone());
        assert_eq!(wall.time(now), "14:20");
        assert_eq!(wall.weekday(now), "mardi 24 nov.");
        assert_eq!(wall.moment(now, now), "14:20");
        assert_eq!(wall.moment(now, then), "19 nov., 00:30");
        assert_eq!(written_day(Fr, "2026-11-01"), "1 nov. 2026");
        assert_eq!(written_day(En, "of old"), "of old");
        assert_eq!(wall.day(now, then), "19 nov.");
        assert_eq!(
            wall.day(Timestamp::from_micros(0), then),
            "19 nov. 2026",
            "a date of another year says which"
        );
        let wall = Wall::new(En, paris);
        assert_eq!(wall.weekday(now), "Tue 24 Nov");
        assert_eq!(wall.moment(now, Timestamp::from_micros(0)), "1 Jan 1970, 01:00");
    }
}
