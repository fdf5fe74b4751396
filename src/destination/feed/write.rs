//! Writes files of the feed, complete and durable. A web server may read them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::{FeedError, Result, place};
use crate::domain::Note;
use crate::faults;
use crate::misp::json::ThreeBytes;

/// How long another program may have a file open that is to be replaced.
const PATIENCE: Duration = Duration::from_secs(5);

/// Writes a file beside `path`, waits for the disk, and renames it: readers see the old or the new file. Call [`sync`]
/// to make the name durable. The temporary file always has the same name. Only the holder of the feed's lock writes,
/// and what a crash left is overwritten.
pub(super) fn whole(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let beside = path.with_file_name(".writing");
    faults::point("feed.file.create")?;
    let mut file = place::create(&beside)?;
    faults::point("feed.file.write")?;
    write(&mut file)?;
    faults::point("feed.file.sync")?;
    file.sync_all()?;
    faults::point("feed.file.rename")?;
    replace(&beside, path)?;
    faults::point("feed.file.renamed")
}

/// Gives a file the name of another. Windows refuses that while a program has the other one open, as virus scanners and
/// web servers do for a moment.
fn replace(new: &Path, old: &Path) -> io::Result<()> {
    let began = Instant::now();
    loop {
        match fs::rename(new, old) {
            Err(error) if is_in_use(&error) && began.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(20)),
            result => return result,
        }
    }
}

/// Whether it is Windows' "access denied", "sharing violation" or "lock violation".
fn is_in_use(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32 | 33))
}

/// Writes `value` as [`whole`] does.
pub(super) fn json(path: &Path, value: &impl Serialize) -> Result<()> {
    let write = |file: &mut File| {
        let mut writer = BufWriter::with_capacity(64 << 10, ThreeBytes(file));
        serde_json::to_writer(&mut writer, value)?;
        writer.flush()
    };
    whole(path, write).map_err(|source| FeedError::Io {
        path: path.to_owned(),
        source,
    })
}

/// Makes the names of all files in `folder` durable. Windows cannot open folders and does not need this.
pub(super) fn sync(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        let sync = || {
            faults::point("feed.folder.sync")?;
            File::open(folder)?.sync_all()
        };
        sync().map_err(|source| FeedError::Io {
            path: folder.to_owned(),
            source,
        })?;
    }
    Ok(())
}

/// Renames a broken file, to keep it.
pub(super) fn move_aside(path: &Path, error: &str) -> Result<Note> {
    let failed = |source| FeedError::Io {
        path: path.to_owned(),
        source,
    };
    let mut number = 1;
    let aside = loop {
        let aside = path.with_extension(format!("json.broken-{number}"));
        if !aside.try_exists().map_err(failed)? {
            break aside;
        }
        number += 1;
    };
    faults::point("feed.aside").map_err(failed)?;
    fs::rename(path, &aside).map_err(failed)?;
    Ok(Note::FeedFileBroken {
        file: path.display().to_string(),
        error: error.to_owned(),
        aside: aside.display().to_string(),
    })
}
