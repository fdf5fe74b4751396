//! Entries as files, to take them to another machine or another database, and copies of the database.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Outbox, OutboxError, Result, Stored};
use crate::config;
use crate::domain::{Sha256, Submission};
use crate::faults;

/// An entry beside its message, which has the same name with `.eml`.
#[derive(Serialize, Deserialize)]
struct Written<S> {
    /// Of this form of writing.
    version: u32,
    /// Of the message.
    sha256: Sha256,
    submission: S,
}

const VERSION: u32 = 1;

impl Outbox {
    /// Writes every entry that is not delivered into `folder`, which is made: `NUMBER.eml`, and its `NUMBER.json` after it, so that an
    /// entry with both is whole. They stay in the outbox. Entries that cannot be read are told and passed over.
    pub fn export(&self, folder: &Path, mut told: impl FnMut(PathBuf, Result<()>)) -> Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| at(folder, error))?;
        for row in self.waiting()? {
            let path = folder.join(format!("{:06}.json", row.id));
            let written = self.submission(row.id).and_then(|submission| write(&path, &submission));
            let is_storage = matches!(&written, Err(error) if !error.is_of_row());
            if is_storage {
                return written;
            }
            told(path, written);
        }
        Ok(())
    }

    /// Stores every entry of a folder that [`Outbox::export`] wrote, in order. What is there already stays as it is. One that is not
    /// whole is told and passed over.
    pub fn import(&self, folder: &Path, mut told: impl FnMut(PathBuf, Result<Stored>)) -> Result<()> {
        let listed = fs::read_dir(folder).and_then(|list| list.map(|entry| Ok(entry?.path())).collect());
        let mut paths: Vec<PathBuf> = listed.map_err(|error: io::Error| at(folder, error))?;
        paths.retain(|path| path.extension() == Some(OsStr::new("json")));
        paths.sort();
        for path in paths {
            let stored = read(&path).and_then(|submission| self.put(&submission));
            let is_storage = matches!(&stored, Err(error) if !matches!(error, OutboxError::File { .. }));
            if is_storage {
                return stored.map(drop);
            }
            told(path, stored);
        }
        Ok(())
    }

    /// Copies the database, as it is at one moment, to a new file. Others may use it meanwhile. The copy gets its name when it is
    /// whole: what is half a copy must not be taken for one.
    pub fn backup(&self, file: &Path) -> Result<()> {
        if file.try_exists().map_err(|error| at(file, error))? {
            return Err(at(file, io::ErrorKind::AlreadyExists.into()));
        }
        let copy = config::beside(file).map_err(|error| at(file, error))?;
        let name = copy.path().to_string_lossy();
        self.read(|connection| Ok(connection.execute("VACUUM INTO ?1", [&name]).map(drop)?))?;
        let finish = || {
            faults::point("backup.sync")?;
            copy.as_file().sync_all()?;
            faults::point("backup.rename")
        };
        finish().map_err(|error| at(file, error))?;
        copy.persist_noclobber(file)
            .map(drop)
            .map_err(|error| at(file, error.error))
    }
}

fn write(path: &Path, submission: &Submission) -> Result<()> {
    let sha256 = Sha256::of(&submission.raw);
    let written = Written {
        version: VERSION,
        sha256,
        submission,
    };
    let json = serde_json::to_vec_pretty(&written).map_err(|error| at(path, error.into()))?;
    let message = path.with_extension("eml");
    faults::point("export.mail")
        .and_then(|()| write_new(&message, &submission.raw))
        .map_err(|error| at(&message, error))?;
    faults::point("export.entry")
        .and_then(|()| write_new(path, &json))
        .map_err(|error| at(path, error))
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A new file that only this user reads.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn read(path: &Path) -> Result<Submission> {
    let refused = |words: &str| at(path, io::Error::new(io::ErrorKind::InvalidData, words));
    let json = faults::point("import.read")
        .and_then(|()| fs::read(path))
        .map_err(|error| at(path, error))?;
    let written: Written<Submission> = serde_json::from_slice(&json).map_err(|error| at(path, error.into()))?;
    if written.version != VERSION {
        return Err(refused("it was written by a newer mispigeon"));
    }
    let message = path.with_extension("eml");
    let raw = fs::read(&message).map_err(|error| at(&message, error))?;
    if Sha256::of(&raw) != written.sha256 {
        return Err(refused("the message beside it is not the one that was written with it"));
    }
    Ok(Submission {
        raw: raw.into(),
        ..written.submission
    })
}

fn at(path: &Path, source: io::Error) -> OutboxError {
    OutboxError::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
#[path = "transfer_tests.rs"]
mod tests;
