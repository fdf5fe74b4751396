//! Opens locked PDF files: RC4 and AES with keys of 40 to 256 bits (ISO 32000-2, 7.6).

use std::borrow::Cow;

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use aes::{Aes128, Aes256};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};

use super::cipher::{aes, rc4};
use super::object::{Dict, Object};

const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00,
    0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    None,
    Rc4,
    Aes128,
    Aes256,
}

/// What opens the strings and streams of a file.
pub struct Key {
    secret: Vec<u8>,
    streams: Method,
    texts: Method,
}

impl Key {
    /// The key that a password gives, as user or as owner; `None` when it is wrong. `encrypt` is the dictionary of that name, without references.
    pub fn of(encrypt: &Dict, id: &[u8], password: &[u8]) -> Option<Self> {
        let revision = encrypt.get("R")?.as_count()?;
        let (streams, texts) = methods(encrypt)?;
        let key = if revision >= 5 {
            of_revision_6(encrypt, revision, password)?
        } else {
            let length = encrypt.get("Length").and_then(Object::as_count).unwrap_or(40) / 8;
            let length = if revision == 2 { 5 } else { length.clamp(5, 16) };
            let length = if revision >= 4 { 16 } else { length };
            let settings = Old::of(encrypt, id, revision, length)?;
            settings.by_user(password).or_else(|| settings.by_owner(password))?
        };
        Some(Self {
            secret: key,
            streams,
            texts,
        })
    }

    pub fn stream<'b>(&self, bytes: &'b [u8], owner: (u32, u16)) -> Cow<'b, [u8]> {
        self.open(self.streams, bytes, owner)
    }

    pub fn text<'b>(&self, bytes: &'b [u8], owner: (u32, u16)) -> Cow<'b, [u8]> {
        self.open(self.texts, bytes, owner)
    }

    /// All texts in an object; those in it are as deep as the syntax was read.
    pub fn object(&self, object: &mut Object, owner: (u32, u16)) {
        match object {
            Object::Text(text) => *text = self.text(text, owner).into_owned(),
            Object::Array(items) => items.iter_mut().for_each(|item| self.object(item, owner)),
            Object::Dict(dict) => dict.0.iter_mut().for_each(|(_, value)| self.object(value, owner)),
            _ => {}
        }
    }

    fn open<'b>(&self, method: Method, bytes: &'b [u8], (number, generation): (u32, u16)) -> Cow<'b, [u8]> {
        let of_object = |salt: &[u8]| {
            let number = number.to_le_bytes();
            let parts: [&[u8]; 4] = [
                &self.secret,
                number.get(..3).unwrap_or_default(),
                &generation.to_le_bytes(),
                salt,
            ];
            let mut key = Md5::digest(parts.concat()).to_vec();
            key.truncate((self.secret.len() + 5).min(16));
            key
        };
        match method {
            Method::None => Cow::Borrowed(bytes),
            Method::Rc4 => Cow::Owned(rc4(&of_object(&[]), bytes)),
            Method::Aes128 => Cow::Owned(aes(&of_object(b"sAlT"), bytes)),
            Method::Aes256 => Cow::Owned(aes(&self.secret, bytes)),
        }
    }
}

/// What streams and strings are locked with.
fn methods(encrypt: &Dict) -> Option<(Method, Method)> {
    let version = encrypt.get("V").and_then(Object::as_count).unwrap_or(0);
    if !encrypt.is("Filter", "Standard") {
        return None;
    }
    if version < 4 {
        return Some((Method::Rc4, Method::Rc4));
    }
    let filters = encrypt.get("CF").and_then(Object::as_dict);
    let method = |key: &str| match encrypt.name(key) {
        None | Some(b"Identity") => Method::None,
        Some(name) => {
            let filter = filters.and_then(|filters| filters.get(std::str::from_utf8(name).unwrap_or_default()));
            match filter.and_then(Object::as_dict).and_then(|filter| filter.name("CFM")) {
                Some(b"V2") => Method::Rc4,
                Some(b"AESV2") => Method::Aes128,
                Some(b"AESV3") => Method::Aes256,
                _ => Method::None,
            }
        }
    };
    Some((method("StmF"), method("StrF")))
}

/// What revisions 2 to 4 make a key of.
struct Old<'d> {
    owner: &'d [u8],
    user: &'d [u8],
    permissions: [u8; 4],
    id: &'d [u8],
    revision: usize,
    length: usize,
    metadata_is_plain: bool,
}

impl<'d> Old<'d> {
    #[allow(clippy::cast_possible_truncation)] // 32 bits, with or without a sign
    fn of(encrypt: &'d Dict, id: &'d [u8], revision: usize, length: usize) -> Option<Self> {
        Some(Self {
            owner: encrypt.get("O")?.as_text()?.get(..32)?,
            user: encrypt.get("U")?.as_text()?,
            permissions: (encrypt.get("P")?.as_number()? as i64)
                .to_le_bytes()
                .get(..4)?
                .try_into()
                .ok()?,
            id,
            revision,
            length,
            metadata_is_plain: encrypt.get("EncryptMetadata") == Some(&Object::Bool(false)),
        })
    }

    fn by_user(&self, password: &[u8]) -> Option<Vec<u8>> {
        let plain: &[u8] = if self.metadata_is_plain && self.revision >= 4 {
            &[0xff; 4]
        } else {
            &[]
        };
        let mut key = Md5::digest([&padded(password), self.owner, &self.permissions, self.id, plain].concat()).to_vec();
        if self.revision >= 3 {
            for _ in 0..50 {
                key = Md5::digest(key.get(..self.length)?).to_vec();
            }
        }
        key.truncate(self.length);
        let expected = if self.revision == 2 {
            rc4(&key, &PADDING)
        } else {
            let start = rc4(&key, &Md5::digest([&PADDING, self.id].concat()));
            twenty(&key, start, 1..20)
        };
        (self.user.get(..expected.len())? == expected).then_some(key)
    }

    /// The owner's password opens the user's.
    fn by_owner(&self, password: &[u8]) -> Option<Vec<u8>> {
        let mut key = Md5::digest(padded(password)).to_vec();
        if self.revision >= 3 {
            for _ in 0..50 {
                key = Md5::digest(&key).to_vec();
            }
        }
        key.truncate(self.length);
        let user = if self.revision == 2 {
            rc4(&key, self.owner)
        } else {
            twenty(&key, self.owner.to_vec(), (0..20).rev())
        };
        self.by_user(&user)
    }
}

/// RC4 again and again, each time with another key.
fn twenty(key: &[u8], start: Vec<u8>, rounds: impl Iterator<Item = u8>) -> Vec<u8> {
    rounds.fold(start, |bytes, round| {
        let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
        rc4(&key, &bytes)
    })
}

fn padded(password: &[u8]) -> [u8; 32] {
    let mut padded = [0; 32];
    for (place, byte) in padded.iter_mut().zip(password.iter().chain(&PADDING)) {
        *place = *byte;
    }
    padded
}

fn of_revision_6(encrypt: &Dict, revision: usize, password: &[u8]) -> Option<Vec<u8>> {
    let password = password.get(..password.len().min(127))?;
    let user = encrypt.get("U")?.as_text()?.get(..48)?;
    let owner = encrypt.get("O")?.as_text()?.get(..48)?;
    let hash = |salt: &[u8], user: &[u8]| {
        if revision == 5 {
            Sha256::digest([password, salt, user].concat()).to_vec()
        } else {
            hardened(password, salt, user)
        }
    };
    let part = |bytes: &'_ [u8], from: usize, to: usize| bytes.get(from..to).unwrap_or_default().to_vec();
    if hash(&part(user, 32, 40), &[]) == part(user, 0, 32) {
        return unwrapped(&hash(&part(user, 40, 48), &[]), encrypt.get("UE")?.as_text()?);
    }
    if hash(&part(owner, 32, 40), user) == part(owner, 0, 32) {
        return unwrapped(&hash(&part(owner, 40, 48), user), encrypt.get("OE")?.as_text()?);
    }
    None
}

fn unwrapped(key: &[u8], wrapped: &[u8]) -> Option<Vec<u8>> {
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key, &[0; 16]).ok()?;
    cipher.decrypt_padded_vec::<NoPadding>(wrapped.get(..32)?).ok()
}

/// The hash of revision 6: at least 64 rounds of AES and one of three hashes.
fn hardened(password: &[u8], salt: &[u8], user: &[u8]) -> Vec<u8> {
    let mut key = Sha256::digest([password, salt, user].concat()).to_vec();
    for round in 0_usize.. {
        let block = [password, &key, user].concat().repeat(64);
        let (Some(secret), Some(start)) = (key.get(..16), key.get(16..32)) else {
            break;
        };
        let Ok(cipher) = cbc::Encryptor::<Aes128>::new_from_slices(secret, start) else {
            break;
        };
        let mixed = cipher.encrypt_padded_vec::<NoPadding>(&block);
        let kind = mixed.iter().take(16).map(|byte| u32::from(*byte)).sum::<u32>() % 3;
        key = match kind {
            0 => Sha256::digest(&mixed).to_vec(),
            1 => Sha384::digest(&mixed).to_vec(),
            _ => Sha512::digest(&mixed).to_vec(),
        };
        let last = mixed.last().copied().map_or(0, usize::from);
        if round >= 63 && last + 31 <= round {
            break;
        }
    }
    key.truncate(32);
    key
}
