//! What delivery needs of the machine besides the destination: threads, files and room on the disk of the outbox.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::thread;

use crate::outbox::SCARCE;

/// What the machine lacks.
#[derive(Debug)]
pub(super) enum Shortage {
    Threads(io::Error),
    Files(io::Error),
    Room { free: u64 },
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threads(error) => write!(f, "no thread can be started: {error}"),
            Self::Files(error) => write!(f, "no file can be opened: {error}"),
            Self::Room { free } => write!(f, "only {free} bytes are free on the disk of the outbox"),
        }
    }
}

/// Tries whether the machine gives what every delivery needs. To be asked after a delivery failed, as a full disk alone need not keep
/// one from succeeding.
pub(super) fn find(database: &Path) -> Option<Shortage> {
    if let Err(error) = thread::Builder::new().spawn(|| ()) {
        return Some(Shortage::Threads(error));
    }
    // Not the database: to close it here would end the locks that SQLite has on it.
    if let Some(Err(error)) = std::env::current_exe().ok().map(File::open)
        && error.kind() != io::ErrorKind::NotFound
        && error.kind() != io::ErrorKind::PermissionDenied
    {
        return Some(Shortage::Files(error));
    }
    // If the folder is gone, the database says so.
    let free = database.parent().and_then(|folder| fs4::available_space(folder).ok())?;
    (free < SCARCE).then_some(Shortage::Room { free })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_runs_this_test_lacks_neither_threads_nor_files() {
        let folder = tempfile::tempdir().unwrap();
        let found = find(&folder.path().join("state.db"));
        assert!(matches!(found, None | Some(Shortage::Room { .. })), "{found:?}");
    }

    #[test]
    fn a_folder_that_is_gone_is_no_shortage() {
        let found = find(Path::new("/no such folder/state.db"));
        assert!(found.is_none(), "{found:?}");
    }
}
