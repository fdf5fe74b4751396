//! Signs that a name or an address is the rest of something longer that cannot be read: hidden by asterisks, damaged on its
//! way, or coded. Taken alone the rest would be another's.

use super::bytes::{ALNUM, DASH, DIGIT, HEX, at, char_before, class, is_alnum};

/// Whether what stands from `start` to `end` is such a rest. A find that ends at `floor` is none of its beginning.
pub fn is_rest(text: &str, floor: usize, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let Some(c) = char_before(text, start) else {
        return false;
    };
    let before = start - c.len_utf8();
    match c {
        '*' | '#' => is_masked(bytes, floor, before, end),
        // Hidden, or lost in a wrong character set.
        '\u{2588}'..='\u{2593}' | '\u{2022}' | '\u{25cf}' | '\u{2026}' | '\u{fffd}' => {
            let run = text.get(..start).unwrap_or_default().trim_end_matches(c).len();
            run > 0 && is_word(text, run) && (c == '\u{fffd}' || start - run > c.len_utf8() || c == '\u{2026}')
        }
        // «http://evil-» at the end of a line, and a dash that parts words or was a hyphen.
        '\n' => is_behind_hyphen(bytes, before),
        '\u{2013}' => before > floor && is_word(text, before),
        ' ' => is_behind_blank(bytes, before, end),
        ']' => is_behind_bracket(bytes, before),
        ';' => is_behind_entity(bytes, before),
        '=' => is_quoted_printable(bytes, start),
        _ => false,
    }
}

/// Whether a letter or digit ends before `i`.
fn is_word(text: &str, i: usize) -> bool {
    char_before(text, i).is_some_and(char::is_alphanumeric)
}

/// `exa**le.com`, and not `the **evil.com**`.
fn is_masked(bytes: &[u8], floor: usize, last: usize, end: usize) -> bool {
    let sign = at(bytes, last);
    let mut first = last;
    while first > 0 && at(bytes, first - 1) == sign && last - first < 64 {
        first -= 1;
    }
    let long_enough = sign == b'*' || last > first;
    long_enough && first > floor && is_alnum(bytes, first - 1) && at(bytes, end) != sign
}

/// A hyphen after a letter ends the line before, which ends at `end`.
fn is_behind_hyphen(bytes: &[u8], end: usize) -> bool {
    let end = end - usize::from(end > 0 && at(bytes, end - 1) == b'\r');
    end > 1 && at(bytes, end - 1) == b'-' && is_alnum(bytes, end - 2)
}

/// `https://evil zone.com/a`: a blank inside of a label.
fn is_behind_blank(bytes: &[u8], blank: usize, end: usize) -> bool {
    let window = bytes.get(blank.saturating_sub(66)..blank).unwrap_or_default();
    let label = |byte: &&u8| class(**byte) & (ALNUM | DASH) != 0;
    let length = window.iter().rev().take_while(label).count();
    let (lead, host) = window.split_at(window.len() - length);
    at(bytes, end) == b'/' && length > 0 && lead.ends_with(b"://") && !host.eq_ignore_ascii_case(b"localhost")
}

/// `evil[?]zone.com`: something short in brackets after a letter, which nobody can undo.
fn is_behind_bracket(bytes: &[u8], close: usize) -> bool {
    let window = bytes.get(close.saturating_sub(4)..close).unwrap_or_default();
    let Some(open) = window.iter().rposition(|byte| *byte == b'[') else {
        return false;
    };
    let open = close - window.len() + open;
    open > 0 && is_alnum(bytes, open - 1)
}

/// `b&uuml;cher.de`: the code of a letter that nobody decoded.
fn is_behind_entity(bytes: &[u8], semicolon: usize) -> bool {
    const MARKS: [&[u8]; 6] = [b"amp", b"lt", b"gt", b"quot", b"apos", b"nbsp"];
    let window = bytes.get(semicolon.saturating_sub(9)..semicolon).unwrap_or_default();
    let Some(ampersand) = window.iter().rposition(|byte| *byte == b'&') else {
        return false;
    };
    let name = window.get(ampersand + 1..).unwrap_or_default();
    let letter = name.len() > 1 && name.iter().all(u8::is_ascii_alphabetic) && !MARKS.contains(&name);
    let place = semicolon - window.len() + ampersand;
    letter && place > 0 && is_alnum(bytes, place - 1)
}

/// `b=C3=BCcher.de`
fn is_quoted_printable(bytes: &[u8], start: usize) -> bool {
    let coded = |i: usize| {
        at(bytes, i) == b'='
            && [i + 1, i + 2]
                .iter()
                .all(|i| class(at(bytes, *i)) & (HEX | DIGIT) != 0 && !at(bytes, *i).is_ascii_lowercase())
    };
    start >= 4 && coded(start - 1) && coded(start - 4)
}
