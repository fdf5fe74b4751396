//! The ciphers and hashes of Office's encryption.

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{Block, BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

#[derive(Clone, Copy, Debug)]
pub enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "SHA1" | "SHA-1" => Self::Sha1,
            "SHA256" | "SHA-256" => Self::Sha256,
            "SHA384" | "SHA-384" => Self::Sha384,
            "SHA512" | "SHA-512" => Self::Sha512,
            _ => return None,
        })
    }

    /// Of one text behind the other.
    pub fn of(self, one: &[u8], other: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => hash::<Sha1>(one, other),
            Self::Sha256 => hash::<Sha256>(one, other),
            Self::Sha384 => hash::<Sha384>(one, other),
            Self::Sha512 => hash::<Sha512>(one, other),
        }
    }

    /// Of a salt and a password, and then so many times of its own.
    pub fn of_password(self, salt: &[u8], password: &[u8], times: u32) -> Vec<u8> {
        (0..times).fold(self.of(salt, password), |hash, time| {
            self.of(&time.to_le_bytes(), &hash)
        })
    }
}

fn hash<D: Digest>(one: &[u8], other: &[u8]) -> Vec<u8> {
    D::new().chain_update(one).chain_update(other).finalize().to_vec()
}

/// AES in chained blocks; nothing of a key that AES does not have.
pub fn cbc(key: &[u8], start: &[u8], bytes: &[u8]) -> Vec<u8> {
    match key.len() {
        16 => chained::<cbc::Decryptor<Aes128>>(key, start, bytes),
        24 => chained::<cbc::Decryptor<Aes192>>(key, start, bytes),
        _ => chained::<cbc::Decryptor<Aes256>>(key, start, bytes),
    }
}

fn chained<C: KeyIvInit + BlockModeDecrypt>(key: &[u8], start: &[u8], bytes: &[u8]) -> Vec<u8> {
    let cipher = C::new_from_slices(key, start).ok();
    let decrypted = cipher.and_then(|cipher| cipher.decrypt_padded_vec::<NoPadding>(whole(bytes)).ok());
    decrypted.unwrap_or_default()
}

/// AES block by block.
pub fn ecb(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    match key.len() {
        16 => alone::<Aes128>(key, bytes),
        24 => alone::<Aes192>(key, bytes),
        _ => alone::<Aes256>(key, bytes),
    }
}

fn alone<C: KeyInit + BlockCipherDecrypt>(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let Ok(cipher) = C::new_from_slice(key) else {
        return Vec::new();
    };
    let mut decrypted = whole(bytes).to_vec();
    for block in decrypted.chunks_exact_mut(16) {
        if let Ok(block) = <&mut Block<C>>::try_from(block) {
            cipher.decrypt_block(block);
        }
    }
    decrypted
}

fn whole(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len() / 16 * 16).unwrap_or_default()
}
