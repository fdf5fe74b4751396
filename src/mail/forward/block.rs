//! Where a quoted mail begins and ends in the lines of a text, and its header lines.

use super::label::Marker;
use crate::domain::ForwardWords;
use crate::mail::{Headers, address};

/// What the lines were before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A text as written: long header lines may be wrapped.
    Plain,
    /// Rendered HTML: a line is a whole line.
    Html,
}

/// What is known besides the text.
#[derive(Clone, Copy, Debug)]
pub(in crate::mail) struct Told<'t> {
    /// The mail answers another one: only a line that says «forwarded» begins a forward.
    pub reply: bool,
    /// Words of mail programs besides those that are known.
    pub words: &'t ForwardWords,
}

/// A quoted mail.
pub(super) struct QuotedLines {
    /// The line with which it begins.
    pub marker: usize,
    /// The first line of its text.
    pub body: usize,
    /// The line after its last.
    pub end: usize,
    /// How deep its lines are quoted with `>`.
    pub depth: usize,
    pub headers: Headers,
}

/// Blank lines (and rules) that may stand between a marker and the header lines.
const GAP: usize = 3;
/// Lines that a header block may have; a text that goes on longer without a blank line is none.
const BLOCK: usize = 200;

/// All quoted mails that stand beside one another; those inside another are left in its text.
pub(super) fn find(lines: &[&str], source: Source, told: Told<'_>) -> Vec<QuotedLines> {
    let mut found: Vec<QuotedLines> = Vec::new();
    let mut at = 0;
    let mut open = false;
    while let Some(line) = lines.get(at) {
        // The end of a quotation with `>` gives the text back to the sender.
        if open
            && let Some(last) = found.last_mut().filter(|last| last.depth > 0)
            && depth(line) < last.depth
            && !line.trim().is_empty()
        {
            last.end = at;
            open = false;
        }
        let inside = found.last().filter(|_| open);
        let looks = inside.is_none_or(|last| {
            !last
                .headers
                .subject()
                .is_some_and(|subject| told.words.is_forward(subject))
        });
        if !looks {
            // The rest belongs to the mail that says of itself that it is a forward; unless it is quoted, nothing follows.
            if inside.is_some_and(|last| last.depth == 0) {
                break;
            }
            at += 1;
            continue;
        }
        let told = Told {
            reply: told.reply || open,
            ..told
        };
        match begins_at(lines, at, source, told) {
            Some(next) => {
                if let Some(last) = found.last_mut().filter(|_| open) {
                    last.end = next.marker;
                }
                at = next.body;
                open = true;
                found.push(next);
            }
            None => at += 1,
        }
    }
    found
}

/// A quoted mail that begins at this line, taken to reach to the end.
fn begins_at(lines: &[&str], at: usize, source: Source, told: Told<'_>) -> Option<QuotedLines> {
    let line = lines.get(at)?;
    let content = unquote(line, usize::MAX);
    let marker = told.words.marker(content);
    let first = if marker.is_some() {
        let gap = |index: &usize| {
            let text = unquote(lines.get(*index).copied().unwrap_or_default(), usize::MAX).trim();
            text.is_empty() || told.words.marker(text) == Some(Marker::Rule)
        };
        (at + 1..lines.len()).take(GAP + 1).find(|index| !gap(index))?
    } else {
        let is_first = at == 0
            || lines
                .get(at - 1)
                .is_some_and(|before| unquote(before, usize::MAX).trim().is_empty());
        if !is_first && source == Source::Plain {
            return None;
        }
        if told.words.field(content)?.0 != "From" {
            return None;
        }
        at
    };
    let depth = depth(lines.get(first)?);
    let (headers, body) = read_block(lines, first, depth, source, told.words)?;
    let enough = match marker {
        Some(Marker::Forwarded) => has(&headers, "From") && headers.fields.len() >= 2,
        _ => has(&headers, "From") && has(&headers, "Date") && has(&headers, "Subject"),
    };
    if !enough || (told.reply && marker != Some(Marker::Forwarded)) {
        return None;
    }
    Some(QuotedLines {
        marker: at,
        body,
        end: lines.len(),
        depth,
        headers,
    })
}

fn has(headers: &Headers, name: &str) -> bool {
    headers.first(name).is_some()
}

/// The header lines from `first` on, and the line after them.
fn read_block(
    lines: &[&str],
    first: usize,
    depth: usize,
    source: Source,
    words: &ForwardWords,
) -> Option<(Headers, usize)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut at = first;
    let read = |line| words.field(line).or_else(|| pseudo(line));
    read(unquote(lines.get(first)?, depth))?;
    while let Some(line) = lines.get(at).filter(|_| at - first < BLOCK) {
        let content = unquote(line, depth);
        let text = content.trim();
        if text.is_empty() {
            break;
        }
        if let Some((name, value)) = read(text) {
            // The next quoted mail begins; it also keeps this linear on a text of nothing but such lines.
            if name == "From" && fields.iter().any(|(known, _)| known == "From") {
                break;
            }
            fields.push((name.to_owned(), value.to_owned()));
        } else if let Some((_, value)) = fields.last_mut().filter(|_| source == Source::Plain) {
            // Thunderbird wraps long fields without indenting them.
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(text);
        } else {
            break;
        }
        at += 1;
    }
    let mut headers = Headers::default();
    for (name, value) in fields {
        headers.push(&name, &address::without_mailto(&value));
    }
    // One blank line belongs to the header.
    if source == Source::Plain && lines.get(at).is_some_and(|line| unquote(line, depth).trim().is_empty()) {
        at += 1;
    }
    (!headers.fields.is_empty()).then_some((headers, at))
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

/// How many `>` stand before a line, blanks between them allowed.
fn depth(line: &str) -> usize {
    let mut depth = 0;
    for byte in line.bytes() {
        match byte {
            b'>' => depth += 1,
            b' ' if depth > 0 => {}
            _ => break,
        }
    }
    depth
}

/// A line without (up to) so many quote marks and one blank after them.
pub(super) fn unquote(line: &str, depth: usize) -> &str {
    let mut rest = line;
    for _ in 0..depth {
        match rest
            .strip_prefix('>')
            .or_else(|| rest.strip_prefix(" >").filter(|_| rest.len() < line.len()))
        {
            Some(tail) => rest = tail,
            None => break,
        }
    }
    if rest.len() < line.len() {
        rest.strip_prefix(' ').unwrap_or(rest)
    } else {
        rest
    }
}
