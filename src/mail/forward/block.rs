//! Where a quoted mail begins and ends in the lines of a text.

use super::label::Marker;
use super::source::{Source, unquote};
use super::told::Told;
use super::{fields, shape, wrote};
use crate::mail::Headers;

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
        let told = if open { told.inside() } else { told };
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
    for quoted in &mut found {
        quoted.unquote_body(lines);
    }
    found
}

impl QuotedLines {
    /// Missive quotes the text but not the header lines above it.
    fn unquote_body(&mut self, lines: &[&str]) {
        let body = lines.get(self.body..self.end).unwrap_or_default();
        let mut written = body.iter().filter(|line| !line.trim().is_empty()).peekable();
        if self.depth == 0 && written.peek().is_some() && written.all(|line| depth(line) > 0) {
            self.depth = 1;
        }
    }
}

/// A quoted mail that begins at this line, taken to reach to the end.
fn begins_at(lines: &[&str], at: usize, source: Source, told: Told<'_>) -> Option<QuotedLines> {
    let content = unquote(lines.get(at)?, usize::MAX);
    // Most lines have neither a colon nor a rule.
    if !content.contains([':', '：', '-', '_', '=', '*', '—', '–', '─', '‐', '~']) && told.words.whole_lines.is_empty()
    {
        return None;
    }
    let Begin { body, headers, depth } = match told.words.marker(content) {
        Some(marker) => marked(lines, at, marker, source, told),
        None => match told.words.marker_before(content) {
            Some((marker, rest)) => one_line(lines, at, marker, rest, source, told),
            None => unmarked(lines, at, content, source, told),
        },
    }?;
    Some(QuotedLines {
        marker: at,
        body,
        end: lines.len(),
        depth,
        headers,
    })
}

/// Header lines, and where the text below them begins.
struct Begin {
    body: usize,
    headers: Headers,
    depth: usize,
}

impl Begin {
    fn new(depth: usize, (headers, body): (Headers, usize)) -> Self {
        Self { body, headers, depth }
    }

    fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.headers.first(name).is_some())
    }
}

const ALL: [&str; 3] = ["From", "Date", "Subject"];

/// Below a marker.
fn marked(lines: &[&str], at: usize, marker: Marker, source: Source, told: Told<'_>) -> Option<Begin> {
    if told.reply && marker != Marker::Forwarded {
        return None;
    }
    let gap = |index: &usize| {
        let text = unquote(lines.get(*index).copied().unwrap_or_default(), usize::MAX).trim();
        text.is_empty() || told.words.marker(text) == Some(Marker::Rule)
    };
    let first = (at + 1..lines.len()).take(GAP + 1).find(|index| !gap(index))?;
    let depth = depth(lines.get(first)?);
    let is_forwarded = marker == Marker::Forwarded;
    let known = fields::read(lines, first, depth, source, told.words).map(|read| Begin::new(depth, read));
    let known = known
        .filter(|begin| begin.has(&ALL) || (is_forwarded && begin.has(&["From"]) && begin.headers.fields.len() >= 2));
    let worded = marker != Marker::Rule;
    known
        .or_else(|| {
            Some(Begin::new(
                depth,
                shape::read(lines, first, depth, source, told, worded)?,
            ))
        })
        .or_else(|| said(lines, first, told).filter(|_| is_forwarded || told.forward))
}

/// Marker and all fields on one line.
fn one_line(lines: &[&str], at: usize, marker: Marker, rest: &str, source: Source, told: Told<'_>) -> Option<Begin> {
    if told.reply && marker != Marker::Forwarded {
        return None;
    }
    let depth = depth(lines.get(at)?);
    let headers = fields::in_one_line(rest, told.words)?;
    Some(Begin::new(
        depth,
        (headers, fields::behind(lines, at + 1, depth, source)),
    ))
}

/// Without a marker: header lines after a blank line, or who wrote what follows.
fn unmarked(lines: &[&str], at: usize, content: &str, source: Source, told: Told<'_>) -> Option<Begin> {
    if told.reply {
        return None;
    }
    let before = at.checked_sub(1).and_then(|before| lines.get(before));
    let before = before.map_or("", |before| unquote(before, usize::MAX).trim());
    let is_first = before.is_empty();
    let field = told.words.field(content).map(|(name, _)| name);
    let begins = match field {
        Some("From") => is_first || source == Source::Html,
        // GMX begins with the date, so does a mail of which nothing is known but its shape.
        _ if told.forward => is_first || (source == Source::Html && told.words.field(before).is_none()),
        _ => false,
    };
    let depth = depth(lines.get(at)?);
    if begins && field.is_some() {
        let known = fields::read(lines, at, depth, source, told.words).map(|read| Begin::new(depth, read));
        let known = known
            .filter(|begin| begin.has(&ALL) && (field == Some("From") || !begin.headers.addresses("From").is_empty()));
        if known.is_some() {
            return known;
        }
    }
    if !told.forward && told.subject.is_empty() {
        return None;
    }
    let by_shape = || shape::read(lines, at, depth, source, told, false).map(|read| Begin::new(depth, read));
    let by_shape = if is_first { by_shape() } else { None };
    by_shape.or_else(|| said(lines, at, told).filter(|_| told.forward))
}

/// A line that says who wrote what follows, or two where it was too long.
fn said(lines: &[&str], at: usize, told: Told<'_>) -> Option<Begin> {
    let line = unquote(lines.get(at)?, usize::MAX).trim();
    let next = unquote(lines.get(at + 1).copied().unwrap_or_default(), usize::MAX).trim();
    let (wrote, body) = match wrote::read(line, told.words) {
        Some(wrote) => (wrote, at + 1),
        None if !line.is_empty() && next.ends_with(':') && next.len() < 120 => {
            (wrote::read(&format!("{line} {next}"), told.words)?, at + 2)
        }
        None => return None,
    };
    let mut headers = Headers::default();
    headers.push("From", &wrote.from);
    headers.push("Date", &wrote.date);
    if !told.subject.is_empty() {
        headers.push("Subject", told.subject);
    }
    let is_blank = |line: &&str| unquote(line, usize::MAX).trim().is_empty();
    let blank = lines
        .get(body..)
        .unwrap_or_default()
        .iter()
        .take_while(|line| is_blank(line))
        .count();
    let depth = lines.get(body + blank).map_or(0, |line| depth(line));
    Some(Begin::new(depth, (headers, body + blank)))
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
