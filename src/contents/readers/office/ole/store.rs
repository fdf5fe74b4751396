//! The streams of a compound file.

use std::io::Cursor;
use std::path::PathBuf;

use cfb::CompoundFile;

use crate::contents::{Inside, Trouble};

/// Most streams and storages that are looked at; each has the path to it, so that more would be quadratic.
const MOST_ENTRIES: usize = 4096;

pub struct Store<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    /// Paths of the streams, with forward slashes.
    paths: Vec<PathBuf>,
}

impl<'a> Store<'a> {
    pub fn open(bytes: &'a [u8], inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        let file = CompoundFile::open(Cursor::new(bytes)).map_err(Trouble::broken)?;
        let mut paths = Vec::new();
        for entry in file.walk().take(MOST_ENTRIES) {
            inside.step(entry.path().as_os_str().len())?;
            if entry.is_stream() {
                paths.push(entry.path().to_owned());
            }
        }
        Ok(Self { file, paths })
    }

    /// Paths of all streams with such a name, in any case.
    pub fn named(&self, name: &str) -> Vec<PathBuf> {
        let is_it = |path: &&PathBuf| {
            let last = path.file_name().and_then(|last| last.to_str());
            last.is_some_and(|last| last.eq_ignore_ascii_case(name))
        };
        self.paths.iter().filter(is_it).cloned().collect()
    }

    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The bytes of a stream, within the limits.
    pub fn stream(&mut self, path: &std::path::Path, inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
        let stream = self.file.open_stream(path).map_err(Trouble::broken)?;
        inside.unpack(stream)
    }

    /// The bytes of a stream at the top, `None` if there is none.
    pub fn top(&mut self, name: &str, inside: &mut Inside<'_>) -> Result<Option<Vec<u8>>, Trouble> {
        let path = PathBuf::from("/").join(name);
        if !self.file.is_stream(&path) {
            return Ok(None);
        }
        self.stream(&path, inside).map(Some)
    }
}
