//! Who else can change a file: by its owner, its mode, or any folder above it.

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
    let facts = path.metadata().ok()?;
    let mode = facts.mode() & 0o777;
    if ![ROOT, user].contains(&facts.uid()) {
        return Some(format!("it belongs to the user {}", facts.uid()));
    }
    if mode & writers != 0 {
        return Some(format!("others may write to it (mode {mode:03o})"));
    }
    path.ancestors().skip(1).find_map(|folder| {
        let facts = folder.metadata().ok()?;
        let shown = folder.display();
        if ![ROOT, user].contains(&facts.uid()) {
            return Some(format!("the folder {shown} belongs to the user {}", facts.uid()));
        }
        let is_open = facts.mode() & writers != 0 && facts.mode() & STICKY == 0;
        is_open.then(|| format!("others may put another file in its place, as they may write to the folder {shown}"))
    })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

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
        let user = file.metadata().unwrap().uid();
        assert_eq!(doubt(&file, user, GROUP), None);
        if user != ROOT {
            assert!(doubt(&file, user + 1, GROUP).unwrap().contains("belongs"));
        }
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
