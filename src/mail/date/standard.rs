//! Dates in the form of RFC 5322, read by `mail-parser`. Its month is a hash of the letters, which takes «Mai» for no month at
//! all, so the form is looked at first.

use jiff::civil::Date;
use mail_parser::DateTime;
use mail_parser::parsers::fields::date::MONTH;

use super::MailDate;

/// `[Mon,] 14 May 2018 16:31:18 -0400` with comments behind it. Without seconds, `mail-parser` does not see a named zone.
pub(super) fn has_form(text: &str) -> bool {
    const NAMED: [&str; 12] = [
        "GMT", "UTC", "UT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT",
    ];
    let text = text.split('(').next().unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = match words.split_first() {
        Some((day, rest)) if day.ends_with(',') => rest,
        _ => words.as_slice(),
    };
    let [day, month, year, clock, zone] = words else {
        return false;
    };
    let digits = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let offset = zone.strip_prefix(['+', '-']);
    (1..=2).contains(&day.len())
        && digits(day)
        && MONTH.iter().any(|known| known.eq_ignore_ascii_case(month))
        && matches!(year.len(), 2 | 4)
        && digits(year)
        && clock.split(':').count() == 3
        && clock.split(':').all(|part| part.len() == 2 && digits(part))
        && offset.map_or(NAMED.contains(zone), |offset| offset.len() == 4 && digits(offset))
}

/// Reads it; `None` when the day does not exist.
pub(super) fn parse(text: &str) -> Option<MailDate> {
    let read = DateTime::parse_rfc822(text)?;
    let number = |value: u8| i8::try_from(value).ok();
    let day = i16::try_from(read.year).ok().filter(|year| *year >= 1900)?;
    let day = Date::new(day, number(read.month)?, number(read.day)?).ok()?;
    let iso = if read.hour < 24 && read.minute < 60 {
        let sign = if read.tz_before_gmt && (read.tz_hour, read.tz_minute) != (0, 0) {
            '-'
        } else {
            '+'
        };
        format!(
            "{day}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            read.hour,
            read.minute,
            read.second.min(59),
            read.tz_hour,
            read.tz_minute
        )
    } else {
        day.to_string()
    };
    Some(MailDate { iso, day })
}
