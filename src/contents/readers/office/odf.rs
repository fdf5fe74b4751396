//! OpenDocument: texts, sheets and slides, in an archive or as one file of XML.

mod content;

use std::io::Cursor;

use zip::ZipArchive;

use crate::contents::{File, Inside, Reader, Trouble};

/// Reads text, links, macros, and what a document loads by itself.
pub struct OpenDocument;

impl Reader for OpenDocument {
    fn reads(&self, file: &File<'_>) -> bool {
        let is_flat = || {
            ["fodt", "fods", "fodp", "fodg"]
                .iter()
                .any(|ending| file.ends_with(ending))
        };
        file.mimetype.starts_with("application/vnd.oasis.opendocument.") || is_flat()
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        if !file.bytes.starts_with(b"PK") {
            return content::read(file.bytes, "", inside);
        }
        let mut archive = ZipArchive::new(Cursor::new(file.bytes)).map_err(Trouble::broken)?;
        let mut trouble = None;
        for index in 0..archive.len() {
            inside.step(256)?;
            match member(&mut archive, index, inside) {
                Err(Trouble::Stopped(stop)) => return Err(stop.into()),
                Err(other) => trouble = trouble.or(Some(other)),
                Ok(()) => {}
            }
        }
        trouble.map_or(Ok(()), Err)
    }
}

fn member(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let entry = archive.by_index(index).map_err(Trouble::broken)?;
    let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/");
    let (folder, last) = name.rsplit_once('/').unwrap_or(("", &name));
    let top = name.split('/').next().unwrap_or_default();
    let place = if folder.is_empty() {
        String::new()
    } else {
        folder.to_owned()
    };
    match (top, last) {
        ("META-INF", "manifest.xml") => {
            let bytes = inside.unpack(entry)?;
            if memchr::memmem::find(&bytes, b"encryption-data").is_some() {
                return Err(Trouble::Locked);
            }
            Ok(())
        }

        (_, "") | ("META-INF" | "Thumbnails" | "Configurations2", _) => Ok(()),
        (_, "content.xml") => content::read(&inside.unpack(entry)?, &place, inside),
        (_, "styles.xml") => content::read(&inside.unpack(entry)?, "styles", inside),
        (_, "meta.xml") => content::meta(&inside.unpack(entry)?, inside),
        (_, "settings.xml" | "mimetype" | "manifest.rdf" | "script-lb.xml" | "script-lc.xml" | "layout-cache") => {
            Ok(())
        }
        ("Basic" | "Dialogs", module) => {
            let place = format!("macro {}", module.trim_end_matches(".xml"));
            content::read(&inside.unpack(entry)?, &place, inside)
        }
        ("Pictures" | "ObjectReplacements" | "Fonts", _) => {
            inside.may_hold_files()?;
            let bytes = inside.unpack(entry)?;
            inside.part(Some(last), bytes)?;
            Ok(())
        }
        _ => {
            inside.may_hold_files()?;
            let bytes = inside.unpack(entry)?;
            // An embedded object has no ending; a program or a script has one.
            if last.contains('.') {
                inside.file(Some(last), bytes)?;
            } else {
                inside.part(Some(last), bytes)?;
            }
            Ok(())
        }
    }
}

#[cfg(test)]
#[path = "odf_tests.rs"]
mod tests;
