//! The line in which an indicator was found, for a person who wants to see it where it stood.
//!
//! One line may hold a whole mail and all its finds. So no find looks at more of its line than what is shown, if its place is
//! known. Where it is not, the line is searched from behind the last find, and what is searched in vain is limited.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::contents::{Contents, What};
use crate::indicator::{self, Indicator, Text};
use crate::mail::Mail;

/// Longest text that is shown around an indicator, in characters.
const CONTEXT: usize = 300;

/// How often all texts together may be searched for something that does not stand there.
const IN_VAIN: usize = 8;

/// How far a line is searched when the texts were searched in vain too often.
const REACH: usize = 512;

/// The lines of a mail's texts. Each text is split at most once.
pub struct Lines<'m> {
    texts: Vec<Text<'m>>,
    split: Vec<Option<Split<'m>>>,
    contents: &'m Contents,
    /// By the part that the finds in it name.
    files: Option<HashMap<String, Split<'m>>>,
    spare: Spare,
    /// What was shown last. The finds of one line share it.
    shown: Option<Arc<str>>,
}

impl<'m> Lines<'m> {
    pub fn new(mail: &'m Mail, contents: &'m Contents) -> Self {
        let texts = indicator::texts(mail);
        let bytes: usize = texts.iter().map(|text| text.text.len()).sum();
        Self {
            split: texts.iter().map(|_| None).collect(),
            texts,
            contents,
            files: None,
            spare: Spare(bytes.saturating_mul(IN_VAIN)),
            shown: None,
        }
    }

    /// The line in which an indicator was found, cut around it.
    pub fn context(&mut self, found: &Indicator) -> Option<Arc<str>> {
        let place = &found.place;
        let index = (place.line as usize).checked_sub(1)?;
        let written = found.written();
        let (line, at) = match &*place.part {
            "Subject" | "text/plain" | "text/html" => self
                .at_place(found, index)
                .or_else(|| self.in_part(&place.part, index, written))?,
            indicator::LINKS => self.in_part("text/html", index, written)?,
            part => self.in_file(part, index, written)?,
        };
        let shown = around(line, at);
        if self.shown.as_deref() != Some(shown) {
            self.shown = Some(shown.into());
        }
        self.shown.clone().filter(|_| !line.is_empty())
    }

    /// Where its byte is.
    fn at_place(&mut self, found: &Indicator, index: usize) -> Option<(&'m str, usize)> {
        let byte = found.place.at.byte()?;
        let after = self.texts.partition_point(|text| text.start <= byte);
        let number = after.checked_sub(1)?;
        let (text, split) = (self.texts.get(number)?, self.split.get_mut(number)?);
        let split = split.get_or_insert_with(|| Split::of(text.text));
        let (start, line) = split.lines.get(index).copied()?;
        let at = (byte - text.start).checked_sub(start)?;
        line.is_char_boundary(at).then_some((line, at))
    }

    /// A mail may have several texts of a kind: prefers the one whose line contains `written`. A link's target is in no
    /// line, so the first text is the fallback.
    fn in_part(&mut self, part: &str, index: usize, written: &str) -> Option<(&'m str, usize)> {
        let mut first = None;
        for (text, split) in self.texts.iter().zip(&mut self.split) {
            if text.part != part {
                continue;
            }
            let split = split.get_or_insert_with(|| Split::of(text.text));
            let Some((_, line)) = split.lines.get(index).copied() else {
                continue;
            };
            if let Some(at) = split.find(index, written, &mut self.spare) {
                return Some((line, at));
            }
            first = first.or(Some((line, 0)));
            if part == "Subject" || self.spare.is_gone() {
                break;
            }
        }
        first
    }

    fn in_file(&mut self, part: &str, index: usize, written: &str) -> Option<(&'m str, usize)> {
        let files = self.files.get_or_insert_with(|| {
            let (files, bytes) = split_files(self.contents);
            self.spare.0 = self.spare.0.saturating_add(bytes.saturating_mul(IN_VAIN));
            files
        });
        let split = files.get_mut(part)?;
        let (_, line) = split.lines.get(index).copied()?;
        let at = split.find(index, written, &mut self.spare);
        Some((line, at.unwrap_or_default()))
    }
}

/// The lines of every text in the attachments, and how many bytes they have.
fn split_files(contents: &Contents) -> (HashMap<String, Split<'_>>, usize) {
    let mut files = HashMap::new();
    let mut bytes = 0;
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
            What::Links(_) | What::Stated(_) => continue,
        };
        bytes += text.len();
        files.entry(part).or_insert_with(|| Split::of(text));
    }
    (files, bytes)
}

/// How many bytes may still be searched in vain.
struct Spare(usize);

impl Spare {
    fn take(&mut self, bytes: usize) {
        self.0 = self.0.saturating_sub(bytes.max(1));
    }

    fn is_gone(&self) -> bool {
        self.0 == 0
    }
}

/// The lines of a text.
struct Split<'m> {
    /// Each without blanks around it, and where it begins in the text.
    lines: Vec<(usize, &'m str)>,
    /// The line of the last find, and the byte of the line where it begins.
    last: (usize, usize),
}

impl<'m> Split<'m> {
    fn of(text: &'m str) -> Self {
        let mut next = 0;
        let lines = text.split('\n').map(|line| {
            let begun = line.trim_start();
            let start = next + line.len() - begun.len();
            next += line.len() + 1;
            (start, begun.trim_end())
        });
        let mut split = Self {
            lines: Vec::with_capacity(memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1),
            last: (0, 0),
        };
        split.lines.extend(lines);
        split
    }

    /// Where in the line it is written. Finds come in the order of the text, so that most are behind the last one.
    fn find(&mut self, index: usize, written: &str, spare: &mut Spare) -> Option<usize> {
        let (_, line) = self.lines.get(index)?;
        let from = if self.last.0 == index { self.last.1 } else { 0 };
        let behind = line.get(from..)?;
        if spare.is_gone() {
            let near = behind.get(..behind.floor_char_boundary(REACH))?;
            return near.find(written).map(|at| from + at);
        }
        let found = behind.find(written).map(|at| from + at);
        let found = found.or_else(|| {
            spare.take(line.len());
            line.get(..from)?.find(written)
        });
        if let Some(at) = found {
            self.last = (index, at);
        }
        found
    }
}

/// At most [`CONTEXT`] characters of a line, with what stands at byte `at` among them.
fn around(line: &str, at: usize) -> &str {
    // A character has at most four bytes.
    if line.len() <= CONTEXT || (line.len() <= 4 * CONTEXT && line.chars().count() <= CONTEXT) {
        return line;
    }
    let (before, _) = line.split_at_checked(at).unwrap_or_default();
    let lead = before.char_indices().rev().nth(CONTEXT / 3 - 1);
    let start = lead.map_or(0, |(start, _)| start);
    let rest = line.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(CONTEXT).map_or(rest.len(), |(end, _)| end);
    rest.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_what_was_found() {
        let line = format!("{} evil.example {}", "ä".repeat(500), "b".repeat(500));
        let shown = around(&line, line.find("evil").unwrap());
        assert_eq!(shown.chars().count(), CONTEXT);
        assert!(shown.starts_with(&"ä".repeat(99)) && shown.contains("evil.example"));
        assert_eq!(around("short evil.example", 6), "short evil.example");
    }

    #[test]
    fn what_stands_in_no_line_is_searched_for_a_limited_number_of_times() {
        let text = "here ".repeat(10_000);
        let mut split = Split::of(&text);
        let mut spare = Spare(text.len() * IN_VAIN);
        let searched = (0..100).filter(|_| {
            let is_searched = !spare.is_gone();
            assert_eq!(split.find(0, "there is no such text", &mut spare), None);
            is_searched
        });
        assert!(searched.count() <= IN_VAIN + 1);
    }

    #[test]
    fn finds_of_one_line_are_shown_where_they_stand_in_any_order() {
        let text = format!(
            "  a.example {} b.example {} c.example  ",
            "-".repeat(900),
            "-".repeat(900)
        );
        let mut split = Split::of(&text);
        let mut spare = Spare(text.len() * IN_VAIN);
        for (written, at) in [
            ("a.example", 0),
            ("c.example", 1822),
            ("b.example", 911),
            ("c.example", 1822),
        ] {
            assert_eq!(split.find(0, written, &mut spare), Some(at), "{written}");
        }
    }
}
