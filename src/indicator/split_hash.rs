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
/// Words between such a name and the hash.
const FILLERS: [&[u8]; 14] = [
    b"hashes",
    b"hash",
    b"sums",
    b"sum",
    b"digest",
    b"values",
    b"value",
    b"checksum",
    b"files",
    b"file",
    b"sample",
    b"ofthe",
    b"of",
    b"is",
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

/// Looks at what stands around the hexadecimal word from `start` to `end`. `above`: a hash of so many digits was in pieces
/// directly above, so that this one is as well.
pub fn whole(text: &str, start: usize, end: usize, above: Option<usize>) -> Whole {
    let bytes = text.as_bytes();
    let length = end - start;
    if length >= LONGEST {
        return Whole::Itself;
    }
    let claimed = above.or_else(|| named(lead(bytes, start)));
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
    let rest = text.get(end..).unwrap_or_default();
    ["...", "\u{2026}", "[...]", "[\u{2026}]"]
        .iter()
        .any(|dots| rest.starts_with(dots))
}

/// What stands before `start` on its line; where that is nothing, the line above, over one that is empty.
pub fn lead(bytes: &[u8], start: usize) -> &[u8] {
    let mut at = start;
    for _ in 0..3 {
        let lead = line_before(bytes, at, 48);
        let empty = lead
            .iter()
            .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'|' | b'>'));
        match at.checked_sub(lead.len() + 1) {
            Some(above) if empty => at = above,
            _ => return lead,
        }
    }
    &[]
}

/// The length of the one hash that is named, when nothing but a few words of the kind «hash of the file:» stand behind it.
fn named(lead: &[u8]) -> Option<usize> {
    // Each of the names has one.
    if !lead.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let letters: Vec<u8> = lead
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(u8::to_ascii_lowercase)
        .collect();
    let place = |name: &[u8]| {
        letters
            .windows(name.len())
            .rposition(|window| window == name)
            .map(|at| at + name.len())
    };
    let mut found = NAMES.iter().filter_map(|(name, digits)| Some((place(name)?, *digits)));
    let (end, digits) = found.next().filter(|_| found.next().is_none())?;
    let mut behind = letters.get(end..)?;
    while let Some(rest) = FILLERS.iter().find_map(|word| behind.strip_prefix(*word)) {
        behind = rest;
    }
    behind.is_empty().then_some(digits)
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
    let broken = bytes.get(end..next)?.contains(&b'\n') && past - next >= 8;
    let total = past - start - (next - end);
    // `…d863 (SHA256)`: the name may stand behind it.
    let named_behind = || {
        let rest = bytes.get(past..bytes.len().min(past + 12)).unwrap_or_default();
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        named(line) == Some(total)
    };
    (broken && is_hash(total) && (alone && !is_hash(past - next) || named_behind())).then_some(past)
}

/// Where hexadecimal digits go on behind a line end, blanks, or the border of a cell.
fn next_piece(bytes: &[u8], end: usize) -> Option<usize> {
    let mut i = skip_blanks(bytes, end, 4);
    let mut lines = 0;
    while i < end + 16 {
        let next = at(bytes, i + 1);
        match at(bytes, i) {
            b'\n' if lines == 0 => lines = 1,
            b'\r' | b' ' | b'\t' | b'|' => {}
            b'>' if lines == 1 => {}
            // A hyphen, a backslash or the sign of quoted-printable shows that the line goes on.
            b'-' | b'\\' | b'=' if lines == 0 && matches!(next, b'\n' | b'\r') => {}
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
