//! NTFS. Files are read from their records, not from the folders. What was deleted is not given.

mod record;
mod runs;

use std::collections::{BTreeMap, HashMap};

use super::fields::{length, little};
use super::image::{Extent, Image, content, give};
use crate::contents::{Inside, Trouble};
use record::{Attribute, DATA, FILE_NAME, Place, Record};

/// Numbers of records: the folder of all others, and the first that is no file of the system.
const ROOT: u64 = 5;
const FIRST: u64 = 24;
/// Most records, so that a table of holes ends.
const MOST: u64 = 1 << 20;
/// Folders inside one another.
const DEEPEST: usize = 64;

pub fn read(image: &Image<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let table = Table::open(image).ok_or_else(|| Trouble::broken("no file table"))?;
    // Attributes that do not fit into the record of a file stand in others, which name it.
    let mut more: HashMap<u64, Vec<u64>> = HashMap::new();
    for number in FIRST..table.records {
        inside.step(table.record)?;
        if let Some(base) = table.record(number).and_then(|record| record.base()) {
            more.entry(base).or_default().push(number);
        }
    }
    let mut is_whole = true;
    for number in FIRST..table.records {
        inside.step(table.record)?;
        let Some(record) = table.record(number) else { continue };
        if record.base().is_some() || !record.is_file() {
            continue;
        }
        let others = more.get(&number).into_iter().flatten();
        let records: Vec<Record> = std::iter::once(record)
            .chain(others.filter_map(|other| table.record(*other)))
            .collect();
        is_whole &= table.file(&records, inside)?;
    }
    if is_whole {
        Ok(())
    } else {
        Err(Trouble::Unsupported("compressed or encrypted files of NTFS"))
    }
}

/// The table of all files, which is a file itself.
struct Table<'a> {
    image: Image<'a>,
    cluster: u64,
    /// Bytes of a record.
    record: usize,
    records: u64,
    extents: Vec<Extent>,
}

impl<'a> Table<'a> {
    fn open(image: &Image<'a>) -> Option<Self> {
        let boot = image.get(0, 512)?;
        // Above 128 these are powers of two, with the sign turned.
        let power = |byte: u64| 1_u64.checked_shl(u32::try_from(256_u64.checked_sub(byte)?).ok()?);
        let sector = little(&boot, 11, 2)?;
        let sectors = match little(&boot, 13, 1)? {
            few @ 0..=128 => few,
            more => power(more)?,
        };
        let cluster = sector
            .checked_mul(sectors)
            .filter(|size| (256..=1 << 21).contains(size))?;
        let record = match little(&boot, 64, 1)? {
            clusters @ 0..128 => clusters * cluster,
            bytes => power(bytes)?,
        };
        let record = usize::try_from(record)
            .ok()
            .filter(|size| (512..=1 << 16).contains(size))?;
        let mut table = Self {
            image: *image,
            cluster,
            record,
            records: 1,
            extents: vec![Extent {
                at: Some(little(&boot, 48, 8)?.checked_mul(cluster)?),
                len: record as u64,
            }],
        };
        let itself = table.record(0)?;
        let attributes = itself.attributes();
        let content = attributes.iter().find(|one| one.kind == DATA && one.name.is_empty())?;
        let Place::Outside { runs, size, .. } = content.place else {
            return None;
        };
        let extents = runs::extents(runs, cluster);
        table.records = (size / record as u64).min(MOST);
        table.extents = extents;
        Some(table)
    }

    fn record(&self, number: u64) -> Option<Record> {
        let mut at = number.checked_mul(self.record as u64)?;
        for extent in &self.extents {
            if at < extent.len {
                // Clusters may be smaller than records, which then may lie in two pieces; no program makes such pieces.
                return Record::read(&self.image.get(extent.at?.checked_add(at)?, self.record)?);
            }
            at -= extent.len;
        }
        None
    }

    /// Hands over a file of one or more records. False if it has something that cannot be read.
    fn file(&self, records: &[Record], inside: &mut Inside<'_>) -> Result<bool, Trouble> {
        let attributes: Vec<Attribute> = records.iter().flat_map(Record::attributes).collect();
        let Some((parent, name)) = name(&attributes) else {
            return Ok(true);
        };
        if self.is_of_system(parent) {
            return Ok(true);
        }
        let mut streams: BTreeMap<&str, Vec<&Attribute>> = BTreeMap::new();
        for attribute in attributes.iter().filter(|attribute| attribute.kind == DATA) {
            streams.entry(&attribute.name).or_default().push(attribute);
        }
        let mut is_whole = true;
        for (stream, pieces) in streams {
            let name = match stream {
                "" => name.clone(),
                stream => format!("{name}:{stream}"),
            };
            is_whole &= self.stream(&name, pieces, inside)?;
        }
        Ok(is_whole)
    }

    fn stream(&self, name: &str, mut pieces: Vec<&Attribute>, inside: &mut Inside<'_>) -> Result<bool, Trouble> {
        if pieces.iter().any(|piece| piece.is_packed) {
            return Ok(false);
        }
        pieces.sort_by_key(|piece| piece.first);
        let mut extents = Vec::new();
        let mut ends = None;
        for piece in pieces {
            match piece.place {
                Place::Inside(bytes) => {
                    inside.may_hold_files()?;
                    inside.claim(bytes.len())?;
                    inside.file(Some(name), bytes.to_vec())?;
                    return Ok(true);
                }
                Place::Outside { runs, size, written } => {
                    ends = ends.or(Some((size, written)));
                    extents.extend(runs::extents(runs, self.cluster));
                }
            }
        }
        let Some((size, written)) = ends else { return Ok(true) };
        if written >= size {
            give(&self.image, name, &extents, size, inside)?;
            return Ok(true);
        }
        // What follows was reserved and never written.
        inside.may_hold_files()?;
        let mut bytes = content(&self.image, &extents, written, inside)?;
        let rest = usize::try_from(size - written).unwrap_or(usize::MAX);
        inside.claim(rest)?;
        bytes.resize(bytes.len() + rest, 0);
        inside.file(Some(name), bytes)?;
        Ok(true)
    }

    /// Whether a folder is one of those that the file system keeps for itself, or lies in one.
    fn is_of_system(&self, folder: u64) -> bool {
        let mut folder = folder;
        for _ in 0..DEEPEST {
            if folder == ROOT {
                return false;
            }
            if folder < FIRST {
                return true;
            }
            let Some(record) = self.record(folder) else {
                return false;
            };
            match name(&record.attributes()) {
                Some((parent, _)) => folder = parent,
                None => return false,
            }
        }
        false
    }
}

/// The folder that a file is in, and its name, rather the long than the short one.
fn name(attributes: &[Attribute<'_>]) -> Option<(u64, String)> {
    const SHORT: u64 = 2;
    let names = attributes.iter().filter(|attribute| attribute.kind == FILE_NAME);
    let names = names.filter_map(|attribute| {
        let Place::Inside(bytes) = attribute.place else {
            return None;
        };
        let end = length(bytes, 64, 1)? * 2 + 66;
        let units = bytes.get(66..end)?;
        Some((little(bytes, 65, 1)?, little(bytes, 0, 6)?, record::wide(units)))
    });
    let (_, parent, name) = names.min_by_key(|(kind, ..)| *kind == SHORT)?;
    Some((parent, name))
}
