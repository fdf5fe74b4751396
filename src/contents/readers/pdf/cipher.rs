//! The ciphers that streams and texts are locked with.

use crate::contents::readers::aes_blocks;

/// AES whose first block is where the chain starts.
pub fn aes(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let Some((start, rest)) = bytes.split_at_checked(16) else {
        return Vec::new();
    };
    unpadded(aes_blocks::cbc(key, start, rest))
}

fn unpadded(mut bytes: Vec<u8>) -> Vec<u8> {
    let padding = bytes.last().copied().map_or(0, usize::from);
    if (1..=16).contains(&padding) {
        bytes.truncate(bytes.len() - padding);
    }
    bytes
}

pub fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|index| u8::try_from(index).unwrap_or_default());
    let mut j = 0_u8;
    for (i, byte) in (0..=255_u8).zip(key.iter().cycle()) {
        j = j
            .wrapping_add(state.get(usize::from(i)).copied().unwrap_or_default())
            .wrapping_add(*byte);
        state.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    let mut next = || {
        i = i.wrapping_add(1);
        let one = state.get(usize::from(i)).copied().unwrap_or_default();
        j = j.wrapping_add(one);
        state.swap(usize::from(i), usize::from(j));
        let other = state.get(usize::from(i)).copied().unwrap_or_default();
        state
            .get(usize::from(one.wrapping_add(other)))
            .copied()
            .unwrap_or_default()
    };
    bytes.iter().map(|byte| byte ^ next()).collect()
}
