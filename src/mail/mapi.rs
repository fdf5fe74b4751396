//! What Outlook keeps of a message: properties with numbers (MS-OXPROPS), whether they lie in a .msg file or in TNEF. Read into
//! fields, texts and files; what becomes of these is for others to say.

use super::bounds::HeaderLimits;
use super::content_type::clean_name;
use super::header::{self, Place};
use super::lines::Lines;
use super::{BodyKind, Headers, charset, code_page, lzfu, rtf};
use crate::domain::Defect;

/// A message as its properties tell it.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub headers: Headers,
    /// The texts, the plain one first.
    pub bodies: Vec<(BodyKind, String)>,
    pub files: Vec<File>,
    /// Its only file is a whole MIME entity, which a signature was put around.
    pub is_signed: bool,
    pub defects: Vec<Defect>,
}

/// Something attached.
#[derive(Debug)]
pub(super) struct File {
    pub name: Option<String>,
    pub content_type: String,
    /// Its Content-ID.
    pub place: Option<String>,
    pub content: Content,
}

/// What was attached.
#[derive(Debug)]
pub(super) enum Content {
    Bytes(Vec<u8>),
    Message(Box<Message>),
}

/// The properties of one message, recipient or attachment.
pub(super) trait Properties {
    /// A text, decoded, without blanks around it; `None` for an empty one.
    fn string(&mut self, id: u16) -> Option<String>;
    fn binary(&mut self, id: u16) -> Option<Vec<u8>>;
    /// The first eight bytes of a value of fixed size.
    fn fixed(&mut self, id: u16) -> Option<[u8; 8]>;

    fn number(&mut self, id: u16) -> Option<i32> {
        let [a, b, c, d, ..] = self.fixed(id)?;
        Some(i32::from_le_bytes([a, b, c, d]))
    }

    /// The first of these texts that there is.
    fn first(&mut self, ids: &[u16]) -> Option<String> {
        ids.iter().find_map(|id| self.string(*id))
    }
}

/// A recipient: the name of the header field that it stands in, and what stands there.
pub(super) type Recipient = (&'static str, String);

/// The header: that of the transport, and what is missing there made from sender, recipients and subject.
pub(super) fn headers(message: &mut impl Properties, recipients: Vec<Recipient>) -> Headers {
    let mut headers = match message.string(0x007d) {
        Some(text) => header::read(&mut Lines::of(text.as_bytes()), Place::Top, HeaderLimits::NONE).headers,
        None => Headers::default(),
    };
    if headers.first("From").is_none() {
        let name = message.first(&[0x0c1a, 0x0042]);
        // SMTP addresses first: the others may be an Exchange directory's.
        let address = message.first(&[0x5d01, 0x5d02, 0x0c1f, 0x0065]);
        if let Some(from) = mailbox(name, address) {
            headers.push("From", &from);
        }
    }
    if headers.first("To").is_none() {
        for (name, value) in joined(recipients) {
            headers.push(name, &value);
        }
    }
    for (name, id) in [("Subject", 0x0037), ("Message-ID", 0x1035), ("In-Reply-To", 0x1042)] {
        if headers.first(name).is_none()
            && let Some(value) = message.string(id)
        {
            headers.push(name, &value);
        }
    }
    if headers.first("Date").is_none() {
        let time = message.fixed(0x0039).or_else(|| message.fixed(0x0e06));
        if let Some(date) = time.and_then(|time| file_time(u64::from_le_bytes(time))) {
            headers.push("Date", &date);
        }
    }
    headers
}

/// One field for each name.
fn joined(recipients: Vec<Recipient>) -> Vec<Recipient> {
    let mut fields: Vec<Recipient> = Vec::new();
    for (name, value) in recipients {
        match fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => {
                values.push_str(", ");
                values.push_str(&value);
            }
            None => fields.push((name, value)),
        }
    }
    fields
}

/// A recipient; `None` for one without name and address.
pub(super) fn recipient(properties: &mut impl Properties) -> Option<Recipient> {
    let name = properties.string(0x3001);
    let address = properties.first(&[0x39fe, 0x3003]);
    let field = match properties.number(0x0c15) {
        Some(2) => "Cc",
        Some(3) => "Bcc",
        _ => "To",
    };
    Some((field, mailbox(name, address)?))
}

fn mailbox(name: Option<String>, address: Option<String>) -> Option<String> {
    let quoted = |name: String| format!("\"{}\"", name.replace(['"', '\\', '\r', '\n'], ""));
    match (name, address) {
        (Some(name), Some(address)) if name != address => Some(format!("{} <{address}>", quoted(name))),
        (_, Some(address)) => Some(address),
        (Some(name), None) => Some(quoted(name)),
        (None, None) => None,
    }
}

/// Hundreds of nanoseconds since 1601, as the date of a mail.
fn file_time(time: u64) -> Option<String> {
    let seconds = i64::try_from(time / 10_000_000).ok()?.checked_sub(11_644_473_600)?;
    let time = jiff::Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)?;
    Some(time.to_string())
}

/// The code page of the texts in bytes.
pub(super) fn codepage(message: &mut impl Properties) -> Option<String> {
    let number = message.number(0x3fde).or_else(|| message.number(0x3ffd))?;
    Some(code_page::charset(number))
}

/// The texts. Rich text counts where there is no HTML: it may hold the HTML, or be all that there is.
pub(super) fn bodies(message: &mut impl Properties, codepage: &str) -> Vec<(BodyKind, String)> {
    let plain = message.string(0x1000);
    let html = match message.binary(0x1013) {
        Some(bytes) => Some(charset::decode(bytes, Some(codepage))),
        None => message.string(0x1013),
    };
    let (has_plain, has_html) = (plain.is_some(), html.is_some());
    let mut bodies = Vec::new();
    bodies.extend(plain.map(|text| (BodyKind::Plain, text)));
    bodies.extend(html.map(|text| (BodyKind::Html, text)));
    if !has_html {
        let rich = message.binary(0x1009).and_then(|bytes| lzfu::decompress(&bytes));
        let read = rich.map(|rich| rtf::text(&rich));
        bodies.extend(read.filter(|(kind, _)| !has_plain || *kind == BodyKind::Html));
    }
    bodies
}

/// True for a message that is a signed MIME entity in one file.
pub(super) fn is_signed(message: &mut impl Properties) -> bool {
    let class = message.string(0x001a).unwrap_or_default().to_ascii_lowercase();
    class.starts_with("ipm.note.smime")
}

/// An attachment with its content.
pub(super) fn file(properties: &mut impl Properties, title: Option<String>, content: Content) -> File {
    let name = properties
        .first(&[0x3707, 0x3704])
        .or(title)
        .or_else(|| properties.string(0x3001));
    let content_type = properties.string(0x370e);
    File {
        name: name.and_then(|name| clean_name(&name)),
        content_type: content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        place: properties.string(0x3712),
        content,
    }
}
