//! Postfix's main.cf, as far as lists of tables go. It is read and changed by `postconf` alone, which knows its syntax; the
//! lists are text here.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A main.cf.
pub trait MainCf {
    /// What a parameter is, as it is written, without any `$name` expanded; what it is by default when main.cf does not name
    /// it.
    fn value(&self, parameter: &str) -> io::Result<String>;
    /// What a parameter is when main.cf does not name it.
    fn default(&self, parameter: &str) -> io::Result<String>;
    /// Whether main.cf names the parameter.
    fn names(&self, parameter: &str) -> io::Result<bool>;
    /// Names the parameter with a value.
    fn set(&self, parameter: &str, value: &str) -> io::Result<()>;
    /// Removes the parameter from main.cf, so that its default holds.
    fn unset(&self, parameter: &str) -> io::Result<()>;
}

/// The main.cf in a folder, by the program `postconf`.
#[derive(Clone, Debug)]
pub struct Postconf {
    folder: Option<PathBuf>,
}

impl Postconf {
    /// In a folder, or where this machine's Postfix has it.
    pub fn new(folder: Option<&Path>) -> Self {
        Self {
            folder: folder.map(Path::to_owned),
        }
    }

    /// The folder.
    pub fn folder(&self) -> io::Result<PathBuf> {
        match &self.folder {
            Some(folder) => std::path::absolute(folder),
            None => Ok(self.run(&["-h", "config_directory"])?.into()),
        }
    }

    fn run(&self, arguments: &[&str]) -> io::Result<String> {
        let mut command = Command::new("postconf");
        // It is often in a folder that is only in root's PATH.
        if let Some(path) = std::env::var_os("PATH") {
            let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
            command.env("PATH", std::env::join_paths(folders).map_err(io::Error::other)?);
        }
        if let Some(folder) = &self.folder {
            command.args([OsStr::new("-c"), folder.as_os_str()]);
        }
        let output = command.args(arguments).output()?;
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

/// Whether an entry is in a list.
pub(super) fn contains(list: &str, entry: &str) -> bool {
    split(list, entry).is_some()
}

/// A list with an entry put first, so that it goes before others. The comma after it says that main.cf named the parameter
/// before; where there is only a blank, the rest is Postfix's default, and goes with the entry.
pub(super) fn with(list: &str, entry: &str, is_named: bool) -> String {
    let separator = if is_named { ", " } else { " " };
    format!("{entry}{separator}{list}").trim_end().to_owned()
}

/// A list without an entry; `None` when main.cf did not name the parameter before [`with`] and nobody added to it since.
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

/// What stands before an entry and what after it.
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
