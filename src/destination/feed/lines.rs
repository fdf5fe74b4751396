//! `manifest.json` as this program writes it: each event on a line of its own, in the order of their uuids. So an event is
//! found by binary search over the lines, and the next manifest is a copy of this one with lines added or replaced.
//!
//! The lock file of the feed holds the seal: size and time of the manifest that we wrote last. A manifest that does not match
//! it was changed since, or comes from elsewhere; it is then read whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event_file::Organisation;
use super::write;
use crate::misp::event::Tag;
use crate::misp::json::to_json;

/// What is before the first line and behind the last one.
const BEGIN: &[u8] = b"{\n";
const END: &[u8] = b"\n}";

/// Bytes between the beginning of a line and its entry: a uuid with hyphens, two quotes and a colon.
const BEFORE_ENTRY: usize = 39;

/// Bytes that are read at a time to look at a line; most are shorter.
const WINDOW: usize = 512;

/// One event in the manifest.
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

/// A manifest of ours with one event at least.
pub(super) struct Lines {
    file: File,
    size: u64,
}

/// A line of it.
struct Line {
    start: u64,
    /// `None` for the brace behind the last event.
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
    /// The manifest of the folder if it is there and as `lock` says that we left it.
    pub(super) fn open(folder: &Path, lock: &mut File) -> io::Result<Option<Self>> {
        let mut sealed = Vec::new();
        lock.rewind()?;
        lock.read_to_end(&mut sealed)?;
        let Ok(file) = File::open(folder.join("manifest.json")) else {
            return Ok(None);
        };
        let size = file.metadata()?.len();
        let is_ours = sealed == seal_of(&file)?.as_bytes() && size > (BEGIN.len() + END.len()) as u64;
        Ok(is_ours.then_some(Self { file, size }))
    }

    /// The entry of an event.
    pub(super) fn entry(&self, uuid: Uuid) -> io::Result<Option<Entry>> {
        let line = self.place(uuid)?;
        (line.uuid == Some(uuid)).then(|| line.entry()).transpose()
    }

    /// The first entry.
    pub(super) fn first(&self) -> io::Result<Entry> {
        self.line_behind(1)?.entry()
    }

    /// The line of an event, or else the one that comes behind it.
    fn place(&self, uuid: Uuid) -> io::Result<Line> {
        // Every place stands for the line behind the next line feed. The lowest one is that of the first event, the highest
        // one that of the closing brace.
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

    /// The line that begins behind the next line feed.
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

    /// Writes what lies between two places; the system copies it from file to file.
    fn copy(&self, from: u64, to: u64, out: &mut File) -> io::Result<()> {
        let length = to.saturating_sub(from);
        if io::copy(&mut self.from(from)?.take(length), out)? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Writes this manifest with some events put in or replaced.
    fn write_with(&self, events: &BTreeMap<Uuid, Entry>, out: &mut File) -> io::Result<()> {
        let mut copied = 0;
        for (uuid, entry) in events {
            let line = self.place(*uuid)?;
            // Behind the last event the comma stands before the line, elsewhere behind it.
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

/// Writes a manifest: what `old` has, with these events put in or replaced. Its name is durable after [`write::sync`], and
/// [`seal`] comes then.
pub(super) fn write(folder: &Path, old: Option<&Lines>, events: &BTreeMap<Uuid, Entry>) -> io::Result<()> {
    write::whole(&folder.join("manifest.json"), |out| {
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

/// Stores the seal of the present manifest in `lock`. Nothing waits for the disk here: when a crash loses the seal, the
/// manifest is read whole once.
pub(super) fn seal(folder: &Path, lock: &mut File) -> io::Result<()> {
    unseal(lock)?;
    lock.write_all(seal_of(&File::open(folder.join("manifest.json"))?)?.as_bytes())
}

/// Deletes the seal, because the manifest turned out not to be what the seal says.
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
