//! What descriptors share: their tag, and how they name blocks.

use crate::contents::readers::disc::fields::{length, little};

/// Identifiers of descriptors.
pub const ANCHOR: u64 = 2;
pub const PARTITION: u64 = 5;
pub const LOGICAL_VOLUME: u64 = 6;
pub const END: u64 = 8;
pub const FILE_SET: u64 = 256;
pub const FILE_IDENTIFIER: u64 = 257;
pub const ALLOCATION_EXTENT: u64 = 258;
pub const FILE_ENTRY: u64 = 261;
pub const EXTENDED_FILE_ENTRY: u64 = 266;

/// The number of a descriptor whose tag is sound.
pub fn identifier(descriptor: &[u8]) -> Option<u64> {
    let tag = descriptor.get(..16)?;
    let (before, after) = (tag.get(..4)?, tag.get(5..)?);
    let sum = before
        .iter()
        .chain(after)
        .fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    (tag.get(4)? == &sum).then(|| little(tag, 0, 2))?
}

/// A block of a partition.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address {
    pub partition: usize,
    pub block: u64,
}

impl Address {
    /// That of an allocation descriptor of the long form.
    pub fn long(bytes: &[u8], at: usize) -> Option<Self> {
        Some(Self {
            block: little(bytes, at.checked_add(4)?, 4)?,
            partition: length(bytes, at.checked_add(8)?, 2)?,
        })
    }
}
