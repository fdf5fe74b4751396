//! Compound files (OLE): the old formats of Word, Excel and PowerPoint, macro projects, embedded objects.

mod doc;
mod locked;
mod package;
mod ppt;
mod store;
mod vba;
mod xls;

use crate::contents::{File, Inside, Reader, Trouble};
use store::Store;

pub(super) use package::native;

/// Reads macros, text, links and embedded files. Nothing is run.
pub struct Compound;

pub(super) const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

impl Reader for Compound {
    fn reads(&self, file: &File<'_>) -> bool {
        // Outlook's messages are mails.
        file.bytes.starts_with(MAGIC) && file.mimetype != "application/vnd.ms-outlook"
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let mut store = Store::open(file.bytes, inside)?;
        if let Some(bytes) = locked::package(&mut store, inside)? {
            // The document that was locked, under the name of the file.
            inside.part(file.name, bytes)?;
            return Ok(());
        }
        let readings = [vba::read, package::read, doc::read, xls::read, ppt::read];
        let mut trouble = None;
        for reading in readings {
            match reading(&mut store, inside) {
                Err(Trouble::Stopped(stop)) => return Err(stop.into()),
                Err(other) => trouble = trouble.or(Some(other)),
                Ok(()) => {}
            }
        }
        trouble.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
#[path = "ole_tests.rs"]
mod tests;
