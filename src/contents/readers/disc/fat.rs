//! FAT with 12, 16 and 32 bits, with long names. Entries that were deleted are not read.

use std::collections::HashSet;

use super::image::{Extent, Image, u16_at, u32_at};
use crate::contents::{Inside, Trouble};

/// Folders inside one another.
const DEEPEST: usize = 16;
const ENTRY: usize = 32;

pub fn is_one(image: &Image<'_>) -> bool {
    Volume::open(image).is_some()
}

pub fn read(image: &Image<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let volume = Volume::open(image).ok_or_else(|| Trouble::broken("no boot sector"))?;
    let root = match volume.root {
        Root::Fixed { at, size } => {
            let extent = Extent { at: Some(at), size };
            image.gather([extent], size, inside)?
        }
        Root::Chain(first) => volume.content(first, u64::MAX, inside)?,
    };
    let mut walk = Walk {
        volume,
        seen: HashSet::new(),
    };
    walk.folder(&root, 0, inside)
}

enum Root {
    Fixed { at: u64, size: u64 },
    Chain(u32),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bits {
    Twelve,
    Sixteen,
    ThirtyTwo,
}

struct Volume<'a> {
    image: Image<'a>,
    bits: Bits,
    table: u64,
    /// Where the first cluster begins, which is number 2.
    data: u64,
    cluster: u64,
    clusters: u32,
    root: Root,
}

impl<'a> Volume<'a> {
    fn open(image: &Image<'a>) -> Option<Self> {
        let boot = image.get(0, 512)?;
        let sector = u64::from(u16_at(&boot, 11));
        let per_cluster = u64::from(*boot.get(13)?);
        let reserved = u64::from(u16_at(&boot, 14));
        let tables = u64::from(*boot.get(16)?);
        let entries = u64::from(u16_at(&boot, 17));
        let is_sound = matches!(sector, 512 | 1024 | 2048 | 4096)
            && per_cluster.is_power_of_two()
            && (1..=4).contains(&tables)
            && reserved > 0
            && boot.get(510..) == Some(&[0x55, 0xaa]);
        if !is_sound {
            return None;
        }
        let either = |short: u16, long: u32| if short == 0 { u64::from(long) } else { u64::from(short) };
        let total = either(u16_at(&boot, 19), u32_at(&boot, 32));
        let is_large = u16_at(&boot, 22) == 0;
        let table_size = either(u16_at(&boot, 22), u32_at(&boot, 36));
        if table_size == 0 {
            return None;
        }
        let root_at = reserved.checked_add(tables.checked_mul(table_size)?)?;
        let root_size = (entries * ENTRY as u64).div_ceil(sector);
        let data = root_at.checked_add(root_size)?;
        let clusters = u32::try_from(total.checked_sub(data)? / per_cluster).ok()?;
        let bits = match clusters {
            _ if is_large => Bits::ThirtyTwo,
            0..4085 => Bits::Twelve,
            _ => Bits::Sixteen,
        };
        Some(Self {
            bits,
            table: reserved * sector,
            data: data.checked_mul(sector)?,
            cluster: per_cluster * sector,
            clusters,
            root: if is_large {
                Root::Chain(u32_at(&boot, 44))
            } else {
                Root::Fixed {
                    at: root_at.checked_mul(sector)?,
                    size: entries * ENTRY as u64,
                }
            },
            image: image.clone(),
        })
    }

    /// The cluster after this one; none after the last.
    fn next(&self, cluster: u32) -> Option<u32> {
        let number = u64::from(cluster);
        let (at, size) = match self.bits {
            Bits::Twelve => (number + number / 2, 2),
            Bits::Sixteen => (number * 2, 2),
            Bits::ThirtyTwo => (number * 4, 4),
        };
        let entry = self.image.get(self.table.checked_add(at)?, size)?;
        let next = match self.bits {
            Bits::Twelve if cluster % 2 == 1 => u32::from(u16_at(&entry, 0) >> 4),
            Bits::Twelve => u32::from(u16_at(&entry, 0) & 0xfff),
            Bits::Sixteen => u16_at(&entry, 0).into(),
            Bits::ThirtyTwo => u32_at(&entry, 0) & 0x0fff_ffff,
        };
        self.is_cluster(next).then_some(next)
    }

    fn is_cluster(&self, number: u32) -> bool {
        number >= 2 && number - 2 < self.clusters
    }

    /// What a chain of clusters holds. One that leads in a circle ends where it has as many as there are.
    fn content(&self, first: u32, size: u64, inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
        // No more than may be unpacked, whatever sizes are stated.
        let room = (inside.room().0 as u64).saturating_add(self.cluster);
        let needed = size.min(room).div_ceil(self.cluster).min(self.clusters.into());
        let mut extents = Vec::new();
        let mut cluster = Some(first).filter(|first| self.is_cluster(*first));
        while let Some(number) = cluster.filter(|_| (extents.len() as u64) < needed) {
            inside.step(4)?;
            extents.push(Extent {
                at: Some(self.data + u64::from(number - 2) * self.cluster),
                size: self.cluster,
            });
            cluster = self.next(number);
        }
        Ok(self.image.gather(extents, size, inside)?)
    }
}

struct Walk<'a> {
    volume: Volume<'a>,
    /// Folders that were looked into: one may lead back.
    seen: HashSet<u32>,
}

impl Walk<'_> {
    fn folder(&mut self, entries: &[u8], depth: usize, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        const LONG_NAME: u8 = 0x0f;
        const LABEL: u8 = 0x08;
        const FOLDER: u8 = 0x10;
        let mut long = String::new();
        for entry in entries.chunks_exact(ENTRY) {
            inside.step(ENTRY)?;
            let (first, attributes) = (entry.first().copied(), entry.get(11).copied().unwrap_or_default());
            match first {
                None | Some(0) => return Ok(()),
                Some(0xe5) => {
                    long.clear();
                    continue;
                }
                Some(_) if attributes & LONG_NAME == LONG_NAME => {
                    // The pieces of a name stand in reverse order.
                    long.insert_str(0, &piece(entry));
                    long.truncate(long.floor_char_boundary(1024));
                    continue;
                }
                Some(_) => {}
            }
            let name = Some(std::mem::take(&mut long)).filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| short_name(entry));
            if attributes & LABEL != 0 || matches!(name.as_str(), "." | "..") {
                continue;
            }
            let cluster = u32::from(u16_at(entry, 20)) << 16 | u32::from(u16_at(entry, 26));
            if attributes & FOLDER != 0 {
                if depth < DEEPEST && self.seen.insert(cluster) {
                    let entries = self.volume.content(cluster, u64::MAX, inside)?;
                    self.folder(&entries, depth + 1, inside)?;
                }
                continue;
            }
            inside.may_hold_files()?;
            let content = self.volume.content(cluster, u32_at(entry, 28).into(), inside)?;
            inside.file(Some(&name), content)?;
        }
        Ok(())
    }
}

fn piece(entry: &[u8]) -> String {
    let letters = [1..11, 14..26, 28..32].into_iter().filter_map(|range| entry.get(range));
    let letters = letters
        .flat_map(|letters| letters.chunks_exact(2))
        .map(|letter| u16_at(letter, 0));
    let letters = letters.take_while(|letter| *letter != 0 && *letter != 0xffff);
    char::decode_utf16(letters)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn short_name(entry: &[u8]) -> String {
    let flags = entry.get(12).copied().unwrap_or_default();
    let part = |range: std::ops::Range<usize>, flag: u8| {
        let part = encoding_rs::mem::decode_latin1(entry.get(range).unwrap_or_default());
        let part = part.trim_end();
        if flags & flag == 0 {
            part.to_owned()
        } else {
            part.to_ascii_lowercase()
        }
    };
    let (stem, ending) = (part(0..8, 0x08), part(8..11, 0x10));
    if ending.is_empty() {
        stem
    } else {
        format!("{stem}.{ending}")
    }
}
