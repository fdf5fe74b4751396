//! Who else can change a file: by its owner, its mode, or any folder above it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Files of this number belong to root.
const ROOT: u32 = 0;

/// In a folder with this bit only the owner of a file may replace it.
const STICKY: u32 = 0o1000;

/// Anybody may write.
pub const EVERYBODY: u32 = 0o002;

/// Anybody, or the group of a file, may write. On many systems each user has a group of its own.
pub const GROUP: u32 = 0o022;

/// Why somebody else than `user` and root can change the file at `path`; `None` if nobody can. `writers` are the bits of its mode, and of
/// those of the folders above it, that count.
pub fn doubt(path: &Path, user: u32, writers: u32) -> Option<String> {
    let path = path.canonicalize().ok()?;
    if let Some(doubt) = doubt_of(&path.metadata().ok()?, user, writers) {
        return Some(doubt);
    }
    path.ancestors().skip(1).find_map(|folder| {
        let facts = folder.metadata().ok()?;
        let shown = folder.display();
        if ![ROOT, user].contains(&facts.uid()) {
            return Some(format!("the folder {shown} belongs to the user {}", facts.uid()));
        }
        let is_open = facts.mode() & writers != 0 && !is_sticky(&facts);
        is_open.then(|| format!("others may put another file in its place, as they may write to the folder {shown}"))
    })
}

/// What [`doubt`] says of a file or folder alone, without the folders above it.
pub fn doubt_of(facts: &Metadata, user: u32, writers: u32) -> Option<String> {
    if ![ROOT, user].contains(&facts.uid()) {
        return Some(format!("it belongs to the user {}", facts.uid()));
    }
    let mode = facts.mode() & 0o777;
    (mode & writers != 0 && !is_sticky(facts)).then(|| format!("others may write to it (mode {mode:03o})"))
}

/// Why a link in the place of a folder is not to be followed: somebody else than `user`, root and the owner of the folder can change it.
pub fn doubt_of_link(path: &Path, user: u32) -> Option<String> {
    let link = path.symlink_metadata().ok().filter(Metadata::is_symlink)?;
    let folder = path.metadata().ok()?;
    let is_foreign = ![ROOT, user, folder.uid()].contains(&link.uid());
    is_foreign.then(|| format!("it is a link of the user {}", link.uid()))
}

/// The user to whom what is in `folder` should belong: who runs this process. If that is root, who may work for somebody else, the owner
/// of the folder, or of the nearest one above it that is not root's.
pub fn user_of(folder: &Path) -> u32 {
    let user = rustix::process::geteuid();
    if !user.is_root() {
        return user.as_raw();
    }
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let owner = |folder: &Path| folder.metadata().ok().map(|facts| facts.uid());
    let mut owners = folder.ancestors().filter_map(owner);
    owners.find(|owner| *owner != ROOT).unwrap_or(ROOT)
}

/// Whether others cannot replace what is in that folder, even if they may write to it.
pub fn is_sticky(facts: &Metadata) -> bool {
    facts.is_dir() && facts.mode() & STICKY != 0
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, chown};

    use super::*;

    #[test]
    fn owner_mode_and_every_folder_above_count() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let file = inner.join("config.toml");
        fs::write(&file, "").unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        set(&inner, 0o755);
        set(&file, 0o600);
        let mut user = file.metadata().unwrap().uid();
        assert_eq!(doubt(&file, user, GROUP), None);
        if user == ROOT {
            // What belongs to root is trusted by everybody.
            user = 12_345;
            chown(&file, Some(user), None).unwrap();
            assert_eq!(doubt(&file, user, GROUP), None);
        }
        assert!(doubt(&file, user + 1, GROUP).unwrap().contains("belongs"));
        set(&file, 0o620);
        assert!(doubt(&file, user, GROUP).unwrap().contains("mode 620"));
        assert_eq!(doubt(&file, user, EVERYBODY), None);
        set(&file, 0o600);
        set(folder.path(), 0o777);
        assert!(doubt(&file, user, GROUP).unwrap().contains("folder"));
        set(folder.path(), 0o1777);
        assert_eq!(doubt(&file, user, GROUP), None);
    }
}
