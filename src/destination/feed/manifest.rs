//! `manifest.json`, by which MISP learns which events a feed has and which of them are newer, and the organisation that
//! they belong to.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event_file::{self, FeedEvent};
use super::{FeedError, Result, write};
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

#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Manifest(BTreeMap<Uuid, Entry>);

impl Manifest {
    /// Reads it, or makes it again from the event files when it is gone or broken, with a note on that.
    pub(super) fn open(folder: &Path) -> Result<(Self, Vec<String>)> {
        let path = folder.join("manifest.json");
        let mut notes = Vec::new();
        match fs::read(&path) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(manifest) => return Ok((manifest, notes)),
                Err(error) => notes.push(write::move_aside(&path, &error.to_string())?),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(FeedError::Io { path, source }),
        }
        let mut manifest = Self::default();
        for uuid in event_file::list(folder)? {
            if let Some(Ok(read)) = event_file::read(&event_file::path(folder, uuid))? {
                manifest.set(uuid, &read);
            }
        }
        if !manifest.0.is_empty() {
            notes.push(format!(
                "the feed's manifest was made again from {} event files",
                manifest.0.len()
            ));
        }
        Ok((manifest, notes))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn uuids(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.0.keys().copied()
    }

    /// Timestamp of an event, 0 when it is not listed.
    pub(super) fn timestamp(&self, uuid: Uuid) -> i64 {
        self.0.get(&uuid).map_or(0, |entry| entry.timestamp)
    }

    pub(super) fn has(&self, uuid: Uuid, timestamp: i64) -> bool {
        self.0.get(&uuid).is_some_and(|entry| entry.timestamp == timestamp)
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
        self.0.insert(uuid, entry);
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        write::json(&folder.join("manifest.json"), self)
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
    let uuid = given
        .or_else(|| kept.map(|kept| kept.uuid))
        .or_else(|| manifest.0.values().next().map(|entry| entry.creator.uuid));
    let organisation = Organisation {
        name: name.to_owned(),
        uuid: uuid.unwrap_or_else(Uuid::new_v4),
    };
    write::json(&path, &organisation)?;
    Ok(organisation)
}
