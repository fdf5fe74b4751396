//! The marks inside an address (dot, colon, at, slash) in all the forms in which people defang them, decided at the
//! place where they stand. Whether an address is there at all is for the families to say.

use super::bytes::{ALNUM, DASH, HIGH, at, char_at, class, is_alnum, is_invisible, run, skip_blanks, starts_with};

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

/// A dot between two labels. `loose`: something before has shown that the text is defanged, so blanks may stand around.
/// A plain dot with a blank after it and none before ends a sentence, whatever stood before.
pub fn dot(text: &str, i: usize, loose: bool) -> Option<Mark> {
    let bytes = text.as_bytes();
    let mark = match at(bytes, i) {
        b'.' if at(bytes, i + 1) == b']' => Mark::evident(i + 2),
        b'.' => Mark::plain(i + 1),
        b'\\' if at(bytes, i + 1) == b'.' => Mark::evident(i + 2),
        b'[' | b'(' | b'{' => Mark::evident(bracketed_dot(bytes, i)?),
        b' ' | b'\t' => Mark::evident(spaced_dot(bytes, i, loose)?),
        0xe2 | 0xe3 | 0xef => Mark::evident(wide_dot(text, i)?),
        _ => return None,
    };
    let loose_end = if loose && mark.evident {
        skip_blanks(bytes, mark.end, 2)
    } else {
        mark.end
    };
    begins_label(text, loose_end).then_some(Mark { end: loose_end, ..mark })
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
        class if class & HIGH != 0 => char_at(text, i).is_some_and(|c| c.is_alphanumeric() || is_invisible(c)),
        _ => at(bytes, i) == b'_' && is_alnum(bytes, i + 1),
    }
}

fn bracketed_dot(bytes: &[u8], i: usize) -> Option<usize> {
    const DOTS: [&[u8]; 6] = [
        b".",
        b"dot",
        b"d0t",
        b"punkt",
        "\u{3002}".as_bytes(),
        "\u{ff0e}".as_bytes(),
    ];
    // `evil[.com`: the closing bracket is missing.
    let half = || (at(bytes, i) == b'[' && at(bytes, i + 1) == b'.' && is_alnum(bytes, i + 2)).then_some(i + 2);
    bracketed(bytes, i, &DOTS).or_else(half)
}

fn spaced_dot(bytes: &[u8], i: usize, loose: bool) -> Option<usize> {
    let inner = skip_blanks(bytes, i, 2);
    let end = match at(bytes, inner) {
        b'[' | b'(' | b'{' => {
            let end = bracketed(bytes, inner, &[b".", b"dot"])?;
            // `at [.]evil[.]com`: the dot begins a name.
            let label = run(bytes, end, ALNUM | DASH);
            if label > end
                && matches!(at(bytes, label), b'.' | b'[' | b'(' | b'{')
                && !at(bytes, label + 1).is_ascii_whitespace()
                && at(bytes, label + 1) != 0
            {
                return None;
            }
            end
        }
        b'D' if bytes.get(inner..inner + 4) == Some(b"DOT ") => inner + 3,
        b'd' if loose && bytes.get(inner..inner + 4) == Some(b"dot ") => inner + 3,
        b'.' if loose => inner + 1,
        _ => return None,
    };
    Some(skip_blanks(bytes, end, 2))
}

/// Full-width and ideographic dots. The ideographic one also ends Chinese sentences: only before a Latin label.
fn wide_dot(text: &str, i: usize) -> Option<usize> {
    match char_at(text, i)? {
        c @ ('\u{ff0e}' | '\u{2024}') => Some(i + c.len_utf8()),
        c @ ('\u{3002}' | '\u{ff61}') => is_alnum(text.as_bytes(), i + c.len_utf8()).then_some(i + c.len_utf8()),
        _ => None,
    }
}

/// One of `words` in brackets, blanks inside allowed.
fn bracketed(bytes: &[u8], i: usize, words: &[&[u8]]) -> Option<usize> {
    let close = match at(bytes, i) {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        _ => return None,
    };
    let inner = skip_blanks(bytes, i + 1, 2);
    if !matches!(
        at(bytes, inner) | 0x20,
        b'.' | b'd' | b'p' | b'a' | b'@' | b'`' | b':' | b'/' | 0xe3 | 0xef
    ) {
        return None;
    }
    words
        .iter()
        .filter(|word| starts_with(bytes, inner, word))
        .find_map(|word| {
            let end = skip_blanks(bytes, inner + word.len(), 2);
            (at(bytes, end) == close).then_some(end + 1)
        })
}

/// The `@` of an e-mail address or of user information.
pub fn at_sign(bytes: &[u8], i: usize) -> Option<Mark> {
    match at(bytes, i) {
        b'@' => Some(Mark::plain(i + 1)),
        b'[' | b'(' | b'{' => bracketed(bytes, i, &[b"@", b"at"]).map(Mark::evident),
        b' ' => {
            let end = bracketed(bytes, skip_blanks(bytes, i, 2), &[b"@", b"at"])?;
            Some(Mark::evident(skip_blanks(bytes, end, 2)))
        }
        0xef if bytes.get(i..i + 3) == Some("\u{ff20}".as_bytes()) => Some(Mark::evident(i + 3)),
        _ => None,
    }
}

/// The colon before a port or inside an IPv6 address.
pub fn colon(bytes: &[u8], i: usize) -> Option<Mark> {
    match at(bytes, i) {
        b':' => Some(Mark::plain(i + 1)),
        b'[' | b'(' | b'{' => bracketed(bytes, i, &[b":"]).map(Mark::evident),
        _ => None,
    }
}

/// The slash that begins a path, or the one before a prefix length.
pub fn slash(bytes: &[u8], i: usize) -> Option<Mark> {
    match at(bytes, i) {
        b'/' => Some(Mark::plain(i + 1)),
        b'\\' if at(bytes, i + 1) == b'/' => Some(Mark::plain(i + 2)),
        b'[' | b'(' | b'{' => bracketed(bytes, i, &[b"/"]).map(Mark::evident),
        _ => None,
    }
}

/// One bracketed mark inside a path: what it stands for and where it ends.
pub fn in_path(bytes: &[u8], i: usize) -> Option<(char, usize)> {
    const MARKS: [(char, &[u8]); 6] = [
        ('.', b"."),
        ('.', b"dot"),
        ('/', b"/"),
        (':', b":"),
        ('@', b"@"),
        ('@', b"at"),
    ];
    let close = if at(bytes, i) == b'(' { b')' } else { b']' };
    let found = MARKS
        .iter()
        .find(|(_, word)| starts_with(bytes, i + 1, word) && at(bytes, i + 1 + word.len()) == close)?;
    // `(at)` and `(dot)` may be part of a path; in square brackets nobody means them.
    (close == b']' || found.1.len() == 1).then_some((found.0, i + 2 + found.1.len()))
}

/// The `://` after a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separator {
    /// Past its last byte, blanks after it included.
    pub end: usize,
    /// Written so only to defang.
    pub evident: bool,
    /// `:\/\/` as JSON writes it: slashes of the path are escaped, too.
    pub escaped: bool,
    /// Blanks stand after it.
    pub spaced: bool,
}

/// Reads `://`, `[:]//`, `[://]`, `:// `, `:\/\/`, … at `i`.
pub fn separator(bytes: &[u8], i: usize) -> Option<Separator> {
    let (mut end, mut colons, mut slashes, mut open) = (i, 0_u8, 0_u8, 0_u8);
    let mut found = Separator {
        end: i,
        evident: false,
        escaped: false,
        spaced: false,
    };
    while end < i + 14 && (slashes < 2 || open > 0) {
        match at(bytes, end) {
            b':' if colons == 0 => colons = 1,
            b'/' if colons == 1 && slashes < 2 => slashes += 1,
            b'\\' if colons == 1 && at(bytes, end + 1) == b'/' => found.escaped = true,
            b'\\' if colons == 1 && slashes < 2 => {
                slashes += 1;
                found.evident = true;
            }
            b'[' | b'(' | b'{' if slashes < 2 => {
                open += 1;
                found.evident = true;
            }
            b']' | b')' | b'}' if open > 0 => open -= 1,
            b' ' if colons == 0 && end == i => found.evident = true,
            0xef if colons == 0 && bytes.get(end..end + 3) == Some("\u{ff1a}".as_bytes()) => {
                colons = 1;
                found.evident = true;
                end += 2;
            }
            _ => break,
        }
        end += 1;
    }
    if colons != 1 || slashes != 2 || open != 0 {
        return None;
    }
    found.end = skip_blanks(bytes, end, 2);
    found.spaced = found.end > end;
    Some(found)
}
