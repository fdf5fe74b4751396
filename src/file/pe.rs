//! Reads the structure of a Windows executable (Microsoft's "PE Format") into the fields of MISP's `pe` and
//! `pe-section`. `imports` and `version` read the import table and the version resource.

mod headers;
mod imports;
mod version;

use self::headers::{Header, Headers};
use super::read::Reader;
use super::section::{Budget, Fields};
use super::{Executable, Section};
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

impl Headers<'_> {
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
mod tests;
