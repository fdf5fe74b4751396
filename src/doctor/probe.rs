//! Whether a folder can be written to: tried, as rights, read-only disks and quotas do not tell it in one place.

use std::io;
use std::path::Path;

/// The folder itself, or the nearest one above that exists: there it would be made.
pub(super) fn nearest(folder: &Path) -> &Path {
    let whole = folder.ancestors().find(|folder| folder.exists());
    whole
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Writes an empty file and takes it back.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    tempfile::Builder::new()
        .prefix(".mispigeon-doctor-")
        .tempfile_in(folder)
        .and_then(tempfile::NamedTempFile::close)
}
