//! Hashes that were broken over lines or cells, and hashes that were cut off. The words before a hash say how long it is.

use super::bytes::{DIGIT, HEX, at, class, is_alnum, line_before, run, skip_blanks};

/// Names of hashes as they stand before one, in lower case without signs, and how many digits such a hash has.
const NAMES: [(&[u8], usize); 6] = [
    (b"md5", 32),
    (b"sha1", 40),
    (b"sha224", 56),
    (b"sha256", 64),
    (b"sha384", 96),
    (b"sha512", 128),
];
/// Longest hash.
const LONGEST: usize = 128;
/// Most pieces that a hash is looked for in.
const PIECES: usize = 8;

/// What a word of hexadecimal digits is a piece of.
#[derive(Debug, PartialEq, Eq)]
pub enum Whole {
    /// Nothing else.
    Itself,
    /// A hash that goes on: its digits in lower case, and where it ends.
    Joined(String, usize),
    /// A hash whose rest is not there.
    Cut,
}

/// Looks at what stands around the hexadecimal word from `start` to `end`.
pub fn whole(text: &str, start: usize, end: usize) -> Whole {
    let bytes = text.as_bytes();
    let length = end - start;
    if length >= LONGEST {
        return Whole::Itself;
    }
    let claimed = claimed(bytes, start);
    if is_cut(text, end) {
        return if claimed.is_some_and(|claimed| claimed > length) {
            Whole::Cut
        } else {
            Whole::Itself
        };
    }
    let joined = match claimed {
        Some(claimed) if claimed > length => pieces(bytes, start, end, claimed),
        Some(_) => None,
        None => two_lines(bytes, start, end),
    };
    let digits = |end: usize| {
        text.get(start..end)
            .unwrap_or_default()
            .bytes()
            .filter(u8::is_ascii_hexdigit)
    };
    match joined {
        Some(end) => Whole::Joined(
            digits(end).map(|byte| char::from(byte.to_ascii_lowercase())).collect(),
            end,
        ),
        None => Whole::Itself,
    }
}

fn is_cut(text: &str, end: usize) -> bool {
    text.get(end..)
        .is_some_and(|rest| rest.starts_with("...") || rest.starts_with('\u{2026}'))
}

/// How long the hash at `start` is by the one name directly before it, on its line or alone on the line above.
fn claimed(bytes: &[u8], start: usize) -> Option<usize> {
    let lead = line_before(bytes, start, 48);
    if let Some(claimed) = named(lead) {
        return Some(claimed);
    }
    let empty = lead.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'|' | b'>'));
    let above = start.checked_sub(lead.len() + 1).filter(|_| empty)?;
    named(line_before(bytes, above, 48).trim_ascii_end())
}

/// The length of the one hash that is named, when nothing but a few words of the kind «hash:» stand behind its name.
fn named(lead: &[u8]) -> Option<usize> {
    let mut plain = [0_u8; 48];
    let mut length = 0;
    let letters = lead.iter().filter(|byte| byte.is_ascii_alphanumeric());
    for (place, byte) in plain.iter_mut().zip(letters) {
        *place = byte.to_ascii_lowercase();
        length += 1;
    }
    let plain = plain.get(..length)?;
    let mut found = None;
    for (name, digits) in NAMES {
        let Some(at) = plain.windows(name.len()).rposition(|window| window == name) else {
            continue;
        };
        let behind = plain.get(at + name.len()..)?;
        if found.is_some()
            || !matches!(
                behind,
                b"" | b"hash" | b"sum" | b"digest" | b"value" | b"checksum" | b"hashvalue"
            )
        {
            return None;
        }
        found = Some(digits);
    }
    found
}

/// The end of the last piece when all of them together have `claimed` digits.
fn pieces(bytes: &[u8], start: usize, end: usize, claimed: usize) -> Option<usize> {
    let (mut total, mut end) = (end - start, end);
    for _ in 1..PIECES {
        let next = next_piece(bytes, end)?;
        let past = run(bytes, next, DIGIT | HEX);
        total += past - next;
        end = past;
        if total >= claimed {
            break;
        }
    }
    (total == claimed && stands_free(bytes, end)).then_some(end)
}

/// Without a name: a word that goes on in one alone on the next line, where the two make a hash, and the second is none.
fn two_lines(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    let is_hash = |length: usize| NAMES.iter().any(|(_, digits)| *digits == length);
    let next = next_piece(bytes, end)?;
    let past = run(bytes, next, DIGIT | HEX);
    let alone = matches!(at(bytes, past), 0 | b'\n' | b'\r');
    let broken = bytes.get(end..next)?.contains(&b'\n') && alone && past - next >= 8;
    (broken && is_hash(past - start - (next - end)) && !is_hash(past - next)).then_some(past)
}

/// Where hexadecimal digits go on behind a line end, blanks, or the border of a cell.
fn next_piece(bytes: &[u8], end: usize) -> Option<usize> {
    let mut i = skip_blanks(bytes, end, 4);
    let mut lines = 0;
    while i < end + 16 {
        match at(bytes, i) {
            b'\n' if lines == 0 => lines = 1,
            b'\r' | b' ' | b'\t' | b'|' => {}
            b'>' if lines == 1 => {}
            _ => break,
        }
        i += 1;
    }
    (i > end && class(at(bytes, i)) & (DIGIT | HEX) != 0).then_some(i)
}

fn stands_free(bytes: &[u8], end: usize) -> bool {
    match at(bytes, end) {
        b'-' | b'_' | b'@' => false,
        b'.' => !is_alnum(bytes, end + 1),
        _ => !is_alnum(bytes, end),
    }
}
