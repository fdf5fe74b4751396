//! The one pass over a text: from word to word, asking the families what begins there.

mod halves;
mod setup;

use std::ops::Range;
use std::sync::Arc;

use super::bytes::{ALNUM, DIGIT, HEX, HIGH, JOIN, at, char_at, class, is_symbol, label_end, run};
use super::find::{Find, Told, Words};
use super::finds::Finds;
use super::lines::{HostLists, LineCounter};
use super::{Doubt, Indicator, Kind, Place, Position, refang, url};
use crate::config::TextSettings;
use crate::domain::FoundAs;

/// A version, and a hash in pieces, may be followed by another one within so many bytes.
pub(super) const NEAR: usize = 12;

/// What is scanned, and where.
pub struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    part: Arc<str>,
    /// Fields are separated by commas.
    pub(super) fields: bool,
    pub(super) options: &'a TextSettings,
    lines: LineCounter,
    pub(super) lists: HostLists,
    /// The line that all finds get, when the text is not that of the part.
    fixed_line: Option<u32>,
    /// Where the text begins in those of the mail, if it is one of them.
    begins_at: Option<usize>,
    /// What the text is, [`FoundAs::Prose`] if nothing else.
    found_as: FoundAs,
    /// See [`Scan::in_doubt`].
    doubt: Option<Doubt>,
    /// What is added now is a link, or the host of one.
    pub(super) linking: bool,
    /// Names up to here were judged: no word before it begins a name again.
    pub(super) judged: usize,
    /// Nothing before this belongs to a new find.
    pub(super) floor: usize,
    /// Where the last hash ended that was in pieces, and how many digits it has.
    pub(super) split: (usize, usize),
    /// Where the last version ended that looks like an address.
    pub(super) version_end: usize,
    /// Span of the last find: the tests watch that no find lies inside another.
    #[cfg(test)]
    last: Range<usize>,
    told: Told,
    words: Words,
    pub(super) found: &'a mut Finds,
}

impl<'a> Scan<'a> {
    /// Prepares a pass over `text`.
    pub fn new(text: &'a str, part: &Arc<str>, options: &'a TextSettings, found: &'a mut Finds) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            part: Arc::clone(part),
            fields: false,
            options,
            lines: LineCounter::default(),
            lists: HostLists::default(),
            fixed_line: None,
            begins_at: None,
            found_as: FoundAs::Prose,
            doubt: None,
            linking: false,
            judged: 0,
            floor: 0,
            split: (0, 0),
            version_end: 0,
            #[cfg(test)]
            last: 0..0,
            told: Told::default(),
            words: Words::default(),
            found,
        }
    }

    /// Reads one stretch of the text.
    pub fn run(&mut self, stretch: Range<usize>) {
        self.floor = stretch.start;
        // A find may not reach beyond the stretch: what follows is not to be read.
        let (text, bytes) = (self.text, self.bytes);
        self.text = text.get(..stretch.end).unwrap_or(text);
        self.bytes = self.text.as_bytes();
        match halves::middle(self.bytes, &stretch) {
            Some(middle) => self.halves(stretch, middle),
            None => {
                self.pass(stretch);
            }
        }
        self.text = text;
        self.bytes = bytes;
    }

    /// Reads what begins in the range. Gives where that ends.
    fn pass(&mut self, range: Range<usize>) -> usize {
        let mut i = range.start;
        while i < range.end {
            let class = class(at(self.bytes, i));
            if class & ALNUM != 0 {
                i = self.word(i);
            } else if class & HIGH != 0 {
                i = self.high(i);
            } else if class & JOIN != 0 && at(self.bytes, i) == b':' && at(self.bytes, i + 1) == b':' {
                i = self.double_colon(i);
            } else {
                i += 1;
            }
        }
        i
    }

    /// A word of ASCII letters and digits begins at `start`. Gives where to go on.
    #[inline]
    fn word(&mut self, start: usize) -> usize {
        let bytes = self.bytes;
        let rest = bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| class(*byte) & ALNUM == 0);
        let length = length.unwrap_or(rest.len());
        let end = start + length;
        let is_joined = class(at(bytes, end)) & JOIN != 0 || refang::leads_on(bytes, end);
        let is_keyword = matches!(at(bytes, start) | 0x20, b'a' | b'c' | b'h') && length <= 20;
        // Nearly all words are words of prose.
        if is_joined || is_keyword || length >= 14 {
            self.other_than_prose(start..end, is_joined, is_keyword)
        } else {
            end
        }
    }

    /// A word that is long, begins like a keyword, or may go on. Gives where to go on.
    #[inline(never)]
    fn other_than_prose(&mut self, word: Range<usize>, is_joined: bool, is_keyword: bool) -> usize {
        let Range { start, end } = word;
        let bytes = self.bytes;
        let hexadecimal = || run(bytes, start, HEX | DIGIT) >= end;
        if word.len() >= 14
            && let Some(end) = self.long_word(start, end, hexadecimal())
        {
            return end;
        }
        if is_keyword && let Some(end) = self.keyword(start, word.len()) {
            return end;
        }
        if !is_joined {
            return end;
        }
        self.joined(start, end, hexadecimal()).unwrap_or(end).max(end)
    }

    /// A word that something joins to what follows.
    fn joined(&mut self, start: usize, end: usize, hexadecimal: bool) -> Option<usize> {
        let bytes = self.bytes;
        let next = at(bytes, end);
        if let Some(opening) = url::opening(self.text, start, end)
            && let Some(end) = self.url(&opening)
        {
            return Some(end);
        }
        if hexadecimal
            && end - start <= 10
            && let Some(end) = self.groups(start, end)
        {
            return Some(end);
        }
        if start < self.judged {
            return refang::at_sign(bytes, end)
                .and_then(|mark| self.email(None, end, mark))
                .or_else(|| {
                    // The last label of a judged name may still carry a scheme or a local part.
                    (next == b'.').then_some(end)
                });
        }
        self.name(start)
    }

    /// A character beyond ASCII: perhaps the start of an IDN.
    fn high(&mut self, start: usize) -> usize {
        let Some(c) = char_at(self.text, start) else {
            return start + 1;
        };
        if !c.is_alphanumeric() && !is_symbol(c) {
            return start + c.len_utf8();
        }
        let end = label_end(self.text, start).max(start + c.len_utf8());
        let goes_on = class(at(self.bytes, end)) & JOIN != 0 || refang::leads_on(self.bytes, end);
        let joined = (goes_on || is_symbol(c)) && start >= self.judged;
        joined.then(|| self.name(start)).flatten().unwrap_or(end)
    }

    /// Adds a find that stands in `span`.
    pub(super) fn add(&mut self, span: Range<usize>, kind: Kind, value: String, mut find: Find) {
        let line = self.fixed_line.unwrap_or_else(|| self.lines.at(self.bytes, span.start));
        #[cfg(test)]
        assert!(
            span == self.last || span.start >= self.last.end,
            "a find inside another: {span:?}"
        );
        #[cfg(test)]
        self.last.clone_from(&span);
        self.floor = self.floor.max(span.end);
        // Names without a link are put into hidden text for the filters of others, and stand in programs for other things.
        if matches!(self.found_as, FoundAs::Hidden | FoundAs::Script) && !self.linking && !find.defanged {
            return;
        }
        let at = self
            .begins_at
            .map_or_else(Position::default, |start| Position::new(start + span.start));
        let (text, part, found_as, linking, doubt) = (self.text, &self.part, self.found_as, self.linking, self.doubt);
        let (told, words) = (&mut self.told, &mut self.words);
        self.found.add_with(kind, value, |value| Indicator {
            kind,
            found_as: find.way(found_as, linking || value.starts_with("www.")),
            place: Place {
                part: Arc::clone(part),
                line,
                at,
                written: words.of(text, span, &value),
            },
            remarks: find.remark(&value, told).into_iter().collect(),
            value,
            doubt: find.doubt.or(doubt),
            defanged: find.defanged,
            passing: find.passing,
            redirects_to: find.redirects_to,
            url_host: find.url_host,
            stated: None,
        });
    }
}
