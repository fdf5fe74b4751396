//! Images of discs and disks: ISO 9660, UDF, FAT and NTFS, with or without a table of partitions, also in VHD.
//!
//! Tried: hadris-iso is a release candidate, and reads more than it is asked for.

mod fat;
mod fields;
mod image;
mod iso;
mod ntfs;
mod partition;
mod udf;
mod vhd;

use std::collections::HashSet;

use crate::contents::{File, Inside, Reader, Trouble};
use crate::file::{Boot, boot};
use image::Image;

const ISO: &str = "application/x-iso9660-image";
const UDF: &str = "application/x-udf-image";
const VHD: &str = "application/x-vhd-disk";
const RAW: &str = "application/x-raw-disk-image";

pub struct Disc;

impl Reader for Disc {
    fn reads(&self, file: &File<'_>) -> bool {
        [ISO, UDF, VHD, RAW].contains(&file.mimetype)
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        match file.mimetype {
            ISO | UDF => disc(file, inside),
            VHD => disk(&vhd::open(file.bytes)?, inside),
            _ => disk(&Image::plain(file.bytes), inside),
        }
    }
}

/// A disc may have both file systems, with the same files or with others.
fn disc(file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    // Where the contents stand that were given.
    let mut given = HashSet::new();
    let first = match udf::read(&Image::plain(file.bytes), &mut given, inside) {
        Err(Trouble::Stopped(stop)) => return Err(stop.into()),
        Ok(false) if file.mimetype == UDF => Err(Trouble::broken("no anchor")),
        other => other.map(|_| ()),
    };
    let second = match file.mimetype {
        ISO => iso::read(file.bytes, &given, inside),
        _ => Ok(()),
    };
    first.and(second)
}

fn disk(image: &Image<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let volumes = match begins(image) {
        Some(Boot::Partitions) => partition::all(image, inside)?,
        _ => vec![*image],
    };
    let mut any = false;
    let mut trouble = None;
    for one in volumes {
        match volume(&one, inside) {
            Err(Trouble::Stopped(stop)) => return Err(stop.into()),
            Err(other) => trouble = trouble.or(Some(other)),
            Ok(is_known) => any |= is_known,
        }
    }
    match trouble {
        Some(trouble) => Err(trouble),
        None if any => Ok(()),
        None => Err(Trouble::Unsupported("disk image of another file system")),
    }
}

fn begins(image: &Image<'_>) -> Option<Boot> {
    boot(&image.get(0, 512)?)
}

/// Whether it has a file system that is known.
fn volume(image: &Image<'_>, inside: &mut Inside<'_>) -> Result<bool, Trouble> {
    match begins(image) {
        Some(Boot::Fat) => fat::read(image, inside).map(|()| true),
        Some(Boot::Ntfs) => ntfs::read(image, inside).map(|()| true),
        Some(Boot::ExFat) => Err(Trouble::Unsupported("exFAT volume")),
        _ => udf::read(image, &mut HashSet::new(), inside),
    }
}

#[cfg(test)]
#[path = "disc_tests.rs"]
mod tests;
