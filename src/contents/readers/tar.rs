//! tar.

use tar::Archive;

use crate::contents::{File, Inside, Reader, Trouble};

pub struct Tar;

impl Reader for Tar {
    fn reads(&self, file: &File<'_>) -> bool {
        file.mimetype == "application/x-tar"
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let mut archive = Archive::new(file.bytes);
        let mut entries = archive.entries().map_err(Trouble::broken)?;
        let mut any = false;
        loop {
            inside.step(512)?;
            match entries.next() {
                None => return Ok(()),
                // What came before a broken header is whole.
                Some(Err(_)) if any => return Ok(()),
                Some(Err(error)) => return Err(Trouble::broken(error)),
                Some(Ok(entry)) => {
                    any = true;
                    if !entry.header().entry_type().is_file() {
                        continue;
                    }
                    inside.may_hold_files()?;
                    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                    match inside.unpack(entry) {
                        Err(Trouble::TooMuch) => {}
                        bytes => inside.file(Some(&name), bytes?)?,
                    }
                }
            }
        }
    }
}
