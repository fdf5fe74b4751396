//! Formats that are told by their name and not opened.

use crate::contents::{File, Inside, Reader, Trouble};

/// Type and name.
const FORMATS: &[(&str, &str)] = &[
    ("application/x-arj", "ARJ archive"),
    ("application/x-ace-compressed", "ACE archive"),
    ("application/x-lzh-compressed", "LZH archive"),
    ("application/x-lz4", "LZ4"),
    ("application/x-vhdx-disk", "VHDX disk image"),
    ("application/x-qemu-disk", "QCOW disk image"),
    ("application/x-vmdk-disk", "VMDK disk image"),
    ("application/x-ms-wim", "WIM image"),
    ("application/x-rpm", "RPM package"),
    ("application/vnd.ms-htmlhelp", "compiled HTML help"),
    ("application/vnd.ms-outlook-pst", "Outlook data file"),
];

pub struct Named;

impl Reader for Named {
    fn reads(&self, file: &File<'_>) -> bool {
        FORMATS.iter().any(|(mimetype, _)| *mimetype == file.mimetype)
    }

    fn read(&self, file: &File<'_>, _: &mut Inside<'_>) -> Result<(), Trouble> {
        let known = FORMATS.iter().find(|(mimetype, _)| *mimetype == file.mimetype);
        known.map_or(Ok(()), |(_, name)| Err(Trouble::Unsupported(name)))
    }
}
