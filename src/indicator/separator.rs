//! The `://` between a scheme and a host, in all the forms in which people defang, escape or damage it.

use super::bytes::{ALNUM, HIGH, at, class, run_of, skip_blanks};

/// The `://` after a scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Separator {
    /// Past its last byte, blanks after it included.
    pub end: usize,
    /// Written so only to defang.
    pub evident: bool,
    /// How the slashes are written, those of the path as well.
    pub slashes: Slashes,
    /// Blanks stand in it or after it.
    pub spaced: bool,
    /// Not `://` in any form, but `//`, `:/`, `:///` or `__`: only before a host that shows itself to be one.
    pub damaged: bool,
}

/// How the slashes of a URL are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Slashes {
    /// `/`
    #[default]
    Plain,
    /// `\/`, as JSON writes them.
    Escaped,
    /// `\`, which browsers take for `/`.
    Back,
}

/// What was read of a separator.
#[derive(Default)]
struct Signs {
    colons: u8,
    slashes: u8,
    /// Brackets that are open.
    open: u8,
}

/// Reads `://`, `[:]//`, `[://]`, `:// `, `:\/\/`, `\:\\`, … at `i`. With `damaged`, forms that are none are read as well.
pub fn separator(bytes: &[u8], i: usize, damaged: bool) -> Option<Separator> {
    let mut found = Separator::default();
    let mut signs = Signs::default();
    let mut end = i;
    while end < i + 18 && (signs.slashes < 2 || signs.open > 0) {
        let Some(length) = sign(bytes, end, end == i, &mut signs, &mut found) else {
            break;
        };
        end += length;
    }
    let whole = signs.colons == 1 && signs.slashes == 2 && signs.open == 0;
    if !whole || damaged && is_slash(at(bytes, end)) {
        end = damaged.then(|| damaged_end(bytes, i)).flatten()?;
        found = Separator {
            damaged: true,
            slashes: if at(bytes, end - 1) == b'\\' {
                Slashes::Back
            } else {
                Slashes::Plain
            },
            ..Separator::default()
        };
    }
    found.end = skip_blanks(bytes, end, 2);
    found.spaced |= found.end > end;
    Some(found)
}

/// Reads one sign of a separator at `i`; gives how many bytes it has.
fn sign(bytes: &[u8], i: usize, first: bool, signs: &mut Signs, found: &mut Separator) -> Option<usize> {
    let next = at(bytes, i + 1);
    match at(bytes, i) {
        b':' if signs.colons == 0 => signs.colons = 1,
        b'/' if signs.colons == 1 && signs.slashes < 2 => signs.slashes += 1,
        b'\\' if signs.colons == 1 && next == b'/' => found.slashes = Slashes::Escaped,
        // Escaped as Markdown does: `\:`, `\[:\]`.
        b'\\' if matches!(next, b':' | b'[' | b']' | b'(' | b')') => {}
        b'\\' if signs.colons == 1 && signs.slashes < 2 => {
            signs.slashes += 1;
            found.evident = true;
            found.slashes = Slashes::Back;
        }
        b'[' | b'(' | b'{' if signs.slashes < 2 => {
            signs.open += 1;
            found.evident = true;
        }
        b']' | b')' | b'}' if signs.open > 0 => signs.open -= 1,
        b' ' if first => found.evident = true,
        b' ' if signs.colons == 1 && signs.slashes == 0 && matches!(next, b'/' | b'[') => found.spaced = true,
        0xef if signs.colons == 0 && bytes.get(i..i + 3) == Some("\u{ff1a}".as_bytes()) => {
            signs.colons = 1;
            found.evident = true;
            return Some(3);
        }
        _ => return None,
    }
    Some(1)
}

fn is_slash(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\')
}

/// Where what was to be `://` ends: `//`, `:/`, `:\`, `:///`, `;//`, `__`.
fn damaged_end(bytes: &[u8], i: usize) -> Option<usize> {
    let end = match (at(bytes, i), at(bytes, i + 1)) {
        (b'_', b'_') => run_of(bytes, i, b'_'),
        (b'/', b'/') => i + 2,
        // `https::`, `https;//`, `https.//`
        (b':' | b';' | b'.', b':' | b'/') if bytes.get(i + 1..i + 3) == Some(b":/") || at(bytes, i) != b':' => {
            let past = run_of(bytes, i + 1 + usize::from(at(bytes, i + 1) == b':'), b'/');
            (past >= i + 3).then_some(past)?
        }
        (b':', b'/' | b'\\') => {
            let slashes = bytes
                .get(i + 1..)?
                .iter()
                .take(5)
                .take_while(|byte| is_slash(**byte))
                .count();
            i + 1 + slashes
        }
        _ => return None,
    };
    (end <= i + 5 && class(at(bytes, end)) & (ALNUM | HIGH) != 0).then_some(end)
}
