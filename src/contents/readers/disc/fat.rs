//! FAT12, FAT16 and FAT32, with long names. What was deleted is not given.

use std::collections::HashSet;

use super::fields::{length, little};
use super::image::{Extent, Image, content, give};
use crate::contents::{Inside, Trouble};

const ENTRY: usize = 32;
/// Most bytes of a folder, by the standard.
const FOLDER: u64 = 1 << 21;
const DELETED: u8 = 0xe5;
const LABEL: u8 = 0x08;
const IS_FOLDER: u8 = 0x10;
const IS_LONG: u8 = 0x0f;

pub fn read(image: &Image<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let volume = Volume::open(image).ok_or_else(|| Trouble::broken("a FAT volume without its sizes"))?;
    // Folders that were looked into: one may lead back.
    let mut seen = HashSet::from([volume.root]);
    let mut folders = vec![volume.root];
    while let Some(folder) = folders.pop() {
        let extents = match folder {
            Folder::Extent(extent) => vec![extent],
            Folder::Cluster(first) => volume.chain(first, FOLDER, inside)?,
        };
        let bytes = content(image, &extents, FOLDER, inside)?;
        let mut long = Long::default();
        for entry in bytes.chunks_exact(ENTRY) {
            inside.step(ENTRY)?;
            let Some(entry) = Entry::read(entry) else { continue };
            match (entry.first, entry.kind) {
                (0, _) => break,
                (DELETED, _) => long = Long::default(),
                (_, IS_LONG) => long.add(entry.bytes),
                _ => {
                    let name = std::mem::take(&mut long).name(entry.bytes);
                    // The folder itself, and the one around it.
                    if entry.kind & LABEL != 0 || entry.first == b'.' {
                        continue;
                    }
                    if entry.kind & IS_FOLDER == 0 {
                        let extents = volume.chain(entry.cluster, entry.size, inside)?;
                        let name = name.unwrap_or_else(|| short_name(entry.bytes));
                        give(image, &name, &extents, entry.size, inside)?;
                        continue;
                    }
                    let folder = Folder::Cluster(entry.cluster);
                    if seen.insert(folder) {
                        folders.push(folder);
                    }
                }
            }
        }
    }
    Ok(())
}

struct Volume<'a> {
    image: Image<'a>,
    /// Bits of an entry of the table.
    width: u64,
    table: u64,
    root: Folder,
    /// Where the clusters begin.
    clusters: u64,
    number: u64,
    cluster: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Folder {
    /// That of all others, before FAT32.
    Extent(Extent),
    /// By its first cluster.
    Cluster(u64),
}

impl<'a> Volume<'a> {
    /// No field has more than 32 bits, so that their products fit.
    fn open(image: &Image<'a>) -> Option<Self> {
        let boot = image.get(0, 512)?;
        let field = |at: usize, width: usize| little(&boot, at, width);
        let either = |short: u64, long: usize| if short == 0 { field(long, 4) } else { Some(short) };
        let sector = field(11, 2)?;
        let cluster = field(13, 1)? * sector;
        let short_table = field(22, 2)?;
        let table = field(14, 2)? * sector;
        let root = table + field(16, 1)? * either(short_table, 36)? * sector;
        let root_size = field(17, 2)? * ENTRY as u64;
        let clusters = root + root_size.div_ceil(sector.max(1)) * sector;
        let size = either(field(19, 2)?, 32)? * sector;
        let number = size.checked_sub(clusters)?.checked_div(cluster)?;
        let is_32 = short_table == 0;
        Some(Self {
            image: *image,
            width: match number {
                _ if is_32 => 32,
                0..4085 => 12,
                _ => 16,
            },
            table,
            root: if is_32 {
                Folder::Cluster(field(44, 4)?)
            } else {
                Folder::Extent(Extent {
                    at: Some(root),
                    len: root_size,
                })
            },
            clusters,
            number,
            cluster,
        })
    }

    /// The clusters of a file of at most so many bytes, from its first on.
    fn chain(&self, first: u64, size: u64, inside: &mut Inside<'_>) -> Result<Vec<Extent>, Trouble> {
        let (room, stop) = inside.room();
        let size = size.min(self.image.size());
        if size > room as u64 {
            return Err(stop.into());
        }
        // One that leads back to itself ends here.
        let most = size.div_ceil(self.cluster).min(self.number);
        let mut extents = Vec::new();
        let mut cluster = first;
        while let Some(index) = cluster.checked_sub(2).filter(|index| *index < self.number)
            && (extents.len() as u64) < most
        {
            inside.step(ENTRY)?;
            extents.push(Extent {
                at: Some(self.clusters + index * self.cluster),
                len: self.cluster,
            });
            cluster = self.next(cluster).unwrap_or_default();
        }
        Ok(extents)
    }

    /// What follows a cluster: another, or no number of one.
    fn next(&self, cluster: u64) -> Option<u64> {
        let number = |at: u64, width: usize| little(&self.image.get(self.table + at, width)?, 0, width);
        Some(match self.width {
            12 => {
                let pair = number(cluster + cluster / 2, 2)?;
                if cluster.is_multiple_of(2) {
                    pair & 0xfff
                } else {
                    pair >> 4
                }
            }
            16 => number(cluster * 2, 2)?,
            _ => number(cluster * 4, 4)? & 0x0fff_ffff,
        })
    }
}

struct Entry<'b> {
    bytes: &'b [u8],
    first: u8,
    kind: u8,
    cluster: u64,
    size: u64,
}

impl<'b> Entry<'b> {
    fn read(bytes: &'b [u8]) -> Option<Self> {
        Some(Self {
            bytes,
            first: *bytes.first()?,
            kind: bytes.get(11)? & 0x3f,
            cluster: little(bytes, 20, 2)? << 16 | little(bytes, 26, 2)?,
            size: little(bytes, 28, 4)?,
        })
    }
}

/// A long name, whose last part comes first, before the entry that it is of.
#[derive(Default)]
struct Long {
    units: Vec<u16>,
    checksum: u8,
    /// The number of the part before this, 0 of a whole name.
    left: usize,
}

impl Long {
    const LAST: usize = 0x40;

    fn add(&mut self, entry: &[u8]) {
        let (Some(order), Some(checksum)) = (length(entry, 0, 1), entry.get(13)) else {
            return;
        };
        let number = order & 0x1f;
        if order & Self::LAST != 0 {
            *self = Self {
                checksum: *checksum,
                left: number,
                ..Self::default()
            };
        }
        if number == 0 || number != self.left || *checksum != self.checksum {
            *self = Self::default();
            return;
        }
        let fields = [1..11, 14..26, 28..32];
        let pairs = fields.into_iter().filter_map(|field| entry.get(field));
        let units = pairs.flat_map(|field| field.chunks_exact(2)).filter_map(|pair| {
            let pair = pair.try_into().ok()?;
            Some(u16::from_le_bytes(pair))
        });
        self.units.splice(..0, units);
        self.left -= 1;
    }

    /// `None` if it is not that of this entry.
    fn name(self, short: &[u8]) -> Option<String> {
        let sum = short
            .iter()
            .take(11)
            .fold(0_u8, |sum, byte| sum.rotate_right(1).wrapping_add(*byte));
        if self.units.is_empty() || self.left != 0 || sum != self.checksum {
            return None;
        }
        let units = self.units.split(|unit| *unit == 0).next().unwrap_or_default();
        Some(String::from_utf16_lossy(units))
    }
}

/// Eight and three letters. Windows keeps in two bits that they are small.
fn short_name(entry: &[u8]) -> String {
    let small = entry.get(12).copied().unwrap_or_default();
    let part = |from: usize, to: usize, bit: u8| {
        let bytes = entry.get(from..to).unwrap_or_default();
        let text = encoding_rs::mem::decode_latin1(bytes);
        let text = text.trim_end();
        if small & bit == 0 {
            text.to_owned()
        } else {
            text.to_lowercase()
        }
    };
    let (stem, ending) = (part(0, 8, 0x08), part(8, 11, 0x10));
    if ending.is_empty() {
        stem
    } else {
        format!("{stem}.{ending}")
    }
}
