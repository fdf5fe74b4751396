//! Outlook's .msg files (MS-OXMSG): a compound file in which each property is a stream.

use std::io::{Cursor, Read};

use super::charset;
use super::mapi::{self, Content, File, Message, Properties};
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

fn open(bytes: &[u8]) -> Option<cfb::CompoundFile<Cursor<&[u8]>>> {
    cfb::CompoundFile::open(Cursor::new(bytes)).ok()
}

/// Reads the message of a file, and the messages in it down to `depth` levels.
pub(super) fn read(bytes: &[u8], depth: usize) -> Message {
    let Some(file) = open(bytes) else {
        return Message {
            defects: vec![Defect::OutlookBroken],
            ..Message::default()
        };
    };
    let mut store = Store {
        file,
        // The streams of a sound file are together no larger than it; a hostile one names the same bytes many times.
        budget: bytes.len().saturating_mul(2),
    };
    let mut message = message(&mut store, "", 32, depth);
    if store.budget == 0 {
        message.defects.push(Defect::OutlookCut);
    }
    message
}

struct Store<'x> {
    file: cfb::CompoundFile<Cursor<&'x [u8]>>,
    budget: usize,
}

impl<'x> Store<'x> {
    fn object<'s>(&'s mut self, at: &'s str, head: usize, codepage: &'s str) -> Object<'s, 'x> {
        Object {
            store: self,
            at,
            head,
            codepage,
        }
    }

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

/// What lies in one storage: a message, a recipient, an attachment.
struct Object<'s, 'x> {
    store: &'s mut Store<'x>,
    at: &'s str,
    /// The size of what stands before its properties of fixed size.
    head: usize,
    codepage: &'s str,
}

impl Properties for Object<'_, '_> {
    fn string(&mut self, id: u16) -> Option<String> {
        let at = self.at;
        let text = if let Some(bytes) = self.store.stream(&format!("{at}/__substg1.0_{id:04X}001F")) {
            charset::decode(bytes, Some("utf-16le"))
        } else {
            let bytes = self.store.stream(&format!("{at}/__substg1.0_{id:04X}001E"))?;
            charset::decode(bytes, Some(self.codepage))
        };
        (!text.trim().is_empty()).then_some(text)
    }

    fn binary(&mut self, id: u16) -> Option<Vec<u8>> {
        self.store.stream(&format!("{}/__substg1.0_{id:04X}0102", self.at))
    }

    fn fixed(&mut self, id: u16) -> Option<[u8; 8]> {
        let bytes = self.store.stream(&format!("{}/{PROPERTIES}", self.at))?;
        let entries = bytes.get(self.head..)?.chunks_exact(16);
        let mut found = entries.filter(|entry| entry.get(2..4) == Some(&id.to_le_bytes()));
        found.next()?.get(8..16)?.try_into().ok()
    }
}

/// One message: the file's own at the root, or one inside it.
fn message(store: &mut Store<'_>, at: &str, head: usize, depth: usize) -> Message {
    let codepage = mapi::codepage(&mut store.object(at, head, ""));
    let codepage = codepage.unwrap_or_else(|| "windows-1252".to_owned());
    let mut recipients = Vec::new();
    for recipient in store.storages(at, "__recip_version1.0_") {
        recipients.extend(mapi::recipient(&mut store.object(&recipient, 8, &codepage)));
    }
    let mut properties = store.object(at, head, &codepage);
    let mut message = Message {
        headers: mapi::headers(&mut properties, recipients),
        bodies: mapi::bodies(&mut properties, &codepage),
        is_signed: mapi::is_signed(&mut properties),
        ..Message::default()
    };
    for attachment in store.storages(at, "__attach_version1.0_") {
        match file(store, &attachment, &codepage, depth) {
            Ok(file) => message.files.extend(file),
            Err(defect) => message.defects.push(defect),
        }
    }
    message
}

fn file(store: &mut Store<'_>, at: &str, codepage: &str, depth: usize) -> Result<Option<File>, Defect> {
    let inner = format!("{at}/__substg1.0_3701000D");
    let content = if store.file.is_storage(&inner) {
        let deeper = depth.checked_sub(1).ok_or(Defect::TooDeepLeftOut)?;
        Some(Content::Message(Box::new(message(store, &inner, 24, deeper))))
    } else {
        store.object(at, 8, codepage).binary(0x3701).map(Content::Bytes)
    };
    Ok(content.map(|content| mapi::file(&mut store.object(at, 8, codepage), None, content)))
}

#[cfg(test)]
#[path = "tests/outlook.rs"]
mod tests;
