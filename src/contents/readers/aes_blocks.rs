//! AES as locked documents use it. Of a file that is cut off in the middle of a block, the blocks before it are decrypted.

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{Block, BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};

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
