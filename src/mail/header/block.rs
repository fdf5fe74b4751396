//! The header block at the start of a message or part: where it ends, and its fields.

use std::collections::HashSet;

use super::super::bounds::HeaderLimits;
use super::super::lines::Lines;
use super::super::{HeaderField, Headers, charset, encoded_word};
use super::field::{Place, content_field, field};
use super::recovery::{Mend, Recovery};

/// Fields whose bytes are in a charset that the header does not tell, by their place among the fields.
pub(in crate::mail) type Foreign = Vec<(usize, Vec<u8>)>;

/// Where a header block ends and what stands in it.
#[derive(Default)]
pub(in crate::mail) struct Block {
    pub headers: Headers,
    pub foreign: Foreign,
    /// Where the body begins, from the start of the bytes given.
    pub body: usize,
    /// A line that is neither field nor continuation ended it, not a blank one.
    pub cut_short: bool,
    /// How many fields were more than is read.
    pub left_out: usize,
}

/// Reads the header block at the start of `lines`. A block that begins with something else is empty.
pub(in crate::mail) fn read(lines: &mut Lines<'_>, place: Place, limits: HeaderLimits) -> Block {
    let mut reader = Reader::within(limits);
    let mut recovery = Recovery::new(place);
    let mut cut_short = false;
    skip_blank_lines(lines, |content| match place {
        Place::Top => field(content).is_some(),
        // A text that begins with a blank line and a word with a colon keeps both.
        Place::Part => content_field(content).is_some(),
    });
    while let Some(line) = lines.peek() {
        let content = without_mark(line.content, line.start);
        if content.is_empty() || (content.trim_ascii().is_empty() && reader.current.is_none()) {
            lines.next();
            break;
        }
        if !reader.take(content) {
            let mend = recovery.mend(lines, reader.current.as_ref());
            let Some(mend) = mend.or_else(|| reader.is_no_body(content).then_some(Mend::Junk)) else {
                cut_short = true;
                break;
            };
            if matches!(mend, Mend::Name { .. }) {
                lines.next();
            }
            reader.mend(&mend, content);
        }
        lines.next();
    }
    reader.finish();
    Block {
        headers: reader.headers,
        foreign: reader.foreign,
        body: lines.offset(),
        cut_short,
        left_out: reader.left_out,
    }
}

/// Blank lines before a header are an accident of copying; before anything else they are content.
fn skip_blank_lines(lines: &mut Lines<'_>, begins: impl Fn(&[u8]) -> bool) {
    let mut ahead = lines.clone();
    while let Some(line) = ahead.peek() {
        let content = without_mark(line.content, line.start);
        if !content.trim_ascii().is_empty() {
            if begins(content) {
                *lines = ahead;
            }
            return;
        }
        ahead.next();
    }
}

/// A line without the byte order mark that editors put at the start of a file.
fn without_mark(content: &[u8], start: usize) -> &[u8] {
    content
        .strip_prefix(b"\xef\xbb\xbf")
        .filter(|_| start == 0)
        .unwrap_or(content)
}

/// What a line of a telling field may have when there is no room left.
const LINE: usize = 998;

/// Fields that make a mail, without which it would be another one. Besides them those that begin with `Content-`.
const TELLING: [&str; 11] = [
    "from",
    "sender",
    "reply-to",
    "return-path",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "received",
];

/// The fields read so far, and the one that is being read.
struct Reader {
    headers: Headers,
    foreign: Foreign,
    current: Option<(String, Vec<u8>)>,
    limits: HeaderLimits,
    bytes: usize,
    /// Names of telling fields that were read beyond the limits: the first of each counts.
    extra: HashSet<String>,
    /// The end of the current field is cut off.
    is_cut: bool,
    left_out: usize,
}

impl Reader {
    fn within(limits: HeaderLimits) -> Self {
        Self {
            headers: Headers::default(),
            foreign: Foreign::default(),
            current: None,
            limits,
            bytes: 0,
            extra: HashSet::new(),
            is_cut: false,
            left_out: 0,
        }
    }

    /// Takes a line that is a field, goes on with one, or was put between fields by a mail store. False for any other.
    fn take(&mut self, content: &[u8]) -> bool {
        if matches!(content, [b' ' | b'\t', ..]) && self.current.is_some() {
            self.go_on(content);
        } else if let Some((name, value)) = field(content) {
            self.begin(name, value);
        } else {
            return is_mbox_line(content);
        }
        true
    }

    /// True for a line that cannot begin the body, which the header says is base64.
    fn is_no_body(&self, content: &[u8]) -> bool {
        let field = |name: &str, value: &str| {
            name.eq_ignore_ascii_case("content-transfer-encoding") && value.trim().eq_ignore_ascii_case("base64")
        };
        let read = self.headers.fields.iter().any(|one| field(&one.name, &one.value));
        let current = self.current.as_ref();
        let reading = current.is_some_and(|(name, value)| field(name, &String::from_utf8_lossy(value)));
        let is_code = content
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/= \t".contains(byte));
        (read || reading) && !content.starts_with(b"--") && (!is_code || content.trim_ascii().contains(&b' '))
    }

    /// Takes any other line as what it was found to be.
    fn mend(&mut self, mend: &Mend<'_>, content: &[u8]) {
        match mend {
            Mend::Continuation => {
                self.go_on(b" ");
                self.go_on(content);
            }
            Mend::Name { value } => self.begin(&String::from_utf8_lossy(content), value),
            Mend::Junk => {}
        }
    }

    fn begin(&mut self, name: &str, value: &[u8]) {
        self.finish();
        self.current = Some((name.to_owned(), Vec::new()));
        self.is_cut = false;
        self.go_on(value);
    }

    fn go_on(&mut self, bytes: &[u8]) {
        let room = self.limits.bytes.saturating_sub(self.bytes);
        if let Some((name, value)) = self.current.as_mut() {
            // A telling field may have a line of its own beyond the limit.
            let room = if is_telling(name) && value.len() < LINE {
                room.max(LINE)
            } else {
                room
            };
            let taken = bytes.get(..room).unwrap_or(bytes);
            self.is_cut |= taken.len() < bytes.len();
            value.extend_from_slice(taken);
            self.bytes = self.bytes.saturating_add(taken.len());
        }
    }

    /// Whether a field is kept that has just been read.
    fn is_within(&mut self, name: &str) -> bool {
        let is_full = self.headers.fields.len() >= self.limits.fields || self.bytes >= self.limits.bytes;
        let is_kept = !(is_full || self.is_cut) || (is_telling(name) && self.extra.insert(name.to_ascii_lowercase()));
        self.left_out += usize::from(!is_kept || self.is_cut);
        is_kept
    }

    fn finish(&mut self) {
        let Some((name, bytes)) = self.current.take() else {
            return;
        };
        if !self.is_within(&name) {
            return;
        }
        let bytes = encoded_word::with_coded_bytes(bytes);
        let in_charset = std::str::from_utf8(&bytes).is_err() || bytes.contains(&0x1b) || bytes.contains(&b'~');
        if in_charset {
            self.foreign.push((self.headers.fields.len(), bytes.clone()));
        }
        let field = HeaderField::of(name, &charset::utf8_or_latin(bytes));
        self.headers.fields.push(field);
    }
}

fn is_telling(name: &str) -> bool {
    let is_content = name
        .get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case("content-"));
    is_content || TELLING.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// `From ` and the `>From ` that some servers leave between the fields. `From : a@b` is a field.
pub(in crate::mail) fn is_mbox_line(line: &[u8]) -> bool {
    let rest = line.strip_prefix(b">").unwrap_or(line).strip_prefix(b"From ");
    rest.is_some_and(|rest| !rest.trim_ascii_start().starts_with(b":"))
}
