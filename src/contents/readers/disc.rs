//! Images of discs and of hard disks: what their file systems hold.
//!
//! Tried: hadris-iso is a release candidate, and reads more than it is asked for; ntfs and fatfs want a file to seek in, and take
//! its directions on trust.

mod fat;
mod image;
mod iso;
mod ntfs;
mod partitions;
mod udf;
mod vhd;

use self::image::Image;
use crate::contents::{File, Inside, Reader, Trouble};

/// Partitions inside disks.
const DEEPEST: usize = 3;

pub struct Disc;

impl Reader for Disc {
    fn reads(&self, file: &File<'_>) -> bool {
        const TYPES: [&str; 3] = [
            "application/x-iso9660-image",
            "application/x-udf-image",
            "application/x-vhd-disk",
        ];
        TYPES.contains(&file.mimetype) || vhd::is_one(file.bytes) || {
            let image = Image::of(file.bytes);
            ntfs::is_one(&image) || fat::is_one(&image) || partitions::is_one(&image)
        }
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        if vhd::is_one(file.bytes) {
            return volume(&vhd::open(file.bytes)?, 0, inside);
        }
        if file.mimetype == "application/x-iso9660-image" {
            // Discs are often both, with one file for two names.
            return match udf::read(&Image::of(file.bytes), inside) {
                Err(Trouble::Broken(_) | Trouble::Unsupported(_)) => iso::read(file.bytes, inside),
                other => other,
            };
        }
        volume(&Image::of(file.bytes), 0, inside)
    }
}

fn volume(image: &Image<'_>, depth: usize, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    if ntfs::is_one(image) {
        return ntfs::read(image, inside);
    }
    if fat::is_one(image) {
        return fat::read(image, inside);
    }
    if image.starts_with(3, b"EXFAT   ") {
        return Err(Trouble::Unsupported("exFAT volume"));
    }
    if depth < DEEPEST && partitions::is_one(image) {
        let mut outcome = Ok(());
        for part in partitions::all(image) {
            inside.step(1 << 12)?;
            match volume(&part, depth + 1, inside) {
                Err(Trouble::Stopped(stop)) => return Err(stop.into()),
                Err(trouble) => outcome = Err(trouble),
                Ok(()) => {}
            }
        }
        return outcome;
    }
    udf::read(image, inside)
}

#[cfg(test)]
#[path = "disc_tests.rs"]
mod tests;
