//! The properties in an attribute of TNEF (MS-OXTNEF 2.1.3.4): a number of them, each with its type, its number, a name where it
//! has one, and its value filled up to four bytes.

use hashbrown::HashMap;

use super::super::charset;
use super::super::mapi::Properties;

const STRING8: u16 = 0x001e;
const UNICODE: u16 = 0x001f;
const OBJECT: u16 = 0x000d;
const BINARY: u16 = 0x0102;
const MULTIPLE: u16 = 0x1000;

/// Properties by their number: the type and the bytes of the first value.
#[derive(Default)]
pub(super) struct Table<'x> {
    entries: HashMap<u16, (u16, &'x [u8])>,
    /// That of texts in bytes.
    pub codepage: String,
}

impl<'x> Table<'x> {
    /// Reads as many properties as there are; what is broken ends it.
    pub fn read(bytes: &'x [u8]) -> Self {
        let mut table = Self::default();
        let mut reader = Reader { rest: bytes };
        let count = reader.u32().unwrap_or_default();
        for _ in 0..count {
            let Some((kind, id, value)) = reader.property() else {
                break;
            };
            table.entries.entry(id).or_insert((kind, value));
        }
        table
    }

    fn of_kind(&self, id: u16, wanted: u16) -> Option<&'x [u8]> {
        let (kind, value) = self.entries.get(&id)?;
        (kind & !MULTIPLE == wanted).then_some(value)
    }

    /// An object without the number of its interface.
    pub fn object(&self, id: u16) -> Option<&'x [u8]> {
        self.of_kind(id, OBJECT)?.get(16..)
    }
}

impl Properties for Table<'_> {
    fn string(&mut self, id: u16) -> Option<String> {
        let text = match self.of_kind(id, UNICODE) {
            Some(bytes) => charset::decode(bytes.to_vec(), Some("utf-16le")),
            None => charset::decode(self.of_kind(id, STRING8)?.to_vec(), Some(&self.codepage)),
        };
        (!text.trim().is_empty()).then_some(text)
    }

    fn binary(&mut self, id: u16) -> Option<Vec<u8>> {
        self.of_kind(id, BINARY).map(<[u8]>::to_vec)
    }

    fn fixed(&mut self, id: u16) -> Option<[u8; 8]> {
        let (_, value) = self.entries.get(&id)?;
        let mut bytes = [0; 8];
        let length = value.len().min(8);
        bytes.get_mut(..length)?.copy_from_slice(value.get(..length)?);
        Some(bytes)
    }
}

struct Reader<'x> {
    rest: &'x [u8],
}

impl<'x> Reader<'x> {
    fn take(&mut self, length: usize) -> Option<&'x [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// A length and as many bytes, filled up to four. The last one may be cut off.
    fn counted(&mut self) -> Option<&'x [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        let value = self.take(length.min(self.rest.len()))?;
        let fill = length.next_multiple_of(4) - length;
        self.take(fill.min(self.rest.len()))?;
        Some(value)
    }

    fn property(&mut self) -> Option<(u16, u16, &'x [u8])> {
        let (kind, id) = (self.u16()?, self.u16()?);
        if id >= 0x8000 {
            self.take(16)?;
            if self.u32()? == 0 {
                self.take(4)?;
            } else {
                self.counted()?;
            }
        }
        let is_counted = matches!(kind & !MULTIPLE, STRING8 | UNICODE | OBJECT | BINARY);
        let count = if is_counted || kind & MULTIPLE != 0 {
            self.u32()?
        } else {
            1
        };
        let mut first: Option<&'x [u8]> = None;
        for _ in 0..count {
            let value = if is_counted {
                self.counted()?
            } else {
                self.take(size(kind & !MULTIPLE)?)?
            };
            first = first.or(Some(value));
        }
        Some((kind, id, first.unwrap_or_default()))
    }
}

/// How many bytes a value of fixed size takes here.
fn size(kind: u16) -> Option<usize> {
    Some(match kind {
        0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => 4,
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        _ => return None,
    })
}
