//! Office Open XML: docx, xlsx, pptx and their kin with macros and templates.

mod members;
mod others;
mod relations;
mod sheets;
mod words;

use std::io::Cursor;

use zip::ZipArchive;

use crate::contents::{File, Inside, Reader, Trouble};
use members::{Content, Members};

/// Reads the text, the links and the files of a document, and what it loads by itself. Properties, styles and themes are not read.
pub struct OfficeXml;

impl Reader for OfficeXml {
    fn reads(&self, file: &File<'_>) -> bool {
        file.mimetype
            .starts_with("application/vnd.openxmlformats-officedocument.")
            || is_named(file)
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let archive = ZipArchive::new(Cursor::new(file.bytes)).map_err(Trouble::broken)?;
        let mut members = Members::of(archive, inside)?;
        let mut relations = relations::Relations::of(&mut members, inside)?;
        let mut trouble = None;
        let contents = members.contents();
        sheets::read(&mut members, &mut relations, inside)?;
        for (name, content) in contents {
            let outcome = match content {
                Content::Words(place) => members.read(&name, inside).and_then(|bytes| {
                    let links = relations.links_of(&name);
                    words::read(&bytes, &place, &links, inside)
                }),
                Content::Other => members
                    .read(&name, inside)
                    .and_then(|bytes| others::read(&name, &bytes, inside)),
                Content::Part => members.unpack(&name, inside, true),
                Content::File => members.unpack(&name, inside, false),
            };
            match outcome {
                Err(Trouble::Stopped(stop)) => return Err(stop.into()),
                // A broken part does not hide the others.
                Err(other) => trouble = trouble.or(Some(other)),
                Ok(()) => {}
            }
        }
        relations.rest(inside);
        trouble.map_or(Ok(()), Err)
    }
}

/// A document whose first member is another than office programs write looks like any zip.
fn is_named(file: &File<'_>) -> bool {
    const ENDINGS: [&str; 14] = [
        "docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "xlsb", "xlam", "pptx", "pptm", "ppsx", "potx",
    ];
    file.mimetype == "application/zip" && ENDINGS.iter().any(|ending| file.ends_with(ending))
}

#[cfg(test)]
#[path = "ooxml_tests.rs"]
mod tests;
