//! Where the path, query and fragment of a URL end in running text, and what they are.

use super::bytes::{at, char_at, is_invisible, starts_with};
use super::refang;

/// Schemes that begin a second URL glued to the first with a comma.
const GLUED: [&[u8]; 5] = [b"http://", b"https://", b"hxxp", b"ftp://", b"http[:"];

/// How the URL stands in the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setting {
    /// The byte before the URL.
    pub before: u8,
    /// Fields are separated by commas here.
    pub fields: bool,
    /// Slashes are escaped, `\/`.
    pub escaped: bool,
    /// The text is the URL and nothing else.
    pub exact: bool,
}

/// A tail: as the author meant it, and where it ends in the text.
#[derive(Debug)]
pub struct Tail {
    /// Refanged.
    pub value: String,
    /// Past its last byte in the text.
    pub end: usize,
    /// A mark in it was defanged.
    pub defanged: bool,
}

/// Reads from `start`, where a `/`, `?` or `#` in some form stands.
pub fn read(text: &str, start: usize, setting: Setting) -> Tail {
    let mut tail = Tail {
        value: String::new(),
        end: start,
        defanged: false,
    };
    if setting.exact {
        tail.value.push_str(text.get(start..).unwrap_or_default());
        tail.end = text.len();
        return tail;
    }
    let bytes = text.as_bytes();
    // Open brackets: the byte that closes each, and where value and text ended before it.
    let mut open: Vec<(u8, usize, usize)> = Vec::new();
    let mut plain = start;
    loop {
        let i = tail.end;
        match step(text, i, setting) {
            Step::Keep(length) => tail.end += length,
            Step::Open(close) if open.len() < 32 => {
                open.push((close, tail.value.len() + (i - plain), i));
                tail.end += 1;
            }
            Step::Close(close) if open.last().is_some_and(|last| last.0 == close) => {
                open.pop();
                tail.end += 1;
            }
            Step::Replace(c, end, defanged) => {
                tail.value.push_str(text.get(plain..i).unwrap_or_default());
                tail.value.extend(c);
                tail.defanged |= defanged;
                tail.end = end;
                plain = end;
            }
            _ => break,
        }
    }
    tail.value.push_str(text.get(plain..tail.end).unwrap_or_default());
    if let Some((_, value, end)) = open.first() {
        tail.value.truncate(*value);
        tail.end = *end;
    }
    trim(&mut tail, bytes, start, setting.before);
    tail
}

/// What the byte or character at a place does to the tail.
enum Step {
    /// So many bytes belong to it as they stand.
    Keep(usize),
    /// Something else is meant (or nothing), up to there; whether it is a defanged mark.
    Replace(Option<char>, usize, bool),
    /// A bracket opens, which this byte closes.
    Open(u8),
    /// This bracket closes.
    Close(u8),
    /// The tail has ended.
    Stop,
}

fn step(text: &str, i: usize, setting: Setting) -> Step {
    let bytes = text.as_bytes();
    match at(bytes, i) {
        open @ (b'[' | b'(' | b'{') => match refang::in_path(bytes, i) {
            Some((c, end)) => Step::Replace(Some(c), end, true),
            None if begins_url(bytes, i + 1) => Step::Stop,
            None => Step::Open(if open == b'(' { b')' } else { open + 2 }),
        },
        close @ (b']' | b')' | b'}') => Step::Close(close),
        b'\\' if at(bytes, i + 1) == b'.' => Step::Replace(Some('.'), i + 2, true),
        b'\\' if setting.escaped && at(bytes, i + 1) == b'/' => Step::Replace(Some('/'), i + 2, false),
        b'&' if is_markup(bytes, i) => Step::Stop,
        b'&' if starts_with(bytes, i, b"&amp;") => Step::Replace(Some('&'), i + 5, false),
        b',' | b';' if ends_field(bytes, i, setting) => Step::Stop,
        b'\'' if setting.before == b'\'' => Step::Stop,
        0..=b' ' | b'"' | b'<' | b'>' | b'`' | b'|' | b'\\' | b'^' | 0x7f => Step::Stop,
        0x80..=0xff => match char_at(text, i) {
            Some(c) if is_invisible(c) => Step::Replace(None, i + c.len_utf8(), false),
            Some(c) if !ends_url(c) => Step::Keep(c.len_utf8()),
            _ => Step::Stop,
        },
        _ => Step::Keep(1),
    }
}

fn begins_url(bytes: &[u8], i: usize) -> bool {
    GLUED.iter().any(|scheme| starts_with(bytes, i, scheme))
}

fn is_markup(bytes: &[u8], i: usize) -> bool {
    const ENTITIES: [&[u8]; 6] = [b"&lt;", b"&gt;", b"&quot;", b"&nbsp;", b"&#39;", b"&apos;"];
    ENTITIES.iter().any(|entity| starts_with(bytes, i, entity))
}

fn ends_field(bytes: &[u8], i: usize, setting: Setting) -> bool {
    setting.fields || setting.before == at(bytes, i) || begins_url(bytes, i + 1)
}

fn ends_url(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '«' | '»' | '\u{fffc}' | '\u{fffd}')
        // Long dashes, quotation marks, bullet, ellipsis, angle quotes, doubled marks.
        || matches!(c, '\u{2014}' | '\u{2015}' | '\u{2018}'..='\u{201f}' | '\u{2022}' | '…' | '‹'..='\u{203d}' | '\u{2047}'..='\u{2049}')
        // East Asian: brackets, full-width and half-width marks.
        || matches!(c, '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{303f}' | '\u{fe50}'..='\u{fe5e}')
        || matches!(c, '\u{ff01}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0c}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}' | '\u{ff61}'..='\u{ff64}')
        || ends_sentence(c)
}

/// Comma, semicolon, question mark and full stop of the scripts that have their own.
fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '\u{37e}' | '\u{387}' // Greek
            | '\u{55b}'..='\u{55e}' | '\u{589}' // Armenian
            | '\u{5c3}' // Hebrew
            | '\u{60c}' | '\u{61b}' | '\u{61e}' | '\u{61f}' | '\u{6d4}' // Arabic, Urdu
            | '\u{964}' | '\u{965}' // Devanagari and its sisters
            | '\u{f0d}' | '\u{f0e}' // Tibetan
            | '\u{104a}' | '\u{104b}' // Burmese
            | '\u{1361}'..='\u{1368}' // Ethiopic
            | '\u{17d4}'..='\u{17d6}' // Khmer
            | '\u{1802}' | '\u{1803}' // Mongolian
    )
}

/// Cuts the punctuation of the sentence around it.
fn trim(tail: &mut Tail, bytes: &[u8], start: usize, before: u8) {
    while tail.end > start {
        let last = at(bytes, tail.end - 1);
        let punctuation = matches!(last, b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*')
            || matches!(last, b'_' | b'~') && before == last
            || last == b'-' && at(bytes, tail.end) == b'>';
        if !punctuation || tail.value.as_bytes().last() != Some(&last) {
            return;
        }
        tail.value.pop();
        tail.end -= 1;
    }
}
