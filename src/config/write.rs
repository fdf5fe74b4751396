//! Writes the configuration file, and other files that appear whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::faults;

/// The end of the name of a file that is being written.
const UNFINISHED: &str = ".unfinished";

/// Writes the whole file or nothing. Only its owner can read it, because it may have a key. Makes its folder if needed.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // If the path is a symbolic link, replace the file that it points to.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    faults::point("private.write")?;
    let mut file = beside(&path)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    faults::point("private.rename")?;
    file.persist(&path)?;
    Ok(())
}

/// Makes a file beside `path` that is to get its name, and removes those of writers that were killed: they may have a key.
pub fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let begin = format!(".{name}.");
    if cfg!(unix) {
        remove_left(folder, &begin);
    }
    let file = tempfile::Builder::new()
        .prefix(&begin)
        .suffix(UNFINISHED)
        .tempfile_in(folder)?;
    // On Windows a lock would keep others from reading the file under its new name, so there nothing is removed. Where a disk has
    // no locks, nothing is removed either.
    if cfg!(unix) {
        let _ = file.as_file().try_lock();
    }
    Ok(file)
}

/// Removes unfinished files whose lock nobody holds. What cannot be removed does not hinder the writer.
fn remove_left(folder: &Path, begin: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && name.starts_with(begin) && name.ends_with(UNFINISHED) {
            let is_left = fs::File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
            if is_left {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[cfg(unix)]
    #[test]
    fn what_a_killed_writer_left_goes_and_what_another_writes_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        for name in [
            ".config.toml.ab12.unfinished",
            ".other.toml.ab12.unfinished",
            ".config.toml.ab12",
        ] {
            fs::write(folder.path().join(name), "key").unwrap();
        }
        let writing = beside(&path).unwrap();
        write_private(&path, "new").unwrap();
        let mut kept = vec![
            ".config.toml.ab12".to_owned(),
            ".other.toml.ab12.unfinished".to_owned(),
            "config.toml".to_owned(),
            writing.path().file_name().unwrap().to_str().unwrap().to_owned(),
        ];
        kept.sort();
        assert_eq!(names(folder.path()), kept);
        assert_eq!(fs::read_to_string(path).unwrap(), "new");
    }
}
