//! Where the path, query and fragment of a URL end in running text, and what they are.

use super::bytes::{PLAIN, at, char_at, is_alnum, is_combining, is_invisible, run, starts_with};
use super::separator::Slashes;
use super::{columns, refang};

/// How the URL stands in the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setting {
    /// The byte before the URL.
    pub before: u8,
    /// Fields are separated by commas here.
    pub fields: bool,
    /// How slashes are written.
    pub slashes: Slashes,
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
    let mut columns = Columns::default();
    // How many escaped brackets wait for the escaped one that closes them.
    let mut escaped = 0_usize;
    loop {
        let i = tail.end;
        if columns.begin(text, start, i) {
            break;
        }
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
            Step::Replace(Some(')' | ']' | '}'), end, false) if end == i + 2 && escaped == 0 => break,
            Step::Replace(c, end, defanged) => {
                if end == i + 2 && !defanged {
                    escaped += usize::from(matches!(c, Some('(' | '[' | '{')));
                    escaped -= usize::from(matches!(c, Some(')' | ']' | '}')));
                }
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
    if let Some((close, value, end)) = open.first()
        && begins_remark(bytes, *close, tail.value.get(*value..).unwrap_or_default(), tail.end)
    {
        tail.value.truncate(*value);
        tail.end = *end;
    }
    trim(&mut tail, bytes, start, setting.before);
    tail
}

/// Whether a bracket that nothing in the tail closes begins a remark, `x(see below)`: it is closed later on the line, or holds
/// nothing. A path that goes on in it is a path. `rest` is the tail from the bracket on, which ends at `end`.
fn begins_remark(bytes: &[u8], close: u8, rest: &str, end: usize) -> bool {
    let line = bytes.get(end..bytes.len().min(end + 200)).unwrap_or_default();
    let closed = memchr::memchr2(close, b'\n', line).is_some_and(|place| at(line, place) == close);
    rest.len() < 2 || closed && !rest.contains(['/', '?', '='])
}

/// Whether commas and semicolons part columns, each asked once.
#[derive(Default)]
struct Columns {
    commas: Option<bool>,
    semicolons: Option<bool>,
}

impl Columns {
    /// Whether the next column begins at `i` of the tail from `start`.
    fn begin(&mut self, text: &str, start: usize, i: usize) -> bool {
        let known = match at(text.as_bytes(), i) {
            b',' => &mut self.commas,
            b';' => &mut self.semicolons,
            _ => return false,
        };
        *known.get_or_insert_with(|| columns::part(text, start, i))
    }
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
            None if columns::begins_url(bytes, i + 1) => Step::Stop,
            None => Step::Open(if open == b'(' { b')' } else { open + 2 }),
        },
        close @ (b']' | b')' | b'}') => Step::Close(close),
        b'\\' => backslash(bytes, i, setting),
        b'&' if is_markup(bytes, i) => Step::Stop,
        b'&' if starts_with(bytes, i, b"&amp;") => Step::Replace(Some('&'), i + 5, false),
        b',' | b';' if ends_field(bytes, i, setting) => Step::Stop,
        b'\'' if setting.before == b'\'' => Step::Stop,
        0..=b' ' | b'"' | b'<' | b'>' | b'`' | b'|' | b'^' | 0x7f => Step::Stop,
        0x80..=0xff => wide(text, i),
        _ => Step::Keep(run(bytes, i + 1, PLAIN) - i),
    }
}

/// A backslash defangs a dot, escapes a sign of Markdown or of JSON, or stands for a slash.
fn backslash(bytes: &[u8], i: usize, setting: Setting) -> Step {
    let next = at(bytes, i + 1);
    if setting.slashes == Slashes::Back {
        return Step::Replace(Some('/'), i + 1, false);
    }
    match next {
        b'[' | b'(' | b'{' => match refang::in_path(bytes, i) {
            Some((c, end)) => Step::Replace(Some(c), end, true),
            None => Step::Replace(Some(char::from(next)), i + 2, false),
        },
        b'.' => Step::Replace(Some('.'), i + 2, true),
        b'/' if setting.slashes == Slashes::Escaped => Step::Replace(Some('/'), i + 2, false),
        b')' | b']' | b'}' | b'_' | b'-' | b'#' | b'*' | b'~' | b'+' | b'=' | b'&' | b'!' | b'@' | b':' | b'$'
        | b'%' => Step::Replace(Some(char::from(next)), i + 2, false),
        _ => Step::Stop,
    }
}

/// A character beyond ASCII.
fn wide(text: &str, i: usize) -> Step {
    let Some(c) = char_at(text, i) else {
        return Step::Stop;
    };
    let length = c.len_utf8();
    if is_invisible(c) {
        return Step::Replace(None, i + length, false);
    }
    let letter = c.is_alphanumeric() || is_combining(c) || matches!(c, '\u{b7}' | '\u{2010}'..='\u{2013}' | '\u{30fb}');
    if letter && !ends_url(c) || !ends_url(c) && goes_on(text, i) {
        return Step::Keep(length);
    }
    Step::Stop
}

/// Whether the path goes on behind the pictures and signs at `i`; at its end they belong to the sentence.
fn goes_on(text: &str, i: usize) -> bool {
    let rest = text.get(i..text.floor_char_boundary(i + 64)).unwrap_or_default();
    let after = rest.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric() && !ends_url(c));
    let bytes = after.as_bytes();
    matches!(at(bytes, 0), b'/' | b'&' | b'=' | b'%' | b'-' | b'_') || at(bytes, 0) == b'.' && is_alnum(bytes, 1)
}

fn is_markup(bytes: &[u8], i: usize) -> bool {
    const ENTITIES: [&[u8]; 6] = [b"&lt;", b"&gt;", b"&quot;", b"&nbsp;", b"&#39;", b"&apos;"];
    ENTITIES.iter().any(|entity| starts_with(bytes, i, entity))
}

fn ends_field(bytes: &[u8], i: usize, setting: Setting) -> bool {
    setting.fields || setting.before == at(bytes, i) || columns::begins_url(bytes, i + 1)
}

/// Characters that part, close or quote, in any script. Letters and pictures do not end a URL by themselves.
fn ends_url(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '«' | '»' | '¦' | '\u{fffc}' | '\u{fffd}')
        // Marks of direction around a word, arrows, lines and blocks of tables, geometric bullets.
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}')
        // Brackets of mathematics and of dingbats, arrows among dingbats.
        || matches!(c, '\u{2045}' | '\u{2046}' | '\u{207d}' | '\u{207e}' | '\u{2329}' | '\u{232a}' | '\u{2768}'..='\u{2775}' | '\u{2794}'..='\u{27be}')
        || matches!(c, '\u{27e6}'..='\u{27ef}' | '\u{2983}'..='\u{2998}' | '\u{29d8}'..='\u{29db}' | '\u{29fc}' | '\u{29fd}' | '\u{2e22}'..='\u{2e29}')
        // Long dashes, quotation marks, bullet, ellipsis, angle quotes, doubled marks.
        || matches!(c, '\u{2014}' | '\u{2015}' | '\u{2018}'..='\u{201f}' | '\u{2022}' | '…' | '‹'..='\u{203d}' | '\u{2047}'..='\u{2049}')
        // East Asian: brackets, full-width and half-width marks.
        || matches!(c, '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{303f}' | '\u{fe50}'..='\u{fe5e}')
        || matches!(c, '\u{ff01}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0c}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}' | '\u{ff3b}' | '\u{ff3d}' | '\u{ff5b}'..='\u{ff64}' | '\u{fd3e}' | '\u{fd3f}')
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
