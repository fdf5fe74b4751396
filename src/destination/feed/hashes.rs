//! `hashes.csv`: a line for each value, with its MD5 and its event. MISP uses it to find values of other events in the
//! feed. Lines are only appended, so that an event costs the same in a feed of any size.

use std::collections::HashSet;
use std::fmt::Write as _;
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

/// Adds the lines of all our events if there are events but no file.
pub(super) fn repair(folder: &Path, manifest: &Manifest, lines: &mut String) -> Result<Option<Note>> {
    let path = folder.join("hashes.csv");
    let there = path.try_exists().map_err(|source| FeedError::Io { path, source })?;
    if there || manifest.is_empty() {
        return Ok(None);
    }
    for uuid in event_file::list(folder)? {
        if let Some(Ok(read)) = event_file::read(&event_file::path(folder, uuid))?
            && read.creator.is_some()
        {
            add(lines, uuid, &read, None);
        }
    }
    Ok(Some(Note::FeedHashesMadeAgain))
}

/// Appends durably. First ends the last line, in case a crash cut it off.
pub(super) fn append(folder: &Path, lines: &str) -> Result<()> {
    let path = folder.join("hashes.csv");
    let append = || -> io::Result<()> {
        faults::point("hashes.open")?;
        let mut options = place::options();
        options.read(true).append(true);
        let mut file = owner::open_or_make(&options, &path)?;
        if file.seek(SeekFrom::End(0))? > 0 {
            file.seek(SeekFrom::End(-1))?;
            let mut last = [0];
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
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
