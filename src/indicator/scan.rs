//! The one pass over a text: from word to word, asking the families what begins there.

use std::ops::Range;
use std::sync::Arc;

use super::bytes::{ALNUM, DIGIT, HEX, HIGH, JOIN, at, before, char_at, class, is_alnum, is_symbol, label_end};
use super::finds::Finds;
use super::lines::{HostLists, LineCounter};
use super::{Doubt, Indicator, Kind, Place, bare, coin, hash, name, refang, regkey, url};
use crate::config::TextSettings;
use crate::domain::Remark;

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
    /// Names up to here were judged: no word before it begins a name again.
    pub(super) judged: usize,
    /// Nothing before this belongs to a new find.
    pub(super) floor: usize,
    /// Span of the last find: the tests watch that no find lies inside another.
    #[cfg(test)]
    last: Range<usize>,
    pub(super) found: &'a mut Finds,
}

/// A find, before it has a place.
#[derive(Default)]
pub struct Find {
    /// See [`Indicator::url_host`].
    pub url_host: Option<Box<str>>,
    /// See [`Indicator::remarks`].
    pub remark: Option<Remark>,
    /// See [`Indicator::doubt`].
    pub doubt: Option<Doubt>,
    /// See [`Indicator::defanged`].
    pub defanged: bool,
    /// See [`Indicator::passing`].
    pub passing: bool,
    /// See [`Indicator::redirects_to`].
    pub redirects_to: Option<Box<str>>,
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
            judged: 0,
            floor: 0,
            #[cfg(test)]
            last: 0..0,
            found,
        }
    }

    /// All finds are on this line.
    pub fn on_line(mut self, line: u32) -> Self {
        self.fixed_line = Some(line);
        self
    }

    /// Fields are separated by commas.
    pub fn with_fields(mut self, fields: bool) -> Self {
        self.fields = fields;
        self
    }

    /// Reads one stretch of the text.
    pub fn run(&mut self, stretch: Range<usize>) {
        let mut i = stretch.start;
        self.floor = stretch.start;
        // A find may not reach beyond the stretch: what follows is not to be read.
        let (text, bytes) = (self.text, self.bytes);
        self.text = text.get(..stretch.end).unwrap_or(text);
        self.bytes = self.text.as_bytes();
        while i < stretch.end {
            let class = class(at(self.bytes, i));
            if class & ALNUM != 0 {
                i = self.word(i);
            } else if class & HIGH != 0 {
                i = self.high(i);
            } else if class != 0 && at(self.bytes, i) == b':' && at(self.bytes, i + 1) == b':' {
                i = self.double_colon(i);
            } else {
                i += 1;
            }
        }
        self.text = text;
        self.bytes = bytes;
    }

    /// A word of ASCII letters and digits begins at `start`. Gives where to go on.
    fn word(&mut self, start: usize) -> usize {
        let bytes = self.bytes;
        let (mut end, mut hexadecimal) = (start, true);
        loop {
            let bits = class(at(bytes, end));
            if bits & ALNUM == 0 {
                break;
            }
            hexadecimal &= bits & (HEX | DIGIT) != 0;
            end += 1;
        }
        let length = end - start;
        if length >= 14
            && let Some(end) = self.long_word(start, end, hexadecimal)
        {
            return end;
        }
        if length <= 20
            && let Some(end) = self.keyword(start, length)
        {
            return end;
        }
        if class(at(bytes, end)) & JOIN == 0 && !refang::leads_on(bytes, end) {
            return end;
        }
        self.joined(start, end, hexadecimal).unwrap_or(end).max(end)
    }

    /// Hashes and coins.
    fn long_word(&mut self, start: usize, end: usize, hexadecimal: bool) -> Option<usize> {
        if hexadecimal && !self.is_host_label(end) {
            if let Some(hash) = hash::read(self.text, start, end) {
                let end = hash.end;
                self.add(
                    start..end,
                    hash.kind,
                    hash.value,
                    Find {
                        doubt: hash.doubt,
                        ..Find::default()
                    },
                );
                return Some(end);
            }
        } else if !matches!(before(self.bytes, start), b'-' | b'_' | b'/' | b'.')
            && at(self.bytes, end) != b'@'
            && let Some(coin) = coin::read(self.text, start, end)
        {
            let remark = coin.name.map(|name| Remark::Verbatim { text: name.to_owned() });
            self.add(
                start..end,
                coin.kind,
                coin.value,
                Find {
                    remark,
                    ..Find::default()
                },
            );
            return Some(end);
        }
        None
    }

    /// Whether the word that ends at `end` is the first label of a longer name (which is no file of that hash).
    fn is_host_label(&self, end: usize) -> bool {
        let joined = at(self.bytes, end) == b'.' && is_alnum(self.bytes, end + 1);
        joined && {
            let next = label_end(self.text, end + 1);
            !bare::is_file_name(&format!("x.{}", self.text.get(end + 1..next).unwrap_or_default()))
        }
    }

    /// Words that begin something by their letters.
    fn keyword(&mut self, start: usize, length: usize) -> Option<usize> {
        let bytes = self.bytes;
        let (first, second) = (at(bytes, start) | 0x20, at(bytes, start + 1) | 0x20);
        let (kind, value, end) = match (first, second) {
            (b'c', b'v') if length == 3 && at(bytes, start + 2) | 0x20 == b'e' => {
                return self.vulnerabilities(start);
            }
            (b'a', b's') => {
                let (value, end) = name::autonomous_system(bytes, start)?;
                (Kind::As, value, end)
            }
            (b'h', b'k') => {
                let (value, end) = regkey::read(self.text, start)?;
                (Kind::Regkey, value, end)
            }
            _ => return None,
        };
        self.add(start..end, kind, value, Find::default());
        self.floor = end;
        Some(end)
    }

    /// A CVE number, and those behind it that are shortened: `CVE-2025-31001/31002`.
    fn vulnerabilities(&mut self, start: usize) -> Option<usize> {
        let (value, mut end) = name::cve(self.bytes, start)?;
        let year = value.get(..9)?.to_owned();
        self.add(start..end, Kind::Vulnerability, value, Find::default());
        while let Some((number, past)) = name::next_number(self.bytes, end) {
            let value = format!("{year}{}", self.text.get(number..past)?);
            self.add(number..past, Kind::Vulnerability, value, Find::default());
            end = past;
        }
        self.floor = end;
        Some(end)
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
        let joined = (class(at(self.bytes, end)) & JOIN != 0 || is_symbol(c)) && start >= self.judged;
        joined.then(|| self.name(start)).flatten().unwrap_or(end)
    }

    /// Adds a find that stands in `span`.
    pub(super) fn add(&mut self, span: Range<usize>, kind: Kind, value: String, find: Find) {
        let line = self.fixed_line.unwrap_or_else(|| self.lines.at(self.bytes, span.start));
        #[cfg(test)]
        assert!(
            span == self.last || span.start >= self.last.end,
            "a find inside another: {span:?}"
        );
        #[cfg(test)]
        self.last.clone_from(&span);
        self.floor = self.floor.max(span.end);
        let written = self.text.get(span).unwrap_or_default();
        let cut = match written.len() {
            ..=300 => written.len(),
            _ => written.char_indices().nth(300).map_or(written.len(), |(cut, _)| cut),
        };
        let place = Place {
            part: Arc::clone(&self.part),
            line,
            written: written.get(..cut).filter(|written| *written != value).map(Into::into),
        };
        self.found.add(Indicator {
            kind,
            value,
            place,
            remarks: find.remark.into_iter().collect(),
            doubt: find.doubt,
            decoy: false,
            defanged: find.defanged,
            passing: find.passing,
            redirects_to: find.redirects_to,
            url_host: find.url_host,
        });
    }
}
