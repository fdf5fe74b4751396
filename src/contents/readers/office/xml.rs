//! XML as a row of tags and texts. Entities other than the five of XML and numbers are left out, so nothing grows.

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::contents::{Inside, Stop, Trouble};

/// What comes next in a file of XML.
pub enum Node<'a> {
    Open(Tag<'a>),
    /// The local name of the element that ends.
    Close(&'a str),
    Text(Cow<'a, str>),
}

/// An element that begins.
pub struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// Without namespace.
    pub fn name(&self) -> &str {
        local(self.0.name().into_inner())
    }

    /// The attribute with this local name.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.find(|key| local(key) == name)
    }

    /// The attribute with this local name that has a namespace, such as `r:id` beside `id`.
    pub fn reference(&self, name: &str) -> Option<String> {
        self.find(|key| key.split_once(':').is_some_and(|(_, local)| local == name))
    }

    fn find(&self, fits: impl Fn(&str) -> bool) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found = attributes
            .with_checks(false)
            .flatten()
            .find(|one| fits(one.key.into_inner()))?;
        let raw: &str = &found.value;
        Some(quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), Cow::into_owned))
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

/// Shows every tag and text in turn. What follows a fault is not shown.
pub fn walk(
    bytes: &[u8],
    inside: &mut Inside<'_>,
    visit: &mut dyn FnMut(Node<'_>, &mut Inside<'_>) -> Result<(), Stop>,
) -> Result<(), Trouble> {
    let source = decode(bytes);
    let mut reader = Reader::from_str(&source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;
    let mut before = 0;
    loop {
        let event = reader.read_event().map_err(Trouble::broken)?;
        let now = reader.buffer_position();
        inside.step(usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX))?;
        before = now;
        match event {
            Event::Start(start) => visit(Node::Open(Tag(start)), inside)?,
            Event::End(end) => visit(Node::Close(local(end.name().into_inner())), inside)?,
            Event::Text(text) => visit(Node::Text(text.into_inner()), inside)?,
            Event::CData(text) => visit(Node::Text(text.into_inner()), inside)?,
            Event::GeneralRef(name) => {
                if let Some(text) = character(&name.into_inner()) {
                    visit(Node::Text(text.into()), inside)?;
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn character(name: &str) -> Option<String> {
    let number = name
        .strip_prefix('#')
        .map(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => digits.parse(),
        });
    match (number, name) {
        (Some(number), _) => number.ok().and_then(char::from_u32).map(String::from),
        (None, "amp") => Some("&".to_owned()),
        (None, "lt") => Some("<".to_owned()),
        (None, "gt") => Some(">".to_owned()),
        (None, "quot") => Some("\"".to_owned()),
        (None, "apos") => Some("'".to_owned()),
        _ => None,
    }
}

fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        [b'<', 0, ..] => UTF_16LE.decode_without_bom_handling(bytes).0,
        [0, b'<', ..] => UTF_16BE.decode_without_bom_handling(bytes).0,
        _ => UTF_8.decode(bytes).0,
    }
}
