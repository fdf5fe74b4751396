//! Tables of partitions: MBR, with the chain of its extended partition, and GPT.

use super::image::{Image, u32_at, u64_at};

const SECTOR: u64 = 512;
/// Partitions that are looked at.
const MOST: usize = 64;
const EXTENDED: [u8; 3] = [0x05, 0x0f, 0x85];
/// The whole disk, for programs that know no GPT.
const PROTECTIVE: u8 = 0xee;

struct Entry {
    kind: u8,
    first: u64,
    sectors: u64,
}

/// Whether there is a table, and a partition in it that lies on the disk.
pub fn is_one(image: &Image<'_>) -> bool {
    entries(image, 0).is_some_and(|entries| {
        let is_sound = |entry: &Entry| entry.first > 0 && entry.first.saturating_mul(SECTOR) < image.size();
        !entries.is_empty() && entries.iter().all(is_sound)
    })
}

/// The partitions, those of extended ones too.
pub fn all<'a>(image: &Image<'a>) -> Vec<Image<'a>> {
    let mut parts = Vec::new();
    for entry in entries(image, 0).unwrap_or_default() {
        if entry.kind == PROTECTIVE {
            parts.extend(gpt(image));
        } else if EXTENDED.contains(&entry.kind) {
            extended(image, entry.first, &mut parts);
        } else {
            parts.push(part(image, entry.first, entry.sectors));
        }
    }
    parts.truncate(MOST);
    parts
}

/// The table in this sector; none where the mark of one is missing.
fn entries(image: &Image<'_>, sector: u64) -> Option<Vec<Entry>> {
    let table = image.get(sector.checked_mul(SECTOR)?, 512)?;
    if table.get(510..) != Some(&[0x55, 0xaa]) {
        return None;
    }
    let rows = table.get(446..510)?.chunks_exact(16);
    let entry = |row: &[u8]| {
        let (active, kind) = (row.first().copied()?, row.get(4).copied()?);
        // Code that happens to stand there has other values.
        matches!(active, 0 | 0x80).then(|| Entry {
            kind,
            first: u32_at(row, 8).into(),
            sectors: u32_at(row, 12).into(),
        })
    };
    let entries: Vec<Entry> = rows.map(entry).collect::<Option<_>>()?;
    Some(entries.into_iter().filter(|entry| entry.kind != 0).collect())
}

fn part<'a>(image: &Image<'a>, first: u64, sectors: u64) -> Image<'a> {
    image.part(first.saturating_mul(SECTOR), sectors.saturating_mul(SECTOR))
}

/// Each table of the chain has a partition and the place of the next table, counted from the first.
fn extended<'a>(image: &Image<'a>, first: u64, parts: &mut Vec<Image<'a>>) {
    let mut table = first;
    for _ in 0..MOST {
        let mut next = None;
        for entry in entries(image, table).unwrap_or_default() {
            if EXTENDED.contains(&entry.kind) {
                next = first.checked_add(entry.first);
            } else {
                parts.push(part(image, table.saturating_add(entry.first), entry.sectors));
            }
        }
        match next {
            Some(next) if next != table => table = next,
            _ => return,
        }
    }
}

fn gpt<'a>(image: &Image<'a>) -> Vec<Image<'a>> {
    let Some(header) = image.get(SECTOR, 512).filter(|header| header.starts_with(b"EFI PART")) else {
        return Vec::new();
    };
    let table = u64_at(&header, 72).saturating_mul(SECTOR);
    let size = u64::from(u32_at(&header, 84)).clamp(128, 4096);
    let row = |index: u64| {
        let row = image.get(table.checked_add(index * size)?, 128)?;
        let (first, last) = (u64_at(&row, 32), u64_at(&row, 40));
        let is_used = row.get(..16)?.iter().any(|byte| *byte != 0) && first > 0 && last >= first;
        is_used.then(|| part(image, first, last - first + 1))
    };
    (0..u64::from(u32_at(&header, 80)).min(128)).filter_map(row).collect()
}
