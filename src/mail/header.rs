//! The header block: cutting it into fields, and looking fields up. What an address or a date looks like is in
//! [`super::address`] and [`super::date`].

use mail_parser::parsers::MessageStream;

use super::content_type::Parameterised;
use super::date::MailDate;
use super::{Address, HeaderField, Headers, address, charset, date, encoded_word};
use crate::mail::lines::Lines;

impl Headers {
    /// The first field of that name (any case), decoded.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.field(name).map(|field| field.value.as_str())
    }

    /// Every field of that name (any case), decoded, in order.
    pub fn all<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h str> {
        self.named(name).map(|field| field.value.as_str())
    }

    /// Every mailbox of every field of that name; groups are opened, what is broken is taken as far as it goes.
    pub fn addresses(&self, name: &str) -> Vec<Address> {
        self.named(name).flat_map(|field| address::parse(&field.raw)).collect()
    }

    /// The Date field with its zone; `None` when there is none or it says nothing.
    pub fn date(&self) -> Option<MailDate> {
        self.all("Date").find_map(date::parse)
    }

    /// The decoded subject.
    pub fn subject(&self) -> Option<&str> {
        self.first("Subject").filter(|subject| !subject.is_empty())
    }

    /// The Message-ID with its angle brackets.
    pub fn message_id(&self) -> Option<String> {
        let value = &self.field("Message-ID")?.raw;
        // `parse_id` gives nothing when a bracket is never closed, and nothing before the line has ended.
        let close = if value.contains('<') && !value.contains('>') {
            ">\n"
        } else {
            "\n"
        };
        let value = format!("{}{close}", value.replace(['\r', '\n'], " "));
        let read = MessageStream::new(value.as_bytes()).parse_id();
        let id = match read.as_text_list().and_then(<[_]>::first) {
            Some(id) => id.as_ref(),
            None => read.as_text()?.split_whitespace().next().unwrap_or_default(),
        };
        let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
        (!id.is_empty()).then(|| format!("<{id}>"))
    }

    /// The MIME boundary that the Content-Type names.
    pub fn boundary(&self) -> Option<String> {
        self.content_type().decoded("boundary")
    }

    /// Each Received field, newest first as they stand.
    pub fn received(&self) -> Vec<&str> {
        self.all("Received").collect()
    }

    pub(super) fn content_type(&self) -> Parameterised {
        self.parameterised("Content-Type")
    }

    pub(super) fn parameterised(&self, name: &str) -> Parameterised {
        self.field(name)
            .map(|field| Parameterised::parse(&field.raw))
            .unwrap_or_default()
    }

    pub(super) fn push(&mut self, name: &str, value: &str) {
        self.fields.push(HeaderField {
            name: name.to_owned(),
            value: encoded_word::decode(value),
            raw: value.to_owned(),
        });
    }

    fn field(&self, name: &str) -> Option<&HeaderField> {
        self.named(name).next()
    }

    fn named<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h HeaderField> {
        let name = name.to_ascii_lowercase();
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(&name))
    }
}

/// Where a header block ends and what stands in it.
pub(super) struct Block {
    pub headers: Headers,
    /// Where the body begins, from the start of the bytes given.
    pub body: usize,
    /// A line that is neither field nor continuation ended it, not a blank one.
    pub cut_short: bool,
}

/// Reads the header block at the start of `lines`. A block that begins with something else is empty.
pub(super) fn read(lines: &mut Lines<'_>) -> Block {
    let mut headers = Headers::default();
    let mut current: Option<(String, Vec<u8>)> = None;
    let mut body = lines.offset();
    let mut cut_short = false;
    while let Some(line) = lines.peek() {
        let content = line.content;
        if content.is_empty() || (content.trim_ascii().is_empty() && current.is_none()) {
            lines.next();
            body = lines.offset();
            // Blank lines before the first field are an accident; after a field, one ends the block.
            if current.is_none() && headers.fields.is_empty() && starts_field(lines) {
                continue;
            }
            break;
        }
        if let ([b' ' | b'\t', ..], Some((_, value))) = (content, current.as_mut()) {
            value.extend_from_slice(content);
        } else if let Some((name, value)) = field(content) {
            finish(&mut headers, current.replace((name.to_owned(), value.to_vec())));
        } else if !is_mbox_line(content) {
            cut_short = true;
            break;
        }
        lines.next();
        body = lines.offset();
    }
    finish(&mut headers, current);
    Block {
        headers,
        body,
        cut_short,
    }
}

fn starts_field(lines: &Lines<'_>) -> bool {
    lines.peek().is_some_and(|line| field(line.content).is_some())
}

/// `From ` and the `>From ` that some servers leave between the fields.
fn is_mbox_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// Name and value of a line that begins a field: printable characters, then a colon (blanks before it are forgiven).
pub(super) fn field(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = line.iter().take(256).position(|b| *b == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let value = value.get(1..).unwrap_or_default();
    // Neither a delimiter whose boundary has a colon nor a URL at the start of a text is a field.
    let token = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let other = name.starts_with(b"--") || value.starts_with(b"//");
    let name = std::str::from_utf8(name).ok().filter(|_| token && !other)?;
    Some((name, value))
}

fn finish(headers: &mut Headers, field: Option<(String, Vec<u8>)>) {
    let Some((name, bytes)) = field else { return };
    let raw = charset::utf8_or_latin(bytes);
    let raw = raw.trim();
    let raw = if raw.contains(char::is_control) {
        let kept = raw.chars().filter(|c| !c.is_control() || *c == '\t');
        kept.collect()
    } else {
        raw.to_owned()
    };
    let value = encoded_word::decode(&raw);
    headers.fields.push(HeaderField { name, value, raw });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(text: &str) -> Headers {
        read(&mut Lines::of(text.as_bytes())).headers
    }

    #[test]
    fn fields_are_found_in_any_case_unfolded_and_decoded() {
        let read =
            headers("subject: =?utf-8?Q?a=20b?=\r\n =?utf-8?Q?c?= d\r\nRECEIVED: one\r\nReceived: two\r\n\r\nbody: no");
        assert_eq!(read.subject(), Some("a bc d"));
        assert_eq!(read.received(), ["one", "two"]);
        assert_eq!(read.first("body"), None);
    }

    #[test]
    fn a_message_id_has_its_brackets() {
        let facts = [
            ("Message-ID: <a@b>", Some("<a@b>")),
            ("Message-Id: a@b", Some("<a@b>")),
            ("message-id:\r\n <a@b> (comment)", Some("<a@b>")),
            ("Message-ID: <a@b", Some("<a@b>")),
            ("Message-ID: ", None),
        ];
        for (text, id) in facts {
            assert_eq!(headers(text).message_id().as_deref(), id, "{text}");
        }
    }

    #[test]
    fn raw_eight_bit_bytes_are_utf8_or_latin() {
        let read = super::read(&mut Lines::of(b"Subject: caf\xe9\nX-A: caf\xc3\xa9\n\n")).headers;
        assert_eq!(read.first("subject"), Some("café"));
        assert_eq!(read.first("x-a"), Some("café"));
    }

    #[test]
    fn the_boundary_is_told() {
        let read = headers("Content-Type: multipart/mixed;\n boundary=\"--x y\"\n");
        assert_eq!(read.boundary().as_deref(), Some("--x y"));
    }
}
