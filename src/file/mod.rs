//! What the bytes of a file tell: hashes, type, structure of executables. Pure; nothing is ever run.

mod digest;
mod elf;
mod macho;
mod mime;
mod pe;
mod read;
pub mod sample;
mod section;
mod ssdeep;

pub use mime::{Boot, boot};

use crate::domain::halves::both;

/// The type of a file whose content is unknown.
pub const UNKNOWN_TYPE: &str = "application/octet-stream";

/// A file's type by its first bytes, or by its name if the bytes leave it open.
pub fn mimetype(bytes: &[u8], name: Option<&str>) -> String {
    mime::of(bytes, name)
}

/// True for bytes that no program shows as text: a known kind of file other than text, or many control characters.
pub fn is_binary(bytes: &[u8]) -> bool {
    mime::is_binary(bytes)
}

/// Facts about a file. Hashes are lower-case hex of all its bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileFacts {
    pub size: usize,
    /// Shannon entropy in bits per byte, 0 to 8.
    pub entropy: f64,
    pub md5: String,
    pub sha1: String,
    pub sha256: String,
    pub sha512: String,
    /// `None` for an empty file.
    pub ssdeep: Option<String>,
    /// By content; `application/octet-stream` or `text/plain` when nothing more is known.
    pub mimetype: String,
    /// Only for PE, ELF and Mach-O.
    pub executable: Option<Executable>,
}

/// An executable's structure, ready for MISP's `pe`, `elf` and `macho` objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Executable {
    /// Name of the MISP object template: `pe`, `elf` or `macho`.
    pub template: &'static str,
    /// `(object_relation, value)` in template order.
    pub fields: Vec<(&'static str, String)>,
    /// In the order of the file.
    pub sections: Vec<Section>,
}

/// One section, for a `pe-section`, `elf-section` or `macho-section` object.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// `(object_relation, value)` in template order, hashes included. `flag` may occur more than once.
    pub fields: Vec<(&'static str, String)>,
    /// False if the content has entropy 0: its hashes say nothing and get neither `to_ids` nor correlation.
    pub telling: bool,
}

/// Everything that `bytes` tell. `name` decides only between kinds of text. Linear in time; memory beyond the input
/// does not grow with it.
pub fn facts(bytes: &[u8], name: Option<&str>) -> FileFacts {
    let (digests, ssdeep) = hashes(bytes);
    FileFacts {
        size: bytes.len(),
        entropy: digests.entropy,
        md5: digests.md5,
        sha1: digests.sha1,
        sha256: digests.sha256,
        sha512: digests.sha512,
        ssdeep,
        mimetype: mime::of(bytes, name),
        executable: executable(bytes),
    }
}

/// From this size on a thread saves more than it costs: ssdeep takes as long as all other hashes.
const WORTH_A_THREAD: usize = 1 << 20;

fn hashes(bytes: &[u8]) -> (digest::Digests, Option<String>) {
    let fuzzy = || (!bytes.is_empty()).then(|| ssdeep::hash(bytes));
    if bytes.len() < WORTH_A_THREAD {
        return (digest::of(bytes), fuzzy());
    }
    both(|| digest::of(bytes), fuzzy)
}

/// Small bounded readers of our own read the headers. Tried: goblin and object read relocations, symbols and more that
/// MISP's objects do not need, and refuse a file for a fault in any of them. Neither reads anything of the first half
/// of `/bin/ls`.
fn executable(bytes: &[u8]) -> Option<Executable> {
    pe::read(bytes)
        .or_else(|| elf::read(bytes))
        .or_else(|| macho::read(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_has_hashes_and_no_ssdeep() {
        let facts = facts(b"", Some("nothing.txt"));
        assert_eq!((facts.size, facts.ssdeep, facts.executable), (0, None, None));
        assert_eq!(facts.mimetype, "application/x-empty");
        assert!(facts.sha256.starts_with("e3b0c442"));
    }

    const BEGINNINGS: [&[u8]; 10] = [
        b"",
        b"MZ",
        b"\x7fELF\x02\x01",
        b"\x7fELF\x01\x02",
        b"\xcf\xfa\xed\xfe",
        b"\xfe\xed\xfa\xce",
        b"\xca\xfe\xba\xbe\0\0\0\x01",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"\xff\xfe",
    ];

    proptest::proptest! {
        #[test]
        fn any_bytes_have_facts_and_the_same_every_time(start in 0..BEGINNINGS.len(), rest: Vec<u8>, name: Option<String>) {
            let bytes = [BEGINNINGS[start], &rest].concat();
            let first = facts(&bytes, name.as_deref());
            proptest::prop_assert_eq!(first, facts(&bytes, name.as_deref()));
        }
    }
}
