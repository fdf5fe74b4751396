//! The text of a mail as its reader sees it, in pieces, with what was found where.
//!
//! It is the text in which the finds were made. A find that stands in none of it (the target of a link, a header field, a
//! file) gets a mark of its own, without words: at the line of the link, or under the name of its part.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;
use memchr::memchr_iter;

use crate::indicator::{self, Indicator, Text};
use crate::mail::{Link, Mail};

/// Pieces without a find are cut behind a line, so that each has about so many bytes.
const PIECE: usize = 4 << 10;

/// How far in its line the words of a link are looked for. A line may hold many links.
const REACH: usize = 16 << 10;

#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// What follows stands in this part of a mail of this event.
    Part {
        event: usize,
        /// Subject of the mail.
        subject: Option<String>,
        name: String,
    },
    /// A stretch of the text, and the items of the preview that were found in it. A mark without words has items only.
    Text { text: String, items: Vec<usize> },
}

/// Where something stands, in bytes of all texts of the mail.
struct Mark {
    span: Range<usize>,
    item: usize,
    /// Of a mark without words: what is written in the source. A URL and its host have one mark.
    source: String,
}

/// A mail that is being marked.
pub struct Marked<'m> {
    mail: &'m Mail,
    texts: Vec<Text<'m>>,
    marks: Vec<Mark>,
    /// Items that stand in no text, by part.
    elsewhere: BTreeMap<Arc<str>, Vec<usize>>,
    /// Made for the first find that is in HTML and not in its text.
    links: Option<Links<'m>>,
}

impl<'m> Marked<'m> {
    pub fn new(mail: &'m Mail) -> Self {
        Self {
            mail,
            texts: indicator::texts(mail),
            marks: Vec::new(),
            elsewhere: BTreeMap::new(),
            links: None,
        }
    }

    /// Marks the place of a find.
    pub fn mark(&mut self, item: usize, found: &Indicator) {
        match self.in_text(found).or_else(|| self.in_html(found)) {
            Some(span) => {
                let source = Some(found.written())
                    .filter(|_| span.is_empty())
                    .unwrap_or_default()
                    .to_owned();
                self.marks.push(Mark { span, item, source });
            }
            None => self.name(item, &found.place.part),
        }
    }

    /// Names the part in which an item stands.
    pub fn name(&mut self, item: usize, part: &Arc<str>) {
        self.elsewhere.entry(Arc::clone(part)).or_default().push(item);
    }

    fn in_text(&self, found: &Indicator) -> Option<Range<usize>> {
        let start = found.place.at.byte()?;
        let after = self.texts.partition_point(|text| text.start <= start);
        let text = self.texts.get(after.checked_sub(1)?)?;
        let written = found.written();
        let stands = text.text.get(start - text.start..)?.starts_with(written);
        stands.then(|| start..start + written.len())
    }

    /// The words of the link whose target it is, or else the start of the line.
    fn in_html(&mut self, found: &Indicator) -> Option<Range<usize>> {
        let place = &found.place;
        let is_in_html = matches!(&*place.part, "text/html" | indicator::LINKS);
        let line = place.line.checked_sub(1).filter(|_| is_in_html)?;
        let texts = &self.texts;
        let links: &Links<'_> = self.links.get_or_insert_with(|| Links::new(texts));
        let shown = links.shown.get(&(place.line, indicator::head(found.written())));
        let start = || links.line_starts.get(line as usize).map(|start| *start..*start);
        shown.cloned().or_else(start)
    }

    /// The pieces of all texts, then the parts that are only named.
    pub fn into_pieces(mut self, event: usize, pieces: &mut Vec<Piece>) {
        let subject = self
            .mail
            .headers
            .subject()
            .map(|subject| subject.chars().take(300).collect());
        let part = |name: &str| Piece::Part {
            event,
            subject: Option::<String>::clone(&subject),
            name: name.to_owned(),
        };
        self.marks.sort_by_key(|mark| (mark.span.start, mark.span.end));
        let mut marks = self.marks.as_slice();
        for text in &self.texts {
            let end = text.start + text.text.len();
            let (own, rest) = marks.split_at(marks.partition_point(|mark| mark.span.start <= end));
            marks = rest;
            if !own.is_empty() || !text.text.trim().is_empty() {
                pieces.push(part(text.part));
                cut(text, own, pieces);
            }
        }
        for (name, items) in &self.elsewhere {
            pieces.push(part(name));
            let named = items.iter().map(|item| Piece::Text {
                text: String::new(),
                items: vec![*item],
            });
            pieces.extend(named);
        }
    }
}

/// Cuts a text at its marks. Marks that overlap become one.
fn cut(text: &Text<'_>, marks: &[Mark], pieces: &mut Vec<Piece>) {
    let mut done = 0;
    let mut marks = marks.iter().peekable();
    while let Some(mark) = marks.next() {
        let mut span = mark.span.start - text.start..mark.span.end - text.start;
        let mut items = vec![mark.item];
        let is_one = |next: &&Mark, end| next.span.start - text.start < end || same_source(mark, next);
        while let Some(next) = marks.next_if(|next| is_one(next, span.end)) {
            span.end = span.end.max(next.span.end - text.start);
            if items.last() != Some(&next.item) {
                items.push(next.item);
            }
        }
        plain(text.text.get(done..span.start).unwrap_or_default(), pieces);
        done = span.end;
        let text = text.text.get(span).unwrap_or_default().to_owned();
        pieces.push(Piece::Text { text, items });
    }
    plain(text.text.get(done..).unwrap_or_default(), pieces);
}

fn same_source(mark: &Mark, next: &Mark) -> bool {
    !mark.source.is_empty() && mark.span == next.span && mark.source == next.source
}

fn plain(mut text: &str, pieces: &mut Vec<Piece>) {
    while !text.is_empty() {
        let most = text.floor_char_boundary(PIECE);
        let head = text.get(..most).unwrap_or_default();
        let end = match head.rfind('\n') {
            Some(line_end) if text.len() > PIECE => line_end + 1,
            _ => most,
        };
        let (piece, rest) = text.split_at(end);
        text = rest;
        pieces.push(Piece::Text {
            text: piece.to_owned(),
            items: Vec::new(),
        });
    }
}

/// Where the lines of the first HTML body begin, and the words of the links of all of them.
struct Links<'m> {
    line_starts: Vec<usize>,
    /// By line and target.
    shown: HashMap<(u32, &'m str), Range<usize>>,
}

impl<'m> Links<'m> {
    fn new(texts: &[Text<'m>]) -> Self {
        let mut this = Self {
            line_starts: Vec::new(),
            shown: HashMap::new(),
        };
        for text in texts {
            let links = text.body.map(|body| &*body.links).unwrap_or_default();
            if links.is_empty() && text.part != "text/html" {
                continue;
            }
            let starts = line_starts(text);
            this.read(text, links, &starts);
            if this.line_starts.is_empty() {
                this.line_starts = starts;
            }
        }
        this
    }

    fn read(&mut self, text: &Text<'m>, links: &'m [Link], starts: &[usize]) {
        // Links come in the order of the text: what is before the last one's words is not looked at again.
        let mut done = 0;
        for link in links {
            let Some(start) = starts
                .get((link.line as usize).saturating_sub(1))
                .map(|start| start - text.start)
            else {
                continue;
            };
            let from = done.max(start);
            let to = text.text.floor_char_boundary((from + REACH).min(text.text.len()));
            let words = link.shown.trim();
            let place = text
                .text
                .get(from..to)
                .filter(|_| !words.is_empty())
                .and_then(|window| window.find(words));
            if let Some(place) = place {
                done = from + place + words.len();
                let span = text.start + from + place..text.start + done;
                self.shown
                    .entry((link.line, indicator::head(link.target.trim())))
                    .or_insert(span);
            }
        }
    }
}

fn line_starts(text: &Text<'_>) -> Vec<usize> {
    let ends = memchr_iter(b'\n', text.text.as_bytes()).map(|end| text.start + end + 1);
    std::iter::once(text.start).chain(ends).collect()
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
