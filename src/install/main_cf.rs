//! Lists of tables in Postfix's main.cf. Only `postconf`, which knows the syntax, reads and changes the file. Here, a
//! list is text.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::config::program::{self, PATIENCE};

pub trait MainCf {
    /// The value of a parameter as written, with `$name` not expanded. If main.cf does not name it, its default.
    fn value(&self, parameter: &str) -> io::Result<String>;
    /// The value of a parameter that main.cf does not name.
    fn default(&self, parameter: &str) -> io::Result<String>;
    fn names(&self, parameter: &str) -> io::Result<bool>;
    fn set(&self, parameter: &str, value: &str) -> io::Result<()>;
    /// Removes the parameter from main.cf, so that its default takes effect.
    fn unset(&self, parameter: &str) -> io::Result<()>;
}

/// A main.cf, by the program `postconf`.
#[derive(Clone, Debug)]
pub struct Postconf {
    folder: Option<PathBuf>,
}

impl Postconf {
    /// The main.cf in `folder`, or that of this machine's Postfix.
    pub fn new(folder: Option<&Path>) -> Self {
        Self {
            folder: folder.map(Path::to_owned),
        }
    }

    pub fn folder(&self) -> io::Result<PathBuf> {
        match &self.folder {
            Some(folder) => std::path::absolute(folder),
            None => Ok(self.run(&["-h", "config_directory"])?.into()),
        }
    }

    fn run(&self, arguments: &[&str]) -> io::Result<String> {
        let mut command = Command::new("postconf");
        // `postconf` is often in a folder that only root has in PATH.
        if let Some(path) = std::env::var_os("PATH") {
            let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
            command.env("PATH", std::env::join_paths(folders).map_err(io::Error::other)?);
        }
        if let Some(folder) = &self.folder {
            command.args([OsStr::new("-c"), folder.as_os_str()]);
        }
        command.args(arguments).stderr(Stdio::piped());
        let output = program::output_of(command, PATIENCE)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(io::Error::other(said.trim().to_owned()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }
}

impl MainCf for Postconf {
    fn value(&self, parameter: &str) -> io::Result<String> {
        self.run(&["-h", parameter])
    }

    fn default(&self, parameter: &str) -> io::Result<String> {
        self.run(&["-d", "-h", parameter])
    }

    fn names(&self, parameter: &str) -> io::Result<bool> {
        let named = self.run(&["-n"])?;
        Ok(named
            .lines()
            .any(|line| line.split_once('=').is_some_and(|(name, _)| name.trim() == parameter)))
    }

    fn set(&self, parameter: &str, value: &str) -> io::Result<()> {
        self.run(&["-e", &format!("{parameter} = {value}")]).map(drop)
    }

    fn unset(&self, parameter: &str) -> io::Result<()> {
        self.run(&["-X", parameter]).map(drop)
    }
}

pub(super) fn contains(list: &str, entry: &str) -> bool {
    split(list, entry).is_some()
}

/// Puts an entry first in a list, so that Postfix looks there first. A comma after it means that main.cf named the
/// parameter before. A blank means that the rest is Postfix's default, to be removed together with the entry.
pub(super) fn with(list: &str, entry: &str, is_named: bool) -> String {
    let separator = if is_named { ", " } else { " " };
    format!("{entry}{separator}{list}").trim_end().to_owned()
}

/// Removes an entry from a list. `None` if main.cf did not name the parameter before [`with`] and nobody added to it
/// since.
pub(super) fn without(list: &str, entry: &str, default: &str) -> Option<String> {
    let (before, after) = split(list, entry)?;
    let rest = after.trim_start_matches(is_separator);
    if before.is_empty() && !after.trim_start().starts_with(',') && words(rest).eq(words(default)) {
        return None;
    }
    Some(match (before.trim_end_matches(is_separator), rest) {
        ("", rest) => rest.to_owned(),
        (before, "") => before.to_owned(),
        (before, rest) => format!("{before}, {rest}"),
    })
}

/// The list before and after an entry.
fn split<'a>(list: &'a str, entry: &str) -> Option<(&'a str, &'a str)> {
    list.match_indices(entry)
        .map(|(at, found)| {
            (
                list.get(..at).unwrap_or_default(),
                list.get(at + found.len()..).unwrap_or_default(),
            )
        })
        .find(|(before, after)| {
            before.chars().next_back().is_none_or(is_separator) && after.chars().next().is_none_or(is_separator)
        })
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(is_separator).filter(|word| !word.is_empty())
}

fn is_separator(letter: char) -> bool {
    letter == ',' || letter.is_ascii_whitespace()
}

#[cfg(test)]
#[path = "main_cf_tests.rs"]
mod tests;
