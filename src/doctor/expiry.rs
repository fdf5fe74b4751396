//! When a certificate runs out: the one date is read out of its DER (RFC 5280, 4.1), all else passed over.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// `notAfter` in seconds since 1970; `None` for what is no certificate.
pub(super) fn not_after(der: &[u8]) -> Option<i64> {
    let (certificate, _) = inside(der, SEQUENCE)?;
    let (mut rest, _) = inside(certificate, SEQUENCE)?;
    if let Some((_, after)) = inside(rest, VERSION) {
        rest = after;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (validity, _) = inside(rest, SEQUENCE)?;
    let (tag, time, _) = element(element(validity)?.2)?;
    seconds(tag, std::str::from_utf8(time).ok()?)
}

/// Tag, contents and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let (digits, after) = rest
            .split_at_checked(usize::from(first & 0x7F))
            .filter(|(digits, _)| digits.len() <= 4)?;
        length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        rest = after;
    }
    let (contents, after) = rest.split_at_checked(length)?;
    Some((tag, contents, after))
}

/// Contents of an element that has this tag, and what follows.
fn inside(bytes: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    element(bytes)
        .filter(|(tag, ..)| *tag == wanted)
        .map(|(_, contents, after)| (contents, after))
}

/// `YYMMDDHHMMSSZ` of the years 1950 to 2049, or `YYYYMMDDHHMMSSZ`.
fn seconds(tag: u8, text: &str) -> Option<i64> {
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let rest = rest.strip_suffix('Z')?;
    let part = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let time = DateTime::new(year, part(0)?, part(2)?, part(4)?, part(6)?, part(8)?, 0).ok()?;
    Some(TimeZone::UTC.to_timestamp(time).ok()?.as_second())
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::not_after;

    fn made(year: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["trap.example".to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 3, 1);
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn both_ways_of_writing_the_date_are_read() {
        assert_eq!(not_after(&made(2031)), Some(1_930_089_600));
        assert_eq!(not_after(&made(2126)), Some(4_927_996_800));
    }

    #[test]
    fn what_is_cut_off_anywhere_or_is_no_certificate_has_no_date() {
        let whole = made(2031);
        for end in 0..40 {
            assert_eq!(not_after(&whole[..end]), None);
        }
        assert_eq!(not_after(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30]), None);
        assert_eq!(not_after(b"-----BEGIN"), None);
    }
}
