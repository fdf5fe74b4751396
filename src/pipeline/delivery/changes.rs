//! Tells when the configuration, or a file that it names, has changed, so that what was put off is tried at once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::config::{Config, KeySource};
use crate::domain::Sha256;
use crate::outbox::{Outbox, OutboxError};

/// A file with its length and the time of its last change, if it is there.
type Seen = (PathBuf, Option<(u64, Option<SystemTime>)>);

/// What the last look of this process saw, for each state database.
static LAST: Mutex<Option<HashMap<PathBuf, Vec<Seen>>>> = Mutex::new(None);

/// How long the database remembers what a process saw last. Longer than any row is put off.
const KEPT: Duration = Duration::from_hours(100 * 24);

/// What a look found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The process has just started, perhaps with another environment.
    Start,
    /// The configuration, or a file that it names, is another one.
    Files,
}

/// The first look of a process compares with what the last process saw that used the same configuration.
pub(super) fn since_last_look(config: &Config, outbox: &Outbox) -> Result<Option<Change>, OutboxError> {
    let now = look(config);
    let before = {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        last.get_or_insert_default()
            .insert(outbox.path().to_owned(), now.clone())
    };
    if before.as_ref() == Some(&now) {
        return Ok(None);
    }
    let file = config.file().map(|file| file.display().to_string());
    let key = format!("configuration {}", file.unwrap_or_default());
    let seen = Sha256::of(format!("{now:?}").as_bytes()).0;
    if before.is_none() && outbox.cache_get(&key)?.is_some_and(|kept| kept == seen) {
        return Ok(Some(Change::Start));
    }
    outbox.cache_put(&key, &seen, KEPT)?;
    Ok(Some(Change::Files))
}

fn look(config: &Config) -> Vec<Seen> {
    let mut files: Vec<PathBuf> = config.file().map(Path::to_owned).into_iter().collect();
    for profile in std::iter::once(None).chain(config.profiles().map(Some)) {
        let Ok(settings) = config.settings(profile) else {
            continue;
        };
        let misp = &settings.misp;
        let named = [&misp.ca_file, &misp.client_cert, &misp.client_key];
        files.extend(named.into_iter().flatten().cloned());
        if let Some(KeySource::File(path)) = misp.key_source() {
            files.push(path);
        }
    }
    files.sort_unstable();
    files.dedup();
    files.into_iter().map(seen).collect()
}

fn seen(path: PathBuf) -> Seen {
    let facts = path.metadata().ok();
    let facts = facts.map(|facts| (facts.len(), facts.modified().ok()));
    (path, facts)
}
