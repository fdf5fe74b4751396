//! Workbooks with a password in the old way: RC4 with a key of 40 bits. Excel opens one whose password is `VelvetSweatshop` by itself.

use md5::{Digest, Md5};

use crate::contents::readers::office::bytes::{Bytes, u16_at};
use crate::contents::{Inside, Trouble};

/// Bytes after which the key changes.
const BLOCK: usize = 1024;

const FILE_PASS: u16 = 0x2f;

/// The workbook as it is without a password.
pub fn open(book: Vec<u8>, inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    let Some(lock) = lock(&book) else { return Ok(book) };
    // Encryption by RC4 (1), in its first version.
    if (u16_at(lock, 0), u16_at(lock, 2)) != (Some(1), Some(1)) {
        return Err(Trouble::Locked);
    }
    let (Some(salt), Some(verifier), Some(hash)) = (lock.get(6..22), lock.get(22..38), lock.get(38..54)) else {
        return Err(Trouble::broken("description of the encryption"));
    };
    let found = inside.passwords().find_map(|password| {
        let base = base(password, salt);
        let mut stream = Rc4::new(&key(&base, 0));
        let verifier: Vec<u8> = verifier.iter().map(|byte| byte ^ stream.next()).collect();
        let hash: Vec<u8> = hash.iter().map(|byte| byte ^ stream.next()).collect();
        (Md5::digest(verifier).as_slice() == hash).then(|| (password.to_owned(), base))
    });
    let Some((password, base)) = found else {
        return Err(Trouble::Locked);
    };
    inside.opened_with(&password);
    inside.step(book.len())?;
    Ok(decrypt(book, &base))
}

/// What says how the workbook is locked. It is one of the first records.
fn lock(book: &[u8]) -> Option<&[u8]> {
    let mut rest = Bytes(book);
    for _ in 0..16 {
        let kind = rest.u16()?;
        let length = rest.u16()?;
        let data = rest.take(usize::from(length))?;
        if kind == FILE_PASS {
            return Some(data);
        }
    }
    None
}

/// The first five bytes of what password and salt give.
fn base(password: &str, salt: &[u8]) -> Vec<u8> {
    let wide: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hash = Md5::digest(wide);
    let mut again = Md5::new();
    for _ in 0..16 {
        again.update(hash.iter().take(5).copied().collect::<Vec<_>>());
        again.update(salt);
    }
    again.finalize().iter().take(5).copied().collect()
}

fn key(base: &[u8], block: u32) -> Vec<u8> {
    Md5::digest([base, &block.to_le_bytes()].concat()).to_vec()
}

/// The heads of records are not encrypted, though the cipher counts them.
fn decrypt(mut book: Vec<u8>, base: &[u8]) -> Vec<u8> {
    const PLAIN: [u16; 6] = [0x809, FILE_PASS, 0xe1, 0x160, 0xe2, 0x195];
    let mut block = 0;
    let mut stream = Rc4::new(&key(base, 0));
    let (mut head, mut left, mut is_plain) = (0, 0_usize, true);
    let mut kind = [0; 4];
    for (at, byte) in book.iter_mut().enumerate() {
        if at / BLOCK != block {
            block = at / BLOCK;
            stream = Rc4::new(&key(base, u32::try_from(block).unwrap_or(u32::MAX)));
        }
        let mask = stream.next();
        if left == 0 {
            if let Some(place) = kind.get_mut(head) {
                *place = *byte;
            }
            head += 1;
            if head == 4 {
                head = 0;
                let [first, second, third, fourth] = kind;
                left = usize::from(u16::from_le_bytes([third, fourth]));
                is_plain = PLAIN.contains(&u16::from_le_bytes([first, second]));
            }
            continue;
        }
        left -= 1;
        if !is_plain {
            *byte ^= mask;
        }
    }
    book
}

struct Rc4 {
    state: [u8; 256],
    first: u8,
    second: u8,
}

impl Rc4 {
    fn new(key: &[u8]) -> Self {
        let mut state: [u8; 256] = std::array::from_fn(|index| u8::try_from(index).unwrap_or_default());
        let mut other = 0_u8;
        for (index, byte) in key.iter().cycle().take(256).enumerate() {
            other = other
                .wrapping_add(state.get(index).copied().unwrap_or_default())
                .wrapping_add(*byte);
            state.swap(index, usize::from(other));
        }
        Self {
            state,
            first: 0,
            second: 0,
        }
    }

    fn at(&self, index: u8) -> u8 {
        self.state.get(usize::from(index)).copied().unwrap_or_default()
    }

    fn next(&mut self) -> u8 {
        self.first = self.first.wrapping_add(1);
        self.second = self.second.wrapping_add(self.at(self.first));
        self.state.swap(usize::from(self.first), usize::from(self.second));
        self.at(self.at(self.first).wrapping_add(self.at(self.second)))
    }
}
