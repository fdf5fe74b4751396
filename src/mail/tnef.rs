//! TNEF (MS-OXTNEF), the `winmail.dat` in which Exchange sends what is written as rich text: the texts of the mail, its files
//! and the mails attached to it. Checksums are not looked at; what is cut off gives what there is.
//!
//! Tried: tnef 0.1 stops at the first unknown attribute and at the first checksum that is wrong, and does not read the properties, in
//! which texts, long names and attached mails are.

mod properties;

use super::BodyKind;
use super::charset;
use super::code_page;
use super::mapi::{self, Content, File, Message, Properties};
use crate::domain::Defect;
use properties::Table;

const SIGNATURE: &[u8] = &[0x78, 0x9f, 0x3e, 0x22];

/// Numbers of attributes, with their type in the upper half.
mod attribute {
    pub const SUBJECT: u32 = 0x0001_8004;
    pub const BODY: u32 = 0x0002_800c;
    pub const DATA: u32 = 0x0006_800f;
    pub const TITLE: u32 = 0x0001_8010;
    pub const TRANSPORT_NAME: u32 = 0x0006_9001;
    pub const RENDERING: u32 = 0x0006_9002;
    pub const PROPERTIES: u32 = 0x0006_9003;
    pub const FILE_PROPERTIES: u32 = 0x0006_9005;
    pub const CODE_PAGE: u32 = 0x0006_9007;
}

/// True for bytes that begin as TNEF does.
pub(super) fn is_tnef(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// Reads a stream, and the messages in it down to `depth` levels. `None` when nothing is in it.
pub(super) fn read(bytes: &[u8], depth: usize) -> Option<Message> {
    let message = message(bytes, depth)?;
    (!message.bodies.is_empty() || !message.files.is_empty()).then_some(message)
}

/// The attributes one after another.
struct Attributes<'x> {
    rest: &'x [u8],
}

impl<'x> Iterator for Attributes<'x> {
    type Item = (u32, &'x [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        // The level, which the number tells as well.
        let (_, rest) = self.rest.split_first()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (value, rest) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        self.rest = rest.get(2..).unwrap_or_default();
        Some((u32::from_le_bytes(*id), value))
    }
}

/// What was read of one attachment.
#[derive(Default)]
struct Attached<'x> {
    title: Option<&'x [u8]>,
    data: Option<&'x [u8]>,
    properties: Table<'x>,
}

/// What the attributes of one stream say.
#[derive(Default)]
struct Stream<'x> {
    codepage: Option<i32>,
    subject: Option<&'x [u8]>,
    text: Option<&'x [u8]>,
    properties: Table<'x>,
    attached: Vec<Attached<'x>>,
}

impl<'x> Stream<'x> {
    fn read(bytes: &'x [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(SIGNATURE)?.get(2..)?;
        let mut stream = Self::default();
        for (id, value) in (Attributes { rest }) {
            match (id, stream.attached.last_mut()) {
                (attribute::CODE_PAGE, _) => {
                    stream.codepage = value.first_chunk().map(|number| i32::from_le_bytes(*number));
                }
                (attribute::SUBJECT, _) => stream.subject = Some(value),
                (attribute::BODY, _) => stream.text = Some(value),
                (attribute::PROPERTIES, _) => stream.properties = Table::read(value),
                (attribute::RENDERING, _) => stream.attached.push(Attached::default()),
                (attribute::TITLE | attribute::TRANSPORT_NAME, Some(file)) => {
                    file.title = file.title.or(Some(value));
                }
                (attribute::DATA, Some(file)) => file.data = Some(value),
                (attribute::FILE_PROPERTIES, Some(file)) => file.properties = Table::read(value),
                _ => {}
            }
        }
        Some(stream)
    }
}

fn message(bytes: &[u8], depth: usize) -> Option<Message> {
    let mut stream = Stream::read(bytes)?;
    let properties = &mut stream.properties;
    properties.codepage = code_page::charset(stream.codepage.unwrap_or(1252));
    let codepage = mapi::codepage(properties).unwrap_or_else(|| properties.codepage.clone());
    let decoded = |bytes: Option<&[u8]>| {
        let text = charset::decode(bytes?.to_vec(), Some(&codepage));
        (!text.trim().is_empty()).then_some(text)
    };
    let mut message = Message {
        headers: mapi::headers(properties, Vec::new()),
        bodies: mapi::bodies(properties, &codepage),
        is_signed: mapi::is_signed(properties),
        ..Message::default()
    };
    if message.bodies.is_empty() {
        let text = decoded(stream.text).map(|text| (BodyKind::Plain, text));
        message.bodies.extend(text);
    }
    if let (None, Some(subject)) = (message.headers.subject(), decoded(stream.subject)) {
        message.headers.push("Subject", &subject);
    }
    for mut one in stream.attached {
        one.properties.codepage.clone_from(&codepage);
        let title = decoded(one.title);
        match file(&mut one, title, depth) {
            Ok(file) => message.files.extend(file),
            Err(defect) => message.defects.push(defect),
        }
    }
    Some(message)
}

fn file(one: &mut Attached<'_>, title: Option<String>, depth: usize) -> Result<Option<File>, Defect> {
    let inner = one.properties.object(0x3701).filter(|inner| is_tnef(inner));
    let content = match (inner, one.data) {
        (Some(inner), _) => {
            let deeper = depth.checked_sub(1).ok_or(Defect::TooDeepLeftOut)?;
            message(inner, deeper).map(|message| Content::Message(Box::new(message)))
        }
        (None, Some(data)) => Some(Content::Bytes(data.to_vec())),
        (None, None) => one
            .properties
            .binary(0x3701)
            .or_else(|| one.properties.object(0x3701).map(<[u8]>::to_vec))
            .map(Content::Bytes),
    };
    Ok(content.map(|content| mapi::file(&mut one.properties, title, content)))
}

#[cfg(test)]
#[path = "tests/tnef.rs"]
mod tests;
