//! One mark of an address as people spell it to defang: `[.]`, `(dot)`, `{.)`, `\[.\]`, `<@>`, `].[`, `[punkt]`. Any bracket may
//! open it and any other close it. Which words stand for a mark is in `data/spelled_marks.tsv`.

use super::bytes::{ALNUM, DASH, HIGH, at, class, is_alnum, is_invisible, run, skip_blanks};

/// Word, mark, languages.
const WORDS: &[[&str; 3]] = include!(concat!(env!("OUT_DIR"), "/spelled_marks.rs"));
/// No word of the table has more bytes.
const LONGEST_WORD: usize = 12;

/// A mark with its brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// `.`, `@`, `:`, `/`, `-` or `_`: what it stands for.
    pub mark: u8,
    /// Past its last byte.
    pub end: usize,
    /// A word says it.
    pub worded: bool,
    /// The bracket that began it; a closing one in `].[`.
    pub opened: u8,
}

/// The mark that begins with a bracket, or an escaped bracket, at `i`.
pub fn spelled(bytes: &[u8], i: usize) -> Option<Spelled> {
    let (opened, mut inner) = bracket(bytes, i)?;
    let turned = matches!(opened, b']' | b')' | b'}');
    if !turned && let Some((_, past)) = bracket(bytes, inner).filter(|next| opens(next.0)) {
        inner = past;
    }
    inner = skip_unseen(bytes, inner);
    let (mark, worded, past) = symbol(bytes, inner).or_else(|| word(bytes, inner))?;
    let close = skip_unseen(bytes, past);
    let Some((closed, end)) = bracket(bytes, close).filter(|next| opens(next.0) == turned) else {
        let half = opened == b'[' && !worded && past == i + 2 && matches!(mark, b'.' | b'@');
        return (half && is_alnum(bytes, past) || is_around_label(bytes, i, past)).then_some(Spelled {
            mark,
            end: past,
            worded,
            opened,
        });
    };
    let end = bracket(bytes, end)
        .filter(|next| !turned && next.0 == closed)
        .map_or(end, |next| next.1);
    let angled = opened == b'<' || closed == b'>';
    let allowed = match mark {
        b'.' | b'@' => !turned || mark == b'.' && !worded,
        // `<->` is an arrow, `</>` is markup.
        _ => !turned && !angled,
    };
    allowed.then_some(Spelled {
        mark,
        end,
        worded,
        opened,
    })
}

/// The word of the table in capitals that stands at `i` between blanks, and where it ends.
pub fn capitals(bytes: &[u8], i: usize) -> Option<(u8, usize)> {
    let length = bytes
        .get(i..)?
        .iter()
        .take(LONGEST_WORD + 1)
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let spaced = matches!(at(bytes, i + length), b' ' | b'\t') && length > 1;
    let written = bytes.get(i..i + length).filter(|_| spaced)?;
    Some((known(written)?, i + length))
}

/// What a word of the table, in any case, stands for.
fn known(written: &[u8]) -> Option<u8> {
    let lower = std::str::from_utf8(written).ok()?.to_lowercase();
    let [_, mark, _] = WORDS.iter().find(|[word, ..]| *word == lower)?;
    mark.bytes().next()
}

/// `evil(.com)`: the brackets are around the dot and the label behind it.
fn is_around_label(bytes: &[u8], open: usize, past: usize) -> bool {
    let close = match at(bytes, open) {
        b'(' => b')',
        b'{' => b'}',
        _ => return false,
    };
    let end = run(bytes, past, ALNUM | DASH);
    at(bytes, open + 1) == b'.' && past == open + 2 && end > past && at(bytes, end) == close
}

/// A bracket, perhaps with the backslash of Markdown before it, as the one of ASCII that it is like; and what follows it.
fn bracket(bytes: &[u8], i: usize) -> Option<(u8, usize)> {
    let i = i + usize::from(at(bytes, i) == b'\\');
    let byte = at(bytes, i);
    if matches!(byte, b'[' | b'(' | b'{' | b'<' | b']' | b')' | b'}' | b'>') {
        return Some((byte, i + 1));
    }
    let c = wide(bytes, i)?;
    let alike = match c {
        '\u{3008}' | '\u{300a}' | '\u{300c}' | '\u{300e}' | '\u{3010}' | '\u{3014}' | '\u{3016}' | '\u{ff3b}'
        | '\u{ff08}' | '\u{ff5b}' => b'[',
        '\u{3009}' | '\u{300b}' | '\u{300d}' | '\u{300f}' | '\u{3011}' | '\u{3015}' | '\u{3017}' | '\u{ff3d}'
        | '\u{ff09}' | '\u{ff5d}' => b']',
        _ => return None,
    };
    Some((alike, i + c.len_utf8()))
}

fn opens(bracket: u8) -> bool {
    matches!(bracket, b'[' | b'(' | b'{' | b'<')
}

/// Past blanks and characters that show nothing.
fn skip_unseen(bytes: &[u8], i: usize) -> usize {
    let mut end = skip_blanks(bytes, i, 2);
    while let Some(c) = wide(bytes, end).filter(|c| is_invisible(*c) && end < i + 12) {
        end += c.len_utf8();
    }
    skip_blanks(bytes, end, 2)
}

/// The character beyond ASCII at `i`.
fn wide(bytes: &[u8], i: usize) -> Option<char> {
    if class(at(bytes, i)) & HIGH == 0 {
        return None;
    }
    let window = bytes.get(i..bytes.len().min(i + 4))?;
    window.utf8_chunks().next()?.valid().chars().next()
}

/// The mark itself, perhaps escaped: what it stands for, whether it is a word, and its end.
fn symbol(bytes: &[u8], i: usize) -> Option<(u8, bool, usize)> {
    let i = i + usize::from(at(bytes, i) == b'\\');
    let byte = at(bytes, i);
    if matches!(byte, b'.' | b'@' | b':' | b'/' | b'-' | b'_') {
        return Some((byte, false, i + 1));
    }
    let c = wide(bytes, i)?;
    let mark = match c {
        '\u{b7}' | '\u{2022}' | '\u{2219}' | '\u{30fb}' | '\u{3002}' | '\u{ff0e}' | '\u{2024}' | '\u{ff61}' => b'.',
        '\u{ff20}' => b'@',
        '\u{ff1a}' => b':',
        '\u{ff0f}' => b'/',
        '\u{2010}'..='\u{2014}' | '\u{ff0d}' => b'-',
        _ => return None,
    };
    Some((mark, false, i + c.len_utf8()))
}

fn word(bytes: &[u8], i: usize) -> Option<(u8, bool, usize)> {
    let is_letter = |byte: &&u8| is_alnum(&[**byte], 0) || **byte >= 0x80;
    let rest = bytes.get(i..)?;
    let length = rest.iter().take(LONGEST_WORD + 1).take_while(is_letter).count();
    // The brackets of prose hold longer words, or more than one.
    let closed = matches!(at(bytes, i + length), b']' | b')' | b'}' | b'>' | b' ' | b'\\' | 0x80..);
    let written = rest
        .get(..length)
        .filter(|_| closed && (2..=LONGEST_WORD).contains(&length))?;
    Some((known(written)?, true, i + length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;
    use crate::indicator::in_text;

    #[test]
    fn every_row_of_the_table_makes_its_example_a_find() {
        for row in table::rows("spelled_marks") {
            let finds = in_text(&row["example"], "p", &crate::config::TextSettings::default());
            let plain = row["example"]
                .replace(&format!("[{}]", row["word"]), &row["mark"])
                .replace("[.]", ".");
            let value = |find: &crate::indicator::Indicator| find.value.replace('|', ":");
            assert_eq!(finds.first().map(value), Some(plain), "{row:?}");
        }
    }

    #[test]
    fn any_brackets_do_and_half_a_one_in_square_form() {
        let read = |text: &str| spelled(text.as_bytes(), 0).map(|found| (char::from(found.mark), found.end));
        for text in [
            "[.]", "(.)", "{.}", "<.>", "[.)", "{.]", "(.]", "[\\.]", "\\[.\\]", "[[.]]", "].[", "[ . ]", "[dot]",
        ] {
            assert_eq!(read(text), Some(('.', text.len())), "{text}");
        }
        for text in ["[\u{200b}.\u{200b}]", "[\u{3002}]", "<DOT>", "(Punkt)"] {
            assert_eq!(read(text), Some(('.', text.len())), "{text}");
        }
        assert_eq!(
            (read("[.com"), read("[@evil"), read("(.com")),
            (Some(('.', 2)), Some(('@', 2)), None)
        );
        assert_eq!(
            (read("[-]"), read("<->"), read("</>"), read("[/]")),
            (Some(('-', 3)), None, None, Some(('/', 3)))
        );
        for none in ["[", "[]", "[1]", "(the dot)", "[dots]", "](", "\\", ""] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
