//! The bytes of a disk or a part of it, wherever its image keeps them.

use std::borrow::Cow;

use super::fields::big;
use crate::contents::{Inside, Trouble};

const SECTOR: u64 = 512;

#[derive(Clone, Copy)]
pub struct Image<'a> {
    bytes: &'a [u8],
    /// `None` if the bytes are the disk itself.
    blocks: Option<Blocks<'a>>,
    start: u64,
    size: u64,
}

/// A disk in blocks that stand in any order. Those of zeros stand nowhere.
#[derive(Clone, Copy)]
pub struct Blocks<'a> {
    /// The sector of each.
    pub table: &'a [u8],
    pub size: u64,
    /// Bytes before the content of each.
    pub bitmap: u64,
}

impl<'a> Image<'a> {
    pub fn plain(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            blocks: None,
            start: 0,
            size: bytes.len() as u64,
        }
    }

    pub fn in_blocks(bytes: &'a [u8], blocks: Blocks<'a>, size: u64) -> Self {
        Self {
            bytes,
            blocks: Some(blocks),
            start: 0,
            size,
        }
    }

    /// What begins there, at most up to the end of this.
    pub fn part(&self, start: u64, size: u64) -> Option<Self> {
        Some(Self {
            start: self.start.checked_add(start)?,
            size: size.min(self.size.checked_sub(start)?),
            ..*self
        })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// `None` if it has fewer bytes. `len` is to be bounded by the caller.
    pub fn get(&self, at: u64, len: usize) -> Option<Cow<'a, [u8]>> {
        if at.checked_add(len as u64)? > self.size {
            return None;
        }
        let at = self.start.checked_add(at)?;
        let Some(blocks) = self.blocks else {
            let at = usize::try_from(at).ok()?;
            return Some(Cow::Borrowed(self.bytes.get(at..at.checked_add(len)?)?));
        };
        let mut bytes = Vec::with_capacity(len);
        while bytes.len() < len {
            let at = at.checked_add(bytes.len() as u64)?;
            let in_block = at % blocks.size;
            let left = usize::try_from(blocks.size - in_block).unwrap_or(usize::MAX);
            let piece = left.min(len - bytes.len());
            match blocks.place(at / blocks.size)? {
                None => bytes.resize(bytes.len() + piece, 0),
                Some(block) => {
                    let from = usize::try_from(block.checked_add(in_block)?).ok()?;
                    bytes.extend_from_slice(self.bytes.get(from..from.checked_add(piece)?)?);
                }
            }
        }
        Some(Cow::Owned(bytes))
    }
}

impl Blocks<'_> {
    /// Where the content of a block stands, if anywhere; nothing if the table does not have it.
    #[allow(clippy::option_option)] // a block of zeros is not one that is missing
    fn place(&self, block: u64) -> Option<Option<u64>> {
        const NOWHERE: u64 = 0xffff_ffff;
        let at = usize::try_from(block).ok()?.checked_mul(4)?;
        let sector = big(self.table, at, 4)?;
        if sector == NOWHERE {
            return Some(None);
        }
        Some(Some((sector * SECTOR).checked_add(self.bitmap)?))
    }
}

/// A piece of a file; without a place it is zeros.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extent {
    pub at: Option<u64>,
    pub len: u64,
}

/// What the pieces of a file have, at most `size` bytes. Of an image that is cut off it is what comes before the first gap.
pub fn content(image: &Image<'_>, extents: &[Extent], size: u64, inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    for extent in extents {
        let wanted = extent.len.min(size.saturating_sub(bytes.len() as u64));
        let there = match extent.at {
            Some(at) => wanted.min(image.size.saturating_sub(at)),
            None => wanted,
        };
        let len = usize::try_from(there).unwrap_or(usize::MAX);
        inside.claim(len)?;
        match extent.at {
            None => bytes.resize(bytes.len() + len, 0),
            Some(at) => match image.get(at, len) {
                Some(piece) => bytes.extend_from_slice(&piece),
                None => break,
            },
        }
        if there < wanted {
            break;
        }
    }
    Ok(bytes)
}

/// Hands over a file.
pub fn give(
    image: &Image<'_>,
    name: &str,
    extents: &[Extent],
    size: u64,
    inside: &mut Inside<'_>,
) -> Result<(), Trouble> {
    inside.may_hold_files()?;
    let bytes = content(image, extents, size, inside)?;
    Ok(inside.file(Some(name), bytes)?)
}
