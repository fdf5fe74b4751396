//! Reads the headers and the section table of a Windows executable, and finds addresses in memory in the file.

use crate::file::read::{Reader, padded_name};
use crate::file::section::MAX_SECTIONS;

pub struct Headers<'a> {
    pub reader: Reader<'a>,
    pub optional: usize,
    /// True for PE32+, which has addresses of 64 bits.
    pub wide: bool,
    pub characteristics: u16,
    pub timestamp: u32,
    pub entry: u32,
    pub image_base: u64,
    pub sections: Vec<Header>,
    pub declared_sections: usize,
}

/// A row of the section table.
pub struct Header {
    pub name: String,
    virtual_size: u32,
    virtual_address: u32,
    pub raw_size: u32,
    raw_offset: u32,
}

impl Header {
    pub fn covers(&self, rva: u32) -> bool {
        rva.checked_sub(self.virtual_address)
            .is_some_and(|delta| delta < self.virtual_size.max(self.raw_size))
    }

    /// The loader rounds the offset down to a disk sector, whatever the header says.
    pub fn offset(&self) -> u32 {
        self.raw_offset & !0x1ff
    }

    pub fn is_nameless_and_empty(&self) -> bool {
        self.name.is_empty() && self.raw_size == 0
    }
}

impl<'a> Headers<'a> {
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
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

    /// The offset of an entry of the data directory.
    pub fn directory_at(&self, index: usize) -> Option<usize> {
        let (count_at, start) = if self.wide { (108, 112) } else { (92, 96) };
        let count = usize::try_from(self.reader.u32(self.optional + count_at)?).ok()?;
        (index < count).then_some(self.optional + start + index * 8)
    }

    /// Address and size in an entry of the data directory; `None` if the entry is absent or empty.
    pub fn directory(&self, index: usize) -> Option<(u32, u32)> {
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
}
