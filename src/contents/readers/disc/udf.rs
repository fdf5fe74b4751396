//! UDF (ECMA-167), as discs and disks have it that were written once: without virtual and metadata partitions.

mod folder;
mod tag;
mod volume;

use std::collections::HashSet;

use super::fields::little;
use super::image::{Image, content, give};
use crate::contents::{Inside, Trouble};
use folder::Identifier;
use tag::{ANCHOR, Address, FILE_SET, identifier};
use volume::{Entry, Volume};

/// Most bytes of a folder.
const FOLDER: u64 = 1 << 22;

/// False if there is none. `given` becomes place and size of the contents that are given.
pub fn read(image: &Image<'_>, given: &mut HashSet<(u64, u64)>, inside: &mut Inside<'_>) -> Result<bool, Trouble> {
    let Some((sector, sequence)) = [2048, 512, 4096, 1024].iter().find_map(|sector| anchor(image, *sector)) else {
        return Ok(false);
    };
    let (volume, set) = Volume::open(image, sector, sequence, inside)?;
    let root = volume
        .descriptor(set)
        .filter(|set| identifier(set) == Some(FILE_SET))
        .and_then(|set| Address::long(&set, 400))
        .ok_or_else(|| Trouble::broken("no file set"))?;
    // Folders that were looked into: one may lead back.
    let mut seen = HashSet::from([root]);
    let mut folders = vec![root];
    while let Some(address) = folders.pop() {
        let Some(folder) = volume.entry(address, inside)? else {
            continue;
        };
        let bytes = content(image, &folder.extents, folder.size.min(FOLDER), inside)?;
        let mut rest = &*bytes;
        while let Some((child, after)) = Identifier::read(rest) {
            inside.step(rest.len() - after.len())?;
            rest = after;
            if child.is_no_file() {
                continue;
            }
            if child.is_folder() {
                if seen.insert(child.address) {
                    folders.push(child.address);
                }
                continue;
            }
            let Some(file) = volume.entry(child.address, inside)?.filter(Entry::is_plain) else {
                continue;
            };
            if let Some(at) = file.extents.first().and_then(|first| first.at) {
                given.insert((at, file.size));
            }
            give(image, &child.name, &file.extents, file.size, inside)?;
        }
    }
    Ok(true)
}

/// Size of the sectors, and place and size of the sequence of descriptors.
fn anchor(image: &Image<'_>, sector: u64) -> Option<(u64, (u64, u64))> {
    let bytes = image.get(sector * 256, 512)?;
    let is_one = identifier(&bytes)? == ANCHOR && little(&bytes, 12, 4)? == 256;
    let sequence = (little(&bytes, 20, 4)? * sector, little(&bytes, 16, 4)?);
    is_one.then_some((sector, sequence))
}
