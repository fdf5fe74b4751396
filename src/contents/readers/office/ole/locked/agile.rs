//! The encryption of Office 2010 and later (MS-OFFCRYPTO 2.3.4.10 to 2.3.4.15): what it is made of stands in a piece of XML.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::hash::Hash;
use super::{UNSUPPORTED, cut_off};
use crate::contents::readers::aes_blocks::cbc;
use crate::contents::readers::office::xml::{self, Node, Tag};
use crate::contents::{Inside, Trouble};

/// Office makes a hundred thousand. Of more, the many passwords would take too long.
const MOST_HASHES: u32 = 200_000;
/// Each piece has a start of its own.
const PIECE: usize = 4096;
/// What the key is derived for.
const FOR_THE_KEY: [u8; 8] = [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6];

/// Of the document or of its key.
struct Part {
    salt: Vec<u8>,
    hash: Hash,
    /// Bytes of the key.
    length: usize,
}

impl Part {
    fn read(tag: &Tag<'_>) -> Result<Self, Trouble> {
        let value = |name: &str| tag.attribute(name).ok_or_else(cut_off);
        let hash = Hash::named(&value("hashAlgorithm")?).ok_or(UNSUPPORTED)?;
        let length = value("keyBits")?.parse::<usize>().unwrap_or_default() / 8;
        if ![16, 24, 32].contains(&length)
            || value("cipherAlgorithm")? != "AES"
            || value("cipherChaining")? != "ChainingModeCBC"
        {
            return Err(UNSUPPORTED);
        }
        Ok(Self {
            salt: bytes(&value("saltValue")?)?,
            hash,
            length,
        })
    }
}

fn bytes(base64: &str) -> Result<Vec<u8>, Trouble> {
    STANDARD.decode(base64).map_err(Trouble::broken)
}

pub struct Agile {
    document: Part,
    password: Part,
    hashes: u32,
    /// Locked by the password.
    key: Vec<u8>,
}

impl Agile {
    pub fn read(description: &[u8], inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        let (mut document, mut password) = (None, None);
        xml::walk(description, inside, &mut |node, _| {
            if let Node::Open(tag) = node {
                match tag.name() {
                    "keyData" => document = Some(Part::read(&tag)),
                    "encryptedKey" if password.is_none() => password = Some(Self::locked(&tag)),
                    _ => {}
                }
            }
            Ok(())
        })?;
        let (password, hashes, key) = password.ok_or_else(cut_off)??;
        Ok(Self {
            document: document.ok_or_else(cut_off)??,
            password,
            hashes,
            key,
        })
    }

    fn locked(tag: &Tag<'_>) -> Result<(Part, u32, Vec<u8>), Trouble> {
        let hashes = tag.attribute("spinCount").and_then(|count| count.parse().ok());
        let hashes = hashes.filter(|count| *count <= MOST_HASHES).ok_or(UNSUPPORTED)?;
        let key = bytes(&tag.attribute("encryptedKeyValue").ok_or_else(cut_off)?)?;
        Ok((Part::read(tag)?, hashes, key))
    }

    pub fn key(&self, password: &[u8]) -> Vec<u8> {
        let Part { salt, hash, length } = &self.password;
        let made = hash.of_password(salt, password, self.hashes);
        let mut own = hash.of(&made, &FOR_THE_KEY);
        own.resize(*length, 0x36);
        let mut key = cbc(&own, salt.get(..16).unwrap_or(salt), &self.key);
        key.truncate(self.document.length);
        key
    }

    pub fn decrypt(&self, key: &[u8], bytes: &[u8]) -> Vec<u8> {
        let mut decrypted = Vec::with_capacity(bytes.len());
        for (number, piece) in (0_u32..).zip(bytes.chunks(PIECE)) {
            let mut start = self.document.hash.of(&self.document.salt, &number.to_le_bytes());
            start.truncate(16);
            decrypted.extend(cbc(key, &start, piece));
        }
        decrypted
    }
}
