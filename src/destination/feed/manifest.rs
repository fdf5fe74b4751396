//! `manifest.json`, which tells MISP the events of a feed and their timestamps, and the organisation of the feed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::event_file::{self, FeedEvent, Organisation};
use super::lines::{self, Entry, Lines};
use super::{FeedError, Result, place, write};
use crate::domain::Note;
use crate::faults;

/// The manifest while the feed is locked: what is on the disk, and the changes to it.
pub(super) struct Manifest {
    folder: PathBuf,
    lock: File,
    lines: Option<Lines>,
    /// New or changed entries; all entries if the file's lines are not to be copied.
    entries: BTreeMap<Uuid, Entry>,
}

impl Manifest {
    /// Opens the manifest. If it is missing or broken, makes it again from the event files and adds a note. This
    /// process holds `lock` until the manifest is dropped.
    pub(super) fn open(folder: &Path, mut lock: File) -> Result<(Self, Vec<Note>)> {
        let path = folder.join("manifest.json");
        let failed = |source| FeedError::Io {
            path: path.clone(),
            source,
        };
        let mut notes = Vec::new();
        let mut manifest = Self {
            lines: Lines::open(folder, &mut lock).map_err(failed)?,
            entries: BTreeMap::new(),
            folder: folder.to_owned(),
            lock,
        };
        if manifest.lines.is_some() {
            return Ok((manifest, notes));
        }
        match place::read(&path) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(entries) => {
                    manifest.entries = entries;
                    return Ok((manifest, notes));
                }
                Err(error) => notes.push(write::move_aside(&path, &error.to_string())?),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(failed(source)),
        }
        for uuid in event_file::list(folder)? {
            if let Some(Ok(read)) = event_file::read(&event_file::path(folder, uuid))? {
                manifest.set(uuid, &read);
            }
        }
        if !manifest.entries.is_empty() {
            faults::point("manifest.again").map_err(failed)?;
            notes.push(Note::FeedMadeAgain {
                count: manifest.entries.len(),
            });
        }
        Ok((manifest, notes))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.lines.is_none()
    }

    /// Timestamp of an event; `None` if it is not listed.
    pub(super) fn timestamp(&mut self, uuid: Uuid) -> Result<Option<i64>> {
        if let Some(entry) = self.entries.get(&uuid) {
            return Ok(Some(entry.timestamp));
        }
        let Some(lines) = &self.lines else { return Ok(None) };
        match lines.entry(uuid) {
            Ok(entry) => Ok(entry.map(|entry| entry.timestamp)),
            Err(error) => Err(self.distrust(error)),
        }
    }

    /// The organisation of any event in the manifest.
    fn creator(&mut self) -> Result<Option<Uuid>> {
        match self.lines.as_ref().map(Lines::first) {
            Some(Ok(first)) => Ok(Some(first.creator.uuid)),
            Some(Err(error)) => Err(self.distrust(error)),
            None => Ok(self.entries.values().next().map(|entry| entry.creator.uuid)),
        }
    }

    /// Removes the seal of a manifest that cannot be read, so that the next delivery reads it whole and repairs it.
    fn distrust(&mut self, source: io::Error) -> FeedError {
        // If this fails, no other write can succeed either.
        let _ = lines::unseal(&mut self.lock);
        FeedError::Io {
            path: self.folder.join("manifest.json"),
            source,
        }
    }

    pub(super) fn set(&mut self, uuid: Uuid, file: &FeedEvent) {
        // Every event of ours has an organisation. One without comes from somebody else and is not listed.
        let Some(creator) = file.creator.clone() else { return };
        let event = &file.event;
        let entry = Entry {
            creator,
            tags: event.tags.clone(),
            info: event.info.clone(),
            date: event.date.clone(),
            analysis: event.analysis.clone(),
            threat_level_id: event.threat_level_id.clone(),
            timestamp: file.timestamp(),
        };
        self.entries.insert(uuid, entry);
    }

    /// Writes the manifest. When this returns, it is durable.
    pub(super) fn write(mut self) -> Result<()> {
        let written = lines::write(&self.folder, self.lines.take(), &self.entries);
        written.map_err(|error| self.distrust(error))?;
        write::sync(&self.folder)?;
        let sealed = faults::point("manifest.seal").and_then(|()| lines::seal(&self.folder, &mut self.lock));
        sealed.map_err(|error| self.distrust(error))?;
        faults::passed("manifest.sealed");
        Ok(())
    }
}

/// The organisation of this feed. Its uuid is the `given` one, else that of the file beside the manifest, else that of
/// an event in the manifest, else a new one.
pub(super) fn organisation(
    folder: &Path,
    name: &str,
    given: Option<Uuid>,
    manifest: &mut Manifest,
) -> Result<Organisation> {
    let path = folder.join(".organisation.json");
    let kept: Option<Organisation> = match place::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).ok(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(FeedError::Io { path, source }),
    };
    if let Some(kept) = &kept
        && kept.name == name
        && given.is_none_or(|given| given == kept.uuid)
    {
        return Ok(kept.clone());
    }
    let uuid = match given.or_else(|| kept.map(|kept| kept.uuid)) {
        Some(uuid) => Some(uuid),
        None => manifest.creator()?,
    };
    let organisation = Organisation {
        name: name.to_owned(),
        uuid: uuid.unwrap_or_else(Uuid::new_v4),
    };
    write::json(&path, &organisation)?;
    Ok(organisation)
}
