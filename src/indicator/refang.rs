//! The marks inside an address (dot, hyphen, colon, at, slash) in all the forms in which people defang or escape them, decided
//! at the place where they stand. Whether an address is there at all is for the families to say.

use super::bytes::{
    ALNUM, DASH, HIGH, at, before, char_at, class, is_alnum, is_invisible, is_symbol, run, skip_blanks,
};
use super::mark::{self, Spelled};

/// A mark that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Past its last byte.
    pub end: usize,
    /// Nobody writes it like this unless to defang.
    pub evident: bool,
}

impl Mark {
    fn plain(end: usize) -> Self {
        Self { end, evident: false }
    }

    fn evident(end: usize) -> Self {
        Self { end, evident: true }
    }
}

/// Whether a byte that ends most words begins a mark here, so that the word may go on.
#[inline(always)]
#[allow(clippy::inline_always)] // It is asked for each word of the text.
pub fn leads_on(bytes: &[u8], i: usize) -> bool {
    let second = at(bytes, i + 1);
    let third = || at(bytes, i + 2);
    match at(bytes, i) {
        b' ' => match second {
            b'[' | b'(' | b'{' | b'<' | b':' | b' ' | b'@' => true,
            b'A'..=b'Z' => third().is_ascii_uppercase(),
            _ => false,
        },
        b'<' => second != b'/',
        b']' | b')' | b'}' | b'>' => matches!((second, third()), (b'.', b'[' | b'(' | b'{') | (b':', b'/')),
        b'/' | b';' => second == b'/',
        _ => false,
    }
}

/// Whether what stands behind a label at `i` joins it to something: a dot, an `@`, what goes on with it.
pub fn joins(text: &str, i: usize) -> bool {
    let bytes = text.as_bytes();
    let picture = || class(at(bytes, i)) & HIGH != 0 && char_at(text, i).is_some_and(is_symbol);
    let joined = dot(text, i, false).is_some() || at_sign(bytes, i).is_some() || within_label(bytes, i).is_some();
    joined || picture() || is_broken_dot(bytes, i)
}

/// Whether a dot and a hyphen stand at `i`, `lager.-evil.com`: no name, but what follows is not all of it either.
pub fn is_broken_dot(bytes: &[u8], i: usize) -> bool {
    at(bytes, i) == b'.' && at(bytes, i + 1) == b'-' && is_alnum(bytes, i + 2)
}

/// The spelled mark at `i` that stands for `wanted`.
fn spelled(bytes: &[u8], i: usize, wanted: u8) -> Option<Spelled> {
    mark::spelled(bytes, i).filter(|found| found.mark == wanted)
}

/// A dot between two labels. `loose`: something before has shown that the text is defanged, so blanks may stand around.
/// A plain dot with a blank after it and none before ends a sentence, whatever stood before.
pub fn dot(text: &str, i: usize, loose: bool) -> Option<Mark> {
    let bytes = text.as_bytes();
    let mark = match at(bytes, i) {
        b'.' => dot_and_bracket(bytes, i),
        b'\\' if at(bytes, i + 1) == b'.' => Mark::evident(i + 2),
        b'[' | b'(' | b'{' | b'<' | b']' | b')' | b'}' | b'\\' => {
            let end = spelled(bytes, i, b'.')?.end;
            // `evil[.].com`
            Mark::evident(end + usize::from(at(bytes, end) == b'.' && is_alnum(bytes, end + 1)))
        }
        b' ' | b'\t' => Mark::evident(spaced_dot(bytes, i, loose)?),
        0xe2 | 0xe3 | 0xef => Mark::evident(wide_dot(text, i).or_else(|| Some(spelled(bytes, i, b'.')?.end))?),
        _ => return None,
    };
    let loose_end = if loose && mark.evident {
        skip_blanks(bytes, mark.end, 2)
    } else {
        mark.end
    };
    begins_label(text, loose_end).then_some(Mark { end: loose_end, ..mark })
}

/// A plain dot, perhaps with half a bracket or a whole mark after it: `evil.]com`, `evil.[.]com`.
fn dot_and_bracket(bytes: &[u8], i: usize) -> Mark {
    match at(bytes, i + 1) {
        b']' => Mark::evident(i + 2),
        b'[' => spelled(bytes, i + 1, b'.').map_or(Mark::plain(i + 1), |found| Mark::evident(found.end)),
        _ => Mark::plain(i + 1),
    }
}

/// Whether a plain dot after blanks stands at `i`, `evil . com`.
pub fn is_spaced_dot(bytes: &[u8], i: usize) -> bool {
    let dot = skip_blanks(bytes, i, 2);
    dot > i && at(bytes, dot) == b'.'
}

fn begins_label(text: &str, i: usize) -> bool {
    let bytes = text.as_bytes();
    match class(at(bytes, i)) {
        class if class & ALNUM != 0 => true,
        class if class & HIGH != 0 => {
            char_at(text, i).is_some_and(|c| c.is_alphanumeric() || is_invisible(c) || is_symbol(c))
        }
        _ => at(bytes, i) == b'_' && is_alnum(bytes, i + 1),
    }
}

/// What goes on with a label, though no label has it as it is written: a defanged or escaped hyphen or underscore.
pub fn within_label(bytes: &[u8], i: usize) -> Option<(char, Mark)> {
    let (c, mark) = match at(bytes, i) {
        b'\\' if matches!(at(bytes, i + 1), b'-' | b'_') => (at(bytes, i + 1), Mark::plain(i + 2)),
        b'[' | b'(' | b'{' | b'\\' => {
            let found = mark::spelled(bytes, i).filter(|found| matches!(found.mark, b'-' | b'_'))?;
            (found.mark, Mark::evident(found.end))
        }
        _ => return None,
    };
    let goes_on = class(at(bytes, mark.end)) & (ALNUM | HIGH) != 0 && class(before(bytes, i)) & (ALNUM | HIGH) != 0;
    goes_on.then_some((char::from(c), mark))
}

fn spaced_dot(bytes: &[u8], i: usize, loose: bool) -> Option<usize> {
    let inner = skip_blanks(bytes, i, 2);
    let end = match at(bytes, inner) {
        b'[' | b'(' | b'{' | b'<' | b'\\' => spaced_bracket(bytes, inner, loose)?,
        b'A'..=b'Z' => capital_dot(bytes, i, inner, loose)?,
        b'd' if loose && bytes.get(inner..inner + 4) == Some(b"dot ") => inner + 3,
        b'.' if loose => inner + 1,
        _ => return None,
    };
    Some(skip_blanks(bytes, end, 2))
}

/// Suffixes that are no word of prose.
const PLAIN_SUFFIXES: [&[u8]; 11] = [
    b"com", b"net", b"org", b"info", b"biz", b"xyz", b"top", b"ru", b"cn", b"eu", b"br",
];

fn is_plain_suffix(bytes: &[u8], i: usize) -> bool {
    bytes
        .get(i..run(bytes, i, ALNUM | DASH))
        .is_some_and(|label| PLAIN_SUFFIXES.contains(&label))
}

/// The end of a word in capitals that stands for a dot, between labels that are not in capitals.
fn capital_dot(bytes: &[u8], blank: usize, i: usize, loose: bool) -> Option<usize> {
    let (_, end) = mark::capitals(bytes, i).filter(|found| found.0 == b'.')?;
    let next = skip_blanks(bytes, end, 2);
    let told_apart = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    // «At this POINT in time»: other words than `DOT` stand for a dot only where nothing but a name can follow.
    let certain = loose || bytes.get(i..end) == Some(b"DOT") || is_plain_suffix(bytes, next);
    (certain && told_apart(before(bytes, blank)) && told_apart(at(bytes, next))).then_some(end)
}

/// A spelled dot with blanks around it.
fn spaced_bracket(bytes: &[u8], i: usize, loose: bool) -> Option<usize> {
    let found = spelled(bytes, i, b'.')?;
    // In prose other words than `dot` stand in round brackets, too.
    let remark = found.worded && found.opened == b'(' && at(bytes, i + 1) | 0x20 != b'd';
    if remark && !loose && !is_plain_suffix(bytes, skip_blanks(bytes, found.end, 2)) {
        return None;
    }
    // `at [.]evil[.]com`: the dot begins a name.
    let label = run(bytes, found.end, ALNUM | DASH);
    let begins_name = label > found.end
        && matches!(at(bytes, label), b'.' | b'[' | b'(' | b'{')
        && !at(bytes, label + 1).is_ascii_whitespace()
        && at(bytes, label + 1) != 0;
    (!begins_name).then_some(found.end)
}

/// Full-width and ideographic dots. The ideographic one also ends Chinese sentences: only before a Latin label.
fn wide_dot(text: &str, i: usize) -> Option<usize> {
    match char_at(text, i)? {
        c @ ('\u{ff0e}' | '\u{2024}') => Some(i + c.len_utf8()),
        c @ ('\u{3002}' | '\u{ff61}') => is_alnum(text.as_bytes(), i + c.len_utf8()).then_some(i + c.len_utf8()),
        _ => None,
    }
}

/// The `@` of an e-mail address or of user information.
pub fn at_sign(bytes: &[u8], i: usize) -> Option<Mark> {
    match at(bytes, i) {
        b'@' if at(bytes, i + 1) == b']' => Some(Mark::evident(i + 2)),
        b'@' => Some(Mark::plain(i + 1)),
        b'\\' if at(bytes, i + 1) == b'@' => Some(Mark::plain(i + 2)),
        b'[' | b'(' | b'{' | b'<' | b'\\' => spelled(bytes, i, b'@').map(|found| Mark::evident(found.end)),
        b' ' => spaced_at_sign(bytes, i),
        0xef if bytes.get(i..i + 3) == Some("\u{ff20}".as_bytes()) => Some(Mark::evident(i + 3)),
        0xe3 | 0xef => spelled(bytes, i, b'@').map(|found| Mark::evident(found.end)),
        _ => None,
    }
}

fn spaced_at_sign(bytes: &[u8], i: usize) -> Option<Mark> {
    let inner = skip_blanks(bytes, i, 2);
    let end = match at(bytes, inner) {
        b'@' if at(bytes, inner + 1) == b' ' => inner + 1,
        b'A'..=b'Z' => mark::capitals(bytes, inner).filter(|found| found.0 == b'@')?.1,
        _ => spelled(bytes, inner, b'@')?.end,
    };
    Some(Mark::evident(skip_blanks(bytes, end, 2)))
}

/// Whether the `@` that [`at_sign`] found at `i` is no more than a sign or a word between blanks, which prose has as well.
pub fn is_spaced_at(bytes: &[u8], i: usize) -> bool {
    let inner = skip_blanks(bytes, i, 2);
    inner > i && matches!(at(bytes, inner), b'@' | b'A'..=b'Z')
}

/// The colon before a port or inside an IPv6 address.
pub fn colon(bytes: &[u8], i: usize) -> Option<Mark> {
    match at(bytes, i) {
        b':' => Some(Mark::plain(i + 1)),
        b'\\' if at(bytes, i + 1) == b':' => Some(Mark::plain(i + 2)),
        b'[' | b'(' | b'{' | b'\\' => spelled(bytes, i, b':').map(|found| Mark::evident(found.end)),
        _ => None,
    }
}

/// The slash that begins a path, or the one before a prefix length.
pub fn slash(bytes: &[u8], i: usize) -> Option<Mark> {
    match at(bytes, i) {
        b'/' => Some(Mark::plain(i + 1)),
        b'\\' if at(bytes, i + 1) == b'/' => Some(Mark::plain(i + 2)),
        b'[' | b'(' | b'{' | b'\\' => spelled(bytes, i, b'/').map(|found| Mark::evident(found.end)),
        _ => None,
    }
}

/// One bracketed mark inside a path: what it stands for and where it ends.
pub fn in_path(bytes: &[u8], i: usize) -> Option<(char, usize)> {
    let found = mark::spelled(bytes, i)?;
    // A blank ends the path. `(at)` and `(dot)` may be part of one; in square brackets nobody means them.
    let blank = bytes.get(i..found.end)?.contains(&b' ');
    let square = found.opened == b'[';
    (!blank && (square || !found.worded && found.opened != b'<')).then_some((char::from(found.mark), found.end))
}
