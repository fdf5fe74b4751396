//! Entries of folders.

use super::tag::{Address, FILE_IDENTIFIER, identifier};
use crate::contents::readers::disc::fields::length;

/// An entry of a folder.
pub struct Identifier {
    characteristics: u8,
    pub address: Address,
    pub name: String,
}

impl Identifier {
    /// And what follows it.
    pub fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        if identifier(bytes)? != FILE_IDENTIFIER {
            return None;
        }
        let from = length(bytes, 36, 2)? + 38;
        let end = from + length(bytes, 19, 1)?;
        let name = bytes.get(from..end)?;
        let child = Self {
            characteristics: *bytes.get(18)?,
            address: Address::long(bytes, 20)?,
            name: decode(name),
        };
        Some((child, bytes.get(end.next_multiple_of(4)..).unwrap_or_default()))
    }

    /// Deleted, or the folder around it.
    pub fn is_no_file(&self) -> bool {
        self.characteristics & 0b1100 != 0
    }

    pub fn is_folder(&self) -> bool {
        self.characteristics & 0b10 != 0
    }
}

/// Its first byte tells how many bits a character has.
fn decode(name: &[u8]) -> String {
    match name.split_first() {
        Some((16 | 255, wide)) => encoding_rs::UTF_16BE.decode_without_bom_handling(wide).0.into_owned(),
        Some((_, narrow)) => encoding_rs::mem::decode_latin1(narrow).into_owned(),
        None => String::new(),
    }
}
