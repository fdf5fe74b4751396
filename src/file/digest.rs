//! The cryptographic hashes and the entropy of a file, in one pass.

use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::domain::coding::hex;

/// Hashes are lower-case hex, entropy is in bits per byte.
pub(super) struct Digests {
    pub md5: String,
    pub sha1: String,
    pub sha256: String,
    pub sha512: String,
    pub entropy: f64,
}

/// A block this small is still in the first-level cache when the last hash reads it.
const BLOCK: usize = 16 * 1024;

pub(super) fn of(bytes: &[u8]) -> Digests {
    let (mut md5, mut sha1, mut sha256, mut sha512) = (Md5::new(), Sha1::new(), Sha256::new(), Sha512::new());
    let mut counts = [0_u64; 256];
    for block in bytes.chunks(BLOCK) {
        md5.update(block);
        sha1.update(block);
        sha256.update(block);
        sha512.update(block);
        for &byte in block {
            // An index of type u8 is always inside 256 entries.
            #[allow(clippy::indexing_slicing)]
            {
                counts[usize::from(byte)] += 1;
            }
        }
    }
    Digests {
        md5: hex(&md5.finalize()),
        sha1: hex(&sha1.finalize()),
        sha256: hex(&sha256.finalize()),
        sha512: hex(&sha512.finalize()),
        entropy: entropy(&counts, bytes.len()),
    }
}

/// Shannon's entropy in bits per byte.
#[allow(clippy::cast_precision_loss)] // exact up to 2^53 bytes
fn entropy(counts: &[u64; 256], total: usize) -> f64 {
    let total = total as f64;
    let sum: f64 = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = count as f64 / total;
            -share * share.log2()
        })
        .sum();
    sum.abs() // one kind of byte only gives -0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_of_nothing_and_of_abc_are_the_published_ones() {
        let empty = of(b"");
        assert_eq!(empty.md5, "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(empty.entropy.to_bits(), 0);
        let abc = of(b"abc");
        assert_eq!(abc.md5, "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(abc.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            abc.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(abc.sha512.starts_with("ddaf35a193617abacc417349ae204131") && abc.sha512.len() == 128);
    }

    #[test]
    fn blocks_do_not_change_a_hash() {
        let bytes = vec![7; BLOCK * 2 + 1];
        assert_eq!(of(&bytes).sha256, hex(&Sha256::digest(&bytes)));
    }

    #[test]
    fn entropy_is_zero_for_one_byte_repeated_and_eight_for_all_bytes_alike() {
        assert_eq!(of(&[0; 999]).entropy.to_bits(), 0);
        let all: Vec<u8> = (0..=255).collect();
        assert!((of(&all).entropy - 8.0).abs() < 1e-12);
        assert!((of(b"aabb").entropy - 1.0).abs() < 1e-12);
    }
}
