//! Documents with a password. The new formats lie encrypted in a compound file (MS-OFFCRYPTO 2.3.4).
//!
//! Tried: office-crypto 0.4 opens neither what Office 2010 writes (AES-128 with SHA-1) nor what has other hashes, and panics where a description is
//! cut off.

mod agile;
mod hash;
mod standard;

use self::agile::Agile;
use self::standard::Standard;
use super::store::Store;
use crate::contents::readers::aes_blocks;
use crate::contents::readers::office::bytes::u32_at;
use crate::contents::{Inside, Trouble};

/// Longest description of an encryption.
const LONGEST_INFO: usize = 1 << 16;
/// Bytes that tell the right password: a document is an archive.
const FIRST: usize = 16;
const SIGNATURE: &[u8] = b"PK\x03\x04";
/// A password costs a hundred thousand hashes.
const STEPS_OF_A_TRY: usize = 1 << 16;

/// The document that is encrypted in a compound file; `None` if none is.
pub fn package(store: &mut Store<'_>, inside: &mut Inside<'_>) -> Result<Option<Vec<u8>>, Trouble> {
    let Some(encrypted) = store.top("EncryptedPackage", inside)? else {
        return Ok(None);
    };
    let info = store.top("EncryptionInfo", inside)?.unwrap_or_default();
    let scheme = Scheme::read(info.get(..LONGEST_INFO).unwrap_or(&info), inside)?;
    let size = u32_at(&encrypted, 0).unwrap_or_default();
    let body = encrypted.get(8..).unwrap_or_default();
    let body = body.get(..size.div_ceil(16).saturating_mul(16)).unwrap_or(body);
    let first = body.get(..FIRST).unwrap_or_default();
    let passwords: Vec<String> = inside.passwords().map(str::to_owned).collect();
    for password in passwords {
        inside.step(STEPS_OF_A_TRY)?;
        let utf16: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let key = scheme.key(&utf16);
        if !scheme.decrypt(&key, first).starts_with(SIGNATURE) {
            continue;
        }
        inside.claim(body.len())?;
        let mut bytes = scheme.decrypt(&key, body);
        // A length that is wrong by a little is taken from what is there.
        bytes.truncate(size);
        inside.opened_with(&password);
        return Ok(Some(bytes));
    }
    Err(Trouble::Locked)
}

enum Scheme {
    Agile(Agile),
    Standard(Standard),
}

impl Scheme {
    fn read(info: &[u8], inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        match info {
            [4, 0, 4, 0, _, _, _, _, description @ ..] => Agile::read(description, inside).map(Self::Agile),
            [2..=4, 0, 2, 0, _, _, _, _, description @ ..] => Standard::read(description).map(Self::Standard),
            [_, _, _, _, ..] => Err(UNSUPPORTED),
            _ => Err(cut_off()),
        }
    }

    fn key(&self, password: &[u8]) -> Vec<u8> {
        match self {
            Self::Agile(scheme) => scheme.key(password),
            Self::Standard(scheme) => scheme.key(password),
        }
    }

    /// As many bytes as are whole blocks.
    fn decrypt(&self, key: &[u8], bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Agile(scheme) => scheme.decrypt(key, bytes),
            Self::Standard(_) => aes_blocks::ecb(key, bytes),
        }
    }
}

const UNSUPPORTED: Trouble = Trouble::Unsupported("this encryption of Office");
fn cut_off() -> Trouble {
    Trouble::broken("the description of the encryption is cut off")
}
