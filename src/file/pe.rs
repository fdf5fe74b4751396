//! Reads the structure of a Windows executable (Microsoft's "PE Format") into the fields of MISP's `pe` and
//! `pe-section`. `imports` and `version` read the import table and the version resource.

use super::read::{Reader, padded_name};
use super::section::{Budget, Fields, MAX_SECTIONS};
use super::{Executable, Section, imports, version};
use crate::domain::coding::hex;
use sha2::{Digest, Sha256};

const IMPORTS: usize = 1;
const RESOURCES: usize = 2;
const CERTIFICATES: usize = 4;
const DEBUG: usize = 6;

const EXECUTABLE_IMAGE: u16 = 0x0002;
const DLL: u16 = 0x2000;
/// Libraries that only kernel code imports.
const KERNEL_LIBRARIES: [&str; 5] = ["ntoskrnl.exe", "hal.dll", "ndis.sys", "bootvid.dll", "kdcom.dll"];

pub(super) struct Headers<'a> {
    pub reader: Reader<'a>,
    optional: usize,
    /// True for PE32+, which has addresses of 64 bits.
    pub wide: bool,
    characteristics: u16,
    timestamp: u32,
    entry: u32,
    image_base: u64,
    pub sections: Vec<Header>,
    declared_sections: usize,
}

/// A row of the section table.
pub(super) struct Header {
    name: String,
    virtual_size: u32,
    virtual_address: u32,
    raw_size: u32,
    raw_offset: u32,
}

impl Header {
    fn covers(&self, rva: u32) -> bool {
        rva.checked_sub(self.virtual_address)
            .is_some_and(|delta| delta < self.virtual_size.max(self.raw_size))
    }

    /// The loader rounds the offset down to a disk sector, whatever the header says.
    fn offset(&self) -> u32 {
        self.raw_offset & !0x1ff
    }

    fn is_nameless_and_empty(&self) -> bool {
        self.name.is_empty() && self.raw_size == 0
    }
}

pub(super) fn read(bytes: &[u8]) -> Option<Executable> {
    let headers = Headers::read(bytes)?;
    let imports = headers
        .directory(IMPORTS)
        .map(|(rva, _)| imports::read(&headers, rva))
        .unwrap_or_default();
    let kernel = imports
        .libraries
        .iter()
        .any(|library| KERNEL_LIBRARIES.contains(&library.as_str()));
    let mut fields: Fields = vec![("type", headers.kind(kernel).to_owned())];
    fields.push((
        "entrypoint-address",
        headers.image_base.wrapping_add(u64::from(headers.entry)).to_string(),
    ));
    if let Ok(time) = jiff::Timestamp::from_second(i64::from(headers.timestamp)) {
        fields.push((
            "compilation-timestamp",
            time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        ));
    }
    fields.extend(imports.hash.map(|hash| ("imphash", hash)));
    fields.push(("authentihash", headers.authentihash()?));
    if let Some((rva, _)) = headers.directory(RESOURCES) {
        version::read(&headers, rva, &mut fields);
    }
    fields.extend(headers.pdb().map(|path| ("pdb", path)));

    let kept = || {
        headers
            .sections
            .iter()
            .filter(|section| !section.is_nameless_and_empty())
    };
    if let Some((position, section)) = kept().enumerate().find(|(_, section)| section.covers(headers.entry)) {
        fields.push(("entrypoint-section-at-position", format!("{}|{position}", section.name)));
    }
    fields.push(("number-sections", headers.declared_sections.to_string()));
    let mut budget = Budget::of(bytes);
    let sections = kept().map(|header| section(bytes, header, &mut budget)).collect();
    Some(Executable {
        template: "pe",
        fields,
        sections,
    })
}

fn section(bytes: &[u8], header: &Header, budget: &mut Budget) -> Section {
    let mut fields: Fields = Vec::new();
    if !header.name.is_empty() {
        fields.push(("name", header.name.clone()));
    }
    fields.push(("size-in-bytes", header.raw_size.to_string()));
    let content = Reader::little(bytes).at_most(u64::from(header.offset()), u64::from(header.raw_size));
    budget.section(fields, content)
}

impl<'a> Headers<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let reader = Reader::little(bytes);
        if reader.slice(0, 2)? != b"MZ" {
            return None;
        }
        let signature = usize::try_from(reader.u32(0x3c)?).ok()?;
        if reader.slice(signature, 4)? != b"PE\0\0" {
            return None;
        }
        let coff = signature.checked_add(4)?;
        let optional = coff.checked_add(20)?;
        let wide = match reader.u16(optional)? {
            0x10b => false,
            0x20b => true,
            _ => return None,
        };
        let table = optional.checked_add(usize::from(reader.u16(coff + 16)?))?;
        let mut headers = Self {
            reader,
            optional,
            wide,
            characteristics: reader.u16(coff + 18)?,
            timestamp: reader.u32(coff + 4)?,
            entry: reader.u32(optional + 16)?,
            image_base: if wide {
                reader.number(optional + 24, 8)?
            } else {
                reader.number(optional + 28, 4)?
            },
            sections: Vec::new(),
            declared_sections: 0,
        };
        headers.read_sections(table, usize::from(reader.u16(coff + 2)?));
        Some(headers)
    }

    fn read_sections(&mut self, table: usize, count: usize) {
        let reader = self.reader;
        let header = |index: usize| {
            let at = table.checked_add(index * 40)?;
            Some(Header {
                name: padded_name(reader.slice(at, 8)?),
                virtual_size: reader.u32(at + 8)?,
                virtual_address: reader.u32(at + 12)?,
                raw_size: reader.u32(at + 16)?,
                raw_offset: reader.u32(at + 20)?,
            })
        };
        for section in (0..count).map_while(header) {
            self.declared_sections += usize::from(!section.is_nameless_and_empty());
            if self.sections.len() < MAX_SECTIONS {
                self.sections.push(section);
            }
        }
    }

    fn kind(&self, imports_the_kernel: bool) -> &'static str {
        if self.characteristics & DLL != 0 {
            "dll"
        } else if imports_the_kernel {
            "driver"
        } else if self.characteristics & EXECUTABLE_IMAGE != 0 {
            "exe"
        } else {
            "unknown"
        }
    }

    /// The offset of an entry of the data directory.
    fn directory_at(&self, index: usize) -> Option<usize> {
        let (count_at, start) = if self.wide { (108, 112) } else { (92, 96) };
        let count = usize::try_from(self.reader.u32(self.optional + count_at)?).ok()?;
        (index < count).then_some(self.optional + start + index * 8)
    }

    /// Address and size in an entry of the data directory; `None` if the entry is absent or empty.
    fn directory(&self, index: usize) -> Option<(u32, u32)> {
        let at = self.directory_at(index)?;
        let (rva, size) = (self.reader.u32(at)?, self.reader.u32(at + 4)?);
        (rva != 0).then_some((rva, size))
    }

    /// The offset in the file of an address in memory.
    pub fn offset(&self, rva: u32) -> Option<usize> {
        let Some(section) = self.sections.iter().find(|section| section.covers(rva)) else {
            // Addresses below the first section are those of the headers, which are mapped unchanged.
            let first = self
                .sections
                .iter()
                .map(|section| section.virtual_address)
                .min()
                .unwrap_or(u32::MAX);
            return (rva < first).then(|| usize::try_from(rva).ok()).flatten();
        };
        let delta = rva - section.virtual_address;
        (delta < section.raw_size)
            .then(|| usize::try_from(section.offset().checked_add(delta)?).ok())
            .flatten()
    }

    /// SHA-256 of the file as Authenticode signs it: without the checksum, the directory entry of the certificates, and
    /// the certificates themselves ("Windows Authenticode Portable Executable Signature Format").
    fn authentihash(&self) -> Option<String> {
        let bytes = self.reader.bytes;
        let checksum = self.optional.checked_add(64)?;
        let entry = self
            .directory_at(CERTIFICATES)
            .filter(|at| self.reader.slice(*at, 8).is_some());
        let (start, size) = self.directory(CERTIFICATES).unwrap_or((u32::MAX, 0));
        let start = usize::try_from(start).ok()?.min(bytes.len());
        let end = start.saturating_add(usize::try_from(size).ok()?).min(bytes.len());
        let skipped = [
            Some(checksum..checksum + 4),
            entry.map(|at| at..at + 8),
            Some(start..end),
        ];

        let mut hash = Sha256::new();
        let mut from = 0;
        for gap in skipped.into_iter().flatten() {
            hash.update(bytes.get(from..gap.start).unwrap_or_default());
            from = from.max(gap.end);
        }
        hash.update(bytes.get(from..).unwrap_or_default());
        Some(hex(&hash.finalize()))
    }

    /// The path that the debugging symbols had where the file was built.
    fn pdb(&self) -> Option<String> {
        const CODE_VIEW: u32 = 2;
        let (rva, size) = self.directory(DEBUG)?;
        let table = self.offset(rva)?;
        let entries = usize::try_from(size / 28).ok()?.min(32);
        let found = (0..entries)
            .map(|index| table + index * 28)
            .find(|at| self.reader.u32(at + 12) == Some(CODE_VIEW))?;
        let at = usize::try_from(self.reader.u32(found + 24)?).ok()?;
        let path = match self.reader.slice(at, 4)? {
            b"RSDS" => at.checked_add(24)?,
            b"NB10" => at.checked_add(16)?,
            _ => return None,
        };
        let path = String::from_utf8_lossy(self.reader.c_string(path, 1024)?).into_owned();
        (!path.is_empty()).then_some(path)
    }
}

#[cfg(test)]
#[path = "pe_tests.rs"]
mod tests;
