//! The header lines above a quoted mail, in the words that mail programs are known to use.

use super::one_line;
use super::source::{Source, unquote};
use crate::domain::ForwardWords;
use crate::mail::{Headers, address};

/// Lines that a header block may have; a text that goes on longer without a blank line is none.
const BLOCK: usize = 200;
/// Mail programs wrap lines at this column or behind it.
const COLUMN: usize = 70;

/// The fields read so far.
#[derive(Default)]
struct Fields {
    read: Vec<(String, String)>,
}

impl Fields {
    fn has(&self, name: &str) -> bool {
        self.read.iter().any(|(known, _)| known == name)
    }

    /// Nothing is missing, and the last field is the one that is last where the text follows without a blank line.
    fn is_complete(&self) -> bool {
        let last = self.read.last().is_some_and(|(name, _)| name == "Subject");
        last && self.has("From") && self.has("Date")
    }

    fn into_headers(self) -> Option<Headers> {
        let mut headers = Headers::default();
        for (name, value) in self.read {
            headers.push(&name, &address::without_mailto(&value));
        }
        (!headers.fields.is_empty()).then_some(headers)
    }
}

/// The header lines from `first` on, and the line after them.
pub(super) fn read(
    lines: &[&str],
    first: usize,
    depth: usize,
    source: Source,
    words: &ForwardWords,
) -> Option<(Headers, usize)> {
    let field = |line| words.field(line).or_else(|| pseudo(line));
    let content = unquote(lines.get(first)?, depth);
    field(content)?;
    if let Some(headers) = in_one_line(content, words) {
        return Some((headers, behind(lines, first + 1, depth, source)));
    }
    let mut fields = Fields::default();
    let mut before = "";
    let mut at = first;
    while let Some(line) = lines.get(at).filter(|_| at - first < BLOCK) {
        let content = unquote(line, depth);
        let text = content.trim();
        if text.is_empty() {
            break;
        }
        if let Some((name, value)) = field(text) {
            // The next quoted mail begins; it also keeps this linear on a text of nothing but such lines.
            if name == "From" && fields.has("From") {
                break;
            }
            fields.read.push((name.to_owned(), value.to_owned()));
        } else if source == Source::Html || (fields.is_complete() && !is_wrapped(before, content)) {
            break;
        } else if let Some((_, value)) = fields.read.last_mut() {
            // Thunderbird wraps long fields without indenting them.
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(text);
        }
        before = content;
        at += 1;
    }
    Some((fields.into_headers()?, behind(lines, at, depth, source)))
}

/// All fields on one line.
pub(super) fn in_one_line(line: &str, words: &ForwardWords) -> Option<Headers> {
    let read = one_line::read(line.trim(), words)?;
    let read = read
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Fields { read: read.collect() }.into_headers()
}

/// Whether `line` goes on with what did not fit into the one before: it is indented, or its first word had no room there.
fn is_wrapped(before: &str, line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    line.starts_with([' ', '\t']) || before.chars().count() + 1 + word.chars().count() > COLUMN
}

/// One blank line belongs to the header.
pub(super) fn behind(lines: &[&str], at: usize, depth: usize, source: Source) -> usize {
    let blank = lines.get(at).is_some_and(|line| unquote(line, depth).trim().is_empty());
    at + usize::from(source == Source::Plain && blank)
}

/// A field that no client translates: a token with a dash (`X-Mozilla-Draft-Info`), or a known word.
fn pseudo(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let token = name.len() <= 60 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let known = name.contains('-')
        || matches!(
            name,
            "Openpgp" | "OpenPGP" | "Autocrypt" | "Newsgroups" | "Keywords" | "Comments"
        );
    let starts = name.starts_with(|c: char| c.is_ascii_uppercase());
    (token && known && starts && !value.starts_with("//")).then(|| (name, value.trim()))
}
