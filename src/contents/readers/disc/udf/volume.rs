//! The descriptors of a volume and of its files.

use std::borrow::Cow;

use super::tag::{
    ALLOCATION_EXTENT, Address, END, EXTENDED_FILE_ENTRY, FILE_ENTRY, LOGICAL_VOLUME, PARTITION, identifier,
};
use crate::contents::readers::disc::fields::{length, little};
use crate::contents::readers::disc::image::{Extent, Image};
use crate::contents::{Inside, Trouble};

/// Most descriptors of a volume, and most of its partitions.
const DESCRIPTORS: u64 = 256;
const PARTITIONS: usize = 16;
/// Most continuations of a file's list of pieces.
const CONTINUATIONS: usize = 64;

pub struct Volume<'a> {
    image: Image<'a>,
    block: u64,
    /// Where each begins.
    partitions: Vec<u64>,
}

impl<'a> Volume<'a> {
    /// And the address of its file set.
    pub fn open(
        image: &Image<'a>,
        sector: u64,
        (at, size): (u64, u64),
        inside: &mut Inside<'_>,
    ) -> Result<(Self, Address), Trouble> {
        let mut starts = Vec::new();
        let mut logical = None;
        for index in 0..(size / sector).min(DESCRIPTORS) {
            inside.step(512)?;
            let place = at + index * sector;
            let Some(descriptor) = image.get(place, 512) else { break };
            match identifier(&descriptor) {
                Some(PARTITION) => starts.push((little(&descriptor, 22, 2), little(&descriptor, 188, 4))),
                Some(LOGICAL_VOLUME) => logical = Some(place),
                Some(END) => break,
                _ => {}
            }
        }
        let logical = logical.and_then(|at| image.get(at, usize::try_from(sector).ok()?));
        let logical = logical.ok_or_else(|| Trouble::broken("no logical volume"))?;
        let block = little(&logical, 212, 4).filter(|block| (512..=1 << 15).contains(block));
        let (Some(block), Some(set)) = (block, Address::long(&logical, 248)) else {
            return Err(Trouble::broken("a logical volume without its sizes"));
        };
        let number = length(&logical, 268, 4).unwrap_or_default().min(PARTITIONS);
        let mut maps = logical.get(440..).unwrap_or_default();
        let mut partitions = Vec::new();
        for _ in 0..number {
            let Some(map) = length(maps, 1, 1).and_then(|length| maps.get(..length)) else {
                break;
            };
            maps = maps.get(map.len()..).unwrap_or_default();
            // Of the other kinds only that is laid out like a plain one which replaces bad blocks.
            let number = match (map.first(), map.get(5..28)) {
                (Some(1), _) => little(map, 4, 2),
                (Some(2), Some(b"*UDF Sparable Partition")) => little(map, 38, 2),
                _ => return Err(Trouble::Unsupported("UDF with a virtual or metadata partition")),
            };
            let start = starts.iter().rev().find(|(known, _)| *known == number);
            match start.and_then(|(_, start)| *start) {
                Some(start) => partitions.push(start * sector),
                None => return Err(Trouble::broken("a partition that is missing")),
            }
        }
        let volume = Self {
            image: *image,
            block,
            partitions,
        };
        Ok((volume, set))
    }

    fn place(&self, address: Address) -> Option<u64> {
        let start = *self.partitions.get(address.partition)?;
        start.checked_add(address.block.checked_mul(self.block)?)
    }

    pub fn descriptor(&self, address: Address) -> Option<Cow<'a, [u8]>> {
        self.image.get(self.place(address)?, usize::try_from(self.block).ok()?)
    }

    pub fn entry(&self, address: Address, inside: &mut Inside<'_>) -> Result<Option<Entry>, Trouble> {
        inside.step(512)?;
        let Some(head) = self.head(address) else {
            return Ok(None);
        };
        let mut entry = Entry {
            kind: head.kind,
            size: head.size,
            extents: Vec::new(),
        };
        let wide = match head.form {
            0 => false,
            1 => true,
            // In the entry itself.
            3 => {
                entry.extents.push(Extent {
                    at: head.place.checked_add(head.from as u64),
                    len: head.pieces.len() as u64,
                });
                return Ok(Some(entry));
            }
            _ => return Ok(None),
        };
        let mut pieces = head.pieces;
        for _ in 0..CONTINUATIONS {
            inside.step(pieces.len())?;
            let Some(next) = self.pieces(&pieces, wide, address.partition, &mut entry.extents) else {
                break;
            };
            let Some(more) = self.continuation(next) else { break };
            pieces = more;
        }
        Ok(Some(entry))
    }

    fn head(&self, address: Address) -> Option<Head> {
        let bytes = self.descriptor(address)?;
        let (lengths, from) = match identifier(&bytes)? {
            FILE_ENTRY => (168, 176),
            EXTENDED_FILE_ENTRY => (208, 216),
            _ => return None,
        };
        let from = length(&bytes, lengths, 4)?.checked_add(from)?;
        let end = from.checked_add(length(&bytes, lengths + 4, 4)?)?;
        Some(Head {
            kind: *bytes.get(27)?,
            form: bytes.get(34)? & 7,
            size: little(&bytes, 56, 8)?,
            place: self.place(address)?,
            from,
            pieces: bytes.get(from..end)?.to_vec(),
        })
    }

    /// Adds the pieces of a list, and tells where it goes on.
    fn pieces(&self, list: &[u8], wide: bool, partition: usize, extents: &mut Vec<Extent>) -> Option<Address> {
        for piece in list.chunks_exact(if wide { 16 } else { 8 }) {
            let field = little(piece, 0, 4)?;
            let (kind, len) = (field >> 30, field & 0x3fff_ffff);
            if len == 0 {
                return None;
            }
            let address = if wide {
                Address::long(piece, 0)?
            } else {
                Address {
                    partition,
                    block: little(piece, 4, 4)?,
                }
            };
            match kind {
                3 => return Some(address),
                0 => extents.push(Extent {
                    at: Some(self.place(address)?),
                    len,
                }),
                // Never written.
                _ => extents.push(Extent { at: None, len }),
            }
        }
        None
    }

    fn continuation(&self, address: Address) -> Option<Vec<u8>> {
        let bytes = self.descriptor(address)?;
        let end = length(&bytes, 20, 4)?.checked_add(24)?;
        (identifier(&bytes)? == ALLOCATION_EXTENT).then(|| bytes.get(24..end).map(<[u8]>::to_vec))?
    }
}

struct Head {
    kind: u8,
    /// How its pieces are told.
    form: u8,
    size: u64,
    place: u64,
    /// Where its list of pieces begins in it.
    from: usize,
    pieces: Vec<u8>,
}

pub struct Entry {
    kind: u8,
    pub size: u64,
    pub extents: Vec<Extent>,
}

impl Entry {
    /// Files, also of no type and those to be played.
    pub fn is_plain(&self) -> bool {
        matches!(self.kind, 0 | 5 | 249)
    }
}
