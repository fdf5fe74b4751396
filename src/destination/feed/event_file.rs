//! One event of the feed, `UUID.json`: the event as it is sent, and what a feed adds to it.

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FeedError, Result, place};
use crate::misp::event::Event;

/// The organisation that a feed's events name. Its uuid must never change, or MISP would make a second organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub name: String,
    pub uuid: Uuid,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EventFile<'a> {
    #[serde(rename = "Event")]
    pub(super) event: FeedEvent<'a>,
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct FeedEvent<'a> {
    #[serde(flatten)]
    pub(super) event: Cow<'a, Event>,
    /// Always true in our files: MISP publishes what it pulls only then.
    #[serde(default)]
    pub(super) published: bool,
    #[serde(default)]
    pub(super) publish_timestamp: String,
    #[serde(rename = "Orgc", default)]
    pub(super) creator: Option<Organisation>,
}

impl FeedEvent<'_> {
    pub(super) fn timestamp(&self) -> i64 {
        number(self.event.timestamp.as_deref())
    }

    /// Prepares it for writing. Sets the organisation only if it has none, because a MISP that pulls the event must
    /// always see the same one.
    pub(super) fn publish(&mut self, timestamp: i64, organisation: &Organisation) {
        if self.timestamp() != timestamp {
            self.event.to_mut().timestamp = Some(timestamp.to_string());
        }
        self.publish_timestamp = timestamp.to_string();
        self.published = true;
        self.creator.get_or_insert_with(|| organisation.clone());
    }
}

pub(super) fn number(text: Option<&str>) -> i64 {
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// MISP asks for the uuid in lower case, as the manifest spells it.
pub(super) fn path(folder: &Path, uuid: Uuid) -> PathBuf {
    folder.join(format!("{}.json", uuid.hyphenated()))
}

/// `None` if there is no such file. The inner error says why the file is not an event.
pub(super) fn read(path: &Path) -> Result<Option<std::result::Result<FeedEvent<'static>, String>>> {
    let file = match place::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(FeedError::Io {
                path: path.to_owned(),
                source,
            });
        }
    };
    match serde_json::from_reader::<_, EventFile>(BufReader::with_capacity(64 << 10, file)) {
        Ok(read) => Ok(Some(Ok(read.event))),
        Err(error) if error.is_io() => Err(FeedError::Io {
            path: path.to_owned(),
            source: error.into(),
        }),
        Err(error) => Ok(Some(Err(error.to_string()))),
    }
}

/// The uuids of all event files, sorted.
pub(super) fn list(folder: &Path) -> Result<Vec<Uuid>> {
    let failed = |source| FeedError::Io {
        path: folder.to_owned(),
        source,
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(failed(source)),
    };
    let mut uuids = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        let uuid = name
            .to_str()
            .and_then(|name| name.strip_suffix(".json"))
            .and_then(|stem| Uuid::parse_str(stem).ok());
        // Skip files that spell the uuid in another way: `path` would not find them.
        uuids.extend(uuid.filter(|uuid| name == *format!("{}.json", uuid.hyphenated())));
    }
    uuids.sort_unstable();
    Ok(uuids)
}
