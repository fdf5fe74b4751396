//! Images of disks: by the first sector, or by the footer of a VHD image.

use super::Reader;

/// What the first sector of a disk or of a partition begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boot {
    Fat,
    Ntfs,
    ExFat,
    /// A table of partitions, that of MBR or the one which protects that of GPT.
    Partitions,
}

pub fn boot(sector: &[u8]) -> Option<Boot> {
    let reader = Reader::little(sector);
    let jumps = matches!(sector.first()?, 0xeb | 0xe9);
    match reader.slice(3, 8)? {
        b"NTFS    " if jumps => Some(Boot::Ntfs),
        b"EXFAT   " if jumps => Some(Boot::ExFat),
        _ if jumps && is_fat(reader) == Some(true) => Some(Boot::Fat),
        _ => (reader.slice(510, 2)? == b"\x55\xaa" && is_table(reader)?).then_some(Boot::Partitions),
    }
}

/// The fields before the name of a file system, which not every program writes.
fn is_fat(reader: Reader) -> Option<bool> {
    let sector_size = reader.u16(11)?;
    let cluster = reader.number(13, 1)?;
    let tables = reader.number(16, 1)?;
    let medium = reader.number(21, 1)?;
    Some(
        matches!(sector_size, 512 | 1024 | 2048 | 4096)
            && cluster.is_power_of_two()
            && reader.u16(14)? > 0
            && matches!(tables, 1 | 2)
            && (medium == 0xf0 || medium >= 0xf8),
    )
}

/// Four entries, each of them empty or sound.
fn is_table(reader: Reader) -> Option<bool> {
    let mut any = false;
    for at in (446..510).step_by(16) {
        if !matches!(reader.number(at, 1)?, 0 | 0x80) {
            return Some(false);
        }
        any |= reader.number(at + 4, 1)? != 0 && reader.u32(at + 8)? != 0 && reader.u32(at + 12)? != 0;
    }
    Some(any)
}

pub(super) fn of(bytes: &[u8]) -> Option<&'static str> {
    // Programs of before 2003 wrote a footer of 511 bytes.
    let footer = |size: usize| bytes.len().checked_sub(size).and_then(|at| bytes.get(at..));
    let is_vhd = [512, 511]
        .into_iter()
        .filter_map(footer)
        .any(|footer| footer.starts_with(b"conectix"));
    if is_vhd {
        return Some("application/x-vhd-disk");
    }
    boot(bytes).map(|_| "application/x-raw-disk-image")
}
