//! Reads a chain of labels and dots out of the text. Whether it is a name of the DNS is for `host` to say, and whether a bare
//! one in prose is meant as one for `bare`.

use super::bytes::{
    ALNUM, DASH, at, before, char_at, char_before, class, is_alnum, is_invisible, is_symbol, is_typeset_hyphen,
    label_end, skip_blanks,
};
use super::refang;
use crate::domain::host;

/// Longest name worth keeping; DNS allows 253 octets, an IDN may be longer as written.
const LONGEST: usize = 512;

/// Labels joined by dots, as they stand in the text.
#[derive(Debug)]
pub struct Chain {
    /// Refanged, lower-case, invisible characters removed.
    pub name: String,
    /// First byte.
    pub start: usize,
    /// Past the last byte.
    pub end: usize,
    /// How many labels.
    pub labels: usize,
    /// A dot was defanged.
    pub evident: bool,
    /// Longer than any name can be: only `end` can be relied on.
    pub too_long: bool,
    /// Where the first picture in it stands, `i❤.ws`.
    pub picture: Option<usize>,
    /// Whether labels may change between scripts with blanks and without.
    pub mixed: bool,
}

impl Chain {
    /// Reads from `start` as far as labels and dots go. `loose` allows blanks around dots. A label goes over pictures, too;
    /// whether they belong to it is for the caller to say.
    pub fn read(text: &str, start: usize, loose: bool) -> Self {
        Self::begin(start).goes_on(text, loose)
    }

    /// The same behind a scheme, where scripts without blanks are not parted from Latin letters before a whole name is read.
    pub fn after_scheme(text: &str, start: usize, loose: bool) -> Self {
        let chain = Self::begin(start);
        Self { mixed: true, ..chain }.goes_on(text, loose).over_blank(text)
    }

    fn begin(start: usize) -> Self {
        Self {
            name: String::new(),
            start,
            end: start,
            labels: 0,
            evident: false,
            too_long: false,
            picture: None,
            mixed: false,
        }
    }

    fn goes_on(mut self, text: &str, loose: bool) -> Self {
        let mut from = self.start;
        // Who writes one dot without blanks ends a sentence with ` . `.
        let mut tight = false;
        loop {
            from = self.label(text, from);
            if self.too_long {
                self.end = past_labels(text.as_bytes(), self.end);
                return self;
            }
            self.labels += 1;
            let Some((mark, spaced)) = self.dot(text, loose).filter(|(_, spaced)| !(*spaced && tight)) else {
                break;
            };
            tight |= !spaced;
            if self.evident && !mark.evident && begins_sentence(text, from, mark.end) {
                break;
            }
            self.evident |= mark.evident;
            self.name.push('.');
            from = mark.end;
        }
        self.trim(text);
        self
    }

    /// Reads one label from `from`, over pictures and hyphens that are defanged; gives where its last plain part began.
    fn label(&mut self, text: &str, from: usize) -> usize {
        let mut part = from;
        loop {
            let end = label_end(text, part);
            self.push(text.get(part..end).unwrap_or_default());
            self.end = end;
            if self.too_long {
                return part;
            }
            if let Some((c, mark)) = refang::within_label(text.as_bytes(), end) {
                self.push(c.encode_utf8(&mut [0; 4]));
                self.evident |= mark.evident;
                part = mark.end;
            } else if let Some(c) = char_at(text, end).filter(|c| is_symbol(*c)) {
                self.picture.get_or_insert(end);
                self.push(c.encode_utf8(&mut [0; 4]));
                part = end + c.len_utf8();
            } else if self.mixed && end > part && is_letter(text, end) && host::registrable(&self.name).is_none() {
                part = end;
            } else {
                return part;
            }
        }
    }

    /// The dot after the label, and whether blanks stand before it.
    fn dot(&mut self, text: &str, loose: bool) -> Option<(refang::Mark, bool)> {
        let bytes = text.as_bytes();
        // `[dbo].[name]`: what closes before the dot was opened before the label.
        let closes = matches!(at(bytes, self.end), b']' | b')' | b'}');
        if closes && matches!(before(bytes, self.start), b'[' | b'(' | b'{') {
            return None;
        }
        if let Some(mark) = refang::dot(text, self.end, loose || self.evident) {
            return Some((mark, refang::is_spaced_dot(bytes, self.end)));
        }
        let broken = self.labels == 1 && refang::is_broken_dot(bytes, self.end);
        let mark = refang::Mark {
            end: self.end + 1,
            evident: false,
        };
        broken.then_some((mark, false))
    }

    /// Leaves out what does not belong to a name at its end: hyphens, underscores, pictures.
    fn trim(&mut self, text: &str) {
        while let Some(c) = char_before(text, self.end).filter(|_| self.end > self.start) {
            if matches!(c, '-' | '_') || is_symbol(c) {
                self.name.pop();
            } else if !(self.picture.is_some() && is_invisible(c)) {
                break;
            }
            self.end -= c.len_utf8();
        }
        self.picture = self.picture.filter(|picture| *picture < self.end);
    }

    /// The same with the suffix that stands behind the dot and a blank, after a scheme: `http://evil-zone. top/a`.
    fn over_blank(self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let dot = skip_blanks(bytes, self.end, 1);
        let next = skip_blanks(bytes, dot + 1, 1);
        let blank = at(bytes, dot) == b'.' && next > self.end + 1 && at(bytes, next).is_ascii_lowercase();
        if !blank || self.too_long || host::registrable(&self.name).is_some() {
            return self;
        }
        let rest = Self::read(text, next, false);
        let name = format!("{}.{}", self.name, rest.name);
        // A sentence that ends here goes on without a path.
        let word = matches!(
            rest.name.as_str(),
            "in" | "is" | "it" | "so" | "no" | "at" | "be" | "as" | "am" | "do" | "us" | "to" | "my"
        );
        let followed = at(bytes, rest.end) == b'/' && !word || dot > self.end && at(bytes, rest.end) <= b' ';
        if followed && host::registrable(&name).is_some() {
            let (labels, end) = (self.labels + rest.labels, rest.end);
            return Self {
                name,
                end,
                labels,
                ..self
            };
        }
        self
    }

    fn push(&mut self, label: &str) {
        if self.name.len() + label.len() > LONGEST {
            self.too_long = true;
            self.name.clear();
        } else if label.is_ascii() {
            self.name.push_str(label);
            let from = self.name.len() - label.len();
            if let Some(added) = self.name.get_mut(from..) {
                added.make_ascii_lowercase();
            }
        } else {
            self.name.reserve(label.len());
            let plain = |c| if is_typeset_hyphen(c) { '-' } else { c };
            let shown = label.chars().filter(|c| !is_invisible(*c)).map(plain);
            self.name.extend(shown.flat_map(char::to_lowercase));
        }
    }
}

fn is_letter(text: &str, i: usize) -> bool {
    char_at(text, i).is_some_and(char::is_alphanumeric)
}

/// `evil[.]com.It is`: a capital after a plain dot, where the label before has none.
fn begins_sentence(text: &str, label: usize, next: usize) -> bool {
    let bytes = text.as_bytes();
    at(bytes, next).is_ascii_uppercase()
        && at(bytes, next + 1).is_ascii_lowercase()
        && at(bytes, label).is_ascii_lowercase()
}

/// Past plain labels and dots, for chains that no name can be.
fn past_labels(bytes: &[u8], mut i: usize) -> usize {
    while class(at(bytes, i)) & (ALNUM | DASH) != 0 || at(bytes, i) == b'.' && is_alnum(bytes, i + 1) {
        i += 1;
    }
    i
}
