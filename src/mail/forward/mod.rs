//! Inline forwards: what a mail client quotes in the text when one presses «forward». Finds where a quoted mail begins, reads
//! the header lines above it and moves it out of the text. A reply's quotation stays where it is.
//!
//! HTML is rendered first and searched as text; since each rendered line knows where it begins in the source, the source is
//! cut there. So one set of rules serves both.

mod block;
mod digest;
mod fields;
mod label;
mod one_line;
mod shape;
mod source;
mod told;
mod wrote;

use bytes::Bytes;

use std::collections::HashMap;

use super::{BodyKind, Embedded, EmbeddedKind, Headers, Mail, html};
pub(super) use told::Told;

/// A text taken apart.
pub(super) struct Split {
    /// What the sender wrote, in the form that came in.
    pub comment: String,
    /// The quoted mails in order.
    pub quoted: Vec<Quoted>,
    /// How many more there are. They stand in the text of the last one; if none is taken out, in the comment.
    pub beyond: usize,
}

/// A quoted mail: its header lines, and its text in the form that came in.
pub(super) struct Quoted {
    pub headers: Headers,
    pub text: String,
}

impl Quoted {
    /// The message as it may have been: the quoted fields, but those that describe an encoding which the text no longer has.
    pub fn rebuild(&self, kind: BodyKind) -> Bytes {
        let mut out = String::new();
        self.headers.write_without_encoding(&mut out);
        let subtype = if kind == BodyKind::Html { "html" } else { "plain" };
        out.push_str("MIME-Version: 1.0\r\nContent-Type: text/");
        out.push_str(subtype);
        out.push_str("; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        let lines = memchr::memchr_iter(b'\n', self.text.as_bytes()).count() + 1;
        out.reserve_exact(self.text.len() + lines + 1);
        for line in self.text.split('\n') {
            out.push_str(line);
            out.push_str("\r\n");
        }
        out.into()
    }
}

/// Looks for forwards and takes at most so many out; `None` when there is none.
pub(super) fn split(kind: BodyKind, text: &str, told: Told<'_>, most: usize) -> Option<Split> {
    // The source of HTML is looked at first: most of it forwards nothing, and rendering is the expensive step.
    if !may_hold(text, told) {
        return None;
    }
    match kind {
        BodyKind::Plain => {
            if let Some(digest) = digest::split(text, most) {
                return Some(digest);
            }
            let lines: Vec<&str> = text.split('\n').collect();
            let found = block::find(&lines, source::Source::Plain, told);
            (!found.is_empty()).then(|| cut_plain(&lines, taken(found, most, lines.len())))
        }
        BodyKind::Html => {
            let rendered = html::run(text, html::Trace::Lines);
            let lines: Vec<&str> = rendered.text.split('\n').collect();
            let found = block::find(&lines, source::Source::Html, told);
            let count = lines.len();
            (!found.is_empty()).then(|| cut_html(text, &rendered.line_starts, taken(found, most, count)))
        }
    }
}

/// The line (from 0) at which the first forward of a text begins.
pub(super) fn first_line(text: &str, told: Told<'_>) -> Option<usize> {
    if !may_hold(text, told) {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').collect();
    block::find(&lines, source::Source::Plain, told)
        .first()
        .map(|found| found.marker)
}

/// Whether it is worth to look: words of the table, a subject that says so, or a rule below which words of any language may stand.
fn may_hold(text: &str, told: Told<'_>) -> bool {
    let holds = |what: &str| memchr::memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    told.forward || holds("--------") || holds("________") || told.words.may_be_in(text)
}

/// At most so many, and how many more there are. The last one goes on to the end of all lines then.
fn taken(mut found: Vec<block::QuotedLines>, most: usize, lines: usize) -> (Vec<block::QuotedLines>, usize) {
    let beyond = found.len().saturating_sub(most);
    found.truncate(most);
    if let Some(last) = found.last_mut().filter(|_| beyond > 0) {
        last.end = lines;
    }
    (found, beyond)
}

fn cut_plain(lines: &[&str], (found, beyond): (Vec<block::QuotedLines>, usize)) -> Split {
    let mut comment = String::new();
    let mut quoted = Vec::with_capacity(found.len());
    let mut position = 0;
    for forward in found {
        append(&mut comment, lines.get(position..forward.marker).unwrap_or_default(), 0);
        let mut text = String::new();
        append(
            &mut text,
            lines.get(forward.body..forward.end).unwrap_or_default(),
            forward.depth,
        );
        quoted.push(Quoted {
            headers: forward.headers,
            text: text.trim_start_matches('\n').to_owned(),
        });
        position = forward.end;
    }
    append(&mut comment, lines.get(position..).unwrap_or_default(), 0);
    Split {
        comment,
        quoted,
        beyond,
    }
}

/// Lines as they were before they were quoted. Outlook for Mac moves the text four blanks to the right.
fn append(out: &mut String, lines: &[&str], depth: usize) {
    let lines = || lines.iter().map(|line| source::unquote(line, depth));
    let is_moved = |line: &str| line.starts_with("    ") || line.trim().is_empty();
    let moved = depth == 0 && lines().all(is_moved);
    for line in lines() {
        out.push_str(line.strip_prefix("    ").filter(|_| moved).unwrap_or(line));
        out.push('\n');
    }
}

fn cut_html(source: &str, starts: &[usize], (found, beyond): (Vec<block::QuotedLines>, usize)) -> Split {
    let offset = |line: usize| {
        let at = starts.get(line).copied().unwrap_or(source.len());
        source.floor_char_boundary(at)
    };
    let mut comment = String::new();
    let mut quoted = Vec::with_capacity(found.len());
    let mut position = 0;
    for forward in found {
        let (marker, body, end) = (offset(forward.marker), offset(forward.body), offset(forward.end));
        comment.push_str(source.get(position..marker).unwrap_or_default());
        quoted.push(Quoted {
            headers: forward.headers,
            text: without_end_tags(source.get(body..end).unwrap_or_default()).to_owned(),
        });
        position = end;
    }
    comment.push_str(source.get(position..).unwrap_or_default());
    Split {
        comment,
        quoted,
        beyond,
    }
}

/// The source without the end tags at its start: they close what holds the header lines.
fn without_end_tags(source: &str) -> &str {
    let mut rest = source;
    while let Some((_, after)) = rest.trim_start().strip_prefix("</").and_then(|tag| tag.split_once('>')) {
        rest = after;
    }
    rest
}

/// Puts the bodies of the same quoted mail together, in the order of the message: a forward stands in each alternative of a mail,
/// plain and HTML, and the two are one mail with two bodies.
pub(super) fn merge_alternatives(embedded: &mut Vec<Embedded>) {
    if embedded.len() < 2 {
        return;
    }
    let mut kept: Vec<Embedded> = Vec::with_capacity(embedded.len());
    let mut first_of: HashMap<(String, String), usize> = HashMap::new();
    for this in embedded.drain(..) {
        if this.kind != EmbeddedKind::InlineForward {
            kept.push(this);
            continue;
        }
        let position = *first_of.entry(subject_and_sender(&this.mail)).or_insert(kept.len());
        match kept.get_mut(position) {
            Some(first) if share_no_kind(&first.mail, &this.mail) => join(&mut first.mail, this.mail),
            _ => kept.push(this),
        }
    }
    *embedded = kept;
}

fn subject_and_sender(mail: &Mail) -> (String, String) {
    let subject = mail.headers.subject().unwrap_or_default();
    let from = mail.headers.addresses("From");
    let from = from.first().map(|address| address.address.to_lowercase());
    (
        subject.split_whitespace().collect::<Vec<_>>().join(" "),
        from.unwrap_or_default(),
    )
}

/// Whether no kind of text stands in both.
fn share_no_kind(one: &Mail, other: &Mail) -> bool {
    let has = |mail: &Mail, kind| mail.bodies.iter().any(|body| body.kind == kind);
    !other.bodies.iter().any(|body| has(one, body.kind))
}

fn join(first: &mut Mail, other: Mail) {
    first.bodies.extend(other.bodies);
    for field in other.headers.fields {
        if first.headers.first(&field.name).is_none() {
            first.headers.fields.push(field);
        }
    }
    first.embedded.extend(other.embedded);
    merge_alternatives(&mut first.embedded);
}

#[cfg(test)]
#[path = "../tests/forward.rs"]
mod tests;
