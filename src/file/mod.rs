//! What can be said of a file by its bytes: hashes, type, structure of executables. Pure; nothing is ever run.

pub mod sample;

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
    /// False for sections of no content (entropy 0): their hashes say nothing and get neither to_ids nor correlation.
    pub telling: bool,
}
