//! Records of files, and their attributes.

use crate::contents::readers::disc::fields::{length, little};

/// Kinds of attributes.
pub const FILE_NAME: u64 = 0x30;
pub const DATA: u64 = 0x80;
const END: u64 = 0xffff_ffff;

/// The last two bytes of each so many are kept elsewhere in the record.
const STRIDE: usize = 512;

pub struct Record {
    bytes: Vec<u8>,
}

impl Record {
    /// `None` if it is not used, or was not written to its end.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        const IN_USE: u64 = 1;
        if !bytes.starts_with(b"FILE") || little(bytes, 22, 2)? & IN_USE == 0 {
            return None;
        }
        let (from, count) = (length(bytes, 4, 2)?, length(bytes, 6, 2)?);
        let mut kept = bytes.get(from..from + count * 2)?.chunks_exact(2);
        let mark = kept.next()?;
        let mut fixed = bytes.to_vec();
        for (sector, pair) in fixed.chunks_exact_mut(STRIDE).zip(kept) {
            let end = sector.get_mut(STRIDE - 2..)?;
            if end != mark {
                return None;
            }
            end.copy_from_slice(pair);
        }
        Some(Self { bytes: fixed })
    }

    /// The number of the record that it continues.
    pub fn base(&self) -> Option<u64> {
        little(&self.bytes, 32, 6).filter(|base| *base != 0)
    }

    pub fn is_file(&self) -> bool {
        const FOLDER: u64 = 2;
        little(&self.bytes, 22, 2).is_some_and(|flags| flags & FOLDER == 0)
    }

    pub fn attributes(&self) -> Vec<Attribute<'_>> {
        let mut found = Vec::new();
        let mut rest = length(&self.bytes, 20, 2)
            .and_then(|from| self.bytes.get(from..))
            .unwrap_or_default();
        while little(rest, 0, 4).is_some_and(|kind| kind != END)
            && let Some((attribute, after)) = length(rest, 4, 4).and_then(|length| rest.split_at_checked(length))
            && attribute.len() >= 24
        {
            found.extend(Attribute::read(attribute));
            rest = after;
        }
        found
    }
}

pub struct Attribute<'r> {
    pub kind: u64,
    pub name: String,
    /// Compressed or encrypted.
    pub is_packed: bool,
    /// The number of its first cluster in the file.
    pub first: u64,
    pub place: Place<'r>,
}

/// Where its content is.
#[derive(Clone, Copy)]
pub enum Place<'r> {
    Inside(&'r [u8]),
    Outside {
        runs: &'r [u8],
        size: u64,
        /// Bytes that were ever written.
        written: u64,
    },
}

impl<'r> Attribute<'r> {
    fn read(bytes: &'r [u8]) -> Option<Self> {
        const PACKED: u64 = 0x40ff;
        let name = length(bytes, 10, 2)?;
        let name = bytes.get(name..name + length(bytes, 9, 1)? * 2)?;
        let is_outside = little(bytes, 8, 1)? != 0;
        let place = if is_outside {
            // Only the first of several has the sizes.
            Place::Outside {
                runs: bytes.get(length(bytes, 32, 2)?..)?,
                size: little(bytes, 48, 8)?,
                written: little(bytes, 56, 8)?,
            }
        } else {
            let from = length(bytes, 20, 2)?;
            Place::Inside(bytes.get(from..from.checked_add(length(bytes, 16, 4)?)?)?)
        };
        Some(Self {
            kind: little(bytes, 0, 4)?,
            name: wide(name),
            is_packed: little(bytes, 12, 2)? & PACKED != 0,
            first: if is_outside { little(bytes, 16, 8)? } else { 0 },
            place,
        })
    }
}

pub fn wide(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}
