//! What a reader of a format is.

use super::Inside;
use super::budget::Stop;

/// A file as a reader sees it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    pub bytes: &'a [u8],
    /// Without folders.
    pub name: Option<&'a str>,
    /// By its first bytes, else by its name: [`crate::file::mimetype`].
    pub mimetype: &'a str,
    /// As the mail or the container declares it; empty where none does.
    pub declared: &'a str,
    /// Whether it is a piece of the file around it, not a file of its own.
    pub is_part: bool,
}

impl File<'_> {
    /// Whether its name ends so, in any case; `ending` is lower-case, without dot.
    pub fn ends_with(&self, ending: &str) -> bool {
        let last = self.name.and_then(|name| name.rsplit_once('.'));
        last.is_some_and(|(_, last)| last.trim_end().eq_ignore_ascii_case(ending))
    }
}

/// Reads one format, or a family of formats with one structure.
pub trait Reader: Sync {
    /// Whether it is for such a file: by its bytes first, its name second, the declared type last.
    fn reads(&self, file: &File<'_>) -> bool;

    /// Hands everything that it has to `inside`. What was handed over stays, whatever is returned.
    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble>;
}

/// Why a file was not read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// None of the passwords opens it.
    Locked,
    /// A limit, or the person who waits.
    Stopped(Stop),
    /// One piece of it is too large, which is told already: what else is in it can be read.
    TooMuch,
    /// It breaks its format; in a few words of English, such as `no central directory`.
    Broken(String),
    /// A format that is recognised and cannot be opened, by its name.
    Unsupported(&'static str),
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

impl Trouble {
    /// What breaks its format.
    pub fn broken(why: impl std::fmt::Display) -> Self {
        Self::Broken(why.to_string())
    }
}
