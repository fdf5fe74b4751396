//! `hashes.csv`: a line for each value, with its MD5 and its event. MISP uses it to find values of other events in the
//! feed. Lines are only appended, so that an event costs the same in a feed of any size.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use md5::{Digest, Md5};
use uuid::Uuid;

use super::event_file::{self, FeedEvent};
use super::manifest::Manifest;
use super::{FeedError, Result, place};
use crate::config::owner;
use crate::domain::Note;
use crate::faults;
use crate::misp::event::Attribute;
use crate::misp::json::three_bytes;

/// Adds the lines of an event, or only those of the attributes in `only`.
pub(super) fn add(lines: &mut String, event: Uuid, file: &FeedEvent, only: Option<&HashSet<Uuid>>) {
    let of_objects = file.event.objects.iter().flat_map(|object| &object.attributes);
    let wanted = |attribute: &&Attribute| only.is_none_or(|only| only.contains(&attribute.uuid));
    for attribute in file.event.attributes.iter().chain(of_objects).filter(wanted) {
        if attribute.r#type.contains('|') || attribute.r#type == "malware-sample" {
            attribute.value.split('|').for_each(|half| line(lines, half, event));
        } else {
            line(lines, &attribute.value, event);
        }
    }
}

fn line(lines: &mut String, value: &str, event: Uuid) {
    for byte in Md5::digest(three_bytes(value).as_bytes()) {
        // Cannot fail on a string.
        let _ = write!(lines, "{byte:02x}");
    }
    let _ = writeln!(lines, ",{event}");
}

/// Adds the lines of all our events if there are events but no file. If the manifest was `made_again` from the event files, it
/// names events whose lines a crash may have kept from the file: then adds those that are missing.
pub(super) fn repair(folder: &Path, manifest: &Manifest, made_again: bool, lines: &mut String) -> Result<Option<Note>> {
    let path = folder.join("hashes.csv");
    let failed = |source| FeedError::Io {
        path: path.clone(),
        source,
    };
    let there = path.try_exists().map_err(failed)?;
    if (there && !made_again) || manifest.is_empty() {
        return Ok(None);
    }
    let known = if there {
        place::read(&path).map_err(failed)?
    } else {
        Vec::new()
    };
    let known: HashSet<&[u8]> = known.split(|byte| *byte == b'\n').collect();
    let mut all = String::new();
    for uuid in event_file::list(folder)? {
        if let Some(Ok(read)) = event_file::read(&event_file::path(folder, uuid))?
            && read.creator.is_some()
        {
            add(&mut all, uuid, &read, None);
        }
    }
    let missing = all
        .split_inclusive('\n')
        .filter(|line| !known.contains(line.trim_end().as_bytes()));
    lines.extend(missing);
    Ok((!there).then_some(Note::FeedHashesMadeAgain))
}

/// Length of a line: a digest, a comma, a uuid.
const LINE: usize = 32 + 1 + 36;

/// Takes away a last line that a crash cut off. Its event is not in the manifest yet, so all its lines come again. A whole line
/// without an end, as editors leave it, gets one.
fn end_last_line(file: &mut File) -> io::Result<()> {
    let size = file.seek(SeekFrom::End(0))?;
    let from = size.saturating_sub(2 * LINE as u64);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let last = tail.rsplit(|byte| *byte == b'\n').next().unwrap_or_default().len();
    if last >= LINE {
        file.write_all(b"\n")?;
    } else if last > 0 {
        file.set_len(size - last as u64)?;
    }
    Ok(())
}

/// Appends durably.
pub(super) fn append(folder: &Path, lines: &str) -> Result<()> {
    let path = folder.join("hashes.csv");
    let append = || -> io::Result<()> {
        faults::point("hashes.open")?;
        let mut options = place::options();
        options.read(true).append(true);
        let mut file = owner::open_or_make(&options, &path)?;
        end_last_line(&mut file)?;
        faults::point("hashes.write")?;
        file.write_all(lines.as_bytes())?;
        faults::point("hashes.sync")?;
        file.sync_all()?;
        faults::point("hashes.done")
    };
    append().map_err(|source| FeedError::Io {
        path: path.clone(),
        source,
    })
}
