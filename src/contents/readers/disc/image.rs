//! The bytes of a disk, of which an image need not have all, or those of one of its partitions.

use std::borrow::Cow;
use std::rc::Rc;

use crate::contents::{Inside, Stop};

/// Where the blocks of a disk lie in its file.
pub struct Blocks {
    pub size: u64,
    /// Of each block; none of a block that was never written.
    pub places: Vec<Option<u64>>,
}

#[derive(Clone)]
pub struct Image<'a> {
    bytes: &'a [u8],
    blocks: Option<Rc<Blocks>>,
    from: u64,
    size: u64,
}

/// Where a part of a file lies, in bytes; none of what is zeros.
#[derive(Clone, Copy)]
pub struct Extent {
    pub at: Option<u64>,
    pub size: u64,
}

impl<'a> Image<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            blocks: None,
            from: 0,
            size: bytes.len() as u64,
        }
    }

    /// A disk of `size` bytes whose file has only some of its blocks.
    pub fn sparse(bytes: &'a [u8], blocks: Blocks, size: u64) -> Self {
        Self {
            bytes,
            blocks: Some(Rc::new(blocks)),
            from: 0,
            size,
        }
    }

    /// A partition.
    pub fn part(&self, at: u64, size: u64) -> Self {
        Self {
            from: self.from.saturating_add(at),
            size: size.min(self.size.saturating_sub(at)),
            ..self.clone()
        }
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Bytes of the file.
    pub fn stored(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// So many bytes; none beyond its end.
    pub fn get(&self, at: u64, size: usize) -> Option<Cow<'a, [u8]>> {
        if at.checked_add(size as u64)? > self.size {
            return None;
        }
        let at = self.from.checked_add(at)?;
        let Some(blocks) = &self.blocks else {
            return slice(self.bytes, at, size).map(Cow::Borrowed);
        };
        let mut gathered = Vec::new();
        while gathered.len() < size {
            let here = at.checked_add(gathered.len() as u64)?;
            let within = here % blocks.size;
            let most = usize::try_from(blocks.size - within).ok()?.min(size - gathered.len());
            let block = usize::try_from(here / blocks.size).ok()?;
            match blocks.places.get(block)? {
                Some(place) => gathered.extend_from_slice(slice(self.bytes, place.checked_add(within)?, most)?),
                None => gathered.resize(gathered.len() + most, 0),
            }
        }
        Some(Cow::Owned(gathered))
    }

    pub fn starts_with(&self, at: u64, mark: &[u8]) -> bool {
        self.get(at, mark.len()).is_some_and(|there| *there == *mark)
    }

    /// The bytes of a file. What lies beyond the end of the disk is missing.
    pub fn gather(
        &self,
        extents: impl IntoIterator<Item = Extent>,
        size: u64,
        inside: &mut Inside<'_>,
    ) -> Result<Vec<u8>, Stop> {
        const PIECE: u64 = 1 << 16;
        let mut bytes = Vec::new();
        for extent in extents {
            let mut done = 0;
            while done < extent.size && (bytes.len() as u64) < size {
                let most = (extent.size - done).min(size - bytes.len() as u64).min(PIECE);
                let Ok(length) = usize::try_from(most) else {
                    return Ok(bytes);
                };
                inside.claim(length)?;
                match extent.at.map(|at| self.get(at.saturating_add(done), length)) {
                    None => bytes.resize(bytes.len() + length, 0),
                    Some(Some(there)) => bytes.extend_from_slice(&there),
                    Some(None) => return Ok(bytes),
                }
                done += most;
            }
        }
        Ok(bytes)
    }
}

fn slice(bytes: &[u8], at: u64, size: usize) -> Option<&[u8]> {
    let at = usize::try_from(at).ok()?;
    bytes.get(at..at.checked_add(size)?)
}

/// Numbers in what was read, the lower byte first; zero beyond its end.
pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array(bytes, at))
}

pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array(bytes, at))
}

pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array(bytes, at))
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let there = bytes.get(at..at.saturating_add(N));
    there.and_then(|there| there.try_into().ok()).unwrap_or([0; N])
}

/// Of up to eight bytes.
pub fn number(bytes: &[u8], at: usize, size: usize) -> u64 {
    let there = bytes.get(at..at.saturating_add(size)).unwrap_or_default();
    there
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}
