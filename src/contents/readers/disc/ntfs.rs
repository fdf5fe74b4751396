//! NTFS: every file that its table of files has, by its name. What Windows compressed or encrypted is not read.

use super::image::{Extent, Image, number, u16_at, u32_at, u64_at};
use crate::contents::{Inside, Trouble};

/// Files of the system come first, and what belongs to them lies in this one.
const FIRST: u64 = 24;
const EXTEND: u64 = 11;
/// Runs of a file that are followed.
const MOST_RUNS: usize = 65_536;

pub fn is_one(image: &Image<'_>) -> bool {
    image.starts_with(3, b"NTFS    ")
}

pub fn read(image: &Image<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let volume = Volume::open(image).ok_or_else(|| Trouble::broken("no table of files"))?;
    let mut is_left = false;
    let mut at = 0;
    for extent in &volume.table {
        let Some(from) = extent.at else { continue };
        for offset in (0..extent.size / volume.record).map(|index| index * volume.record) {
            inside.step(256)?;
            // No more than the file can hold, whatever sizes are stated.
            if at > image.stored() / volume.record {
                break;
            }
            let index = at;
            at += 1;
            let Some(record) = volume.record_at(from.saturating_add(offset)).filter(|_| index >= FIRST) else {
                continue;
            };
            let Some(name) = record.name() else { continue };
            match record.data() {
                None => {}
                Some(Data::Resident(bytes)) => {
                    inside.may_hold_files()?;
                    inside.claim(bytes.len())?;
                    inside.file(Some(&name), bytes.to_vec())?;
                }
                Some(Data::Runs { runs, size }) => {
                    inside.may_hold_files()?;
                    let bytes = image.gather(volume.extents(runs), size, inside)?;
                    inside.file(Some(&name), bytes)?;
                }
                Some(Data::Coded) => is_left = true,
            }
        }
    }
    if is_left {
        return Err(Trouble::Unsupported("compressed or encrypted file of NTFS"));
    }
    Ok(())
}

struct Volume<'a> {
    image: Image<'a>,
    cluster: u64,
    /// Bytes of a record of the table.
    record: u64,
    table: Vec<Extent>,
}

impl<'a> Volume<'a> {
    fn open(image: &Image<'a>) -> Option<Self> {
        let boot = image.get(0, 512)?;
        let sector = u64::from(u16_at(&boot, 11));
        // Large ones are given as the power of two, below zero.
        let scaled = |count: u8, unit: u64| match count.cast_signed() {
            power @ i8::MIN..0 => 1_u64.checked_shl(u32::from(power.unsigned_abs())),
            count => unit.checked_mul(u64::from(count.unsigned_abs())),
        };
        let cluster = match *boot.get(13)? {
            count @ 0..=128 => sector.checked_mul(count.into())?,
            power => sector.checked_shl(u32::from(power.wrapping_neg()))?,
        };
        let record = scaled(*boot.get(64)?, cluster)?;
        let is_sound =
            (512..=4096).contains(&sector) && (512..=1 << 21).contains(&cluster) && (512..=65_536).contains(&record);
        if !is_sound {
            return None;
        }
        let mut volume = Self {
            image: image.clone(),
            cluster,
            record,
            table: Vec::new(),
        };
        let first = volume.record_at(u64_at(&boot, 48).checked_mul(cluster)?)?;
        if let Some(Data::Runs { runs, .. }) = first.data() {
            volume.table = volume.extents(runs);
        }
        Some(volume)
    }

    /// A record in use, with the ends of its sectors put back.
    fn record_at(&self, at: u64) -> Option<Record> {
        const STRIDE: usize = 512;
        let mut bytes = self.image.get(at, usize::try_from(self.record).ok()?)?.into_owned();
        if !bytes.starts_with(b"FILE") {
            return None;
        }
        let (marks, count) = (usize::from(u16_at(&bytes, 4)), usize::from(u16_at(&bytes, 6)));
        for sector in 1..count {
            let mark = bytes.get(marks + 2 * sector..marks + 2 * sector + 2)?.to_vec();
            bytes
                .get_mut(sector * STRIDE - 2..sector * STRIDE)?
                .copy_from_slice(&mark);
        }
        let is_used = u16_at(&bytes, 22) & 1 != 0;
        is_used.then_some(Record { bytes })
    }

    fn extents(&self, runs: &[u8]) -> Vec<Extent> {
        let mut extents = Vec::new();
        let (mut rest, mut cluster) = (runs, 0_i64);
        while let Some((head, after)) = rest.split_first().filter(|(head, _)| **head != 0) {
            let (of_length, of_place) = (usize::from(head & 15), usize::from(head >> 4));
            if of_length > 8 || of_place > 8 || extents.len() >= MOST_RUNS {
                break;
            }
            let Some((run, behind)) = after.split_at_checked(of_length + of_place) else {
                break;
            };
            rest = behind;
            let at = if of_place == 0 {
                None
            } else {
                let unused = 64 - 8 * u32::try_from(of_place).unwrap_or(8);
                let step = (number(run, of_length, of_place) << unused).cast_signed() >> unused;
                cluster = cluster.wrapping_add(step);
                Some(u64::try_from(cluster).unwrap_or(u64::MAX).saturating_mul(self.cluster))
            };
            extents.push(Extent {
                at,
                size: number(run, 0, of_length).saturating_mul(self.cluster),
            });
        }
        extents
    }
}

struct Record {
    bytes: Vec<u8>,
}

enum Data<'a> {
    Resident(&'a [u8]),
    Runs { runs: &'a [u8], size: u64 },
    Coded,
}

impl Record {
    /// The attributes of a type that have no name of their own.
    fn attributes(&self, wanted: u32) -> impl Iterator<Item = &[u8]> {
        let mut rest = self
            .bytes
            .get(usize::from(u16_at(&self.bytes, 20))..)
            .unwrap_or_default();
        std::iter::from_fn(move || {
            let length = usize::try_from(u32_at(rest, 4)).ok().filter(|length| *length >= 24)?;
            let (attribute, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(attribute)
        })
        .filter(move |attribute| u32_at(attribute, 0) == wanted && attribute.get(9) == Some(&0))
    }

    /// The long one of its names; none of what belongs to the system.
    fn name(&self) -> Option<String> {
        const NAME: u32 = 0x30;
        const FOR_DOS: u8 = 2;
        let names = self.attributes(NAME).filter_map(resident);
        let name = names.min_by_key(|name| name.get(65) == Some(&FOR_DOS))?;
        if u64_at(name, 0) & 0xffff_ffff_ffff == EXTEND {
            return None;
        }
        let length = usize::from(*name.get(64)?);
        let letters = name
            .get(66..66 + 2 * length)?
            .chunks_exact(2)
            .map(|letter| u16_at(letter, 0));
        let letters = char::decode_utf16(letters).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        Some(letters.collect())
    }

    fn data(&self) -> Option<Data<'_>> {
        const DATA: u32 = 0x80;
        const COMPRESSED_OR_ENCRYPTED: u16 = 0x40ff;
        let attribute = self.attributes(DATA).next()?;
        if u16_at(attribute, 12) & COMPRESSED_OR_ENCRYPTED != 0 {
            return Some(Data::Coded);
        }
        if let Some(bytes) = resident(attribute) {
            return Some(Data::Resident(bytes));
        }
        Some(Data::Runs {
            runs: attribute.get(usize::from(u16_at(attribute, 32))..)?,
            size: u64_at(attribute, 48),
        })
    }
}

/// What an attribute holds itself; none when it lies elsewhere.
fn resident(attribute: &[u8]) -> Option<&[u8]> {
    let at = usize::from(u16_at(attribute, 20));
    let length = usize::try_from(u32_at(attribute, 16)).ok()?;
    let is_here = attribute.get(8) == Some(&0);
    attribute.get(at..at.checked_add(length)?).filter(|_| is_here)
}
