//! Pictures: what the codes in them say.

use crate::contents::codes;
use crate::contents::{File, Inside, Reader, Trouble};

/// Reads PNG, JPEG, GIF, BMP, WebP, TIFF and icons, told by their bytes. What a picture says of itself (its camera, its author) is not read.
pub struct Pictures;

impl Reader for Pictures {
    fn reads(&self, file: &File<'_>) -> bool {
        codes::format(file.mimetype).is_some()
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let Some(format) = codes::format(file.mimetype).filter(|_| inside.reads_codes()) else {
            return Ok(());
        };
        codes::decode(file.bytes, format, inside, |picture, inside| {
            codes::look(&picture, inside)?
                .into_iter()
                .for_each(|code| inside.code("", code));
            Ok(())
        })
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
