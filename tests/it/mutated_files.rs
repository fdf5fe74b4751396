//! Attached files with changed bytes: every reader ends without a panic, and gives nothing that is empty. A short form of what
//! `fuzz/` does; `MISPIGEON_MUTANTS=200 cargo test --release --test it mutated` tries more of each file.

use std::panic;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/src/attached.rs"]
mod attached;

use attached::attached;

/// Larger files are left out of the short form.
const SMALL: u64 = 300_000;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contents");
    let kinds = ["archives", "codes", "discs", "office", "pages", "pdf"];
    let lists = kinds.map(|kind| std::fs::read_dir(folder.join(kind)).expect("a folder of files"));
    let mut files: Vec<PathBuf> = lists
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    files
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 20).expect("few bits") % limit.max(1)
    }

    /// A few bytes changed, cut off, doubled or moved.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        const VALUES: [u8; 7] = [0, 1, 0x20, 0x7f, 0x80, 0xfe, 0xff];
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len());
            let length = self.below(16).min(bytes.len() - at);
            match self.below(8) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..at + length)),
                2 => {
                    let piece = bytes.get(at..at + length).unwrap_or_default().to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
                3 => {
                    let bit = 1 << self.below(8);
                    bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bit);
                }
                _ => {
                    let value = VALUES.get(self.below(VALUES.len())).copied().unwrap_or_default();
                    bytes
                        .iter_mut()
                        .skip(at)
                        .take(1 + length / 4)
                        .for_each(|byte| *byte = value);
                }
            }
        }
    }
}

#[test]
fn mutated_files_neither_panic_nor_hang_a_reader() {
    let mutants = std::env::var("MISPIGEON_MUTANTS")
        .ok()
        .and_then(|count| count.parse::<usize>().ok());
    let mut failed = Vec::new();
    for path in files() {
        let whole = std::fs::read(&path).expect("a file");
        if mutants.is_none() && whole.len() as u64 > SMALL {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let seed = name.bytes().fold(88_172_645_463_325_252_u64, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(byte.into())
        });
        let mut chance = Chance(seed | 1);
        for number in 0..mutants.unwrap_or(1) {
            let mut bytes = whole.clone();
            chance.change(&mut bytes);
            if panic::catch_unwind(|| attached(name, &bytes)).is_err() {
                failed.push(format!("{name}, mutant {number}"));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
