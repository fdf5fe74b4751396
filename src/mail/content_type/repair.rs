//! Makes a Content-Type or Content-Disposition readable for `mail-parser`: each rule names what would be lost.

use std::borrow::Cow;

/// What `mail-parser` would act upon and must not, and what stands for it meanwhile: private characters of plane 16.
const HIDDEN: [(char, char); 4] = [
    ('*', '\u{10f72a}'),
    ('?', '\u{10f73f}'),
    ('(', '\u{10f728}'),
    (')', '\u{10f729}'),
];

/// The field as one line that `mail-parser` reads right: a semicolon put where one is missing; `*` and `?` hidden; parentheses
/// of parameters too, since `filename=a(1).txt` would be `a`; a backslash of a Windows path doubled, which would be dropped;
/// quotes taken away when one of them is not closed, which would swallow all parameters behind it.
pub(super) fn readable(text: &str) -> String {
    let text = &with_semicolons(text);
    let balanced = text.bytes().filter(|b| *b == b'"').count().is_multiple_of(2);
    let mut out = String::with_capacity(text.len() + 1);
    let (mut in_parameters, mut quoted) = (false, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '(' | ')' if !in_parameters => out.push(c),
            '\\' if quoted => match chars.clone().next() {
                Some(next @ ('"' | '\\')) => {
                    chars.next();
                    out.extend([c, next]);
                }
                _ => out.push_str("\\\\"),
            },
            '"' if !balanced => {}
            c if c.is_control() => out.push(' '),
            c => {
                in_parameters |= c == ';';
                quoted ^= c == '"';
                let hidden = HIDDEN.iter().find(|(shown, _)| *shown == c);
                out.push(hidden.map_or(c, |(_, hidden)| *hidden));
            }
        }
    }
    out.push('\n');
    out
}

/// What was hidden, as it was.
pub(super) fn shown(text: &str) -> String {
    let shown = |c: char| {
        HIDDEN
            .iter()
            .find(|(_, hidden)| *hidden == c)
            .map_or(c, |(shown, _)| *shown)
    };
    text.chars().map(shown).collect()
}

/// The parameters that mail programs write before a name that matters and that end without a semicolon.
const PARAMETERS: [&str; 7] = ["name", "filename", "charset", "boundary", "format", "delsp", "type"];

/// The field with a semicolon before each parameter that has none: `text/plain charset=utf-8`, `x="y" name=z`. A known name
/// with a blank before it and `=` behind it begins one, outside of quotes.
fn with_semicolons(text: &str) -> Cow<'_, str> {
    let mut missing = Vec::new();
    // Where the current word begins, and whether another word stands between it and the last semicolon.
    let (mut start, mut follows, mut quoted) = (0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            ';' => (start, follows) = (at + 1, false),
            c if c.is_whitespace() => {
                follows |= start < at;
                start = at + c.len_utf8();
            }
            '=' if follows => {
                let word = text
                    .get(start..at)
                    .unwrap_or_default()
                    .split('*')
                    .next()
                    .unwrap_or_default();
                if PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                    missing.push(start);
                }
            }
            _ => {}
        }
    }
    if missing.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + missing.len());
    let mut copied = 0;
    for at in missing {
        out.push_str(text.get(copied..at).unwrap_or_default());
        out.push(';');
        copied = at;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}
