//! A folder in MISP's feed format, which any MISP can pull: `UUID.json` for each event, `manifest.json`, `hashes.csv`.
//!
//! Files appear whole or not at all, event files before the manifest, and only one process writes at a time. A broken
//! file is renamed, and the program makes it again from the event files.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use super::{DeliveryError, Destination};
use crate::domain::{Note, Problem, Receipt, Said, Status};
use crate::faults;
use crate::misp::event::{Draft, Event};

/// What fuzzing reaches.
#[cfg(fuzzing)]
pub mod fuzzed {
    use std::collections::BTreeMap;

    use super::lines::Entry;

    /// The bytes as a manifest.
    pub fn manifest(bytes: &[u8]) {
        let _ = serde_json::from_slice::<BTreeMap<uuid::Uuid, Entry>>(bytes);
    }
}

#[cfg(test)]
#[path = "../../tests/it/feed_check.rs"]
mod check;
mod event_file;
mod hashes;
mod lines;
#[cfg(test)]
mod lines_tests;
mod manifest;
mod merge;
mod place;
#[cfg(test)]
mod tests;
mod write;

pub use event_file::Organisation;

use event_file::{EventFile, FeedEvent};
use manifest::Manifest;
use merge::Change;

#[derive(Clone, Debug)]
pub struct Feed {
    folder: PathBuf,
    name: String,
    uuid: Option<Uuid>,
    now: fn() -> i64,
    /// How long to wait for other processes that write to the feed.
    patience: Duration,
}

/// How long a process waits for others. Each of them has the lock while it writes one batch.
const PATIENCE: Duration = Duration::from_mins(1);

/// Two feeds are equal if folder and organisation are equal; the clock does not count.
impl PartialEq for Feed {
    fn eq(&self, other: &Self) -> bool {
        (&self.folder, &self.name, self.uuid) == (&other.folder, &other.name, other.uuid)
    }
}

impl Eq for Feed {}

/// Why the feed did not take an event.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.problem())]
pub enum FeedError {
    /// A file cannot be read or written.
    Io { path: PathBuf, source: io::Error },
    /// `--event` names an event that the feed does not have.
    Target(Problem),
}

impl FeedError {
    /// Whether somebody has to give a right or make room.
    pub fn can_be_mended(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let Self::Io { source, .. } = self else { return false };
        matches!(
            source.kind(),
            PermissionDenied | ReadOnlyFilesystem | StorageFull | QuotaExceeded
        )
    }

    pub fn problem(&self) -> Problem {
        match self {
            Self::Io { path, source } => Problem::FeedUnusable {
                file: path.display().to_string(),
                error: source.to_string(),
            },
            Self::Target(problem) => problem.clone(),
        }
    }
}

type Result<T> = std::result::Result<T, FeedError>;

/// The feed while only this process may write to it. The manifest owns the lock file.
struct Held<'a> {
    feed: &'a Feed,
    organisation: Organisation,
    manifest: Manifest,
    /// New lines for `hashes.csv`.
    hashes: String,
    changed: bool,
    /// Repairs, to mention in the next receipt.
    notes: Vec<Note>,
}

impl Feed {
    /// The first delivery makes `folder`. Events name the `organisation`; its uuid is made once and kept in the folder.
    pub fn new(folder: &Path, organisation: &str) -> Self {
        let name = if organisation.trim().is_empty() {
            "MISPigeon"
        } else {
            organisation.trim()
        };
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            uuid: None,
            now: || jiff::Timestamp::now().as_second(),
            patience: PATIENCE,
        }
    }

    /// Sets the organisation's uuid to the one on the MISP that reads the feed.
    #[must_use]
    pub fn with_organisation_uuid(mut self, uuid: Option<Uuid>) -> Self {
        self.uuid = uuid;
        self
    }

    /// Replaces the system's clock. `now` returns seconds since 1970.
    #[must_use]
    pub fn with_clock(mut self, now: fn() -> i64) -> Self {
        self.now = now;
        self
    }

    /// Sets how long to wait for other processes.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Delivers many drafts and writes the manifest once, at the end. The inner results are in the order of the drafts.
    /// After an outer error none of the drafts counts as delivered.
    pub fn deliver_many<'a>(
        &self,
        drafts: impl IntoIterator<Item = &'a Draft>,
    ) -> std::result::Result<Vec<std::result::Result<Receipt, DeliveryError>>, DeliveryError> {
        let mut held = self.hold()?;
        let receipts = drafts
            .into_iter()
            .map(|draft| held.deliver(draft).map_err(DeliveryError::from))
            .collect();
        held.finish()?;
        Ok(receipts)
    }

    /// Why nothing is written into `folder`, if that is so.
    pub fn refusal(folder: &Path) -> Option<String> {
        place::refusal(folder)
    }

    fn hold(&self) -> Result<Held<'_>> {
        place::make(&self.folder)?;
        let path = self.folder.join(".lock");
        let lock = faults::point("feed.lock")
            .and_then(|()| place::lock(&path, self.patience))
            .map_err(|source| FeedError::Io { path, source })?;
        faults::passed("feed.locked");
        let (mut manifest, mut notes) = Manifest::open(&self.folder, lock)?;
        let organisation = manifest::organisation(&self.folder, &self.name, self.uuid, &mut manifest)?;
        let mut hashes = String::new();
        if let Some(note) = hashes::repair(&self.folder, &manifest, !notes.is_empty(), &mut hashes)? {
            notes.push(note);
        }
        let changed = !notes.is_empty();
        Ok(Held {
            feed: self,
            organisation,
            manifest,
            hashes,
            changed,
            notes,
        })
    }
}

impl Destination for Feed {
    fn deliver(&self, draft: &Draft) -> std::result::Result<Receipt, DeliveryError> {
        let mut held = self.hold()?;
        let receipt = held.deliver(draft)?;
        held.finish()?;
        Ok(receipt)
    }
}

impl Held<'_> {
    fn deliver(&mut self, draft: &Draft) -> Result<Receipt> {
        let uuid = draft.add_to.as_deref().map_or(Ok(draft.event.uuid), target)?;
        let path = event_file::path(&self.feed.folder, uuid);
        let mut notes = std::mem::take(&mut self.notes);
        let old = match event_file::read(&path)? {
            Some(Ok(old)) => Some(old),
            Some(Err(reason)) => {
                notes.push(write::move_aside(&path, &reason)?);
                None
            }
            None => None,
        };
        if old.is_none() && draft.add_to.is_some() {
            return Err(FeedError::Target(Problem::FeedHasNoEvent {
                folder: self.feed.folder.display().to_string(),
                event: uuid.to_string(),
            }));
        }
        let existed = old.is_some();
        let listed = self.manifest.timestamp(uuid)?;
        let last = old.as_ref().map_or(0, FeedEvent::timestamp).max(listed.unwrap_or(0));
        let timestamp = self.timestamp(last, &draft.event);
        let Change {
            mut event,
            added,
            changed,
        } = merge::merge(old, draft, timestamp);
        // After a crash between the two files, the manifest is behind the event file.
        let behind = listed != Some(event.timestamp());
        if changed {
            event.publish(timestamp, &self.organisation);
            let file = EventFile { event };
            write::json(&path, &file)?;
            event = file.event;
        }
        if changed || behind {
            hashes::add(&mut self.hashes, uuid, &event, if behind { None } else { Some(&added) });
            self.manifest.set(uuid, &event);
            self.changed = true;
        }
        let status = match (existed, changed) {
            (false, _) => Status::Created,
            (true, true) => Status::Updated,
            (true, false) => Status::Unchanged,
        };
        Ok(receipt(draft, uuid, status, &path, &event, notes))
    }

    /// MISP pulls an event again only if its timestamp has grown, in the manifest and in the file. A new event keeps
    /// the timestamp of its draft.
    fn timestamp(&self, last: i64, event: &Event) -> i64 {
        let now = (self.feed.now)();
        if last > 0 {
            return now.max(last.saturating_add(1));
        }
        match event_file::number(event.timestamp.as_deref()) {
            0 => now,
            stamped => stamped,
        }
    }

    fn finish(self) -> Result<()> {
        if !self.changed {
            return Ok(());
        }
        let folder = &self.feed.folder;
        // After a crash the manifest must not name an event file that does not exist.
        write::sync(folder)?;
        hashes::append(folder, &self.hashes)?;
        self.manifest.write()
    }
}

fn target(text: &str) -> Result<Uuid> {
    let event = text.trim();
    Uuid::parse_str(event).map_err(|_| {
        FeedError::Target(Problem::FeedEventNoUuid {
            event: event.to_owned(),
        })
    })
}

fn receipt(draft: &Draft, uuid: Uuid, status: Status, path: &Path, event: &FeedEvent, notes: Vec<Note>) -> Receipt {
    Receipt {
        status,
        uuid: Some(uuid),
        event_id: None,
        url: Some(path.display().to_string()),
        attributes: event.event.attributes.len()
            + event.event.objects.iter().map(|o| o.attributes.len()).sum::<usize>(),
        objects: event.event.objects.len(),
        added: None,
        mode: draft.mode.clone(),
        authentication: draft.authentication.clone(),
        skipped: draft.skipped.clone(),
        notes: draft
            .notes
            .iter()
            .cloned()
            .chain(notes.into_iter().map(Said::from))
            .collect(),
        error: None,
    }
}
