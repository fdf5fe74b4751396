//! Codes that hold a text or a file: base64, hexadecimal digits, percent codes, numbers of characters.

use super::Made;
use crate::domain::coding::{self, percent, unhex};
use crate::file;

/// Shorter stretches outside of a text of the program are words.
const LONG: usize = 40;
/// Shorter texts are names and numbers.
const SHORT: usize = 16;

/// Base64 in either alphabet, with or without line ends and padding.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=');
    let letters: Vec<u8> = letters
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    coding::base64(letters)
}

/// `%u0068` as the character, for the percent codes to be undone after it.
pub(super) fn wide_percent(text: &str) -> String {
    if !text.contains("%u") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split("%u");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if let Some(c) = digits.and_then(char::from_u32) {
            out.push(c);
            out.push_str(piece.get(4..).unwrap_or_default());
        } else {
            out.push_str("%u");
            out.push_str(piece);
        }
    }
    out
}

/// A text in UTF-16, told by where the zeros are.
pub fn wide(bytes: &[u8]) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let zeros = |index: usize| {
        pairs
            .iter()
            .take(256)
            .filter(|pair| pair.get(index) == Some(&0))
            .count()
    };
    let seen = pairs.len().min(256);
    let is_mostly = |zeros: usize| seen >= 2 && zeros * 10 >= seen * 7;
    let units: Vec<u16> = if is_mostly(zeros(1)) {
        pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect()
    } else if is_mostly(zeros(0)) {
        pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect()
    } else {
        return None;
    };
    let text = String::from_utf16(&units).ok()?;
    is_shown(&text).then_some(text)
}

/// Has no character that no text has.
fn is_shown(text: &str) -> bool {
    let shown = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}');
    text.chars().all(shown)
}

/// Hands over what the bytes are, if they are something.
pub(super) fn of_bytes(bytes: &[u8], made: &mut Vec<Made>) {
    if bytes.len() < 4 {
        return;
    }
    if let Some(plain) = without_key(bytes) {
        of_plain(&plain, made);
    } else if let Some(text) = wide(bytes) {
        made.push(Made::Text(text));
    } else {
        of_plain(bytes, made);
    }
}

fn of_plain(bytes: &[u8], made: &mut Vec<Made>) {
    match std::str::from_utf8(bytes).ok().filter(|text| is_shown(text)) {
        Some(text) => made.push(Made::Text(text.to_owned())),
        None if is_file(bytes) => made.push(Made::Bytes(bytes.to_vec())),
        None => {}
    }
}

/// Known by its first bytes. Signatures of two letters fit by chance.
fn is_file(bytes: &[u8]) -> bool {
    let kind = file::mimetype(bytes, None);
    let by_chance = matches!(
        &*kind,
        "application/x-dosexec" | "application/x-arj" | "application/x-lzh-compressed"
    );
    bytes.len() >= 16 && kind != file::UNKNOWN_TYPE && !kind.starts_with("text/plain") && !by_chance
}

/// How files and addresses begin that hide behind a key of one byte.
const BEGINNINGS: [&[u8]; 6] = [b"http", b"<htm", b"<!DO", b"<scr", b"PK\x03\x04", b"%PDF"];

/// The bytes without a key of one byte that was added to or mixed into each.
fn without_key(bytes: &[u8]) -> Option<Vec<u8>> {
    let head = bytes.get(..4)?;
    let first = *head.first()?;
    BEGINNINGS.iter().find_map(|beginning| {
        let wanted = *beginning.first()?;
        let mixed = first ^ wanted;
        let added = first.wrapping_sub(wanted);
        if mixed == 0 {
            return None;
        }
        if head.iter().map(|byte| byte ^ mixed).eq(beginning.iter().copied()) {
            return Some(bytes.iter().map(|byte| byte ^ mixed).collect());
        }
        let fits = head
            .iter()
            .map(|byte| byte.wrapping_sub(added))
            .eq(beginning.iter().copied());
        fits.then(|| bytes.iter().map(|byte| byte.wrapping_sub(added)).collect())
    })
}

/// Numbers that may be the characters of a text, or the bytes of a file.
pub(super) fn of_numbers(numbers: impl Iterator<Item = i64>, made: &mut Vec<Made>) {
    let bytes: Option<Vec<u8>> = numbers.map(|number| u8::try_from(number).ok()).collect();
    if let Some(bytes) = bytes {
        of_bytes(&bytes, made);
    }
}

/// Hands over what a text of the program is in code, if it is.
pub(super) fn of_text(text: &str, made: &mut Vec<Made>) {
    let text = text.trim();
    if text.len() < SHORT {
        return;
    }
    if text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && let Some(bytes) = unhex(text)
    {
        of_bytes(&bytes, made);
    }
    if text
        .bytes()
        .all(|byte| is_letter(byte) || byte == b'=' || byte.is_ascii_whitespace())
    {
        if let Some(bytes) = base64(text) {
            of_bytes(&bytes, made);
        }
        // Backwards, padding comes first; without, the start of an address or a page shows it.
        let backwards: String = text.chars().rev().collect();
        let begins = ["aHR0c", "PCFET", "PGh0b", "PHNjc", "UEsDB", "JVBER", "TVqQA"];
        let is_backwards = text.starts_with('=') || begins.iter().any(|start| backwards.starts_with(start));
        if let Some(bytes) = base64(&backwards).filter(|_| is_backwards) {
            of_bytes(&bytes, made);
        }
    }
    if text.ends_with("ptth") || text.contains("//:sptth") || text.contains("//:ptth") {
        made.push(Made::Text(text.chars().rev().collect()));
    }
    let is_address = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"));
    if text.matches('%').take(3).count() == 3 && !is_address {
        let plain = percent(wide_percent(text).as_bytes());
        if let Ok(plain) = String::from_utf8(plain)
            && plain.len() < text.len()
            && is_shown(&plain)
        {
            made.push(Made::Text(plain));
        }
    }
}

/// Hands over what stands in base64 anywhere in a text, also in many lines.
pub(super) fn in_text(text: &str, made: &mut Vec<Made>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_letter(*byte)).unwrap_or(rest.len());
        let end = at + length + below(bytes.get(at + length..).unwrap_or_default(), length);
        if end - at >= LONG {
            of_text(text.get(at..end).unwrap_or_default(), made);
        }
        at = end.max(at + 1);
    }
}

/// How many bytes go on a stretch of so many letters in the lines below it, of which only the last may be shorter.
fn below(bytes: &[u8], length: usize) -> usize {
    let mut end = 0;
    if length < LONG || !length.is_multiple_of(4) {
        return 0;
    }
    loop {
        let line_end = match bytes.get(end..end + 2) {
            Some(b"\r\n") => 2,
            Some([b'\n', _]) => 1,
            _ => return end,
        };
        let next = bytes.get(end + line_end..).unwrap_or_default();
        let line = next.iter().position(|byte| !is_letter(*byte)).unwrap_or(next.len());
        if line == 0 || line > length {
            return end;
        }
        end += line_end + line;
        if line < length {
            return end;
        }
    }
}

/// A letter of base64, in either alphabet.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}
