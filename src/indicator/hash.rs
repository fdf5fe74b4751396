//! Hashes: which hexadecimal word is one, what the words around it make of it, and the file name beside it.

use super::bytes::{ALNUM, DASH, Words, at, before, class, is_alnum, line_before};
use super::split_hash::{self, Whole};
use super::{Doubt, Kind, bare};

/// Digests of nothing.
const EMPTY: [&str; 6] = [
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
];

/// What stands before hexadecimal words that are no digests of files.
const NO_SAMPLE: Words<11> = Words::new([
    b"fingerprint",
    b"thumbprint",
    b"ja3",
    b"rich hash",
    b"boundary=",
    b"message-id",
    b"key id",
    b"keyid",
    b"pgp",
    b"gpg",
    b"x-mailer",
]);

/// What says that a number of many digits is a hash.
const CALLED_HASH: Words<3> = Words::new([b"md5", b"sha", b"hash"]);

/// What people call the hash of a program's imports.
const IMPORTS: [&[u8]; 11] = [
    b"imphash",
    b"imp hash",
    b"imp-hash",
    b"imp_hash",
    b"import hash",
    b"import-hash",
    b"import_hash",
    b"importhash",
    b"imports hash",
    b"import table hash",
    b"hash of imports",
];

/// What a word of this many hexadecimal digits is.
fn kind(length: usize) -> Option<Kind> {
    Some(match length {
        32 => Kind::Md5,
        40 => Kind::Sha1,
        56 => Kind::Sha224,
        64 => Kind::Sha256,
        96 => Kind::Sha384,
        128 => Kind::Sha512,
        _ => return None,
    })
}

/// A hash in the text.
#[derive(Debug)]
pub struct Hash {
    /// Its kind, or that of a name and hash.
    pub kind: Kind,
    /// Lower-case, or `name|hash`.
    pub value: String,
    /// Past its last byte: beyond the word when the hash goes on in the next line or cell.
    pub end: usize,
    /// Set for the digest of nothing, and for what is no whole digest.
    pub doubt: Option<Doubt>,
    /// How many digits it has, when it was in pieces.
    pub split: Option<usize>,
}

/// Names the hexadecimal word from `start` to `end`; `above` is for [`split_hash::whole`].
pub fn read(text: &str, start: usize, end: usize, above: Option<usize>) -> Option<Hash> {
    let bytes = text.as_bytes();
    let lead = line_before(bytes, start, 48);
    let word_end = end;
    let (value, end, cut) = match split_hash::whole(text, start, end, above) {
        Whole::Joined(value, end) => (value, end, false),
        other => (text.get(start..end)?.to_ascii_lowercase(), end, other == Whole::Cut),
    };
    let mut kind = kind(value.len())?;
    let split = (end > word_end).then_some(value.len());
    if !stands_alone(bytes, start, end) || NO_SAMPLE.are_in(lead) {
        return None;
    }
    // A number of that many digits, unless its line says that it is a hash.
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !is_called_hash(lead) && !is_trivial(&value) {
        return None;
    }
    if kind == Kind::Sha1 && ends_with_word(lead, b"commit") {
        return Some(Hash {
            kind,
            value,
            end,
            doubt: Some(Doubt::SourceCode),
            split,
        });
    }
    let doubt = match is_trivial(&value) {
        _ if cut => Some(Doubt::NotWhole),
        true => Some(Doubt::TrivialHash),
        false => None,
    };
    if kind == Kind::Md5 && last_label(split_hash::lead(bytes, start)) {
        kind = Kind::Imphash;
    }
    let named = match kind {
        Kind::Md5 => Some(Kind::FilenameMd5),
        Kind::Sha1 => Some(Kind::FilenameSha1),
        Kind::Sha256 => Some(Kind::FilenameSha256),
        Kind::Sha512 => Some(Kind::FilenameSha512),
        _ => None,
    };
    if let Some((named, name)) = named.and_then(|named| Some((named, file_beside(text, start, end)?))) {
        let value = format!("{name}|{value}");
        return Some(Hash {
            kind: named,
            value,
            end,
            doubt,
            split,
        });
    }
    Some(Hash {
        kind,
        value,
        end,
        doubt,
        split,
    })
}

/// Whether the words before say that it is a hash.
fn is_called_hash(lead: &[u8]) -> bool {
    CALLED_HASH.are_in(lead)
}

/// A digest of nothing, or one character repeated.
fn is_trivial(value: &str) -> bool {
    let first = value.bytes().next();
    value.bytes().all(|byte| Some(byte) == first) || EMPTY.contains(&value)
}

/// Not part of a boundary, a UUID-like name, a Message-ID or a host.
fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let led = match before(bytes, start) {
        b'-' => start < 2 || matches!(at(bytes, start - 2), b' ' | b'\n' | b'\t'),
        b'_' | b'+' | b'%' | b'$' => false,
        _ => true,
    };
    let followed = match at(bytes, end) {
        b'-' | b'_' => class(at(bytes, end + 1)) & (ALNUM | DASH) != 0,
        b'@' | b'+' => true,
        b'=' => at(bytes, end + 1) == b'=',
        _ => false,
    };
    led && !followed
}

fn ends_with_word(lead: &[u8], word: &[u8]) -> bool {
    let trimmed = lead.trim_ascii_end();
    let from = trimmed.len().saturating_sub(word.len());
    trimmed.get(from..).is_some_and(|tail| tail.eq_ignore_ascii_case(word))
}

/// Whether the last label before the word is one of the hash of imports.
fn last_label(lead: &[u8]) -> bool {
    const IMPORT: Words<1> = Words::new([b"imp"]);
    if !IMPORT.are_in(lead) {
        return false;
    }
    let position = |word: &[u8]| {
        lead.windows(word.len())
            .rposition(|window| window.eq_ignore_ascii_case(word))
    };
    let Some(imports) = IMPORTS.iter().filter_map(|word| position(word)).max() else {
        return false;
    };
    [&b"md5"[..], b"sha1", b"sha256"]
        .iter()
        .all(|other| position(other).is_none_or(|place| place < imports))
}

/// Words that may stand between a file name and its hash.
const LABELS: [&str; 17] = [
    "md5",
    "sha1",
    "sha-1",
    "sha256",
    "sha-256",
    "hash",
    "file",
    "filename",
    "name",
    "md5sum",
    "sha1sum",
    "sha256sum",
    "sha512",
    "sha-512",
    "sha512sum",
    "is",
    "of",
];

/// The one file name that stands directly beside the hash on its line, when the line has no other hash.
fn file_beside(text: &str, start: usize, end: usize) -> Option<String> {
    const REACH: usize = 200;
    let bytes = text.as_bytes();
    let head_length = line_before(bytes, start, REACH).len();
    let tail = bytes.get(end..bytes.len().min(end + REACH))?;
    let tail_length = memchr::memchr(b'\n', tail).unwrap_or(tail.len());
    let head = text.get(text.ceil_char_boundary(start - head_length)..start)?;
    let tail = text.get(end..text.floor_char_boundary(end + tail_length))?;
    if head_length == REACH || tail_length == REACH || has_hash(head) || has_hash(tail) {
        return None;
    }
    match (nearest(head.rsplit(is_separator)), nearest(tail.split(is_separator))) {
        (Some(name), None) | (None, Some(name)) => Some(name.to_owned()),
        _ => None,
    }
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | ',' | ';' | '|' | '"' | '\'' | '(' | ')' | '[' | ']' | '<' | '>' | '=' | '*' | '`' | ':'
    )
}

fn nearest<'t>(tokens: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let is_filler = |token: &&str| {
        token.is_empty()
            || *token == "-"
            || *token == "–"
            || LABELS.iter().any(|label| label.eq_ignore_ascii_case(token))
    };
    let mut tokens = tokens;
    let token = tokens.find(|token| !is_filler(token))?;
    let name = token.rsplit(['/', '\\']).next()?.trim_end_matches('.');
    // `evil.com/a.exe` is a URL, though nobody wrote its scheme.
    if token
        .split_once('/')
        .is_some_and(|(host, _)| bare::in_list(host) == Some(true))
    {
        return None;
    }
    (bare::is_file_name(name) && !token.contains("//") && !name.contains("..")).then_some(name)
}

fn has_hash(part: &str) -> bool {
    part.as_bytes()
        .split(|byte| !byte.is_ascii_hexdigit())
        .any(|word| word.len() >= 32)
}

/// An ssdeep digest at `start`, where digits end in a colon at `colon`: its end.
pub fn ssdeep_end(bytes: &[u8], start: usize, colon: usize) -> Option<usize> {
    let digits = bytes.get(start..colon).filter(|digits| digits.len() <= 10)?;
    let size = digits
        .iter()
        .fold(0_u64, |sum, digit| sum * 10 + u64::from(digit.wrapping_sub(b'0')));
    if size < 3 || size % 3 != 0 || !(size / 3).is_power_of_two() {
        return None;
    }
    let part_end = |start: usize| {
        let mut end = start;
        while end <= start + 64 && (is_alnum(bytes, end) || matches!(at(bytes, end), b'/' | b'+')) {
            end += 1;
        }
        end
    };
    let middle = part_end(colon + 1);
    let end = part_end(middle + 1);
    let first = bytes.get(colon + 1..middle)?;
    let mixed = first.iter().any(u8::is_ascii_uppercase) && first.iter().any(u8::is_ascii_lowercase);
    let lengths = (6..=64).contains(&first.len()) && (3..=64).contains(&(end.checked_sub(middle + 1)?));
    (at(bytes, middle) == b':' && mixed && lengths && !matches!(at(bytes, end), b':' | b'=')).then_some(end)
}
