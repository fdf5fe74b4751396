//! VHD images, fixed and dynamic.

use super::fields::big;
use super::image::{Blocks, Image};
use crate::contents::Trouble;

const COOKIE: &[u8] = b"conectix";
const SECTOR: u64 = 512;

/// The disk that it holds.
pub fn open(bytes: &[u8]) -> Result<Image<'_>, Trouble> {
    let last = [512, 511].into_iter().find_map(|size| {
        let at = bytes.len().checked_sub(size)?;
        bytes
            .get(at..)
            .filter(|footer| footer.starts_with(COOKIE))
            .map(|footer| (at, footer))
    });
    // One that can grow has a copy in front, which a cut one still has.
    let (end, footer) = last.unwrap_or((bytes.len(), bytes));
    match big(footer, 60, 4) {
        Some(2) => Ok(Image::plain(bytes.get(..end).unwrap_or_default())),
        Some(3) => dynamic(bytes, footer).ok_or_else(|| Trouble::broken("no block table")),
        Some(4) => Err(Trouble::Unsupported("VHD image of changes to another")),
        _ => Err(Trouble::broken("a VHD image of no known type")),
    }
}

fn dynamic<'a>(bytes: &'a [u8], footer: &[u8]) -> Option<Image<'a>> {
    let from = usize::try_from(big(footer, 16, 8)?).ok()?;
    let header = bytes.get(from..from.checked_add(1024)?)?;
    if !header.starts_with(b"cxsparse") {
        return None;
    }
    let table = usize::try_from(big(header, 16, 8)?).ok()?;
    let entries = usize::try_from(big(header, 28, 4)?).ok()?;
    let size = big(header, 32, 4).filter(|size| *size >= SECTOR)?;
    let end = table.checked_add(entries.checked_mul(4)?)?;
    let blocks = Blocks {
        table: bytes.get(table..end.min(bytes.len()))?,
        size,
        // A bit for each sector. Those that were never written are zeros in the block, too.
        bitmap: (size / SECTOR).div_ceil(8).next_multiple_of(SECTOR),
    };
    Some(Image::in_blocks(bytes, blocks, big(footer, 48, 8)?))
}
