//! Writes the configuration file.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::faults;

/// Writes the whole file or nothing. Only its owner can read it, because it may have a key. Makes its folder if needed.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // If the path is a symbolic link, replace the file that it points to.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(folder);
    faults::point("config.write")?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    faults::point("config.rename")?;
    file.persist(&path)?;
    Ok(())
}
