//! Opens the feed's folder and files. Whoever may write beside them must not lead the program to other files by a link.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::{FeedError, Result};
use crate::config::owner;
#[cfg(unix)]
use crate::config::trust::{self, EVERYBODY};
use crate::faults;

/// How often to ask for a lock that another process holds.
const ASK_AGAIN: Duration = Duration::from_millis(20);

/// Makes the folder, if there is none. Nobody but its owner and group can write in it.
pub(super) fn make(folder: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o755);
    let is_new = !folder.exists();
    let make = || {
        builder.create(folder)?;
        // Windows cannot open folders, and gives them the right owner.
        if is_new && cfg!(unix) {
            owner::leave(&open(folder)?, folder.parent().unwrap_or(folder))?;
        }
        Ok(())
    };
    make().map_err(|source| FeedError::Io {
        path: folder.to_owned(),
        source,
    })?;
    close_to_others(folder);
    match refusal(folder) {
        None => Ok(()),
        Some(why) => Err(FeedError::Io {
            path: folder.to_owned(),
            source: io::Error::new(io::ErrorKind::PermissionDenied, why),
        }),
    }
}

/// Takes the right to write away from others, in a folder of one's own.
#[cfg(unix)]
fn close_to_others(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(facts) = folder.metadata() else { return };
    let mode = facts.permissions().mode() & 0o7777;
    if mode & EVERYBODY != 0 && is_for_one_user(&facts) {
        let closed = fs::set_permissions(folder, fs::Permissions::from_mode(mode & !EVERYBODY));
        // Not every disk has rights.
        if closed.is_ok() {
            let folder = folder.display();
            tracing::warn!(
                "{folder}: others may not write to the folder of the feed any more (its mode was {mode:03o})"
            );
        }
    }
}

/// Why no feed goes into that folder: anybody may write to it, and it is somebody else's or made for that, as `/tmp` is.
#[cfg(unix)]
pub(super) fn refusal(folder: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let facts = folder.metadata().ok()?;
    let open = || {
        let mode = facts.mode() & 0o7777;
        let is_shared = mode & EVERYBODY != 0 && !is_for_one_user(&facts);
        is_shared.then(|| format!("anybody may write to it (mode {mode:03o})"))
    };
    let why = trust::doubt_of_link(folder, trust::user_of(folder)).or_else(open)?;
    Some(format!(
        "no feed is written there, as {why}: make a folder of your own for it, and name that in `feed.dir`"
    ))
}

#[cfg(unix)]
fn is_for_one_user(facts: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    facts.uid() == rustix::process::geteuid().as_raw() && !trust::is_sticky(facts)
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) {}

#[cfg(not(unix))]
pub(super) fn refusal(_: &Path) -> Option<String> {
    None
}

/// Takes the lock file away from those who may only read the feed: they could hold its lock for ever.
#[cfg(unix)]
fn keep_from_readers(file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(facts) = file.metadata() else { return };
    let mode = facts.permissions().mode() & 0o7777;
    let kept = if mode & 0o020 == 0 { 0o700 } else { 0o770 };
    if mode & kept != mode {
        // If this fails, the file belongs to somebody else of its group.
        let _ = file.set_permissions(fs::Permissions::from_mode(mode & kept));
    }
}

#[cfg(not(unix))]
fn keep_from_readers(_: &File) {}

/// Options to open a file of the feed. A link instead of the file is an error. New files are never writable by others.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o644);
        options.custom_flags(no_follow());
    }
    options
}

#[cfg(unix)]
fn no_follow() -> i32 {
    rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()
}

/// Opens a file to read it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    options().read(true).open(path)
}

pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut open(path)?, &mut bytes)?;
    Ok(bytes)
}

/// Makes a new file. What is there under its name, a crash or somebody else has left.
pub(super) fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) => {}
        Ok(()) => faults::point("feed.left.removed")?,
    }
    let mut options = options();
    options.write(true).create_new(true);
    let file = options.open(path)?;
    owner::leave(&file, path.parent().unwrap_or(path))?;
    Ok(file)
}

/// Opens the lock file and waits for the lock, at most `patience`. Only who may write to the feed can hold its lock.
pub(super) fn lock(path: &Path, patience: Duration) -> io::Result<File> {
    let mut options = options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.read(true).write(true).truncate(false);
    let file = owner::open_or_make(&options, path)?;
    keep_from_readers(&file);
    let began = Instant::now();
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        if began.elapsed() >= patience {
            let words = format!(
                "another process has held the lock of the feed for {} seconds",
                patience.as_secs()
            );
            return Err(io::Error::new(io::ErrorKind::TimedOut, words));
        }
        if !told && began.elapsed() >= Duration::from_secs(1) {
            tracing::warn!(
                "{}: waiting for another process that holds the lock of the feed",
                path.display()
            );
            told = true;
        }
        thread::sleep(ASK_AGAIN);
    }
}
