//! Outlook's .msg files (MS-OXMSG): a compound file in which each property is a stream. Fields come from the transport headers,
//! else are made from sender, recipients and subject.

use std::io::{Cursor, Read};

use super::builder::Builder;
use super::content_type::clean_name;
use super::lines::Lines;
use super::{BodyKind, Embedded, EmbeddedKind, charset, forward, header, lzfu, rtf};

use crate::domain::Defect;

/// The first bytes of every compound file.
const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Name of the property stream, in UTF-16 as the directory of the file holds it.
const PROPERTIES: &str = "__properties_version1.0";

/// True for a compound file that holds a message, which Word's and Excel's do not.
pub(super) fn is_msg(bytes: &[u8]) -> bool {
    if !bytes.starts_with(MAGIC) {
        return false;
    }
    let name: Vec<u8> = PROPERTIES.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = open(bytes);
    memchr::memmem::find(bytes, &name).is_some() && file.is_some_and(|file| file.is_stream(format!("/{PROPERTIES}")))
}

type File<'x> = cfb::CompoundFile<Cursor<&'x [u8]>>;

fn open(bytes: &[u8]) -> Option<File<'_>> {
    cfb::CompoundFile::open(Cursor::new(bytes)).ok()
}

/// Takes the message of a file apart.
pub(super) fn read(bytes: &[u8], into: &mut Builder<'_>) {
    let Some(file) = open(bytes) else {
        into.defect(Defect::OutlookBroken);
        return;
    };
    let mut store = Store {
        file,
        // The streams of a sound file are together no larger than it; a hostile one names the same bytes many times.
        budget: bytes.len().saturating_mul(2),
    };
    message(&mut store, "", 32, into);
    if store.budget == 0 {
        into.defect(Defect::OutlookCut);
    }
}

struct Store<'x> {
    file: File<'x>,
    budget: usize,
}

impl Store<'_> {
    fn stream(&mut self, path: &str) -> Option<Vec<u8>> {
        if !self.file.is_stream(path) {
            return None;
        }
        let stream = self.file.open_stream(path).ok()?;
        let mut bytes = Vec::new();
        let limit = u64::try_from(self.budget).unwrap_or(u64::MAX);
        stream.take(limit).read_to_end(&mut bytes).ok()?;
        self.budget -= bytes.len();
        Some(bytes)
    }

    fn binary(&mut self, at: &str, id: &str) -> Option<Vec<u8>> {
        self.stream(&format!("{at}/__substg1.0_{id}0102"))
    }

    fn string(&mut self, at: &str, id: &str, codepage: &str) -> Option<String> {
        let text = match self.stream(&format!("{at}/__substg1.0_{id}001F")) {
            Some(bytes) => charset::decode(bytes, Some("utf-16le")),
            None => charset::decode(self.stream(&format!("{at}/__substg1.0_{id}001E"))?, Some(codepage)),
        };
        let text = text.trim_end_matches('\0').to_owned();
        (!text.trim().is_empty()).then_some(text)
    }

    /// A property of fixed size: the eight bytes of its value.
    fn fixed(&mut self, at: &str, head: usize, id: u16) -> Option<[u8; 8]> {
        let bytes = self.stream(&format!("{at}/{PROPERTIES}"))?;
        let entries = bytes.get(head..)?.chunks_exact(16);
        let mut found = entries.filter(|entry| entry.get(2..4) == Some(&id.to_le_bytes()));
        found.next()?.get(8..16)?.try_into().ok()
    }

    fn number(&mut self, at: &str, head: usize, id: u16) -> Option<i32> {
        let [a, b, c, d, ..] = self.fixed(at, head, id)?;
        Some(i32::from_le_bytes([a, b, c, d]))
    }

    /// The storages below `at` whose names begin so, in order.
    fn storages(&self, at: &str, prefix: &str) -> Vec<String> {
        let root = if at.is_empty() { "/" } else { at };
        let Ok(entries) = self.file.read_storage(root) else {
            return Vec::new();
        };
        let names = entries.filter(|entry| entry.is_storage() && entry.name().starts_with(prefix));
        let mut paths: Vec<String> = names.map(|entry| format!("{at}/{}", entry.name())).collect();
        paths.sort();
        paths
    }
}

/// One message: the file's own at the root, or one inside it. `head` is the size of what stands before its properties.
fn message(store: &mut Store<'_>, at: &str, head: usize, into: &mut Builder<'_>) {
    let number = store
        .number(at, head, 0x3fde)
        .or_else(|| store.number(at, head, 0x3ffd));
    let codepage = rtf::codepage(number.unwrap_or(1252));
    fields(store, at, head, &codepage, into);
    bodies(store, at, &codepage, into);
    for attachment in store.storages(at, "__attach_version1.0_") {
        attach(store, &attachment, &codepage, into);
    }
}

fn fields(store: &mut Store<'_>, at: &str, head: usize, codepage: &str, into: &mut Builder<'_>) {
    if let Some(text) = store.string(at, "007D", codepage) {
        into.mail.headers = header::read(&mut Lines::of(text.as_bytes())).headers;
    }
    let headers = &mut into.mail.headers;
    if headers.first("From").is_none() {
        let name = store
            .string(at, "0C1A", codepage)
            .or_else(|| store.string(at, "0042", codepage));
        // SMTP addresses first: the others may be an Exchange directory's.
        let address = ["5D01", "5D02", "0C1F", "0065"]
            .iter()
            .find_map(|id| store.string(at, id, codepage));
        if let Some(from) = mailbox(name, address) {
            headers.push("From", &from);
        }
    }
    if headers.first("To").is_none() {
        for (name, value) in recipients(store, at, codepage) {
            headers.push(name, &value);
        }
    }
    for (name, id) in [("Subject", "0037"), ("Message-ID", "1035"), ("In-Reply-To", "1042")] {
        if headers.first(name).is_none()
            && let Some(value) = store.string(at, id, codepage)
        {
            headers.push(name, &value);
        }
    }
    if headers.first("Date").is_none() {
        let time = store.fixed(at, head, 0x0039).or_else(|| store.fixed(at, head, 0x0e06));
        if let Some(date) = time.and_then(|time| file_time(u64::from_le_bytes(time))) {
            headers.push("Date", &date);
        }
    }
}

fn recipients(store: &mut Store<'_>, at: &str, codepage: &str) -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&'static str, String)> = Vec::new();
    for recipient in store.storages(at, "__recip_version1.0_") {
        let name = store.string(&recipient, "3001", codepage);
        let address = store
            .string(&recipient, "39FE", codepage)
            .or_else(|| store.string(&recipient, "3003", codepage));
        let field = match store.number(&recipient, 8, 0x0c15) {
            Some(2) => "Cc",
            Some(3) => "Bcc",
            _ => "To",
        };
        let Some(value) = mailbox(name, address) else { continue };
        match fields.iter_mut().find(|(known, _)| *known == field) {
            Some((_, values)) => {
                values.push_str(", ");
                values.push_str(&value);
            }
            None => fields.push((field, value)),
        }
    }
    fields
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

fn bodies(store: &mut Store<'_>, at: &str, codepage: &str, into: &mut Builder<'_>) {
    let plain = store.string(at, "1000", codepage);
    let html = match store.binary(at, "1013") {
        Some(bytes) => Some(charset::decode(bytes, Some(codepage))),
        None => store.string(at, "1013", codepage),
    };
    let has_html = html.is_some();
    let has_plain = plain.is_some();
    if let Some(text) = plain {
        into.body(BodyKind::Plain, text, None);
    }
    if let Some(text) = html {
        into.body(BodyKind::Html, text, None);
    }
    if !has_html {
        let rich = store.binary(at, "1009").and_then(|bytes| lzfu::decompress(&bytes));
        if let Some((kind, text)) = rich.map(|rich| rtf::text(&rich))
            && (!has_plain || kind == BodyKind::Html)
        {
            into.body(kind, text, None);
        }
    }
}

fn attach(store: &mut Store<'_>, at: &str, codepage: &str, into: &mut Builder<'_>) {
    let name = ["3707", "3704", "3001"]
        .iter()
        .find_map(|id| store.string(at, id, codepage));
    let name = name.and_then(|name| clean_name(&name));
    let inner = format!("{at}/__substg1.0_3701000D");
    if store.file.is_storage(&inner) {
        if into.depth >= into.limits.depth {
            into.defect(Defect::TooDeepLeftOut);
            return;
        }
        let mut builder = Builder::new(into.limits, into.depth + 1);
        message(store, &inner, 24, &mut builder);
        let mail = builder.finish();
        let body = mail.bodies.first();
        let kind = body.map_or(BodyKind::Plain, |body| body.kind);
        let text = body.map(|body| body.source.clone().unwrap_or_else(|| body.text.clone()));
        let rebuilt = forward::Quoted {
            headers: mail.headers.clone(),
            text: text.unwrap_or_default(),
        };
        into.mail.embedded.push(Embedded {
            kind: EmbeddedKind::Attached,
            name,
            raw: rebuilt.rebuild(kind),
            mail,
        });
        return;
    }
    let Some(bytes) = store.binary(at, "3701") else { return };
    let kind = store.string(at, "370E", codepage);
    let place = store.string(at, "3712", codepage);
    let kind = kind.unwrap_or_else(|| "application/octet-stream".to_owned());
    into.attach(name, &kind, bytes, place);
}

#[cfg(test)]
#[path = "tests/outlook.rs"]
mod tests;
