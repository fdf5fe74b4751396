//! Checks whether a folder can be written to by writing a file. No single place tells about rights, read-only disks and
//! quotas.

use std::io;
use std::path::Path;

use super::check::Check;

/// The folder, or if it does not exist, the nearest existing one above, in which it would be made.
pub(super) fn nearest(folder: &Path) -> &Path {
    let whole = folder.ancestors().find(|folder| folder.exists());
    whole
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Checks whether files can be written to a folder. `later` says when a missing folder is made, `next` what to do on
/// error.
pub(super) fn writable(id: &'static str, folder: &Path, later: &str, next: impl Into<String>) -> Check {
    let nearest = nearest(folder);
    match write(nearest) {
        Ok(()) if nearest == folder => Check::ok(id, format!("{} can be written to", folder.display())),
        Ok(()) => Check::ok(id, format!("{} is made {later}", folder.display())),
        Err(error) => Check::problem(id, format!("{} cannot be written to: {error}", nearest.display()), next),
    }
}

fn write(folder: &Path) -> io::Result<()> {
    tempfile::Builder::new()
        .prefix(".mispigeon-doctor-")
        .tempfile_in(folder)
        .and_then(tempfile::NamedTempFile::close)
}
