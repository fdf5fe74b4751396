//! Cabinets of Windows.

use std::io::Cursor;

use cab::Cabinet;

use crate::contents::{File, Inside, Reader, Trouble};
use crate::domain::contained::contained;

pub struct Cab;

impl Reader for Cab {
    fn reads(&self, file: &File<'_>) -> bool {
        file.mimetype == "application/vnd.ms-cab-compressed"
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let mut cabinet = Cabinet::new(Cursor::new(file.bytes)).map_err(Trouble::broken)?;
        let folders = cabinet.folder_entries();
        let names: Vec<String> = folders
            .flat_map(|folder| folder.file_entries().map(|file| file.name().to_owned()))
            .collect();
        let mut trouble = None;
        for name in names {
            inside.may_hold_files()?;
            inside.step(256)?;
            // The crate trusts offsets of the file, and panics where they are wrong.
            let content = contained(|| {
                let reader = cabinet.read_file(&name).map_err(Trouble::broken)?;
                inside.unpack(reader)
            });
            let content = content.unwrap_or_else(|| Err(Trouble::broken("offsets that lead nowhere")));
            match content {
                Ok(content) => inside.file(Some(&name), content)?,
                Err(Trouble::Stopped(stop)) => return Err(stop.into()),
                Err(other) => trouble = trouble.or(Some(other)),
            }
        }
        trouble.map_or(Ok(()), Err)
    }
}
