//! The encryption of Office 2007 (MS-OFFCRYPTO 2.3.4.5 to 2.3.4.9): AES block by block, SHA-1.

use super::hash::Hash;
use super::{UNSUPPORTED, cut_off};
use crate::contents::Trouble;
use crate::contents::readers::office::bytes::u32_at;

/// Hashes of a password.
const TIMES: u32 = 50_000;
const AES: [usize; 3] = [0x660e, 0x660f, 0x6610];

pub struct Standard {
    salt: [u8; 16],
    /// Bytes of the key.
    length: usize,
}

impl Standard {
    /// Behind version and flags: the length of a header, the header, and what proves the password, which begins with a salt.
    pub fn read(description: &[u8]) -> Result<Self, Trouble> {
        let number = |at: usize| u32_at(description, at).ok_or_else(cut_off);
        let header = number(0)?;
        if !AES.contains(&number(12)?) {
            return Err(UNSUPPORTED);
        }
        let length = number(20)? / 8;
        if ![16, 24, 32].contains(&length) {
            return Err(UNSUPPORTED);
        }
        let salt = header
            .checked_add(8)
            .and_then(|at| description.get(at..)?.first_chunk());
        Ok(Self {
            salt: *salt.ok_or_else(cut_off)?,
            length,
        })
    }

    pub fn key(&self, password: &[u8]) -> Vec<u8> {
        let hash = Hash::Sha1.of_password(&self.salt, password, TIMES);
        let hash = Hash::Sha1.of(&hash, &[0; 4]);
        let half = |pad: u8| {
            let mut block = [pad; 64];
            block.iter_mut().zip(&hash).for_each(|(byte, hash)| *byte ^= hash);
            Hash::Sha1.of(&block, &[])
        };
        let mut key = [half(0x36), half(0x5c)].concat();
        key.truncate(self.length);
        key
    }
}
