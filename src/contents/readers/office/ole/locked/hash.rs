//! The hashes of Office's encryption.

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
