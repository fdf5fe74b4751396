//! `manifest.json` as it lies in the folder. What this program wrote is sorted by uuid, so that an event is found by halving
//! and the next manifest is a copy with entries put in between: nothing is parsed but the entry that is asked for.
//!
//! That holds for files of ours only. A seal beside the manifest tells those by size and time; any other is read whole.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::manifest::Entry;
use crate::misp::json::to_json;

/// What stands between an event's uuid and its entry. It is nowhere else: quotes in texts are escaped, and no other key has
/// an organisation.
const AFTER_UUID: &[u8] = br#"":{"Orgc":"#;

/// Letters of a uuid with its hyphens.
const UUID: usize = 36;

/// Bytes that are read to find an entry; most entries are shorter.
const WINDOW: usize = 1024;

/// Bytes that are copied at a time.
const CHUNK: usize = 256 << 10;

/// A manifest of ours.
pub(super) struct Listed {
    file: File,
    size: u64,
}

/// What the manifest was when it was written.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seal {
    size: u64,
    /// Nanoseconds since 1970.
    modified: u128,
}

impl Seal {
    fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
        Ok(Self {
            size: metadata.len(),
            modified: modified.map_err(io::Error::other)?.as_nanos(),
        })
    }

    fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(SEAL)).ok()?).ok()
    }
}

/// Never waited for: after a crash without it the manifest is read whole once.
const SEAL: &str = ".sealed.json";

/// Where an event is in the file, or would be.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// From the first quote of its uuid to the end of its entry.
    At(u64, u64),
    /// Right before the event that begins here; at the very end this is the last brace.
    Before(u64),
}

impl Listed {
    /// The manifest of the folder if it is there and ours.
    pub(super) fn open(folder: &Path) -> Option<Self> {
        let file = File::open(folder.join("manifest.json")).ok()?;
        let now = Seal::of(&file).ok()?;
        (Seal::read(folder)? == now).then_some(Self { file, size: now.size })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.end() <= 1
    }

    /// Where the last brace is.
    fn end(&self) -> u64 {
        self.size.saturating_sub(1)
    }

    /// The entry of an event.
    pub(super) fn entry(&self, uuid: Uuid) -> io::Result<Option<Entry>> {
        match self.place(uuid)? {
            Place::At(start, end) => self.entry_at(start, end).map(Some),
            Place::Before(_) => Ok(None),
        }
    }

    /// The first entry.
    pub(super) fn first(&self) -> io::Result<Option<Entry>> {
        match self.next_uuid(1, self.end())? {
            Some((start, _)) => self.entry_at(start, self.end_of(start)?).map(Some),
            None => Ok(None),
        }
    }

    fn entry_at(&self, start: u64, end: u64) -> io::Result<Entry> {
        let start = start + (UUID + br#""":"#.len()) as u64;
        let mut bytes = Vec::new();
        self.from(start)?
            .take(end.saturating_sub(start))
            .read_to_end(&mut bytes)?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    fn place(&self, wanted: Uuid) -> io::Result<Place> {
        // All that begin before `low` are smaller, all that begin at `high` or behind are greater.
        let (mut low, mut high) = (1, self.end());
        let mut before = high;
        while low < high {
            let middle = low.midpoint(high);
            match self.next_uuid(middle, high)? {
                None => high = middle,
                Some((start, uuid)) => match uuid.cmp(&wanted) {
                    Ordering::Equal => return Ok(Place::At(start, self.end_of(start)?)),
                    Ordering::Less => low = start + 1,
                    Ordering::Greater => (high, before) = (middle, start),
                },
            }
        }
        Ok(Place::Before(before))
    }

    /// The entry that begins at `start` ends before the comma of the next one, or before the last brace.
    fn end_of(&self, start: u64) -> io::Result<u64> {
        Ok(match self.next_uuid(start + 1, self.end())? {
            Some((next, _)) => next.saturating_sub(1),
            None => self.end(),
        })
    }

    /// The first uuid whose quote is at `from` or behind and before `until`.
    fn next_uuid(&self, from: u64, until: u64) -> io::Result<Option<(u64, Uuid)>> {
        let before = 1 + UUID;
        let mut reader = self.from(from)?;
        let mut window = Vec::with_capacity(WINDOW);
        let mut looked_at = before;
        loop {
            let held = window.len();
            let read = (&mut reader).take(WINDOW as u64).read_to_end(&mut window)?;
            let rest = window.get(looked_at.min(window.len())..).unwrap_or_default();
            if let Some(at) = memchr::memmem::find(rest, AFTER_UUID) {
                let start = looked_at + at - before;
                let begun = from + start as u64;
                let text = window.get(start + 1..start + before).unwrap_or_default();
                let uuid = Uuid::try_parse_ascii(text).map_err(io::Error::other)?;
                return Ok((begun < until).then_some((begun, uuid)));
            }
            // One that begins in the window may end in the next.
            looked_at = window.len().saturating_sub(AFTER_UUID.len()).max(before);
            if read == 0 || from + held as u64 >= until {
                return Ok(None);
            }
        }
    }

    fn from(&self, place: u64) -> io::Result<&File> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(place))?;
        Ok(file)
    }

    /// Writes what lies between two places.
    fn copy(&self, from: u64, to: u64, out: &mut impl Write) -> io::Result<()> {
        let length = to.saturating_sub(from);
        let copied = io::copy(&mut self.from(from)?.take(length), out)?;
        if copied == length {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

/// Writes a manifest: what `old` has, with these events put in or replaced. It lies beside until all
/// of it is on the disk, so that readers have the old one or the new one; its name is durable after
/// [`super::write::sync`], and [`seal`] comes then.
pub(super) fn write(folder: &Path, old: Option<&Listed>, events: &BTreeMap<Uuid, Entry>) -> io::Result<()> {
    let beside = folder.join(".writing");
    let mut out = BufWriter::with_capacity(CHUNK, File::create(&beside)?);
    splice(old, events, &mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&beside, folder.join("manifest.json"))
}

fn splice(old: Option<&Listed>, events: &BTreeMap<Uuid, Entry>, out: &mut impl Write) -> io::Result<()> {
    let copy = |from, to, out: &mut _| old.map_or(Ok(()), |old| old.copy(from, to, out));
    let end = old.map_or(1, Listed::end);
    out.write_all(b"{")?;
    let mut copied = 1;
    let mut is_first = end <= 1;
    for (uuid, entry) in events {
        let place = old.map_or(Ok(Place::Before(end)), |old| old.place(*uuid))?;
        let (Place::At(until, _) | Place::Before(until)) = place;
        copy(copied, until, out)?;
        if until == end && !is_first {
            out.write_all(b",")?;
        }
        write!(out, "\"{uuid}\":")?;
        out.write_all(&to_json(entry)?)?;
        copied = match place {
            Place::At(_, after) => after,
            Place::Before(next) => next,
        };
        if matches!(place, Place::Before(next) if next < end) {
            out.write_all(b",")?;
        }
        is_first = false;
    }
    copy(copied, end, out)?;
    out.write_all(b"}")
}

/// Says that the manifest of the folder is ours, as it is now.
pub(super) fn seal(folder: &Path) -> io::Result<()> {
    let seal = Seal::of(&File::open(folder.join("manifest.json"))?)?;
    fs::write(folder.join(SEAL), serde_json::to_vec(&seal)?)
}

/// Takes the seal away, as the manifest turned out not to be what it says.
pub(super) fn unseal(folder: &Path) {
    // Where it cannot be taken away nothing can be written either.
    let _ = fs::remove_file(folder.join(SEAL));
}
