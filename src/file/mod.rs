//! What can be said of a file by its bytes: hashes, type, structure of executables. Pure; nothing is ever run.

mod digest;
mod elf;
mod macho;
mod mime;
mod pe;
mod read;
pub mod sample;
mod section;
mod ssdeep;

/// The type of a file of which nothing is known.
pub const UNKNOWN_TYPE: &str = "application/octet-stream";

/// A file's type by its first bytes, and by its name where these leave it open.
pub fn mimetype(bytes: &[u8], name: Option<&str>) -> String {
    mime::of(bytes, name)
}

/// Facts about a file. Hashes are lower-case hex of the exact bytes.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
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
    /// Structure of a PE, ELF or Mach-O file.
    pub executable: Option<Executable>,
}

/// An executable's structure, ready for MISP's `pe`, `elf` and `macho` objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Executable {
    /// `pe`, `elf` or `macho`: the MISP object template's name.
    pub template: &'static str,
    /// `(object_relation, value)` in template order.
    pub fields: Vec<(&'static str, String)>,
    /// Sections in file order.
    pub sections: Vec<Section>,
}

/// One section, ready for `pe-section`, `elf-section`, `macho-section`.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// `(object_relation, value)` in template order, hashes included; a relation may repeat (`flag`).
    pub fields: Vec<(&'static str, String)>,
    /// False for sections of no content (entropy 0): their hashes say nothing and get neither `to_ids` nor correlation.
    pub telling: bool,
}

/// Everything that can be said of `bytes`. `name` only decides between kinds of text, which no byte tells apart.
/// Linear in time, and the memory beyond the input does not grow with it.
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

/// From this size on, starting a thread costs nothing beside what it saves: ssdeep takes as long as all other hashes.
const WORTH_A_THREAD: usize = 1 << 20;

fn hashes(bytes: &[u8]) -> (digest::Digests, Option<String>) {
    let fuzzy = || (!bytes.is_empty()).then(|| ssdeep::hash(bytes));
    if bytes.len() < WORTH_A_THREAD {
        return (digest::of(bytes), fuzzy());
    }
    std::thread::scope(|scope| {
        let beside = scope.spawn(fuzzy);
        let digests = digest::of(bytes);
        // A fault over there is one here: whoever calls keeps the mail.
        let fuzzy = beside.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault));
        (digests, fuzzy)
    })
}

/// Headers are read by small bounded readers of our own. Tried: goblin and object read relocations, symbols and more that no object of
/// MISP asks for, and refuse a file for a fault in any of them: neither gives anything of the first half of `/bin/ls`.
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
