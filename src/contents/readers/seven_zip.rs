//! 7z, with encrypted headers too.

use std::io::Cursor;

use sevenz_rust2::{ArchiveReader, Error, Password};

use crate::contents::{File, Inside, Reader, Trouble};

/// Most memory of a decoder, in KiB.
const MEMORY: usize = 128 << 10;

pub struct SevenZip;

impl Reader for SevenZip {
    fn reads(&self, file: &File<'_>) -> bool {
        file.mimetype == "application/x-7z-compressed"
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let passwords: Vec<String> = std::iter::once("")
            .chain(inside.passwords())
            .map(str::to_owned)
            .collect();
        for password in passwords {
            match members(file.bytes, &password, inside) {
                Err(Trouble::Locked) => inside.step(1 << 16)?,
                other => {
                    if !password.is_empty() && other.is_ok() {
                        inside.opened_with(&password);
                    }
                    return other;
                }
            }
        }
        Err(Trouble::Locked)
    }
}

fn members(bytes: &[u8], password: &str, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let key = if password.is_empty() {
        Password::empty()
    } else {
        Password::from(password)
    };
    let source = Cursor::new(bytes);
    let mut reader =
        ArchiveReader::new_with_memory_limit(source, key, MEMORY).map_err(|error| trouble(&error, password))?;
    reader.set_thread_count(1);
    let mut stopped = None;
    let mut given = Vec::new();
    let outcome = reader.for_each_entries(|entry, content| {
        if entry.is_directory() {
            return Ok(true);
        }
        let unpacked = inside
            .may_hold_files()
            .map_err(Trouble::from)
            .and_then(|()| inside.unpack_whole(content));
        match unpacked {
            Ok(content) => {
                given.push((entry.name().to_owned(), content));
                Ok(true)
            }
            Err(error) => {
                stopped = Some(error);
                Err(Error::from(std::io::Error::other("stopped")))
            }
        }
    });
    let is_wrong = stopped
        .as_ref()
        .is_some_and(|stopped| matches!(stopped, Trouble::Broken(_)));
    if is_wrong && given.is_empty() && !password.is_empty() {
        return Err(Trouble::Locked);
    }
    let failed = stopped.or_else(|| outcome.err().map(|error| trouble(&error, password)));
    if matches!(failed, Some(Trouble::Locked)) && given.is_empty() {
        return Err(Trouble::Locked);
    }
    for (name, content) in given {
        inside.file(Some(&name), content)?;
    }
    failed.map_or(Ok(()), Err)
}

fn trouble(error: &Error, password: &str) -> Trouble {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => Trouble::Locked,
        Error::ChecksumVerificationFailed | Error::NextHeaderCrcMismatch if !password.is_empty() => Trouble::Locked,
        Error::UnsupportedCompressionMethod(_) => Trouble::Unsupported("7z with a rare method"),
        other => Trouble::broken(other),
    }
}
