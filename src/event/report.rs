//! The event report: the mail's text, defanged, for the analyst who opens the event, naming the attributes found in it.

use std::fmt::Write;

use uuid::Uuid;

use crate::domain::{Ending, host};
use crate::event::derive;
use crate::mail::Mail;
use crate::misp::event::{Attribute, EventReport};
use crate::policy::{Case, Role};

/// Longest text taken from one mail, in bytes. The `email` object has the whole text.
const MAX_TEXT: usize = 256 << 10;

/// Longest name of a report, in bytes.
const MAX_NAME: usize = 250;

/// Most attributes that are named. For more, the event's own list is easier to read.
const MAX_NAMED: usize = 500;

/// The report's text without the list of attributes; empty when there is neither text nor comment.
pub fn text(case: &Case<'_>) -> String {
    let mut content = String::new();
    if let Some(comment) = case
        .overrides
        .comment
        .as_deref()
        .filter(|comment| !comment.trim().is_empty())
    {
        let _ = write!(content, "{}\n\n", comment.trim());
    }
    for node in &case.nodes {
        let texts = texts(node.mail);
        if texts.is_empty() || case.overrides.files_only {
            continue;
        }
        let heading = match node.role {
            Role::Report => "Mail",
            Role::Sample => "Sample",
        };
        let _ = write!(content, "# {heading}\n\n");
        for field in ["From", "Date", "Subject"] {
            if let Some(value) = node.mail.headers.first(field).filter(|value| !value.trim().is_empty()) {
                let _ = writeln!(content, "- **{field}:** {}", inline(&defang(value)));
            }
        }
        if let Some(article) = node.mail.headers.article().filter(|_| node.parent.is_none()) {
            let _ = writeln!(content, "- **Article:** {}", inline(&defang(article)));
        }
        content.push('\n');
        let mut room = MAX_TEXT;
        for text in texts {
            quote(&mut content, text, room);
            room = room.saturating_sub(text.len());
            if room == 0 {
                break;
            }
        }
    }
    content
}

/// The text that a reader sees: all bodies of the kind that comes first. The other kind usually repeats it.
fn texts(mail: &Mail) -> Vec<&str> {
    let filled = || mail.bodies.iter().filter(|body| !body.text.trim().is_empty());
    let kind = filled().next().map(|body| body.kind);
    filled()
        .filter(|body| Some(body.kind) == kind)
        .map(|body| body.text.trim())
        .collect()
}

/// What the report of a mail is called: its subject, so that reports can be told apart.
pub fn name(case: &Case<'_>) -> String {
    let subject = case.nodes.first().and_then(|node| node.mail.headers.subject());
    let subject = subject.unwrap_or_default().replace(char::is_control, " ");
    let end = subject.floor_char_boundary(MAX_NAME);
    match subject.get(..end).map(str::trim).filter(|subject| !subject.is_empty()) {
        Some(subject) => subject.to_owned(),
        None => "Text of the mail".to_owned(),
    }
}

/// The report, or `None` when there is no text for it.
pub fn finish(mut content: String, name: String, attributes: &[Attribute], event: Uuid) -> Option<EventReport> {
    if content.is_empty() {
        return None;
    }
    if !attributes.is_empty() {
        content.push_str("# Indicators\n\n");
        for attribute in attributes.iter().take(MAX_NAMED) {
            let _ = writeln!(content, "- @[attribute]({})", attribute.uuid);
        }
        if let Some(more) = attributes.len().checked_sub(MAX_NAMED).filter(|more| *more > 0) {
            let _ = writeln!(content, "- and {more} more");
        }
    }
    Some(EventReport {
        uuid: derive::below(event, &["report"]),
        name,
        content,
        distribution: "5".to_owned(),
    })
}

/// Writes the text, or its first `room` bytes, into a code fence that no line of it can close.
fn quote(content: &mut String, text: &str, room: usize) {
    let end = text.floor_char_boundary(room);
    let (taken, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let longest = taken.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(content, "{fence}\n{}\n{fence}\n", defang(taken));
    if !rest.is_empty() {
        let _ = writeln!(content, "*cut after {end} of {} bytes*\n", text.len());
    }
}

/// A value on one line as a code span, in which neither Markdown's characters nor MISP's `@[attribute]` take effect.
fn inline(value: &str) -> String {
    let value = value.trim().replace(char::is_control, " ");
    let longest = value.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    // Backticks at the ends need a blank beside the outer ones; the renderer removes it again.
    let pad = if longest > 0 { " " } else { "" };
    format!("{ticks}{pad}{value}{pad}{ticks}")
}

/// Makes every link and every dotted name in a text unclickable: `http` becomes `hxxp`; between two characters of a
/// name, a dot becomes `[.]` and an `@` becomes `[@]`. Versions and names of files stay as they are.
pub fn defang(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for word in text.split_inclusive(char::is_whitespace) {
        if is_harmless(word) {
            out.push_str(word);
        } else {
            defang_word(&mut out, word);
        }
    }
    out
}

/// Whether a word is the version of a program (`Chrome/129.0`), or the name of a file that can be no host.
fn is_harmless(word: &str) -> bool {
    let is_around =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '<' | '>' | ',' | ';' | ':' | '.' | '!');
    let word = word.trim_matches(is_around);
    if !word.contains('.') || word.contains(['@', '\\']) {
        return false;
    }
    let (before, name) = word.rsplit_once('/').unwrap_or(("", word));
    let labels = || name.strip_prefix(['v', 'V']).unwrap_or(name).split('.');
    let is_number = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit());
    if labels().all(is_number) {
        let is_address = labels().count() == 4 && labels().all(|label| label.parse::<u8>().is_ok());
        return !is_address && !before.contains(['.', '/', ':']);
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    before.is_empty() && word.chars().all(is_name) && !host::is_public(word) && Ending::of_name(word).is_some()
}

fn defang_word(out: &mut String, text: &str) {
    let is_name = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let replacement =
            match byte {
                b'.' | b'@'
                    if is_name(at.checked_sub(1).and_then(|at| bytes.get(at))) && is_name(bytes.get(at + 1)) =>
                {
                    if *byte == b'.' { "[.]" } else { "[@]" }
                }
                b't' | b'T' if is_scheme_middle(bytes, at) => {
                    if *byte == b't' {
                        "x"
                    } else {
                        "X"
                    }
                }
                _ => continue,
            };
        out.push_str(text.get(copied..at).unwrap_or_default());
        out.push_str(replacement);
        copied = at + 1;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
}

/// Whether the `t` at `at` is one of the two of `http` in front of `://` or `s://`.
fn is_scheme_middle(bytes: &[u8], at: usize) -> bool {
    [1, 2].into_iter().any(|before| {
        let word = at.checked_sub(before).and_then(|start| bytes.get(start..));
        word.is_some_and(|word| {
            let Some((scheme, rest)) = word.split_at_checked(4) else {
                return false;
            };
            let rest = rest
                .strip_prefix(b"s")
                .or_else(|| rest.strip_prefix(b"S"))
                .unwrap_or(rest);
            scheme.eq_ignore_ascii_case(b"http") && rest.starts_with(b"://")
        })
    })
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
