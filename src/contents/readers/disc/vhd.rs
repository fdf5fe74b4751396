//! Virtual hard disks: a footer, and with it either all bytes of the disk or a table of its blocks.

use super::image::{Blocks, Image, number};
use crate::contents::Trouble;

const SECTOR: usize = 512;
const FIXED: u64 = 2;
const DYNAMIC: u64 = 3;

pub fn is_one(bytes: &[u8]) -> bool {
    footer(bytes).is_some()
}

/// At the end, and of disks with a table at the beginning too.
fn footer(bytes: &[u8]) -> Option<&[u8]> {
    let last = bytes.len().checked_sub(SECTOR).and_then(|at| bytes.get(at..));
    let ends = [last, bytes.get(..SECTOR)];
    ends.into_iter().flatten().find(|end| end.starts_with(b"conectix"))
}

pub fn open(bytes: &[u8]) -> Result<Image<'_>, Trouble> {
    let broken = || Trouble::broken("no table of blocks");
    let footer = footer(bytes).ok_or_else(broken)?;
    let size = big(footer, 48, 8);
    match big(footer, 60, 4) {
        FIXED => Ok(Image::of(bytes).part(0, size)),
        DYNAMIC => {
            let header = usize::try_from(big(footer, 16, 8)).ok().and_then(|at| bytes.get(at..));
            let header = header
                .filter(|header| header.starts_with(b"cxsparse"))
                .ok_or_else(broken)?;
            let block = big(header, 32, 4);
            if block < SECTOR as u64 || !block.is_power_of_two() {
                return Err(broken());
            }
            let table = usize::try_from(big(header, 16, 8)).ok().and_then(|at| bytes.get(at..));
            let entries = usize::try_from(big(header, 28, 4)).unwrap_or(usize::MAX);
            // Before each block a bit for each of its sectors.
            let bits = (block / SECTOR as u64).div_ceil(8).next_multiple_of(SECTOR as u64);
            let place = |entry: &[u8]| match big(entry, 0, 4) {
                0xffff_ffff => None,
                sector => Some(sector * SECTOR as u64 + bits),
            };
            let places = table
                .ok_or_else(broken)?
                .chunks_exact(4)
                .take(entries)
                .map(place)
                .collect();
            Ok(Image::sparse(bytes, Blocks { size: block, places }, size))
        }
        _ => Err(Trouble::Unsupported("VHD disk image that adds to another")),
    }
}

/// A number with the higher byte first.
fn big(bytes: &[u8], at: usize, size: u32) -> u64 {
    number(bytes, at, size as usize).swap_bytes() >> (64 - 8 * size)
}
