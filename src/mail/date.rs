//! Dates of mails: RFC 5322, and what mail clients print above a forwarded mail in their languages. The zone is kept; where
//! none is written, none is made up.
//!
//! `mail-parser` reads what has the form of RFC 5322. The rest is read here: it knows English months alone, gives nothing for
//! a date without a zone, and takes a zone that it does not know (CET) for Greenwich.

mod standard;
mod words;
mod zone;

use jiff::civil::{Date, Time};

use zone::offset;

/// A date as a mail states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailDate {
    /// ISO 8601, with the offset of the mail (`2018-05-14T16:31:18-04:00`), without one where the mail has none.
    pub iso: String,
    /// The day in the zone of the mail.
    pub day: Date,
}

impl MailDate {
    /// The offset from UTC as in `iso` (`-04:00`), `None` where the mail has none.
    pub fn offset(&self) -> Option<&str> {
        let (_, time) = self.iso.split_once('T')?;
        time.get(time.find(['+', '-'])?..)
    }
}

/// Reads a date. `None` when day, month or year is missing or impossible.
pub(super) fn parse(text: &str) -> Option<MailDate> {
    let text: String = text.chars().take(200).collect();
    if standard::has_form(&text) {
        return standard::parse(&text);
    }
    let text = text.to_lowercase();
    let text = words::without_east_asian_marks(&text);
    let mut found = ReadSoFar {
        dotted: text.split_whitespace().any(is_dotted_year),
        ..ReadSoFar::default()
    };
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']') || c == '\u{202f}') {
        found.word(word);
    }
    found.finish()
}

/// Whether a word says that a time is before or after noon.
pub(super) fn is_half_of_day(word: &str) -> bool {
    words::afternoon(word.trim_end_matches('.')).is_some()
}

/// `2018.`, as Croatians write it behind the month.
fn is_dotted_year(word: &str) -> bool {
    let digits = |year: &str| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    word.strip_suffix('.').is_some_and(digits)
}

#[derive(Default)]
struct ReadSoFar {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<(i8, i8, i8)>,
    offset: Option<i32>,
    afternoon: Option<bool>,
    /// A dot stands behind the year.
    dotted: bool,
}

impl ReadSoFar {
    fn word(&mut self, word: &str) {
        let word = word.trim_end_matches('.');
        if word.is_empty() || self.numeric_date(word) {
            return;
        }
        // `+02:00` looks like a time too.
        if let Some(offset) = offset(word) {
            self.offset = self.offset.or(Some(offset));
        } else if self.zoned_clock(word) || self.clock(word) {
        } else if let Some(afternoon) = self.half_of_day(word) {
            self.afternoon = Some(afternoon);
        } else if let Ok(number) = without_ordinal(word).parse::<i16>() {
            self.number(number, without_ordinal(word).len());
        } else if let Some(month) = words::month(word, self.dotted) {
            // «mar.» is a Tuesday before it is March: the last one before the year counts.
            if self.year.is_none() || self.month.is_none() {
                self.month = Some(month);
            }
        }
    }

    /// Whether a word says that the hours are those after noon. East Asians say so before the time; the German «am» there says nothing.
    fn half_of_day(&self, word: &str) -> Option<bool> {
        if self.time.is_none() && word.is_ascii() {
            return None;
        }
        match word {
            // «4:09 p. m.»
            "p" => Some(true),
            "a" => Some(false),
            _ => words::afternoon(word),
        }
    }

    /// Day, month and year are known; what follows is a time.
    fn has_day(&self) -> bool {
        self.year.is_some() && self.month.is_some() && self.day.is_some()
    }

    fn number(&mut self, number: i16, digits: usize) {
        if digits <= 2 && self.day.is_none() {
            self.day = i8::try_from(number).ok();
        } else if digits <= 2 && self.month.is_none() && self.year.is_none() {
            // «14. 5. 2018»
            self.month = i8::try_from(number).ok();
        } else if digits == 4 && self.year.is_none() {
            self.year = Some(number);
        } else if digits == 2 && self.year.is_none() && self.month.is_some() {
            // RFC 5322 4.3
            self.year = Some(if number < 50 { 2000 + number } else { 1900 + number });
        }
    }

    /// `2018-05-14` (with `t16:31:18z` behind it), `14.05.2018`, `14/05/2018`, `5/14/2018`, `14-may-2018`.
    fn numeric_date(&mut self, word: &str) -> bool {
        if self.has_day() {
            return false;
        }
        let (date, time) = match word.split_once('t') {
            Some((date, time)) if date.len() == 10 && time.contains(':') => (date, Some(time)),
            _ => (word, None),
        };
        let parts: Vec<&str> = date.split(['-', '.', '/']).collect();
        let [a, b, c] = parts.as_slice() else { return false };
        let number = |text: &str| text.parse::<i16>().ok();
        let (year, month_number, day) = match (number(a), number(b), number(c)) {
            (Some(year), Some(month), Some(day)) if a.len() == 4 => (year, month, day),
            (Some(month), Some(day), Some(year)) if day > 12 => (year, month, day),
            (Some(day), Some(month), Some(year)) => (year, month, day),
            (Some(day), None, Some(year)) => match words::month(b, self.dotted) {
                Some(month) => (year, i16::from(month), day),
                None => return false,
            },
            _ => return false,
        };
        self.year = Some(if year < 100 { year + 2000 } else { year });
        self.month = i8::try_from(month_number).ok();
        self.day = i8::try_from(day).ok();
        if let Some(time) = time {
            let _ = self.zoned_clock(time) || self.clock(time);
        }
        true
    }

    /// A time with its zone right behind it: `10:00:00+0200`, `10:00gmt`.
    fn zoned_clock(&mut self, word: &str) -> bool {
        let zone = word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.');
        let Some((time, zone)) = zone.and_then(|at| word.split_at_checked(at)) else {
            return false;
        };
        let Some(offset) = offset(zone).filter(|_| self.clock(time)) else {
            return false;
        };
        self.offset = self.offset.or(Some(offset));
        true
    }

    fn clock(&mut self, word: &str) -> bool {
        let (word, suffix) = match word.strip_suffix("pm") {
            Some(word) => (word, Some(true)),
            None => word.strip_suffix("am").map_or((word, None), |word| (word, Some(false))),
        };
        let dots = self.has_day() && !word.contains(':');
        let mut parts = word.split(|c| matches!(c, ':' | 'h') || (dots && c == '.'));
        let (Some(hour), Some(minute)) = (parts.next(), parts.next()) else {
            return false;
        };
        let second = parts.next().and_then(|s| s.split('.').next()).unwrap_or("0");
        let (Ok(hour), Ok(minute), Ok(second)) = (hour.parse(), minute.parse(), second.parse()) else {
            return false;
        };
        self.time = self.time.or(Some((hour, minute, second)));
        self.afternoon = self.afternoon.or(suffix);
        true
    }

    fn finish(self) -> Option<MailDate> {
        let day = Date::new(self.year.filter(|year| *year >= 1900)?, self.month?, self.day?).ok()?;
        let Some((hour, minute, second)) = self.time else {
            return Some(MailDate {
                iso: day.to_string(),
                day,
            });
        };
        let hour = match self.afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let Ok(time) = Time::new(hour, minute, second.min(59), 0) else {
            return Some(MailDate {
                iso: day.to_string(),
                day,
            });
        };
        let zone = self.offset.map_or_else(String::new, |minutes| {
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
        });
        let iso = format!(
            "{day}T{:02}:{:02}:{:02}{zone}",
            time.hour(),
            time.minute(),
            time.second()
        );
        Some(MailDate { iso, day })
    }
}

/// «1er», «14th» and the like without what stands behind the number.
fn without_ordinal(word: &str) -> &str {
    let ends = ["st", "nd", "rd", "th", "er", "º", "ª", "°"];
    ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_what_stands_behind_the_time() {
        for (text, offset) in [
            ("Mon, 14 May 2018 16:31:18 -0400", Some("-04:00")),
            ("2018-05-14T16:31:18Z", Some("+00:00")),
            ("Monday, May 14, 2018 4:09 PM", None),
            ("14-May-2018", None),
        ] {
            assert_eq!(parse(text).expect("a date").offset(), offset, "{text}");
        }
    }

    #[test]
    fn dates_keep_their_zone() {
        let facts = [
            ("Mon, 14 May 2018 16:31:18 -0400", Some("2018-05-14T16:31:18-04:00")),
            ("14 May 2018 16:31 +0000 (UTC)", Some("2018-05-14T16:31:00+00:00")),
            ("Mon, 14 May 18 16:31:18 GMT", Some("2018-05-14T16:31:18+00:00")),
            ("Monday, May 14, 2018 4:09 PM", Some("2018-05-14T16:09:00")),
            ("Mon, May 14, 2018 at 12:09 AM", Some("2018-05-14T00:09:00")),
            ("Montag, 14. Mai 2018 16:09", Some("2018-05-14T16:09:00")),
            ("mardi 15 mai 2018 16:09", Some("2018-05-15T16:09:00")),
            ("14.05.2018 16:09", Some("2018-05-14T16:09:00")),
            ("lundi 14 mai 2018 16:09", Some("2018-05-14T16:09:00")),
            ("lunes, 14 de mayo de 2018 16:09", Some("2018-05-14T16:09:00")),
            ("lunedì 14 maggio 2018 16:09", Some("2018-05-14T16:09:00")),
            ("maandag 14 mei 2018 16:09", Some("2018-05-14T16:09:00")),
            ("14. März 2018 um 16:09:05 MESZ", Some("2018-03-14T16:09:05+02:00")),
            ("Mon, 14 May 2018 16:31:60 +0545", Some("2018-05-14T16:31:59+05:45")),
            ("Mon, 14 May 2018 16:31:18 CET", Some("2018-05-14T16:31:18+01:00")),
            ("Mon, 14 Mai 2018 16:31:18 +0200", Some("2018-05-14T16:31:18+02:00")),
            ("Mon, 14 May 2018 16:31:18 -0000", Some("2018-05-14T16:31:18+00:00")),
            ("2018-05-14T16:31:18Z", Some("2018-05-14T16:31:18+00:00")),
            ("5/14/2018 4:09:05 PM", Some("2018-05-14T16:09:05")),
            ("Mon, 32 May 2018 16:31:18 -0400", None),
            ("Tue, 1 Jul 2025 10:00:00 +02:00", Some("2025-07-01T10:00:00+02:00")),
            ("Tue, 1 Jul 2025 10:00:00 -600", Some("2025-07-01T10:00:00-06:00")),
            ("Tue, 1 Jul 2025 10:00 EST", Some("2025-07-01T10:00:00-05:00")),
            ("Tue, 1 Jul 25 10:00 EST", Some("2025-07-01T10:00:00-05:00")),
            ("Tue, 1 Jul 2025 10:00:00+0200", Some("2025-07-01T10:00:00+02:00")),
            ("Tue, 1 Jul 2025 10:00:00GMT", Some("2025-07-01T10:00:00+00:00")),
            ("Tue, 1 Jul 2025 10:00:00 JST", Some("2025-07-01T10:00:00+09:00")),
            ("Tue, 1 Jul 2025 10:00:00 GMT+02:00", Some("2025-07-01T10:00:00+02:00")),
            ("2025-07-01T10:00:00.123+02:00", Some("2025-07-01T10:00:00+02:00")),
            ("Thu, 1 Jan 1903 00:00:00 +0000", Some("1903-01-01T00:00:00+00:00")),
            ("Wed, 31 Dec 1969 23:59:59 -0000", Some("1969-12-31T23:59:59+00:00")),
            ("yesterday", None),
            ("", None),
        ];
        for (text, iso) in facts {
            assert_eq!(parse(text).map(|date| date.iso).as_deref(), iso, "{text}");
        }
    }
}
