//! Tables of partitions: MBR with logical partitions, and GPT.

use super::fields::{big, length, little};
use super::image::Image;
use crate::contents::{Inside, Trouble};

const SECTOR: u64 = 512;
/// Most partitions that are looked at.
const MOST: usize = 128;

/// The partitions of a disk, in the order of its tables.
pub fn all<'a>(image: &Image<'a>, inside: &mut Inside<'_>) -> Result<Vec<Image<'a>>, Trouble> {
    let mut found = Vec::new();
    for entry in entries(image, 0) {
        match entry.kind {
            0xee => gpt(image, &mut found, inside)?,
            0x05 | 0x0f | 0x85 => logical(image, entry.start, &mut found, inside)?,
            _ => found.extend(image.part(entry.start, entry.size)),
        }
    }
    Ok(found)
}

struct Entry {
    kind: u64,
    /// In bytes, from where its table counts.
    start: u64,
    size: u64,
}

/// Those of a table that stand in the sector at `at`, without the empty ones.
fn entries(image: &Image<'_>, at: u64) -> Vec<Entry> {
    let Some(sector) = image.get(at, 512).filter(|sector| sector.ends_with(b"\x55\xaa")) else {
        return Vec::new();
    };
    let entry = |at: usize| {
        Some(Entry {
            kind: little(&sector, at + 4, 1)?,
            start: little(&sector, at + 8, 4)? * SECTOR,
            size: little(&sector, at + 12, 4)? * SECTOR,
        })
    };
    let entries = (446..510).step_by(16).filter_map(entry);
    entries
        .filter(|entry| entry.kind != 0 && entry.start != 0 && entry.size != 0)
        .collect()
}

/// A chain of tables, each with one partition and the place of the next.
fn logical<'a>(
    image: &Image<'a>,
    extended: u64,
    found: &mut Vec<Image<'a>>,
    inside: &mut Inside<'_>,
) -> Result<(), Trouble> {
    let mut table = extended;
    for _ in 0..MOST {
        inside.step(512)?;
        let mut next = None;
        for entry in entries(image, table) {
            if matches!(entry.kind, 0x05 | 0x0f | 0x85) {
                next = extended.checked_add(entry.start);
            } else if let Some(start) = table.checked_add(entry.start) {
                found.extend(image.part(start, entry.size));
            }
        }
        match next {
            Some(next) => table = next,
            None => break,
        }
    }
    Ok(())
}

fn gpt<'a>(image: &Image<'a>, found: &mut Vec<Image<'a>>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let of_sector = |sector: &u64| {
        let header = image.get(*sector, 92)?;
        header.starts_with(b"EFI PART").then_some((*sector, header))
    };
    let Some((sector, header)) = [512, 4096].iter().find_map(of_sector) else {
        return Err(Trouble::broken("no partition table"));
    };
    let number = length(&header, 80, 4).unwrap_or_default().min(MOST);
    let size = length(&header, 84, 4).filter(|size| (128..=4096).contains(size));
    let first = little(&header, 72, 8).and_then(|first| first.checked_mul(sector));
    let (Some(size), Some(first)) = (size, first) else {
        return Err(Trouble::broken("a partition table without its sizes"));
    };
    for index in 0..number {
        inside.step(size)?;
        let at = first.checked_add((index * size) as u64);
        let Some(entry) = at.and_then(|at| image.get(at, size)) else {
            break;
        };
        // The type of those that are not used is zero.
        if big(&entry, 0, 8) == Some(0) && big(&entry, 8, 8) == Some(0) {
            continue;
        }
        found.extend(partition(image, &entry, sector));
    }
    Ok(())
}

fn partition<'a>(image: &Image<'a>, entry: &[u8], sector: u64) -> Option<Image<'a>> {
    let (first, last) = (little(entry, 32, 8)?, little(entry, 40, 8)?);
    let sectors = last.checked_sub(first)?.checked_add(1)?;
    image.part(first.checked_mul(sector)?, sectors.checked_mul(sector)?)
}
