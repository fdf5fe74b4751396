//! Keeps the state database to its user: mails that are not delivered yet are in it, and who can change it decides what is sent.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

use super::{OutboxError, Result};
use crate::config::owner;

/// Makes the folder and the file, before `SQLite` does, which would use the umask; `-wal` and `-shm` get the mode of the file. Of what
/// is there already, takes rights of others away, and refuses what belongs to somebody else or cannot be closed.
pub(super) fn make(path: &Path) -> Result<()> {
    let failed = |path: &Path, source| OutboxError::Create {
        path: path.to_owned(),
        source,
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    let mut file = OpenOptions::new();
    file.write(true).truncate(false);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    }
    let folder = folder(path);
    builder.create(folder).map_err(|error| failed(folder, error))?;
    #[cfg(unix)]
    rights::check(folder, path)?;
    // A file that is there is not opened: closing it would end the locks that another connection of this process has.
    if let Err(error) = fs::symlink_metadata(path) {
        match error.kind() {
            io::ErrorKind::NotFound => owner::open_or_make(&file, path).map(drop),
            _ => Err(error),
        }
        .map_err(|error| failed(path, error))?;
    }
    Ok(())
}

/// The path with all links resolved but that of the file itself, which `SQLite` must not follow.
#[cfg(not(windows))]
pub(super) fn without_links(path: &Path) -> std::path::PathBuf {
    let folder = folder(path).canonicalize();
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

#[cfg(unix)]
mod rights {
    use std::fs::{self, Metadata, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::path::{Path, PathBuf};

    use super::{OutboxError, Result};
    use crate::config::trust::{self, EVERYBODY, GROUP};

    /// What `SQLite` keeps: the database, and files beside it that it reads when it opens it.
    const FILES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

    /// All rights of all others.
    const OTHERS: u32 = 0o007;

    /// All rights of all others and of the group.
    const ALL: u32 = 0o077;

    /// First the folder: when others cannot write to it any more, what is in it stays what it is.
    pub(super) fn check(folder: &Path, path: &Path) -> Result<()> {
        let refused = |path: &Path, why| OutboxError::Untrusted {
            path: path.to_owned(),
            why,
        };
        let user = trust::user_of(folder);
        if let Some(why) = trust::doubt_of_link(folder, user) {
            return Err(refused(folder, why));
        }
        let rights = |facts: &Metadata| if is_open(facts) { GROUP } else { 0 };
        if let Some(facts) = folder.metadata().ok().map(|facts| close(folder, facts, user, rights))
            && let Some(why) = trust::doubt_of(&facts, user, EVERYBODY)
        {
            return Err(refused(folder, why));
        }
        for name in FILES {
            let mut file = path.as_os_str().to_owned();
            file.push(name);
            let file = PathBuf::from(file);
            let Ok(facts) = fs::symlink_metadata(&file) else {
                continue;
            };
            if !facts.is_file() {
                return Err(refused(&file, "it is a link, or no file".to_owned()));
            }
            let rights = |facts: &Metadata| if is_open(facts) { ALL } else { OTHERS };
            let facts = close(&file, facts, user, rights);
            if let Some(why) = trust::doubt_of(&facts, user, EVERYBODY) {
                return Err(refused(&file, why));
            }
        }
        Ok(())
    }

    fn is_open(facts: &Metadata) -> bool {
        facts.mode() & EVERYBODY != 0 && !trust::is_sticky(facts)
    }

    /// Takes rights away from what is one's own, and says so. Root leaves what is in the folders of others to them.
    fn close(path: &Path, facts: Metadata, user: u32, rights: impl Fn(&Metadata) -> u32) -> Metadata {
        let (mode, rights) = (facts.mode() & 0o7777, rights(&facts));
        let is_own = facts.uid() == user && user == rustix::process::geteuid().as_raw();
        if mode & rights == 0 || !is_own {
            return facts;
        }
        let closed = fs::set_permissions(path, Permissions::from_mode(mode & !rights));
        match closed.and_then(|()| path.metadata()) {
            Ok(now) if now.mode() & rights == 0 => {
                let (path, new) = (path.display(), now.mode() & 0o7777);
                tracing::warn!("{path} was open to other users (mode {mode:03o}); it has the mode {new:03o} now");
                now
            }
            // What that means is seen by who asks for doubts.
            _ => facts,
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

    use super::*;
    use crate::outbox::Outbox;

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().mode() & 0o7777
    }

    fn refusal(path: &Path) -> String {
        match Outbox::open(path) {
            Err(error @ OutboxError::Untrusted { .. }) => error.to_string(),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("{} was opened", path.display()),
        }
    }

    #[test]
    fn what_is_ones_own_is_closed_to_others() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data");
        let path = folder.join("state.db");
        let kept = Outbox::open(&path).unwrap();
        let beside = ["state.db", "state.db-wal", "state.db-shm"].map(|name| folder.join(name));
        for (of_folder, of_files, folder_after, files_after) in [
            (0o777, 0o666, 0o755, 0o600),
            (0o755, 0o664, 0o755, 0o660),
            // Others may not replace what is in such a folder.
            (0o1777, 0o600, 0o1777, 0o600),
            (0o2770, 0o660, 0o2770, 0o660),
        ] {
            set(&folder, of_folder);
            for file in &beside {
                set(file, of_files);
            }
            Outbox::open(&path).unwrap();
            assert_eq!(mode(&folder), folder_after, "{of_folder:o}");
            for file in &beside {
                assert_eq!(mode(file), files_after, "{} {of_files:o}", file.display());
            }
        }
        drop(kept);
    }

    #[test]
    fn no_link_leads_to_another_database_and_links_above_it_are_followed() {
        let home = tempfile::tempdir().unwrap();
        let other = home.path().join("other/state.db");
        Outbox::open(&other).unwrap();
        let folder = home.path().join("data");
        let path = folder.join("state.db");
        drop(Outbox::open(&path).unwrap());
        fs::remove_file(&path).unwrap();
        symlink(&other, &path).unwrap();
        assert!(refusal(&path).contains("it is a link"));
        fs::remove_file(&path).unwrap();
        symlink(home.path().join("nowhere"), &path).unwrap();
        assert!(refusal(&path).contains("it is a link"));
        assert!(!home.path().join("nowhere").exists());
        fs::remove_file(&path).unwrap();
        symlink(&other, folder.join("state.db-wal")).unwrap();
        assert!(refusal(&path).contains("state.db-wal"));
        // One's own link to the folder, and one above it.
        symlink(home.path().join("other"), home.path().join("link")).unwrap();
        symlink(home.path(), home.path().join("above")).unwrap();
        for path in ["link/state.db", "above/link/state.db", "above/other/state.db"] {
            Outbox::open(&home.path().join(path)).unwrap();
        }
    }

    #[test]
    fn what_belongs_to_somebody_else_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data");
        let path = folder.join("state.db");
        drop(Outbox::open(&path).unwrap());
        if path.metadata().unwrap().uid() != 0 {
            return;
        }
        // Root works for the owner of the folder, but not with the files of a third one.
        chown(&folder, Some(12_345), None).unwrap();
        Outbox::open(&path).unwrap();
        chown(&path, Some(12_346), None).unwrap();
        assert!(refusal(&path).contains("it belongs to the user 12346"));
        chown(&path, Some(12_345), None).unwrap();
        set(&path, 0o666);
        assert!(refusal(&path).contains("others may write to it (mode 666)"));
        set(&path, 0o600);
        set(&folder, 0o777);
        assert!(refusal(&path).contains("others may write to it (mode 777)"));
        set(&folder, 0o700);
        let link = home.path().join("link");
        symlink(&folder, &link).unwrap();
        std::os::unix::fs::lchown(&link, Some(12_346), None).unwrap();
        assert!(refusal(&link.join("state.db")).contains("a link of the user 12346"));
    }
}
