//! Header fields: looking them up, and reading what they say. Where the block begins and ends is told in [`block`], what an
//! address or a date looks like in [`super::address`] and [`super::date`].

mod block;
mod feed;
mod field;
mod recovery;

use super::content_type::Parameterised;
use super::date::MailDate;
use super::{Address, HeaderField, Headers, address, date, encoded_word};

pub(super) use block::{Block, Foreign, is_mbox_line, read};
pub(super) use field::{Place, field};

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

    /// Appends the fields as lines of a message, but those that describe how its text is coded.
    pub fn write_without_encoding(&self, out: &mut String) {
        for field in &self.fields {
            let name = field.name.to_ascii_lowercase();
            if !name.starts_with("content-") && name != "mime-version" {
                out.push_str(&field.name);
                out.push_str(": ");
                out.push_str(&field.raw);
                out.push_str("\r\n");
            }
        }
    }

    /// The Date field with its zone; `None` when there is none or it says nothing.
    pub fn date(&self) -> Option<MailDate> {
        self.all("Date").find_map(date::parse)
    }

    /// The decoded subject.
    pub fn subject(&self) -> Option<&str> {
        self.first("Subject").filter(|subject| !subject.is_empty())
    }

    /// The Message-ID with its angle brackets, as written between them.
    pub fn message_id(&self) -> Option<String> {
        let raw = &self.field("Message-ID")?.raw;
        let id = match raw.split_once('<') {
            Some((_, rest)) => rest.split('>').next(),
            None => raw.split_whitespace().next(),
        };
        let id = id.unwrap_or_default().trim();
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
        self.fields.push(HeaderField::of(name.to_owned(), value));
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

impl HeaderField {
    /// A field of an unfolded value. Control characters are no part of it.
    pub(super) fn of(name: String, text: &str) -> Self {
        let raw: String = text.trim().chars().filter(|c| !c.is_control() || *c == '\t').collect();
        let value = encoded_word::decode(&raw);
        Self { name, value, raw }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::bounds::HeaderLimits;
    use crate::mail::lines::Lines;

    fn headers(text: &str) -> Headers {
        read(&mut Lines::of(text.as_bytes()), Place::Top, HeaderLimits::NONE).headers
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
            ("Message-ID: <1@C:\\My Files\\x.txt>", Some("<1@C:\\My Files\\x.txt>")),
            ("Message-ID: ", None),
        ];
        for (text, id) in facts {
            assert_eq!(headers(text).message_id().as_deref(), id, "{text}");
        }
    }

    #[test]
    fn raw_eight_bit_bytes_are_utf8_or_latin() {
        let read = read(
            &mut Lines::of(b"Subject: caf\xe9\nX-A: caf\xc3\xa9\n\n"),
            Place::Top,
            HeaderLimits::NONE,
        )
        .headers;
        assert_eq!(read.first("subject"), Some("café"));
        assert_eq!(read.first("x-a"), Some("café"));
    }

    #[test]
    fn the_boundary_is_told() {
        let read = headers("Content-Type: multipart/mixed;\n boundary=\"--x y\"\n");
        assert_eq!(read.boundary().as_deref(), Some("--x y"));
    }
}
