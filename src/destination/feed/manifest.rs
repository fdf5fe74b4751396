//! `manifest.json`, by which MISP learns which events a feed has and which of them are newer, and the organisation that
//! they belong to.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event_file::{self, FeedEvent};
use super::listed::{self, Listed};
use super::{FeedError, Result, write};
use crate::domain::Note;
use crate::misp::event::Tag;

/// The organisation in the events of a feed. Its uuid must never change: MISP would make a second organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Name.
    pub name: String,
    /// Uuid.
    pub uuid: Uuid,
}

/// One event in the manifest.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "Orgc")]
    creator: Organisation,
    #[serde(rename = "Tag", default)]
    tags: Vec<Tag>,
    info: String,
    date: String,
    analysis: String,
    threat_level_id: String,
    timestamp: i64,
}

/// The manifest while the feed is held: what lies in the folder, and what comes to it.
#[derive(Default)]
pub(super) struct Manifest {
    listed: Option<Listed>,
    /// Entries that are new or changed; all of them when what lies in the folder is not to be copied.
    entries: BTreeMap<Uuid, Entry>,
}

impl Manifest {
    /// Opens it, or makes it again from the event files when it is gone or broken, with a note on that.
    pub(super) fn open(folder: &Path) -> Result<(Self, Vec<Note>)> {
        let mut notes = Vec::new();
        let mut manifest = Self {
            listed: Listed::open(folder),
            entries: BTreeMap::new(),
        };
        if manifest.listed.is_some() {
            return Ok((manifest, notes));
        }
        let path = folder.join("manifest.json");
        match fs::read(&path) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(entries) => {
                    manifest.entries = entries;
                    return Ok((manifest, notes));
                }
                Err(error) => notes.push(write::move_aside(&path, &error.to_string())?),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(FeedError::Io { path, source }),
        }
        for uuid in event_file::list(folder)? {
            if let Some(Ok(read)) = event_file::read(&event_file::path(folder, uuid))? {
                manifest.set(uuid, &read);
            }
        }
        if !manifest.entries.is_empty() {
            notes.push(Note::FeedMadeAgain {
                count: manifest.entries.len(),
            });
        }
        Ok((manifest, notes))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.listed.as_ref().is_none_or(Listed::is_empty)
    }

    /// Timestamp of an event, `None` when it is not listed.
    pub(super) fn timestamp(&self, folder: &Path, uuid: Uuid) -> Result<Option<i64>> {
        if let Some(entry) = self.entries.get(&uuid) {
            return Ok(Some(entry.timestamp));
        }
        let Some(listed) = &self.listed else { return Ok(None) };
        let entry = listed.entry(uuid).map_err(|source| unreadable(folder, source))?;
        Ok(entry.map(|entry| entry.timestamp))
    }

    /// An organisation that has events here.
    fn creator(&self, folder: &Path) -> Result<Option<Uuid>> {
        let listed = match &self.listed {
            Some(listed) => listed.first().map_err(|source| unreadable(folder, source))?,
            None => None,
        };
        let first = listed.as_ref().or_else(|| self.entries.values().next());
        Ok(first.map(|entry| entry.creator.uuid))
    }

    pub(super) fn set(&mut self, uuid: Uuid, file: &FeedEvent) {
        // Every event that we write has an organisation; one that somebody put there without is not listed.
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

    /// Writes it, durable when this returns.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        listed::write(folder, self.listed.as_ref(), &self.entries).map_err(|source| unreadable(folder, source))?;
        write::sync(folder)?;
        listed::seal(folder).map_err(|source| unreadable(folder, source))
    }
}

/// What is sealed and cannot be read all the same is no longer trusted: the next delivery reads it whole, and mends it.
fn unreadable(folder: &Path, source: io::Error) -> FeedError {
    listed::unseal(folder);
    FeedError::Io {
        path: folder.join("manifest.json"),
        source,
    }
}

/// The organisation of this feed: its uuid as given, else kept in a file beside it, taken from the manifest if that is
/// lost, made otherwise.
pub(super) fn organisation(
    folder: &Path,
    name: &str,
    given: Option<Uuid>,
    manifest: &Manifest,
) -> Result<Organisation> {
    let path = folder.join(".organisation.json");
    let kept: Option<Organisation> = match fs::read(&path) {
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
        None => manifest.creator(folder)?,
    };
    let organisation = Organisation {
        name: name.to_owned(),
        uuid: uuid.unwrap_or_else(Uuid::new_v4),
    };
    write::json(&path, &organisation)?;
    Ok(organisation)
}
