//! Keys of the Windows registry. Their names may have blanks, so that quotes, brackets, a later backslash or a name that
//! everybody knows (`data/registry_names.tsv`) have to say where a key ends.

use super::bytes::{at, before, char_before, starts_with};

/// Roots.
const ROOTS: [&str; 10] = [
    "HKEY_LOCAL_MACHINE",
    "HKEY_CURRENT_USER",
    "HKEY_CLASSES_ROOT",
    "HKEY_USERS",
    "HKEY_CURRENT_CONFIG",
    "HKLM",
    "HKCU",
    "HKCR",
    "HKU",
    "HKCC",
];

/// Names with blanks, in lower case.
const NAMES: &[&str] = include!(concat!(env!("OUT_DIR"), "/registry_names.rs"));

/// Longest key (Windows allows 255 characters a name).
const LONGEST: usize = 1024;

/// A registry key whose root begins at `start`: as written, with single backslashes and without the colon of PowerShell
/// behind the root; and its end.
pub fn read(text: &str, start: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let root = root(bytes, start)?;
    let root_end = start + root.len();
    let end = enclosed_end(text, start).unwrap_or_else(|| plain_end(text, root_end));
    let written = text
        .get(start..end)?
        .trim_end_matches(['.', ':', '!', '\\', ' ', '(', '[']);
    let below = written.get(root.len()..)?.trim_start_matches(':').replace("\\\\", "\\");
    let name = text.get(start..root_end)?;
    (below.len() > 1).then(|| (format!("{name}{below}"), start + written.len()))
}

/// The root of a key that begins at `start`.
fn root(bytes: &[u8], start: usize) -> Option<&'static str> {
    let known = |root: &&&str| {
        let end = start + root.len();
        let end = end + usize::from(at(bytes, end) == b':');
        at(bytes, end) == b'\\'
            && bytes
                .get(start..start + root.len())
                .is_some_and(|written| written.eq_ignore_ascii_case(root.as_bytes()))
    };
    ROOTS.iter().find(known).copied()
}

/// The end of a key in quotes or brackets, which may be cut at nothing else.
fn enclosed_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let close = match before(bytes, start) {
        quote @ (b'"' | b'\'' | b'`') => quote,
        b'[' => b']',
        _ => return wide_quotes_end(text, start),
    };
    let window = bytes.get(start..bytes.len().min(start + LONGEST))?;
    let length = window.iter().position(|byte| *byte == close || *byte < b' ')?;
    // With another key inside, the quotes are around more than one.
    let other = window
        .get(4..length)?
        .windows(4)
        .any(|word| word.eq_ignore_ascii_case(b"hklm") || word.eq_ignore_ascii_case(b"hkcu"));
    (window.get(length) == Some(&close) && !other).then_some(start + length)
}

/// The end of a key in the quotes of typesetting.
fn wide_quotes_end(text: &str, start: usize) -> Option<usize> {
    let close: &[char] = match char_before(text, start)? {
        '\u{201c}' | '\u{201e}' => &['\u{201d}', '\u{201c}'],
        '\u{2018}' | '\u{201a}' => &['\u{2019}', '\u{2018}'],
        '\u{ab}' => &['\u{bb}'],
        _ => return None,
    };
    let window = text.get(start..text.floor_char_boundary(start + LONGEST))?;
    let line = window.split('\n').next()?;
    Some(start + line.find(close)?)
}

fn plain_end(text: &str, root_end: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = root_end + usize::from(at(bytes, root_end) == b':');
    while end < root_end + LONGEST {
        match at(bytes, end) {
            0..=31 | b'"' | b'\'' | b'<' | b'>' | b'|' | b',' | b';' | b'`' | b'*' | b'?' => break,
            b')' | b']' if at(bytes, end + 1) != b'\\' => break,
            b' ' => {
                let Some(past) = known_end(bytes, end).or_else(|| goes_on(bytes, end).then_some(end + 1)) else {
                    end = titled_end(bytes, end).unwrap_or(end);
                    break;
                };
                end = past;
            }
            _ => end += 1,
        }
    }
    text.floor_char_boundary(end)
}

/// The end of a known name with blanks, whose first blank stands at `blank`.
fn known_end(bytes: &[u8], blank: usize) -> Option<usize> {
    let start = memchr::memrchr(b'\\', bytes.get(..blank)?)? + 1;
    let fits = |name: &&&str| {
        let end = start + name.len();
        end > blank && starts_with(bytes, start, name.as_bytes()) && !at(bytes, end).is_ascii_alphanumeric()
    };
    Some(start + NAMES.iter().filter(fits).map(|name| name.len()).max()?)
}

/// `HKLM\Software\Rook Tool` at the end of a line: the end of words that all have a capital, with nothing behind them.
fn titled_end(bytes: &[u8], blank: usize) -> Option<usize> {
    let rest = bytes.get(blank..bytes.len().min(blank + 40))?;
    let line = rest.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    let ends = line.len() < 40 && line.len() > 1;
    let mut words = line.trim_ascii_start().split(|byte| *byte == b' ');
    let titled =
        |word: &[u8]| word.first().is_some_and(u8::is_ascii_uppercase) && word.iter().all(u8::is_ascii_alphanumeric);
    (ends && words.clone().count() < 4 && words.all(titled)).then_some(blank + line.len())
}

/// After a blank, a key goes on when few words later the next backslash comes.
fn goes_on(bytes: &[u8], blank: usize) -> bool {
    let mut blanks = 0;
    for i in blank..blank + 40 {
        match at(bytes, i) {
            b'\\' => return before(bytes, i) != b' ',
            b' ' if root(bytes, i + 1).is_some() => return false,
            b' ' => blanks += 1,
            0..=31 | b'"' | b'\'' | b',' | b';' | b':' | b'=' | b'<' | b'|' => return false,
            b'.' if at(bytes, i + 1) == b' ' => return false,
            _ => {}
        }
        if blanks > 2 {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_row_of_the_table_is_read_to_its_end() {
        for row in table::rows("registry_names") {
            assert!(row["example"].to_ascii_lowercase().ends_with(&row["name"]), "{row:?}");
            let text = format!("{} was set", row["example"]);
            assert_eq!(
                read(&text, 0),
                Some((row["example"].clone(), row["example"].len())),
                "{row:?}"
            );
        }
    }
}
