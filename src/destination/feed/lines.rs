//! `manifest.json` as this program writes it: a line for each event, sorted by uuid. Binary search over the lines finds
//! an event. The next manifest is a copy of this one with lines added or replaced.
//!
//! The lock file has the seal: size and modification time of the manifest that we wrote last. If the manifest does not
//! match the seal, somebody else changed it, and it is read whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event_file::Organisation;
use super::{place, write};
use crate::misp::event::Tag;
use crate::misp::json::to_json;

/// The bytes before the first line and after the last one.
const BEGIN: &[u8] = b"{\n";
const END: &[u8] = b"\n}";

/// Length of the key before an entry: a uuid with hyphens, two quotes and a colon.
const BEFORE_ENTRY: usize = 39;

/// Bytes per read when looking at a line; most lines are shorter.
const WINDOW: usize = 512;

/// What the manifest says about one event.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "Orgc")]
    pub(super) creator: Organisation,
    #[serde(rename = "Tag", default)]
    pub(super) tags: Vec<Tag>,
    pub(super) info: String,
    pub(super) date: String,
    pub(super) analysis: String,
    pub(super) threat_level_id: String,
    pub(super) timestamp: i64,
}

/// A sealed manifest with at least one event.
pub(super) struct Lines {
    file: File,
    size: u64,
}

struct Line {
    start: u64,
    /// `None` for the brace after the last event.
    uuid: Option<Uuid>,
    /// Without comma and line feed.
    text: Vec<u8>,
}

impl Line {
    fn end(&self) -> u64 {
        self.start + self.text.len() as u64
    }

    fn entry(&self) -> io::Result<Entry> {
        Ok(serde_json::from_slice(
            self.text.get(BEFORE_ENTRY..).unwrap_or_default(),
        )?)
    }
}

impl Lines {
    /// The folder's manifest; `None` if there is none or it does not match the seal in `lock`.
    pub(super) fn open(folder: &Path, lock: &mut File) -> io::Result<Option<Self>> {
        let mut sealed = Vec::new();
        lock.rewind()?;
        lock.read_to_end(&mut sealed)?;
        let Ok(file) = place::open(&folder.join("manifest.json")) else {
            return Ok(None);
        };
        let size = file.metadata()?.len();
        let is_ours = sealed == seal_of(&file)?.as_bytes() && size > (BEGIN.len() + END.len()) as u64;
        Ok(is_ours.then_some(Self { file, size }))
    }

    pub(super) fn entry(&self, uuid: Uuid) -> io::Result<Option<Entry>> {
        let line = self.place(uuid)?;
        (line.uuid == Some(uuid)).then(|| line.entry()).transpose()
    }

    pub(super) fn first(&self) -> io::Result<Entry> {
        self.line_behind(1)?.entry()
    }

    /// The line of an event. If it has none, the line before which it belongs.
    fn place(&self, uuid: Uuid) -> io::Result<Line> {
        // Each offset stands for the line after the next line feed. `low` begins at the first event, `high` at the end.
        let (mut low, mut high) = (1, self.size.saturating_sub(END.len() as u64));
        while low < high {
            let middle = low.midpoint(high);
            match self.line_behind(middle)?.uuid {
                Some(found) if found < uuid => low = middle + 1,
                _ => high = middle,
            }
        }
        self.line_behind(low)
    }

    /// The line that begins after the next line feed.
    fn line_behind(&self, place: u64) -> io::Result<Line> {
        let mut reader = BufReader::with_capacity(WINDOW, self.from(place)?);
        let start = place + reader.skip_until(b'\n')? as u64;
        let mut text = Vec::new();
        reader.read_until(b'\n', &mut text)?;
        let line = text.trim_ascii_end();
        text.truncate(line.strip_suffix(b",").unwrap_or(line).len());
        let uuid = match text.get(1..37) {
            Some(uuid) => Some(Uuid::try_parse_ascii(uuid).map_err(io::Error::other)?),
            None => None,
        };
        Ok(Line { start, uuid, text })
    }

    fn from(&self, place: u64) -> io::Result<&File> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(place))?;
        Ok(file)
    }

    /// Copies the bytes between two offsets. The operating system copies them from file to file.
    fn copy(&self, from: u64, to: u64, out: &mut File) -> io::Result<()> {
        let length = to.saturating_sub(from);
        if io::copy(&mut self.from(from)?.take(length), out)? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Writes this manifest with `events` added or replaced.
    fn write_with(&self, events: &BTreeMap<Uuid, Entry>, out: &mut File) -> io::Result<()> {
        let mut copied = 0;
        for (uuid, entry) in events {
            let line = self.place(*uuid)?;
            // The comma comes after a new line, except for the last event: there it comes before.
            let (until, before, after, next) = match line.uuid {
                Some(found) if found == *uuid => (line.start, "", "", line.end()),
                Some(_) => (line.start, "", ",\n", line.start),
                None => (line.start - 1, ",\n", "", line.start - 1),
            };
            self.copy(copied, until, out)?;
            out.write_all(&[before.as_bytes(), &text(*uuid, entry)?, after.as_bytes()].concat())?;
            copied = next;
        }
        self.copy(copied, self.size, out)
    }
}

fn text(uuid: Uuid, entry: &Entry) -> io::Result<Vec<u8>> {
    Ok([format!("\"{uuid}\":").as_bytes(), &to_json(entry)?].concat())
}

/// Writes a manifest: the lines of `old`, with `events` added or replaced. Call [`write::sync`] to make its name
/// durable, then [`seal`]. The old file is closed before the new one gets its name: Windows may refuse to replace a file
/// that is open.
pub(super) fn write(folder: &Path, old: Option<Lines>, events: &BTreeMap<Uuid, Entry>) -> io::Result<()> {
    write::whole(&folder.join("manifest.json"), move |out| {
        if let Some(old) = old {
            return old.write_with(events, out);
        }
        let mut out = BufWriter::new(out);
        out.write_all(BEGIN)?;
        for (number, (uuid, entry)) in events.iter().enumerate() {
            let between = if number == 0 { "" } else { ",\n" };
            out.write_all(between.as_bytes())?;
            out.write_all(&text(*uuid, entry)?)?;
        }
        out.write_all(END)?;
        out.flush()
    })
}

/// Stores the manifest's seal in `lock`. Does not wait for the disk: after a crash the manifest may be read whole.
pub(super) fn seal(folder: &Path, lock: &mut File) -> io::Result<()> {
    unseal(lock)?;
    lock.write_all(seal_of(&place::open(&folder.join("manifest.json"))?)?.as_bytes())
}

/// Deletes the seal, because the manifest turned out to differ from it.
pub(super) fn unseal(lock: &mut File) -> io::Result<()> {
    lock.rewind()?;
    lock.set_len(0)
}

fn seal_of(manifest: &File) -> io::Result<String> {
    let metadata = manifest.metadata()?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
    let modified = modified.map_err(io::Error::other)?.as_nanos();
    Ok(format!("{} {modified}\n", metadata.len()))
}
