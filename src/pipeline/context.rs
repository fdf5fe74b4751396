//! The line in which an indicator was found, for a person who wants to see it where it stood.

use std::collections::HashMap;

use crate::contents::{Contents, What};
use crate::indicator::Indicator;
use crate::mail::{Body, BodyKind, Mail};

/// Longest text that is shown around an indicator, in characters.
const CONTEXT: usize = 300;

/// The lines of a mail's texts. Each text is split at most once.
pub struct Lines<'m> {
    mail: &'m Mail,
    bodies: Vec<Option<Vec<&'m str>>>,
    contents: &'m Contents,
    files: HashMap<String, Vec<&'m str>>,
}

impl<'m> Lines<'m> {
    pub fn new(mail: &'m Mail, contents: &'m Contents) -> Self {
        Self {
            mail,
            contents,
            bodies: vec![None; mail.bodies.len()],
            files: HashMap::new(),
        }
    }

    /// The line in which an indicator was found, cut around it.
    pub fn context(&mut self, found: &Indicator) -> Option<String> {
        let place = &found.place;
        let index = (place.line as usize).checked_sub(1)?;
        let written = found.written();
        let line = match &*place.part {
            "Subject" => self.mail.headers.subject()?.to_owned(),
            "text/plain" => self.body(BodyKind::Plain, index, written)?.to_owned(),
            "text/html" | "text/html link" => self.body(BodyKind::Html, index, written)?.to_owned(),
            part => self.file(part, index)?.to_owned(),
        };
        let line = line.trim();
        (!line.is_empty()).then(|| around(line, written))
    }

    /// A mail may have several bodies of a kind: prefers the one whose line contains `written`. A link's target is in
    /// no line, so the first body is the fallback.
    fn body(&mut self, kind: BodyKind, index: usize, written: &str) -> Option<&'m str> {
        let mut first = None;
        for (body, lines) in self.mail.bodies.iter().zip(&mut self.bodies) {
            if body.kind != kind {
                continue;
            }
            let lines = lines.get_or_insert_with(|| lines_of(body));
            let Some(line) = lines.get(index).copied() else {
                continue;
            };
            if line.contains(written) {
                return Some(line);
            }
            first = first.or(Some(line));
        }
        first
    }

    fn file(&mut self, part: &str, index: usize) -> Option<&'m str> {
        if self.files.is_empty() {
            self.files = lines_of_files(self.contents);
        }
        self.files.get(part)?.get(index).copied()
    }
}

/// The lines of every text in the attachments, by the part that the finds in it name.
fn lines_of_files(contents: &Contents) -> HashMap<String, Vec<&str>> {
    let mut lines: HashMap<String, Vec<&str>> = HashMap::new();
    let in_bodies = contents.in_bodies.iter().map(|piece| (piece.place.clone(), piece));
    let in_files = contents
        .files
        .iter()
        .flat_map(|file| file.pieces.iter().map(|piece| (file.part(piece), piece)));
    for (part, piece) in in_bodies.chain(in_files) {
        let text = match &piece.what {
            What::Text { text, .. } | What::Table(text) => text,
            What::Page(body) => &body.text,
            What::Code(code) => &code.text,
            What::Links(_) => continue,
        };
        lines.entry(part).or_insert_with(|| text.split('\n').collect());
    }
    lines
}

fn lines_of(body: &Body) -> Vec<&str> {
    body.text.split('\n').collect()
}

/// At most [`CONTEXT`] characters of a line, with what was found among them.
fn around(line: &str, written: &str) -> String {
    let at = line.find(written).unwrap_or(0);
    let before = line.get(..at).unwrap_or_default().chars().count();
    let lead = CONTEXT / 3;
    let skip = if line.chars().count() <= CONTEXT {
        0
    } else {
        before.saturating_sub(lead)
    };
    line.chars().skip(skip).take(CONTEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_what_was_found() {
        let line = format!("{} evil.example {}", "a".repeat(500), "b".repeat(500));
        let shown = around(&line, "evil.example");
        assert_eq!(shown.chars().count(), CONTEXT);
        assert!(shown.contains("evil.example"));
        assert_eq!(around("short evil.example", "evil.example"), "short evil.example");
    }
}
