//! Zip archives, with `ZipCrypto` and AES. A broken directory at the end does not hide the members before it.

mod local;

use std::io::Cursor;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::contents::{File, Inside, Reader, Trouble};
use crate::mail;

/// Reads archives whose members are files of their own, not parts of a document.
pub struct Zip;

impl Reader for Zip {
    fn reads(&self, file: &File<'_>) -> bool {
        matches!(
            file.mimetype,
            "application/zip"
                | "application/java-archive"
                | "application/vnd.android.package-archive"
                | "application/epub+zip"
        )
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        match ZipArchive::new(Cursor::new(file.bytes)) {
            Ok(archive) if !archive.is_empty() => members(archive, inside),
            // Broken at its end, or cut off: the members may be whole.
            _ => local::members(file.bytes, inside),
        }
    }
}

fn members(mut archive: ZipArchive<Cursor<&[u8]>>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let mut password: Option<String> = None;
    let mut trouble = None;
    for index in 0..archive.len() {
        inside.may_hold_files()?;
        inside.step(PER_MEMBER)?;
        let outcome = member(&mut archive, index, &mut password, inside);
        match outcome {
            Err(Trouble::Stopped(stop)) => return Err(stop.into()),
            Err(other) => trouble = trouble.or(Some(other)),
            Ok(()) => {}
        }
    }
    trouble.map_or(Ok(()), Err)
}

/// Work for a member beside its bytes.
const PER_MEMBER: usize = 256;

fn member(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    password: &mut Option<String>,
    inside: &mut Inside<'_>,
) -> Result<(), Trouble> {
    let (name, is_locked) = {
        let entry = archive.by_index_raw(index).map_err(Trouble::broken)?;
        if entry.is_dir() {
            return Ok(());
        }
        (mail::archive_name(entry.name_raw()), entry.encrypted())
    };
    let bytes = if is_locked {
        let (bytes, opened_with) = unlock(archive, index, password.as_deref(), inside)?;
        inside.opened_with(&opened_with);
        *password = Some(opened_with);
        bytes
    } else {
        inside.unpack(archive.by_index(index).map_err(Trouble::broken)?)?
    };
    inside.file(Some(&name), bytes)?;
    Ok(())
}

/// The bytes of a locked member, and the password that opens it: first the one that opened the member before.
fn unlock(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    known: Option<&str>,
    inside: &mut Inside<'_>,
) -> Result<(Vec<u8>, String), Trouble> {
    let tried: Vec<String> = known.into_iter().chain(inside.passwords()).map(str::to_owned).collect();
    for password in tried {
        match archive.by_index_decrypt(index, password.as_bytes()) {
            // One byte tells a right password from most wrong ones; the checksum at the end tells it from all.
            Ok(entry) => match inside.unpack_whole(entry) {
                Err(Trouble::Broken(_)) => {}
                other => return other.map(|bytes| (bytes, password)),
            },
            Err(ZipError::InvalidPassword) => inside.step(1 << 12)?,
            Err(error) => return Err(Trouble::broken(error)),
        }
    }
    Err(Trouble::Locked)
}

#[cfg(test)]
#[path = "zip_tests.rs"]
mod tests;
