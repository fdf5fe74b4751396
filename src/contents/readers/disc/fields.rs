//! Numbers at offsets of a structure.

use byteorder::{BigEndian, ByteOrder, LittleEndian};

/// An unsigned number of 1 to 8 bytes, the lowest first.
pub fn little(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(width)?)?;
    (1..=8).contains(&width).then(|| LittleEndian::read_uint(field, width))
}

/// The same with the highest byte first.
pub fn big(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(width)?)?;
    (1..=8).contains(&width).then(|| BigEndian::read_uint(field, width))
}

/// The same as a length or an offset in memory.
pub fn length(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    usize::try_from(little(bytes, at, width)?).ok()
}
