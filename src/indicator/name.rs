//! Names that carry their own form: CVE numbers, autonomous systems, MAC addresses.

use super::bytes::{ALNUM, DASH, DIGIT, HEX, at, before, class, is_alnum, run, skip_blanks, starts_with};

/// A CVE number whose word begins at `start`: its canonical form and its end.
pub fn cve(bytes: &[u8], start: usize) -> Option<(String, usize)> {
    let year = dash(bytes, start + 3)?;
    let year_end = run(bytes, year, DIGIT);
    let number = dash(bytes, year_end)?;
    let end = run(bytes, number, DIGIT);
    let digits = |from, to| bytes.get(from..to).and_then(|digits| std::str::from_utf8(digits).ok());
    let (year, number) = (digits(year, year_end)?, digits(number, end)?);
    let valid =
        year.len() == 4 && (year.starts_with("199") || year.starts_with("20")) && (4..=8).contains(&number.len());
    (valid && !is_alnum(bytes, end)).then(|| (format!("CVE-{year}-{number}"), end))
}

/// The number of the same year that follows a CVE number which ends at `end`, without its first half: `/31002`, `, -31004`.
pub fn next_number(bytes: &[u8], end: usize) -> Option<(usize, usize)> {
    let joined = |words: &[u8]| bytes.get(end..end + words.len()) == Some(words);
    let start = match at(bytes, end) {
        b'/' => end + 1 + usize::from(at(bytes, end + 1) == b'-'),
        b',' => {
            let hyphen = skip_blanks(bytes, end + 1, 1);
            (at(bytes, hyphen) == b'-').then_some(hyphen + 1)?
        }
        b' ' => [&b" and -"[..], b" & -", b" und -"]
            .into_iter()
            .find(|words| joined(words))
            .map(|words| end + words.len())?,
        _ => return None,
    };
    let past = run(bytes, start, DIGIT);
    let whole = class(at(bytes, past)) & (ALNUM | DASH) == 0 && (at(bytes, past) != b'/' || is_alnum(bytes, past + 1));
    ((4..=8).contains(&(past - start)) && whole).then_some((start, past))
}

/// Past a hyphen of any kind, a blank or an underscore.
fn dash(bytes: &[u8], i: usize) -> Option<usize> {
    match at(bytes, i) {
        b'-' | b'_' | b' ' | b':' => Some(i + 1),
        // U+2010 to U+2014
        0xe2 if at(bytes, i + 1) == 0x80 && (0x90..=0x94).contains(&at(bytes, i + 2)) => Some(i + 3),
        _ => None,
    }
}

/// An autonomous system (`AS13335`, `ASN 13335`): its canonical form and its end. A product (`AS400`) is none.
pub fn autonomous_system(bytes: &[u8], start: usize) -> Option<(String, usize)> {
    let named = starts_with(bytes, start, b"asn");
    let word = if named { start + 3 } else { start + 2 };
    if !bytes.get(start..word)?.iter().all(u8::is_ascii_uppercase) || matches!(before(bytes, start), b'/' | b'_' | b'-')
    {
        return None;
    }
    let spaced = matches!(at(bytes, word), b' ' | b':' | b'#');
    let mut digits = if spaced { word + 1 } else { word };
    digits += usize::from(spaced && at(bytes, digits) == b' ');
    let end = run(bytes, digits, DIGIT);
    let written = std::str::from_utf8(bytes.get(digits..end)?).ok()?;
    let number: u32 = written.parse().ok().filter(|_| !written.starts_with('0'))?;
    let likely = match (named, spaced) {
        (true, _) => number > 0,
        (false, false) => number >= 100 && number != 400,
        // «AS 2024 began» is prose.
        (false, true) => number >= 1000 && !(1900..2100).contains(&number),
    };
    let next = at(bytes, end);
    let whole = class(next) & (ALNUM | DASH) == 0 && !(next == b'.' && is_alnum(bytes, end + 1));
    (likely && whole).then(|| (format!("AS{number}"), end))
}

/// A MAC address in one of its three forms: `aa:bb:…`, `aa-bb-…`, `aabb.ccdd.eeff`.
pub fn mac(bytes: &[u8], start: usize) -> Option<(String, usize)> {
    let group = run(bytes, start, DIGIT | HEX) - start;
    let separator = at(bytes, start + group);
    let groups = match (group, separator) {
        (2, b':' | b'-') => 6,
        (4, b'.') => 3,
        _ => return None,
    };
    let mut digits = String::with_capacity(17);
    let mut i = start;
    for n in 0..groups {
        if n > 0 {
            if at(bytes, i) != separator {
                return None;
            }
            i += 1;
        }
        let end = run(bytes, i, DIGIT | HEX);
        if end - i != group {
            return None;
        }
        for pair in bytes.get(i..end)?.chunks(2) {
            if !digits.is_empty() {
                digits.push(':');
            }
            digits.extend(pair.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
        }
        i = end;
    }
    let joined = |byte: u8| byte == separator || class(byte) & (ALNUM | DASH) != 0;
    let ends_sentence = separator == b'.' && !is_alnum(bytes, i + 1);
    let whole = !joined(before(bytes, start)) && (!joined(at(bytes, i)) || ends_sentence);
    let real = !matches!(digits.as_str(), "00:00:00:00:00:00" | "ff:ff:ff:ff:ff:ff");
    // `2024.1231.2359` is a date, not a card.
    let lettered = separator == b':' || digits.bytes().any(|byte| byte.is_ascii_lowercase());
    (whole && real && lettered).then_some((digits, i))
}
