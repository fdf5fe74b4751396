//! Leaves what root makes in somebody's folder to that owner, who could not use it otherwise.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file, and makes it if there is none. What root makes belongs to the owner of the folder.
pub fn open_or_make(options: &OpenOptions, path: &Path) -> io::Result<File> {
    match make(options, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.clone().create(false).open(path),
        made => made,
    }
}

/// Makes a file; an error if there is one. What root makes belongs to the owner of the folder.
pub fn make(options: &OpenOptions, path: &Path) -> io::Result<File> {
    // Only a file that is certainly new may be given away: a link of the owner could lead to one of root's.
    let file = options.clone().create_new(true).open(path)?;
    leave(&file, path.parent().unwrap_or(path))?;
    Ok(file)
}

/// Gives what this process has just made to the owner of `folder`, if root runs it for somebody else.
#[cfg(unix)]
pub fn leave(made: &File, folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let owner = folder.metadata()?;
    if owner.uid() == 0 || made.metadata()?.uid() != 0 {
        return Ok(());
    }
    std::os::unix::fs::fchown(made, Some(owner.uid()), Some(owner.gid()))
}

#[cfg(not(unix))]
pub fn leave(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}
