//! The mails that the command line names: files, folders, mbox files, Maildirs, standard input. Each is read when its
//! turn comes, so that a folder of thousands takes the memory of one.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Failure, wildcard};
use crate::faults;
use crate::mail;

/// The argument for standard input.
const STDIN: &str = "-";

/// A folder with these folders is a Maildir. `tmp` is not read: it has mails that are still being delivered.
const MAILDIR_FOLDERS: [&str; 3] = ["cur", "new", "tmp"];

/// Something with one mail or, if it is an mbox, many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Stdin,
    File(PathBuf),
}

impl Source {
    /// Its name for people.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Reads the source. Of standard input, at most one byte more than `max_size`; files are read whole.
    pub fn read(&self, max_size: usize) -> Result<Vec<u8>, Failure> {
        let unreadable = |error: io::Error| Failure::no_input(format!("{}: {error}", self.name()));
        let mut bytes = Vec::new();
        match self {
            // One byte more shows that the limit is exceeded.
            Self::Stdin => {
                io::stdin()
                    .lock()
                    .take(max_size as u64 + 1)
                    .read_to_end(&mut bytes)
                    .map_err(unreadable)?;
            }
            Self::File(path) => {
                faults::point("mail.open")
                    .and_then(|()| File::open(literal(path)))
                    .and_then(|mut file| file.read_to_end(&mut bytes))
                    .map_err(unreadable)?;
            }
        }
        Ok(bytes)
    }
}

/// The sources that the arguments name, in their order. Without arguments, standard input.
pub fn list(arguments: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    if arguments.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Failure::usage(
                "no mail given; name a FILE, a folder, an mbox or a Maildir, or pipe the mail's source in",
            ));
        }
        return Ok(vec![Source::Stdin]);
    }
    let mut sources = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == STDIN {
            sources.push(Source::Stdin);
        } else if literal(argument).exists() {
            sources.extend(of_path(argument)?);
        } else {
            let found = wildcard::matching(argument);
            if found.is_empty() {
                return Err(Failure::no_input(format!("{}: no such file", argument.display())));
            }
            for path in found {
                sources.extend(of_path(&path)?);
            }
        }
    }
    Ok(sources)
}

fn of_path(path: &Path) -> Result<Vec<Source>, Failure> {
    if !path.is_dir() {
        return Ok(vec![Source::File(path.to_owned())]);
    }
    let found = walk(path)?;
    if found.is_empty() {
        return Err(Failure::no_input(format!("{}: no mail in this folder", path.display())));
    }
    Ok(found)
}

/// The path as Windows takes it letter by letter. In a usual path it reads `aux.eml` as the name of a device, and
/// leaves out a dot at the end.
fn literal(path: &Path) -> Cow<'_, Path> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) if cfg!(windows) => {
            fs::canonicalize(folder).map_or(Cow::Borrowed(path), |folder| Cow::Owned(folder.join(name)))
        }
        _ => Cow::Borrowed(path),
    }
}

/// Files of a folder, sorted by path: everything in `cur` and `new` of a Maildir, elsewhere files named like mails.
fn walk(folder: &Path) -> Result<Vec<Source>, Failure> {
    let mut found = Vec::new();
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| !(entry.file_type().is_dir() && is_maildir_tmp(entry.path()))) {
        let entry = entry.map_err(Failure::no_input)?;
        if entry.file_type().is_file() && (is_in_maildir(entry.path()) || is_named_like_mail(entry.path())) {
            found.push(Source::File(entry.into_path()));
        }
    }
    Ok(found)
}

fn is_maildir(folder: &Path) -> bool {
    MAILDIR_FOLDERS.iter().all(|name| folder.join(name).is_dir())
}

fn is_maildir_tmp(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "tmp") && folder.parent().is_some_and(is_maildir)
}

fn is_in_maildir(file: &Path) -> bool {
    let folder = file.parent();
    let is_box = folder
        .and_then(Path::file_name)
        .is_some_and(|name| name == "cur" || name == "new");
    is_box && folder.and_then(Path::parent).is_some_and(is_maildir)
}

fn is_named_like_mail(file: &Path) -> bool {
    let extension = file.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    extension.is_some_and(|extension| {
        ["eml", "mbox", "mbx", "msg", "mail"]
            .iter()
            .any(|known| extension == *known)
    })
}

/// Calls `each` with every mail in `bytes` and its name. Mails of an mbox have a number after the name.
pub fn for_each_mail(name: &str, bytes: Vec<u8>, mut each: impl FnMut(&str, Vec<u8>)) {
    if mail::looks_like_mbox(&bytes) {
        for (index, message) in mail::split_mbox(&bytes).enumerate() {
            each(&format!("{name}#{}", index + 1), message.into_owned());
        }
    } else {
        each(name, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(folder: &Path, name: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "Subject: x\n\ny\n").unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let sources = list(&[folder.to_owned()]).unwrap();
        let root = folder.display().to_string();
        sources
            .iter()
            .map(|source| source.name().replace(&root, "").replace('\\', "/"))
            .collect()
    }

    #[test]
    fn a_folder_gives_its_mails_sorted_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.eml", "a.EML", "sub/c.mbox", "notes.txt", "eml"] {
            touch(folder.path(), name);
        }
        assert_eq!(names(folder.path()), ["/a.EML", "/b.eml", "/sub/c.mbox"]);
    }

    #[test]
    fn a_maildir_gives_what_is_delivered() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["cur/1:2,S", "new/2", "tmp/3"] {
            touch(folder.path(), name);
        }
        assert_eq!(names(folder.path()), ["/cur/1:2,S", "/new/2"]);
    }

    #[test]
    fn what_is_not_there_says_so() {
        let error = list(&["/no/such/mail.eml".into()]).unwrap_err();
        assert_eq!(error.to_string(), "/no/such/mail.eml: no such file");
    }
}
